"""Documents made of Markdown, dressed as the rest: what Qt makes of a table is a grid of heavy boxes."""

from __future__ import annotations

from PySide6.QtGui import QBrush, QTextCharFormat, QTextCursor, QTextDocument, QTextFrameFormat, QTextTable

from ui.theme.style import theme


def dress_tables(document: QTextDocument) -> None:
    """Hairlines, air in the cells, and heads as in every other table."""
    for frame in document.rootFrame().childFrames():
        if not isinstance(frame, QTextTable):
            continue
        form = frame.format()
        form.setBorder(1)
        form.setBorderCollapse(True)
        form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        form.setBorderBrush(QBrush(theme.colour("border")))
        form.setCellSpacing(0)
        form.setCellPadding(theme.px(4))
        frame.setFormat(form)
        heads = QTextCharFormat()
        heads.setFont(theme.font("small"))
        heads.setForeground(theme.colour("muted"))
        for column in range(frame.columns()):
            cell = frame.cellAt(0, column)
            cursor = cell.firstCursorPosition()
            cursor.setPosition(cell.lastCursorPosition().position(), QTextCursor.MoveMode.KeepAnchor)
            cursor.mergeCharFormat(heads)

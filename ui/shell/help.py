"""The help panel: the page of the screen that is open, and the shortcuts that hold everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QTextBrowser, QVBoxLayout, QWidget

from app.core.i18n import N_, language
from ui.shell.words import Words
from ui.theme.style import on_theme_change, theme
from ui.widgets.buttons import IconButton
from ui.widgets.cards import Hairline
from ui.widgets.labels import section
from ui.widgets.rich_text import dress_tables

FOLDER: Final = Path(__file__).resolve().parents[2] / "resources" / "help"
WIDTH: Final = 330


def page_path(screen: str, code: str) -> Path:
    """Where the help page of a screen lies in a language."""
    return FOLDER / code / f"{screen}.md"


class HelpPanel(QFrame):
    """At the right of the screen; Escape or F1 closes it and gives the keyboard back."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.words = Words()
        self._screen = ""
        self._head = section("")
        self._close = IconButton("x", "", size="compact")
        self._close.clicked.connect(self.closed)
        self._text = QTextBrowser()
        self._text.setOpenLinks(False)
        self._text.setFrameShape(QFrame.Shape.NoFrame)
        self._text.viewport().setAutoFillBackground(False)
        head = QHBoxLayout()
        head.setContentsMargins(16, 10, 8, 6)
        head.addWidget(self._head, 1)
        head.addWidget(self._close)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(Hairline())
        column.addWidget(self._text, 1)
        edge = QFrame()
        edge.setProperty("kind", "hairline_v")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(edge)
        row.addLayout(column, 1)
        self.words.put(self._head.setText, N_("Help"))
        self.words.put(self._close.set_name, N_("Close the help"))
        self.words.put(self._text.setAccessibleName, N_("Help page"))
        on_theme_change(self._restyle)

    def show_page(self, screen: str) -> None:
        """Show the page of a screen in the language in force."""
        self._screen = screen
        path = page_path(screen, language())
        page = path.read_text(encoding="utf-8") if path.exists() else ""
        keys = (FOLDER / language() / "keys.md").read_text(encoding="utf-8")
        document = self._text.document()
        document.setDefaultFont(theme.font("body"))
        document.setMarkdown(f"{page}\n\n{keys}")
        self._text.setFont(theme.font("body"))
        self._space(document)
        dress_tables(document)

    @staticmethod
    def _space(document: QTextDocument) -> None:
        """Give headings the steps of the type scale, and paragraphs some air: Markdown brings neither."""
        document.setIndentWidth(theme.px(14))
        cursor, block = QTextCursor(document), document.begin()
        while block.isValid():
            form, level = block.blockFormat(), block.blockFormat().headingLevel()
            form.setTopMargin(theme.px(12) if level > 1 else 0)
            form.setBottomMargin(theme.px(3) if block.textList() else theme.px(7))
            cursor.setPosition(block.position())
            cursor.setBlockFormat(form)
            if level:
                cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
                letters = QTextCharFormat()
                letters.setFont(theme.font("title" if level == 1 else "name"))
                cursor.setCharFormat(letters)
            block = block.next()

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        self.words.again()
        if self._screen:
            self.show_page(self._screen)

    def take_focus(self) -> None:
        """Let the arrows scroll the page."""
        self._text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _restyle(self) -> None:
        palette = self._text.palette()
        palette.setColor(QPalette.ColorRole.Link, theme.colour("accent"))
        self._text.setPalette(palette)
        self._text.document().setDocumentMargin(16)
        if self._screen:
            self.show_page(self._screen)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """A column of about fifty characters."""
        return QSize(round(WIDTH * min(theme.text_scale, 1.5)), 400)

    def minimumSizeHint(self) -> QSize:
        """The same width."""
        return QSize(self.sizeHint().width(), 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

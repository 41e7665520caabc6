"""Text over an image: light letters with a dark edge, readable on any grey."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QTextOption

from viewer.widgets import colours

MARGIN = 8.0
_AROUND = [(dx, dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1) if dx or dy]


def draw_lines(
    painter: QPainter, area: QRectF, lines: Sequence[str], corner: Qt.AlignmentFlag, colour: str = colours.TEXT
) -> None:
    """Draw lines into a corner of `area`, each elided to its width."""
    metrics = QFontMetricsF(painter.font())
    bottom = bool(corner & Qt.AlignmentFlag.AlignBottom)
    first = area.bottom() - metrics.lineSpacing() * len(lines) if bottom else area.top()
    for index, line in enumerate(lines):
        text = metrics.elidedText(line, Qt.TextElideMode.ElideRight, area.width())
        across = 0.0
        if corner & Qt.AlignmentFlag.AlignRight:
            across = area.width() - metrics.horizontalAdvance(text)
        elif corner & Qt.AlignmentFlag.AlignHCenter:
            across = (area.width() - metrics.horizontalAdvance(text)) / 2
        draw_text(painter, QPointF(area.left() + across, first + index * metrics.lineSpacing()), text, colour)


def draw_text(painter: QPainter, top_left: QPointF, text: str, colour: str = colours.TEXT) -> None:
    """Draw one line with a dark edge of one pixel."""
    base = QPointF(round(top_left.x()), round(top_left.y() + QFontMetricsF(painter.font()).ascent()))
    painter.setPen(QColor(colours.HALO))
    for dx, dy in _AROUND:
        painter.drawText(base + QPointF(dx, dy), text)
    painter.setPen(QColor(colour))
    painter.drawText(base, text)


def draw_sentence(painter: QPainter, area: QRectF, text: str, colour: str) -> None:
    """Draw a message in the middle of an empty field, broken into lines."""
    option = QTextOption(Qt.AlignmentFlag.AlignCenter)
    option.setWrapMode(QTextOption.WrapMode.WordWrap)
    painter.setPen(QColor(colour))
    painter.drawText(area, text, option)

"""A box with a hairline, tinted by a severity when somebody must act."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from ui.theme import paint
from ui.theme.style import on_theme_change, theme
from ui.theme.tokens.metrics import RADII


class Tinted(QFrame):
    """`severity` tints it; without one it is plain."""

    def __init__(self, severity: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._severity = severity
        on_theme_change(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground and edge."""
        painter = QPainter(self)
        paint.ready(painter)
        ground, edge = theme.colour("surface"), theme.colour("border")
        if self._severity:
            colours = theme.severity(self._severity)
            ground, edge = QColor(colours.soft), QColor(colours.fg)
        paint.rounded(painter, QRectF(self.rect()), RADII.block, ground, edge, width=theme.tokens.line)
        painter.end()

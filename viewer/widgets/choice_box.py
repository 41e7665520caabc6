"""A list to choose from, with an arrow in the colour of the text: style sheets cannot colour a shape."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QComboBox, QWidget

from viewer.widgets.look import Look


class ChoiceBox(QComboBox):
    """Its style is `form_style.form_sheet`."""

    def __init__(self, look: Look, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setAccessibleName(name)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._look.text if self.isEnabled() else self._look.control), 1.6))
        arm = self._look.px(4)
        tip = QPointF(self.width() - self._look.px(14), self.height() / 2 + arm / 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline([tip - QPointF(arm, arm), tip, tip - QPointF(-arm, arm)])
        painter.end()

"""The colours of distances with their millimetres."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from viewer.mesh.colouring import Scale
from viewer.widgets.look import Look
from viewer.widgets.texts import TileTexts

BAR_PX, ASIDE_PX = 12, 14


class Legend(QWidget):
    """A bar of the colours, the stops in millimetres under it."""

    def __init__(self, scale: Scale, texts: TileTexts, look: Look) -> None:
        super().__init__()
        self._scale, self._look = scale, look
        stops = ", ".join(self.locale().toString(stop, "f", 1) for stop, _rgb in scale.stops)
        self.setAccessibleName(f"{texts.say(scale.title)}: {stops} mm")
        self.setMinimumHeight(look.px(40))

    def sizeHint(self) -> QSize:
        return QSize(200, self._look.px(40))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The bar and its numbers, each stop as far from the next as the others: near ones matter most."""
        painter = QPainter(self)
        font = painter.font()
        font.setPixelSize(self._look.px(11))
        painter.setFont(font)
        stops = self._scale.stops
        wide = self.width() - 2 * ASIDE_PX
        gradient = QLinearGradient(QPointF(ASIDE_PX, 0), QPointF(ASIDE_PX + wide, 0))
        for number, (_mm, rgb) in enumerate(stops):
            gradient.setColorAt(number / (len(stops) - 1), QColor(*rgb))
        painter.fillRect(QRectF(ASIDE_PX, 4, wide, BAR_PX), gradient)
        painter.setPen(QColor(self._look.text))
        for number, (mm, _rgb) in enumerate(stops):
            x = ASIDE_PX + wide * number / (len(stops) - 1)
            words = self.locale().toString(float(mm), "f", 1)
            area = QRectF(x - 30, BAR_PX + 6, 60, self._look.px(18))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, words)

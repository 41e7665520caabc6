"""The picture beside a landmark's definition: a schematic profile, the landmark on it, large enough to see where."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from viewer.model.cephalometry import LANDMARKS
from viewer.model.cephalometry.functions import Point
from viewer.model.cephalometry.landmarks import Tissue
from viewer.model.cephalometry.outlines import Cubic, curve, drawn
from viewer.model.cephalometry.template import PLACES, VAULT
from viewer.widgets import colours
from viewer.widgets.look import Look

SPAN_MM = 92.0
"""How much of the face the picture shows: the landmark and what one finds it by."""
TOOTH_SPAN_MM = 58.0
WHOLE = QRectF(-56.0, -104.0, 190.0, 216.0)
HEIGHT, TALLEST = 168, 210
Place = Callable[[Point], QPointF]


class FaceDiagram(QWidget):
    """Left the whole profile, right the surroundings of the landmark."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._landmark = look, ""
        self.setFixedHeight(min(look.px(HEIGHT), TALLEST))

    def show_landmark(self, landmark_id: str, description: str) -> None:
        """Another landmark; its name and definition for a screen reader."""
        self._landmark = landmark_id
        self.setAccessibleName(description)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(self._look.canvas))
        if self._landmark in PLACES:
            third = self.width() * 0.36
            self._paint(painter, QRectF(0, 0, third, self.height()), WHOLE)
            x, y = PLACES[self._landmark]
            span = TOOTH_SPAN_MM if LANDMARKS[self._landmark].tissue is Tissue.TOOTH else SPAN_MM
            wide = (self.width() - third) * span / self.height()
            around = QRectF(x - wide / 2, y - span / 2, wide, span)
            self._paint(painter, QRectF(third, 0, self.width() - third, self.height()), around, near=True)
            painter.setPen(QPen(QColor(self._look.border), 1))
            painter.drawLine(QPointF(third, 6), QPointF(third, self.height() - 6))
        painter.end()

    def _paint(self, painter: QPainter, area: QRectF, part: QRectF, near: bool = False) -> None:
        scale = min(area.width() / part.width(), area.height() / part.height())

        def place(point: Point) -> QPointF:
            middle = part.center()
            return area.center() + QPointF((point[0] - middle.x()) * scale, (point[1] - middle.y()) * scale)

        painter.save()
        painter.setClipRect(area)
        shades = {Tissue.BONE: self._look.muted, Tissue.TOOTH: self._look.text, Tissue.SKIN: self._look.control}
        for outline, pieces in drawn(PLACES):
            _curve(painter, pieces, place, shades[outline.tissue], 1.6 if near else 1.0)
        _curve(painter, curve(VAULT), place, self._look.control, 1.6 if near else 1.0)
        if near:
            self._neighbours(painter, place, part)
        at = place(PLACES[self._landmark])
        painter.setPen(QPen(QColor(colours.HALO), 1.5))
        painter.setBrush(QColor(colours.MEASUREMENT))
        painter.drawEllipse(at, 6.0 if near else 4.0, 6.0 if near else 4.0)
        painter.restore()

    def _neighbours(self, painter: QPainter, place: Place, part: QRectF) -> None:
        """Small dots with their signs: what one finds the landmark by."""
        font = painter.font()
        font.setPixelSize(self._look.px(11))
        painter.setFont(font)
        tissue = LANDMARKS[self._landmark].tissue
        written = [PLACES[self._landmark]]
        for name, point in PLACES.items():
            near = min(abs(point[0] - x) + abs(point[1] - y) for x, y in written)
            if not part.contains(*point) or near < part.height() / 9 or LANDMARKS[name].tissue is not tissue:
                continue
            written.append(point)
            painter.setPen(QColor(self._look.muted))
            painter.setBrush(QColor(self._look.muted))
            painter.drawEllipse(place(point), 1.8, 1.8)
            painter.drawText(place(point) + QPointF(5, -3), LANDMARKS[name].symbol)


def _curve(painter: QPainter, pieces: tuple[Cubic, ...], place: Place, colour: str, width: float) -> None:
    if not pieces:
        return
    path = QPainterPath(place(pieces[0][0]))
    for _start, first, second, end in pieces:
        path.cubicTo(place(first), place(second), place(end))
    painter.setPen(QPen(QColor(colour), width))
    painter.setBrush(QColor(0, 0, 0, 0))
    painter.drawPath(path)

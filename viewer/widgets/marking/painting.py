"""How marks are painted: strokes with a dark edge, handles, and labels that keep out of each other's way."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from viewer.model.mark_editing import segments
from viewer.model.marks import Kind, Mark
from viewer.widgets import colours
from viewer.widgets.lettering import draw_text
from viewer.widgets.tile_board import TileBoard

HANDLE, STROKE = 4.0, 2.0
ARROW_HEAD = 12.0
LABEL_GAP = 8.0
PLACES = ((1, -1), (1, 1), (-1, -1), (-1, 1), (1, 0), (-1, 0), (0, -1), (0, 1))
"""Where a label may stand about its point, the best place first."""


def stroke(
    painter: QPainter,
    path: QPainterPath,
    colour: str,
    width: float = STROKE,
    style: Qt.PenStyle = Qt.PenStyle.SolidLine,
) -> None:
    """A line with a dark edge of one pixel on each side: yellow alone is unreadable on mid-grey."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for shade, broad in ((colours.HALO, width + 2), (colour, width)):
        pen = QPen(QColor(shade), broad, style if shade != colours.HALO else Qt.PenStyle.SolidLine)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap if style is Qt.PenStyle.SolidLine else Qt.PenCapStyle.FlatCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPath(path)


def mark_path(tile: TileBoard, mark: Mark) -> QPainterPath:
    """The strokes of a mark in logical pixels of the tile; an arrow with its head, a tooth or note with a dot."""
    path = QPainterPath()
    for a, b in segments(mark):
        start, end = tile.to_widget(a), tile.to_widget(b)
        if path.elementCount() == 0 or path.currentPosition() != start:
            path.moveTo(start)
        path.lineTo(end)
    if mark.kind is Kind.ARROW:
        _arrow_head(path, tile.to_widget(mark.points[0]), tile.to_widget(mark.points[1]))
    if mark.kind is Kind.RULER:
        _ends(path, tile.to_widget(mark.points[0]), tile.to_widget(mark.points[1]))
    if len(mark.points) == 1:
        path.addEllipse(tile.to_widget(mark.points[0]), 3, 3)
    return path


def paint_mark(painter: QPainter, tile: TileBoard, mark: Mark, colour: str, chosen: bool) -> None:
    """The mark without its label; the chosen one is broader and shows its handles."""
    stroke(painter, mark_path(tile, mark), colour, STROKE + 1 if chosen else STROKE)
    if chosen and mark.kind is not Kind.FREEHAND:
        for point in mark.points:
            handle(painter, tile.to_widget(point), colour)


def handle(painter: QPainter, at: QPointF, colour: str) -> None:
    """A square that can be dragged."""
    painter.setPen(QPen(QColor(colours.HALO), 1))
    painter.setBrush(QColor(colour))
    painter.drawRect(QRectF(at.x() - HANDLE, at.y() - HANDLE, 2 * HANDLE, 2 * HANDLE))


def crosshair(painter: QPainter, at: QPointF, colour: str) -> None:
    """Where the keys put the next point: four strokes that leave the place itself free."""
    path = QPainterPath()
    for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        path.moveTo(at + QPointF(dx * 4, dy * 4))
        path.lineTo(at + QPointF(dx * 14, dy * 14))
    stroke(painter, path, colour, 1.5)


class Labels:
    """Places words beside points so that none covers another, a point of the tracing, or leaves the tile.

    Nothing is ever written on a `barred` area, as long as the tile has room elsewhere: words over the patient banner
    would leave neither to be read.
    """

    def __init__(
        self, painter: QPainter, room: QRectF, keep_clear: Iterable[QRectF] = (), barred: Iterable[QRectF] = ()
    ) -> None:
        self._painter, self._room, self._barred = painter, room, list(barred)
        self._metrics = QFontMetricsF(painter.font())
        self.taken: list[QRectF] = list(keep_clear)

    def put(self, text: str, anchor: QPointF, colour: str) -> QRectF:
        """Write the text at the first free place about `anchor`, else where it covers least."""
        wide, high = self._metrics.horizontalAdvance(text) + 2, self._metrics.height()
        places = [self._kept(_beside(anchor, wide, high, place)) for place in PLACES]
        if any(map(self._on_barred, places)) or not self._room.contains(anchor):
            places += [self._moved_off(QRectF(area)) for area in places]
        best = min(places, key=lambda area: (self._on_barred(area), self._covered(area), places.index(area)))
        draw_text(self._painter, best.topLeft() + QPointF(1, 0), text, colour)
        self.taken.append(best)
        return best

    def _covered(self, area: QRectF) -> float:
        shared = (area.intersected(other) for other in self.taken if area.intersects(other))
        return sum(part.width() * part.height() for part in shared)

    def _on_barred(self, area: QRectF) -> bool:
        return any(area.intersects(other) for other in self._barred)

    def _moved_off(self, area: QRectF) -> QRectF:
        """The area moved towards the middle of the tile, off what is barred and what is taken."""
        down = area.center().y() < self._room.center().y()
        for other in sorted([*self._barred, *self.taken], key=QRectF.top if down else QRectF.bottom, reverse=not down):
            if area.intersects(other):
                area.moveTop(other.bottom()) if down else area.moveBottom(other.top())
        return self._kept(area)

    def _kept(self, area: QRectF) -> QRectF:
        left = min(max(area.left(), self._room.left()), max(self._room.left(), self._room.right() - area.width()))
        top = min(max(area.top(), self._room.top()), max(self._room.top(), self._room.bottom() - area.height()))
        return QRectF(left, top, area.width(), area.height())


def label_anchor(tile: TileBoard, mark: Mark) -> QPointF:
    """The point of a mark beside which its words stand: the vertex of an angle, else the lowest point."""
    places = [tile.to_widget(point) for point in mark.points]
    if mark.kind is Kind.ANGLE:
        return places[1]
    return max(places, key=lambda place: (place.y(), place.x()))


def graph(painter: QPainter, area: QRectF, values: Sequence[float], colour: str, frame: str) -> None:
    """A small line graph of values, from their least to their greatest."""
    painter.setPen(QPen(QColor(frame), 1))
    painter.drawLine(QLineF(area.bottomLeft(), area.bottomRight()))
    painter.drawLine(QLineF(area.topLeft(), area.bottomLeft()))
    if len(values) < 2:
        return
    low, high = min(values), max(values)
    path = QPainterPath()
    for place, value in enumerate(values):
        x = area.left() + area.width() * place / (len(values) - 1)
        y = area.bottom() - area.height() * ((value - low) / ((high - low) or 1.0))
        path.lineTo(x, y) if place else path.moveTo(x, y)
    painter.setPen(QPen(QColor(colour), 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)


def _beside(anchor: QPointF, wide: float, high: float, place: tuple[int, int]) -> QRectF:
    across, down = place
    x = anchor.x() + across * LABEL_GAP - (wide if across < 0 else wide / 2 if not across else 0)
    y = anchor.y() + down * LABEL_GAP - (high if down < 0 else high / 2 if not down else 0)
    return QRectF(x, y, wide, high)


def _arrow_head(path: QPainterPath, start: QPointF, end: QPointF) -> None:
    back = math.atan2(start.y() - end.y(), start.x() - end.x())
    for turn in (-math.pi / 7, math.pi / 7):
        path.moveTo(end)
        path.lineTo(end + QPointF(ARROW_HEAD * math.cos(back + turn), ARROW_HEAD * math.sin(back + turn)))


def _ends(path: QPainterPath, start: QPointF, end: QPointF) -> None:
    along = QLineF(start, end)
    across = along.normalVector().unitVector()
    step = QPointF(6 * across.dx(), 6 * across.dy())
    for at in (start, end):
        path.moveTo(at + step)
        path.lineTo(at - step)

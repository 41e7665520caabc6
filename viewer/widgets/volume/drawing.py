"""What is painted over a picture of a volume: measurements with their figures, canals, directions, a ruler."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QLocale, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from viewer.errors import N_
from viewer.model.volume_plan import Canal, MarkKind, Place, Side, SpatialMark
from viewer.volume.errors import VolumeError
from viewer.volume.measuring import mark_figure
from viewer.widgets import colours
from viewer.widgets.lettering import MARGIN, draw_text
from viewer.widgets.texts import TileTexts

if TYPE_CHECKING:
    from viewer.widgets.volume.cells_view import CellsView

POINT = 4.0
GRAB = 9.0
"""Logical pixels within which a point is taken."""
CANAL_COLOURS = {Side.RIGHT: "#FF9DB0", Side.LEFT: "#7FC8FF"}
LENGTH, ANGLE, AREA = N_("{value} mm"), N_("{value}°"), N_("{value} mm²")
RULER_MM = (1, 2, 5, 10, 20, 50, 100)
RULER_PX = 90.0


def paint_plan(painter: QPainter, view: CellsView) -> None:
    """Canals and measurements that lie in the picture."""
    for side, canal in view.state.plan.canals.items():
        _paint_canal(painter, view, canal, CANAL_COLOURS[side])
    for number, mark in enumerate(view.state.plan.marks):
        places = [view.to_widget(point) for point in mark.points]
        if all(abs(depth) <= view.reach_mm for _at, depth in places):
            _paint_mark(painter, view, mark, [at for at, _depth in places], number == view.state.chosen_mark)


def pen(colour: str, width: float = 1.5) -> QPen:
    """A line in a colour of the field, with round ends."""
    made = QPen(QColor(colour), width)
    made.setCapStyle(Qt.PenCapStyle.RoundCap)
    return made


def paint_point(painter: QPainter, at: QPointF, colour: str, *, filled: bool = False) -> None:
    """A ring with a dark edge."""
    painter.setBrush(QColor(colour) if filled else Qt.BrushStyle.NoBrush)
    painter.setPen(pen(colours.HALO, 3))
    painter.drawEllipse(at, POINT, POINT)
    painter.setPen(pen(colour, 1.6))
    painter.drawEllipse(at, POINT, POINT)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_line(painter: QPainter, points: list[QPointF], colour: str, width: float = 1.5) -> None:
    """A polyline with a dark edge."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for made in (pen(colours.HALO, width + 2), pen(colour, width)):
        painter.setPen(made)
        painter.drawPolyline(QPolygonF(points))


def _paint_mark(painter: QPainter, view: CellsView, mark: SpatialMark, at: list[QPointF], chosen: bool) -> None:
    if mark.kind is MarkKind.REGION:
        middle, end, side = at
        painter.save()
        painter.translate(middle)
        painter.rotate(math.degrees(math.atan2((end - middle).y(), (end - middle).x())))
        for made in (pen(colours.HALO, 3.5), pen(colours.MEASUREMENT)):
            painter.setPen(made)
            painter.drawEllipse(QPointF(0, 0), QLineF(middle, end).length(), QLineF(middle, side).length())
        painter.restore()
    else:
        paint_line(painter, at, colours.MEASUREMENT)
    for point in at:
        paint_point(painter, point, colours.MEASUREMENT, filled=chosen)
    draw_text(painter, at[-1] + QPointF(8, -6), figure_text(view.texts, view.locale(), mark), colours.MEASUREMENT)


def figure_text(texts: TileTexts, locale: QLocale, mark: SpatialMark) -> str:
    """The figure of a measurement with its unit; '' where it has none."""
    pattern = {MarkKind.LENGTH: LENGTH, MarkKind.ANGLE: ANGLE, MarkKind.REGION: AREA}[mark.kind]
    try:
        value = mark_figure(mark)
    except VolumeError:
        return ""
    return texts.say(pattern, value=locale.toString(value, "f", 1))


def _paint_canal(painter: QPainter, view: CellsView, canal: Canal, colour: str) -> None:
    """The tube where it passes near the picture, its middle line, and its points."""
    places = [view.to_widget(point) for point in canal.points]
    radius = canal.diameter_mm / 2
    for (a, first), (b, second) in pairwise(places):
        within = min(abs(first), abs(second)) <= radius + view.reach_mm or first * second < 0
        made = pen(colour, max(2.0, canal.diameter_mm * view.scale)) if within else pen(colour, 1)
        tint = QColor(colour)
        tint.setAlpha(110 if within else 70)
        made.setColor(tint)
        painter.setPen(made)
        painter.drawLine(a, b)
    for at, depth in places:
        if abs(depth) <= radius + view.reach_mm:
            paint_point(painter, at, colour)


def point_near(view: CellsView, at: QPointF) -> tuple[int, int] | None:
    """(mark, point) of the measurement point under the pointer."""
    for number, mark in enumerate(view.state.plan.marks):
        for index, point in enumerate(mark.points):
            place, depth = view.to_widget(point)
            if abs(depth) <= view.reach_mm and QLineF(place, at).length() <= GRAB:
                return number, index
    return None


def canal_point_near(view: CellsView, at: QPointF) -> tuple[Side, int] | None:
    """(side, point) of the canal point under the pointer."""
    for side, canal in view.state.plan.canals.items():
        for index, point in enumerate(canal.points):
            place, depth = view.to_widget(point)
            if abs(depth) <= canal.diameter_mm / 2 + view.reach_mm and QLineF(place, at).length() <= GRAB:
                return side, index
    return None


def arch_point_near(view: CellsView, at: QPointF) -> int | None:
    """The point of the arch under the pointer."""
    z = view.state.plan.arch_z_mm
    for index, (x, y) in enumerate(view.state.plan.arch):
        place, _depth = view.to_widget((x, y, z))
        if QLineF(place, at).length() <= GRAB:
            return index
    return None


def paint_letters(painter: QPainter, view: CellsView, letters: tuple[str, str, str, str]) -> None:
    """Patient directions at the edges."""
    metrics = QFontMetricsF(painter.font())
    middle = view.height() / 2 - metrics.height() / 2
    left, right, upper, lower = (view.texts.direction(word) for word in letters)
    draw_text(painter, QPointF(MARGIN, middle), left, colours.WARNING)
    draw_text(
        painter, QPointF(view.width() - MARGIN - metrics.horizontalAdvance(right), middle), right, colours.WARNING
    )
    words = [*view.caption(), *view.warnings]
    across = view.width() / 2 + 6
    meets = MARGIN + max(map(metrics.horizontalAdvance, words), default=0) > across
    below = metrics.lineSpacing() * len(words) if meets else 0  # under the caption where the two would meet
    draw_text(painter, QPointF(across, MARGIN + below), upper, colours.WARNING)
    draw_text(painter, QPointF(across, view.height() - MARGIN - metrics.height()), lower, colours.WARNING)


def paint_ruler(painter: QPainter, view: CellsView) -> None:
    """A length that fits, in the lower right corner."""
    length = next((mm for mm in reversed(RULER_MM) if mm * view.scale <= RULER_PX), RULER_MM[0])
    words = view.texts.say(LENGTH, value=str(length))
    metrics = QFontMetricsF(painter.font())
    right, base = view.width() - MARGIN, view.height() - MARGIN
    if length * view.scale + metrics.horizontalAdvance(words) + 3 * MARGIN > view.width() / 2:
        return
    ends = [QPointF(right - length * view.scale, base), QPointF(right, base)]
    for made in (pen(colours.HALO, 4), pen(colours.TEXT, 2)):
        painter.setPen(made)
        painter.drawLine(*ends)
    draw_text(painter, QPointF(right - metrics.horizontalAdvance(words), base - 4 - metrics.height()), words)


def box(at: QPointF, half: float) -> QRectF:
    """A square about a point."""
    return QRectF(at.x() - half, at.y() - half, 2 * half, 2 * half)


def moved(points: tuple[Place, ...], index: int, place: Place) -> tuple[Place, ...]:
    """The points with one of them elsewhere."""
    return tuple(place if number == index else point for number, point in enumerate(points))

"""What a hand does on a picture of a volume, from the press to the end: one small class for each deed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

from viewer.model.volume_plan import MarkKind, Place, Side, VolumePlan
from viewer.widgets import colours
from viewer.widgets.volume import drawing

if TYPE_CHECKING:
    from viewer.widgets.volume.cells_view import CellsView

LOOKING = frozenset({"cross", "window", "pan", "zoom"})
"""Tools that set no points."""
CURSORS = {
    "cross": Qt.CursorShape.CrossCursor, "window": Qt.CursorShape.SizeVerCursor, "pan": Qt.CursorShape.OpenHandCursor,
    "zoom": Qt.CursorShape.SizeVerCursor,
}  # fmt: skip
ZOOM_PX = 150.0
"""A drag of so many pixels doubles or halves the zoom."""
WINDOW_PX = 300.0
"""A drag of so many pixels moves the window by its own width."""
LEAST_MM = 0.05


class Hand:
    """Base: a press that does nothing more."""

    def __init__(self, view: CellsView) -> None:
        self.view, self.state = view, view.state
        self.done = False
        self.last = QPointF()

    def press(self, at: QPointF) -> None:
        """The button goes down here."""
        self.last = at

    def move(self, at: QPointF, *, pressed: bool) -> None:
        """The pointer is here now."""

    def release(self, at: QPointF) -> None:
        """The button comes up."""
        self.done = True

    def paint(self, painter: QPainter) -> None:
        """What is being drawn."""


class PanHand(Hand):
    """Moves the picture."""

    def move(self, at: QPointF, *, pressed: bool) -> None:
        self.view.offset += (at - self.last) / self.view.scale
        self.last = at


class ZoomHand(Hand):
    """Up is larger."""

    def press(self, at: QPointF) -> None:
        self.first = self.last = at

    def move(self, at: QPointF, *, pressed: bool) -> None:
        self.view.zoom_by(2 ** ((self.last.y() - at.y()) / ZOOM_PX), self.first)
        self.last = at


class WindowHand(Hand):
    """Right is wider, up is darker, as in the reading room."""

    def move(self, at: QPointF, *, pressed: bool) -> None:
        by = (at - self.last) * (self.state.window.width / WINDOW_PX)
        self.last = at
        self.state.set_window(self.state.window.moved(by.y(), by.x()))


class CrossHand(Hand):
    """The planes cross under the pointer."""

    def press(self, at: QPointF) -> None:
        self.move(at, pressed=True)

    def move(self, at: QPointF, *, pressed: bool) -> None:
        place = self.view.to_patient(at)
        if place is not None:
            self.state.cross_at(place)


class DrawHand(Hand):
    """Sets the points of a measurement: a length and a region by a drag or two clicks, an angle by three clicks."""

    def __init__(self, view: CellsView, kind: MarkKind) -> None:
        super().__init__(view)
        self.kind = kind
        self.points: list[Place] = []
        self.now: Place | None = None
        self._pressed_at = QPointF()

    def press(self, at: QPointF) -> None:
        place = self.view.to_patient(at)
        if place is None:
            return
        self._pressed_at = at
        self.points.append(place)
        self.now = place
        self._finish()

    def move(self, at: QPointF, *, pressed: bool) -> None:
        self.now = self.view.to_patient(at)

    def release(self, at: QPointF) -> None:
        dragged = (at - self._pressed_at).manhattanLength() > 4
        if dragged and self.now is not None and not self.done:
            self.points.append(self.now)
            self._finish()

    def _finish(self) -> None:
        wanted = 3 if self.kind is MarkKind.ANGLE else 2
        if len(self.points) < wanted:
            return
        self.done = True
        apart = [math.dist(a, b) for a, b in pairwise(self.points)]
        if min(apart) < LEAST_MM:
            return
        points = self.points if self.kind is not MarkKind.REGION else self._ellipse(*self.points)
        if points:
            self.state.add_mark(self.kind, points)

    def _ellipse(self, first: Place, last: Place) -> list[Place]:
        """Middle and ends of the half axes of the ellipse in the rectangle between two corners of the picture."""
        a, _depth = self.view.to_widget(first)
        b, _depth = self.view.to_widget(last)
        middle = (a + b) / 2
        found = [self.view.to_patient(at) for at in (middle, QPointF(b.x(), middle.y()), QPointF(middle.x(), b.y()))]
        places = [place for place in found if place is not None]
        small = len(places) < 3 or min(math.dist(places[0], end) for end in places[1:]) < LEAST_MM
        return [] if small else places

    def paint(self, painter: QPainter) -> None:
        """The points so far, and a line to the pointer."""
        places = [*self.points, *([self.now] if self.now is not None else [])]
        at = [self.view.to_widget(place)[0] for place in places]
        drawing.paint_line(painter, at, colours.MEASUREMENT)
        for point in at:
            drawing.paint_point(painter, point, colours.MEASUREMENT)


class MovePoint(Hand):
    """Moves a point of the plan; `change` gives the plan with the point elsewhere."""

    def __init__(self, view: CellsView, change: Callable[[VolumePlan, Place], VolumePlan]) -> None:
        super().__init__(view)
        self._change, self._begun = change, False

    def move(self, at: QPointF, *, pressed: bool) -> None:
        place = self.view.to_patient(at)
        if place is None:
            return
        if not self._begun:
            self._begun = True
            self.state.begin_move()
        self.state.move_plan(self._change(self.state.plan, place))


class PointAt(Hand):
    """One click at a place, told to whoever asked for it."""

    def press(self, at: QPointF) -> None:
        place = self.view.to_patient(at)
        if place is not None:
            self.view.seeded.emit(place)


class CanalHand(Hand):
    """One more point at the end of the canal."""

    def press(self, at: QPointF) -> None:
        place = self.view.to_patient(at)
        if place is not None:
            self.state.add_canal_point(place)


def hand_of(view: CellsView, at: QPointF) -> Hand | None:
    """What the tool in hand does with a press here; a point that is there already is taken before a new one is set."""
    tool = view.state.tool
    if tool in ("length", "angle", "region"):
        return _mark_point(view, at) or DrawHand(view, MarkKind(tool))
    if tool == "canal":
        return _canal_point(view, at) or CanalHand(view)
    made = {"cross": CrossHand, "window": WindowHand, "pan": PanHand, "zoom": ZoomHand, "condyle": PointAt,
            "airway": PointAt, "canal": CanalHand}.get(tool)  # fmt: skip
    if tool == "cross":
        return _mark_point(view, at) or CrossHand(view)
    return made(view) if made is not None else None


def _mark_point(view: CellsView, at: QPointF) -> Hand | None:
    found = drawing.point_near(view, at)
    if found is None:
        return None
    number, index = found
    view.state.chosen_mark = number
    view.state.planned.emit()

    def change(plan: VolumePlan, place: Place) -> VolumePlan:
        mark = plan.marks[number]
        if mark.kind is MarkKind.REGION:
            return _with(plan, number, _reshaped(mark.points, index, place))
        return _with(plan, number, drawing.moved(mark.points, index, place))

    return MovePoint(view, change)


def _reshaped(points: tuple[Place, ...], index: int, place: Place) -> tuple[Place, ...]:
    """The ellipse moved by its middle, or one half axis made longer or shorter along itself."""
    middle, target = np.asarray(points[0]), np.asarray(place)
    if index == 0:
        by = target - middle
        return tuple((float(p[0] + by[0]), float(p[1] + by[1]), float(p[2] + by[2])) for p in points)
    along = np.asarray(points[index]) - middle
    length = float((target - middle) @ along) / max(float(along @ along), 1e-12)
    if length * float(np.linalg.norm(along)) < LEAST_MM:
        return points
    x, y, z = (middle + along * length).tolist()
    return drawing.moved(points, index, (x, y, z))


def _with(plan: VolumePlan, number: int, points: tuple[Place, ...]) -> VolumePlan:
    marks = [replace(mark, points=points) if place == number else mark for place, mark in enumerate(plan.marks)]
    return replace(plan, marks=tuple(marks))


def _canal_point(view: CellsView, at: QPointF) -> Hand | None:
    found = drawing.canal_point_near(view, at)
    if found is None:
        return None
    side, index = found

    def change(plan: VolumePlan, place: Place, side: Side = side) -> VolumePlan:
        canal = plan.canals[side]
        return plan.with_canal(side, replace(canal, points=drawing.moved(canal.points, index, place)))

    return MovePoint(view, change)

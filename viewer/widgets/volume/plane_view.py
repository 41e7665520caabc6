"""One of the three linked planes: the lines of the other two, handles that turn them, the arch in the axial one."""

from __future__ import annotations

import math
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter

from viewer.errors import N_
from viewer.model.volume_plan import Place, VolumePlan
from viewer.volume.crossing import coarse, letters
from viewer.volume.grid import Cells, Volume
from viewer.volume.planes import Blend, Plane, View, cut
from viewer.widgets.look import Look
from viewer.widgets.texts import TileTexts
from viewer.widgets.volume import drawing, hands
from viewer.widgets.volume.cells_view import CellsView, Shown
from viewer.widgets.volume.latest import Latest
from viewer.widgets.volume.state import VolumeState

if TYPE_CHECKING:
    from viewer.widgets.posting import Post

NAMES = {View.AXIAL: N_("Axial"), View.CORONAL: N_("Coronal"), View.SAGITTAL: N_("Sagittal")}
LINE_COLOURS = {View.AXIAL: "#F2994A", View.CORONAL: "#6FDACB", View.SAGITTAL: "#C7A6FF"}
"""Of the line that a plane draws in the others; each pane wears its own colour at its name, too."""
OBLIQUE = N_("Oblique")
SLAB = N_("{thickness} mm · {blend}")
BLENDS = {Blend.MEAN: N_("Mean"), Blend.MAXIMUM: N_("Maximum (MIP)"), Blend.MINIMUM: N_("Minimum (MinIP)")}
HANDLE_PART, GAP_PX = 0.36, 14.0
LEAST_SLAB_PX = 2.0
DRAG_FACTOR = 3
THICK_ENOUGH = 3
"""Slabs of so many samples are cut off the screen's thread, coarsely while a hand moves."""
TURN_KEY_DEGREES = 1.0
ARCH_COLOUR = "#F2D06B"
REGION_COLOUR, REGION_ALPHA = "#5BC8FF", 110


@dataclass(frozen=True, eq=False)
class CutPlane:
    """The cells in a plane, and where in it the airway is."""

    plane: Plane
    cells: Cells
    inside: NDArray[np.bool_] | None


def _cut(volume: Volume, region: Volume | None, plane: Plane) -> CutPlane:
    inside = None if region is None else cut(region, replace(plane, thickness_mm=0.0)) > 0
    return CutPlane(plane, cut(volume, plane), inside)


def _tint(inside: NDArray[np.bool_]) -> QImage:
    """The airway as a tint, one pixel for a pixel."""
    alpha = np.where(inside, REGION_ALPHA, 0).astype(np.uint8)
    rows, columns = alpha.shape
    tint = QImage(columns, rows, QImage.Format.Format_ARGB32_Premultiplied)
    tint.fill(QColor(REGION_COLOUR))
    tint.setAlphaChannel(QImage(alpha.data, columns, rows, columns, QImage.Format.Format_Alpha8).copy())
    return tint


class TurnHand(hands.Hand):
    """Turns the other two planes about the normal of this one."""

    def __init__(self, view: PlaneView) -> None:
        super().__init__(view)
        self._plane_view = view

    def press(self, at: QPointF) -> None:
        self._angle = self._of(at)

    def _of(self, at: QPointF) -> float:
        away = at - self._plane_view.cross_point()
        return math.degrees(math.atan2(away.y(), away.x()))

    def move(self, at: QPointF, *, pressed: bool) -> None:
        now = self._of(at)
        turned = (now - self._angle + 180) % 360 - 180
        self._angle = now
        if turned:
            self.state.turn(self._plane_view.view, turned)


class PlaneView(CellsView):
    """A pane for one view."""

    def __init__(
        self, view: View, state: VolumeState, texts: TileTexts, look: Look, pool: Executor, post: Post
    ) -> None:  # fmt: skip
        self.view = view
        self._cutting = Latest(pool, post, self._arrive)
        self._letters = ("", "", "", "")
        self._region: QImage | None = None
        super().__init__(state, texts, look, NAMES[view])
        state.crossed.connect(self.refresh)
        state.rested.connect(self._refine)

    # -- cutting --------------------------------------------------------------------------------------------
    def refresh(self) -> None:
        """Cut now along the grid, else off this thread: a thick slab coarsely first, in full when the hand rests."""
        if not self.isVisible():
            self._cutting.forget()
            self.shown = None
            return
        plane = self.state.plane(self.view)
        self._letters = letters(plane.right, plane.down)
        if self._is_thick(plane):
            self._cut_beside(coarse(plane, DRAG_FACTOR))
            if not self.state.hurried:
                self._refine()
        elif self.state.crossing.is_oblique or not self.state.volume.upright:
            self._cut_beside(plane)
        else:
            self._cutting.forget()
            self._arrive(_cut(self.state.volume, self.state.region, plane))

    def _is_thick(self, plane: Plane) -> bool:
        samples = plane.thickness_mm / min(self.state.volume.steps_mm)
        return samples >= THICK_ENOUGH and (self.state.crossing.is_oblique or self.view is View.SAGITTAL)

    def _refine(self) -> None:
        plane = self.state.plane(self.view)
        if self.isVisible() and self._is_thick(plane):
            self._cut_beside(plane)

    def _cut_beside(self, plane: Plane) -> None:
        volume, region = self.state.volume, self.state.region
        self._cutting.ask(lambda: _cut(volume, region, plane))

    def _arrive(self, made: CutPlane) -> None:
        if not self.isVisible():
            return
        plane = made.plane

        def to_mm(x: float, y: float) -> Place:
            a, b, c = plane.at_mm(x, y).tolist()
            return a, b, c

        self._region = None if made.inside is None else _tint(made.inside)
        self.put(Shown(made.cells, plane.pixel_mm, to_mm, plane.pixel_of, self._letters))

    @property
    def busy(self) -> bool:
        return self._cutting.busy

    def let_go(self) -> None:
        super().let_go()
        self._cutting.forget()
        self._region = None

    def step(self, count: int) -> None:
        """Along the normal."""
        self.state.step(self.view, count)

    def caption(self) -> list[str]:
        """Name, height, slab, grey levels."""
        state, texts = self.state, self.texts
        name = texts.say(OBLIQUE) if state.crossing.is_oblique else texts.say(self.name)
        height = round(float(np.asarray(state.crossing.centre_mm) @ state.crossing.normal(self.view)), 1) + 0.0
        lines = [f"{name} · {texts.say(drawing.LENGTH, value=self.locale().toString(height, 'f', 1))}"]
        if state.slab_mm > 0:
            thick = self.locale().toString(state.slab_mm, "f", 1)
            lines.append(texts.say(SLAB, thickness=thick, blend=texts.say(BLENDS[state.blend])))
        return lines

    # -- the lines of the other planes ----------------------------------------------------------------------
    def others(self) -> list[View]:
        """The planes whose lines cross here."""
        return [view for view in View if view is not self.view]

    def cross_point(self) -> QPointF:
        """Where the planes cross."""
        x, y, z = np.asarray(self.state.crossing.centre_mm).tolist()
        return self.to_widget((x, y, z))[0]

    def handles(self) -> list[QPointF]:
        """Where the lines can be taken to turn them."""
        middle, reach = self.cross_point(), HANDLE_PART * min(self.width(), self.height())
        found = []
        for other in self.others():
            x, y = self.state.crossing.line_of(other, self.view)
            found += [middle + QPointF(x, y) * reach, middle - QPointF(x, y) * reach]
        return found

    def grab_at(self, at: QPointF) -> hands.Hand | None:
        """A handle, or a point of the arch."""
        if self.state.tool == "cross":
            for handle in self.handles():
                if QLineF(handle, at).length() <= drawing.GRAB:
                    return TurnHand(self)
        if self.view is View.AXIAL and self.state.tool == "arch":
            return self._arch_hand(at)
        return None

    def paint_over(self, painter: QPainter) -> None:
        """Lines with a gap where they cross, handles, the arch."""
        if self._region is not None:
            painter.drawImage(self.picture_area(), self._region)
        for other in self.others():
            self._paint_line_of(painter, other)
        if self.state.tool == "cross":
            for number, handle in enumerate(self.handles()):
                drawing.paint_point(painter, handle, LINE_COLOURS[self.others()[number // 2]])
        painter.fillRect(drawing.box(QPointF(6, self.height() - 6), 3), QColor(LINE_COLOURS[self.view]))
        if self.view is View.AXIAL:
            self._paint_arch(painter)

    def _paint_line_of(self, painter: QPainter, other: View) -> None:
        """The line of another plane, and dotted the edges of its slab."""
        x, y = self.state.crossing.line_of(other, self.view)
        along, aside = QPointF(x, y), QPointF(-y, x)
        middle, far = self.cross_point(), float(self.width() + self.height())
        painter.setPen(drawing.pen(LINE_COLOURS[other], 1.2))
        for side in (1, -1):
            painter.drawLine(middle + along * (GAP_PX * side), middle + along * (far * side))
        half = self.state.slab_mm / 2 * self.scale
        if half > LEAST_SLAB_PX:
            edge = drawing.pen(LINE_COLOURS[other], 1)
            edge.setStyle(Qt.PenStyle.DotLine)
            painter.setPen(edge)
            for side in (1, -1):
                beside = middle + aside * (half * side)
                painter.drawLine(beside - along * far, beside + along * far)

    def _paint_arch(self, painter: QPainter) -> None:
        arch = self.state.arch
        if arch is None:
            return
        along, _normals = arch.along(np.linspace(0, arch.length_mm, 120))
        line = [self.to_widget((x, y, arch.z_mm))[0] for x, y in along.tolist()]
        drawing.paint_line(painter, line, ARCH_COLOUR, 1.4)
        if self.state.tool == "arch":
            for x, y in self.state.plan.arch:
                drawing.paint_point(painter, self.to_widget((x, y, arch.z_mm))[0], ARCH_COLOUR)

    def _arch_hand(self, at: QPointF) -> hands.Hand | None:
        found = drawing.arch_point_near(self, at)
        place = self.to_patient(at)
        if place is None:
            return None
        if found is None:
            self._insert_arch_point(place)
            found = drawing.arch_point_near(self, at)
        if found is None:
            return None
        index = found

        def change(plan: VolumePlan, to: Place) -> VolumePlan:
            points = tuple(to[:2] if number == index else point for number, point in enumerate(plan.arch))
            return replace(plan, arch=points)

        return hands.MovePoint(self, change)

    def _insert_arch_point(self, place: Place) -> None:
        """A new point where the curve passes nearest, or at the end that is nearer."""
        plan, arch = self.state.plan, self.state.arch
        if arch is None:
            height = plan.arch_z_mm if plan.arch else place[2]
            points = tuple(sorted((*plan.arch, place[:2])))
            self.state.set_plan(replace(plan, arch=points, arch_z_mm=height))
            return
        lengths = [arch.nearest_mm(x, y) for x, y in plan.arch]
        here = arch.nearest_mm(place[0], place[1])
        before = sum(length < here for length in lengths)
        points = (*plan.arch[:before], place[:2], *plan.arch[before:])
        self.state.set_plan(replace(plan, arch=points))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the crossing in the picture, brackets turn the planes."""
        moves = {
            Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
        }  # fmt: skip
        if event.key() in moves:
            fast = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            x, y = moves[Qt.Key(event.key())]
            self._nudge(x * fast, y * fast)
        elif event.key() in (Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight):
            sign = 1 if event.key() == Qt.Key.Key_BracketRight else -1
            self.state.turn(self.view, sign * TURN_KEY_DEGREES)
        else:
            super().keyPressEvent(event)

    def _nudge(self, x: float, y: float) -> None:
        right, down = self.state.crossing.directions(self.view)
        pixel = min(self.state.volume.steps_mm)
        self.state.cross_at(self.state.crossing.centre_mm + (right * x + down * y) * pixel)

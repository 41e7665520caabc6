"""What all panes of a volume share: where the planes cross, how they are drawn, what was drawn into the volume."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike
from PySide6.QtCore import QObject, QTimer, Signal

from viewer.model.volume_plan import Canal, MarkKind, Place, Side, SpatialMark, VolumePlan
from viewer.volume.arch import Arch
from viewer.volume.canals import Nearness, nearness
from viewer.volume.crossing import Crossing, inside
from viewer.volume.errors import VolumeError
from viewer.volume.grid import Volume
from viewer.volume.planes import Blend, Plane, View
from viewer.volume.upright import upright
from viewer.widgets.volume.windows import Window, opening_window

REST_MS = 180
"""A hand that has rested for so long is given the full resolution."""
MOST_SLAB_MM = 40.0


class VolumeState(QObject):
    """One for a workspace. Everything that changes it says so by a signal; panes follow."""

    crossed = Signal()
    """The planes moved or turned, or their slab changed."""
    windowed = Signal()
    planned = Signal()
    """Something was drawn, moved or taken away."""
    rested = Signal()
    """The hand rests: what was drawn coarsely is drawn anew."""
    tool_taken = Signal(str)

    def __init__(self, volume: Volume, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.volume = volume
        self.crossing = Crossing(volume.centre_mm)
        self.window: Window = opening_window(volume)
        self.inverted = False
        self.slab_mm, self.blend = 0.0, Blend.MEAN
        self.plan = VolumePlan()
        self.chosen_mark: int | None = None
        self.tool = "cross"
        self.side = Side.RIGHT
        """The side for which canal points and condyles are placed."""
        self.hurried = False
        self.region: Volume | None = None
        """The airway that was found, as cells of 1 in 0, over its box."""
        self._undo: list[VolumePlan] = []
        self._redo: list[VolumePlan] = []
        self._upright: Volume | None = None
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._come_to_rest)

    def release(self) -> None:
        """Let the cells go, whoever still holds this state; nothing is drawn after it."""
        self._rest.stop()
        self.volume = Volume(np.zeros((1, 1, 1), np.int16), np.eye(4))
        self.region = self._upright = None

    # -- planes ---------------------------------------------------------------------------------------------
    def cross_at(self, position_mm: ArrayLike) -> None:
        """Let the planes cross at a position, within the volume."""
        self.crossing = self.crossing.moved_to(inside(self.volume, position_mm))
        self._hurry()
        self.crossed.emit()

    def step(self, view: View, count: int) -> None:
        """Move a plane along its normal by cells: the finest step of the grid."""
        self.cross_at(self.crossing.centre_mm + self.crossing.normal(view) * (count * self.step_mm(view)))

    def step_mm(self, view: View) -> float:
        """How far the next slice of a view lies."""
        if self.crossing.is_oblique or not self.volume.upright:
            return min(self.volume.steps_mm)
        return self.volume.steps_mm[{View.SAGITTAL: 0, View.CORONAL: 1, View.AXIAL: 2}[view]]

    def turn(self, view: View, degrees: float) -> None:
        """Turn the planes about the normal of a view."""
        self.crossing = self.crossing.turned(view, degrees)
        self._hurry()
        self.crossed.emit()

    def set_upright(self) -> None:
        """The standard planes again."""
        self.crossing = self.crossing.upright()
        self.crossed.emit()

    def set_slab(self, thickness_mm: float, blend: Blend) -> None:
        """Thickness in mm (0 for one slice) and what it shows."""
        self.slab_mm, self.blend = min(max(0.0, float(thickness_mm)), MOST_SLAB_MM), blend
        self.crossed.emit()

    def plane(self, view: View) -> Plane:
        """The plane of a view as it lies now."""
        return self.crossing.plane(self.volume, view, self.slab_mm, self.blend)

    def _hurry(self) -> None:
        self.hurried = True
        self._rest.start()

    def _come_to_rest(self) -> None:
        self.hurried = False
        self.rested.emit()

    # -- grey -----------------------------------------------------------------------------------------------
    def set_window(self, window: Window) -> None:
        """Other grey levels, everywhere."""
        self.window = window
        self.windowed.emit()

    def invert(self) -> None:
        """Black for white."""
        self.inverted = not self.inverted
        self.windowed.emit()

    # -- tools ----------------------------------------------------------------------------------------------
    def take(self, tool: str) -> None:
        """Take a tool in hand."""
        self.tool = tool
        self.tool_taken.emit(tool)

    # -- the plan -------------------------------------------------------------------------------------------
    def set_plan(self, plan: VolumePlan) -> None:
        """Change the plan, with a step back to what it was."""
        if plan != self.plan:
            self._undo.append(self.plan)
            self._redo.clear()
            self._show_plan(plan)

    def load_plan(self, plan: VolumePlan) -> None:
        """What was kept: no step of this session."""
        self._undo.clear()
        self._redo.clear()
        self._show_plan(plan)

    def move_plan(self, plan: VolumePlan) -> None:
        """While a hand moves a point: the step back is that of the press."""
        self._show_plan(plan)

    def begin_move(self) -> None:
        """A point is about to be moved."""
        self._undo.append(self.plan)
        self._redo.clear()

    def undo(self) -> None:
        """One step back."""
        if self._undo:
            self._redo.append(self.plan)
            self._show_plan(self._undo.pop())

    def redo(self) -> None:
        """One step forward again."""
        if self._redo:
            self._undo.append(self.plan)
            self._show_plan(self._redo.pop())

    def _show_plan(self, plan: VolumePlan) -> None:
        self.plan = plan
        if self.chosen_mark is not None and self.chosen_mark >= len(plan.marks):
            self.chosen_mark = None
        self.planned.emit()

    def add_mark(self, kind: MarkKind, points: Sequence[Place]) -> None:
        """Keep a measurement and choose it."""
        self.chosen_mark = len(self.plan.marks)
        self.set_plan(self.plan.with_mark(SpatialMark(kind, tuple(points))))

    def remove_chosen(self) -> None:
        """Take the chosen measurement away."""
        if self.chosen_mark is not None:
            self.set_plan(self.plan.without_mark(self.chosen_mark))

    def add_canal_point(self, place: Place) -> None:
        """One more point at the end of the canal of the side in hand."""
        canal = self.plan.canals.get(self.side, Canal(()))
        self.set_plan(self.plan.with_canal(self.side, replace(canal, points=(*canal.points, place))))

    def show_region(self, region: Volume | None) -> None:
        """Tint these cells in the planes."""
        self.region = region
        self.crossed.emit()

    # -- what follows from it -------------------------------------------------------------------------------
    @property
    def upright_volume(self) -> Volume:
        """A volume with cubic cells along the patient's axes: for curved sections and rays. Slow when it is made."""
        if self._upright is None:
            self._upright = upright(self.volume)
        return self._upright

    @property
    def arch(self) -> Arch | None:
        """The arch of the plan; None while there is none, or its points lie too near one another."""
        if not self.plan.arch:
            return None
        try:
            return Arch(self.plan.arch, self.plan.arch_z_mm)
        except VolumeError:
            return None

    def near_canal(self) -> Nearness | None:
        """The nearest canal to any measured length, or to where the planes cross while none is drawn."""
        lengths = [mark.points for mark in self.plan.marks if mark.kind is MarkKind.LENGTH]
        x, y, z = np.asarray(self.crossing.centre_mm).tolist()
        found = [nearness(self.plan.canals, line) for line in lengths or [((x, y, z),)]]
        return min((one for one in found if one is not None), key=lambda one: one.distance_mm, default=None)

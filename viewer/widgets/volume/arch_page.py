"""The page of the panoramic: the arch, the cross-sections, nerve canals with their warning, the joints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QLocale

from viewer.errors import N_
from viewer.model.volume_plan import DEFAULT_CANAL_MM, Canal, Condyle, Side
from viewer.volume.condyles import USUAL_DEGREES
from viewer.widgets.look import Look
from viewer.widgets.texts import TileTexts
from viewer.widgets.volume.form import DEGREES, MM, Page, put, say
from viewer.widgets.volume.state import VolumeState

SIDES = {Side.RIGHT: N_("Right"), Side.LEFT: N_("Left")}
THICKNESS_MM, APART_MM = (1.0, 30.0), (0.5, 5.0)
PROPOSED = N_("This arch is a proposal: look at it in the axial plane and move its points.")
FAR = N_("{distance} mm to the {side} canal.")
NEAR = N_("Only {distance} mm to the {side} canal, less than {limit} mm.")
INSIDE = N_("Within the {side} canal.")
RIGHT_WORD, LEFT_WORD = N_("right"), N_("left")
NO_CANAL = N_("No canal is traced. Take the tool Canal and click along it, in any pane.")
POINTS = N_("{count} points")


class ArchPage(Page):
    """`propose` has an arch looked for, off the thread of the screen."""

    def __init__(self, state: VolumeState, texts: TileTexts, look: Look, propose: Callable[[], None]) -> None:
        super().__init__(texts, look)
        self._state = state
        self.apart_mm = 2.0
        self.changed: Callable[[], None] = lambda: None
        self._fill_arch(propose)
        self._fill_canals()
        self._fill_joints()
        self.end()
        state.planned.connect(self._show)
        state.crossed.connect(self._show_nearness)
        self._show()

    def _fill_arch(self, propose: Callable[[], None]) -> None:
        self.head(N_("Arch"))
        self.propose = self.button(N_("Propose the arch"), propose, primary=True)
        self.button(N_("Set or move points of the arch"), lambda: self._state.take("arch"))
        self.button(N_("Take the arch away"), lambda: self._change_arch(arch=()))
        self.words = self.note(PROPOSED)
        self.thickness = self.number(
            N_("Thickness of the panoramic"), *THICKNESS_MM, 1, MM, lambda mm: self._change_arch(thickness_mm=mm), 12
        )
        self.apart = self.number(N_("Between cross-sections"), *APART_MM, 0.5, MM, self._set_apart, self.apart_mm)

    def _fill_canals(self) -> None:
        self.head(N_("Nerve canals"))
        self.side = self.choice(N_("Side"), list(SIDES.items()), self._take_side)
        self.button(N_("Trace the canal"), lambda: self._state.take("canal"))
        self.diameter = self.number(N_("Diameter"), 0.5, 8, 0.5, MM, self._set_diameter, DEFAULT_CANAL_MM)
        self.limit = self.number(N_("Warn below"), 0, 10, 0.5, MM, self._set_limit, self._state.plan.warning_mm)
        self.last = self.make_button(N_("Remove the last point"), self._drop_point)
        self.whole = self.make_button(N_("Remove the canal"), self._drop_canal)
        self.grid([self.last, self.whole], 1)
        self.traced = self.note(NO_CANAL)
        self.near = self.note("", "warning")

    def _fill_joints(self) -> None:
        self.head(N_("Joints"))
        self.note(N_("Put the crossing of the planes into a condyle, then place it; the wheel turns its long axis."))
        self.grid(
            [
                self.make_button(N_("Right condyle here"), lambda: self._place(Side.RIGHT)),
                self.make_button(N_("Left condyle here"), lambda: self._place(Side.LEFT)),
            ],
            1,
        )
        self.turns = {
            side: self.number(words, -60, 60, 1, DEGREES, lambda value, side=side: self._turn(side, value), 0, 0)  # type: ignore[misc]  # mypy infers no lambda that has a default
            for side, words in (
                (Side.RIGHT, N_("Long axis of the right condyle")),
                (Side.LEFT, N_("Long axis of the left condyle")),
            )
        }

    # -- changing -------------------------------------------------------------------------------------------
    def _change_arch(self, **changes: object) -> None:
        self._state.set_plan(replace(self._state.plan, **changes))  # type: ignore[arg-type]  # fields by name

    def _set_apart(self, value: float) -> None:
        self.apart_mm = value
        self.changed()

    def _take_side(self) -> None:
        self._state.side = Side(self.side.currentData())
        self._show()

    def _set_diameter(self, value: float) -> None:
        canal = self._state.plan.canals.get(self._state.side)
        if canal is not None:
            self._state.set_plan(self._state.plan.with_canal(self._state.side, replace(canal, diameter_mm=value)))

    def _set_limit(self, value: float) -> None:
        self._state.set_plan(replace(self._state.plan, warning_mm=value))

    def _drop_point(self) -> None:
        canal = self._state.plan.canals.get(self._state.side)
        if canal is not None:
            left = Canal(canal.points[:-1], canal.diameter_mm)
            self._state.set_plan(self._state.plan.with_canal(self._state.side, left))

    def _drop_canal(self) -> None:
        self._state.set_plan(self._state.plan.with_canal(self._state.side, None))

    def _place(self, side: Side) -> None:
        x, y, z = self._state.crossing.centre_mm.tolist()
        before = self._state.plan.condyles.get(side)
        degrees = before.degrees if before else USUAL_DEGREES
        self._state.set_plan(self._state.plan.with_condyle(side, Condyle((x, y, z), degrees)))

    def _turn(self, side: Side, degrees: float) -> None:
        condyle = self._state.plan.condyles.get(side)
        if condyle is not None:
            self._state.set_plan(self._state.plan.with_condyle(side, replace(condyle, degrees=degrees)))

    # -- showing --------------------------------------------------------------------------------------------
    def _show(self) -> None:
        plan, side = self._state.plan, self._state.side
        put(self.thickness, plan.thickness_mm)
        put(self.limit, plan.warning_mm)
        canal = plan.canals.get(side)
        if canal is not None:
            put(self.diameter, canal.diameter_mm)
        for box in (self.last, self.whole, self.diameter):
            box.setEnabled(canal is not None)
        for which, box in self.turns.items():
            condyle = plan.condyles.get(which)
            box.setEnabled(condyle is not None)
            put(box, condyle.degrees if condyle else 0)
        self.words.setVisible(bool(plan.arch))
        say(self.traced, self.texts.say(POINTS, count=len(canal.points)) if canal else self.texts.say(NO_CANAL))
        self._show_nearness()

    def _show_nearness(self) -> None:
        found = self._state.near_canal()
        warned = found is not None and found.distance_mm < self._state.plan.warning_mm
        if self.near.objectName() != ("warning" if warned else "note"):
            self.near.setObjectName("warning" if warned else "note")
            self.near.style().unpolish(self.near)
            self.near.style().polish(self.near)
        say(self.near, nearness_words(self._state, self.texts, self.locale()))


def nearness_words(state: VolumeState, texts: TileTexts, locale: QLocale) -> str:
    """How far measured lengths, or the crossing, are from the nearest canal; '' where none is traced."""
    found = state.near_canal()
    if found is None:
        return ""
    side = texts.say(RIGHT_WORD if found.side is Side.RIGHT else LEFT_WORD)
    if found.distance_mm <= 0:
        return texts.say(INSIDE, side=side)
    amount = locale.toString(found.distance_mm, "f", 1)
    if found.distance_mm < state.plan.warning_mm:
        limit = locale.toString(state.plan.warning_mm, "f", 1)
        return texts.say(NEAR, distance=amount, side=side, limit=limit)
    return texts.say(FAR, distance=amount, side=side)

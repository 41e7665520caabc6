"""The page of the airway: where it is, what counts as air, its volume and its narrowest level."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QWidget

from viewer.errors import N_, ViewerError
from viewer.mesh.mesh import Mesh
from viewer.model.volume_plan import AirwayPlan, Place
from viewer.volume.airway import Airway, air_threshold, airway
from viewer.volume.grid import Volume
from viewer.volume.surfaces import Recipe, surface
from viewer.widgets.look import Look
from viewer.widgets.posting import Post
from viewer.widgets.texts import TileTexts
from viewer.widgets.volume.form import MM, Page, put, say
from viewer.widgets.volume.state import VolumeState

ASIDE_MM, BEFORE_MM, ABOVE_MM = 25.0, 30.0, 30.0
"""The box about the seed: the pharynx is narrower, the mouth and the nose are wider and stay out."""
SEED = N_("Point at the airway in any plane, at the height of the soft palate.")
MEASURING = N_("Measuring the airway…")
FOUND = N_("Volume {volume} cm³ · narrowest {area} mm² at {height} mm")
THRESHOLD = N_("Air has no fixed value in a cone-beam volume: check that the tint fills the airway.")
PROFILE_PX = 110


class Profile(QWidget):
    """Areas from the feet to the head as a curve; the narrowest level is marked."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._found: Airway | None = None
        self.setFixedHeight(look.px(PROFILE_PX))

    def show_airway(self, found: Airway | None) -> None:
        """Draw this one."""
        self._found = found
        self.setVisible(found is not None)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self._look.px(PROFILE_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Heights upward, areas to the right."""
        if self._found is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(self._look.canvas))
        levels = self._found.levels
        widest = max(level.area_mm2 for level in levels)
        low, high = levels[0].z_mm, max(levels[-1].z_mm, levels[0].z_mm + 1e-6)
        wide, tall = self.width() - 16, self.height() - 12

        def at(z: float, area: float) -> tuple[float, float]:
            return 8 + wide * area / widest, 6 + tall * (high - z) / (high - low)

        line = QPolygonF()
        for level in levels:
            line.append(QPointF(*at(level.z_mm, level.area_mm2)))
        painter.setPen(QColor(self._look.accent))
        painter.drawPolyline(line)
        narrow = self._found.narrowest
        x, y = at(narrow.z_mm, narrow.area_mm2)
        painter.setPen(QColor(self._look.text))
        painter.drawLine(QPointF(8, y), QPointF(x, y))
        painter.setBrush(QColor(self._look.text))
        painter.drawEllipse(QPointF(x, y), 3, 3)


class AirwayPage(Page):
    """`show_surface` is given the surface of what was found."""

    def __init__(
        self, state: VolumeState, texts: TileTexts, look: Look, pool: Executor, post: Post,
        show_surface: Callable[[Mesh | None], None],
    ) -> None:  # fmt: skip
        super().__init__(texts, look)
        self._state, self._pool, self._post, self._show_surface = state, pool, post, show_surface
        self._number = 0
        self._known: AirwayPlan | None = None
        self.found: Airway | None = None
        low, high = state.volume.range
        bottom, top = float(state.volume.corners_mm[:, 2].min()), float(state.volume.corners_mm[:, 2].max())
        self.head(N_("Airway"))
        self.button(N_("Point at the airway"), lambda: state.take("airway"), primary=True)
        limit = air_threshold(state.volume)
        self.below = self.number(N_("Air lies below"), low - 1, high, 10, "", self._set_below, limit, 0)
        self.low = self.number(N_("Lower limit"), bottom, top, 1, MM, lambda mm: self._set(low_mm=mm), bottom)
        self.high = self.number(N_("Upper limit"), bottom, top, 1, MM, lambda mm: self._set(high_mm=mm), top)
        self.words = self.note(SEED)
        self.profile = Profile(look)
        self.profile.setAccessibleName(texts.say(N_("Area of the airway by height")))
        self.profile.hide()
        self.column.addWidget(self.profile)
        self.narrowest = self.button(N_("Go to the narrowest level"), self._go)
        self.note(THRESHOLD)
        self.forget = self.button(N_("Take the airway away"), lambda: state.set_plan(replace(state.plan, airway=None)))
        self.end()
        state.planned.connect(self._follow)
        self._show(None)

    def seed(self, place: Place) -> None:
        """The airway was pointed at here."""
        bottom, top = self.low.minimum(), self.low.maximum()
        low, high = max(bottom, place[2] - ABOVE_MM), min(top, place[2] + ABOVE_MM)
        self._state.set_plan(replace(self._state.plan, airway=AirwayPlan(place, self.below.value(), low, high)))
        self._state.take("cross")

    def _set_below(self, value: float) -> None:
        self._set(below=value)

    def _set(self, **changes: Any) -> None:
        plan = self._state.plan.airway
        if plan is not None:
            self._state.set_plan(replace(self._state.plan, airway=replace(plan, **changes)))

    def _follow(self) -> None:
        plan = self._state.plan.airway
        if plan == self._known:
            return
        self._known = plan
        self._number += 1
        if plan is None:
            self._show(None)
            self._state.show_region(None)
            self._show_surface(None)
            return
        put(self.below, plan.below)
        put(self.low, plan.low_mm)
        put(self.high, plan.high_mm)
        say(self.words, self.texts.say(MEASURING))
        number, state = self._number, self._state

        def work() -> None:
            try:
                found: tuple[Airway, Volume, Mesh] | ViewerError = _measured(state.upright_volume, plan)
            except ViewerError as error:
                found = error
            self._post.post(lambda: self._arrive(number, found))

        self._pool.submit(work)

    def _arrive(self, number: int, found: tuple[Airway, Volume, Mesh] | ViewerError) -> None:
        if number != self._number:
            return
        if isinstance(found, ViewerError):
            self._show(None)
            self._state.show_region(None)
            say(self.words, self.texts.sentence(found))
            return
        measured, region, mesh = found
        self._show(measured)
        self._state.show_region(region)
        self._show_surface(mesh)

    def _show(self, found: Airway | None) -> None:
        self.found = found
        self.profile.show_airway(found)
        self.narrowest.setEnabled(found is not None)
        self.forget.setEnabled(self._known is not None)
        say(self.words, self.texts.say(SEED) if found is None else self.sentence(found))

    def sentence(self, found: Airway) -> str:
        """Its figures."""
        whole = self.locale().toString
        return self.texts.say(
            FOUND, volume=whole(found.volume_mm3 / 1000, "f", 1), area=whole(found.narrowest.area_mm2, "f", 0),
            height=whole(found.narrowest.z_mm, "f", 1),
        )  # fmt: skip

    def _go(self) -> None:
        if self.found is not None:
            x, y, _z = self._state.crossing.centre_mm.tolist()
            self._state.cross_at((x, y, self.found.narrowest.z_mm))


def _measured(volume: Volume, plan: AirwayPlan) -> tuple[Airway, Volume, Mesh]:
    """The airway, its cells as a volume of its own, and its surface."""
    x, y, _z = plan.seed
    low = (x - ASIDE_MM, y - BEFORE_MM, min(plan.low_mm, plan.high_mm))
    high = (x + ASIDE_MM, y + BEFORE_MM, max(plan.low_mm, plan.high_mm))
    found = airway(volume, plan.seed, plan.below, low, high)
    cells = np.pad(found.mask.astype(np.int16), 1)
    affine = volume.affine.copy()
    layer, row, column = found.first
    affine[:3, 3] = volume.at_mm((column - 1, row - 1, layer - 1))
    region = Volume(cells, affine)
    return found, region, surface(Volume(cells * 100, affine), Recipe(50.0, smoothed=True))

"""The panoramic along the arch, the cross-sections that stand on it, and the sections of the joints."""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter

from viewer.errors import N_, ViewerError
from viewer.model.volume_plan import Place, Side
from viewer.volume.arch import Arch
from viewer.volume.condyles import sections as joint_sections
from viewer.volume.condyles import usual
from viewer.volume.crossing import letters
from viewer.volume.curved import Panoramic, cross_section, of_jaws, panoramic, section_of_jaws
from viewer.volume.grid import Cells, Volume
from viewer.volume.planes import Plane, cut
from viewer.widgets import colours
from viewer.widgets.lettering import draw_text
from viewer.widgets.look import Look
from viewer.widgets.posting import Post
from viewer.widgets.texts import TileTexts
from viewer.widgets.volume import drawing, hands
from viewer.widgets.volume.cells_view import CellsView, Shown
from viewer.widgets.volume.latest import Latest
from viewer.widgets.volume.plane_view import ARCH_COLOUR
from viewer.widgets.volume.state import VolumeState

PANORAMIC = N_("Panoramic along the arch")
SECTION = N_("Section {number} · {place} mm")
JOINTS = {
    (Side.RIGHT, 0): N_("Right joint, along the condyle"), (Side.RIGHT, 1): N_("Right joint, across the condyle"),
    (Side.LEFT, 0): N_("Left joint, along the condyle"), (Side.LEFT, 1): N_("Left joint, across the condyle"),
}  # fmt: skip
NO_ARCH = N_("There is no arch yet: have one proposed at the right, or set its points in the axial plane.")
MAKING = N_("Making the panoramic…")
ALONG_ARCH = N_("Lengths along the picture are true on the arch only.")
SETTLE_MS = 60
RULER_MM = 10
DEEP_MM = 12.0
"""A mark so far before or behind the arch is still drawn on the panoramic: it is as thick as a jaw."""
SECTION_MM = 30.0
JAWS_MM = 45.0
"""What is shown above and below the arch: both jaws and no more of a head."""
DEGREES_A_STEP = 2.0


class PanoramicView(CellsView):
    """Follows the arch; a press moves the cross-sections, and where the planes cross."""

    def __init__(
        self, state: VolumeState, texts: TileTexts, look: Look, pool: Executor, post: Post
    ) -> None:  # fmt: skip
        self._pool, self._post = pool, post
        self._number = 0
        self._under_way = False
        self._made_for: object = None
        self.panoramic: Panoramic | None = None
        self.length_mm = 0.0
        """Where the middle cross-section stands, along the arch from the patient's right."""
        self.moved: list[Callable[[], None]] = []
        super().__init__(state, texts, look, PANORAMIC)
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._make)
        state.planned.connect(self._follow)

    @property
    def reach_mm(self) -> float:
        return DEEP_MM

    @property
    def busy(self) -> bool:
        """Whether the panoramic of the present arch is still to come."""
        return self._settle.isActive() or self._under_way

    def stop(self) -> None:
        """Make nothing more: the volume goes."""
        self._settle.stop()

    def refresh(self) -> None:
        """Make it, when it is looked at."""
        self._follow()

    def _follow(self) -> None:
        plan = self.state.plan
        wanted = (plan.arch, plan.arch_z_mm, plan.thickness_mm, self.state.blend)
        if wanted == self._made_for or not self.isVisible():
            return
        if self.state.arch is None:
            self.sentence, self.panoramic, self._made_for = self.texts.say(NO_ARCH), None, None
            self.put(None)
            return
        self.sentence = self.texts.say(MAKING)
        self._settle.start()

    def _make(self) -> None:
        arch, plan, state = self.state.arch, self.state.plan, self.state
        if arch is None:
            return
        self._made_for = (plan.arch, plan.arch_z_mm, plan.thickness_mm, state.blend)
        self._number += 1
        self._under_way = True
        number, blend = self._number, state.blend

        def work() -> None:
            try:
                whole = panoramic(state.upright_volume, arch, plan.thickness_mm, blend)
                found: Panoramic | ViewerError = of_jaws(whole, JAWS_MM)
            except ViewerError as error:
                found = error
            self._post.post(lambda: self._arrive(number, found))

        self._pool.submit(work)

    def _arrive(self, number: int, found: Panoramic | ViewerError) -> None:
        if number != self._number:
            return
        self._under_way = False
        if isinstance(found, ViewerError):
            self.sentence, self.panoramic = self.texts.sentence(found), None
            self.put(None)
            return
        first = self.panoramic is None
        self.panoramic = found
        self.warnings = (self.texts.say(ALONG_ARCH),)
        if first or self.length_mm > found.arch.length_mm:
            self.length_mm = found.arch.length_mm / 2
        self.put(self._shown(found))
        self._tell()

    def _shown(self, found: Panoramic) -> Shown:
        arch = found.arch

        def to_mm(x: float, y: float) -> Place:
            a, b, c = found.at_mm(x, y).tolist()
            return a, b, c

        def to_pixel(place: Place) -> tuple[float, float, float]:
            length = arch.nearest_mm(place[0], place[1])
            here, normal = arch.along(np.array([length]))
            depth = float((np.array(place[:2]) - here[0]) @ normal[0])
            return length / found.pixel_mm, (found.top_mm - place[2]) / found.pixel_mm, depth

        return Shown(found.cells, found.pixel_mm, to_mm, to_pixel, ("R", "L", "H", "F"))

    def step(self, count: int) -> None:
        """Along the arch, by a millimetre."""
        if self.panoramic is not None:
            self.go_to(self.length_mm + count)

    def go_to(self, length_mm: float) -> None:
        """Put the cross-sections about a length along the arch, and the crossing of the planes with them."""
        if self.panoramic is None:
            return
        arch = self.panoramic.arch
        self.length_mm = min(max(0.0, length_mm), arch.length_mm)
        here, _normal = arch.along(np.array([self.length_mm]))
        height = float(np.asarray(self.state.crossing.centre_mm)[2])
        self.state.cross_at((float(here[0, 0]), float(here[0, 1]), height))
        self._tell()

    def _tell(self) -> None:
        self.update()
        for deed in self.moved:
            deed()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """With the tool for looking, a press brings the sections here."""
        super().mousePressEvent(event)
        if isinstance(self.hand, hands.CrossHand) and self.panoramic is not None:
            x, _y = self._pixel_under(event.position())
            self.go_to(x * self.panoramic.pixel_mm)

    def _pixel_under(self, at: QPointF) -> tuple[float, float]:
        place = self.to_patient(at)
        if place is None or self.shown is None:
            return 0.0, 0.0
        x, y, _depth = self.shown.to_pixel(place)
        return x, y

    def paint_over(self, painter: QPainter) -> None:
        """The place of the sections, and a ruler along the arch from the patient's right."""
        if self.panoramic is None or self.shown is None:
            return
        height = self.panoramic.top_mm
        for mm in range(0, int(self.panoramic.arch.length_mm) + 1, RULER_MM):
            at = self._above(mm, height)
            painter.setPen(QColor(colours.TEXT))
            painter.drawLine(QPointF(at.x(), self.height() - 6), QPointF(at.x(), self.height()))
            if mm % (5 * RULER_MM) == 0:
                draw_text(painter, QPointF(at.x() + 3, self.height() - self.look.px(18)), str(mm))
        at = self._above(self.length_mm, height)
        drawing.paint_line(painter, [QPointF(at.x(), 0), QPointF(at.x(), self.height())], ARCH_COLOUR, 1.2)

    def _above(self, length_mm: float, z: float) -> QPointF:
        assert self.panoramic is not None
        here, _normal = self.panoramic.arch.along(np.array([length_mm]))
        return self.to_widget((float(here[0, 0]), float(here[0, 1]), z))[0]


class FlatView(CellsView):
    """A pane for one flat section that others choose; it is cut off the screen's thread."""

    def __init__(
        self, state: VolumeState, texts: TileTexts, look: Look, name: str, pool: Executor, post: Post
    ) -> None:  # fmt: skip
        super().__init__(state, texts, look, name)
        self.lines: list[str] = []
        self._cutting = Latest(pool, post, self._arrive)

    def show_plane(self, volume: Volume, plane: Plane, lines: list[str]) -> None:
        """Cut it and show it with these captions."""
        self.setAccessibleName(" · ".join(lines))
        self._cutting.ask(lambda: (plane, cut(volume, plane), lines))

    def _arrive(self, made: tuple[Plane, Cells, list[str]]) -> None:
        plane, cells, self.lines = made

        def to_mm(x: float, y: float) -> Place:
            a, b, c = plane.at_mm(x, y).tolist()
            return a, b, c

        self.put(Shown(cells, plane.pixel_mm, to_mm, plane.pixel_of, letters(plane.right, plane.down)))

    @property
    def busy(self) -> bool:
        return self._cutting.busy

    def let_go(self) -> None:
        super().let_go()
        self._cutting.forget()

    def caption(self) -> list[str]:
        return self.lines

    def refresh(self) -> None:
        """Whoever chooses the section cuts it."""


class SectionView(FlatView):
    """One of the cross-sections; the wheel walks along the arch."""

    def __init__(
        self, number: int, panorama: PanoramicView, state: VolumeState, texts: TileTexts, look: Look, pool: Executor,
        post: Post,
    ) -> None:  # fmt: skip
        super().__init__(state, texts, look, N_("Cross-section"), pool, post)
        self._number, self._panorama = number, panorama

    def stand_at(self, arch: Arch, length_mm: float) -> None:
        """Cut across the arch here."""
        place = self.locale().toString(length_mm, "f", 1)
        words = self.texts.say(SECTION, number=self._number, place=place)
        plane = cross_section(self.state.upright_volume, arch, length_mm, SECTION_MM, max(1.0, self.state.slab_mm))
        self.show_plane(self.state.upright_volume, section_of_jaws(plane, arch, JAWS_MM), [words])

    def step(self, count: int) -> None:
        self._panorama.step(count)


class JointView(FlatView):
    """A section of a joint; the wheel turns the long axis of the condyle, a press moves its middle."""

    def __init__(
        self, side: Side, index: int, state: VolumeState, texts: TileTexts, look: Look, pool: Executor, post: Post
    ) -> None:  # fmt: skip
        super().__init__(state, texts, look, JOINTS[side, index], pool, post)
        self.side, self._index = side, index
        state.planned.connect(self.refresh)
        self.seeded.connect(self._move_to)

    def refresh(self) -> None:
        """Cut where the condyle is, or is usually."""
        if not self.isVisible():
            return
        condyle = self.state.plan.condyles.get(self.side) or usual(self.state.volume, self.side)
        plane = joint_sections(self.state.volume, self.side, condyle, max(1.0, self.state.slab_mm))[self._index]
        degrees = self.texts.say(drawing.ANGLE, value=self.locale().toString(condyle.degrees, "f", 0))
        self.show_plane(self.state.volume, plane, [self.texts.say(self.name), degrees])

    def step(self, count: int) -> None:
        """Turn the long axis."""
        condyle = self.state.plan.condyles.get(self.side) or usual(self.state.volume, self.side)
        turned = math.remainder(condyle.degrees + count * DEGREES_A_STEP, 180.0)
        self.state.set_plan(self.state.plan.with_condyle(self.side, replace(condyle, degrees=turned)))

    def grab_at(self, at: QPointF) -> hands.Hand | None:
        return hands.PointAt(self) if self.state.tool == "cross" else None

    def _move_to(self, place: Place) -> None:
        condyle = self.state.plan.condyles.get(self.side) or usual(self.state.volume, self.side)
        self.state.set_plan(self.state.plan.with_condyle(self.side, replace(condyle, middle=place)))

    def paint_over(self, painter: QPainter) -> None:
        """The middle of the condyle."""
        condyle = self.state.plan.condyles.get(self.side)
        if condyle is not None:
            drawing.paint_point(painter, self.to_widget(condyle.middle)[0], colours.PLANE)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the middle of the condyle in the picture."""
        moves = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
        if event.key() not in moves or self.shown is None:
            super().keyPressEvent(event)
            return
        rows, columns = self.shown.cells.shape
        x, y = moves[Qt.Key(event.key())]
        self._move_to(self.shown.to_mm((columns - 1) / 2 + x, (rows - 1) / 2 + y))

"""The workspace over a volume, with mouse and keys: what is drawn is true in millimetres, what is stopped stops."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.exceptions import capture_exceptions

from tests.viewer.volume.phantoms import Scan, sphere, write
from viewer.model.volume_plan import Canal, MarkKind, Side, plan_from_json
from viewer.pixels.source import open_image
from viewer.volume.planes import Blend, View
from viewer.volume.session_cache import SessionCache
from viewer.widgets.look import Look
from viewer.widgets.posting import Post
from viewer.widgets.texts import TileTexts
from viewer.widgets.volume import scene_view
from viewer.widgets.volume.host import Author, Kept, Opened, Progress, VolumeHost, open_volume
from viewer.widgets.volume.latest import Latest
from viewer.widgets.volume.layouts import LAYOUTS
from viewer.widgets.volume.plane_view import PlaneView
from viewer.widgets.volume.workspace import VolumeWorkspace

CENTRE = (2.0, -1.5, 1.0)
HALF_A_MICROMETRE = 0.0005  # in mm: a plan is kept to the micrometre, so no position moves by more
Wait = Callable[[Callable[[], bool]], None]


class Bureau:
    """A host that remembers what it was given."""

    def __init__(self, files: Sequence[Path], cache: SessionCache | None = None) -> None:
        self.files, self.cache = files, cache
        self.kept: list[Kept] = []
        self.plans: list[str] = []
        self.saved: dict[str, bytes] = {}
        self.read = 0
        self.hold = False

    def opening(self, progress: Progress) -> Opened:
        def files(part: Progress) -> Sequence[Path]:
            self.read += 1
            while self.hold and part(0.5):
                time.sleep(0.01)
            return [] if self.hold else self.files

        return open_volume(files, progress, self.cache, "series" if self.cache else "")

    def host(self, refusal: str = "") -> VolumeHost:
        author = Author("Dre Test", lambda: datetime(2026, 11, 24, tzinfo=UTC))
        return VolumeHost(
            self.opening, self.kept.extend, lambda name, make: self.saved.update({name: make()}), self.plans.append,
            author, refusal=refusal, megabytes=12, whose=("Rosalie Fortin",),
        )  # fmt: skip


@pytest.fixture
def wait(qapp: QApplication) -> Wait:
    def until(holds: Callable[[], bool]) -> None:
        end = time.monotonic() + 40
        while not holds() and time.monotonic() < end:
            qapp.processEvents()
            time.sleep(0.005)
        assert holds()

    return until


@pytest.fixture
def bureau(tmp_path: Path) -> Bureau:
    scan = Scan(shape=(60, 64, 72), first=(-18, -16, -15))
    return Bureau(write(tmp_path / "ball", scan, sphere(CENTRE, 6.0), StudyInstanceUID="1.2.3"))


@pytest.fixture
def made(qapp: QApplication) -> Iterator[list[VolumeWorkspace]]:
    found: list[VolumeWorkspace] = []
    yield found
    for workspace in found:
        workspace.close_volume()
        workspace.deleteLater()


@pytest.fixture
def workspace(bureau: Bureau, made: list[VolumeWorkspace], wait: Wait) -> VolumeWorkspace:
    return opened(bureau.host(), made, wait)


def opened(host: VolumeHost, made: list[VolumeWorkspace], wait: Wait) -> VolumeWorkspace:
    workspace = VolumeWorkspace(host, TileTexts(), Look())
    made.append(workspace)
    workspace.resize(1200, 800)
    workspace.show()
    workspace.load()
    wait(lambda: workspace.board is not None)
    return workspace


def pane(workspace: VolumeWorkspace, view: View) -> PlaneView:
    assert workspace.board is not None
    found = workspace.board.panes[view.value]
    assert isinstance(found, PlaneView)
    QApplication.processEvents()
    return found


def drag(view: PlaneView, first: QPointF, last: QPointF) -> None:
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=first.toPoint())
    QTest.mouseMove(view, last.toPoint())
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=last.toPoint())


def at(view: PlaneView, place: tuple[float, float, float]) -> QPointF:
    return view.to_widget(place)[0]


def test_the_wheel_walks_and_a_press_brings_all_planes_together(workspace: VolumeWorkspace) -> None:
    assert workspace.board is not None
    state, axial = workspace.board.state, pane(workspace, View.AXIAL)
    before = float(state.crossing.centre_mm[2])
    wheel = QWheelEvent(
        QPointF(50, 50), QPointF(50, 50), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(axial, wheel)
    assert abs(state.crossing.centre_mm[2] - before) == pytest.approx(0.5)
    QTest.keyClick(axial, Qt.Key.Key_PageUp)
    assert state.crossing.centre_mm[2] == pytest.approx(before)
    QTest.mouseClick(axial, Qt.MouseButton.LeftButton, pos=at(axial, (5.0, 6.0, before)).toPoint())
    assert state.crossing.centre_mm[:2] == pytest.approx((5, 6), abs=0.1)
    assert pane(workspace, View.SAGITTAL).cross_point() == at(
        pane(workspace, View.SAGITTAL), tuple(state.crossing.centre_mm)
    )
    QTest.keyClick(axial, Qt.Key.Key_Right)
    assert state.crossing.centre_mm[0] == pytest.approx(5.5, abs=0.15)


def test_a_distance_drawn_across_the_ball_is_its_diameter(
    workspace: VolumeWorkspace, bureau: Bureau, wait: Wait
) -> None:
    assert workspace.board is not None
    state, axial = workspace.board.state, pane(workspace, View.AXIAL)
    state.cross_at(CENTRE)
    axial.zoom = 12.0
    QTest.keyClick(axial, Qt.Key.Key_D)
    assert state.tool == "length"
    drag(axial, at(axial, (-4.0, -1.5, 1.0)), at(axial, (8.0, -1.5, 1.0)))
    [mark] = state.plan.marks
    assert np.linalg.norm(np.subtract(*mark.points)) == pytest.approx(12, abs=0.1)
    page = workspace.board.planes_page
    assert page.marks.item(0).text().startswith("Distance · 1")
    wait(lambda: bool(bureau.plans))
    [kept] = plan_from_json(bureau.plans[-1]).marks
    assert np.array(kept.points) == pytest.approx(np.array(mark.points), abs=HALF_A_MICROMETRE)
    assert replace(kept, points=mark.points) == mark
    QTest.keyClick(axial, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not state.plan.marks
    QTest.keyClick(axial, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert state.plan.marks == (mark,)
    drag(axial, at(axial, mark.points[1]), at(axial, (6.0, -1.5, 1.0)))
    assert state.plan.marks[0].points[1] == pytest.approx((6, -1.5, 1), abs=0.1), "a point that is there is moved"
    state.remove_chosen()
    assert not state.plan.marks


def test_an_angle_takes_three_clicks_and_a_region_tells_its_values(workspace: VolumeWorkspace) -> None:
    assert workspace.board is not None
    state, coronal = workspace.board.state, pane(workspace, View.CORONAL)
    state.cross_at(CENTRE)
    coronal.zoom = 12.0
    workspace.take_tool("angle")
    for place in ((2.0, -1.5, 6.0), (2.0, -1.5, 1.0), (7.0, -1.5, 1.0)):
        QTest.mouseClick(coronal, Qt.MouseButton.LeftButton, pos=at(coronal, place).toPoint())
    assert state.plan.marks[0].kind is MarkKind.ANGLE
    assert workspace.board.planes_page.marks.item(0).text() == "Angle · 90.0°"
    workspace.take_tool("region")
    drag(coronal, at(coronal, (0.0, -1.5, -1.0)), at(coronal, (4.0, -1.5, 3.0)))
    assert state.plan.marks[1].kind is MarkKind.REGION
    assert "Mean 1,000.0" in workspace.board.planes_page.figures.text().replace("1000", "1,000")


def test_a_handle_turns_the_other_planes(workspace: VolumeWorkspace, wait: Wait) -> None:
    assert workspace.board is not None
    state, axial = workspace.board.state, pane(workspace, View.AXIAL)
    middle, handle = axial.cross_point(), axial.handles()[0]
    away = handle - middle
    turned = middle + QPointF(away.x() * 0.866 - away.y() * 0.5, away.x() * 0.5 + away.y() * 0.866)
    drag(axial, handle, turned)
    right, _down = state.crossing.directions(View.AXIAL)
    assert np.degrees(np.arctan2(right[1], right[0])) == pytest.approx(30, abs=1.5)
    wait(lambda: "Oblique" in axial.accessibleDescription())
    QTest.keyClick(axial, Qt.Key.Key_Backspace)
    assert not state.crossing.is_oblique
    QTest.keyClick(axial, Qt.Key.Key_BracketRight)
    assert state.crossing.is_oblique


def test_a_thick_oblique_slab_is_drawn_at_once_and_then_in_full(workspace: VolumeWorkspace, wait: Wait) -> None:
    assert workspace.board is not None
    state, axial = workspace.board.state, pane(workspace, View.AXIAL)
    state.turn(View.CORONAL, 25)
    state.set_slab(8, Blend.MAXIMUM)
    wait(lambda: not state.hurried and not axial.busy)
    sizes: list[tuple[int, ...]] = []
    before = axial.put
    axial.put = lambda shown: (sizes.append(shown.cells.shape if shown else ()), before(shown))[1]
    state.turn(View.CORONAL, 1)
    full = state.plane(View.AXIAL)
    wait(lambda: bool(sizes))
    assert sizes[0][0] < full.rows
    wait(lambda: axial.shown is not None and axial.shown.cells.shape == (full.rows, full.columns))


def test_every_layout_shows_its_panes_and_one_may_be_alone(workspace: VolumeWorkspace) -> None:
    board = workspace.board
    assert board is not None
    for number, layout in enumerate(LAYOUTS, 1):
        QTest.keyClick(workspace, Qt.Key(ord(str(number))))
        shown = {name for name, one in board.panes.items() if not one.isHidden()}
        assert shown == {cell[0] for cell in layout.cells}
        assert board.tabs.currentIndex() == layout.page
    workspace.set_layout("four")
    QTest.mouseDClick(pane(workspace, View.CORONAL), Qt.MouseButton.LeftButton)
    assert [name for name, one in board.panes.items() if not one.isHidden()] == ["coronal"]
    QTest.keyClick(workspace, Qt.Key.Key_Escape)
    assert not pane(workspace, View.AXIAL).isHidden()


def test_an_arch_gives_a_panoramic_and_sections_that_walk_along_it(workspace: VolumeWorkspace, wait: Wait) -> None:
    board = workspace.board
    assert board is not None
    workspace.set_layout("panoramic")
    assert "There is no arch" in board.panorama.sentence
    arch = ((-12.0, 6.0), (0.0, -10.0), (12.0, 6.0))
    board.state.set_plan(replace(board.state.plan, arch=arch, arch_z_mm=0.0))
    wait(lambda: board.panorama.panoramic is not None and not board.panorama.busy)
    wait(lambda: board.sections[2].shown is not None)
    before = board.panorama.length_mm
    board.panorama.step(3)
    assert board.panorama.length_mm == pytest.approx(before + 3)
    assert f"{before + 3:.1f}" in board.sections[2].accessibleName()
    axial = pane(workspace, View.AXIAL)
    workspace.take_tool("arch")
    drag(axial, at(axial, (0.0, -10.0, 0.0)), at(axial, (0.0, -12.0, 0.0)))
    assert board.state.plan.arch[1] == pytest.approx((0, -12), abs=0.3)
    board.keep_panoramic()


def test_a_canal_that_is_too_near_is_said(workspace: VolumeWorkspace) -> None:
    board = workspace.board
    assert board is not None
    state, axial = board.state, pane(workspace, View.AXIAL)
    state.cross_at((0, 0, 0))
    workspace.take_tool("canal")
    for x in (-8.0, 8.0):
        QTest.mouseClick(axial, Qt.MouseButton.LeftButton, pos=at(axial, (x, 5.0, 0.0)).toPoint())
    assert len(state.plan.canals[Side.RIGHT].points) == 2
    state.set_plan(state.plan.with_canal(Side.RIGHT, Canal(((-8.0, 5.0, 0.0), (8.0, 5.0, 0.0)), 3.0)))
    state.add_mark(MarkKind.LENGTH, ((0.0, -8.0, 0.0), (0.0, 2.5, 0.0)))
    assert workspace.status.text() == "Only 1.0 mm to the right canal, less than 2.0 mm."
    state.remove_chosen()
    assert "canal" not in workspace.status.text()


def test_an_airway_is_measured_tinted_and_forgotten(made: list[VolumeWorkspace], wait: Wait, tmp_path: Path) -> None:
    def tube(place: np.ndarray) -> np.ndarray:
        apart = np.hypot(place[..., 0], place[..., 1])
        return np.where(apart < 5 - 2 * np.exp(-((place[..., 2] / 3) ** 2)), -1000.0, 40.0)

    scan = Scan(shape=(60, 64, 72), first=(-18, -16, -15))
    files = write(tmp_path / "tube", scan, tube, StudyInstanceUID="1.2.3")
    workspace = opened(Bureau(files).host(), made, wait)
    board = workspace.board
    assert board is not None
    workspace.take_tool("airway")
    axial = pane(workspace, View.AXIAL)
    QTest.mouseClick(axial, Qt.MouseButton.LeftButton, pos=at(axial, (0.0, 0.0, 0.0)).toPoint())
    wait(lambda: board.airway_page.found is not None)
    found = board.airway_page.found
    assert found is not None
    assert found.narrowest.area_mm2 == pytest.approx(np.pi * 9, rel=0.05)
    assert found.narrowest.z_mm == pytest.approx(0, abs=0.5)
    assert board.state.region is not None
    assert "cm³" in board.airway_page.words.text()
    board.state.set_plan(replace(board.state.plan, airway=None))
    assert board.state.region is None


def test_what_is_made_is_handed_to_the_host_as_dicom(workspace: VolumeWorkspace, bureau: Bureau, wait: Wait) -> None:
    board = workspace.board
    assert board is not None
    board.keep_cephalogram()
    wait(lambda: len(bureau.kept) == 1)
    board.keep_section()
    wait(lambda: len(bureau.kept) == 2)
    board.keep_all()
    wait(lambda: len(bureau.kept) == 3)
    ceph, section, capture = bureau.kept
    assert (ceph.opens, section.opens, capture.opens) == ("cephalometry", "", "")
    with open_image(ceph.content) as image:
        assert image.header.study_instance_uid == "1.2.3"
        assert image.header.pixel_size.row == pytest.approx(0.5)
    with open_image(section.content) as image:
        assert image.frame(0).values.max() > 1000
    board.report()
    assert bureau.saved["volume.pdf"].startswith(b"%PDF")


def test_a_surface_is_exported_as_it_is_shown(workspace: VolumeWorkspace, bureau: Bureau, wait: Wait) -> None:
    board = workspace.board
    assert board is not None
    board.scene_page.checks["Bone"].setChecked(True)
    wait(lambda: "Bone" in board.scene_page.meshes and not board.scene_page.words.text())
    board.scene_page._export_shown()
    assert len(bureau.saved["bone.stl"]) == 84 + 50 * len(board.scene_page.meshes["Bone"].triangles)


def test_loading_that_is_stopped_says_so_and_may_begin_again(
    bureau: Bureau, made: list[VolumeWorkspace], wait: Wait
) -> None:
    bureau.hold = True
    workspace = VolumeWorkspace(bureau.host(), TileTexts(), Look())
    made.append(workspace)
    workspace.show()
    workspace.load()
    wait(lambda: workspace.loading.bar.value() > 0)
    assert "12 MB" in workspace.loading.memory.text()
    workspace.loading.button.click()
    wait(lambda: "stopped" in workspace.loading.head.text())
    assert workspace.board is None
    bureau.hold = False
    workspace.loading.button.click()
    wait(lambda: workspace.board is not None)


def test_a_series_with_a_hole_says_so_above_the_planes(made: list[VolumeWorkspace], wait: Wait, tmp_path: Path) -> None:
    files = write(tmp_path / "ball", Scan(), sphere(CENTRE, 5.0), StudyInstanceUID="1.2.3")
    workspace = opened(Bureau([path for path in files if "_020" not in path.name]).host(), made, wait)
    assert workspace.notices.isVisible()
    assert "Missing slices: 1," in workspace.notices.text()


def test_a_volume_opened_again_is_not_read_again(
    bureau: Bureau, made: list[VolumeWorkspace], wait: Wait, tmp_path: Path
) -> None:
    bureau.cache = SessionCache(tmp_path / "cache")
    opened(bureau.host(), made, wait).close_volume()
    for path in bureau.files:
        if path != bureau.files[len(bureau.files) // 2]:
            path.unlink()
    again = opened(bureau.host(), made, wait)
    assert again.board is not None
    assert again.board.state.volume.shape == (60, 64, 72)
    bureau.cache.close()


def test_without_opengl_the_planes_are_complete(
    made: list[VolumeWorkspace], bureau: Bureau, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(_background: object) -> None:
        raise scene_view.NoOpenGl

    monkeypatch.setattr(scene_view, "Scene", none)
    workspace = opened(bureau.host(), made, wait)
    board = workspace.board
    assert board is not None
    wait(lambda: bool(board.scene.error))
    assert "OpenGL" in board.scene.accessibleDescription()
    assert "OpenGL" in board.scene_page.refusal.text()
    assert pane(workspace, View.AXIAL).shown is not None


def test_who_may_keep_nothing_is_told_why_and_keeps_nothing(
    bureau: Bureau, made: list[VolumeWorkspace], wait: Wait
) -> None:
    workspace = opened(bureau.host("Not allowed here."), made, wait)
    assert workspace.board is not None
    assert workspace.board.keep_page.words.text() == "Not allowed here."
    workspace.board.state.add_mark(MarkKind.LENGTH, ((0, 0, 0), (1, 1, 1)))
    workspace.save_plan()
    assert not bureau.plans


def test_what_was_drawn_before_is_shown_and_not_written_again(workspace: VolumeWorkspace, bureau: Bureau) -> None:
    assert workspace.board is not None
    workspace.board.state.add_mark(MarkKind.LENGTH, ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0)))
    workspace.save_plan()
    [kept] = bureau.plans
    body = json.loads(kept)
    body["marks"] = []
    workspace.set_plan(json.dumps(body))
    assert not workspace.board.state.plan.marks
    workspace.set_plan(kept)
    assert len(workspace.board.state.plan.marks) == 1
    workspace.save_plan()
    assert bureau.plans == [kept]


def test_what_is_no_volume_is_a_sentence(tmp_path: Path, made: list[VolumeWorkspace], wait: Wait) -> None:
    other = tmp_path / "note.dcm"
    other.write_bytes(b"no image")
    workspace = VolumeWorkspace(Bureau([other]).host(), TileTexts(), Look())
    made.append(workspace)
    workspace.load()
    wait(lambda: "no slices" in workspace.loading.head.text())


def test_what_a_hand_drags_is_drawn_as_often_as_it_can_be(qapp: QApplication, wait: Wait) -> None:
    post, shown, began = Post(qapp), list[int](), list[int]()
    with ThreadPoolExecutor(1) as pool:
        newest: Latest[int] = Latest(pool, post, shown.append)
        gate = threading.Event()

        def piece(number: int) -> Callable[[], int]:
            def work() -> int:
                began.append(number)
                assert gate.wait(20)
                return number

            return work

        for number in range(5):
            newest.ask(piece(number))
        wait(lambda: began == [0])
        gate.set()
        wait(lambda: shown == [0, 4])
        assert began == [0, 4], "what lay between is not even begun, and what was begun is shown"
        newest.ask(piece(5))
        newest.forget()
        wait(lambda: not newest.busy)
        assert shown == [0, 4], "what is wanted no more does not arrive"

        def fails() -> int:
            raise ValueError

        with capture_exceptions() as heard:
            newest.ask(fails)
            newest.ask(piece(6))
            wait(lambda: shown == [0, 4, 6])
        assert [kind for kind, _error, _trace in heard] == [ValueError], "and what fails is heard"
    newest.ask(piece(7))
    assert not newest.busy, "nor is anything begun after the end"

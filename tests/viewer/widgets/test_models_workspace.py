"""The workspace over study models: read, coloured, aligned, measured, with points placed by a click."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.viewer.mesh.test_meshes import globe
from viewer.io.documents import ImageReference
from viewer.mesh.mesh import Mesh, MeshError
from viewer.mesh.reading import read_mesh
from viewer.model.model_plan import model_plan_from_json
from viewer.pixels.source import open_image
from viewer.widgets.look import Look
from viewer.widgets.models.host import Author, Entry, Kept, ModelsHost, Reference
from viewer.widgets.models.report import report_body
from viewer.widgets.models.state import jaw_in
from viewer.widgets.models.workspace import ModelsWorkspace
from viewer.widgets.texts import TileTexts

Wait = Callable[[Callable[[], bool]], None]


def bumpy(centre: tuple[float, float, float]) -> Mesh:
    """A globe with hills, so that one place only fits another of its kind."""
    ball = globe(10)
    wave = 1 + 0.06 * np.sin(ball.points[:, 0] * 0.9) + 0.05 * np.cos(ball.points[:, 1] * 1.3 + ball.points[:, 2])
    return Mesh(ball.points * wave[:, None] + np.asarray(centre), ball.triangles)


MESHES = {"upper": bumpy((0, 0, 10.3)), "lower": globe(10, (0, 0, -10)), "later": bumpy((0.4, -0.3, 10.6))}


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
def kept() -> dict[str, str]:
    return {}


@pytest.fixture
def pictures() -> list[Kept]:
    return []


@pytest.fixture
def stood() -> dict[str, str]:
    return {}


@pytest.fixture
def workspace(
    qapp: QApplication, kept: dict[str, str], stood: dict[str, str], pictures: list[Kept], wait: Wait
) -> Iterator[ModelsWorkspace]:
    def read(key: str) -> Mesh:
        if key == "odd":
            return read_mesh(b"solid nothing\nendsolid", "stl")
        return MESHES[key]

    def reference(key: str) -> Reference:
        image = ImageReference("1.2.840.10008.5.1.4.1.1.104.3", f"1.{len(key)}", "1.2.3", "1.2", 0, 0, 1, "", ())
        return Reference(image, "M3D", "", "", 1)

    entries = (
        Entry("upper", "2026 · upper.stl"), Entry("lower", "2026 · lower.stl"), Entry("later", "2027 · other.stl"),
        Entry("odd", "2025 · odd.stl"),
    )  # fmt: skip
    host = ModelsHost(
        entries, read, kept.__setitem__, stood.__setitem__, lambda name, make: pictures.append(Kept(name, make())),
        reference, pictures.extend, Author("Dre Test", lambda: datetime(2026, 11, 24, tzinfo=UTC)), ("Rosalie Fortin",),
    )  # fmt: skip
    made = ModelsWorkspace(host, TileTexts(), Look())
    made.resize(1200, 800)
    made.show()
    made.load()
    wait(lambda: made.state.loading == 0)
    yield made
    made.close_models()
    made.deleteLater()


def test_the_jaw_is_proposed_from_the_name() -> None:
    assert jaw_in("12 mars · UpperJawScan.stl") == "upper"
    assert jaw_in("Maxillaire.ply") == "upper"
    assert jaw_in("patient_mandibular.obj") == "lower"
    assert jaw_in("scan 3.stl") == ""


def test_both_jaws_are_shown_and_an_odd_file_is_a_sentence(workspace: ModelsWorkspace, wait: Wait) -> None:
    state = workspace.state
    assert [key for key, model in state.models.items() if model.shown] == ["upper", "lower"]
    odd = workspace.list.item(3)
    odd.setCheckState(Qt.CheckState.Checked)
    wait(lambda: bool(state.models["odd"].error))
    assert "no surface" in workspace.words.text()
    assert odd.checkState() is Qt.CheckState.Unchecked


def test_the_occlusion_has_known_distances_and_colours(workspace: ModelsWorkspace, wait: Wait) -> None:
    page = workspace.occlusion_page
    assert page.keys == ("upper", "lower")
    workspace.state.models["upper"].mesh = globe(10, (0, 0, 10.3))
    page.measure()
    wait(lambda: workspace.state.models["lower"].tint is not None)
    assert page.words.text().startswith("Nearest 0.3")
    tint = workspace.state.models["upper"].tint
    assert tint is not None
    assert tint.colours is not None
    page.plain()
    assert workspace.state.models["upper"].tint is None


def test_a_model_is_aligned_by_points_and_then_by_its_surface(workspace: ModelsWorkspace, wait: Wait) -> None:
    page, state = workspace.align_page, workspace.state
    page.first.setCurrentIndex(page.first.findData("later"))
    page.second.setCurrentIndex(page.second.findData("upper"))
    page.pick.setChecked(True)
    rough = np.array([0.25, 0.1, -0.2])
    for place in np.array([[9.0, 0, 10], [0, 9.0, 12], [-8.0, 0, 14], [0, -9.0, 8]]):
        assert page.wanted == "later"
        page.take(place + np.array([0.4, -0.3, 0.3]))
        assert page.wanted == "upper"
        page.take(place + rough)
    page.by_points()
    assert state.models["later"].matrix[:3, 3] == pytest.approx(rough - np.array([0.4, -0.3, 0.3]), abs=1e-6)
    page.by_surfaces()
    wait(lambda: "pairs" in page.words.text() and not page.words.text().startswith("4 "))
    assert state.models["later"].matrix[:3, 3] == pytest.approx((-0.4, 0.3, -0.3), abs=0.05)
    dates = workspace.dates_page
    dates.first.setCurrentIndex(dates.first.findData("later"))
    dates.second.setCurrentIndex(dates.second.findData("upper"))
    dates.measure()
    wait(lambda: "Root mean square 0.0" in dates.words.text())
    page.reset()
    assert state.models["later"].matrix == pytest.approx(np.eye(4))
    page.pick.setChecked(True)
    page.by_points()
    assert "three pairs" in page.words.text()


def test_an_alignment_is_handed_to_the_host_and_stands_there_again(
    workspace: ModelsWorkspace, kept: dict[str, str], stood: dict[str, str]
) -> None:
    state, matrix = workspace.state, np.array([[0, -1, 0, 5], [1, 0, 0, -2], [0, 0, 1, 7], [0, 0, 0, 1.0]])
    state.place("upper", "incisor", (1.0, 2.0, 3.0))
    state.move("upper", matrix)
    plan = model_plan_from_json(stood["upper"])
    assert plan.matrix == matrix.tolist()
    assert plan.points == {"incisor": (1.0, 2.0, 3.0)}, "what was placed and not yet kept goes with it"
    workspace.save_plans()
    assert not kept, "one command is enough"
    workspace.set_plan("upper", "")
    assert state.models["upper"].matrix == pytest.approx(np.eye(4)), "undone"
    workspace.set_plan("upper", stood["upper"])
    assert state.models["upper"].matrix == pytest.approx(matrix)
    assert state.moved(state.models["upper"], (1.0, 0.0, 0.0)) == pytest.approx((5, -1, 7))


def test_a_click_places_the_point_in_the_millimetres_of_the_file(
    workspace: ModelsWorkspace, wait: Wait, kept: dict[str, str]
) -> None:
    page, state = workspace.analysis_page, workspace.state
    matrix = np.eye(4)
    matrix[:3, 3] = (0, 0, 100)
    state.move("lower", matrix)
    page.jaw.setCurrentIndex(1)
    page.pick.setChecked(True)
    assert page.wanted == "lower"
    first = page.name
    workspace._pointed((np.array([0.0, -60.0, 90.0]), np.array([0.0, 1.0, 0.0])))
    wait(lambda: first in state.models["lower"].plan.points)
    assert state.models["lower"].plan.points[first] == pytest.approx((0, -10, -10), abs=0.05)
    assert page.points.item(0).text().startswith("✓")
    assert page.name != first
    workspace.save_plans()
    assert model_plan_from_json(kept["lower"]).points[first] == pytest.approx((0, -10, -10), abs=0.05)
    page.points.setCurrentRow(0)
    page.take_away()
    assert first not in state.models["lower"].plan.points


def test_the_scene_is_kept_and_reported_as_it_stands(
    workspace: ModelsWorkspace, pictures: list[Kept], wait: Wait
) -> None:
    wait(lambda: not workspace.busy)
    workspace.keep.click()
    wait(lambda: len(pictures) == 1)
    with open_image(pictures[0].content) as image:
        assert image.header.study_instance_uid == "1.2"
        assert (image.columns, image.rows) == (workspace.scene.width(), workspace.scene.height())
        assert image.frame(0).values.std() > 5, "there is something in it"
    workspace.occlusion_page.measure()
    wait(lambda: workspace.state.models["lower"].tint is not None)
    workspace.report()
    assert pictures[1].name == "models.pdf"
    assert pictures[1].content.startswith(b"%PDF")
    for words in ("Model report", "Rosalie Fortin", "2026 · upper.stl", "Dre Test", "Nearest"):
        assert words in report_body(workspace)
    for key in ("upper", "lower"):
        workspace.state.show(key, False)
    workspace.keep.click()
    assert "Show a model first" in workspace.words.text()
    assert len(pictures) == 2


def test_a_click_beside_the_model_places_nothing(workspace: ModelsWorkspace, wait: Wait) -> None:
    page = workspace.analysis_page
    page.pick.setChecked(True)
    workspace._pointed((np.array([500.0, -60.0, 90.0]), np.array([0.0, 1.0, 0.0])))
    wait(lambda: not workspace.busy)
    assert not workspace.state.models["upper"].plan.points


def test_reading_that_fails_is_no_crash(workspace: ModelsWorkspace) -> None:
    with pytest.raises(MeshError):
        workspace.host.read("odd")

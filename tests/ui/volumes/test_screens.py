"""Volume and models in the shell: opened from the images, kept by commands, undone, and measured as a cephalogram."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from app.core.ids import PatientId
from app.imaging.importing import ImportReport
from app.imaging.queries import images_of, models_of, spatial_plans_of, volumes_of
from app.journal.queries import SYSTEM, Actor
from tests.ui.imaging.conftest import Until
from tests.viewer.mesh.test_meshes import globe
from tests.viewer.volume.phantoms import Scan, sphere, write
from ui.imaging.images_tab import ImagesTab
from ui.shell.window import Window
from ui.volumes.models_view import ModelsView
from ui.volumes.volume_view import VolumeView
from viewer.mesh.reading import stl_bytes
from viewer.model.volume_plan import MarkKind

Rest = Callable[[Window], None]
Take = Callable[..., ImportReport]


@pytest.fixture
def scanned(tmp_path: Path, take: Take, rosalie: PatientId) -> PatientId:
    """A patient with a small volume and two models."""
    scan = Scan(shape=(40, 64, 72), first=(-18, -16, -10))
    whose = {"StudyInstanceUID": "1.2.3", "StudyDate": "20260110", "SeriesDescription": "CBCT"}
    write(tmp_path / "ball", scan, sphere((2.0, -1.5, 1.0), 6.0), **whose)
    (tmp_path / "upper.stl").write_bytes(stl_bytes(globe(10, (0, 0, 6))))
    (tmp_path / "lower.stl").write_bytes(stl_bytes(globe(10, (0, 0, -15))))
    report = take(tmp_path, patient_id=rosalie)
    assert report.imported == 42
    return rosalie


def volume(window: Window, rest: Rest, until: Until, patient_id: PatientId) -> VolumeView:
    window.resize(1440, 900)
    window.open("volume", patient_id=patient_id)
    rest(window)
    view = window.screens["volume"]
    assert isinstance(view, VolumeView)
    until(lambda: view.workspace is not None and view.workspace.board is not None)
    return view


def test_a_series_of_slices_is_a_volume_and_opens_from_the_images(
    window: Window, rest: Rest, until: Until, scanned: PatientId
) -> None:
    runner = window.bench.runner
    [line] = runner.ask(SYSTEM, volumes_of, scanned)
    assert (line.slices, line.rows, line.columns, line.bytes_needed) == (40, 64, 72, 2 * 40 * 64 * 72)
    assert len(runner.ask(SYSTEM, models_of, scanned)) == 2
    opened: list[tuple[str, dict[str, str]]] = []
    [series] = [s for study in runner.ask(SYSTEM, images_of, scanned) for s in study.series if s.modality == "CT"]
    images = ImagesTab(window.bench, window)
    images.choose(patient_id=scanned)
    images.open_screen.connect(lambda name, chosen: opened.append((name, chosen)))
    images._open_of(series, series.images[0])
    assert opened == [("volume", {"patient_id": scanned, "series_id": line.series_id})]
    images.deleteLater()
    view = volume(window, rest, until, scanned)
    assert view.workspace is not None
    assert view.workspace.board is not None
    assert view.workspace.board.state.volume.unit == "", "of a cone beam nothing is called a Hounsfield unit"
    with runner.read(SYSTEM) as read:
        kept = read.sql("SELECT detail FROM access_log WHERE detail LIKE 'series %'")
    assert len(kept) == 1, "the opening is noted once, not for each slice"


def test_what_is_drawn_is_kept_by_a_command_and_stands_there_again(
    window: Window, rest: Rest, until: Until, scanned: PatientId
) -> None:
    runner = window.bench.runner
    view = volume(window, rest, until, scanned)
    assert view.workspace is not None
    assert view.workspace.board is not None
    view.workspace.board.state.add_mark(MarkKind.LENGTH, ((0.0, 0.0, 0.0), (3.0, 4.0, 0.0)))
    view.workspace.save_plan()
    until(lambda: bool(runner.ask(SYSTEM, spatial_plans_of, scanned)))
    view.close_workspace()
    view.freshen()
    until(lambda: view.workspace is not None and view.workspace.board is not None)
    board = view.workspace.board
    assert board is not None
    until(lambda: len(board.state.plan.marks) == 1)


def test_a_cephalogram_goes_straight_into_cephalometry_and_can_be_undone(
    window: Window, rest: Rest, until: Until, scanned: PatientId
) -> None:
    runner = window.bench.runner
    view = volume(window, rest, until, scanned)
    assert view.workspace is not None
    assert view.workspace.board is not None

    def modalities() -> set[str]:
        return {s.modality for study in runner.ask(SYSTEM, images_of, scanned) for s in study.series}

    assert "DX" not in modalities()
    view.workspace.board.keep_cephalogram()
    until(lambda: "DX" in modalities())
    reading = window.screens
    until(lambda: "reading" in reading and reading["reading"].isVisible())
    until(lambda: reading["reading"].workspace is not None and reading["reading"].workspace.tool_name == "ceph")
    studies = runner.ask(SYSTEM, images_of, scanned)
    [made] = [s for study in studies for s in study.series if s.modality == "DX"]
    assert {s.series_instance_uid for study in studies if made in study.series for s in study.series} > {
        made.series_instance_uid
    }, "it stands in the study of its volume"
    assert window.bench.undo_last()
    until(lambda: "DX" not in modalities())


def test_without_the_right_to_mark_nothing_is_kept(
    window: Window, rest: Rest, until: Until, scanned: PatientId
) -> None:
    actor = window.bench.actor
    window.bench.sign_in(Actor(actor.id, actor.name, actor.permissions - {"mark_images"}))
    view = volume(window, rest, until, scanned)
    assert view.workspace is not None
    assert view.workspace.host.refusal


def test_a_file_that_leaves_is_noted_first(
    window: Window, rest: Rest, until: Until, scanned: PatientId, tmp_path: Path
) -> None:
    view = volume(window, rest, until, scanned)
    assert view.workspace is not None
    where = tmp_path / "bone.stl"
    keeping = view.workspace.host.save.__self__
    keeping.save_to(where, lambda: b"solid")
    until(where.exists)
    with window.bench.runner.read(SYSTEM) as read:
        noted = read.sql("SELECT detail FROM access_log WHERE kind = 'export'")
    assert any("reconstruction stl" in row[0] for row in noted)


def test_a_patient_without_a_volume_or_model_is_told_so(
    window: Window, rest: Rest, until: Until, rosalie: PatientId
) -> None:
    for name in ("volume", "models"):
        window.open(name, patient_id=rosalie)
        rest(window)
        until(lambda name=name: not window.screens[name].shows_body)


def test_points_on_a_model_are_kept_and_its_jaw_is_proposed(
    window: Window, rest: Rest, until: Until, scanned: PatientId
) -> None:
    window.resize(1440, 900)
    window.open("models", patient_id=scanned)
    rest(window)
    view = window.screens["models"]
    assert isinstance(view, ModelsView)
    until(lambda: view.workspace is not None and not view.workspace.state.loading)
    assert view.workspace is not None
    state = view.workspace.state
    upper = state.of_jaw("upper")
    assert upper is not None
    assert upper.mesh is not None
    state.place(upper.entry.key, "incisor", (1.0, 2.0, 3.0))
    view.workspace.save_plans()
    until(lambda: bool(window.bench.runner.ask(SYSTEM, spatial_plans_of, scanned)))
    view.close_workspace()
    view.freshen()
    until(lambda: view.workspace is not None)
    workspace = view.workspace
    assert workspace is not None
    until(lambda: workspace.state.models[upper.entry.key].plan.points == {"incisor": (1.0, 2.0, 3.0)})


def test_an_alignment_stands_there_again_in_the_next_session_and_is_undone(
    window: Window, rest: Rest, until: Until, scanned: PatientId
) -> None:
    window.open("models", patient_id=scanned)
    rest(window)
    view = window.screens["models"]
    assert isinstance(view, ModelsView)
    until(lambda: view.workspace is not None and not view.workspace.state.loading)
    assert view.workspace is not None
    upper = view.workspace.state.of_jaw("upper")
    assert upper is not None
    key, matrix = upper.entry.key, np.array([[0, -1, 0, 5], [1, 0, 0, -2], [0, 0, 1, 7], [0, 0, 0, 1.0]])
    view.workspace.state.move(key, matrix)
    until(lambda: bool(window.bench.runner.ask(SYSTEM, spatial_plans_of, scanned)))
    view.close_workspace()
    view.freshen()

    def stands(there: np.ndarray) -> bool:
        workspace = view.workspace
        return workspace is not None and np.allclose(workspace.state.models[key].matrix, there)

    until(lambda: stands(matrix))
    assert window.bench.undo_last()
    until(lambda: stands(np.eye(4)))


def test_a_picture_of_the_models_stands_in_their_study(
    window: Window, rest: Rest, until: Until, scanned: PatientId
) -> None:
    window.resize(1440, 900)
    window.open("models", patient_id=scanned)
    rest(window)
    view = window.screens["models"]
    assert isinstance(view, ModelsView)
    until(lambda: view.workspace is not None and not view.workspace.busy)
    assert view.workspace is not None
    assert "Rosalie" in view.workspace.host.whose[0]
    view.workspace.keep_picture()

    def pictures() -> list[str]:
        studies = window.bench.runner.ask(SYSTEM, images_of, scanned)
        return [s.description or "" for study in studies for s in study.series if s.modality == "OT"]

    until(lambda: pictures() != [])
    assert window.bench.undo_last()
    until(lambda: pictures() == [])

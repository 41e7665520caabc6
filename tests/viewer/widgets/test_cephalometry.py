"""Placing landmarks by hand and by keys, proposals that stay apart, live measures, norms, change over time, report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTableWidgetItem
from pytestqt.qtbot import QtBot

from tests.viewer.conftest import MakeImage
from tests.viewer.model.cephalometry.face import BY_HAND, FACE
from tests.viewer.widgets.test_workspace import film
from viewer.io.analysis_files import AnalysisFiles
from viewer.io.file_source import FileSource
from viewer.io.onnx_landmarks import NO_RUNTIME
from viewer.model.cephalometry import ANALYSES
from viewer.model.cephalometry.automatic import AutomaticError
from viewer.model.cephalometry.kept import Placed
from viewer.model.cephalometry.proposals import Proposal
from viewer.model.cephalometry.store import CLINIC
from viewer.model.spacing import PixelSize
from viewer.widgets.cephalometry.board import NO_FINDER, Cephalometry
from viewer.widgets.cephalometry.deviations import DEVIATION_ROLE, standing
from viewer.widgets.cephalometry.norms import MeasureEditor, NormEditor
from viewer.widgets.cephalometry.offered import SidePanels, WiggleChart, WiggleDialog, install_cephalometry
from viewer.widgets.cephalometry.over_time import OverTime
from viewer.widgets.cephalometry.report import ReportError, write_report
from viewer.widgets.marking.offered import install_marking
from viewer.widgets.pane import Pane
from viewer.widgets.workspace import Workspace

Key = Qt.Key
Shift, Control = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
ON_FILM = {name: (x + 40.0, 100.0 - y) for name, (x, y) in FACE.items()}
"""The profile of `face`, a pixel a millimetre, on a film of 300 × 200."""


@pytest.fixture
def ceph(make_image: MakeImage, tmp_path: Path, qtbot: QtBot) -> Cephalometry:
    """Two cephalograms of one patient, a calibrated millimetre a pixel; the first is shown."""
    folder = tmp_path / "images"
    folder.mkdir()
    for name, day, study in (("first", "20240114", "2.25.100"), ("second", "20260114", "2.25.200")):
        film(
            make_image, folder, name, Modality="DX", study=study, StudyDate=day, PatientSex="F",
            SeriesDescription="Céphalométrie", PixelSpacing=[1.0, 1.0], PixelSpacingCalibrationType="FIDUCIAL",
        )  # fmt: skip
    workspace = Workspace(FileSource([folder]))
    qtbot.addWidget(workspace)
    workspace.resize(1400, 900)
    marking = install_marking(workspace, "Dre Gagnon")
    made = install_cephalometry(workspace, marking, AnalysisFiles(tmp_path / "analyses"))
    workspace.show()
    workspace.load()
    qtbot.waitUntil(lambda: workspace.active is not None and workspace.active.may_measure, timeout=60_000)
    workspace.take_tool("ceph")
    tile(made).setFocus()
    return made


def tile(ceph: Cephalometry) -> Pane:
    pane = ceph.pane
    assert pane is not None
    return pane


def press(ceph: Cephalometry, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(tile(ceph), key, modifier)


def click(ceph: Cephalometry, point: tuple[float, float]) -> None:
    at = tile(ceph).to_widget(point).toPoint()
    QTest.mouseClick(tile(ceph), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)


def place_all(ceph: Cephalometry) -> None:
    for name in FACE:
        ceph.place(name, ON_FILM[name], proposes=False)


def test_clicks_place_the_landmarks_in_the_order_of_the_analysis(ceph: Cephalometry) -> None:
    order = ceph.order()
    assert order[:2] == ("S", "N")
    assert ceph.current == "S"
    click(ceph, ON_FILM["S"])
    assert ceph.current == "N"
    click(ceph, ON_FILM["N"])
    assert set(ceph.placed().points) == {"S", "N"}
    assert ceph.placed().points["N"] == pytest.approx(ON_FILM["N"], abs=1)
    assert ceph.current == order[2]


@pytest.mark.parametrize("analysis", ANALYSES)
def test_the_measures_on_screen_are_those_worked_out_by_hand(ceph: Cephalometry, analysis: str) -> None:
    place_all(ceph)
    ceph.choose_analysis(analysis)
    found = {reading.measure.measure_id: reading.value for reading in ceph.readings()}
    assert found == pytest.approx(BY_HAND[analysis], abs=0.06)


def test_a_landmark_can_be_placed_skipped_nudged_and_undone_by_keys(ceph: Cephalometry) -> None:
    press(ceph, Key.Key_Return)
    press(ceph, Key.Key_Right, Shift)
    press(ceph, Key.Key_Return)
    first = ceph.placed().points["S"]
    middle = tile(ceph).view
    assert middle is not None
    assert first == pytest.approx((middle.center[0] + 10, middle.center[1]))
    press(ceph, Key.Key_Left)
    assert ceph.placed().points["S"][0] == first[0] - 1
    press(ceph, Key.Key_PageDown)
    assert "N" in ceph.placed().skipped
    assert ceph.current == ceph.order()[2]
    press(ceph, Key.Key_PageUp)
    assert ceph.current == "N"
    press(ceph, Key.Key_Z, Control)
    press(ceph, Key.Key_Z, Control)
    assert ceph.placed().points["S"] == first
    press(ceph, Key.Key_Z, Control | Shift)
    assert ceph.placed().points["S"][0] == first[0] - 1
    ceph.choose("S")
    press(ceph, Key.Key_Delete)
    assert ceph.placed().points == {}
    assert ceph.current == "S"


def test_a_landmark_that_stands_is_dragged_not_placed_anew(ceph: Cephalometry) -> None:
    click(ceph, ON_FILM["S"])
    start, end = (tile(ceph).to_widget(p).toPoint() for p in (ceph.placed().points["S"], (75.0, 95.0)))
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(tile(ceph), left, none, start)
    QTest.mouseMove(tile(ceph), end)
    QTest.mouseRelease(tile(ceph), left, none, end)
    assert set(ceph.placed().points) == {"S"}
    assert ceph.placed().points["S"] == pytest.approx((75, 95), abs=1)


class Finder:
    """A model that is sure of two points."""

    name = "Test model 1 (own)"

    def find(self, values: NDArray[Any], size: PixelSize) -> Sequence[Proposal]:
        return [Proposal("S", (60.0, 80.0), 0.9, "Automatic"), Proposal("N", (130.0, 71.0), 0.4, "Automatic")]


class Broken:
    """A model without its package."""

    name = "Broken"

    def find(self, values: NDArray[Any], size: PixelSize) -> Sequence[Proposal]:
        raise AutomaticError(NO_RUNTIME)


def test_proposals_of_a_model_are_drawn_apart_and_never_used_unconfirmed(ceph: Cephalometry, qtbot: QtBot) -> None:
    before = tile(ceph).grab().toImage()
    ceph.finder = Finder()
    ceph.find_automatically()
    qtbot.waitUntil(lambda: len(ceph.proposals(ceph.key)) == 2)
    assert ceph.placed().points == {}
    assert all(reading.value is None for reading in ceph.readings())
    assert tile(ceph).grab().toImage() != before
    press(ceph, Key.Key_Space)
    assert ceph.placed().points == {"S": (60.0, 80.0)}
    press(ceph, Key.Key_Escape)
    assert ceph.proposals(ceph.key) == ()
    assert set(ceph.placed().points) == {"S"}


def test_without_a_model_or_its_package_a_sentence_says_so(ceph: Cephalometry, qtbot: QtBot) -> None:
    ceph.find_automatically()
    assert ceph.workspace.status.text() == NO_FINDER
    ceph.finder = Broken()
    ceph.find_automatically()
    qtbot.waitUntil(lambda: ceph.workspace.status.text() == NO_RUNTIME)


def test_an_edge_beside_a_click_is_proposed_and_moves_the_landmark_only_when_confirmed(
    ceph: Cephalometry, monkeypatch: pytest.MonkeyPatch
) -> None:
    y, x = np.mgrid[0:200, 0:300] + 0.5
    monkeypatch.setattr(ceph, "values", lambda: np.where(np.hypot(x - 100, y - 100) < 40, 1000, 0))
    ceph.choose("Pog")
    ceph.place("Pog", (134.0, 108.0))
    offer = ceph.offer()
    assert offer is not None
    assert ceph.placed().points["Pog"] == (134.0, 108.0)
    assert ceph.accept()
    assert ceph.placed().points["Pog"] == pytest.approx((140, 100), abs=3)
    assert ceph.offer() is None


def test_the_panel_shows_picture_definition_and_live_measures(ceph: Cephalometry, qtbot: QtBot) -> None:
    panels = SidePanels(ceph.marking, ceph)
    qtbot.addWidget(panels)
    panels.show()
    panel = panels.ceph
    assert panel.definition.text() == "Centre of the pituitary fossa."
    assert panel.diagram.accessibleName().startswith("Sella")
    assert panel.count.text() == f"0 of {len(ceph.order())} points"
    place_all(ceph)
    ceph.choose_analysis("downs")
    row = [panel.measures.item(0, column) for column in range(4)]
    assert all(isinstance(item, QTableWidgetItem) for item in row)
    assert row[1] is not None
    assert row[3] is not None
    assert row[1].text() == "86.4°"
    assert row[3].data(Qt.ItemDataRole.AccessibleTextRole) == "−0.4 SD, within one SD"
    assert row[3].data(DEVIATION_ROLE) == pytest.approx((86.39 - 87.8) / 3.57, abs=0.01)
    assert "Am J Orthod 1948" in row[0].toolTip()
    ceph.workspace.take_tool("length")
    assert panels.currentWidget() is panels.marks
    ceph.workspace.take_tool("ceph")
    assert panels.currentWidget() is panel


def test_a_norm_without_a_deviation_shows_the_plain_difference(ceph: Cephalometry, qtbot: QtBot) -> None:
    panels = SidePanels(ceph.marking, ceph)
    qtbot.addWidget(panels)
    place_all(ceph)
    cell = panels.ceph.measures.item(0, 3)
    assert cell is not None
    assert cell.text() == "−1.3", "SNA 80.7° against Steiner's 82°, for which he gave no deviation"
    assert cell.data(Qt.ItemDataRole.AccessibleTextRole) == "−1.3 from the norm"


def test_the_second_window_does_not_place_points_on_the_image_of_the_first(ceph: Cephalometry, qtbot: QtBot) -> None:
    second = ceph.workspace.open_second()
    qtbot.waitUntil(lambda: bool(second.panes) and second.panes[0].may_measure, timeout=60_000)
    second.take_tool("ceph")
    QTest.mouseClick(second.panes[0], Qt.MouseButton.LeftButton, pos=second.panes[0].rect().center())
    QTest.keyClick(second.panes[0], Key.Key_Return)
    assert ceph.placed().points == {}


def test_lengths_in_pixels_stand_against_no_norm(ceph: Cephalometry, monkeypatch: pytest.MonkeyPatch) -> None:
    place_all(ceph)
    ceph.choose_analysis("wits")
    assert standing(ceph.readings()[0]) is not None
    from viewer.widgets.marking.layer import UNKNOWN_SIZE

    monkeypatch.setattr(ceph, "size", lambda _key=None: UNKNOWN_SIZE)
    assert ceph.readings()[0].uncalibrated
    assert standing(ceph.readings()[0]) is None


def test_the_clinic_edits_a_norm_and_must_say_its_source(ceph: Cephalometry, qtbot: QtBot) -> None:
    editor = NormEditor(ceph)
    qtbot.addWidget(editor)
    mean, source = editor.table.item(0, 1), editor.table.item(0, 7)
    assert mean is not None
    assert source is not None
    mean.setText("80,5")
    assert source.text() == "", "a typed figure does not borrow the source of the paper"
    source.setText("Our clinic 2025")
    editor.save()
    norm = ceph.analysis.measures[0].norms[0]
    assert (norm.mean, norm.sd, norm.source) == (80.5, None, "Our clinic 2025")
    assert ceph.analysis.measures[1:] == ANALYSES["steiner"].measures[1:]
    again = NormEditor(ceph)
    qtbot.addWidget(again)
    again.restore()
    assert ceph.analysis == ANALYSES["steiner"]
    wrong = again.table.item(0, 1)
    assert wrong is not None
    wrong.setText("much")
    again.save()
    assert "much" in again.problem.text()
    assert ceph.analysis == ANALYSES["steiner"]


def test_a_measure_by_formula_is_checked_while_it_is_typed(ceph: Cephalometry, qtbot: QtBot) -> None:
    editor = MeasureEditor(ceph)
    qtbot.addWidget(editor)
    editor.label.setText("My angle")
    for wrong in ("angle(S, N)", "open('x')", "angle(S, N, Q)", "S"):
        editor.formula.setText(wrong)
        assert not editor.ok.isEnabled(), wrong
    editor.formula.setText("angle(S, N, A) − angle(S, N, B)")
    assert editor.ok.isEnabled()
    assert editor.verdict.text() == "Needs the landmarks: A, B, N, S"
    editor.save()
    assert ceph.analysis_id == CLINIC
    place_all(ceph)
    assert ceph.readings()[0].value == pytest.approx(BY_HAND["steiner"]["ANB"], abs=0.06)


def test_two_times_are_compared_and_laid_over_each_other(ceph: Cephalometry, qtbot: QtBot) -> None:
    first, second = (study.images[0].key for study in reversed(ceph.workspace.catalogue.studies))
    grown = {name: (x + (2.0 if name in ("Pog", "Me", "B") else 0.0), y + 3.0) for name, (x, y) in ON_FILM.items()}
    ceph.set_tracing(first, Placed(dict(ON_FILM)))
    ceph.set_tracing(second, Placed(grown))
    dialog = OverTime(ceph)
    qtbot.addWidget(dialog)
    assert [stage.key for stage in dialog.stages] == [first, second]
    sna, snb = dialog.changes()[:2]
    assert sna.steps[0] == pytest.approx(0, abs=1e-6)
    assert snb.steps[0] is not None
    assert snb.steps[0] > 1
    over = dialog.superimposed()[0]
    assert over.trusted
    assert over.moves["Pog"] == pytest.approx((2.0, 0.0), abs=1e-6), "what moved with the head did not grow"
    assert dialog.moves.rowCount() == len(FACE)
    dialog.grab()


def test_one_tracing_alone_says_what_is_missing(ceph: Cephalometry, qtbot: QtBot) -> None:
    dialog = OverTime(ceph)
    qtbot.addWidget(dialog)
    assert dialog.note.text().startswith("Trace at least two")


def test_the_report_is_a_pdf_with_pages_and_needs_landmarks(ceph: Cephalometry, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    with pytest.raises(ReportError):
        write_report(ceph, path, date(2026, 11, 24))
    place_all(ceph)
    pages = write_report(ceph, path, date(2026, 11, 24))
    data = path.read_bytes()
    assert data.startswith(b"%PDF-")
    assert data.count(b"/Type /Page\n") == pages >= 2


def test_the_wiggle_chart_says_in_words_what_it_draws(ceph: Cephalometry, qtbot: QtBot) -> None:
    place_all(ceph)
    ceph.choose_analysis("jarabak")
    dialog = WiggleDialog(ceph)
    qtbot.addWidget(dialog)
    dialog.grab()
    assert "Articular angle 154.7° (143 ± 6)" in dialog.findChildren(WiggleChart)[0].accessibleName()


def test_the_glass_shows_the_place_under_the_pointer(ceph: Cephalometry) -> None:
    pane = tile(ceph)
    plain = pane.grab().toImage()
    QTest.mouseMove(pane, pane.to_widget((100, 100)).toPoint())
    assert pane.grab().toImage() != plain

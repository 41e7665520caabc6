"""Marks drawn, moved, nudged, listed, hidden, locked, undone, refused, sent out and taken in: by hand and by keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.viewer.conftest import MakeImage
from tests.viewer.widgets.test_workspace import film
from viewer.io.file_source import FileSource
from viewer.model.marks import Kind, Layer, Mark
from viewer.model.spacing import Unit
from viewer.widgets.marking.board import Marking
from viewer.widgets.marking.exchange import Exchange, merged
from viewer.widgets.marking.offered import IN_MENU, install_marking
from viewer.widgets.marking.panel import MarksPanel
from viewer.widgets.marking.words import source_words, value_words
from viewer.widgets.pane import Pane
from viewer.widgets.texts import WAIT_FOR_ORIGINAL
from viewer.widgets.workspace import Workspace

Key = Qt.Key
Shift = Qt.KeyboardModifier.ShiftModifier


class Answers:
    """What a person would say."""

    def __init__(self) -> None:
        self.words: str | None = "note"
        self.number: int | None = 21
        self.length: float | None = 10.0

    def text(self, title: str, label: str, before: str = "") -> str | None:
        return self.words

    def tooth(self) -> int | None:
        return self.number

    def length_mm(self) -> float | None:
        return self.length


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def marking(make_image: MakeImage, tmp_path: Path, qtbot: QtBot, answers: Answers) -> Marking:
    """One cephalogram of 300 × 200 pixels of 0.2 mm at the detector."""
    folder = tmp_path / "images"
    folder.mkdir()
    film(make_image, folder, "ceph", Modality="DX", ImagerPixelSpacing=[0.2, 0.2])
    workspace = Workspace(FileSource([folder]))
    qtbot.addWidget(workspace)
    workspace.resize(1000, 700)
    made = install_marking(workspace, "Dre Gagnon", answers)
    workspace.show()
    workspace.load()
    qtbot.waitUntil(lambda: workspace.active is not None and workspace.active.may_measure, timeout=60_000)
    return made


def tile(marking: Marking) -> Pane:
    pane = marking.pane
    assert pane is not None
    return pane


def at(marking: Marking, x: float, y: float) -> QPoint:
    return tile(marking).to_widget((x, y)).toPoint()


def drag(marking: Marking, start: tuple[float, float], end: tuple[float, float]) -> None:
    pane, left = tile(marking), Qt.MouseButton.LeftButton
    QTest.mousePress(pane, left, Qt.KeyboardModifier.NoModifier, at(marking, *start))
    QTest.mouseMove(pane, at(marking, (start[0] + end[0]) / 2, (start[1] + end[1]) / 2))
    QTest.mouseMove(pane, at(marking, *end))
    QTest.mouseRelease(pane, left, Qt.KeyboardModifier.NoModifier, at(marking, *end))


def click(marking: Marking, *points: tuple[float, float]) -> None:
    for point in points:
        QTest.mouseClick(tile(marking), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at(marking, *point))


def press(marking: Marking, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(tile(marking), key, modifier)


def only(marking: Marking) -> Mark:
    assert len(marking.sheet.marks) == 1
    return marking.sheet.marks[0]


def test_a_length_is_dragged_and_says_where_its_millimetres_come_from(marking: Marking) -> None:
    marking.workspace.take_tool("length")
    drag(marking, (50, 50), (150, 50))
    mark, size = only(marking), marking.size()
    locale = marking.workspace.locale()
    assert mark.kind is Kind.LENGTH
    assert mark.points[1][0] - mark.points[0][0] == pytest.approx(100, abs=1.5)
    assert value_words(mark, size, marking.texts, locale).endswith("mm @detector")
    assert source_words(mark, size, marking.texts).startswith("Size at the detector")
    assert marking.chosen == mark.mark_id


def test_two_clicks_make_a_length_too_and_an_angle_needs_three(marking: Marking) -> None:
    marking.workspace.take_tool("length")
    click(marking, (50, 50), (80, 90))
    marking.workspace.take_tool("angle")
    click(marking, (100, 50), (100, 100), (150, 100))
    length, angle = marking.sheet.marks
    assert (length.kind, angle.kind) == (Kind.LENGTH, Kind.ANGLE)
    assert value_words(angle, marking.size(), marking.texts, marking.workspace.locale()) == "90.0°"


def test_an_area_ends_with_a_double_click_and_holds_statistics(marking: Marking) -> None:
    marking.workspace.take_tool("area")
    click(marking, (50, 50), (100, 50), (100, 100))
    QTest.mouseClick(tile(marking), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at(marking, 50, 100))
    QTest.mouseDClick(tile(marking), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at(marking, 50, 100))
    found = marking.statistics(only(marking))
    assert len(only(marking).points) == 4
    assert found is not None
    assert found.mean == pytest.approx(5 * 75 + 75, abs=15), "the film is 5 × column + row"


def test_a_freehand_line_follows_the_hand(marking: Marking) -> None:
    marking.workspace.take_tool("freehand")
    drag(marking, (20, 20), (120, 90))
    assert only(marking).kind is Kind.FREEHAND
    assert len(only(marking).points) >= 3


def test_a_ruler_calibrates_every_figure_of_the_image(marking: Marking, answers: Answers) -> None:
    marking.workspace.take_tool("length")
    drag(marking, (50, 50), (150, 50))
    marking.workspace.take_tool("ruler")
    drag(marking, (50, 100), (150, 100))
    force = marking.sheet.calibration
    assert force is not None
    assert (force.known_um, force.calibrated_by) == (10_000, "Dre Gagnon")
    assert marking.size().unit is Unit.MM
    assert (
        value_words(marking.sheet.marks[0], marking.size(), marking.texts, marking.workspace.locale()) == "10.0\u00a0mm"
    )
    marking.delete()
    assert marking.sheet.calibration is None
    answers.length = None
    drag(marking, (50, 100), (150, 100))
    assert len(marking.sheet.marks) == 1, "who thinks better of it draws no ruler"


def test_notes_and_teeth_ask_for_what_they_need(marking: Marking, answers: Answers) -> None:
    marking.workspace.take_tool("text")
    click(marking, (40, 40))
    marking.workspace.take_tool("tooth")
    click(marking, (80, 80))
    answers.number = None
    click(marking, (90, 90))
    note, tooth = marking.sheet.marks
    assert (note.text, tooth.tooth) == ("note", 21)


def test_a_mark_can_be_drawn_with_the_keys_alone(marking: Marking) -> None:
    marking.workspace.take_tool("length")
    tile(marking).setFocus()
    press(marking, Key.Key_Right)
    press(marking, Key.Key_Space)
    press(marking, Key.Key_Right, Shift)
    press(marking, Key.Key_Right)
    press(marking, Key.Key_Return)
    start, end = only(marking).points
    assert (end[0] - start[0], end[1] - start[1]) == (11, 0)


def test_escape_gives_up_what_is_half_drawn(marking: Marking) -> None:
    marking.workspace.take_tool("angle")
    click(marking, (50, 50), (80, 80))
    press(marking, Key.Key_Escape)
    click(marking, (90, 90))
    assert marking.sheet.marks == ()


def test_select_moves_reshapes_nudges_copies_renames_and_deletes(marking: Marking) -> None:
    length = marking.add(tile(marking), Kind.LENGTH, [(50, 50), (150, 50)])
    assert length is not None
    marking.workspace.take_tool("select")
    drag(marking, (100, 50), (100, 90))
    moved = only(marking)
    assert moved.points[0][1] == pytest.approx(90, abs=1.5)
    assert moved.mark_id == length.mark_id
    drag(marking, moved.points[1], (200, 90))
    assert only(marking).points[1][0] == pytest.approx(200, abs=1.5)
    before = only(marking).points[0]
    press(marking, Key.Key_Left)
    press(marking, Key.Key_Down, Shift)
    assert only(marking).points[0] == pytest.approx((before[0] - 1, before[1] + 10))
    press(marking, Key.Key_F2)
    assert only(marking).text == "note"
    press(marking, Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert len(marking.sheet.marks) == 2
    press(marking, Key.Key_Delete)
    assert [mark.mark_id for mark in marking.sheet.marks] == [length.mark_id]
    for _step in range(20):
        marking.workspace.undo()
    assert marking.sheet.marks == ()


def test_arrows_go_where_they_point_on_a_turned_and_mirrored_image(marking: Marking) -> None:
    marking.add(tile(marking), Kind.ARROW, [(50, 50), (150, 50)])
    marking.workspace.take_tool("select")
    pane = tile(marking)
    for change in (pane.rotate, pane.mirror, pane.rotate):
        change()
        before = pane.to_widget(only(marking).points[0])
        press(marking, Key.Key_Right)
        after = pane.to_widget(only(marking).points[0])
        assert after.x() > before.x()
        assert after.y() == pytest.approx(before.y())


def test_a_locked_layer_stays_and_a_hidden_one_is_not_drawn(marking: Marking) -> None:
    marking.add(tile(marking), Kind.LENGTH, [(50, 50), (150, 50)])
    shown = tile(marking).grab().toImage()
    marking.change_layer(Layer("marks", visible=False))
    assert tile(marking).grab().toImage() != shown
    assert "Distance" not in tile(marking).accessibleDescription()
    marking.change_layer(Layer("marks", locked=True))
    marking.delete()
    assert len(marking.sheet.marks) == 1
    assert marking.workspace.status.text() == "This layer is locked."
    marking.add_layer("Second", "#98A8FF")
    marking.add(tile(marking), Kind.ARROW, [(5, 5), (15, 15)])
    assert marking.sheet.marks[-1].layer == "Second"


def test_nothing_is_measured_on_a_preview_by_hand_or_keys(marking: Marking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(tile(marking)), "may_measure", property(lambda _self: False))
    marking.workspace.take_tool("length")
    drag(marking, (50, 50), (150, 50))
    press(marking, Key.Key_Right)
    press(marking, Key.Key_Space)
    assert marking.sheet.marks == ()
    assert marking.workspace.status.text() == WAIT_FOR_ORIGINAL


def test_the_panel_lists_marks_and_works_by_keys(marking: Marking, qtbot: QtBot) -> None:
    panel = MarksPanel(marking)
    qtbot.addWidget(panel)
    panel.show()
    assert panel.empty.isVisible()
    first = marking.add(tile(marking), Kind.LENGTH, [(50, 50), (150, 50)])
    marking.add(tile(marking), Kind.RECTANGLE, [(50, 50), (150, 150)])
    assert first is not None
    texts = [[panel.table.item(row, column).text() for column in range(3)] for row in range(2)]
    assert texts[0][0] == "Distance"
    assert texts[0][1].startswith("20.0")
    assert texts[0][2]
    assert panel.details.isVisible()
    assert panel.graph.accessibleName().startswith("Histogram")
    panel.table.selectRow(0)
    assert marking.chosen == first.mark_id
    QTest.keyClick(panel.table, Key.Key_Delete)
    assert [mark.kind for mark in marking.sheet.marks] == [Kind.RECTANGLE]
    box = panel.layers.item(0, 1)
    assert box is not None
    box.setCheckState(Qt.CheckState.Unchecked)
    assert not marking.sheet.layers[0].visible


def test_a_profile_gives_the_values_along_it(marking: Marking) -> None:
    mark = marking.add(tile(marking), Kind.PROFILE, [(10, 10), (60, 10)])
    assert mark is not None
    values = marking.profile(mark)
    assert len(values) == 51
    assert values[-1] - values[0] == pytest.approx(250)


@pytest.mark.parametrize("export", [Exchange.export_state, Exchange.export_report])
def test_marks_go_out_and_come_back_equal(marking: Marking, tmp_path: Path, export: Callable[[Exchange], None]) -> None:
    marking.add(tile(marking), Kind.LENGTH, [(50, 50), (150, 50)])
    marking.add(tile(marking), Kind.ELLIPSE, [(50, 50), (150, 150)])
    before, path = marking.sheet.marks, tmp_path / "out.dcm"
    exchange = Exchange(marking)
    exchange.ask_out, exchange.ask_in = (lambda _name: path), (lambda: path)
    export(exchange)
    assert path.is_file(), marking.workspace.status.text()
    for mark in before:
        marking.choose(mark.mark_id)
        marking.delete()
    exchange.import_file()
    assert {m.mark_id: m.points for m in marking.sheet.marks} == {m.mark_id: m.points for m in before}
    assert merged(marking.sheet, marking.sheet) == marking.sheet


def test_what_cannot_be_taken_in_says_so(marking: Marking, tmp_path: Path) -> None:
    path = tmp_path / "wrong.dcm"
    path.write_bytes(b"no dicom")
    exchange = Exchange(marking)
    exchange.ask_in = lambda: path
    exchange.import_file()
    assert marking.sheet.marks == ()
    assert marking.workspace.status.text()
    exchange.ask_out = lambda _name: pytest.fail("asked for a place without a mark")
    exchange.export_state()
    assert marking.workspace.status.text() == "There is no mark on this image."


def test_every_kind_has_a_tool_and_a_way_to_it_without_the_mouse(marking: Marking) -> None:
    rows = {row.name: row for row in marking.workspace.tools}
    offered = {row.name for row in marking.workspace.actions_offered}
    for kind in Kind:
        assert rows[kind.value].measures
        assert rows[kind.value].in_bar or (kind in IN_MENU and f"draw_{kind}" in offered)
    keys = [row.key for row in (*marking.workspace.tools, *marking.workspace.actions_offered) if row.key]
    assert len(keys) == len(set(keys))

"""The grid of hours, the strip of minutes and the editors, by keyboard and by mouse."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.practice import queries as ask
from tests.ui.set_up_window import BOSS, section
from ui.practice.editors import Checks, ClockField, ColourField
from ui.practice.segment_field import SegmentField
from ui.practice.span_grid import SpanGrid
from ui.practice.span_tile import Block
from ui.shell.offscreen import settle
from ui.shell.window import Window
from ui.theme.contrast import ratio
from ui.theme.style import Theme, theme

ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
KEY = Qt.Key


@pytest.fixture
def grid(themed: Theme, qtbot: Any) -> SpanGrid:
    made = SpanGrid()
    qtbot.addWidget(made)
    made.resize(700, 600)
    made.show_blocks(["Mon", "Tue"], [Block("a", 0, 480, 720, "open"), Block("b", 1, 540, 600, "away", soft=True)])
    made.show()
    return made


def test_empty_time_is_drawn_with_the_keys(grid: SpanGrid, qtbot: Any) -> None:
    grid.mark = (1, 780)
    for _turn in range(3):
        QTest.keyClick(grid, KEY.Key_Down, SHIFT)
    with qtbot.waitSignal(grid.drawn) as drawn:
        QTest.keyClick(grid, KEY.Key_Return)
    assert drawn.args == [1, 780, 840]


def test_a_block_is_moved_with_the_keys_and_given_up(grid: SpanGrid, qtbot: Any) -> None:
    grid.mark = (0, 465)
    QTest.keyClick(grid, KEY.Key_Down)
    assert grid.choice == "a"
    QTest.keyClick(grid, KEY.Key_Right, ALT)
    QTest.keyClick(grid, KEY.Key_Down, ALT)
    QTest.keyClick(grid, KEY.Key_Escape)
    assert grid.ghost is None
    QTest.keyClick(grid, KEY.Key_Up, ALT | SHIFT)
    with qtbot.waitSignal(grid.moved) as moved:
        QTest.keyClick(grid, KEY.Key_Return)
    assert moved.args == ["a", 0, 480, 705]
    with qtbot.waitSignal(grid.removed):
        QTest.keyClick(grid, KEY.Key_Delete)


def test_what_may_not_be_moved_stays(grid: SpanGrid) -> None:
    grid.choose("b")
    QTest.keyClick(grid, KEY.Key_Down, ALT)
    assert grid.ghost is None
    grid.editable = False
    grid.choose("a")
    QTest.keyClick(grid, KEY.Key_Down, ALT)
    assert grid.ghost is None


def test_a_block_is_dragged_and_its_end_pulled(grid: SpanGrid, qtbot: Any) -> None:
    block = grid.area(0, 480, 720).toRect()
    hour = round(grid.y_of(60 * 10) - grid.y_of(60 * 9))
    with qtbot.waitSignal(grid.moved) as moved:
        QTest.mousePress(grid, Qt.MouseButton.LeftButton, pos=block.center())
        QTest.mouseMove(grid, block.center() + QPoint(0, hour))
        QTest.mouseRelease(grid, Qt.MouseButton.LeftButton, pos=block.center() + QPoint(0, hour))
    assert moved.args == ["a", 0, 540, 780]


def test_each_block_is_told_with_its_state(grid: SpanGrid) -> None:
    grid.choose("a")
    tiles = {tile.block.key: tile for tile in grid._tiles}
    assert tiles["a"].accessibleName() == "Mon, 8:00 to 12:00, open"
    assert tiles["a"].isChecked()
    assert not tiles["b"].isChecked()


def test_minutes_are_changed_on_the_strip_and_as_text(themed: Theme, qtbot: Any) -> None:
    field = SegmentField()
    qtbot.addWidget(field)
    field.set_value("A8 D4 A8")
    strip = field.strip
    for key, modifiers in (
        (KEY.Key_Right, None), (KEY.Key_Up, None), (KEY.Key_Up, SHIFT), (KEY.Key_X, None), (KEY.Key_Left, ALT),
        (KEY.Key_Insert, None),
    ):  # fmt: skip
        QTest.keyClick(strip, key, modifiers or Qt.KeyboardModifier.NoModifier)
    assert field.value() == "X10 A5 A8 A8"
    QTest.keyClick(strip, KEY.Key_Delete)
    assert field.value() == "X10 A8 A8"
    assert "26 minutes in all, 0 minutes of the doctor" in field._total.text()
    field.text.setText("A8 Q9")
    assert field.problem() == "Segments are written like A8 D4 A8."
    assert field.value() == "A8 Q9"


def test_a_stretch_never_lasts_longer_than_a_visit_may(themed: Theme, qtbot: Any) -> None:
    field = SegmentField()
    qtbot.addWidget(field)
    field.set_value("A719")
    QTest.keyClick(field.strip, KEY.Key_Up, SHIFT)
    assert field.value() == "A720"
    field.set_value("A1")
    QTest.keyClick(field.strip, KEY.Key_Down)
    assert field.value() == "A1"


@pytest.mark.parametrize(
    ("typed", "value", "wrong"),
    [("8", "08:00", False), ("8h30", "08:30", False), ("8 h 30", "08:30", False), ("24:00", "00:00", False),
     ("25:00", "25:00", True), ("soir", "soir", True), ("", "", False)],
)  # fmt: skip
def test_clock_times_as_people_type_them(themed: Theme, qtbot: Any, typed: str, value: str, wrong: bool) -> None:
    field = ClockField()
    qtbot.addWidget(field)
    field.setText(typed)
    assert field.value() == value
    assert bool(field.problem()) is wrong


@pytest.mark.parametrize("name", ["light", "dark", "high_contrast"])
def test_a_colour_that_cannot_be_seen_is_not_taken(themed: Theme, qapp: Any, qtbot: Any, name: str) -> None:
    theme.apply(qapp, name)
    field = ColourField()
    qtbot.addWidget(field)
    faint = theme.colour("surface").name().upper()
    field.set_value(faint)
    assert "too faint" in field.problem()
    field._take_nearest()
    assert ratio(field.value(), theme.colour("surface")) >= 3
    assert field.problem() == ""


def test_ticks_are_a_tuple_in_their_order(themed: Theme, qtbot: Any) -> None:
    checks = Checks(lambda: [("a", "One"), ("b", "Two")])
    qtbot.addWidget(checks)
    checks.set_value(("b", "a"))
    assert checks.value() == ("a", "b")


def test_opening_hours_are_drawn_moved_and_taken_back(window: Window) -> None:
    pane = section(window, "hours")
    pane.grid.drawn.emit(5, 540, 720)
    settle(window)

    def saturday() -> Any:
        clinic = window.bench.runner.ask(BOSS, ask.clinics)[0].id
        return window.bench.runner.ask(BOSS, ask.opening_hours, clinic)[5].spans

    assert saturday() == ((540, 720),)
    pane.grid.moved.emit("saturday/0", 5, 600, 780)
    settle(window)
    assert saturday() == ((600, 780),)
    window.bench.undo_last()
    settle(window)
    assert saturday() == ((540, 720),)
    pane.form.fields["weekday"].editor.set_value("saturday")
    pane.form.fields["start"].editor.setText("11:00")
    pane.form.fields["end"].editor.setText("13:00")
    pane.form.key = ""
    pane.save()
    settle(window)
    assert "overlap" in pane.form.remark.text()
    assert saturday() == ((540, 720),)


def test_a_travelling_doctor_is_not_at_two_places(window: Window) -> None:
    from app.practice.commands import add_clinic

    laval = window.bench.runner.run(BOSS, add_clinic, "Clinique Laval")
    pane = section(window, "shifts")
    pane.form.fields["clinic_id"].editor.set_value(laval)
    before = len(pane._week.shifts)
    pane.grid.drawn.emit(0, 600, 720)
    settle(window)
    assert "already works at that time" in (pane.form.remark.text() or pane.form.fields["start"].error())
    assert len(pane._week.shifts) == before
    pane.grid.drawn.emit(5, 600, 720)
    settle(window)
    assert len(pane._week.shifts) == before + 1


def test_a_break_lies_in_its_shift_and_a_rhythm_of_two_weeks_repeats(window: Window) -> None:
    pane = section(window, "shifts")
    pane.grid.choose(pane._week.shifts[0].id)
    assert pane._week.shifts[0].meal_due
    pane.breaks.start.setText("12:00")
    pane.breaks.add()
    settle(window)
    assert not pane._week.shifts[0].meal_due
    pane.breaks.start.setText("19:00")
    pane.breaks.add()
    settle(window)
    assert "within its shift" in pane.breaks.fields["starts_at"].error()
    box = pane.repeat
    for name, value in (("weekdays", ("saturday",)), ("every_weeks", 2), ("from_on", "2027-01-04"),
                        ("to_on", "2027-01-31")):  # fmt: skip
        box.editors[name].set_value(value)
    box.send()
    settle(window)
    assert box._message.text() == "2 shifts planned"

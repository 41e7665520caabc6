"""Round the views: bulk with preview and one undo, saved views, export, figures, alerts, suggestions, wall, lights."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from app.core.errors import RuleViolation
from app.journal.queries import Actor
from app.orchestration.commands import (
    acknowledge_alert,
    change_day_look,
    draw_floor,
    save_day_look,
    step_back,
    step_together,
    watch_day,
    withdraw_day_look,
)
from app.orchestration.permissions import SEE_DAY
from app.orchestration.queries import (
    AlertState,
    FloorKind,
    FloorSpot,
    FlowStep,
    Suggestion,
    SuggestionKind,
    day_looks,
    day_wall,
    floor_plan,
    standing_alerts,
    step_preview,
)
from app.orchestration.settings import CHAIR_HERE
from app.scheduling import commands as do
from app.scheduling.permissions import SEE_SCHEDULE
from tests.ui.orchestration.conftest import Day
from ui.orchestration.kpi import brief_words, honest_words, shares
from ui.orchestration.light_strip import LightStrip
from ui.orchestration.wall_view import READ_AT_MM, WallView, em_of
from ui.shell.a11y import tree_of

Key = Qt.Key
ONLOOKER = Actor("onlooker", "Ann", frozenset({SEE_DAY.name, SEE_SCHEDULE.name}))


def open_screen(day: Day, kind: Any, size: tuple[int, int] = (1440, 900)) -> Any:
    """Another screen on the same bench."""
    screen = kind(day.bench)
    screen.resize(*size)
    screen.show()
    day.others.append(screen)
    day.rest()
    return screen


def operations(day: Day) -> int:
    """How many lines the journal has."""
    with day.world.runner.read(day.world.boss) as read:
        return int(read.sql("SELECT count(*) FROM operation")[0][0])


# -- grid ----------------------------------------------------------------------------------------------------------
def test_several_visits_go_a_step_further_in_one_operation_with_one_undo(day: Day) -> None:
    visits = [day.book(patient=number, minutes=30 * number) for number in range(3)]
    day.look(view="grid")
    grid = day.view.grid
    grid.table.setFocus()
    QTest.keyClick(grid.table, Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    day.rest()
    grid.bulk.step.set_value(FlowStep.ARRIVE)
    grid.bulk._ask()
    day.rest()
    assert grid.bulk.preview.text() == "3 visits go."
    before = operations(day)
    grid.bulk.run()
    day.rest()
    assert [day.stage(visit) for visit in visits] == ["waiting"] * 3
    assert operations(day) == before + 1
    assert day.bench.undo_last()
    day.rest()
    assert [day.stage(visit) for visit in visits] == ["expected"] * 3


def test_the_preview_names_who_cannot_go_and_only_the_others_do(day: Day) -> None:
    waiting, expected = day.book(minutes=0), day.book(patient=1, minutes=30)
    day.run(do.check_in_patient, waiting)
    lines = day.world.ask(step_preview, FlowStep.ARRIVE, [waiting, expected])
    assert [bool(line.refusal) for line in lines] == [True, False]
    day.look(view="grid")
    grid = day.view.grid
    for row in (0, 1):
        grid.pick(row)
    grid.bulk.step.set_value(FlowStep.ARRIVE)
    grid.bulk._ask()
    day.rest()
    words = grid.bulk.preview.text().splitlines()
    assert words[0] == "1 visit goes."
    assert words[1].startswith("Léa Tremblay – “Arrived” is not possible now")
    grid.bulk.run()
    day.rest()
    assert day.stage(expected) == "waiting"


def test_all_of_them_or_none(day: Day) -> None:
    waiting, expected = day.book(minutes=0), day.book(patient=1, minutes=30)
    day.run(do.check_in_patient, waiting)
    with pytest.raises(RuleViolation):
        day.world.run(step_together, FlowStep.ARRIVE, [expected, waiting])
    day.rest()
    assert day.stage(expected) == "expected"


def test_the_last_step_is_taken_back_and_the_first_booking_is_not(day: Day) -> None:
    visit = day.book(minutes=0)
    day.run(do.check_in_patient, visit)
    day.run(step_back, visit, "wrong patient")
    assert day.stage(visit) == "expected"
    with pytest.raises(RuleViolation, match="Nothing of this visit"):
        day.world.run(step_back, visit)


def test_columns_sort_both_ways_and_are_chosen(day: Day) -> None:
    late, early = day.book(minutes=60), day.book(patient=1, minutes=0)
    day.look(view="grid")
    grid = day.view.grid
    assert [visit.id for visit in grid.rows.items] == [early, late]
    for falling, order in ((False, [late, early]), (True, [early, late])):
        grid.rows.sort_asked.emit("patient", falling)
        assert [visit.id for visit in grid.rows.items] == order
    grid.set_columns(["patient", "end", "unknown"])
    assert [column.key for column in grid.rows.columns] == ["pick", "patient", "end"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_day_is_exported_and_the_access_log_tells(day: Day, tmp_path: Path, kind: str) -> None:
    day.book(minutes=0)
    day.book(patient=1, minutes=30)
    day.look(view="grid")
    path = tmp_path / f"day.{kind}"
    day.view.grid.export_to(path)
    day.rest()
    if kind == "csv":
        rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))
        assert rows[0][:2] == ["Planned", "Patient"]
        assert [row[1] for row in rows[1:]] == ["Léa Tremblay", "Noah Tremblay"]
    else:
        with zipfile.ZipFile(path) as archive:
            sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert sheet.count("<row>") == 3
        assert "Noah Tremblay" in sheet
    with day.world.runner.read(day.world.boss) as read:
        told = [row.detail for row in read.sql("SELECT detail FROM access_log WHERE kind = 'export'")]
    assert told == ["day 2026-11-24: 2"]


# -- saved views ---------------------------------------------------------------------------------------------------
def test_a_view_is_kept_used_again_and_withdrawn(day: Day) -> None:
    day.book(minutes=0)
    day.look(view="board")
    day.view.bar.filters.setChecked(True)
    day.view.filters._choices["chair"].set_value(day.world.chairs[0])
    day.rest()
    looks = day.view.looks
    looks._open(True)
    looks.name.setText("Mine")
    looks._save()
    day.rest()
    day.look(view="timeline")
    day.view.filters.put(type(day.view.filters.value())())
    (line,) = day.world.ask(day_looks)
    looks.saved.set_value(line.id)
    looks._use(line.id)
    day.rest()
    assert day.view.bar.value("view") == "board"
    assert day.view.filters.value().chair == day.world.chairs[0]
    day.run(change_day_look, line.id, name="Mine too")
    assert day.world.ask(day_looks)[0].name == "Mine too"
    day.run(withdraw_day_look, line.id)
    assert day.world.ask(day_looks) == ()


def test_a_view_is_somebodys_own_unless_it_is_shared(day: Day) -> None:
    own = day.world.run(save_day_look, "Own", '{"view": "grid"}')
    shared = day.world.run(save_day_look, "Ours", '{"view": "grid"}', True)
    lines = day.world.runner.ask(ONLOOKER, day_looks)
    assert [(line.id, line.shared, line.mine) for line in lines] == [(shared, True, False)]
    with pytest.raises(Exception, match="everybody"):
        day.world.runner.run(ONLOOKER, save_day_look, "No", "{}", True)
    with pytest.raises(RuleViolation, match="not a view"):
        day.world.run(change_day_look, own, "[1]")


def test_a_plan_that_cannot_be_drawn_is_refused(day: Day) -> None:
    chair = day.world.chairs[0]
    for spots in (
        [FloorSpot(FloorKind.CHAIR, 0, 0, 2000, 100, chair)],
        [FloorSpot(FloorKind.ROOM, 0, 0, 100, 100, None, "A")] * 2,
    ):  # fmt: skip
        with pytest.raises(RuleViolation):
            day.world.run(draw_floor, day.world.clinic, spots)
    day.world.run(draw_floor, day.world.clinic, [FloorSpot(FloorKind.CHAIR, 0, 0, 100, 100, chair)])
    plan = day.world.ask(floor_plan, day.world.clinic)
    assert plan.drawn
    assert day.world.chairs[1] in plan.missing


# -- figures -------------------------------------------------------------------------------------------------------
def test_a_figure_opens_what_it_is_made_of(day: Day) -> None:
    visit = day.book(minutes=0)
    for command in (do.check_in_patient, do.seat_patient):
        day.world.run(command, visit)
    day.later(20)
    for command in (do.complete_appointment, do.check_out_patient):
        day.run(command, visit)
    tile = next(tile for tile in day.view.panels.strip.tiles if tile.words.code == "on_time")
    assert (tile.words.value, tile.words.under) == ("100%", "all entered")
    tile.click()
    panel = day.view.panels.figure
    assert panel.isVisible()
    words = [label.text() for label in panel.findChildren(QWidget) if hasattr(label, "text")]
    assert any("1 ÷ 1 · definition 1" in text for text in words)
    assert any("0% inferred, 0% corrected, 0% missing" in text for text in words)
    button = next(each for each in panel.findChildren(QPushButton) if each.text() == "Léa Tremblay")
    button.click()
    assert day.view.chosen == visit


def test_the_share_of_inferred_times_is_said_of_each_figure(day: Day) -> None:
    from app.orchestration.commands import note_chart_opened

    visit = day.book(minutes=0)
    day.world.run(do.check_in_patient, visit)
    day.run(note_chart_opened, day.world.patients[0], day.world.chairs[0])
    assert day.stage(visit) == "seated"
    quality = day.view.panels._quality
    assert shares(quality, "on_time") == (1000, 0, 0)
    assert honest_words(quality, "patient_wait") == "50% inferred, 0% corrected, 0% missing"
    assert brief_words(quality, "patient_wait") == "50% inferred"
    assert honest_words(quality, "chair_booked") == brief_words(quality, "chair_booked") == ""


def test_figures_and_money_only_for_who_may_see_them(day_of: Callable[..., Day]) -> None:
    day = day_of(ONLOOKER)
    assert [tile.words.key for tile in day.view.panels.strip.tiles if tile.isVisible()] == ["seen", "chairs", "trust"]
    assert not any(tile.words.code for tile in day.view.panels.strip.tiles)


# -- alerts and suggestions ----------------------------------------------------------------------------------------
def test_alerts_are_looked_after_settled_and_called_false(day: Day) -> None:
    visits = [day.book(patient=number, minutes=-30 * number) for number in (0, 1)]
    day.later(40)
    day.run(watch_day, day.world.clinic)
    panel = day.view.panels.alerts
    alerts = [line for line in day.view.alerts if line.appointment_id in visits]
    assert len(alerts) == 2

    def press(words: str) -> None:
        button = next(each for each in panel.findChildren(QPushButton) if each.text() == words and each.isVisible())
        button.click()
        day.rest()

    day.key(Key.Key_F4)
    states = {line.state for line in day.world.ask(standing_alerts)}
    assert states == {AlertState.OPEN, AlertState.ACKNOWLEDGED}
    press("I’m on it")
    assert {line.state for line in day.world.ask(standing_alerts)} == {AlertState.ACKNOWLEDGED}
    press("False alarm")
    press("Done")
    assert day.world.ask(standing_alerts) == ()
    assert day.bench.undo_last()
    day.rest()
    assert len(day.world.ask(standing_alerts)) == 1
    with pytest.raises(RuleViolation):
        day.world.run(acknowledge_alert, day.world.ask(standing_alerts)[0].id)


def test_a_suggestion_is_followed_by_one_click_and_given_back(day: Day) -> None:
    visit = day.book(minutes=60)
    day.rest()
    assert day.view.picture is not None
    start = int((day.moment[0].timestamp()) // 60) + 60
    found = Suggestion(SuggestionKind.IDLE_CHAIR, visit, 17, operatory_id=day.world.chairs[1], starts_at=start)
    panel = day.view.panels.suggestions
    panel.show_suggestions(day.view.picture, (found,))
    words = [label.text() for label in panel.findChildren(QWidget) if hasattr(label, "text")]
    assert "saves 17 min" in words
    assert "Léa Tremblay sits at Fauteuil 2 at 10:00." in words
    next(each for each in panel.findChildren(QPushButton) if each.text() == "Do it").click()
    day.rest()
    assert day.view.picture.visits[visit].operatory_id == day.world.chairs[1]
    assert day.bench.undo_last()
    day.rest()
    assert day.view.picture.visits[visit].operatory_id == day.world.chairs[0]


def test_who_goes_first_has_a_reason_and_leads_the_queue(day: Day) -> None:
    first, second = day.book(minutes=10), day.book(patient=1, minutes=40)
    for visit in (first, second):
        day.run(do.check_in_patient, visit)
    day.view.take_choice(second)
    card = day.view.panels.visit_card
    card._ask_why()
    assert card._field is not None
    card._field.editor.setText("pain")
    card._prioritise()
    day.rest()
    from ui.orchestration.queue_panel import queue_of

    assert [visit.id for visit in queue_of(day.view.picture)] == [second, first]
    assert "goes first: pain" in day.view.picture.sentence(day.view.picture.visits[second])


# -- wall and lights -----------------------------------------------------------------------------------------------
def test_the_wall_shows_no_name_and_no_procedure(day: Day) -> None:
    visits = [day.book(patient=number, chair=number, minutes=0, override=True) for number in (0, 1)]
    for visit in visits:
        day.world.run(do.check_in_patient, visit)
    day.run(do.seat_patient, visits[0])
    day.run(do.call_doctor, visits[0])
    day.moment[0] += timedelta(minutes=6)
    answer = repr(day.world.ask(day_wall))
    wall = open_screen(day, WallView)
    spoken = " | ".join(str(node["name"]) for node in tree_of(wall))
    for name in ("Léa", "Noah", "Tremblay", "Adjustment", "wire"):
        assert name not in spoken
        assert name not in answer
    assert "1, Dr needed, L. T., 6 min" in spoken
    assert "In the waiting room, N. T., 6 min" in spoken
    QTest.keyClick(wall.wall, Key.Key_Escape)


def test_the_wall_is_legible_at_two_metres() -> None:
    class Monitor:
        """A screen of 24 inches, 1920 px wide."""

        def physicalDotsPerInch(self) -> float:
            return 91.8

    em = em_of(Monitor(), 1080.0)
    assert em * 25.4 / 91.8 >= READ_AT_MM - 0.2


def test_four_lights_one_key_each_at_the_own_chair(day: Day) -> None:
    visit = day.book(minutes=0)
    for command in (do.check_in_patient, do.seat_patient):
        day.run(command, visit)
    day.bench.remember(CHAIR_HERE, day.world.chairs[0])
    day.rest()
    strip = open_screen(day, LightStrip, (1200, 150))
    lights = strip.lights
    assert [spot.thing.name for spot in lights.spots][:2] == ["Fauteuil 1", "Fauteuil 2"]
    assert "the chair of this workstation" in lights.spots[0].sentence
    shift, stages = Qt.KeyboardModifier.ShiftModifier, []
    lights.setFocus()
    for key, modifiers in (
        (Key.Key_F7, None), (Key.Key_F7, shift), (Key.Key_F8, None), (Key.Key_F8, shift), (Key.Key_F8, shift),
    ):  # fmt: skip
        QTest.keyClick(lights, key, modifiers or Qt.KeyboardModifier.NoModifier)
        day.rest()
        line = day.view.picture.visits[visit].line
        stages.append(line.doctor)
    assert stages == ["needed", "needed_first", "here", "was_here", "was_here"]
    assert day.said[-1] == ("warn", "This does not come next for Léa Tremblay.")
    assert all(button.height() >= 44 for button in strip.buttons)

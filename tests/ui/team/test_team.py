"""Staff and resources: lanes in words, the time clock by a key, breaks with cover, devices, loads."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.attendance import commands as clock
from app.attendance.queries import ClockKind, RequestState, break_requests, clock_entries
from app.core.i18n import set_language
from app.practice.commands import add_equipment
from app.practice.vocabulary import EquipmentKind
from app.scheduling import commands as do
from app.sterilisation.queries import CycleState, sterilisation_cycles
from tests.ui.orchestration.conftest import Day
from tests.ui.orchestration.test_panels import ONLOOKER, open_screen
from ui.shell.a11y import tree_of
from ui.team.forms import AnswerForm, BreakForm, CycleForm, EndForm
from ui.team.team_view import CYCLES, DEVICES, TeamView


@pytest.fixture
def team(day: Day) -> TeamView:
    """The screen, on show."""
    view: TeamView = open_screen(day, TeamView)
    return view


def row(team: TeamView, name: str) -> tuple[Any, ...]:
    """What the table says of somebody."""
    panel = team.people
    return next(panel.cells(item) for item in panel.lines.items if name in item.lane.name)


def choose(team: TeamView, name: str) -> None:
    """Stand on somebody."""
    panel = team.people
    panel.table.choose(next(place for place, item in enumerate(panel.lines.items) if name in item.lane.name))


def test_each_row_says_what_where_since_when_until_when_and_what_next(day: Day, team: TeamView) -> None:
    first = day.book(minutes=0)
    day.book(patient=1, minutes=30)
    day.run(do.seat_patient, first)
    cells = [str(cell).replace("\u00a0", " ") for cell in row(team, "Karim")]
    assert cells[1:5] == ["At a chair · Léa Tremblay", "Fauteuil 1", "9:00 – 9:08", "9:12 Léa Tremblay"]
    assert row(team, "Sophie")[1] == "Free now"


def test_the_clock_is_told_by_a_key_and_given_back(day: Day, team: TeamView) -> None:
    choose(team, "Karim")
    team.people.table.setFocus()
    QTest.keyClick(team.people.table, Qt.Key.Key_I)
    day.rest()
    assert row(team, "Karim")[5].startswith("Clocked in")
    assert day.ran[-1].sentence == "Karim is at work"
    assert day.bench.undo_last()
    day.rest()
    assert row(team, "Karim")[5] == "Nothing clocked" or row(team, "Karim")[5].startswith("Clocked out")


def test_a_break_is_begun_with_who_stands_in(day: Day, team: TeamView) -> None:
    """A visit falls into the break: Sophie fits and is proposed."""
    day.book(minutes=5)
    day.run(clock.clock_in, day.world.hands[0])
    choose(team, "Karim")
    team.people._begin()
    day.rest()
    form = team.people.findChild(BreakForm)
    assert form is not None
    assert "1 visit falls into this time." in form.said.text()
    assert "Sophie is free and has the skills" in form.said.text()
    form.fields["kind"].editor.set_value("rest")
    form.send()
    day.rest()
    entry = day.world.ask(clock_entries, day.world.hands[0])[-1]
    assert (entry.kind, entry.cover_id, entry.minutes) == (ClockKind.BREAK_BEGUN, day.world.hands[1], 15)
    assert row(team, "Karim")[1] == "On a break"
    assert row(team, "Karim")[6].replace("\u00a0", " ") == "until 9:15"


def test_a_request_shows_over_the_table_and_is_answered(day: Day, team: TeamView) -> None:
    day.run(clock.ask_break, 10, day.world.hands[0], None, "Appel")
    assert team.people.asked.isVisible()
    choose(team, "Karim")
    team.people._answer()
    day.rest()
    form = team.people.findChild(AnswerForm)
    assert form is not None
    form.send()
    day.rest()
    assert [line.state for line in day.world.ask(break_requests)] == [RequestState.GRANTED]
    assert not team.people.asked.isVisible()


def test_devices_say_where_they_are_and_what_they_were_used_for(day: Day, team: TeamView) -> None:
    world = day.world
    visit = world.run(do.book_appointment, world.patients[0], "RC", world.records, day.moment[0], None, world.hands[0])
    day.run(do.seat_patient, visit)
    day.later(25)
    team.choose(part=DEVICES)
    day.rest()
    cells = [str(cell) for cell in team.devices.cells(team.devices.lines.items[0])]
    assert cells[0:4] == ["Pano", "X-ray", "Radiologie", "In use"]
    assert "Léa Tremblay" in cells[4]
    assert "Léa Tremblay" in team.devices.lines_of_log.text()
    assert "used" in team.devices.lines_of_log.text()


def test_a_load_is_started_ended_and_released_on_the_screen(day: Day, team: TeamView) -> None:
    day.run(add_equipment, day.world.clinic, "Autoclave", EquipmentKind.STERILISER)
    team.choose(part=CYCLES)
    day.rest()
    team.cycles._start()
    form = team.cycles.findChild(CycleForm)
    assert form is not None
    form.fields["contents"].editor.setText("8 cassettes")
    form.fields["packs"].editor.setText("8")
    form.send()
    day.rest()
    team.cycles.open_row()
    ending = team.cycles.findChild(EndForm)
    assert ending is not None
    for name, value in (("celsius_tenths", "134"), ("kilopascals", "206"), ("hold_minutes", "4")):
        ending.fields[name].editor.setText(value)
    ending.send()
    day.rest()
    team.cycles.open_row()
    day.rest()
    (line,) = day.world.ask(sterilisation_cycles)
    assert (line.state, line.left, line.tenths_celsius) == (CycleState.RELEASED, 8, 1340)
    assert "134 °C" in str(team.cycles.cells(line)[5]).replace("\u00a0", " ")


def test_who_may_not_is_told_why(day_of: Any) -> None:
    day = day_of(ONLOOKER)
    team = open_screen(day, TeamView)
    buttons = {act.command.name: act.button for act in team.people._acts if act.command is not None}
    assert not buttons["clock_in"].isEnabled()
    assert buttons["clock_in"].toolTip()


def test_every_row_is_in_the_tree_in_both_languages(day: Day, team: TeamView) -> None:
    for code, words in (("fr", "Personnes de la journée"), ("en", "People of the day")):
        set_language(code)
        team.retranslate()
        day.rest()
        names = str(tree_of(team))
        assert words in names
        assert "Karim" in names

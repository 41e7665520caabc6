"""The time clock: come, break, go; corrections; requests; what the law says of meals and weeks."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from app.attendance import commands as clock
from app.attendance.presence import Presence, Punch, presence_of
from app.attendance.queries import (
    ClockKind,
    ClockState,
    RequestState,
    break_requests,
    clock_entries,
    clock_hours,
    meals_kept,
)
from app.core.clock import Clock
from app.core.errors import PermissionDenied, RuleViolation
from app.core.permissions import PERMISSIONS, Role
from app.journal.queries import Actor
from app.orchestration.commands import watch_day
from app.orchestration.queries import break_cover, day_snapshot, standing_alerts
from app.orchestration.vocabulary import AlertKind, PersonState
from app.practice.commands import add_provider, give_skill
from app.practice.vocabulary import BreakKind, ProviderKind
from app.scheduling import commands as do
from app.scheduling.commands import TypeFlags
from app.scheduling.queries import appointment_types
from tests.app.clinic_world import World, local

NINE = local(2026, 11, 24, 9)


def at(world: World, hour: int, minute: int = 0, day: int = 24) -> datetime:
    """Let it be a clock time of the week."""
    moment = local(2026, 11, day, hour, minute)
    world.runner.clock = Clock(world.runner.clock.zone, lambda: moment)
    return moment


def assistant(world: World, name: str = "hand 0") -> Actor:
    """Karim, with the rights of an assistant."""
    held = frozenset(key for key, permission in PERMISSIONS.items() if Role.ASSISTANT in permission.presets)
    return Actor(name, "Karim", held)


def test_a_day_by_the_clock(world: World) -> None:
    """In at 8:00, a rest of 15, a meal of 40, out at 16:30: the rest is work, the meal is not."""
    karim = world.hands[0]
    for hour, minute, step, more in (
        (8, 0, clock.clock_in, {}), (10, 0, clock.begin_break, {"minutes": 15}), (10, 15, clock.end_break, {}),
        (12, 0, clock.begin_break, {"kind": BreakKind.MEAL, "minutes": 40}), (12, 40, clock.end_break, {}),
        (16, 30, clock.clock_out, {}),
    ):  # fmt: skip
        at(world, hour, minute)
        world.run(step, provider_id=karim, **more)
    (line,) = world.ask(clock_hours)
    assert (line.state, line.worked, line.week, line.meal_due) == (ClockState.OUT, 510 - 40, 470, None)
    assert [entry.kind for entry in world.ask(clock_entries, karim)] == [
        ClockKind.IN, ClockKind.BREAK_BEGUN, ClockKind.BREAK_ENDED, ClockKind.BREAK_BEGUN, ClockKind.BREAK_ENDED,
        ClockKind.OUT,
    ]  # fmt: skip
    (kept,) = world.ask(meals_kept, date(2026, 11, 24), date(2026, 11, 24))
    assert (kept.longest, kept.kept) == (240, True)


def test_what_does_not_follow_is_refused(world: World) -> None:
    karim = world.hands[0]
    with pytest.raises(RuleViolation, match="does not follow"):
        world.run(clock.clock_out, karim)
    world.run(clock.clock_in, karim)
    with pytest.raises(RuleViolation, match="Clocked in"):
        world.run(clock.clock_in, karim)
    with pytest.raises(RuleViolation, match="future"):
        world.run(clock.clock_out, karim, at=NINE + timedelta(hours=1))
    with pytest.raises(RuleViolation, match="themselves"):
        world.run(clock.begin_break, provider_id=karim, cover_id=karim)


def test_an_entry_is_undone_or_corrected_with_a_reason(world: World) -> None:
    karim = world.hands[0]
    at(world, 9, 10)
    done = world.submit(clock.clock_in, karim)
    with pytest.raises(RuleViolation, match="Say why"):
        world.run(clock.correct_clock_entry, done.result, NINE - timedelta(hours=1), " ")
    corrected = world.run(clock.correct_clock_entry, done.result, NINE - timedelta(hours=1), "Oubli")
    lines = world.ask(clock_entries, karim)
    assert [(line.standing, line.note) for line in lines] == [(True, "Oubli"), (False, None)]
    assert world.ask(clock_hours)[0].worked == 70
    with pytest.raises(RuleViolation, match="already"):
        world.run(clock.correct_clock_entry, done.result, NINE, "Encore")
    world.run(clock.void_clock_entry, corrected)
    assert world.ask(clock_hours)[0].state is ClockState.OUT
    done = world.submit(clock.clock_in, karim)
    world.undo(done)
    assert [line.standing for line in world.ask(clock_entries, karim)].count(True) == 0


def test_everybody_has_the_own_clock_and_leaders_that_of_others(world: World) -> None:
    karim = assistant(world)
    world.runner.run(karim, clock.clock_in)
    with pytest.raises(PermissionDenied):
        world.runner.run(karim, clock.clock_in, world.hands[1])
    world.run(clock.clock_in, world.hands[1])
    assert [line.provider_id for line in world.runner.ask(karim, clock_hours)] == [world.hands[0]]
    assert len(world.ask(clock_hours)) == 2
    with pytest.raises(RuleViolation, match="whose"):
        world.runner.run(assistant(world, "nobody"), clock.clock_in)


def test_a_break_in_between_is_asked_for_granted_with_cover_and_taken(world: World) -> None:
    """Karim asks, Sophie stands in: from then on the plan knows that he is away, and the day shows the break."""
    karim, sophie = world.hands
    asked = world.runner.run(assistant(world), clock.ask_break, 10, note="Téléphone")
    with pytest.raises(RuleViolation, match="refused"):
        world.run(clock.answer_break, asked, False)
    world.run(clock.answer_break, asked, True, sophie)
    with pytest.raises(RuleViolation, match="already"):
        world.run(clock.answer_break, asked, True)
    lane = {person.id: person for person in world.ask(day_snapshot, world.clinic).people}[karim]
    assert lane.state is PersonState.BREAK
    world.run(clock.clock_in, karim)
    world.run(clock.begin_break, minutes=10, provider_id=karim)
    (request,) = world.ask(break_requests)
    assert (request.state, request.cover_id, request.name) == (RequestState.TAKEN, sophie, "Karim")
    assert world.ask(clock_entries, karim)[-1].cover_id == sophie
    at(world, 9, 30)
    lane = {person.id: person for person in world.ask(day_snapshot, world.clinic).people}[karim]
    assert (lane.state, lane.clock) == (PersonState.BREAK, ClockState.BREAK), "it lasts until it is ended"
    world.run(clock.end_break, karim)
    lane = {person.id: person for person in world.ask(day_snapshot, world.clinic).people}[karim]
    assert lane.state is PersonState.FREE


def test_a_request_is_withdrawn_and_that_can_be_undone(world: World) -> None:
    done = world.submit(clock.ask_break, 10, world.hands[0])
    world.undo(done)
    assert [line.state for line in world.ask(break_requests)] == [RequestState.WITHDRAWN]
    asked = world.run(clock.ask_break, 10, world.hands[0])
    world.run(clock.withdraw_break_request, asked)
    assert {line.state for line in world.ask(break_requests)} == {RequestState.WITHDRAWN}


def test_who_goes_home_early_is_missing_from_the_plan(world: World) -> None:
    visit = world.run(
        do.book_appointment, world.patients[0], "ADJ", world.chairs[0], NINE + timedelta(minutes=30), None,
        world.hands[0],
    )  # fmt: skip
    world.run(clock.clock_in, world.hands[0], at=NINE - timedelta(hours=1))
    world.run(clock.clock_out, world.hands[0])
    world.run(watch_day, world.clinic)
    found = {line.kind: line for line in world.ask(standing_alerts)}
    assert found[AlertKind.STAFF_UNAVAILABLE].appointment_id == visit


def test_who_stands_in_has_the_skill_and_is_free(world: World) -> None:
    """Karim's visit of the break needs a skill that he holds; of the two others, one lacks it."""
    karim, sophie = world.hands
    world.run(give_skill, karim, "SCAN")
    type_id = next(line.id for line in world.ask(appointment_types) if line.code == "ADJ")
    world.run(do.change_appointment_type, type_id, flags=TypeFlags(skills=["SCAN"]))
    visit = world.run(
        do.book_appointment, world.patients[0], "ADJ", world.chairs[0], NINE + timedelta(minutes=5), None, karim
    )
    cover = world.ask(break_cover, karim, 15, world.clinic)
    assert ([owner for owner, _span in cover.needed], cover.covered) == ([visit], False)
    assert [(person.id, person.fits, person.skills) for person in cover.people] == [(sophie, False, ("SCAN",))]
    world.run(give_skill, sophie, "SCAN")
    cover = world.ask(break_cover, karim, 15, world.clinic)
    assert [(person.id, person.fits) for person in cover.people] == [(sophie, True)]
    assert cover.covered
    world.run(do.book_appointment, world.patients[1], "ADJ", world.chairs[1], NINE, None, sophie, override=True)
    cover = world.ask(break_cover, karim, 15, world.clinic)
    assert [person.fits for person in cover.people] == [False], "she is at a chair herself"


def test_five_hours_without_a_meal_are_told_beforehand(world: World) -> None:
    """In at 8:00: at 12:45 the manager is told, a rest of fifteen minutes changes nothing, a meal does."""
    karim = world.hands[0]
    at(world, 8)
    world.run(clock.clock_in, karim)
    at(world, 12, 44)
    world.run(watch_day, world.clinic)
    assert AlertKind.BREAK_DUE not in {line.kind for line in world.ask(standing_alerts)}
    at(world, 12, 45)
    world.run(watch_day, world.clinic)
    assert AlertKind.BREAK_DUE in {line.kind for line in world.ask(standing_alerts)}
    world.run(clock.begin_break, BreakKind.MEAL, 30, karim)
    at(world, 13, 15)
    world.run(clock.end_break, karim)
    world.run(watch_day, world.clinic)
    assert AlertKind.BREAK_DUE not in {line.kind for line in world.ask(standing_alerts)}


def test_a_week_of_more_than_forty_hours_is_overtime(world: World) -> None:
    """Four days of 9 h 45 make 39 hours; on Friday the alert comes after the first hour."""
    karim = world.hands[0]
    for day in (23, 24, 25, 26):
        at(world, 8, 0, day)
        world.run(clock.clock_in, karim)
        at(world, 17, 45, day)
        world.run(clock.clock_out, karim)
    at(world, 8, 0, 27)
    world.run(clock.clock_in, karim)
    at(world, 9, 0, 27)
    world.run(watch_day, world.clinic)
    assert AlertKind.OVERTIME not in {line.kind for line in world.ask(standing_alerts)}
    at(world, 9, 1, 27)
    world.run(watch_day, world.clinic)
    assert AlertKind.OVERTIME in {line.kind for line in world.ask(standing_alerts)}
    assert world.ask(clock_hours)[0].overtime == 1


def test_a_day_without_a_meal_is_on_the_list(world: World) -> None:
    at(world, 8)
    world.run(clock.clock_in, world.hands[0])
    at(world, 13, 1)
    world.run(clock.clock_out, world.hands[0])
    (line,) = world.ask(meals_kept, date(2026, 11, 24), date(2026, 11, 24))
    assert (line.longest, line.kept) == (301, False)


def test_folding_ignores_what_does_not_follow() -> None:
    """Two workstations may each have told an entry while they were apart: nothing is lost, the fault is counted."""
    found = presence_of([Punch("a", ClockKind.IN, 10), Punch("b", ClockKind.IN, 12), Punch("c", ClockKind.OUT, 50)])
    assert (found.stays, found.faults, found.state) == (((10, 50),), 1, ClockState.OUT)
    assert Presence().worked(99) == 0
    assert presence_of([Punch("a", ClockKind.IN, 10)]).worked(25) == 15


def test_the_clock_works_over_the_night_and_the_change_of_the_hour(world: World) -> None:
    """On 1 November 2026 the hour from 1:00 comes twice: from 0:30 to 2:30 are three hours."""
    who = world.run(add_provider, "night", "Nuit", ProviderKind.ASSISTANT)
    moment = [local(2026, 11, 1, 0, 30)]
    world.runner.clock = Clock(world.runner.clock.zone, lambda: moment[0])
    world.run(clock.clock_in, who)
    moment[0] = local(2026, 11, 1, 2, 30)
    world.run(clock.clock_out, who)
    assert world.ask(clock_hours)[0].worked == 180

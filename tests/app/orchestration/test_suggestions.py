"""What would make patients wait less: found by the kernel, worth what it says, carried out and undone in one step."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.core.errors import RuleViolation
from app.orchestration.commands import follow_suggestion, take_suggestion_back
from app.orchestration.day import Day, DayChair, DayPerson, DayVisit
from app.orchestration.projection import lay, project_day
from app.orchestration.queries import day_suggestions
from app.orchestration.runs import project_runs
from app.orchestration.simulation import draw, simulate
from app.orchestration.suggestions import suggest
from app.orchestration.vocabulary import SuggestionKind
from app.practice.local_time import from_minute
from app.practice.vocabulary import ProviderId, ProviderKind
from app.scheduling import commands as do
from app.scheduling.queries import appointment_page, unscheduled_visits
from app.scheduling.segments import read_segments, with_people
from app.scheduling.vocabulary import EventKind
from tests.app.clinic_world import World
from tests.app.orchestration.test_snapshot import NINE, at, book, look

PEOPLE = (
    DayPerson("G", ProviderKind.DOCTOR), DayPerson("K", ProviderKind.ASSISTANT), DayPerson("S", ProviderKind.ASSISTANT),
)  # fmt: skip


def visit(id: str, chair: str, start: int, segments: str, hand: str = "K", **more: Any) -> DayVisit:
    named = with_people(read_segments(segments), ProviderId("G"), ProviderId(hand))
    return DayVisit(id, chair, start, named, **more)


def day(*visits: DayVisit) -> Day:
    return Day(visits, (DayChair("F1"), DayChair("F2")), PEOPLE, walk=1)


def overrun() -> Day:
    """At minute 30 F1 runs 15 minutes over, b waits for it, F2 stands empty."""
    return day(
        visit("a", "F1", 0, "A15 D5 A25", flow="seated", status="scheduled", seated=0, seat="F1"),
        visit("b", "F1", 20, "A20", "S", flow="arrived", arrived=18),
    )


def test_a_free_chair_saves_the_wait_for_the_other() -> None:
    """a: the doctor 30–35, K 35–60. b would begin at 60; at F2 at once. By the plan 30 minutes; by the varied runs
    about as many."""
    overrun_day = overrun()
    before = project_day(overrun_day, 30)["b"].span
    assert before == (60, 80)
    (best, *_others) = suggest(overrun_day, 30)
    assert (best.kind, best.visit_id, best.operatory_id, best.starts_at) == (SuggestionKind.IDLE_CHAIR, "b", "F2", 30)
    assert 20 <= best.saved <= 45
    moved = replace(overrun_day.visits[1], chair="F2", start=30)
    assert project_day(replace(overrun_day, visits=(overrun_day.visits[0], moved)), 30)["b"].span == (30, 50)


def test_who_is_here_goes_before_who_is_not() -> None:
    """a has not come and waits for nobody; F1 is held by x until 20; b (15) is here since 5 and would follow a."""
    given = day(
        visit("x", "F1", 0, "A20", flow="seated", seated=0, seat="F1"),
        visit("a", "F1", 10, "A30", "S"), visit("b", "F1", 15, "A10", "S", flow="arrived", arrived=5),
        visit("y", "F2", 0, "A90", "K", flow="seated", seated=0, seat="F2"),
    )  # fmt: skip
    kinds = {(item.kind, item.visit_id, item.other_id): item.saved for item in suggest(given, 12)}
    assert kinds[SuggestionKind.SWAP, "a", "b"] >= 20


def test_a_long_visit_is_split_after_the_first_turn_of_the_doctor() -> None:
    """a (85 minutes) is late behind x and keeps b and c waiting."""
    given = day(
        visit("x", "F1", 0, "A60", flow="seated", seated=0, seat="F1"),
        visit("a", "F1", 20, "A30 D10 A40 D5", "S", flow="arrived", arrived=15),
        visit("b", "F1", 105, "A20", "S", flow="arrived", arrived=14),
        visit("y", "F2", 0, "A300", "K", flow="seated", seated=0, seat="F2"),
    )  # fmt: skip
    found = [item for item in suggest(given, 40) if item.kind is SuggestionKind.SPLIT]
    assert [(item.visit_id, item.segments) for item in found] == [("a", "A30 D10")]
    assert found[0].saved >= 20


def test_who_is_still_at_home_comes_when_the_chair_is_free() -> None:
    """c (planned 70) would begin at 90 behind x and a: asked to come at 90, nobody waits for it."""
    given = day(
        visit("x", "F1", 0, "A60", flow="seated", seated=0, seat="F1"),
        visit("a", "F1", 30, "A30", "S", flow="arrived", arrived=25), visit("c", "F1", 70, "A20", "S"),
        visit("y", "F2", 0, "A300", "K", flow="seated", seated=0, seat="F2"),
    )  # fmt: skip
    found = {item.visit_id: item for item in suggest(given, 35) if item.kind is SuggestionKind.CALL_LATER}
    assert found["c"].starts_at == 90
    assert found["c"].saved >= 10


def test_a_day_on_time_needs_nothing() -> None:
    given = day(visit("a", "F1", 60, "A20"), visit("b", "F2", 60, "A20", "S"))
    assert suggest(given, 0) == ()


def test_the_same_day_draws_the_same() -> None:
    given = overrun()
    assert suggest(given, 30) == suggest(given, 30)
    assert simulate(given, 30, seed=3) == simulate(given, 30, seed=3)
    assert simulate(given, 30, seed=3) != simulate(given, 30, seed=4)


def test_the_outlook_is_a_range_around_its_median() -> None:
    (outlook,) = simulate(overrun(), 30)
    assert outlook.visit_id == "b"
    assert outlook.early < outlook.median < outlook.late
    assert abs(outlook.median - 60) <= 4


def test_what_is_left_out_of_a_run_takes_no_time() -> None:
    """Steps that a change leaves out are neither done nor waited for."""
    laid = lay(overrun(), 30)
    minutes, changes = draw(laid, 4, 1)
    changes.steps[1, 0] = 1
    minutes[1, 1] = 0
    done = project_runs(laid.plan, minutes, changes)
    assert done.ends[1, 0] == 30 + minutes[1, 0]


def test_a_free_chair_is_used_and_given_back_in_one_step(world: World) -> None:
    first = book(world, 0, NINE)
    second = book(world, 1, NINE + timedelta(minutes=20))
    at(world, 21)
    world.run(do.check_in_patient, second)
    world.run(do.seat_patient, first)
    at(world, 25)
    (best, *_others) = world.ask(day_suggestions, world.clinic)
    assert (best.kind, best.visit_id, best.operatory_id) == (SuggestionKind.IDLE_CHAIR, second, world.chairs[1])
    done = world.submit(
        follow_suggestion, best.kind, second, operatory_id=best.operatory_id, starts_at=from_minute(best.starts_at)
    )
    assert look(world).visits[1].operatory_id == world.chairs[1]
    world.undo(done)
    assert look(world).visits[1].operatory_id == world.chairs[0]
    assert look(world).visits[1].line.starts_at == NINE + timedelta(minutes=20)


def test_two_visits_change_places_and_back(world: World) -> None:
    first, second = book(world, 0, NINE), book(world, 1, NINE + timedelta(minutes=20), chair=1)
    done = world.submit(follow_suggestion, SuggestionKind.SWAP, first, second)
    places = {item.id: (item.line.starts_at, item.line.operatory_id) for item in look(world).visits}
    assert places == {first: (NINE + timedelta(minutes=20), world.chairs[1]), second: (NINE, world.chairs[0])}
    world.undo(done)
    places = {item.id: (item.line.starts_at, item.line.operatory_id) for item in look(world).visits}
    assert places == {second: (NINE + timedelta(minutes=20), world.chairs[1]), first: (NINE, world.chairs[0])}
    with pytest.raises(RuleViolation):
        world.run(follow_suggestion, SuggestionKind.SWAP, first, first)


def test_a_visit_is_split_and_made_whole_again(world: World) -> None:
    """BD1 is A20 D10 A25 D5."""
    whole = book(world, 0, NINE, type="BD1")
    done = world.submit(follow_suggestion, SuggestionKind.SPLIT, whole, segments="A20 D10")
    (rest,) = world.ask(unscheduled_visits, world.clinic)
    assert (rest.id, rest.minutes, world.ask(appointment_page, whole).visit.minutes) == (done.result, 30, 30)
    world.undo(done)
    assert world.ask(unscheduled_visits, world.clinic) == ()
    assert world.ask(appointment_page, whole).visit.minutes == 60
    for wrong in ("A20 D10 A25 D5", "A10", "D10"):
        with pytest.raises(RuleViolation):
            world.run(follow_suggestion, SuggestionKind.SPLIT, whole, segments=wrong)


def test_a_family_is_asked_to_come_later(world: World) -> None:
    booked = book(world, 0, NINE + timedelta(minutes=60))
    later = NINE + timedelta(minutes=80)
    done = world.submit(follow_suggestion, SuggestionKind.CALL_LATER, booked, starts_at=later)
    assert world.ask(appointment_page, booked).visit.starts_at == later
    world.undo(done)
    assert world.ask(appointment_page, booked).visit.starts_at == NINE + timedelta(minutes=60)
    with pytest.raises(RuleViolation):
        world.run(follow_suggestion, SuggestionKind.CALL_LATER, booked)


def test_a_suggestion_is_taken_back_by_its_event(world: World) -> None:
    one = book(world, 0, NINE)
    later = NINE + timedelta(minutes=40)
    world.run(follow_suggestion, SuggestionKind.CALL_LATER, one, starts_at=later)
    event = world.ask(appointment_page, one).events[-1]
    assert event.kind is EventKind.MOVED
    world.run(take_suggestion_back, event.id)
    assert world.ask(appointment_page, one).visit.starts_at == NINE
    split = world.run(
        follow_suggestion, SuggestionKind.SPLIT, book(world, 1, NINE, type="BD1", chair=1), segments="A20 D10"
    )
    (made,) = (line for line in world.ask(appointment_page, split).events if line.kind is EventKind.MADE)
    world.run(take_suggestion_back, made.id)
    assert world.ask(unscheduled_visits, world.clinic) == ()

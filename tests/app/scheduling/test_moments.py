"""Moments that are typed: nobody leaves before having come, and what is over keeps its length."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from app.core.errors import RuleViolation
from app.scheduling import commands as do
from app.scheduling import queries as ask
from app.scheduling.vocabulary import EventKind, ReasonKind
from tests.app.clinic_world import World, local
from tests.app.scheduling.test_flow import in_both

NOW = local(2026, 11, 24, 9, 0)


def after(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def at(world: World, minutes: int) -> None:
    world.runner.clock = type(world.runner.clock).fixed(after(minutes))


@pytest.fixture
def visit(world: World) -> Any:
    """A visit of 9:00 today; it is 9:30."""
    found = world.run(do.book_appointment, world.patients[0], "ADJ", world.chairs[0], NOW, assistant_id=world.hands[0])
    at(world, 30)
    return found


def operations(world: World) -> int:
    """How much was written."""
    with world.runner.read(world.boss) as read:
        return int(read.sql("SELECT count(*) FROM operation")[0][0])


def refused(world: World, command: Any, *arguments: Any, **more: Any) -> tuple[str, str | None]:
    """The English sentence and the field; nothing was written, and the French one is another."""
    before = operations(world)
    with pytest.raises(RuleViolation) as refusal:
        world.run(command, *arguments, **more)
    assert operations(world) == before
    english, french = in_both(refusal.value)
    assert english != french
    assert "{" not in english + french
    return english, refusal.value.field


def test_nobody_is_seated_before_arriving_or_gone_before_being_done(world: World, visit: Any) -> None:
    before = "This moment is before “{}”, which came first."
    world.run(do.check_in_patient, visit, after(10))
    assert refused(world, do.seat_patient, visit, at=after(9)) == (before.format("Arrived"), "at")
    world.run(do.seat_patient, visit, at=after(12))
    assert refused(world, do.complete_appointment, visit, after(11)) == (before.format("Seated"), "at")
    world.run(do.complete_appointment, visit, after(20))
    assert refused(world, do.check_out_patient, visit, after(19)) == (before.format("Completed"), "at")
    world.run(do.check_out_patient, visit, after(20))
    line = world.ask(ask.appointment_page, visit).visit
    assert [line.arrived_at, line.seated_at, line.completed_at, line.left_at] == [after(m) for m in (10, 12, 20, 20)]


def test_an_arrival_is_of_the_visits_day(world: World, visit: Any) -> None:
    far = ("This moment is too far from the time of the visit.", "at")
    assert refused(world, do.check_in_patient, visit, NOW - timedelta(days=5)) == far
    assert refused(world, do.seat_patient, visit, at=NOW - timedelta(hours=17)) == far
    world.run(do.check_in_patient, visit, NOW - timedelta(minutes=40))


def test_what_happens_now_is_taken_whatever_the_clock_of_another_workstation_said(world: World, visit: Any) -> None:
    world.run(do.check_in_patient, visit)
    at(world, 29)
    world.run(do.seat_patient, visit)
    assert world.ask(ask.appointment_page, visit).visit.flow == "seated"


def test_a_corrected_time_stays_between_its_neighbours(world: World, visit: Any) -> None:
    world.run(do.check_in_patient, visit, after(5))
    seated = world.run(do.seat_patient, visit, at=after(10))
    world.run(do.complete_appointment, visit, after(20))
    assert refused(world, do.correct_event_time, seated, after(4))[0] == (
        "This moment is before “Arrived”, which came first."
    )
    assert refused(world, do.correct_event_time, seated, after(21))[0] == (
        "This moment is after “Completed”, which followed."
    )
    world.run(do.correct_event_time, seated, after(20))
    assert world.ask(ask.appointment_page, visit).visit.seated_at == after(20)


def test_an_arrival_that_was_called_off_does_not_bind_the_next_one(world: World, visit: Any) -> None:
    world.run(do.check_in_patient, visit, after(20))
    world.run(do.cancel_appointment, visit)
    world.run(do.reinstate_appointment, visit)
    world.run(do.check_in_patient, visit, after(5))
    assert world.ask(ask.appointment_page, visit).visit.arrived_at == after(5)


def test_what_is_over_or_called_off_keeps_its_length(world: World, visit: Any) -> None:
    stays = ("This visit is over or was called off: its length stays.", "appointment_id")
    world.run(do.seat_patient, visit)
    world.run(do.resize_appointment, visit, "A8 D4 A18", override=True)
    world.run(do.complete_appointment, visit)
    assert refused(world, do.resize_appointment, visit, "A8 D4 A28", override=True) == stays
    assert refused(world, do.save_appointment, visit, segments="A8 D4 A28") == stays
    other = world.run(do.book_appointment, world.patients[1], "ADJ", world.chairs[1], after(180))
    world.run(do.cancel_appointment, other)
    assert refused(world, do.resize_appointment, other, "A8 D4 A18") == stays


def test_a_visit_off_the_schedule_is_not_taken_off_again(world: World) -> None:
    visit = world.run(do.book_appointment, world.patients[0], "ADJ", world.chairs[0], after(60))
    world.run(do.park_appointment, visit)
    assert refused(world, do.park_appointment, visit) == ("This changes nothing.", "appointment_id")


@pytest.mark.parametrize(
    ("days", "more", "sentence"),
    [
        (3, {"ended_at": -1}, "This visit is not over yet."),
        (-3, {"arrived_at": 1}, "The times of this visit are not in order."),
        (-3, {"arrived_at": -1, "seated_at": -2, "ended_at": -1}, "The times of this visit are not in order."),
        (-3, {"booked_at": 1}, "The times of this visit are not in order."),
    ],
)
def test_a_past_visit_is_past_and_in_order(world: World, days: int, more: dict[str, int], sentence: str) -> None:
    moments = {name: NOW + timedelta(days=number) for name, number in more.items()}
    planned = NOW + timedelta(days=days)
    place = (world.patients[0], "ADJ", world.chairs[0], planned)
    assert refused(world, do.record_past_visit, *place, **moments)[0] == sentence


def test_a_past_visit_tells_with_whom_and_why(world: World) -> None:
    reason = world.ask(ask.visit_reasons, ReasonKind.CANCEL)[0].id
    visit = world.run(
        do.record_past_visit, world.patients[0], "ADJ", world.chairs[0], NOW - timedelta(days=3), EventKind.CANCELLED,
        world.doctors[0], world.hands[0], booked_at=NOW - timedelta(days=30), reason_id=reason, note="Grippe",
    )  # fmt: skip
    page = world.ask(ask.appointment_page, visit)
    assert page.visit.status == "cancelled"
    assert [event.reason_id for event in page.events if event.kind is EventKind.CANCELLED] == [reason]

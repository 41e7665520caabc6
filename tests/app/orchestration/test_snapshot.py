"""The snapshot: who is where, what is projected, the same bytes twice, lanes, ribbons, gaps."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from app.cli.plain import plain
from app.core.clock import Clock
from app.core.errors import RuleViolation
from app.journal.queries import Actor
from app.orchestration.commands import end_priority, learn_durations, prioritise_visit
from app.orchestration.queries import DaySnapshot, day_snapshot
from app.orchestration.vocabulary import ChairState, DeviceState, PersonState, VisitFlag
from app.practice.local_time import whole_minute
from app.scheduling import commands as do
from app.scheduling.queries import DaySort, Stage, day_list
from tests.app.clinic_world import World, local

TODAY = local(2026, 11, 24).date()
NINE = local(2026, 11, 24, 9)


def book(world: World, patient: int, at: Any, chair: int = 0, type: str = "ADJ", **more: Any) -> Any:
    return world.run(
        do.book_appointment, world.patients[patient], type, world.chairs[chair], at, None, world.hands[chair], **more
    )


def at(world: World, minutes: int) -> datetime:
    """Let time pass from nine o’clock."""
    moment = NINE + timedelta(minutes=minutes)
    world.runner.clock = Clock(world.runner.clock.zone, lambda: moment)
    return moment


def look(world: World, **more: Any) -> DaySnapshot:
    found: DaySnapshot = world.ask(day_snapshot, world.clinic, **more)
    return found


def clock(world: World, minute: int | None) -> str:
    assert minute is not None
    return datetime.fromtimestamp(minute * 60, world.runner.clock.zone).strftime("%H:%M")


def test_a_visit_from_booking_to_the_door(world: World) -> None:
    """ADJ is A8 D4 A8. Seated 9:03 for 9:00, the doctor called 9:12 and there 9:15 to 9:18."""
    one = book(world, 0, NINE + timedelta(minutes=0))
    two = book(world, 1, NINE + timedelta(minutes=20))
    (first, second) = look(world).visits
    assert (first.stage, first.mission, first.delay, first.projected) == (
        Stage.EXPECTED, "Scheduled", 0, (whole_minute(NINE), whole_minute(NINE) + 20)
    )  # fmt: skip
    at(world, 7)
    (first, second) = look(world).visits
    assert (first.stage, first.mission, first.delay, first.line.late_minutes) == (Stage.LATE, "Delayed", 7, 7)
    assert (second.delay, VisitFlag.DELAYED in second.flags) == (7, True)
    world.run(do.check_in_patient, one, NINE - timedelta(minutes=1))
    assert [look(world).visits[0].waiting, look(world).visits[0].wait_left] == [8, 0]
    world.run(do.seat_patient, one, at=NINE + timedelta(minutes=3))
    at(world, 12)
    world.run(do.call_doctor, one)
    at(world, 15)
    (first, second) = look(world).visits
    assert (first.stage, first.doctor_wait, first.doctor_first, first.mission) == (
        Stage.NEEDED,
        3,
        False,
        "In progress",
    )
    assert [clock(world, each) for each in first.projected or ()] == ["09:03", "09:27"]
    assert [clock(world, each) for each in second.projected or ()] == ["09:27", "09:47"]
    world.run(do.mark_doctor_here, one)
    at(world, 18)
    world.run(do.mark_doctor_left, one)
    (first, second) = look(world).visits
    assert [clock(world, each) for each in first.projected or ()] == ["09:03", "09:26"]
    at(world, 27)
    world.run(do.complete_appointment, one)
    shot = look(world)
    assert [clock(world, each) for each in shot.visits[0].projected or ()] == ["09:03", "09:27"]
    assert (shot.visits[0].stage, shot.visits[0].end_delay, shot.delay) == (Stage.CHECKOUT, 7, 7)
    assert shot.stages[Stage.CHECKOUT] == 1
    assert sum(shot.stages.values()) == 2
    world.run(do.mark_no_show, two)
    assert look(world).visits[1].projected is None
    assert look(world).visits[1].mission == "No-show"


def test_lanes_say_who_does_what_where_since_when_and_what_next(world: World) -> None:
    one = book(world, 0, NINE)
    two = book(world, 1, NINE + timedelta(minutes=20))
    three = book(world, 2, NINE + timedelta(minutes=5), chair=1)
    world.run(do.seat_patient, one)
    at(world, 9)
    world.run(do.mark_doctor_here, one)
    at(world, 10)
    shot = look(world)
    chair, other = shot.chairs[:2]
    assert (chair.state, chair.visits, chair.queue) == (ChairState.OCCUPIED, (one,), (two,))
    assert (clock(world, chair.since), clock(world, chair.free_at)) == ("09:00", "09:21")
    assert (other.state, other.queue, clock(world, other.next_at)) == (ChairState.FREE, (three,), "09:10")
    doctor = next(lane for lane in shot.people if lane.id == world.doctors[0])
    assert (doctor.state, doctor.visit_id, doctor.operatory_id) == (PersonState.AT_CHAIR, one, world.chairs[0])
    assert (clock(world, doctor.since), clock(world, doctor.until)) == ("09:09", "09:13")
    assert (doctor.next_visit_id, clock(world, doctor.next_at)) == (three, "09:18")
    karim = next(lane for lane in shot.people if lane.id == world.hands[0])
    assert (karim.state, karim.next_visit_id, clock(world, karim.next_at)) == (PersonState.FREE, one, "09:13")
    assert shot.people[0].id == world.doctors[0]
    assert world.doctors[1] not in {lane.id for lane in shot.people}, "not at work and not booked"
    at(world, 21)
    world.run(do.mark_doctor_left, one)
    world.run(do.complete_appointment, one)
    at(world, 22)
    assert look(world).chairs[0].state is ChairState.CLEANING
    at(world, 24)
    assert look(world).chairs[0].state is ChairState.FREE


def test_a_device_is_in_use_while_it_takes_pictures(world: World) -> None:
    """RC is A20 X10 with the X-ray device of the room."""
    visit = world.run(do.book_appointment, world.patients[0], "RC", world.records, NINE, None, world.hands[0])
    world.run(do.seat_patient, visit)
    at(world, 15)
    (pano,) = look(world).devices
    assert (pano.state, pano.next_visit_id, clock(world, pano.next_at)) == (DeviceState.FREE, visit, "09:20")
    at(world, 25)
    (pano,) = look(world).devices
    assert (pano.state, pano.visit_id, clock(world, pano.free_at)) == (DeviceState.IN_USE, visit, "09:30")


def test_ribbons_show_where_the_doctor_is_wanted_twice(world: World) -> None:
    """Two ADJ at once want the doctor from 9:08 to 9:12 at two chairs."""
    book(world, 0, NINE)
    book(world, 1, NINE, chair=1, override=True)
    (ribbon,) = look(world).ribbons
    place = (whole_minute(NINE) + 5 - ribbon.start) // ribbon.step
    assert ribbon.planned[place : place + 3] == (80, 80, 0)
    assert ribbon.projected[place : place + 3] == (40, 80, 40), "one after the other, a minute's walk between"


def test_gaps_are_what_the_projection_leaves(world: World) -> None:
    one = book(world, 0, NINE)
    book(world, 1, NINE + timedelta(minutes=40))
    shot = look(world)
    mine = [gap for gap in shot.gaps if gap.operatory_id == world.chairs[0]]
    assert [(clock(world, gap.span[0]), gap.minutes) for gap in mine][:1] == [("09:20", 20)]
    world.run(do.seat_patient, one)
    at(world, 30)
    mine = [gap for gap in look(world).gaps if gap.operatory_id == world.chairs[0]]
    assert clock(world, mine[0].span[0]) == "10:02", "the doctor from 9:30 on, until 9:42; then twenty minutes"


def test_the_same_rows_give_the_same_bytes(world: World) -> None:
    for patient in range(3):
        book(world, patient, NINE + timedelta(minutes=30 * patient))
    raw = [msgspec.json.encode(plain(look(world, now=NINE + timedelta(minutes=5)))) for _twice in range(2)]
    assert raw[0] == raw[1]
    at(world, 12)
    assert msgspec.json.encode(plain(look(world, now=NINE + timedelta(minutes=5)))) == raw[0]
    assert b"." not in b"".join(part for part in raw[0].split(b'"')[::2]), "no number with a fraction"


def test_stages_are_those_of_the_list_of_the_day(world: World) -> None:
    """Random days: the stage here is the one that the database computes."""
    chance = random.Random(7)
    ids = [book(world, number % 3, NINE + timedelta(minutes=20 * number), number % 2) for number in range(9)]
    steps = [
        do.check_in_patient, do.put_on_deck, do.seat_patient, do.call_doctor, do.mark_doctor_here, do.mark_doctor_left,
        do.move_out_deck, do.complete_appointment, do.check_out_patient, do.mark_no_show, do.cancel_appointment,
        do.resume_visit,
    ]  # fmt: skip
    for minute in range(0, 240, 2):
        at(world, minute)
        try:
            world.run(chance.choice(steps), chance.choice(ids))
        except RuleViolation:
            continue
        rows = world.ask(day_list, world.clinic, TODAY, stages=list(Stage), sort=DaySort.TIME).rows
        shot = look(world)
        assert {visit.id: visit.stage for visit in shot.visits} == {row.visit.id: row.stage for row in rows}
        assert {visit.id: visit.line for visit in shot.visits} == {row.visit.id: row.visit for row in rows}


def test_who_goes_first_and_why(world: World) -> None:
    """Both want the doctor at the same minute; the later name is urgent."""
    first, second = book(world, 0, NINE), book(world, 1, NINE, chair=1, override=True)
    with pytest.raises(RuleViolation):
        world.run(prioritise_visit, second, "  ")
    done = world.submit(prioritise_visit, second, "Train à 10 h")
    found = {visit.id: visit for visit in look(world).visits}
    assert (found[second].urgent, found[second].urgent_reason) == (True, "Train à 10 h")
    assert found[second].projected == (whole_minute(NINE), whole_minute(NINE) + 20)
    assert found[first].projected == (whole_minute(NINE), whole_minute(NINE) + 25)
    world.undo(done)
    assert not any(visit.urgent for visit in look(world).visits)
    key = world.run(prioritise_visit, first, "Douleur")
    world.run(end_priority, key)
    assert not any(visit.urgent for visit in look(world).visits)


def test_money_only_for_those_who_may_see_it(world: World) -> None:
    book(world, 0, NINE)
    assistant = Actor("a", "Sophie", frozenset({"see_day", "see_schedule"}))
    assert world.runner.ask(assistant, day_snapshot, world.clinic).visits[0].expected_charge is None


def test_the_clinics_own_minutes_move_the_projection(world: World) -> None:
    """Fourteen adjustments of 30 minutes at the chair: 12 before the call, 6 with the doctor, 10 after."""
    for back in range(14):
        begin = NINE - timedelta(days=7 * (back // 2) + 7) + timedelta(hours=back % 2)
        visit = world.run(
            do.record_past_visit, world.patients[back % 3], "ADJ", world.chairs[0], begin, seated_at=begin,
            ended_at=begin + timedelta(minutes=30),
        )  # fmt: skip
        assert visit
    assert world.run(learn_durations) == 1
    book(world, 0, NINE)
    (visit,) = (item for item in look(world).visits if item.line.status == "scheduled")
    assert visit.projected == (whole_minute(NINE), whole_minute(NINE) + 20), "no stretch was recorded: the plan stands"
    rc = world.run(do.book_appointment, world.patients[1], "RC", world.records, NINE, None, world.hands[1])
    assert next(item for item in look(world).visits if item.id == rc).end_delay == 0

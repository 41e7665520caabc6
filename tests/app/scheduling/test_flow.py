"""The visit from the door to the door: every transition that the tables allow, every other refused, undo."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core import i18n
from app.core.errors import RuleViolation
from app.practice.states import MACHINES, Machine, may_pass, state
from app.scheduling import commands as do
from app.scheduling.fold import Happened, fold
from app.scheduling.queries import VisitLine, appointment_page, day_schedule
from app.scheduling.vocabulary import EventKind, PauseReason
from tests.app.clinic_world import World, local

NOW = local(2026, 11, 24, 9, 0)


@pytest.fixture
def visit(world: World) -> Any:
    """A visit of 9:00 today."""
    return world.run(do.book_appointment, world.patients[0], "ADJ", world.chairs[0], NOW, assistant_id=world.hands[0])


def at(world: World, minutes: int) -> None:
    world.runner.clock = type(world.runner.clock).fixed(NOW + timedelta(minutes=minutes))


def line(world: World, visit: Any) -> VisitLine:
    found: VisitLine = world.ask(appointment_page, visit).visit
    return found


def test_a_whole_visit(world: World, visit: Any) -> None:
    steps = [
        (do.confirm_appointment, (), "confirmed", "expected", "none"),
        (do.check_in_patient, (), "confirmed", "arrived", "none"),
        (do.put_on_deck, (), "confirmed", "on_deck", "none"),
        (do.seat_patient, (world.chairs[1], world.hands[0]), "confirmed", "seated", "none"),
        (do.call_doctor, (), "confirmed", "seated", "needed"),
        (do.call_doctor, (True,), "confirmed", "seated", "needed_first"),
        (do.pause_visit, (PauseReason.DOCTOR,), "confirmed", "paused", "needed_first"),
        (do.resume_visit, (), "confirmed", "seated", "needed_first"),
        (do.mark_doctor_here, (world.doctors[0],), "confirmed", "seated", "here"),
        (do.mark_doctor_left, (), "confirmed", "seated", "was_here"),
        (do.move_out_deck, (), "confirmed", "out_deck", "was_here"),
        (do.complete_appointment, (), "kept", "checkout", "was_here"),
        (do.check_out_patient, (), "kept", "gone", "was_here"),
    ]
    for number, (command, arguments, *codes) in enumerate(steps):
        at(world, number * 2)
        done = world.submit(command, visit, *arguments)
        found = line(world, visit)
        assert [found.status, found.flow, found.doctor] == codes
        before = found
        if number == len(steps) - 1:
            world.undo(done)
            assert line(world, visit).flow == "checkout"
            assert before.left_at is not None
    found = line(world, visit)
    assert found.arrived_at == NOW + timedelta(minutes=2)
    assert found.seated_operatory_id == world.chairs[1]
    assert found.paused_seconds == 120
    assert found.doctor_seconds == 120
    assert found.doctor_needed_at == NOW + timedelta(minutes=8)


COMMANDS = {
    EventKind.CONFIRMED: (do.confirm_appointment, ()),
    EventKind.CANCELLED: (do.cancel_appointment, ()),
    EventKind.MISSED: (do.mark_no_show, ()),
    EventKind.REINSTATED: (do.reinstate_appointment, ()),
    EventKind.ARRIVED: (do.check_in_patient, ()),
    EventKind.ON_DECK: (do.put_on_deck, ()),
    EventKind.SEATED: (do.seat_patient, ()),
    EventKind.PAUSED: (do.pause_visit, (PauseReason.XRAY,)),
    EventKind.RESUMED: (do.resume_visit, ()),
    EventKind.DOCTOR_NEEDED: (do.call_doctor, ()),
    EventKind.DOCTOR_ARRIVED: (do.mark_doctor_here, ()),
    EventKind.DOCTOR_LEFT: (do.mark_doctor_left, ()),
    EventKind.OUT_DECK: (do.move_out_deck, ()),
    EventKind.COMPLETED: (do.complete_appointment, ()),
    EventKind.LEFT: (do.check_out_patient, ()),
}
K = EventKind
POSSIBLE = {
    (): {K.CONFIRMED, K.CANCELLED, K.MISSED, K.ARRIVED, K.SEATED},
    (K.CONFIRMED,): {K.CANCELLED, K.MISSED, K.ARRIVED, K.SEATED},
    (K.CANCELLED,): {K.REINSTATED},
    (K.MISSED,): {K.REINSTATED, K.ARRIVED},
    (K.ARRIVED,): {K.CONFIRMED, K.CANCELLED, K.ON_DECK, K.SEATED},
    (K.ARRIVED, K.ON_DECK): {K.CONFIRMED, K.CANCELLED, K.ARRIVED, K.SEATED},
    (K.SEATED,): {
        K.CONFIRMED, K.ARRIVED, K.SEATED, K.PAUSED, K.DOCTOR_NEEDED, K.DOCTOR_ARRIVED, K.OUT_DECK, K.COMPLETED,
    },
    (K.SEATED, K.PAUSED): {
        K.CONFIRMED, K.RESUMED, K.DOCTOR_NEEDED, K.DOCTOR_ARRIVED, K.OUT_DECK, K.COMPLETED,
    },
    (K.SEATED, K.DOCTOR_ARRIVED): {
        K.CONFIRMED, K.ARRIVED, K.SEATED, K.PAUSED, K.DOCTOR_LEFT, K.OUT_DECK, K.COMPLETED,
    },
    (K.SEATED, K.OUT_DECK): {K.CONFIRMED, K.SEATED, K.COMPLETED},
    (K.SEATED, K.COMPLETED): {K.SEATED, K.LEFT},
    (K.SEATED, K.COMPLETED, K.LEFT): set(),
}  # fmt: skip


@pytest.mark.parametrize("path", POSSIBLE, ids=lambda path: "-".join(kind.value for kind in path) or "scheduled")
def test_what_is_possible_and_what_is_refused_in_both_languages(
    world: World, visit: Any, path: tuple[EventKind, ...]
) -> None:
    at(world, 1)
    for kind in path:
        command, arguments = COMMANDS[kind]
        world.run(command, visit, *arguments)
    possible, sentences = set(), []
    for kind, (command, arguments) in COMMANDS.items():
        before = world.ask(appointment_page, visit)
        try:
            done = world.submit(command, visit, *arguments)
        except RuleViolation as refusal:
            assert world.ask(appointment_page, visit) == before
            sentences.append(in_both(refusal))
        else:
            possible.add(kind)
            world.undo(done)
            after = world.ask(appointment_page, visit)
            assert after.visit == before.visit
            assert len(after.events) == len(before.events) + 2
    assert possible == POSSIBLE[path]
    assert all(english != french and "{" not in english + french for english, french in sentences)


def in_both(refusal: RuleViolation) -> tuple[str, str]:
    """The sentence in English and in French."""
    english = str(refusal)
    i18n.set_language("fr")
    french = str(refusal)
    i18n.set_language("en")
    return english, french


def test_late_and_overrun_follow_the_clock(world: World, visit: Any) -> None:
    at(world, 5)
    assert line(world, visit).flow == "expected"
    at(world, 6)
    assert (line(world, visit).flow, line(world, visit).late_minutes) == ("late", 6)
    world.run(do.seat_patient, visit)
    at(world, 33)
    assert line(world, visit).overrun_minutes == 13


def test_a_no_show_is_not_marked_before_the_visit_begins(world: World, visit: Any) -> None:
    at(world, -1)
    with pytest.raises(RuleViolation, match="has not begun"):
        world.run(do.mark_no_show, visit)
    at(world, 1)
    with pytest.raises(RuleViolation, match="in the future"):
        world.run(do.check_in_patient, visit, NOW + timedelta(minutes=2))


def test_a_visit_of_another_day_is_not_checked_in(world: World) -> None:
    tomorrow = world.run(
        do.book_appointment, world.patients[1], "ADJ", world.chairs[0], NOW + timedelta(days=1),
        assistant_id=world.hands[0],
    )  # fmt: skip
    with pytest.raises(RuleViolation, match="not today"):
        world.run(do.check_in_patient, tomorrow)


def test_a_corrected_time_stands_in_place_and_can_be_taken_back(world: World, visit: Any) -> None:
    at(world, 10)
    first = world.run(do.check_in_patient, visit)
    world.run(do.seat_patient, visit)
    done = world.submit(do.correct_event_time, first, NOW + timedelta(minutes=3), "Oubli")
    assert line(world, visit).arrived_at == NOW + timedelta(minutes=3)
    with pytest.raises(RuleViolation, match="already taken back or corrected"):
        world.run(do.correct_event_time, first, NOW)
    world.undo(done)
    assert line(world, visit).arrived_at == NOW + timedelta(minutes=10)


def test_an_event_on_which_others_build_is_not_taken_back(world: World, visit: Any) -> None:
    seated = world.run(do.seat_patient, visit)
    world.run(do.pause_visit, visit, PauseReason.PARENT)
    with pytest.raises(RuleViolation, match="Later events build on this one"):
        world.run(do.void_appointment_event, seated)


def test_events_and_moves_are_taken_back_by_themselves(world: World, visit: Any) -> None:
    moved = world.run(do.move_appointment, visit, NOW + timedelta(minutes=30))
    world.run(do.void_appointment_event, moved, "Mauvais patient")
    assert line(world, visit).starts_at == NOW
    arrived = world.run(do.check_in_patient, visit)
    world.run(do.void_appointment_event, arrived)
    assert line(world, visit).arrived_at is None
    assert [item.counts for item in world.ask(appointment_page, visit).events] == [True, False, False, False, False]
    with pytest.raises(RuleViolation, match="already taken back"):
        world.run(do.void_appointment_event, arrived)


def test_a_visit_that_ended_early_gives_its_chair_back(world: World, visit: Any) -> None:
    at(world, 1)
    world.run(do.seat_patient, visit)
    at(world, 10)
    world.run(do.complete_appointment, visit)
    start = NOW + timedelta(minutes=12)
    world.run(do.book_appointment, world.patients[1], "ADJ", world.chairs[0], start, assistant_id=world.hands[0])
    assert len(world.ask(day_schedule, world.clinic)) == 2


def test_the_projection_is_what_verify_finds(world: World, visit: Any, workplace: Any) -> None:
    world.run(do.seat_patient, visit)
    world.run(do.complete_appointment, visit)
    assert workplace.verify().sound


# -- the tables ---------------------------------------------------------------------------------------------------


def test_every_transition_leads_to_a_state_and_every_machine_begins_once() -> None:
    for machine, states in MACHINES.items():
        assert sum(item.initial for item in states.values()) == 1
        for item in states.values():
            assert set(item.to) <= set(states)
            assert item.machine is machine
            assert i18n.is_translated("fr", item.name)
            assert not item.mission or i18n.is_translated("fr", item.mission)


def test_the_missions_eight_labels_are_all_there() -> None:
    labels = {item.mission for states in MACHINES.values() for item in states.values()} - {""}
    assert labels == {
        "Scheduled", "Checked in", "In progress", "Paused", "Completed", "Delayed", "No-show", "Cancelled",
    }  # fmt: skip
    assert state(Machine.FLOW, "paused").mission == "Paused"
    assert may_pass(Machine.DOCTOR, "none", "here")
    assert not may_pass(Machine.DOCTOR, "none", "was_here")


@given(st.lists(st.sampled_from([kind for kind in EventKind if kind is not EventKind.VOIDED]), max_size=30))
@settings(max_examples=300, deadline=None)
def test_any_history_folds_into_states_of_the_table(kinds: list[EventKind]) -> None:
    """Whatever two workstations wrote while apart: no event raises, counts add up, the states exist."""
    events = [Happened("0", EventKind.MADE, NOW, NOW)]
    events += [
        Happened(f"{number:03}", kind, NOW + timedelta(minutes=number), NOW + timedelta(minutes=number))
        for number, kind in enumerate(kinds, start=1)
        if kind is not EventKind.MADE
    ]
    visit = fold(events)
    assert visit.status in MACHINES[Machine.APPOINTMENT]
    assert visit.flow in MACHINES[Machine.FLOW]
    assert visit.doctor in MACHINES[Machine.DOCTOR]
    assert 0 <= visit.ineffective < len(events)
    assert visit == fold(reversed(events))
    assert visit.status == "kept" or visit.flow not in {"checkout"}

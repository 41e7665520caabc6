"""Booking, moving and cancelling: what is refused, what may be overridden, what undo gives back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.core import i18n
from app.core.errors import PermissionDenied, RuleViolation
from app.core.ids import PatientId, StaffId
from app.journal.queries import Actor
from app.practice.commands import (
    add_break,
    add_closure,
    add_provider,
    add_shift,
    end_provider,
    give_skill,
    plan_maintenance,
    record_absence,
    retire_operatory,
)
from app.practice.queries import equipment, roster
from app.practice.vocabulary import AbsenceKind, EquipmentId, ProviderKind
from app.scheduling.commands import (
    FamilyVisit,
    TypeFlags,
    add_appointment_type,
    book_appointment,
    book_family,
    cancel_appointment,
    change_appointment,
    change_appointment_type,
    move_appointment,
    park_appointment,
    plan_appointment,
    record_past_visit,
    reinstate_appointment,
    resize_appointment,
    void_appointment_event,
    withdraw_appointment,
)
from app.scheduling.queries import (
    appointment_page,
    appointment_types,
    booking_conflicts,
    day_schedule,
    doctor_load,
    patient_visits,
    unscheduled_visits,
    visit_reasons,
)
from app.scheduling.vocabulary import AppointmentClass, ConflictKind, EventKind, LabState, ReasonKind, Severity
from tests.app.clinic_world import World, local

AT = local(2026, 11, 25, 10, 0)


def book(world: World, patient: int = 0, type: str = "ADJ", chair: int = 0, at: Any = AT, **more: Any) -> Any:
    more.setdefault("assistant_id", world.hands[chair])
    return world.run(book_appointment, world.patients[patient], type, world.chairs[chair], at, **more)


def refused(world: World, *args: Any, **more: Any) -> str:
    """The sentence of a refused booking, after which nothing has been written."""
    before = world.ask(day_schedule, world.clinic, days=14)
    with pytest.raises(RuleViolation) as caught:
        book(world, *args, **more)
    assert world.ask(day_schedule, world.clinic, days=14) == before
    english = str(caught.value)
    i18n.set_language("fr")
    assert str(caught.value) != english
    i18n.set_language("en")
    return caught.value.message_id


def test_a_booking_stands_with_its_segments(world: World) -> None:
    made = book(world)
    (line,) = world.ask(day_schedule, world.clinic, AT.date())
    assert (line.id, line.status, line.flow, line.minutes) == (made, "scheduled", "expected", 20)
    assert [(item.kind.value, item.minutes) for item in line.segments] == [
        ("assistant", 8), ("doctor", 4), ("assistant", 8),
    ]  # fmt: skip
    assert line.doctor_id == world.doctors[0]
    assert line.ends_at == AT + timedelta(minutes=20)


@pytest.mark.parametrize(
    ("second", "message"),
    [
        ({"patient": 1}, "“{chair}” is taken from {start} to {end}."),
        ({"patient": 0, "chair": 1}, "The patient has another visit from {start} to {end}."),
        ({"patient": 1, "chair": 1}, "{name} is with another patient from {start} to {end}."),
    ],
)
def test_two_visits_at_once_are_refused(world: World, second: dict[str, Any], message: str) -> None:
    book(world)
    assert refused(world, **second) == message


def test_the_doctor_is_at_one_chair_at_a_time_but_assistants_overlap_around(world: World) -> None:
    """A8 D4 A8 five minutes later: the doctor’s minutes 8–12 and 13–17 do not meet."""
    book(world)
    book(world, 1, chair=1, at=AT + timedelta(minutes=5))
    assert len(world.ask(day_schedule, world.clinic, AT.date())) == 2


def test_a_doctor_without_time_to_walk_is_a_warning(world: World) -> None:
    book(world)
    found = world.ask(
        booking_conflicts, world.patients[1], "ADJ", world.chairs[1], AT + timedelta(minutes=4), None, world.hands[1]
    )
    assert [(item.kind, item.severity) for item in found] == [(ConflictKind.WALK, Severity.WARNING)]
    book(world, 1, chair=1, at=AT + timedelta(minutes=4))


def test_hours_holidays_closures_absences_shifts(world: World) -> None:
    doctor = {"doctor_id": world.doctors[0]}
    assert refused(world, at=local(2026, 11, 25, 7, 50)) == "The clinic is not open from {start} to {end}."
    assert (
        refused(world, at=local(2026, 11, 28, 10, 0), doctor_id=world.doctors[0])
        == "The clinic is not open from {start} to {end}."
    )
    assert refused(world, at=local(2026, 12, 25, 10, 0), **doctor) == "The clinic is closed: {reason}."
    world.run(add_closure, AT.date(), "Formation", start="10:15", end="12:00")
    assert refused(world) == "The clinic is closed: {reason}."
    noon = local(2026, 11, 26, 12, 0)
    world.run(record_absence, world.hands[0], AbsenceKind.SICK, noon, noon + timedelta(hours=2))
    assert refused(world, at=noon) == "{name} is away from {start} to {end}."
    assert refused(world, at=local(2026, 12, 7, 10, 0), doctor_id=world.doctors[0]) in {
        "{name} does not work here from {start} to {end}."
    }


def test_a_break_is_told_and_not_refused(world: World) -> None:
    shift = next(
        line for line in world.ask(roster, world.clinic, AT.date()).shifts if line.provider_id == world.hands[0]
    )
    world.run(add_break, shift.id, AT)
    found = world.ask(booking_conflicts, world.patients[0], "ADJ", world.chairs[0], AT, None, world.hands[0])
    assert [item.kind for item in found] == [ConflictKind.BREAK]
    book(world)


def test_equipment_is_used_during_imaging_only(world: World) -> None:
    world.run(book_appointment, world.patients[0], "RC", world.records, AT, assistant_id=world.hands[0])
    (line,) = world.ask(day_schedule, world.clinic, AT.date())
    (device,) = world.ask(equipment, world.clinic)
    assert line.equipment_id == device.id
    later = AT + timedelta(hours=2)
    world.run(plan_maintenance, device.id, later, later + timedelta(minutes=20))
    world.run(book_appointment, world.patients[1], "RC", world.records, later, assistant_id=world.hands[0])
    world.run(plan_maintenance, device.id, AT + timedelta(hours=5), AT + timedelta(hours=6))
    with pytest.raises(RuleViolation, match="under maintenance"):
        world.run(
            book_appointment, world.patients[2], "RC", world.records, AT + timedelta(hours=5),
            assistant_id=world.hands[0], equipment_id=EquipmentId(device.id),
        )  # fmt: skip


def test_a_chair_without_the_device_is_refused(world: World) -> None:
    with pytest.raises(RuleViolation, match="No equipment"):
        world.run(book_appointment, world.patients[0], "RC", world.chairs[0], AT, assistant_id=world.hands[0])


def test_skills(world: World) -> None:
    types = {line.code: line for line in world.ask(appointment_types)}
    world.run(change_appointment_type, types["ADJ"].id, flags=TypeFlags(skills=["wire"]))
    assert refused(world) == "Nobody of this visit has the skill {skill}."
    world.run(give_skill, world.hands[0], "wire", AT.date() - timedelta(days=1))
    assert refused(world) == "Nobody of this visit has the skill {skill}."
    world.run(give_skill, world.hands[0], "wire", AT.date())
    book(world)


def test_who_is_no_hands_is_told(world: World) -> None:
    desk = world.run(add_provider, StaffId("julie"), "Julie Roy", ProviderKind.FRONT_DESK)
    world.run(add_shift, desk, world.clinic, AT.date(), "8:00", "17:00")
    found = world.ask(booking_conflicts, world.patients[0], "ADJ", world.chairs[0], AT, None, desk)
    assert {(item.kind, item.severity) for item in found} == {(ConflictKind.SKILL, Severity.WARNING)}
    assert not world.ask(booking_conflicts, world.patients[0], "ADJ", world.chairs[0], AT, None, world.hands[0])


def test_a_doctor_must_be_chosen_when_two_work(world: World) -> None:
    world.run(add_shift, world.doctors[1], world.clinic, AT.date(), "8:00", "17:00")
    assert refused(world) == "Choose the doctor of this visit."
    assert refused(world, doctor_id=world.hands[1]) == "{name} is not an orthodontist."
    book(world, doctor_id=world.doctors[1])


def test_what_is_retired_or_unknown_is_refused(world: World) -> None:
    assert refused(world, type="NOPE") == "There is no appointment type “{name}”."
    assert refused(world, at=AT + timedelta(seconds=3)) == "A visit begins on a whole minute."
    assert refused(world, segments="A5 Z2") == "Segments are written like A8 D4 A8."
    assert refused(world, segments="A999") == "A visit lasts 1 to {most} minutes."
    world.run(end_provider, world.hands[0], AT.date())
    assert refused(world) == "{name} no longer works here."
    world.run(retire_operatory, world.chairs[1])
    assert refused(world, chair=1) == "This chair is no longer in use."


def test_an_override_needs_its_right_and_is_remembered(world: World) -> None:
    book(world)
    clerk = Actor("clerk", "Julie", frozenset({"book_appointments"}))
    arguments = (world.patients[1], "ADJ", world.chairs[0], AT)
    with pytest.raises(PermissionDenied):
        world.runner.run(clerk, book_appointment, *arguments, assistant_id=world.hands[1], override=True)
    made = world.run(book_appointment, *arguments, assistant_id=world.hands[1], override=True)
    assert world.ask(appointment_page, made).visit.allowed == ("chair", "doctor")
    with pytest.raises(RuleViolation, match="The patient has another visit"):
        world.run(book_appointment, *arguments, assistant_id=world.hands[1], override=True)


def test_a_virtual_column_holds_any_number(world: World) -> None:
    for patient in world.patients:
        world.run(book_appointment, patient, "ADJ", world.emergency, AT, segments="C20")
    assert len(world.ask(day_schedule, world.clinic, AT.date())) == 3


def test_undo_of_a_booking_withdraws_it(world: World) -> None:
    done = world.submit(book_appointment, world.patients[0], "ADJ", world.chairs[0], AT, assistant_id=world.hands[0])
    world.undo(done)
    assert world.ask(day_schedule, world.clinic, AT.date()) == ()
    book(world, 1)


def test_a_move_frees_the_old_place_and_undo_gives_it_back(world: World) -> None:
    made = book(world)
    reason = next(line for line in world.ask(visit_reasons, ReasonKind.MOVE) if line.code == "TIME")
    later = AT + timedelta(hours=1)
    done = world.submit(move_appointment, made, later, world.chairs[1], reason_id=reason.id)
    page = world.ask(appointment_page, made)
    assert (page.visit.starts_at, page.visit.operatory_id, page.visit.moves) == (later, world.chairs[1], 1)
    world.undo(done)
    page = world.ask(appointment_page, made)
    assert (page.visit.starts_at, page.visit.operatory_id, page.visit.moves) == (AT, world.chairs[0], 0)
    assert [event.kind for event in page.events] == [EventKind.MADE, EventKind.MOVED, EventKind.VOIDED]
    with pytest.raises(RuleViolation, match="This changes nothing"):
        world.run(move_appointment, made)


def test_undo_of_a_move_into_a_place_that_is_taken_since_is_refused(world: World) -> None:
    made = book(world)
    done = world.submit(move_appointment, made, AT + timedelta(hours=1))
    other = book(world, 1)
    with pytest.raises(RuleViolation, match="is taken from"):
        world.undo(done)
    assert world.ask(appointment_page, made).visit.starts_at == AT + timedelta(hours=1)
    cancelled = world.submit(cancel_appointment, other)
    world.undo(done)
    with pytest.raises(RuleViolation, match="is taken from"):
        world.undo(cancelled)
    with pytest.raises(RuleViolation, match="is taken from"):
        world.run(reinstate_appointment, other)


def test_cancelling_frees_the_chair_and_late_counts_apart(world: World) -> None:
    early, late = book(world), book(world, 1, at=local(2026, 11, 24, 15, 0))
    reason = next(line for line in world.ask(visit_reasons, ReasonKind.CANCEL) if line.code == "ILL")
    world.run(cancel_appointment, early, reason.id)
    world.run(cancel_appointment, late, reason.id)
    assert world.ask(appointment_page, early).visit.status == "cancelled"
    assert world.ask(appointment_page, late).visit.status == "cancelled_late"
    assert world.ask(day_schedule, world.clinic, AT.date()) == ()
    assert len(world.ask(day_schedule, world.clinic, AT.date(), cancelled=True)) == 1
    book(world, 2)
    with pytest.raises(RuleViolation, match="This reason cannot be used here"):
        world.run(move_appointment, late, AT, reason_id=reason.id)


def test_parked_and_planned_visits_have_no_time(world: World) -> None:
    made = book(world)
    planned = world.run(plan_appointment, world.patients[1], "DB", world.clinic)
    done = world.submit(park_appointment, made)
    assert {(line.id, line.status) for line in world.ask(unscheduled_visits)} == {
        (made, "unscheduled"),
        (planned, "planned"),
    }
    world.undo(done)
    assert [line.id for line in world.ask(unscheduled_visits, world.clinic)] == [planned]
    world.run(move_appointment, planned, AT + timedelta(hours=2), world.chairs[1], assistant_id=world.hands[1])
    assert world.ask(appointment_page, planned).visit.status == "scheduled"


def test_resize_and_change(world: World) -> None:
    made = book(world)
    book(world, 1, at=AT + timedelta(minutes=25))
    with pytest.raises(RuleViolation, match="is taken from"):
        world.run(resize_appointment, made, "A8 D4 A18")
    done = world.submit(resize_appointment, made, "A5 D10 A5")
    assert [item.minutes for item in world.ask(appointment_page, made).visit.segments] == [5, 10, 5]
    world.undo(done)
    assert [item.minutes for item in world.ask(appointment_page, made).visit.segments] == [8, 4, 8]
    world.run(change_appointment, made, "Apporte ses élastiques", LabState.MUST_BE_BACK, True)
    line = world.ask(appointment_page, made).visit
    assert (line.note, line.lab_state, line.prep_done) == ("Apporte ses élastiques", LabState.MUST_BE_BACK, True)


def test_a_locked_length_stays(world: World) -> None:
    world.run(
        add_appointment_type, "fix", "Fixe", "Fixed", "A20", AppointmentClass.ADJUSTMENT,
        flags=TypeFlags(length_locked=True, buffer_minutes=10),
    )  # fmt: skip
    assert refused(world, type="FIX", segments="A30") == "The length of this type is locked."
    book(world, type="FIX")
    assert refused(world, 1, at=AT + timedelta(minutes=25)) == "“{chair}” is taken from {start} to {end}."
    book(world, 1, at=AT + timedelta(minutes=30))


def test_a_family_is_booked_in_one_step_or_not_at_all(world: World) -> None:
    one = FamilyVisit(world.patients[0], "ADJ", world.chairs[0], AT, None, world.hands[0])
    bad = FamilyVisit(world.patients[1], "ADJ", world.chairs[1], AT, None, world.hands[1])
    good = FamilyVisit(world.patients[1], "ADJ", world.chairs[1], AT + timedelta(minutes=5), None, world.hands[1])
    with pytest.raises(RuleViolation, match="is with another patient"):
        world.run(book_family, [one, bad])
    assert world.ask(day_schedule, world.clinic, AT.date()) == ()
    done = world.submit(book_family, [one, good])
    lines = world.ask(day_schedule, world.clinic, AT.date())
    assert len(lines) == 2
    assert len({line.group_id for line in lines}) == 1
    assert lines[0].group_id is not None
    world.undo(done)
    assert world.ask(day_schedule, world.clinic, AT.date()) == ()
    with pytest.raises(RuleViolation, match="A family booking"):
        world.run(book_family, [one])


def test_past_visits_are_taken_in_with_their_outcome(world: World) -> None:
    past = local(2026, 10, 5, 10, 0)
    kept = world.run(record_past_visit, world.patients[0], "BD1", world.chairs[0], past)
    missed = world.run(record_past_visit, world.patients[0], "ADJ", world.chairs[0], past, EventKind.MISSED)
    lines = {line.id: line for line in world.ask(patient_visits, world.patients[0])}
    assert (lines[kept].status, lines[kept].flow, lines[missed].status) == ("kept", "gone", "missed")
    with pytest.raises(RuleViolation, match="not over yet"):
        world.run(record_past_visit, world.patients[0], "ADJ", world.chairs[0], AT)
    with pytest.raises(RuleViolation, match="was kept, missed or cancelled"):
        world.run(record_past_visit, world.patients[0], "ADJ", world.chairs[0], past, EventKind.PAUSED)
    world.run(withdraw_appointment, missed)


def test_a_booking_is_not_voided_but_withdrawn(world: World) -> None:
    made = book(world)
    (event,) = world.ask(appointment_page, made).events
    with pytest.raises(RuleViolation, match="A booking is withdrawn"):
        world.run(void_appointment_event, event.id)


def test_the_load_of_the_doctor(world: World) -> None:
    book(world)
    world.run(
        book_appointment, world.patients[1], "ADJ", world.chairs[1], AT, assistant_id=world.hands[1], override=True
    )
    load = world.ask(doctor_load, world.clinic, AT.date())
    assert [(line.starts_at, line.percent) for line in load] == [
        (AT + timedelta(minutes=5), 80),
        (AT + timedelta(minutes=10), 80),
    ]
    assert [line.percent for line in world.ask(doctor_load, world.clinic, AT.date(), 1)] == [200] * 4


def test_nobody_books_for_a_chart_that_does_not_exist(world: World) -> None:
    from app.core.errors import NotFound

    with pytest.raises(NotFound):
        world.run(book_appointment, PatientId("nobody"), "ADJ", world.chairs[0], AT)

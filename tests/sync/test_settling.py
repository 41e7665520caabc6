"""Every settlement is a command that closes the conflict on all workstations, and is undone where it was made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.core.errors import PermissionDenied, RuleViolation
from app.core.ids import PatientId
from app.journal.conflicts import (
    conflict_list,
    edit_conflict,
    refused_work,
    sync_standing,
    waiting_to_send,
)
from app.journal.queries import Actor
from app.journal.settling import (
    SETTLE_CONFLICTS,
    Side,
    close_conflict,
    reopen_conflict,
    reopen_inbox_item,
    settle_edit,
    settle_inbox_item,
)
from app.patients.commands import change_patient
from app.scheduling.commands import (
    book_appointment,
    cancel_conflicting_visit,
    keep_both_visits,
    move_appointment,
    move_conflicting_visit,
    take_back_settling,
)
from app.scheduling.permissions import BOOK_APPOINTMENTS
from app.scheduling.queries import double_booking, slots_for_visit
from app.scheduling.vocabulary import AppointmentId
from tests.app.clinic_world import local
from tests.conftest import NOW
from tests.sync.test_two_workstations import BOSS, Clinic, furnish

AT = local(2026, 11, 25, 10)


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    made = Clinic(tmp_path)
    yield made
    for place in made.places.values():
        place.close()


@pytest.fixture
def booked(clinic: Clinic) -> tuple[str, list[AppointmentId]]:
    """One chair at one time on A and on B; the conflict and the visits of A and B."""
    chair, patients = furnish(clinic)
    clinic.meet()
    visits = [
        clinic.places[name].runner.run(BOSS, book_appointment, patient, "ADJ", chair, AT)
        for name, patient in zip(("A", "B"), patients, strict=True)
    ]
    clinic.meet()
    (line,) = clinic.places["A"].runner.ask(BOSS, conflict_list)
    return line.id, visits


def open_on(clinic: Clinic, name: str) -> int:
    return clinic.places[name].runner.ask(BOSS, sync_standing).conflicts


def test_both_visits_are_shown_with_who_booked_them_where(
    clinic: Clinic, booked: tuple[str, list[AppointmentId]]
) -> None:
    conflict, visits = booked
    shown = clinic.places["A"].runner.ask(BOSS, double_booking, conflict)
    assert {side.visit.id for side in shown.visits} == set(visits)
    assert shown.stands
    assert shown.overlap is not None
    assert {side.chair for side in shown.visits} == {"Fauteuil 1"}
    assert {side.booked.device_name: side.booked.is_here for side in shown.visits} == {"A": True, "B": False}
    assert {side.booked.actor_id for side in shown.visits} == {"boss"}
    assert all(side.doctor_minutes for side in shown.visits if side.doctor)


def test_keeping_both_closes_it_everywhere_and_is_undone(
    clinic: Clinic, booked: tuple[str, list[AppointmentId]]
) -> None:
    conflict, visits = booked
    b = clinic.places["B"].runner
    done = b.submit(BOSS, keep_both_visits, conflict).result()
    clinic.meet()
    assert [open_on(clinic, name) for name in "ABS"] == [0, 0, 0]
    (line,) = clinic.places["A"].runner.ask(BOSS, conflict_list, settled=True)
    assert (line.resolution, line.resolved_by) == ("kept_both", "boss")
    b.run(BOSS, move_appointment, visits[1], AT + timedelta(minutes=5), override=True)  # it may still be worked with
    assert done.undoable


def test_keeping_both_is_undone(clinic: Clinic, booked: tuple[str, list[AppointmentId]]) -> None:
    conflict, _visits = booked
    runner = clinic.places["A"].runner
    done = runner.submit(BOSS, keep_both_visits, conflict).result()
    assert done.undoable
    runner.undo(BOSS, done.operation_id)
    clinic.meet()
    assert [open_on(clinic, name) for name in "ABS"] == [1, 1, 1]
    assert len(clinic.digests()) == 1


def test_moving_one_to_a_time_that_is_offered(clinic: Clinic, booked: tuple[str, list[AppointmentId]]) -> None:
    conflict, visits = booked
    runner = clinic.places["A"].runner
    slots = runner.ask(BOSS, slots_for_visit, visits[1])
    assert slots
    assert all(slot.starts_at != AT for slot in slots)
    first = slots[0]
    done = runner.submit(
        BOSS, move_conflicting_visit, conflict, visits[1], first.starts_at, first.operatory_id
    ).result()  # fmt: skip
    clinic.meet()
    assert [open_on(clinic, name) for name in "ABS"] == [0, 0, 0]
    assert clinic.rows("B", "SELECT count(DISTINCT starts_at) FROM appointment") == [(2,)]
    shown = clinic.places["B"].runner.ask(BOSS, double_booking, conflict)
    assert not shown.stands
    runner.undo(BOSS, done.operation_id)
    clinic.meet()
    assert [open_on(clinic, name) for name in "ABS"] == [1, 1, 1]
    assert clinic.rows("B", "SELECT count(DISTINCT starts_at) FROM appointment") == [(1,)]
    event = runner.run(BOSS, move_conflicting_visit, conflict, visits[1], first.starts_at, first.operatory_id)
    runner.run(BOSS, take_back_settling, event)
    clinic.meet()
    assert [open_on(clinic, name) for name in "ABS"] == [1, 1, 1]
    assert len(clinic.digests()) == 1


def test_cancelling_one_needs_a_reason(clinic: Clinic, booked: tuple[str, list[AppointmentId]]) -> None:
    conflict, visits = booked
    runner = clinic.places["B"].runner
    with pytest.raises(RuleViolation):
        runner.run(BOSS, cancel_conflicting_visit, conflict, visits[0])
    event = runner.run(BOSS, cancel_conflicting_visit, conflict, visits[0], note="la famille rappellera")
    clinic.meet()
    assert [open_on(clinic, name) for name in "ABS"] == [0, 0, 0]
    assert str(clinic.rows("A", f"SELECT status FROM appointment_state WHERE id = '{visits[0]}'")[0][0]).startswith(
        "canc"
    )
    runner.run(BOSS, take_back_settling, event)
    clinic.meet()
    assert [open_on(clinic, name) for name in "ABS"] == [1, 1, 1]


def test_the_first_settlement_wins(clinic: Clinic, booked: tuple[str, list[AppointmentId]]) -> None:
    conflict, visits = booked
    clinic.places["A"].runner.run(BOSS, keep_both_visits, conflict)
    clinic.meet()
    with pytest.raises(RuleViolation):
        clinic.places["B"].runner.run(BOSS, cancel_conflicting_visit, conflict, visits[0], note="trop tard")


def test_what_is_double_booked_again_is_told_again(clinic: Clinic, booked: tuple[str, list[AppointmentId]]) -> None:
    conflict, visits = booked
    a, b = clinic.places["A"].runner, clinic.places["B"].runner
    slot = a.ask(BOSS, slots_for_visit, visits[1])[0]
    a.run(BOSS, move_conflicting_visit, conflict, visits[1], slot.starts_at, slot.operatory_id)
    clinic.meet()
    a.run(BOSS, move_appointment, visits[0], AT + timedelta(hours=3))
    b.run(BOSS, move_appointment, visits[1], AT + timedelta(hours=3))
    clinic.meet()
    assert [open_on(clinic, name) for name in "ABS"] == [1, 1, 1]


def test_a_visit_of_an_open_conflict_may_be_worked_with(
    clinic: Clinic, booked: tuple[str, list[AppointmentId]]
) -> None:
    _conflict, visits = booked
    clinic.places["A"].runner.run(BOSS, move_appointment, visits[0], AT + timedelta(hours=2))
    clinic.meet()
    shown = clinic.places["B"].runner.ask(BOSS, conflict_list)
    assert len(shown) == 1
    runner = clinic.places["B"].runner
    assert not runner.ask(BOSS, double_booking, shown[0].id).stands
    runner.run(BOSS, close_conflict, shown[0].id, "déplacé au téléphone")
    clinic.meet()
    assert [open_on(clinic, name) for name in "ABS"] == [0, 0, 0]
    runner.run(BOSS, reopen_conflict, shown[0].id)
    assert open_on(clinic, "B") == 1


@pytest.fixture
def edited(clinic: Clinic) -> PatientId:
    """Olivia's name and birthday, written apart on A and on B; B's are later."""
    _chair, (patient, _other) = furnish(clinic)
    clinic.meet()
    clinic.places["A"].runner.run(BOSS, change_patient, patient, family_name="Lavoye", given_name="Olivya")
    clinic.places["B"].clock.source = lambda: NOW.replace(minute=1)
    clinic.places["B"].runner.run(BOSS, change_patient, patient, family_name="Lavois", given_name="Oliviane")
    clinic.meet()
    return patient


def test_each_field_is_settled_by_itself(clinic: Clinic, edited: PatientId) -> None:
    runner = clinic.places["A"].runner
    shown = runner.ask(BOSS, edit_conflict, "patient", edited)
    assert shown is not None
    fields = {field.column: field for field in shown.fields}
    assert set(fields) == {"family_name", "given_name"}
    field = fields["family_name"]
    assert (field.base, field.mine, field.theirs, field.standing) == ("Lavoie", "Lavois", "Lavoye", "Lavois")
    assert (field.mine_by.device_name, field.theirs_by.device_name) == ("B", "A")
    assert (field.mine_by.is_here, field.theirs_by.is_here) == (False, True)
    done = runner.submit(BOSS, settle_edit, field.conflict_id, Side.THEIRS).result()
    runner.run(BOSS, settle_edit, fields["given_name"].conflict_id, Side.STANDING)
    clinic.meet()
    assert clinic.rows("B", "SELECT family_name, given_name FROM patient WHERE id = '" + edited + "'") == [
        ("Lavoye", "Oliviane")
    ]
    assert clinic.rows("B", "SELECT count(*) FROM patient_search WHERE family_name = 'Lavoye'") == [(1,)]
    assert [open_on(clinic, name) for name in "ABS"] == [0, 0, 0]
    assert runner.ask(BOSS, edit_conflict, "patient", edited) is None
    runner.undo(BOSS, done.operation_id)
    clinic.meet()
    assert clinic.rows("B", "SELECT family_name FROM patient WHERE id = '" + edited + "'") == [("Lavois",)]
    assert [open_on(clinic, name) for name in "ABS"] == [1, 1, 1]


def test_who_may_not_settle_settles_nothing(clinic: Clinic, edited: PatientId) -> None:
    somebody = Actor("x", "X", frozenset({BOOK_APPOINTMENTS.name}))
    runner = clinic.places["A"].runner
    with pytest.raises(PermissionDenied):
        runner.ask(somebody, conflict_list)
    (one, _two) = runner.ask(BOSS, conflict_list)
    with pytest.raises(PermissionDenied):
        runner.run(somebody, settle_edit, one.id, Side.MINE)
    assert runner.ask(somebody, sync_standing).conflicts == 2
    assert runner.ask(Actor("y", "Y", frozenset({SETTLE_CONFLICTS.name})), conflict_list)


def test_refused_work_is_kept_until_somebody_has_dealt_with_it(clinic: Clinic) -> None:
    _chair, (patient, _other) = furnish(clinic)
    clinic.meet()
    clinic.server._authorise = lambda read, operation: "no_permission"
    a = clinic.places["A"].runner
    a.run(BOSS, change_patient, patient, family_name="Lavoye")
    clinic.meet()
    (line,) = a.ask(BOSS, refused_work)
    assert (line.code, line.label, line.actor_id, line.subject) == (
        "no_permission",
        "Change the patient",
        "boss",
        patient,
    )
    assert line.changes == (("patient", patient, "upd", {"family_name": ["Lavoie", "Lavoye"]}),)
    assert a.ask(Actor("x", "X"), refused_work) == ()
    assert len(a.ask(Actor("boss", "Boss"), refused_work)) == 1
    a.run(BOSS, settle_inbox_item, line.id)
    assert a.ask(BOSS, refused_work) == ()
    assert len(a.ask(BOSS, refused_work, settled=True)) == 1
    a.run(BOSS, reopen_inbox_item, line.id)
    assert a.ask(BOSS, sync_standing).inbox == 1


def test_what_waits_to_be_sent_is_listed(clinic: Clinic) -> None:
    _chair, (patient, _other) = furnish(clinic)
    a = clinic.places["A"].runner
    assert a.ask(BOSS, waiting_to_send) == ()  # no server has been met
    clinic.meet()
    assert a.ask(BOSS, sync_standing).to_send == 0
    a.run(BOSS, change_patient, patient, family_name="Lavoye")
    (line,) = a.ask(BOSS, waiting_to_send)
    assert (line.label, line.subject, line.changes) == ("Change the patient", patient, 1)
    assert a.ask(BOSS, sync_standing).to_send == 1

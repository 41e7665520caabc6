"""Types, reasons, recalls, short notice, contacts, follow-ups, tasks and the lists that patients fall onto."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from app.core.errors import RuleViolation
from app.core.ids import StaffId
from app.journal.jobs import JOBS, run_job
from app.patients.commands import make_patient_inactive, merge_patients
from app.practice.vocabulary import OperatoryKind, Weekday
from app.scheduling import commands as do
from app.scheduling import queries as ask
from app.scheduling.vocabulary import (
    AppointmentClass,
    Blocker,
    ContactChannel,
    ContactOutcome,
    EventKind,
    FollowUpList,
    LabState,
    ReasonKind,
    RecallKind,
    RecallState,
    TaskPriority,
    VisitEffect,
)
from tests.app.clinic_world import World, local

JULIE = StaffId("julie")


def past(world: World, patient: int, code: str, on: Any, outcome: EventKind = EventKind.COMPLETED) -> Any:
    return world.run(do.record_past_visit, world.patients[patient], code, world.chairs[0], on, outcome)


def on_list(world: World, code: FollowUpList, **more: Any) -> list[Any]:
    return [line.patient_id for line in world.ask(ask.follow_up_list, code, **more)]


def test_the_seeded_types_are_those_of_an_orthodontic_clinic(world: World) -> None:
    types = {line.code: line for line in world.ask(ask.appointment_types)}
    assert len(types) == 17
    minutes = {code: line.minutes for code, line in types.items()}
    assert minutes == {
        "EX": 45, "OB": 15, "RC": 30, "CO": 40, "SEP": 15, "BD1": 60, "BD2": 90, "ADJ": 20, "ALN": 20, "ALA": 45,
        "EXP": 30, "RPR": 20, "EMG": 10, "PRG": 30, "DB": 60, "RD": 20, "RK": 10,
    }  # fmt: skip
    assert types["DB"].effect is VisitEffect.DEBAND
    assert types["ALN"].lab_state is LabState.MUST_BE_BACK
    assert types["RC"].operatory_kind is OperatoryKind.RECORDS
    assert types["EMG"].is_emergency
    assert world.run(do.seed_appointment_types) == 0
    assert world.run(do.seed_reasons) == 0


def test_types_are_added_changed_and_withdrawn(world: World) -> None:
    done = world.submit(
        do.add_appointment_type, "tad", "Minivis", "TAD placement", "A5 D15 A5", AppointmentClass.ADJUSTMENT
    )
    world.run(
        do.change_appointment_type, done.result, "Pose de minivis", "TAD", "A5 D20 A5", AppointmentClass.START,
        VisitEffect.NONE, 3, do.TypeFlags(colour="#a1b2c3", interval_weeks=4),
    )  # fmt: skip
    line = next(item for item in world.ask(ask.appointment_types) if item.code == "TAD")
    assert (line.name_fr, line.minutes, line.colour, line.interval_weeks) == ("Pose de minivis", 30, "#A1B2C3", 4)
    with pytest.raises(RuleViolation, match="Another type has this code"):
        world.run(do.add_appointment_type, "TAD", "Autre", "Other", "A5", AppointmentClass.EXAM)
    world.run(do.withdraw_appointment_type, done.result)
    assert "TAD" not in {item.code for item in world.ask(ask.appointment_types)}
    with pytest.raises(RuleViolation, match="no longer offered"):
        world.run(do.change_appointment_type, done.result, "Encore")


def test_reasons(world: World) -> None:
    assert len(world.ask(ask.visit_reasons)) == 14
    done = world.submit(do.add_reason, ReasonKind.CANCEL, "moved", "Déménagement", "Moved away")
    assert "MOVED" in {line.code for line in world.ask(ask.visit_reasons, ReasonKind.CANCEL)}
    world.undo(done)
    assert "MOVED" not in {line.code for line in world.ask(ask.visit_reasons)}
    world.run(do.withdraw_reason, done.result)


def test_templates_are_taken_back(world: World) -> None:
    template = world.run(do.add_template, world.clinic, "Mardi")
    cell = world.run(do.add_template_cell, template, world.chairs[0], "8:00", "9:00", AppointmentClass.EXAM)
    held = world.run(do.use_template, world.clinic, template, weekday=Weekday.TUESDAY)
    world.run(do.clear_template_cell, cell)
    world.run(do.withdraw_template_day, held)
    world.run(do.withdraw_template, template)


def test_recalls(world: World) -> None:
    patient = world.patients[0]
    due = date(2026, 11, 20)
    recall = world.run(do.add_recall, patient, RecallKind.OBSERVATION, due, 26, JULIE)
    (line,) = world.ask(ask.recalls)
    assert (line.overdue_days, line.owner_id, line.every_weeks) == (4, JULIE, 26)
    assert on_list(world, FollowUpList.OBSERVATION_DUE) == [patient]
    visit = world.run(
        do.book_appointment, patient, "OB", world.chairs[0], local(2026, 11, 25, 10), assistant_id=world.hands[0]
    )
    world.run(do.book_recall, recall, visit)
    assert on_list(world, FollowUpList.OBSERVATION_DUE) == []
    world.run(do.complete_recall, recall)
    (line,) = world.ask(ask.recalls, RecallKind.OBSERVATION, patient)
    assert (line.state, line.due_on, line.appointment_id) == (RecallState.OPEN, date(2027, 5, 25), None)
    world.run(do.change_recall, recall, date(2027, 1, 5), 20, JULIE, "Après les Fêtes")
    assert world.ask(ask.recalls, until_on=date(2026, 12, 31)) == ()
    world.run(do.drop_recall, recall)
    with pytest.raises(RuleViolation, match="This recall is over"):
        world.run(do.complete_recall, recall)
    done = world.submit(do.add_recall, patient, RecallKind.CLEANING, due)
    world.undo(done)
    assert world.ask(ask.recalls) == ()
    once = world.run(do.add_recall, patient, RecallKind.CLEANING, due)
    world.run(do.complete_recall, once)
    world.run(do.withdraw_recall, once)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (RecallKind.PHASE_2, FollowUpList.PHASE_2_DUE),
        (RecallKind.RETENTION, FollowUpList.RETENTION_DUE),
        (RecallKind.CLEANING, FollowUpList.CLEANING_DUE),
        (RecallKind.OBSERVATION, FollowUpList.OBSERVATION_DUE),
    ],
)
def test_a_due_recall_stands_on_its_list_and_only_there(world: World, kind: RecallKind, code: FollowUpList) -> None:
    world.run(do.add_recall, world.patients[0], kind, date(2026, 11, 24))
    world.run(do.add_recall, world.patients[1], kind, date(2026, 11, 25))
    counts = world.ask(ask.follow_up_counts)
    assert counts == {each: int(each is code) for each in counts}
    assert code in counts


def test_due_recalls_are_announced_once(world: World) -> None:
    world.run(do.add_recall, world.patients[0], RecallKind.RETENTION, date(2026, 11, 24))
    world.run(do.add_recall, world.patients[1], RecallKind.CLEANING, date(2026, 11, 1))
    world.run(do.add_recall, world.patients[2], RecallKind.CLEANING, date(2027, 1, 1))
    run_job(world.runner, JOBS["announce_recalls"])
    assert world.run(do.announce_due_recalls) == 0
    with world.runner.read(world.boss) as read:
        codes = [row[0] for row in read.sql("SELECT type FROM event WHERE type LIKE 'RE%' ORDER BY type")]
    assert codes == ["RECALL_DUE", "RETENTION_REMINDER"]


def test_in_treatment_without_next_and_not_seen(world: World) -> None:
    past(world, 0, "BD1", local(2026, 6, 2, 10))
    past(world, 1, "BD1", local(2026, 11, 2, 10))
    past(world, 2, "BD1", local(2025, 6, 2, 10))
    past(world, 2, "DB", local(2026, 7, 2, 10))
    assert on_list(world, FollowUpList.ACTIVE_WITHOUT_NEXT) == world.patients[:2]
    assert on_list(world, FollowUpList.ACTIVE_NOT_SEEN) == [world.patients[0]]
    world.run(
        do.book_appointment, world.patients[0], "ADJ", world.chairs[0], local(2026, 11, 25, 10),
        assistant_id=world.hands[0],
    )  # fmt: skip
    assert on_list(world, FollowUpList.ACTIVE_WITHOUT_NEXT) == [world.patients[1]]
    world.run(make_patient_inactive, world.patients[1])
    assert on_list(world, FollowUpList.ACTIVE_WITHOUT_NEXT) == []


def test_missed_and_pending(world: World) -> None:
    past(world, 0, "ADJ", local(2026, 11, 2, 10), EventKind.MISSED)
    past(world, 1, "EX", local(2026, 11, 3, 10))
    past(world, 2, "EX", local(2026, 11, 4, 10))
    past(world, 2, "BD1", local(2026, 11, 12, 10))
    assert on_list(world, FollowUpList.MISSED_NOT_REBOOKED) == [world.patients[0]]
    assert on_list(world, FollowUpList.PENDING_START) == [world.patients[1]]
    world.run(do.add_recall, world.patients[1], RecallKind.OBSERVATION, date(2027, 5, 1))
    assert on_list(world, FollowUpList.PENDING_START) == []
    past(world, 0, "ADJ", local(2026, 11, 9, 10))
    assert on_list(world, FollowUpList.MISSED_NOT_REBOOKED) == []


def test_a_merged_chart_stands_on_a_list_under_the_chart_that_is_kept(world: World) -> None:
    past(world, 0, "BD1", local(2026, 6, 2, 10))
    world.run(merge_patients, world.patients[1], world.patients[0])
    assert on_list(world, FollowUpList.ACTIVE_WITHOUT_NEXT) == [world.patients[1]]


def test_lab_and_short_notice(world: World) -> None:
    at = local(2026, 11, 26, 10)
    visit = world.run(do.book_appointment, world.patients[0], "EXP", world.chairs[0], at, assistant_id=world.hands[0])
    (line,) = world.ask(ask.follow_up_list, FollowUpList.LAB_NOT_BACK)
    assert line.row_id == visit
    world.run(do.change_appointment, visit, lab_state=LabState.BACK)
    assert on_list(world, FollowUpList.LAB_NOT_BACK) == []
    world.run(do.add_short_notice, world.patients[0], visit)
    assert on_list(world, FollowUpList.SHORT_NOTICE) == [world.patients[0]]
    with pytest.raises(RuleViolation, match="another patient"):
        world.run(do.add_short_notice, world.patients[1], visit)
    world.run(do.cancel_appointment, visit)
    assert on_list(world, FollowUpList.SHORT_NOTICE) == []


def test_a_line_names_owner_age_last_contact_and_reason(world: World) -> None:
    past(world, 1, "EX", local(2026, 11, 3, 10))
    patient = world.patients[1]
    world.run(do.note_contact, patient, ContactChannel.PHONE, ContactOutcome.LEFT_MESSAGE, "Boîte vocale")
    wrong = world.submit(
        do.note_contact, patient, ContactChannel.TEXT, ContactOutcome.REACHED, at=local(2026, 11, 24, 9)
    )
    world.undo(wrong)
    with pytest.raises(RuleViolation, match="already taken back"):
        world.run(do.void_contact, wrong.result)
    world.run(do.assign_follow_up, patient, FollowUpList.PENDING_START, JULIE, Blocker.COST, note="Attend l’assureur")
    (line,) = world.ask(ask.follow_up_list, FollowUpList.PENDING_START)
    assert (line.age_days, line.owner_id, line.blocker, line.last_contact_outcome) == (
        21, JULIE, Blocker.COST, ContactOutcome.LEFT_MESSAGE,
    )  # fmt: skip
    assert [(entry.channel, entry.voided) for entry in world.ask(ask.contacts_with, patient)] == [
        (ContactChannel.TEXT, True), (ContactChannel.PHONE, False),
    ]  # fmt: skip
    done = world.submit(do.assign_follow_up, patient, FollowUpList.PENDING_START, rests_until_on=date(2026, 12, 1))
    assert on_list(world, FollowUpList.PENDING_START) == []
    assert on_list(world, FollowUpList.PENDING_START, resting=True) == [patient]
    world.undo(done)
    assert on_list(world, FollowUpList.PENDING_START) == [patient]
    first = world.submit(do.assign_follow_up, world.patients[0], FollowUpList.SHORT_NOTICE, JULIE)
    world.undo(first)
    world.run(do.clear_follow_up, line_id(world, patient))


def line_id(world: World, patient: Any) -> Any:
    from app.core.ids import derived_id

    return derived_id("follow_up", patient, FollowUpList.PENDING_START.value)


def test_tasks(world: World) -> None:
    late = world.run(do.create_task, "Rappeler le labo", JULIE, date(2026, 11, 20), TaskPriority.HIGH)
    world.run(do.create_task, "Commander des élastiques")
    mine = world.submit(do.create_task, "Lettre au dentiste", JULIE, patient_id=world.patients[0])
    assert [line.title for line in world.ask(ask.tasks)] == [
        "Rappeler le labo", "Commander des élastiques", "Lettre au dentiste",
    ]  # fmt: skip
    assert world.ask(ask.tasks, JULIE)[0].overdue
    assert [line.title for line in world.ask(ask.tasks, patient_id=world.patients[0])] == ["Lettre au dentiste"]
    world.run(do.change_task, late, "Rappeler le laboratoire", JULIE, date(2026, 12, 1), TaskPriority.LOW, "Avant midi")
    done = world.submit(do.complete_task, late)
    with pytest.raises(RuleViolation, match="already done"):
        world.run(do.complete_task, late)
    assert len(world.ask(ask.tasks, done=True)) == 3
    world.undo(done)
    world.run(do.complete_task, late)
    world.run(do.reopen_task, late)
    assert not world.ask(ask.tasks)[0].overdue
    world.undo(mine)
    world.run(do.withdraw_task, late)
    with pytest.raises(RuleViolation, match="was withdrawn"):
        world.run(do.complete_task, late)
    assert len(world.ask(ask.tasks, done=True)) == 1


def test_events_carry_the_missions_codes(world: World) -> None:
    visit = world.run(
        do.book_appointment, world.patients[0], "ADJ", world.chairs[0], local(2026, 11, 24, 9),
        assistant_id=world.hands[0],
    )  # fmt: skip
    world.run(do.check_in_patient, visit)
    world.run(do.seat_patient, visit)
    world.run(do.complete_appointment, visit)
    with world.runner.read(world.boss) as read:
        found = read.sql(
            "SELECT type, subject FROM event WHERE type LIKE 'APP%' OR type LIKE 'PATIENT_%' ORDER BY at, id"
        )
    codes = [row[0] for row in found if row[0] != "PATIENT_CREATED"]
    assert codes == ["APPOINTMENT_BOOKED", "PATIENT_CHECKED_IN", "PATIENT_SEATED", "APPOINTMENT_COMPLETED"]
    assert {row[1] for row in found if row[0] != "PATIENT_CREATED"} == {world.patients[0]}


def test_an_erased_patient_leaves_the_schedule_readable(world: World) -> None:
    from app.journal.erasure import erase_subject

    at = local(2026, 11, 25, 10)
    world.run(do.book_appointment, world.patients[0], "ADJ", world.chairs[0], at, assistant_id=world.hands[0])
    erase_subject(world.runner, world.boss, world.patients[0])
    world.ask(ask.day_schedule, world.clinic, at.date())
    assert world.ask(ask.free_slots, "ADJ", world.clinic, at.date(), 1)
    later = at + timedelta(hours=1)
    world.run(do.book_appointment, world.patients[1], "ADJ", world.chairs[0], later, assistant_id=world.hands[0])


def test_reasons_and_contacts_are_taken_back_by_themselves(world: World) -> None:
    reason = world.run(do.add_reason, ReasonKind.MOVE, "vacation", "Vacances", "Vacation")
    world.run(do.withdraw_reason, reason)
    assert reason not in {line.id for line in world.ask(ask.visit_reasons)}
    contact = world.run(do.note_contact, world.patients[0], ContactChannel.LETTER, ContactOutcome.NO_ANSWER)
    world.run(do.void_contact, contact)
    assert [entry.voided for entry in world.ask(ask.contacts_with, world.patients[0])] == [True]


def test_treatments_over_their_expected_end(world: World) -> None:
    patient, other = world.patients[0], world.patients[1]
    past(world, 0, "BD1", local(2025, 1, 14, 10))
    done = world.submit(do.set_expected_end, patient, date(2026, 11, 1))
    world.run(do.set_expected_end, other, date(2026, 11, 1))
    (line,) = world.ask(ask.follow_up_list, FollowUpList.OVER_ESTIMATE)
    assert (line.patient_id, line.since_on, line.age_days) == (patient, date(2026, 11, 1), 23)
    world.run(do.set_expected_end, patient, date(2027, 2, 1), "Extraction tardive")
    assert on_list(world, FollowUpList.OVER_ESTIMATE) == []
    end = world.ask(ask.expected_end, patient)
    assert end is not None
    assert (end.expected_on, end.first_expected_on, end.changes, end.note) == (
        date(2027, 2, 1), date(2026, 11, 1), 1, "Extraction tardive",
    )  # fmt: skip
    world.run(do.clear_expected_end, done.result)
    assert world.ask(ask.expected_end, patient) is None
    world.run(do.set_expected_end, patient, date(2027, 3, 1))
    end = world.ask(ask.expected_end, patient)
    assert end is not None
    assert (end.first_expected_on, end.changes) == (date(2027, 3, 1), 0)


def test_setting_an_expected_end_is_undone(world: World) -> None:
    done = world.submit(do.set_expected_end, world.patients[0], date(2026, 11, 1))
    world.undo(done)
    assert world.ask(ask.expected_end, world.patients[0]) is None

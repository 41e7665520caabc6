"""Short notice, recalls, contacts, follow-ups and tasks."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.ids import ClinicId, PatientId, StaffId, derived_id
from app.journal.commands import command
from app.journal.transaction import Transaction
from app.practice.entry import NAME_LIMIT, bounded, clean_name, clean_text
from app.practice.local_time import clock_minute
from app.practice.vocabulary import Weekday
from app.scheduling.commands.booking import treated_patient
from app.scheduling.events import RecallDue, RetentionReminder, TaskAssigned
from app.scheduling.happening import living_appointment
from app.scheduling.model import ContactAttempt, ExpectedEnd, FollowUp, Recall, ShortNotice, Task
from app.scheduling.permissions import FOLLOW_UP
from app.scheduling.visit_types import type_named
from app.scheduling.vocabulary import (
    AppointmentId,
    Blocker,
    ContactChannel,
    ContactId,
    ContactOutcome,
    ExpectedEndId,
    FollowUpId,
    FollowUpList,
    RecallId,
    RecallKind,
    RecallState,
    ShortNoticeId,
    TaskId,
    TaskPriority,
)

AT_ONCE = 100


@command(permission=FOLLOW_UP, label=N_("Withdraw from the short-notice list"))
def withdraw_short_notice(tx: Transaction, short_notice_id: ShortNoticeId) -> None:
    """Take out an entry of the short-notice list that was made by mistake."""
    row = tx.get(ShortNotice, short_notice_id)
    row.withdrawn_at = row.withdrawn_at or tx.now


@command(
    permission=FOLLOW_UP,
    label=N_("Put on the short-notice list"),
    undo=(withdraw_short_notice, ShortNotice),
    icon="lightning",
)
def add_short_notice(
    tx: Transaction,
    patient_id: PatientId,
    appointment_id: AppointmentId | None = None,
    type: str = "",
    clinic_id: ClinicId | None = None,
    weekdays: list[Weekday] | None = None,
    earliest: str = "",
    latest: str = "",
    until_on: date | None = None,
    note: str = "",
) -> ShortNoticeId:
    """Somebody comes sooner if possible: with a visit that would be moved, or for a kind of visit."""
    treated_patient(tx, patient_id)
    type_id = None
    if appointment_id is not None:
        if living_appointment(tx, appointment_id).patient_id != patient_id:
            raise RuleViolation(N_("This is another patient’s visit."), field="appointment_id")
        waiting = select(ShortNotice.id).where(
            ShortNotice.appointment_id == appointment_id, ShortNotice.ended_at.is_(None),
            ShortNotice.withdrawn_at.is_(None),
        )  # fmt: skip
        if tx.first(waiting) is not None:
            raise RuleViolation(N_("This visit is on the short-notice list already."), field="appointment_id")
    else:
        type_id = type_named(tx.reading(), type).id
    row = ShortNotice(
        patient_id=patient_id, appointment_id=appointment_id, type_id=type_id, clinic_id=clinic_id,
        weekdays=[day.value for day in weekdays or ()],
        earliest_minute=clock_minute(earliest, "earliest") if earliest else None,
        latest_minute=clock_minute(latest, "latest") if latest else None,
        until_on=until_on, note=clean_text(note, "note"), added_at=tx.now,
    )  # fmt: skip
    return tx.add(row).id


@command(permission=FOLLOW_UP, label=N_("Take off the short-notice list"))
def end_short_notice(tx: Transaction, short_notice_id: ShortNoticeId) -> None:
    """The patient waits for nothing sooner any more."""
    row = tx.get(ShortNotice, short_notice_id)
    if row.ended_at is not None or row.withdrawn_at is not None:
        raise RuleViolation(N_("This entry has already ended."), field="short_notice_id")
    row.ended_at = tx.now


def open_recall(tx: Transaction, recall_id: RecallId) -> Recall:
    """A recall that is neither over nor withdrawn."""
    row = tx.get(Recall, recall_id)
    if row.withdrawn_at is not None or row.state in {RecallState.DONE, RecallState.DROPPED}:
        raise RuleViolation(N_("This recall is over."), field="recall_id")
    return row


@command(permission=FOLLOW_UP, label=N_("Withdraw the recall"))
def withdraw_recall(tx: Transaction, recall_id: RecallId) -> None:
    """Take out a recall that was made by mistake."""
    row = tx.get(Recall, recall_id)
    row.withdrawn_at = row.withdrawn_at or tx.now


@command(permission=FOLLOW_UP, label=N_("Add a recall"), undo=(withdraw_recall, Recall), icon="bell-ringing")
def add_recall(
    tx: Transaction,
    patient_id: PatientId,
    kind: RecallKind,
    due_on: date,
    every_weeks: int | None = None,
    owner_id: StaffId | None = None,
    note: str = "",
) -> RecallId:
    """Call somebody back from a day on, once or every so many weeks."""
    treated_patient(tx, patient_id)
    if every_weeks is not None:
        bounded(every_weeks, 1, 260, "every_weeks")
    row = Recall(
        patient_id=patient_id, kind=kind, due_on=due_on, every_weeks=every_weeks, owner_id=owner_id,
        note=clean_text(note, "note"), made_at=tx.now,
    )  # fmt: skip
    return tx.add(row).id


@command(permission=FOLLOW_UP, label=N_("Change the recall"))
def change_recall(
    tx: Transaction,
    recall_id: RecallId,
    due_on: date | None = None,
    every_weeks: int | None = None,
    owner_id: StaffId | None = None,
    note: str | None = None,
) -> None:
    """Change when, how often or by whom somebody is called back."""
    row = open_recall(tx, recall_id)
    row.due_on = due_on or row.due_on
    if every_weeks is not None:
        row.every_weeks = bounded(every_weeks, 1, 260, "every_weeks")
    row.owner_id = owner_id or row.owner_id
    if note is not None:
        row.note = clean_text(note, "note")


@command(permission=FOLLOW_UP, label=N_("Link the recall to a visit"))
def book_recall(tx: Transaction, recall_id: RecallId, appointment_id: AppointmentId) -> None:
    """Say which visit answers a recall."""
    row = open_recall(tx, recall_id)
    if living_appointment(tx, appointment_id).patient_id != row.patient_id:
        raise RuleViolation(N_("This is another patient’s visit."), field="appointment_id")
    row.appointment_id = appointment_id
    row.state = RecallState.BOOKED


@command(permission=FOLLOW_UP, label=N_("Complete the recall"))
def complete_recall(tx: Transaction, recall_id: RecallId) -> None:
    """The patient was seen: a recall with a rhythm comes due again, another one is done."""
    row = open_recall(tx, recall_id)
    if row.every_weeks is None:
        row.state = RecallState.DONE
        return
    row.due_on = tx.today + timedelta(weeks=row.every_weeks)
    row.state, row.appointment_id, row.announced_at = RecallState.OPEN, None, None


@command(permission=FOLLOW_UP, label=N_("Drop the recall"))
def drop_recall(tx: Transaction, recall_id: RecallId, note: str = "") -> None:
    """Nobody calls this patient back any more."""
    row = open_recall(tx, recall_id)
    row.state = RecallState.DROPPED
    row.note = clean_text(note, "note") or row.note


@command(permission=FOLLOW_UP, label=N_("Announce due recalls"), hidden=True)
def announce_due_recalls(tx: Transaction) -> int:
    """Record an event for each recall that has come due, for automation; at most 100 at once."""
    due = select(Recall).where(
        Recall.withdrawn_at.is_(None), Recall.state == RecallState.OPEN, Recall.announced_at.is_(None),
        Recall.due_on <= tx.today, Recall.due_on >= date(1970, 1, 1),
    )  # fmt: skip
    rows = tx.all(due.order_by(Recall.due_on, Recall.id).limit(AT_ONCE))
    for row in rows:
        row.announced_at = tx.now
        event = RetentionReminder if row.kind is RecallKind.RETENTION else RecallDue
        tx.record(event(row.patient_id, row.id))
    return len(rows)


@command(permission=FOLLOW_UP, label=N_("Take back the contact"))
def void_contact(tx: Transaction, contact_id: ContactId) -> None:
    """Take back a contact that was entered by mistake; both entries stay readable."""
    row = tx.get(ContactAttempt, contact_id)
    corrected = select(ContactAttempt.id).where(ContactAttempt.corrects_id == contact_id)
    if row.corrects_id is not None or tx.first(corrected):
        raise RuleViolation(N_("This was already taken back or corrected."), field="contact_id")
    tx.add(
        ContactAttempt(
            patient_id=row.patient_id, channel=row.channel, outcome=ContactOutcome.VOIDED, at=tx.now, by=tx.actor.id,
            corrects_id=contact_id,
        )
    )  # fmt: skip


@command(permission=FOLLOW_UP, label=N_("Note a contact"), undo=(void_contact, ContactAttempt), icon="phone")
def note_contact(
    tx: Transaction,
    patient_id: PatientId,
    channel: ContactChannel,
    outcome: ContactOutcome,
    note: str = "",
    at: datetime | None = None,
) -> ContactId:
    """Keep that a family was called, written to or spoken to, and what came of it."""
    treated_patient(tx, patient_id)
    if outcome is ContactOutcome.VOIDED:
        raise RuleViolation(N_("A contact is taken back by its own command."), field="outcome")
    if at is not None and at > tx.now:
        raise RuleViolation(N_("This moment is in the future."), field="at")
    row = ContactAttempt(
        patient_id=patient_id, channel=channel, outcome=outcome, at=at or tx.now, by=tx.actor.id,
        note=clean_text(note, "note"),
    )  # fmt: skip
    return tx.add(row).id


@command(permission=FOLLOW_UP, label=N_("Clear the follow-up"))
def clear_follow_up(tx: Transaction, follow_up_id: FollowUpId) -> None:
    """Nobody owns this entry of the list and nothing is noted of it."""
    tx.get(FollowUp, follow_up_id).withdrawn_at = tx.now


@command(permission=FOLLOW_UP, label=N_("Assign the follow-up"), undo=(clear_follow_up, FollowUp), icon="user-focus")
def assign_follow_up(
    tx: Transaction,
    patient_id: PatientId,
    list_code: FollowUpList,
    owner_id: StaffId | None = None,
    blocker: Blocker | None = None,
    rests_until_on: date | None = None,
    note: str | None = None,
) -> FollowUpId:
    """Say who looks after a patient on a list, what stands in the way, and until when it rests."""
    treated_patient(tx, patient_id)
    row_id = FollowUpId(derived_id("follow_up", patient_id, list_code.value))
    row = tx.find(FollowUp, row_id) or tx.add(FollowUp(id=row_id, patient_id=patient_id, list_code=list_code))
    row.withdrawn_at = None
    row.owner_id = owner_id or row.owner_id
    row.blocker = blocker or row.blocker
    row.rests_until_on = rests_until_on or row.rests_until_on
    if note is not None:
        row.note = clean_text(note, "note")
    return row.id


@command(permission=FOLLOW_UP, label=N_("Clear the expected end of treatment"))
def clear_expected_end(tx: Transaction, expected_end_id: ExpectedEndId) -> None:
    """No day is expected for the end of this treatment any more."""
    tx.get(ExpectedEnd, expected_end_id).withdrawn_at = tx.now


@command(
    permission=FOLLOW_UP,
    label=N_("Set the expected end of treatment"),
    undo=(clear_expected_end, ExpectedEnd),
    icon="flag-checkered",
)
def set_expected_end(tx: Transaction, patient_id: PatientId, expected_on: date, note: str = "") -> ExpectedEndId:
    """Say on which day the treatment should end; the first day that was said is kept beside later ones."""
    treated_patient(tx, patient_id)
    row_id = ExpectedEndId(derived_id("expected_end", patient_id))
    row = tx.find(ExpectedEnd, row_id)
    if row is None:
        row = tx.add(
            ExpectedEnd(id=row_id, patient_id=patient_id, expected_on=expected_on, first_expected_on=expected_on)
        )
    elif row.withdrawn_at is not None:
        row.withdrawn_at, row.expected_on, row.first_expected_on, row.changes = None, expected_on, expected_on, 0
    elif row.expected_on != expected_on:
        row.expected_on, row.changes = expected_on, row.changes + 1
    row.note = clean_text(note, "note") or row.note
    return row.id


def living_task(tx: Transaction, task_id: TaskId) -> Task:
    """A task that was not withdrawn."""
    row = tx.get(Task, task_id)
    if row.withdrawn_at is not None:
        raise RuleViolation(N_("This task was withdrawn."), field="task_id")
    return row


@command(permission=FOLLOW_UP, label=N_("Withdraw the task"))
def withdraw_task(tx: Transaction, task_id: TaskId) -> None:
    """Take out a task that was made by mistake."""
    living_task(tx, task_id).withdrawn_at = tx.now


@command(permission=FOLLOW_UP, label=N_("Create a task"), undo=(withdraw_task, Task), icon="check-square")
def create_task(
    tx: Transaction,
    title: str,
    owner_id: StaffId | None = None,
    due_on: date | None = None,
    priority: TaskPriority = TaskPriority.NORMAL,
    patient_id: PatientId | None = None,
    appointment_id: AppointmentId | None = None,
    detail: str = "",
) -> TaskId:
    """Write down something to do, with its owner and day; about a patient or not."""
    if patient_id is not None:
        treated_patient(tx, patient_id)
    if appointment_id is not None and living_appointment(tx, appointment_id).patient_id != patient_id:
        raise RuleViolation(N_("This is another patient’s visit."), field="appointment_id")
    row = tx.add(
        Task(
            title=clean_name(title, "title"), detail=clean_text(detail, "detail"), owner_id=owner_id, due_on=due_on,
            priority=priority, patient_id=patient_id, appointment_id=appointment_id, made_at=tx.now,
            made_by=tx.actor.id,
        )
    )  # fmt: skip
    if owner_id is not None:
        tx.record(TaskAssigned(row.id, owner_id))
    return row.id


@command(permission=FOLLOW_UP, label=N_("Change the task"))
def change_task(
    tx: Transaction,
    task_id: TaskId,
    title: str | None = None,
    owner_id: StaffId | None = None,
    due_on: date | None = None,
    priority: TaskPriority | None = None,
    detail: str | None = None,
) -> None:
    """Change what is given: words, owner, day, priority."""
    row = living_task(tx, task_id)
    if title is not None:
        row.title = clean_name(title, "title")
    if detail is not None:
        row.detail = clean_text(detail, "detail", NAME_LIMIT * 20)
    row.owner_id = owner_id or row.owner_id
    row.due_on = due_on or row.due_on
    row.priority = priority or row.priority


@command(permission=FOLLOW_UP, label=N_("Complete the task"), icon="check")
def complete_task(tx: Transaction, task_id: TaskId) -> None:
    """The task is done."""
    row = living_task(tx, task_id)
    if row.done_at is not None:
        raise RuleViolation(N_("This task is already done."), field="task_id")
    row.done_at, row.done_by = tx.now, tx.actor.id


@command(permission=FOLLOW_UP, label=N_("Reopen the task"))
def reopen_task(tx: Transaction, task_id: TaskId) -> None:
    """The task is not done after all."""
    row = living_task(tx, task_id)
    row.done_at = row.done_by = None

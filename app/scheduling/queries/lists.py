"""Recalls, tasks, contacts, and the lists of patients who fell through the cracks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app.core.i18n import N_
from app.core.ids import PatientId, StaffId
from app.journal.commands import query
from app.journal.projections import chunks
from app.journal.queries import Reading
from app.patients.model import PatientSearch
from app.patients.queries import chart_ids
from app.patients.queries.finding import MERGED_SLOT
from app.patients.vocabulary import FileStatus
from app.scheduling.follow_lists import BATCH, RIGHTS, SOURCES, STANDING, HistorySource, Look, among
from app.scheduling.model import ContactAttempt, ExpectedEnd, FollowUp, Recall, Task
from app.scheduling.permissions import FOLLOW_UP
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
    TaskId,
    TaskPriority,
)


@dataclass(frozen=True, slots=True)
class FollowUpLine:
    """A patient on a list: since when, who looks after it, the last contact, what stands in the way."""

    list_code: FollowUpList
    patient_id: PatientId
    family_name: str
    given_name: str
    file_number: str
    since_on: date
    age_days: int
    owner_id: StaffId | None
    blocker: Blocker | None
    rests_until_on: date | None
    note: str | None
    last_contact_at: datetime | None
    last_contact_outcome: ContactOutcome | None
    row_id: str | None
    phone: str | None = None
    follow_up_id: FollowUpId | None = None
    next_visit_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ExpectedEndLine:
    """The day on which a treatment should end; `changes` says how often it was put off since `first_expected_on`."""

    id: ExpectedEndId
    expected_on: date
    first_expected_on: date
    changes: int
    note: str | None


@dataclass(frozen=True, slots=True)
class RecallLine:
    """A recall; `overdue_days` is negative while it is not due."""

    id: RecallId
    patient_id: PatientId
    family_name: str
    given_name: str
    kind: RecallKind
    due_on: date
    every_weeks: int | None
    state: RecallState
    appointment_id: AppointmentId | None
    owner_id: StaffId | None
    note: str | None
    overdue_days: int
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task; `overdue` when its day is past and it is not done."""

    id: TaskId
    title: str
    detail: str | None
    owner_id: StaffId | None
    due_on: date | None
    priority: TaskPriority
    patient_id: PatientId | None
    appointment_id: AppointmentId | None
    made_at: datetime
    made_by: str
    done_at: datetime | None
    done_by: str | None
    patient_name: str | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class TaskCounts:
    """Open tasks: those of the reader (in all, past their day, due today), those of nobody, and everybody’s."""

    mine: int
    mine_overdue: int
    mine_today: int
    nobodys: int
    everybodys: int


@dataclass(frozen=True, slots=True)
class ContactEntry:
    """A contact with a family; `voided` when it was taken back."""

    id: ContactId
    channel: ContactChannel
    outcome: ContactOutcome
    at: datetime
    by: str
    note: str | None
    voided: bool


@query(permission=FOLLOW_UP, label=N_("Follow-up list"))
def follow_up_list(read: Reading, list_code: FollowUpList, resting: bool = False) -> tuple[FollowUpLine, ...]:
    """The patients of a list, the oldest first; those that rest until a later day only if asked."""
    if list_code in RIGHTS:
        read.require(RIGHTS[list_code])
    look = Look(read)
    found = list(SOURCES[list_code](look))
    ids = {patient for patient, _since, _row_id in found}
    people, notes = _people(read, ids), _notes(read, list_code)
    contacts, next_visits = _last_contacts(read, people), look.next_visits(people)
    lines = []
    for patient, since, row_id in found:
        who, note, contact = people.get(patient), notes.get(patient), contacts.get(patient)
        rests = note is not None and note.rests_until_on is not None and note.rests_until_on > read.today
        if who is None or (rests and not resting):
            continue
        lines.append(
            FollowUpLine(
                list_code, who.id, who.family_name, who.given_name, who.file_number, since, (read.today - since).days,
                note and note.owner_id, note and note.blocker, note and note.rests_until_on, note and note.note,
                contact and contact.at, contact and contact.outcome, row_id, who.phone, note and note.id,
                next_visits.get(patient),
            )
        )  # fmt: skip
    return tuple(sorted(lines, key=lambda line: (line.since_on, line.family_name, line.patient_id)))


@query(permission=FOLLOW_UP, label=N_("Sizes of the follow-up lists"))
def follow_up_counts(read: Reading) -> dict[FollowUpList, int]:
    """How many patients stand on each list today.

    Lists that ask for a right that the reader lacks are left out.
    """
    look = Look(read)
    named: dict[FollowUpList, list[str]] = {}
    for code in FollowUpList:
        if code not in RIGHTS or read.may(RIGHTS[code]):
            source = SOURCES[code]
            who = source.who(look) if isinstance(source, HistorySource) else (found[0] for found in source(look))
            named[code] = list(who)
    active = _active(read, {patient for patients in named.values() for patient in patients})
    resting = _resting(read)
    return {
        code: sum(patient in active and (code, patient) not in resting for patient in patients)
        for code, patients in named.items()
    }


def _active(read: Reading, ids: Collection[str]) -> frozenset[str]:
    """Those of these charts that are kept and active.

    Who is active stands in one index; to look thousands of rows up, which lie anywhere, takes twice as long.
    """
    active = select(PatientSearch.id).where(PatientSearch.slot < MERGED_SLOT, PatientSearch.status == FileStatus.ACTIVE)
    these = among(ids)
    return frozenset(read.execute(these.where(these.selected_columns.value.in_(active))).scalars())


def _resting(read: Reading) -> set[tuple[FollowUpList, str]]:
    statement = select(FollowUp.list_code, FollowUp.patient_id).where(
        FollowUp.withdrawn_at.is_(None), FollowUp.rests_until_on > read.today
    )
    return {(row.list_code, row.patient_id) for row in read.execute(statement)}


def _people(read: Reading, ids: Collection[str]) -> dict[str, Any]:
    """Those of these charts that are kept and active."""
    names = ("id", "family_name", "given_name", "file_number", "phone")
    statement = select(*(getattr(PatientSearch, name) for name in names)).where(
        PatientSearch.merged_into_id.is_(None), PatientSearch.status == FileStatus.ACTIVE
    )
    parts = chunks(sorted(ids), BATCH)
    return {row.id: row for part in parts for row in read.execute(statement.where(PatientSearch.id.in_(part)))}


def _notes(read: Reading, list_code: FollowUpList) -> dict[str, Any]:
    names = ("id", "patient_id", "owner_id", "blocker", "rests_until_on", "note")
    statement = select(*(getattr(FollowUp, name) for name in names)).where(
        FollowUp.list_code == list_code, FollowUp.withdrawn_at.is_(None)
    )
    return {row.patient_id: row for row in read.execute(statement)}


def _last_contacts(read: Reading, ids: Collection[str]) -> dict[str, Any]:
    corrected = select(ContactAttempt.corrects_id).where(ContactAttempt.corrects_id.is_not(None))
    statement = (
        select(ContactAttempt.patient_id, ContactAttempt.at, ContactAttempt.outcome)
        .where(ContactAttempt.corrects_id.is_(None), ContactAttempt.id.not_in(corrected))
        .order_by(ContactAttempt.at, ContactAttempt.id)
    )
    parts = chunks(sorted(ids), BATCH)
    return {
        row.patient_id: row
        for part in parts
        for row in read.execute(statement.where(ContactAttempt.patient_id.in_(part)))
    }


@query(permission=FOLLOW_UP, label=N_("Expected end of treatment"))
def expected_end(read: Reading, patient_id: PatientId) -> ExpectedEndLine | None:
    """The day on which a patient’s treatment should end, if one was set."""
    names = [getattr(ExpectedEnd, name) for name in ExpectedEndLine.__dataclass_fields__]
    statement = select(*names).where(
        ExpectedEnd.patient_id.in_(chart_ids(read, patient_id)), ExpectedEnd.withdrawn_at.is_(None)
    )
    row = read.execute(statement.order_by(ExpectedEnd.expected_on.desc())).first()
    return None if row is None else ExpectedEndLine(**row._mapping)


@query(permission=FOLLOW_UP, label=N_("Recalls"))
def recalls(
    read: Reading, kind: RecallKind | None = None, patient_id: PatientId | None = None, until_on: date | None = None
) -> tuple[RecallLine, ...]:
    """The recalls that stand, by due day: all, of a kind, of a patient, or those due until a day."""
    names = [name for name in RecallLine.__dataclass_fields__ if name in Recall.__table__.c]
    statement = (
        select(
            *(getattr(Recall, name) for name in names), PatientSearch.family_name, PatientSearch.given_name,
            PatientSearch.phone,
        )
        .join(PatientSearch, PatientSearch.id == Recall.patient_id)
        .where(Recall.withdrawn_at.is_(None), Recall.state.in_(STANDING))
        .order_by(Recall.due_on, Recall.id)
    )  # fmt: skip
    if patient_id is not None:
        statement = statement.where(Recall.patient_id.in_(chart_ids(read, patient_id)))
    rows: list[Any] = list(read.execute(statement))
    return tuple(
        RecallLine(**row._mapping, overdue_days=(read.today - row.due_on).days)
        for row in rows
        if (kind is None or row.kind is kind) and (until_on is None or row.due_on <= until_on)
    )


@query(permission=FOLLOW_UP, label=N_("Tasks"))
def tasks(
    read: Reading, owner_id: StaffId | None = None, patient_id: PatientId | None = None, done: bool = False
) -> tuple[TaskLine, ...]:
    """The tasks that are open, of somebody or about a patient; the done ones too if asked. The most pressing first."""
    names = list(TaskLine.__dataclass_fields__)[:-2]
    name = PatientSearch.given_name + " " + PatientSearch.family_name
    statement = (
        select(*(getattr(Task, name) for name in names), name.label("patient_name"))
        .outerjoin(PatientSearch, PatientSearch.id == Task.patient_id)
        .where(Task.withdrawn_at.is_(None))
    )
    if owner_id is not None:
        statement = statement.where(Task.owner_id == owner_id)
    if patient_id is not None:
        statement = statement.where(Task.patient_id.in_(chart_ids(read, patient_id)))
    rows: list[Any] = [row for row in read.execute(statement) if done or row.done_at is None]
    weight = list(TaskPriority)
    rows.sort(key=lambda row: (row.done_at is not None, row.due_on or date.max, weight.index(row.priority), row.id))
    return tuple(
        TaskLine(*[*row, row.done_at is None and row.due_on is not None and row.due_on < read.today]) for row in rows
    )


@query(permission=FOLLOW_UP, label=N_("Number of open tasks"))
def task_counts(read: Reading) -> TaskCounts:
    """How many tasks are open, for the reader’s badge and for the headings of the list."""
    statement = select(Task.owner_id, Task.due_on).where(Task.withdrawn_at.is_(None), Task.done_at.is_(None))
    rows: list[Any] = list(read.execute(statement))
    mine = [row.due_on for row in rows if row.owner_id == read.actor.id]
    days = [due for due in mine if due is not None]
    return TaskCounts(
        len(mine), sum(due < read.today for due in days), days.count(read.today),
        sum(row.owner_id is None for row in rows), len(rows),
    )  # fmt: skip


@query(permission=FOLLOW_UP, label=N_("Contacts with the family"))
def contacts_with(read: Reading, patient_id: PatientId) -> tuple[ContactEntry, ...]:
    """Calls, messages and talks about a patient, the latest first."""
    names = list(ContactEntry.__dataclass_fields__)[:-1]
    statement = select(*(getattr(ContactAttempt, name) for name in names), ContactAttempt.corrects_id).where(
        ContactAttempt.patient_id.in_(chart_ids(read, patient_id))
    )
    rows: list[Any] = list(read.execute(statement.order_by(ContactAttempt.at.desc(), ContactAttempt.id.desc())))
    voided = {row.corrects_id for row in rows}
    return tuple(ContactEntry(*[*row[:-1], row.id in voided]) for row in rows if row.corrects_id is None)

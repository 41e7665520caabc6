"""Recalls, tasks, contacts, and the lists of patients who fell through the cracks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import or_, select

from app.core.i18n import N_
from app.core.ids import PatientId, StaffId
from app.journal.commands import query
from app.journal.queries import Reading
from app.journal.settings_store import value_of
from app.patients.model import Patient, PatientSearch
from app.patients.queries import chart_ids
from app.patients.vocabulary import FileStatus
from app.scheduling.fold import LIVE, OPEN
from app.scheduling.model import (
    Appointment,
    AppointmentState,
    AppointmentType,
    ContactAttempt,
    FollowUp,
    Recall,
    ShortNotice,
    Task,
)
from app.scheduling.permissions import FOLLOW_UP
from app.scheduling.settings import LAB_AHEAD_DAYS, NOT_SEEN_WEEKS
from app.scheduling.vocabulary import (
    AppointmentId,
    Blocker,
    ContactChannel,
    ContactId,
    ContactOutcome,
    FollowUpList,
    LabState,
    RecallId,
    RecallKind,
    RecallState,
    TaskId,
    TaskPriority,
    VisitEffect,
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
    overdue: bool


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


@dataclass(slots=True)
class _History:
    """What the lists need to know of one patient's visits: the last of each effect, the last kept, what is to come."""

    last: dict[VisitEffect, datetime]
    seen_at: datetime | None = None
    missed: tuple[datetime, str] | None = None
    to_come: bool = False

    def treated_since(self) -> datetime | None:
        """Since when appliances are on: the last start without a later debond."""
        start, end = self.last.get(VisitEffect.START), self.last.get(VisitEffect.DEBAND)
        return start if start is not None and (end is None or end < start) else None


Found = tuple[str, date, str | None]
"""Patient, since when, the row that put the patient on the list."""


def _histories(read: Reading) -> dict[str, _History]:
    """One look at every visit, by the chart that is kept."""
    kept = _kept_charts(read)
    found: dict[str, _History] = {}
    statement = (
        select(
            AppointmentState.id, AppointmentState.patient_id, AppointmentState.status, AppointmentState.starts_at,
            AppointmentType.effect,
        )
        .join(AppointmentType, AppointmentType.id == AppointmentState.type_id)
        .order_by(AppointmentState.starts_at)
    )  # fmt: skip
    now = read.now
    for row in read.execute(statement):
        history = found.setdefault(kept.get(row.patient_id, row.patient_id), _History({}))
        if row.status == "kept" and row.starts_at is not None:
            history.last[row.effect] = history.seen_at = row.starts_at
        elif row.status == "missed" and row.starts_at is not None:
            history.missed = (row.starts_at, row.id)
        elif row.status in LIVE and row.starts_at is not None and row.starts_at >= now:
            history.to_come = True
    return found


def _kept_charts(read: Reading) -> dict[str, str]:
    rows = read.execute(select(Patient.id, Patient.merged_into_id).where(Patient.merged_into_id.is_not(None)))
    into: dict[str, str] = {row.id: row.merged_into_id for row in rows}
    return {chart: chart_ids(read, PatientId(chart))[0] for chart in into}


def _day(read: Reading, at: datetime) -> date:
    return read.clock.day_of(at)


def _active_without_next(read: Reading) -> Iterator[Found]:
    for patient, history in _histories(read).items():
        since = history.treated_since()
        if since is not None and not history.to_come:
            yield patient, _day(read, history.seen_at or since), None


def _active_not_seen(read: Reading) -> Iterator[Found]:
    limit = read.now - timedelta(weeks=value_of(read, NOT_SEEN_WEEKS))
    for patient, history in _histories(read).items():
        if history.treated_since() is not None and history.seen_at is not None and history.seen_at < limit:
            yield patient, _day(read, history.seen_at), None


def _missed_not_rebooked(read: Reading) -> Iterator[Found]:
    for patient, history in _histories(read).items():
        if history.missed is not None and not history.to_come:
            at, appointment_id = history.missed
            if history.seen_at is None or history.seen_at < at:
                yield patient, _day(read, at), appointment_id


def _pending_start(read: Reading) -> Iterator[Found]:
    """Seen for an exam, and since neither started, observed nor called back later."""
    recalled = set(
        read.execute(
            select(Recall.patient_id).where(Recall.withdrawn_at.is_(None), Recall.state.in_(_STANDING))
        ).scalars()
    )
    later = (VisitEffect.START, VisitEffect.OBSERVATION, VisitEffect.DEBAND, VisitEffect.RETENTION)
    for patient, history in _histories(read).items():
        exam = history.last.get(VisitEffect.EXAM)
        if exam is None or history.to_come or patient in recalled:
            continue
        if not any(history.last.get(effect, exam) > exam for effect in later):
            yield patient, _day(read, exam), None


_STANDING: Final = (RecallState.OPEN, RecallState.BOOKED)


def _recalls(kind: RecallKind) -> Callable[[Reading], Iterator[Found]]:
    def due(read: Reading) -> Iterator[Found]:
        statement = select(Recall.patient_id, Recall.due_on, Recall.id).where(
            Recall.withdrawn_at.is_(None), Recall.state == RecallState.OPEN, Recall.kind == kind,
            Recall.due_on <= read.today, Recall.due_on >= date(1970, 1, 1),
        )  # fmt: skip
        kept = _kept_charts(read)
        for row in read.execute(statement.order_by(Recall.due_on, Recall.id)):
            yield kept.get(row.patient_id, row.patient_id), row.due_on, row.id

    return due


def _lab_not_back(read: Reading) -> Iterator[Found]:
    until = read.now + timedelta(days=value_of(read, LAB_AHEAD_DAYS))
    statement = (
        select(Appointment.patient_id, Appointment.starts_at, Appointment.id, Appointment.booked_at)
        .join(AppointmentState, AppointmentState.id == Appointment.id)
        .where(
            Appointment.lab_state == LabState.MUST_BE_BACK, AppointmentState.status.in_(sorted(LIVE)),
            Appointment.starts_at >= read.now, Appointment.starts_at <= until,
        )
    )  # fmt: skip
    for row in read.execute(statement.order_by(Appointment.starts_at, Appointment.id)):
        yield row.patient_id, _day(read, row.booked_at), row.id


def _short_notice(read: Reading) -> Iterator[Found]:
    statement = (
        select(ShortNotice.patient_id, ShortNotice.added_at, ShortNotice.id)
        .outerjoin(AppointmentState, AppointmentState.id == ShortNotice.appointment_id)
        .where(
            ShortNotice.withdrawn_at.is_(None), ShortNotice.ended_at.is_(None),
            or_(ShortNotice.until_on.is_(None), ShortNotice.until_on >= read.today),
            or_(AppointmentState.id.is_(None), AppointmentState.status.in_(sorted(OPEN))),
        )
    )  # fmt: skip
    for row in read.execute(statement.order_by(ShortNotice.added_at, ShortNotice.id)):
        yield row.patient_id, _day(read, row.added_at), row.id


_LISTS: Final[dict[FollowUpList, Callable[[Reading], Iterator[Found]]]] = {
    FollowUpList.ACTIVE_WITHOUT_NEXT: _active_without_next,
    FollowUpList.ACTIVE_NOT_SEEN: _active_not_seen,
    FollowUpList.MISSED_NOT_REBOOKED: _missed_not_rebooked,
    FollowUpList.OBSERVATION_DUE: _recalls(RecallKind.OBSERVATION),
    FollowUpList.PENDING_START: _pending_start,
    FollowUpList.PHASE_2_DUE: _recalls(RecallKind.PHASE_2),
    FollowUpList.RETENTION_DUE: _recalls(RecallKind.RETENTION),
    FollowUpList.CLEANING_DUE: _recalls(RecallKind.CLEANING),
    FollowUpList.LAB_NOT_BACK: _lab_not_back,
    FollowUpList.SHORT_NOTICE: _short_notice,
}


@query(permission=FOLLOW_UP, label=N_("Follow-up list"))
def follow_up_list(read: Reading, list_code: FollowUpList, resting: bool = False) -> tuple[FollowUpLine, ...]:
    """The patients of a list, the oldest first; those that rest until a later day only if asked."""
    people = _people(read)
    notes = _notes(read, list_code)
    contacts = _last_contacts(read)
    lines = []
    for patient, since, row_id in _LISTS[list_code](read):
        who, note, contact = people.get(patient), notes.get(patient), contacts.get(patient)
        rests = note is not None and note.rests_until_on is not None and note.rests_until_on > read.today
        if who is None or (rests and not resting):
            continue
        lines.append(_follow_up(read, (list_code, since, row_id), who, note, contact))
    return tuple(sorted(lines, key=lambda line: (line.since_on, line.family_name, line.patient_id)))


def _follow_up(
    read: Reading, found: tuple[FollowUpList, date, str | None], who: Any, note: Any, contact: Any
) -> FollowUpLine:
    list_code, since, row_id = found
    return FollowUpLine(
        list_code, who.id, who.family_name, who.given_name, who.file_number, since, (read.today - since).days,
        note and note.owner_id, note and note.blocker, note and note.rests_until_on, note and note.note,
        contact and contact.at, contact and contact.outcome, row_id,
    )  # fmt: skip


@query(permission=FOLLOW_UP, label=N_("Sizes of the follow-up lists"))
def follow_up_counts(read: Reading) -> dict[FollowUpList, int]:
    """How many patients stand on each list today."""
    return {code: len(follow_up_list.function(read, code)) for code in FollowUpList}


def _people(read: Reading) -> dict[str, Any]:
    names = (PatientSearch.id, PatientSearch.family_name, PatientSearch.given_name, PatientSearch.file_number)
    statement = select(*names).where(PatientSearch.merged_into_id.is_(None), PatientSearch.status == FileStatus.ACTIVE)
    return {row.id: row for row in read.execute(statement)}


def _notes(read: Reading, list_code: FollowUpList) -> dict[str, Any]:
    columns = (FollowUp.patient_id, FollowUp.owner_id, FollowUp.blocker, FollowUp.rests_until_on, FollowUp.note)
    statement = select(*columns).where(FollowUp.list_code == list_code, FollowUp.withdrawn_at.is_(None))
    return {row.patient_id: row for row in read.execute(statement)}


def _last_contacts(read: Reading) -> dict[str, Any]:
    corrected = select(ContactAttempt.corrects_id).where(ContactAttempt.corrects_id.is_not(None))
    statement = select(ContactAttempt.patient_id, ContactAttempt.at, ContactAttempt.outcome).where(
        ContactAttempt.corrects_id.is_(None), ContactAttempt.id.not_in(corrected)
    )
    return {row.patient_id: row for row in read.execute(statement.order_by(ContactAttempt.at, ContactAttempt.id))}


@query(permission=FOLLOW_UP, label=N_("Recalls"))
def recalls(
    read: Reading, kind: RecallKind | None = None, patient_id: PatientId | None = None, until_on: date | None = None
) -> tuple[RecallLine, ...]:
    """The recalls that stand, by due day: all, of a kind, of a patient, or those due until a day."""
    names = [name for name in RecallLine.__dataclass_fields__ if name in Recall.__table__.c]
    statement = (
        select(*(getattr(Recall, name) for name in names), PatientSearch.family_name, PatientSearch.given_name)
        .join(PatientSearch, PatientSearch.id == Recall.patient_id)
        .where(Recall.withdrawn_at.is_(None), Recall.state.in_(_STANDING))
        .order_by(Recall.due_on, Recall.id)
    )
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
    names = list(TaskLine.__dataclass_fields__)[:-1]
    statement = select(*(getattr(Task, name) for name in names)).where(Task.withdrawn_at.is_(None))
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

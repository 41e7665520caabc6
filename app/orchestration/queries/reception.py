"""What the desk asks: who is called where, messages to send, times for the next visit, who left without one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from app.core.errors import NotFound
from app.core.i18n import N_
from app.core.ids import ClinicId, PatientId
from app.journal.commands import query
from app.journal.queries import Reading
from app.orchestration.model import ChairCall, DayMessage, LeftWithout
from app.orchestration.permissions import SEE_DAY
from app.orchestration.reception_words import (
    ChairCallId,
    DayMessageId,
    MessageKind,
    MessageState,
    NoNextReason,
)
from app.patients.model import ContactPoint, Patient, Responsibility
from app.practice.model import Operatory
from app.practice.vocabulary import OperatoryId
from app.scheduling.model import Appointment, AppointmentState, AppointmentType
from app.scheduling.permissions import SEE_SCHEDULE
from app.scheduling.queries.searching import FreeSlot, free_slots
from app.scheduling.vocabulary import AppointmentClass, AppointmentId

CALL_STANDS: Final = timedelta(minutes=15)
OFFERS: Final = 3
WEEKS: Final = 6
"""From exam or adjustment to the next visit, where nothing else is known (practice.md: 6 to 10 weeks)."""
FOLLOWING: Final = {
    AppointmentClass.START: "ADJ", AppointmentClass.REPAIR: "ADJ", AppointmentClass.EMERGENCY: "ADJ",
    AppointmentClass.DEBAND: "RK",
}  # fmt: skip
"""What a visit is usually followed by, where it is not by its own kind."""
SCHOOL_ENDS: Final = 15 * 60
"""Minute of the day from which a child misses no school."""


@dataclass(frozen=True, slots=True)
class CallLine:
    """Somebody who is called to a chair."""

    id: ChairCallId
    appointment_id: AppointmentId
    operatory_id: OperatoryId
    chair: str
    given_name: str
    family_name: str
    called_at: datetime


@dataclass(frozen=True, slots=True)
class MessageLine:
    """A message to a family; `phone` may be sent a text, empty when none may."""

    id: DayMessageId
    appointment_id: AppointmentId
    patient_id: PatientId
    given_name: str
    family_name: str
    kind: MessageKind
    state: MessageState
    text: str
    minutes: int
    drafted_at: datetime
    settled_at: datetime | None
    phone: str


@dataclass(frozen=True, slots=True)
class NextOffer:
    """A time for the next visit, and why it is offered (msgids)."""

    slot: FreeSlot
    type_code: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftLine:
    """Somebody who left without a next visit."""

    appointment_id: AppointmentId
    patient_id: PatientId
    reason: NoNextReason
    note: str | None
    noted_at: datetime


@query(permission=SEE_DAY, label=N_("Who is called to a chair"))
def chair_calls(read: Reading, clinic_id: ClinicId | None = None) -> tuple[CallLine, ...]:
    """The calls that stand, the latest first: until the patient sits, and for a quarter of an hour at most."""
    statement = (
        select(ChairCall.id, ChairCall.appointment_id, ChairCall.operatory_id, Operatory.name, Patient.given_name,
               Patient.family_name, ChairCall.called_at)
        .join(Operatory, Operatory.id == ChairCall.operatory_id)
        .join(Patient, Patient.id == ChairCall.patient_id)
        .where(ChairCall.ended_at.is_(None), ChairCall.called_at > read.now - CALL_STANDS)
        .order_by(ChairCall.called_at.desc(), ChairCall.id)
    )  # fmt: skip
    if clinic_id is not None:
        statement = statement.where(ChairCall.clinic_id == clinic_id)
    rows: Iterable[Any] = read.execute(statement)
    return tuple(CallLine(*row) for row in rows)


@query(permission=SEE_DAY, label=N_("Messages to families"))
def day_messages(read: Reading, clinic_id: ClinicId | None = None, day: date | None = None) -> tuple[MessageLine, ...]:
    """The drafts of a day, then what was sent or dropped."""
    on = day or read.today
    row = DayMessage
    statement = (
        select(row.id, row.appointment_id, row.patient_id, Patient.given_name, Patient.family_name, row.kind,
               row.state, row.text, row.minutes, row.drafted_at, row.settled_at)
        .join(Patient, Patient.id == row.patient_id)
        .order_by(row.drafted_at, row.id)
    )  # fmt: skip
    if clinic_id is not None:
        statement = statement.where(row.clinic_id == clinic_id)
    every: Iterable[Any] = read.execute(statement)
    rows = [each for each in every if read.clock.day_of(each.drafted_at) == on]
    phones = _phones(read, [each.patient_id for each in rows])
    lines = [MessageLine(*[*each, phones.get(each.patient_id, "")]) for each in rows]
    return tuple(sorted(lines, key=lambda line: line.state is not MessageState.DRAFT))


def _phones(read: Reading, ids: list[PatientId]) -> dict[PatientId, str]:
    """For each patient a number that may be sent a text: their own, else that of whoever is called first."""
    if not ids:
        return {}
    tied = (
        select(Responsibility.patient_id, Responsibility.person_id)
        .where(Responsibility.patient_id.in_(ids), Responsibility.withdrawn_at.is_(None))
        .order_by(Responsibility.contact_order, Responsibility.id)
    )
    holders: dict[str, list[PatientId]] = {key: [key] for key in ids}
    rows: Iterable[Any] = read.execute(tied)
    for row in rows:
        holders.setdefault(row.person_id, []).append(row.patient_id)
    points = (
        select(ContactPoint.holder_id, ContactPoint.value)
        .where(ContactPoint.holder_id.in_(list(holders)), ContactPoint.withdrawn_at.is_(None),
               ContactPoint.ended_on.is_(None), ContactPoint.may_text.is_(True))
        .order_by(ContactPoint.preferred.desc(), ContactPoint.id)
    )  # fmt: skip
    values: dict[str, str] = {}
    rows = read.execute(points)
    for row in rows:
        values.setdefault(row.holder_id, row.value)
    found: dict[PatientId, str] = {}
    for holder, patients in holders.items():
        for patient in patients:
            if holder in values:
                found.setdefault(patient, values[holder])
    return found


@query(permission=SEE_DAY, label=N_("Times for the next visit"))
def next_visit_offers(
    read: Reading, appointment_id: AppointmentId, type: str = "", weeks: int = 0
) -> tuple[NextOffer, ...]:
    """Three times that fit by segments: the same doctor, outside of school hours, beside a brother or a sister."""
    read.require(SEE_SCHEDULE)
    visit: Any = read.execute(
        select(Appointment.patient_id, Appointment.clinic_id, Appointment.doctor_id, Appointment.starts_at,
               AppointmentType.code, AppointmentType.appointment_class, AppointmentType.interval_weeks)
        .join(AppointmentType, AppointmentType.id == Appointment.type_id)
        .where(Appointment.id == appointment_id)
    ).one_or_none()  # fmt: skip
    if visit is None:
        raise NotFound(N_("appointment"), appointment_id)
    following = FOLLOWING.get(visit.appointment_class, visit.code)
    code = type or (following if _known(read, following) else visit.code)
    first = read.today + timedelta(weeks=weeks or visit.interval_weeks or WEEKS)
    begin = first - timedelta(days=first.weekday())
    wide = free_slots.function(
        read, code, visit.clinic_id, max(begin, read.today + timedelta(days=1)), 14, visit.doctor_id, None, None,
        visit.patient_id, limit=400, apart=30,
    )  # fmt: skip
    siblings = _sibling_days(read, visit.patient_id)
    child = _goes_to_school(read, visit.patient_id)
    weighed = sorted(
        (_weigh(read, slot, first, siblings, child, visit), slot.starts_at, slot) for slot in wide
    )  # fmt: skip
    picked: list[NextOffer] = []
    for (_weight, reasons), _at, slot in weighed:
        if len(picked) < OFFERS and all(read.clock.day_of(slot.starts_at) != read.clock.day_of(other.slot.starts_at)
                                        for other in picked):  # fmt: skip
            picked.append(NextOffer(slot, code, reasons))
    return tuple(sorted(picked, key=lambda offer: offer.slot.starts_at))


def _known(read: Reading, code: str) -> bool:
    wanted = (AppointmentType.code == code, AppointmentType.withdrawn_at.is_(None))
    return read.execute(select(AppointmentType.id).where(*wanted)).first() is not None


def _goes_to_school(read: Reading, patient_id: PatientId) -> bool:
    """School is compulsory until 16 (Education Act, CQLR c. I-13.3, s. 14)."""
    born: date | None = read.execute(select(Patient.born_on).where(Patient.id == patient_id)).scalar()
    return born is not None and 5 * 365 < (read.today - born).days < 17 * 365


def _sibling_days(read: Reading, patient_id: PatientId) -> frozenset[date]:
    """Days on which a brother or a sister (who shares a responsible person) is booked."""
    mine = select(Responsibility.person_id).where(
        Responsibility.patient_id == patient_id, Responsibility.withdrawn_at.is_(None)
    )
    others = select(Responsibility.patient_id).where(
        Responsibility.person_id.in_(mine), Responsibility.patient_id != patient_id,
        Responsibility.withdrawn_at.is_(None),
    )  # fmt: skip
    state = AppointmentState
    booked = select(state.starts_at).where(
        state.patient_id.in_(others), state.starts_at > read.now, state.status.in_(["scheduled", "confirmed"])
    )
    return frozenset(read.clock.day_of(at) for at in read.execute(booked).scalars())


def _weigh(
    read: Reading, slot: FreeSlot, first: date, siblings: frozenset[date], child: bool, visit: Any
) -> tuple[int, tuple[str, ...]]:
    """The lower the better, and what speaks for a time."""
    on = read.clock.day_of(slot.starts_at)
    local = slot.starts_at.astimezone(read.clock.zone)
    reasons, weight = [], abs((on - first).days)
    if on in siblings:
        weight -= 30
        reasons.append(N_("with a brother or a sister"))
    if child and on.weekday() < 5:
        late = local.hour * 60 + local.minute >= SCHOOL_ENDS
        weight += 0 if late else 12
        if late:
            reasons.append(N_("after school"))
    if visit.doctor_id is not None and slot.doctor_id == visit.doctor_id:
        reasons.append(N_("same doctor"))
    if slot.in_template:
        weight -= 3
        reasons.append(N_("kept for such visits"))
    if slot.equipment_id is not None:
        reasons.append(N_("equipment free"))
    return weight, tuple(reasons)


@query(permission=SEE_DAY, label=N_("Who left without a next visit"))
def left_without_next(read: Reading, from_on: date | None = None) -> tuple[LeftLine, ...]:
    """Since a day, today unless another is named."""
    row, since = LeftWithout, from_on or read.today
    columns = (row.appointment_id, row.patient_id, row.reason, row.note, row.noted_at)
    statement = select(*columns).where(row.withdrawn_at.is_(None)).order_by(row.noted_at, row.id)
    rows: Iterable[Any] = read.execute(statement)
    return tuple(LeftLine(*each) for each in rows if read.clock.day_of(each.noted_at) >= since)

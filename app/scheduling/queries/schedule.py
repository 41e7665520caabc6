"""The schedule as screens draw it: a day, a visit, a patient's visits, the types and reasons."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, select

from app.core.errors import NotFound, RuleViolation
from app.core.i18n import N_
from app.core.ids import ClinicId, PatientId
from app.journal.commands import query
from app.journal.queries import Reading
from app.journal.settings_store import value_of
from app.patients.model import PatientSearch
from app.patients.queries import chart_ids
from app.practice.calendar import load_calendar
from app.practice.local_time import from_minute, whole_minute
from app.practice.model import Operatory
from app.practice.spans import Span
from app.practice.vocabulary import EquipmentId, EquipmentKind, OperatoryId, OperatoryKind, ProviderId
from app.scheduling.fold import LIVE
from app.scheduling.model import Appointment, AppointmentEvent, AppointmentState, AppointmentType, VisitReason
from app.scheduling.occupancy import Booked, booked_visits
from app.scheduling.permissions import SEE_SCHEDULE
from app.scheduling.segments import Segment, segments_from
from app.scheduling.settings import LATE_AFTER
from app.scheduling.vocabulary import (
    AppointmentClass,
    AppointmentEventId,
    AppointmentId,
    AppointmentTypeId,
    EventKind,
    LabState,
    ReasonId,
    ReasonKind,
    SegmentKind,
    VisitEffect,
    VisitGroupId,
)


@dataclass(frozen=True, slots=True)
class VisitLine:
    """An appointment with what became of it. `flow` is `late` when the patient should have arrived; times are instants.

    `status`, `flow` and `doctor` are codes of the state table; `overrun_minutes` is how far a visit at the chair is
    beyond its planned end.
    """

    id: AppointmentId
    patient_id: PatientId
    family_name: str
    given_name: str
    file_number: str
    type_id: AppointmentTypeId
    type_code: str
    type_name_fr: str
    type_name_en: str
    appointment_class: AppointmentClass
    colour: str | None
    clinic_id: ClinicId
    operatory_id: OperatoryId | None
    starts_at: datetime | None
    ends_at: datetime | None
    minutes: int
    segments: tuple[Segment, ...]
    doctor_id: ProviderId | None
    assistant_id: ProviderId | None
    equipment_id: EquipmentId | None
    group_id: VisitGroupId | None
    lab_state: LabState
    needs_prep: bool
    prep_done: bool
    should_confirm: bool
    note: str | None
    allowed: tuple[str, ...]
    status: str
    flow: str
    doctor: str
    confirmed_at: datetime | None
    arrived_at: datetime | None
    seated_at: datetime | None
    seated_operatory_id: OperatoryId | None
    doctor_needed_at: datetime | None
    doctor_here_at: datetime | None
    doctor_left_at: datetime | None
    completed_at: datetime | None
    left_at: datetime | None
    ended_at: datetime | None
    pause_reason: str | None
    paused_seconds: int
    doctor_seconds: int
    moves: int
    reason_id: ReasonId | None
    late_minutes: int
    overrun_minutes: int


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event of an appointment; `counts` is false for one that was taken back or corrected."""

    id: AppointmentEventId
    kind: EventKind
    at: datetime
    recorded_at: datetime
    by: str
    operatory_id: OperatoryId | None
    reason_id: ReasonId | None
    note: str | None
    corrects_id: AppointmentEventId | None
    counts: bool


@dataclass(frozen=True, slots=True)
class VisitPage:
    """An appointment with its history."""

    visit: VisitLine
    events: tuple[EventLine, ...]


@dataclass(frozen=True, slots=True)
class TypeLine:
    """An appointment type; minutes are the sum of the segments."""

    id: AppointmentTypeId
    code: str
    name_fr: str
    name_en: str
    appointment_class: AppointmentClass
    effect: VisitEffect
    segments: tuple[Segment, ...]
    minutes: int
    buffer_minutes: int
    operatory_kind: OperatoryKind
    equipment_kind: EquipmentKind | None
    skills: tuple[str, ...]
    lab_state: LabState
    needs_prep: bool
    records_due: bool
    should_confirm: bool
    is_emergency: bool
    length_locked: bool
    interval_weeks: int | None
    procedures: tuple[str, ...]
    colour: str | None
    position: int


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """A reason for cancelling or moving."""

    id: ReasonId
    kind: ReasonKind
    code: str
    name_fr: str
    name_en: str
    by_patient: bool


@dataclass(frozen=True, slots=True)
class LoadLine:
    """How many places want one doctor at once in a stretch of the day; 100 is one doctor's whole time."""

    doctor_id: ProviderId
    starts_at: datetime
    percent: int


_FROM = {
    "type_code": AppointmentType.code,
    "type_name_fr": AppointmentType.name_fr,
    "type_name_en": AppointmentType.name_en,
    "family_name": PatientSearch.family_name,
    "given_name": PatientSearch.given_name,
    "file_number": PatientSearch.file_number,
}
_PLAIN = [name for name in VisitLine.__dataclass_fields__ if name not in {"late_minutes", "overrun_minutes", *_FROM}]


def _column(name: str) -> Any:
    for record in (Appointment, AppointmentState, AppointmentType):
        if name in record.__table__.c:
            return getattr(record, name).label(name)
    raise AssertionError(name)


@cache
def _visits() -> Select[*tuple[Any, ...]]:
    """Made once: to put it together costs as much as to run it."""
    columns = [_FROM[name].label(name) for name in _FROM] + [_column(name) for name in _PLAIN]
    return (
        select(*columns)
        .join(AppointmentState, AppointmentState.id == Appointment.id)
        .join(AppointmentType, AppointmentType.id == Appointment.type_id)
        .join(PatientSearch, PatientSearch.id == Appointment.patient_id)
        .order_by(Appointment.starts_at, Appointment.id)
    )


def visits(*where: Any) -> Select[*tuple[Any, ...]]:
    """The select behind every list of visits."""
    return _visits().where(*where)


def visit_lines(read: Reading, *where: Any) -> tuple[VisitLine, ...]:
    """The visits of a condition, by time, as they stand now."""
    late_after = value_of(read, LATE_AFTER)
    return tuple(at_moment(line, read.now, late_after) for line in recorded_lines(read, *where))


def recorded_lines(read: Reading, *where: Any) -> tuple[VisitLine, ...]:
    """The visits of a condition, by time, without what follows from the clock (`at_moment` adds it)."""
    return tuple(_line(row) for row in read.execute(visits(*where)))


def at_moment(line: VisitLine, now: datetime, late_after: int) -> VisitLine:
    """The same visit with the lateness of a patient who is not here and the overrun of one at the chair."""
    if line.status in LIVE and line.flow == "expected" and line.starts_at is not None:
        missing = int((now - line.starts_at).total_seconds() // 60)
        return replace(line, flow="late", late_minutes=missing) if missing > late_after else line
    if line.flow in {"seated", "paused"} and line.ends_at is not None:
        over = int((now - line.ends_at).total_seconds() // 60)
        return replace(line, overrun_minutes=over) if over > 0 else line
    return line


def _line(row: Any) -> VisitLine:
    values = dict(row._mapping)
    values["segments"] = segments_from(row.segments, row.minutes)
    values["allowed"] = tuple(row.allowed or ())
    return VisitLine(**values, late_minutes=0, overrun_minutes=0)


@query(permission=SEE_SCHEDULE, label=N_("Schedule of a day"))
def day_schedule(
    read: Reading, clinic_id: ClinicId, on: date | None = None, days: int = 1, cancelled: bool = False
) -> tuple[VisitLine, ...]:
    """The visits of a clinic on a day or on some days, by time; those that were called off only if asked."""
    calendar = load_calendar(read, clinic_id)
    first = on or calendar.date_of(whole_minute(read.now))
    start = from_minute(calendar.day(first)[0])
    end = from_minute(calendar.day(first + timedelta(days=min(max(days, 1), 42) - 1))[1])
    off = {"cancelled", "cancelled_late", "deleted"}
    lines = visit_lines(
        read, Appointment.clinic_id == clinic_id, Appointment.starts_at >= start, Appointment.starts_at < end
    )
    return tuple(line for line in lines if cancelled or line.status not in off)


@query(permission=SEE_SCHEDULE, label=N_("Unscheduled visits"))
def unscheduled_visits(read: Reading, clinic_id: ClinicId | None = None) -> tuple[VisitLine, ...]:
    """Visits that were planned or taken off the schedule and have no time."""
    where: list[Any] = [AppointmentState.status.in_(["planned", "unscheduled"])]
    if clinic_id is not None:
        where.append(AppointmentState.clinic_id == clinic_id)
    return visit_lines(read, *where)


@query(permission=SEE_SCHEDULE, label=N_("Appointment"))
def appointment_page(read: Reading, appointment_id: AppointmentId) -> VisitPage:
    """One appointment with everything that happened to it."""
    lines = visit_lines(read, Appointment.id == appointment_id)
    if not lines:
        raise NotFound(N_("appointment"), appointment_id)
    names = list(EventLine.__dataclass_fields__)[:-1]
    statement = (
        select(*(getattr(AppointmentEvent, name) for name in names))
        .where(AppointmentEvent.appointment_id == appointment_id)
        .order_by(AppointmentEvent.recorded_at, AppointmentEvent.id)
    )
    rows: list[Any] = list(read.execute(statement))
    corrected = {row.corrects_id for row in rows}
    return VisitPage(
        lines[0],
        tuple(EventLine(*[*row, row.id not in corrected and row.kind is not EventKind.VOIDED]) for row in rows),
    )


@query(permission=SEE_SCHEDULE, label=N_("Visits of the patient"))
def patient_visits(read: Reading, patient_id: PatientId) -> tuple[VisitLine, ...]:
    """Every visit of a patient, merged charts included, the latest first."""
    lines = visit_lines(read, Appointment.patient_id.in_(chart_ids(read, patient_id)))
    return tuple(reversed(lines))


@query(permission=SEE_SCHEDULE, label=N_("Appointment types"))
def appointment_types(read: Reading) -> tuple[TypeLine, ...]:
    """The types that can be booked, in their order."""
    names = [name for name in TypeLine.__dataclass_fields__ if name not in {"minutes", "procedures"}]
    statement = (
        select(*(getattr(AppointmentType, name) for name in names), AppointmentType.procedure_codes)
        .where(AppointmentType.withdrawn_at.is_(None))
        .order_by(AppointmentType.position, AppointmentType.code)
    )
    found = []
    for row in read.execute(statement):
        values = dict(row._mapping)
        values["segments"] = segments_from(row.segments, 0)
        values["skills"] = tuple(row.skills or ())
        values["procedures"] = tuple((values.pop("procedure_codes") or "").split())
        found.append(TypeLine(**values, minutes=sum(item.minutes for item in values["segments"])))
    return tuple(found)


@query(permission=SEE_SCHEDULE, label=N_("Reasons"))
def visit_reasons(read: Reading, kind: ReasonKind | None = None) -> tuple[ReasonLine, ...]:
    """The reasons for cancelling and moving that are offered."""
    names = list(ReasonLine.__dataclass_fields__)
    statement = select(*(getattr(VisitReason, name) for name in names)).where(VisitReason.withdrawn_at.is_(None))
    rows: list[Any] = list(read.execute(statement.order_by(VisitReason.kind, VisitReason.position, VisitReason.id)))
    return tuple(ReasonLine(*row) for row in rows if kind is None or row.kind is kind)


@query(permission=SEE_SCHEDULE, label=N_("Load of the doctors"))
def doctor_load(read: Reading, clinic_id: ClinicId, on: date, step: int = 5) -> tuple[LoadLine, ...]:
    """How much of each doctor the day wants, in steps of some minutes; more than 100 cannot be done."""
    if not 1 <= step <= 60:
        raise RuleViolation(N_("The step lies between 1 and 60 minutes."), field="step")
    day = load_calendar(read, clinic_id).day(on)
    return load_of(booked_visits(read, day), _chairs_of(read, clinic_id), day, step)


def load_of(visits: Iterable[Booked], chairs: Container[str | None], day: Span, step: int) -> tuple[LoadLine, ...]:
    """What visits at some chairs want of each doctor over a span of minutes, in steps from its begin."""
    wanted: dict[tuple[ProviderId, int], int] = {}
    for visit in visits:
        for part in visit.parts if visit.operatory_id in chairs else ():
            if part.kind is not SegmentKind.DOCTOR or part.provider_id is None:
                continue
            for minute in range(max(part.span[0], day[0]), min(part.span[1], day[1])):
                place = (part.provider_id, (minute - day[0]) // step)
                wanted[place] = wanted.get(place, 0) + 1
    return tuple(
        LoadLine(doctor, from_minute(day[0] + number * step), round(100 * minutes / step))
        for (doctor, number), minutes in sorted(wanted.items())
    )


def _chairs_of(read: Reading, clinic_id: ClinicId) -> set[str]:
    return set(read.execute(select(Operatory.id).where(Operatory.clinic_id == clinic_id)).scalars())

"""What screens ask about people and things: how they are used, who could stand in, what devices were used for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app.core.errors import NotFound
from app.core.i18n import N_
from app.core.ids import ClinicId, PatientId
from app.journal.commands import query
from app.journal.queries import Reading
from app.orchestration.covering import Cover, StandIn, kinds_like, stand_ins
from app.orchestration.folding import shot_of
from app.orchestration.permissions import SEE_DAY
from app.orchestration.queries.moments import loaded_day
from app.orchestration.use import DayUse, use_of
from app.patients.model import Patient
from app.practice.local_time import from_minute, whole_minute
from app.practice.model import Equipment, Maintenance
from app.practice.vocabulary import EquipmentId, ProviderId, ProviderKind
from app.scheduling.model import Appointment, AppointmentState, AppointmentType
from app.scheduling.permissions import SEE_SCHEDULE
from app.scheduling.segments import parts_of, segments_from, with_people
from app.scheduling.visit_types import type_of
from app.scheduling.vocabulary import AppointmentId, SegmentKind


@dataclass(frozen=True, slots=True)
class DeviceUse:
    """One use or one maintenance of a device. `booked` tells a planned use from one that took place."""

    equipment_id: EquipmentId
    name: str
    starts_at: datetime
    ends_at: datetime
    appointment_id: AppointmentId | None
    patient_id: PatientId | None
    given_name: str
    family_name: str
    type_name_fr: str
    type_name_en: str
    booked: bool
    reason: str


@query(permission=SEE_DAY, label=N_("How the day is used"))
def day_use(
    read: Reading, clinic_id: ClinicId | None = None, day: date | None = None, now: datetime | None = None
) -> DayUse:
    """Chairs, people and, for who may see amounts, what kept visits bring by the catalogue, until now."""
    read.require(SEE_SCHEDULE)
    loaded, minute = loaded_day(read, clinic_id, day, now)
    return use_of(loaded, shot_of(loaded, minute))


@query(permission=SEE_DAY, label=N_("Who could stand in"))
def break_cover(
    read: Reading, provider_id: ProviderId, minutes: int = 15, clinic_id: ClinicId | None = None,
    at: datetime | None = None,
) -> Cover:  # fmt: skip
    """What somebody leaves behind during a break from a moment on, and who of the same sort could take it."""
    read.require(SEE_SCHEDULE)
    loaded, now = loaded_day(read, clinic_id, None, None)
    shot = shot_of(loaded, now)
    lane = next((person for person in shot.people if person.id == provider_id), None)
    if lane is None:
        raise NotFound(N_("provider"), provider_id)
    begin = max(now, whole_minute(at)) if at is not None else now
    span = (begin, begin + max(1, minutes))
    needed = tuple(part for part in lane.parts if part[1][0] < span[1] and span[0] < part[1][1])
    skills = {
        skill
        for visit in shot.visits
        if any(visit.id == owner for owner, _span in needed)
        for skill in type_of(read, visit.line.type_id).skills
        if loaded.roster.people[provider_id].holds(skill, loaded.on)
    }
    people = stand_ins(loaded, shot, [span], kinds_like(lane.kind), skills, {provider_id})
    return Cover(provider_id, span, needed, people)


@query(permission=SEE_DAY, label=N_("Who could treat the patient"))
def who_could(read: Reading, appointment_id: AppointmentId, doctor: bool = False) -> tuple[StandIn, ...]:
    """The doctors, or the hands, who could take a visit of the day: by skill first, then by who is free."""
    read.require(SEE_SCHEDULE)
    columns = (Appointment.clinic_id, Appointment.starts_at, Appointment.type_id, Appointment.segments,
               Appointment.minutes, Appointment.doctor_id, Appointment.assistant_id)  # fmt: skip
    row: Any = read.execute(select(*columns).where(Appointment.id == appointment_id)).one_or_none()
    if row is None or row.starts_at is None:
        raise NotFound(N_("appointment"), appointment_id)
    loaded, now = loaded_day(read, row.clinic_id, read.clock.day_of(row.starts_at), None)
    shot = shot_of(loaded, now)
    visit = next((each for each in shot.visits if each.id == appointment_id), None)
    segments = with_people(segments_from(row.segments, row.minutes), row.doctor_id, row.assistant_id, None)
    start = whole_minute(row.starts_at)
    planned = [(part.kind, part.span) for part in parts_of(segments, start)]
    coming = [(part.kind, part.span) for part in visit.parts] if visit is not None and visit.parts else planned
    wanted = {SegmentKind.DOCTOR} if doctor else {SegmentKind.ASSISTANT, SegmentKind.XRAY}
    spans = [span for kind, span in coming if kind in wanted] or [span for _kind, span in coming]
    kinds = (ProviderKind.DOCTOR,) if doctor else kinds_like(ProviderKind.ASSISTANT)
    others = (row.assistant_id,) if doctor else (row.doctor_id,)
    held = {skill for who in others if who in loaded.roster.people for skill in loaded.roster.people[who].skills}
    skills = () if doctor else type_of(read, row.type_id).skills - held
    return stand_ins(loaded, shot, spans, kinds, skills, visit=appointment_id)


@query(permission=SEE_DAY, label=N_("Log of a device"))
def device_log(
    read: Reading, equipment_id: EquipmentId, from_on: date | None = None, to_on: date | None = None
) -> tuple[DeviceUse, ...]:
    """Bookings, uses that took place and maintenance of a device on some days, by time; of today unless said."""
    read.require(SEE_SCHEDULE)
    first, last = from_on or read.today, max(to_on or read.today, from_on or read.today)
    name = read.execute(select(Equipment.name).where(Equipment.id == equipment_id)).scalar()
    if name is None:
        raise NotFound(N_("piece of equipment"), equipment_id)
    found = [*_visits(read, equipment_id, name, first, last), *_repairs(read, equipment_id, name, first, last)]
    return tuple(sorted(found, key=lambda each: (each.starts_at, each.appointment_id or "")))


def _visits(read: Reading, equipment_id: EquipmentId, name: str, first: date, last: date) -> Iterable[DeviceUse]:
    state, kind = AppointmentState, AppointmentType
    statement = (
        select(Appointment.id, Appointment.patient_id, Patient.given_name, Patient.family_name, kind.name_fr,
               kind.name_en, Appointment.segments, Appointment.minutes, state.starts_at, state.seated_at,
               state.completed_at, state.status)
        .join(state, state.id == Appointment.id)
        .join(kind, kind.id == Appointment.type_id)
        .join(Patient, Patient.id == Appointment.patient_id)
        .where(Appointment.equipment_id == equipment_id, Appointment.withdrawn_at.is_(None),
               state.starts_at.is_not(None), state.status.in_(["scheduled", "confirmed", "kept"]))
    )  # fmt: skip
    rows: Iterable[Any] = read.execute(statement)
    for row in rows:
        if not first <= read.clock.day_of(row.starts_at) <= last:
            continue
        begun = whole_minute(row.seated_at or row.starts_at)
        parts = list(parts_of(segments_from(row.segments, row.minutes), begun))
        imaging = [part.span for part in parts if part.kind is SegmentKind.XRAY] or [
            (parts[0].span[0], parts[-1].span[1])
        ]
        yield DeviceUse(
            equipment_id, name, from_minute(imaging[0][0]), from_minute(imaging[-1][1]), row.id, row.patient_id,
            row.given_name, row.family_name, row.name_fr, row.name_en, row.seated_at is None, "",
        )  # fmt: skip


def _repairs(read: Reading, equipment_id: EquipmentId, name: str, first: date, last: date) -> Iterable[DeviceUse]:
    statement = select(Maintenance.starts_at, Maintenance.ends_at, Maintenance.reason).where(
        Maintenance.equipment_id == equipment_id, Maintenance.withdrawn_at.is_(None)
    )
    rows: Iterable[Any] = read.execute(statement)
    for row in rows:
        if read.clock.day_of(row.ends_at) >= first and read.clock.day_of(row.starts_at) <= last:
            yield DeviceUse(
                equipment_id, name, row.starts_at, row.ends_at, None, None, "", "", "", "", True, row.reason or ""
            )

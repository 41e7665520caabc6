"""Appointment types as bookings and searches read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.journal.queries import Reading
from app.practice.vocabulary import EquipmentKind, OperatoryKind
from app.scheduling.model import AppointmentType
from app.scheduling.segments import Segment, segments_from
from app.scheduling.vocabulary import AppointmentClass, AppointmentTypeId, LabState


@dataclass(frozen=True, slots=True)
class TypeInfo:
    """What a type asks for; times in minutes."""

    id: AppointmentTypeId
    code: str
    appointment_class: AppointmentClass
    segments: tuple[Segment, ...]
    buffer_minutes: int
    operatory_kind: OperatoryKind
    equipment_kind: EquipmentKind | None
    skills: frozenset[str]
    lab_state: LabState
    length_locked: bool


_COLUMNS = (
    AppointmentType.id, AppointmentType.code, AppointmentType.appointment_class, AppointmentType.segments,
    AppointmentType.buffer_minutes, AppointmentType.operatory_kind, AppointmentType.equipment_kind,
    AppointmentType.skills, AppointmentType.lab_state, AppointmentType.length_locked,
)  # fmt: skip


def type_named(read: Reading, name: str, field: str = "type") -> TypeInfo:
    """The type of a code (or an id) that can still be booked."""
    wanted = or_(AppointmentType.code == name.strip().upper(), AppointmentType.id == name)
    row = read.execute(select(*_COLUMNS).where(wanted, AppointmentType.withdrawn_at.is_(None))).first()
    if row is None:
        raise RuleViolation(N_("There is no appointment type “{name}”."), field=field, name=name)
    return _info(row)


def type_of(read: Reading, type_id: str) -> TypeInfo:
    """The type of an appointment, also one that is no longer offered."""
    return _info(read.execute(select(*_COLUMNS).where(AppointmentType.id == type_id)).one())


def _info(row: Any) -> TypeInfo:
    return TypeInfo(
        row.id, row.code, row.appointment_class, segments_from(row.segments, 0), row.buffer_minutes,
        row.operatory_kind, row.equipment_kind, frozenset(row.skills or ()), row.lab_state, row.length_locked,
    )  # fmt: skip

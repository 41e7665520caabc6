"""Appointment types as bookings and searches read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.journal.queries import Reading
from app.journal.remembered import remembered
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
    AppointmentType.skills, AppointmentType.lab_state, AppointmentType.length_locked, AppointmentType.withdrawn_at,
)  # fmt: skip


def _types(read: Reading) -> Mapping[str, tuple[TypeInfo, bool]]:
    """Every type by id, with whether it is still offered."""

    def load() -> Mapping[str, tuple[TypeInfo, bool]]:
        rows = read.execute(select(*_COLUMNS).order_by(AppointmentType.id))
        return {row.id: (_info(row), row.withdrawn_at is None) for row in rows}

    return remembered(read, "appointment types", (AppointmentType.__tablename__,), load)


def type_named(read: Reading, name: str, field: str = "type") -> TypeInfo:
    """The type of a code (or an id) that can still be booked."""
    wanted = (name.strip().upper(), name)
    for info, offered in _types(read).values():
        if offered and (info.code == wanted[0] or info.id == wanted[1]):
            return info
    raise RuleViolation(N_("There is no appointment type “{name}”."), field=field, name=name)


def type_of(read: Reading, type_id: str) -> TypeInfo:
    """The type of an appointment, also one that is no longer offered."""
    return _types(read)[type_id][0]


def _info(row: Any) -> TypeInfo:
    return TypeInfo(
        row.id, row.code, row.appointment_class, segments_from(row.segments, 0), row.buffer_minutes,
        row.operatory_kind, row.equipment_kind, frozenset(row.skills or ()), row.lab_state, row.length_locked,
    )  # fmt: skip

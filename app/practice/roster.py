"""Who and what is there at a clinic over some days: people with shifts, breaks, absences and skills; chairs; devices.

Spans are whole minutes since 1970. A person's shifts at other clinics are not presence here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app.core.ids import ClinicId
from app.journal.queries import Reading
from app.practice.local_time import from_minute, whole_minute
from app.practice.model import (
    Absence,
    Equipment,
    Maintenance,
    Operatory,
    Provider,
    ProviderSkill,
    Shift,
    ShiftBreak,
)
from app.practice.spans import Span, union, without
from app.practice.vocabulary import EquipmentId, EquipmentKind, OperatoryId, OperatoryKind, ProviderId, ProviderKind


@dataclass(frozen=True, slots=True)
class Person:
    """A provider. `skills` gives for each code the last day that its certificate is good, None without an end."""

    id: ProviderId
    name: str
    kind: ProviderKind
    ended_on: date | None
    skills: Mapping[str, date | None]

    def holds(self, skill: str, on: date) -> bool:
        """Whether the skill is held on a day."""
        if skill not in self.skills:
            return False
        until = self.skills[skill]
        return until is None or until >= on


@dataclass(frozen=True, slots=True)
class Chair:
    """A column of the schedule."""

    id: OperatoryId
    name: str
    kind: OperatoryKind
    virtual: bool
    position: int
    retired_on: date | None


@dataclass(frozen=True, slots=True)
class Device:
    """A piece of equipment, and when it is under maintenance."""

    id: EquipmentId
    name: str
    kind: EquipmentKind
    operatory_id: OperatoryId | None
    retired_on: date | None
    down: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Roster:
    """Presence at one clinic."""

    people: Mapping[ProviderId, Person]
    shifts: Mapping[ProviderId, list[Span]]
    breaks: Mapping[ProviderId, list[Span]]
    absences: Mapping[ProviderId, list[Span]]
    chairs: Mapping[OperatoryId, Chair]
    devices: Mapping[EquipmentId, Device]

    def present(self, provider_id: ProviderId) -> list[Span]:
        """When a person works here: shifts less breaks and absences."""
        return without(
            self.shifts.get(provider_id, ()),
            [*self.breaks.get(provider_id, ()), *self.absences.get(provider_id, ())],
        )


def load_roster(read: Reading, clinic_id: ClinicId, span: Span) -> Roster:
    """The presence at a clinic over a span of minutes; people of the whole practice are named."""
    shifts = _spans(
        read,
        select(Shift.provider_id, Shift.starts_at, Shift.ends_at).where(
            Shift.clinic_id == clinic_id, Shift.withdrawn_at.is_(None), *_touching(Shift, span)
        ),
    )
    breaks = _spans(
        read,
        select(Shift.provider_id, ShiftBreak.starts_at, ShiftBreak.ends_at)
        .join(Shift, Shift.id == ShiftBreak.shift_id)
        .where(ShiftBreak.withdrawn_at.is_(None), Shift.withdrawn_at.is_(None), *_touching(Shift, span)),
    )
    absences = _spans(
        read,
        select(Absence.provider_id, Absence.starts_at, Absence.ends_at).where(
            Absence.withdrawn_at.is_(None), *_touching(Absence, span)
        ),
    )
    return Roster(_people(read), shifts, breaks, absences, _chairs(read, clinic_id), _devices(read, clinic_id, span))


def _touching(record: Any, span: Span) -> tuple[Any, Any]:
    return record.starts_at < from_minute(span[1]), record.ends_at > from_minute(span[0])


def _spans(read: Reading, statement: Any) -> dict[Any, list[Span]]:
    found: dict[Any, list[Span]] = defaultdict(list)
    rows: Iterable[Any] = read.execute(statement)
    for owner, start, end in rows:
        found[owner].append((whole_minute(start), whole_minute(end)))
    return {owner: union(spans) for owner, spans in found.items()}


def _people(read: Reading) -> dict[ProviderId, Person]:
    skills: dict[str, dict[str, date | None]] = defaultdict(dict)
    held = select(ProviderSkill.provider_id, ProviderSkill.skill, ProviderSkill.until_on)
    rows: Iterable[Any] = read.execute(held.where(ProviderSkill.withdrawn_at.is_(None)))
    for owner, skill, until_on in rows:
        skills[owner][skill] = until_on
    statement = (
        select(Provider.id, Provider.name, Provider.kind, Provider.ended_on)
        .where(Provider.withdrawn_at.is_(None))
        .order_by(Provider.position, Provider.id)
    )
    rows = read.execute(statement)
    return {row.id: Person(row.id, row.name, row.kind, row.ended_on, skills.get(row.id, {})) for row in rows}


def _chairs(read: Reading, clinic_id: ClinicId) -> dict[OperatoryId, Chair]:
    names = list(Chair.__dataclass_fields__)
    statement = (
        select(*(getattr(Operatory, name) for name in names))
        .where(Operatory.clinic_id == clinic_id, Operatory.withdrawn_at.is_(None))
        .order_by(Operatory.position, Operatory.id)
    )
    rows: Iterable[Any] = read.execute(statement)
    return {row.id: Chair(*row) for row in rows}


def _devices(read: Reading, clinic_id: ClinicId, span: Span) -> dict[EquipmentId, Device]:
    down = _spans(
        read,
        select(Maintenance.equipment_id, Maintenance.starts_at, Maintenance.ends_at).where(
            Maintenance.withdrawn_at.is_(None), *_touching(Maintenance, span)
        ),
    )
    names = list(Device.__dataclass_fields__)[:-1]
    statement = (
        select(*(getattr(Equipment, name) for name in names))
        .where(Equipment.clinic_id == clinic_id, Equipment.withdrawn_at.is_(None))
        .order_by(Equipment.name, Equipment.id)
    )
    rows: Iterable[Any] = read.execute(statement)
    return {row.id: Device(*[*row, tuple(down.get(row.id, ()))]) for row in rows}

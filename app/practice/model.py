"""The records of the practice.

Nothing is deleted: `withdrawn_at` takes back what was entered by mistake, `retired_on` or `ended_on` ends what was.
Minutes count from the local midnight of the clinic; instants are UTC.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from app.core.i18n import N_
from app.core.ids import ClinicId, StaffId, derived_id
from app.core.money import Money
from app.journal.records import (
    Merge,
    Record,
    cents,
    choice,
    day,
    flag,
    instant,
    integer,
    json,
    key,
    link,
    reference,
    text,
)
from app.practice.vocabulary import (
    AbsenceId,
    AbsenceKind,
    BreakId,
    BreakKind,
    ClinicLanguages,
    ClosureId,
    ClosureKind,
    EquipmentId,
    EquipmentKind,
    MaintenanceId,
    OperatoryId,
    OperatoryKind,
    ProcedureId,
    ProviderId,
    ProviderKind,
    ShiftId,
    SkillRowId,
    Weekday,
)

STREAM = "practice"


class Clinic(Record, merge=Merge.FIELD, stream=STREAM):
    """One place of the practice."""

    __tablename__ = "clinic"
    __noun__ = N_("clinic")

    id: Mapped[ClinicId] = key()
    name: Mapped[str] = text()
    short_name: Mapped[str] = text()
    time_zone: Mapped[str] = text()
    languages: Mapped[ClinicLanguages] = choice(ClinicLanguages, default=ClinicLanguages.BOTH)
    phone: Mapped[str | None] = text()
    address: Mapped[str | None] = text()
    position: Mapped[int] = integer(default=0)
    retired_on: Mapped[date | None] = day()
    withdrawn_at: Mapped[datetime | None] = instant()


class OpeningHours(Record, merge=Merge.CONFIG, stream=STREAM):
    """The opening hours of one weekday: `spans` is a list of [start minute, end minute]. One row a weekday."""

    __tablename__ = "opening_hours"
    __noun__ = N_("opening hours")

    id: Mapped[str] = key()
    clinic_id: Mapped[ClinicId] = reference("clinic")
    weekday: Mapped[Weekday] = choice(Weekday)
    spans: Mapped[Any] = json()


class Closure(Record, merge=Merge.FIELD, stream=STREAM):
    """Days on which the rule does not hold. Without a clinic, it holds for all; without minutes, for whole days."""

    __tablename__ = "closure"
    __noun__ = N_("closure")

    id: Mapped[ClosureId] = key()
    clinic_id: Mapped[ClinicId | None] = reference("clinic")
    kind: Mapped[ClosureKind] = choice(ClosureKind, default=ClosureKind.CLOSED)
    from_on: Mapped[date] = day()
    to_on: Mapped[date] = day()
    start_minute: Mapped[int | None] = integer()
    end_minute: Mapped[int | None] = integer()
    reason: Mapped[str] = text()
    withdrawn_at: Mapped[datetime | None] = instant()


class Operatory(Record, merge=Merge.FIELD, stream=STREAM):
    """A column of the schedule. A virtual one (lab, emergency) holds any number at once and is no chair."""

    __tablename__ = "operatory"
    __noun__ = N_("chair")

    id: Mapped[OperatoryId] = key()
    clinic_id: Mapped[ClinicId] = reference("clinic")
    name: Mapped[str] = text()
    short_name: Mapped[str] = text()
    kind: Mapped[OperatoryKind] = choice(OperatoryKind, default=OperatoryKind.CHAIR)
    virtual: Mapped[bool] = flag(default=False)
    position: Mapped[int] = integer(default=0)
    retired_on: Mapped[date | None] = day()
    withdrawn_at: Mapped[datetime | None] = instant()


class Equipment(Record, merge=Merge.FIELD, stream=STREAM):
    """A device that only one visit uses at a time."""

    __tablename__ = "equipment"
    __noun__ = N_("piece of equipment")

    id: Mapped[EquipmentId] = key()
    clinic_id: Mapped[ClinicId] = reference("clinic")
    operatory_id: Mapped[OperatoryId | None] = reference("operatory")
    kind: Mapped[EquipmentKind] = choice(EquipmentKind)
    name: Mapped[str] = text()
    serial_number: Mapped[str | None] = text()
    retired_on: Mapped[date | None] = day()
    withdrawn_at: Mapped[datetime | None] = instant()


class Maintenance(Record, merge=Merge.FIELD, stream=STREAM):
    """A time when a device cannot be used."""

    __tablename__ = "maintenance"
    __noun__ = N_("maintenance")

    id: Mapped[MaintenanceId] = key()
    equipment_id: Mapped[EquipmentId] = reference("equipment")
    starts_at: Mapped[datetime] = instant(index=True)
    ends_at: Mapped[datetime] = instant()
    reason: Mapped[str | None] = text()
    withdrawn_at: Mapped[datetime | None] = instant()


class Provider(Record, merge=Merge.FIELD, stream=STREAM):
    """What a member of the staff does at the clinic, with the licence number of his or her order. Shifts are its."""

    __tablename__ = "provider"
    __noun__ = N_("provider")

    id: Mapped[ProviderId] = key()
    staff_id: Mapped[StaffId] = link()
    name: Mapped[str] = text()
    kind: Mapped[ProviderKind] = choice(ProviderKind)
    licence_number: Mapped[str | None] = text()
    licence_order: Mapped[str | None] = text()
    colour: Mapped[str | None] = text()
    position: Mapped[int] = integer(default=0)
    ended_on: Mapped[date | None] = day()
    withdrawn_at: Mapped[datetime | None] = instant()


class ProviderSkill(Record, merge=Merge.FIELD, stream=STREAM):
    """A skill that a provider holds, until a day where a certificate expires. One row a provider and skill."""

    __tablename__ = "provider_skill"
    __noun__ = N_("skill of a provider")

    id: Mapped[SkillRowId] = key()
    provider_id: Mapped[ProviderId] = reference("provider")
    skill: Mapped[str] = text()
    until_on: Mapped[date | None] = day()
    withdrawn_at: Mapped[datetime | None] = instant()


class Shift(Record, merge=Merge.FIELD, stream=STREAM):
    """When a provider works at one clinic, at one chair if assigned."""

    __tablename__ = "shift"
    __noun__ = N_("shift")

    id: Mapped[ShiftId] = key()
    provider_id: Mapped[ProviderId] = reference("provider")
    clinic_id: Mapped[ClinicId] = reference("clinic")
    operatory_id: Mapped[OperatoryId | None] = reference("operatory")
    starts_at: Mapped[datetime] = instant()
    ends_at: Mapped[datetime] = instant()
    note: Mapped[str | None] = text()
    withdrawn_at: Mapped[datetime | None] = instant()

    __table_args__ = (Index("shift_by_start", "starts_at"),)


class ShiftBreak(Record, merge=Merge.FIELD, stream=STREAM):
    """A meal or a rest within a shift."""

    __tablename__ = "shift_break"
    __noun__ = N_("break")

    id: Mapped[BreakId] = key()
    shift_id: Mapped[ShiftId] = reference("shift")
    kind: Mapped[BreakKind] = choice(BreakKind, default=BreakKind.MEAL)
    starts_at: Mapped[datetime] = instant()
    ends_at: Mapped[datetime] = instant()
    withdrawn_at: Mapped[datetime | None] = instant()


class Absence(Record, merge=Merge.FIELD, stream=STREAM, sensitive=("kind", "note")):
    """When a provider is away, whatever the shifts say."""

    __tablename__ = "absence"
    __noun__ = N_("absence")

    id: Mapped[AbsenceId] = key()
    provider_id: Mapped[ProviderId] = reference("provider")
    kind: Mapped[AbsenceKind] = choice(AbsenceKind)
    starts_at: Mapped[datetime] = instant(index=True)
    ends_at: Mapped[datetime] = instant()
    note: Mapped[str | None] = text()
    withdrawn_at: Mapped[datetime | None] = instant()


class Procedure(Record, merge=Merge.CONFIG, stream=STREAM):
    """One version of a procedure of the catalogue, from a day on. `replaces_id` is the version that it ended."""

    __tablename__ = "procedure"
    __noun__ = N_("procedure")

    id: Mapped[ProcedureId] = key()
    code: Mapped[str] = text(index=True)
    name_fr: Mapped[str] = text()
    name_en: Mapped[str] = text()
    fee_cents: Mapped[Money] = cents()
    doctor_minutes: Mapped[int] = integer(default=0)
    chair_minutes: Mapped[int] = integer(default=0)
    skills: Mapped[Any] = json()
    from_on: Mapped[date] = day()
    to_on: Mapped[date | None] = day()
    replaces_id: Mapped[ProcedureId | None] = reference("procedure")
    replaced_to_on: Mapped[date | None] = day()
    """When the replaced version would have ended: what withdrawing this one gives back."""
    withdrawn_at: Mapped[datetime | None] = instant()


def opening_hours_id(clinic_id: str, weekday: Weekday) -> str:
    """The same row on every workstation for one clinic and weekday."""
    return derived_id("opening_hours", clinic_id, weekday.value)


def provider_skill_id(provider_id: str, skill: str) -> str:
    """The same row on every workstation for one provider and skill."""
    return derived_id("provider_skill", provider_id, skill)

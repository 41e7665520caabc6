"""Providers, and who works when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.core.i18n import N_
from app.core.ids import ClinicId, StaffId
from app.journal.commands import query
from app.journal.queries import Reading
from app.journal.settings_store import value_of
from app.practice.calendar import load_calendar
from app.practice.local_time import from_minute, instant_of
from app.practice.model import Absence, Provider, ProviderSkill, Shift, ShiftBreak
from app.practice.permissions import EDIT_SHIFTS, SEE_PRACTICE
from app.practice.queries.places import rows_of
from app.practice.settings import MEAL_AFTER_MINUTES
from app.practice.vocabulary import (
    AbsenceId,
    AbsenceKind,
    BreakId,
    BreakKind,
    OperatoryId,
    ProviderId,
    ProviderKind,
    ShiftId,
    SkillRowId,
)


@dataclass(frozen=True, slots=True)
class SkillLine:
    """A skill, and the last day that its certificate is good; `expired` today."""

    id: SkillRowId
    skill: str
    until_on: date | None
    expired: bool


@dataclass(frozen=True, slots=True)
class ProviderLine:
    """A provider; `staff_id` leads to the person's rights and title."""

    id: ProviderId
    staff_id: StaffId
    name: str
    kind: ProviderKind
    licence_number: str | None
    licence_order: str | None
    colour: str | None
    position: int
    ended_on: date | None
    skills: tuple[SkillLine, ...]


@dataclass(frozen=True, slots=True)
class BreakLine:
    """A break of a shift."""

    id: BreakId
    kind: BreakKind
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class ShiftLine:
    """A shift. `meal_due`: it is long enough for a meal break and has none (Act respecting labour standards, s. 79)."""

    id: ShiftId
    provider_id: ProviderId
    clinic_id: ClinicId
    operatory_id: OperatoryId | None
    starts_at: datetime
    ends_at: datetime
    note: str | None
    minutes: int
    breaks: tuple[BreakLine, ...]
    meal_due: bool


@dataclass(frozen=True, slots=True)
class AbsenceLine:
    """An absence; why, only for those who plan the shifts."""

    id: AbsenceId
    provider_id: ProviderId
    starts_at: datetime
    ends_at: datetime
    kind: AbsenceKind | None
    note: str | None


@dataclass(frozen=True, slots=True)
class RosterDays:
    """Who works at a clinic over some days, and who of the practice is away."""

    shifts: tuple[ShiftLine, ...]
    absences: tuple[AbsenceLine, ...]


@query(permission=SEE_PRACTICE, label=N_("Providers"))
def providers(read: Reading, ended: bool = False) -> tuple[ProviderLine, ...]:
    """Everybody who treats or receives patients, in their order; with those who left if asked."""
    skills: dict[str, list[SkillLine]] = {}
    columns = (ProviderSkill.provider_id, ProviderSkill.id, ProviderSkill.skill, ProviderSkill.until_on)
    held = select(*columns).where(ProviderSkill.withdrawn_at.is_(None)).order_by(ProviderSkill.skill)
    held_rows: list[Any] = list(read.execute(held))
    for owner, row_id, skill, until_on in held_rows:
        expired = until_on is not None and until_on < read.today
        skills.setdefault(owner, []).append(SkillLine(row_id, skill, until_on, expired))
    rows = rows_of(
        read, Provider, ProviderLine, Provider.withdrawn_at.is_(None), order=(Provider.position, Provider.id)
    )
    lines = [ProviderLine(*[*row, tuple(skills.get(row.id, ()))]) for row in rows]
    return tuple(line for line in lines if ended or line.ended_on is None or line.ended_on > read.today)


@query(permission=SEE_PRACTICE, label=N_("Shifts and absences"))
def roster(read: Reading, clinic_id: ClinicId, from_on: date, days: int = 1) -> RosterDays:
    """The shifts of a clinic with their breaks, and the absences of everybody, over some days."""
    calendar = load_calendar(read, clinic_id)
    start = from_minute(calendar.day(from_on)[0])
    end = from_minute(calendar.day(from_on + timedelta(days=min(max(days, 1), 100) - 1))[1])
    where = (Shift.clinic_id == clinic_id, Shift.withdrawn_at.is_(None), Shift.starts_at < end, Shift.ends_at > start)
    rows = rows_of(read, Shift, ShiftLine, *where, order=(Shift.starts_at, Shift.id))
    breaks = _breaks(read, [row.id for row in rows])
    due = value_of(read, MEAL_AFTER_MINUTES)
    return RosterDays(tuple(_shift(row, breaks.get(row.id, ()), due) for row in rows), _absences(read, start, end))


@query(permission=SEE_PRACTICE, label=N_("Week of a provider"))
def provider_week(read: Reading, provider_id: ProviderId, from_on: date, days: int = 7) -> RosterDays:
    """The shifts of one person over all clinics with their breaks, and the absences of that person."""
    start = instant_of(from_on, 0, read.clock.zone)
    end = instant_of(from_on + timedelta(days=min(max(days, 1), 100)), 0, read.clock.zone)
    mine = (Shift.provider_id == provider_id, Shift.withdrawn_at.is_(None))
    rows = rows_of(
        read, Shift, ShiftLine, *mine, Shift.starts_at < end, Shift.ends_at > start, order=(Shift.starts_at, Shift.id)
    )
    breaks = _breaks(read, [row.id for row in rows])
    due = value_of(read, MEAL_AFTER_MINUTES)
    absences = tuple(line for line in _absences(read, start, end) if line.provider_id == provider_id)
    return RosterDays(tuple(_shift(row, breaks.get(row.id, ()), due) for row in rows), absences)


@query(permission=SEE_PRACTICE, label=N_("Absences"))
def absence_list(read: Reading, from_on: date | None = None, days: int = 400) -> tuple[AbsenceLine, ...]:
    """The absences of everybody from a day on, today unless said otherwise; why, only for those who plan the shifts."""
    first = from_on or read.today
    start = instant_of(first, 0, read.clock.zone)
    return _absences(read, start, instant_of(first + timedelta(days=min(max(days, 1), 800)), 0, read.clock.zone))


def _breaks(read: Reading, shift_ids: list[str]) -> dict[str, tuple[BreakLine, ...]]:
    found: dict[str, tuple[BreakLine, ...]] = {}
    columns = (ShiftBreak.shift_id, ShiftBreak.id, ShiftBreak.kind, ShiftBreak.starts_at, ShiftBreak.ends_at)
    statement = select(*columns).where(ShiftBreak.shift_id.in_(shift_ids), ShiftBreak.withdrawn_at.is_(None))
    for row in read.execute(statement.order_by(ShiftBreak.starts_at)):
        found[row.shift_id] = (*found.get(row.shift_id, ()), BreakLine(*list(row)[1:]))
    return found


def _shift(row: Any, breaks: tuple[BreakLine, ...], due: int) -> ShiftLine:
    minutes = round((row.ends_at - row.starts_at).total_seconds() / 60)
    fed = any(item.kind is BreakKind.MEAL for item in breaks)
    return ShiftLine(*[*row, minutes, breaks, minutes > due and not fed])


def _absences(read: Reading, start: datetime, end: datetime) -> tuple[AbsenceLine, ...]:
    columns = (Absence.id, Absence.provider_id, Absence.starts_at, Absence.ends_at, Absence.kind, Absence.note)
    statement = select(*columns).where(Absence.withdrawn_at.is_(None), Absence.starts_at < end, Absence.ends_at > start)
    why = read.may(EDIT_SHIFTS)
    rows = read.execute(statement.order_by(Absence.starts_at, Absence.id))
    return tuple(AbsenceLine(*(row if why else (*row[:4], None, None))) for row in rows)

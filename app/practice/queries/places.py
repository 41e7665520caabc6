"""Clinics, chairs, devices, days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.ids import ClinicId
from app.journal.commands import query
from app.journal.queries import Reading
from app.journal.settings_store import value_of
from app.practice.calendar import load_calendar
from app.practice.holidays import Holiday, statutory_holidays
from app.practice.local_time import from_minute
from app.practice.model import Clinic, Closure, Equipment, Maintenance, OpeningHours, Operatory
from app.practice.permissions import SEE_PRACTICE
from app.practice.settings import EASTER_HOLIDAY
from app.practice.vocabulary import (
    ClinicLanguages,
    ClosureId,
    ClosureKind,
    EquipmentId,
    EquipmentKind,
    MaintenanceId,
    OperatoryId,
    OperatoryKind,
    Weekday,
)


@dataclass(frozen=True, slots=True)
class ClinicLine:
    """A clinic of the practice."""

    id: ClinicId
    name: str
    short_name: str
    time_zone: str
    languages: ClinicLanguages
    phone: str | None
    address: str | None
    position: int
    retired_on: date | None


@dataclass(frozen=True, slots=True)
class WeekdayHours:
    """The opening of a weekday: (start, end) in minutes after midnight, past 1440 on the next day."""

    weekday: Weekday
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class ClosureLine:
    """Days on which the weekly hours do not hold."""

    id: ClosureId
    clinic_id: ClinicId | None
    kind: ClosureKind
    from_on: date
    to_on: date
    start_minute: int | None
    end_minute: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class DayHours:
    """One day of a clinic: when it is open, in instants, and why not. `reason` may be a msgid (a holiday)."""

    on: date
    openings: tuple[tuple[datetime, datetime], ...]
    reason: str


@dataclass(frozen=True, slots=True)
class OperatoryLine:
    """A chair, room or virtual column."""

    id: OperatoryId
    clinic_id: ClinicId
    name: str
    short_name: str
    kind: OperatoryKind
    virtual: bool
    position: int
    retired_on: date | None


@dataclass(frozen=True, slots=True)
class MaintenanceLine:
    """When a device cannot be used."""

    id: MaintenanceId
    starts_at: datetime
    ends_at: datetime
    reason: str | None


@dataclass(frozen=True, slots=True)
class EquipmentLine:
    """A device with its maintenance to come."""

    id: EquipmentId
    clinic_id: ClinicId
    operatory_id: OperatoryId | None
    kind: EquipmentKind
    name: str
    serial_number: str | None
    retired_on: date | None
    maintenance: tuple[MaintenanceLine, ...]


def rows_of(read: Reading, record: Any, line: Any, *where: Any, order: Any) -> list[Any]:
    """The named columns of a line class, in order."""
    columns = [getattr(record, name) for name in line.__dataclass_fields__ if hasattr(record, name)]
    return list(read.execute(select(*columns).where(*where).order_by(*order)))


@query(permission=SEE_PRACTICE, label=N_("Clinics"))
def clinics(read: Reading, retired: bool = False) -> tuple[ClinicLine, ...]:
    """The clinics of the practice in their order; with those that were closed for good if asked."""
    rows = rows_of(read, Clinic, ClinicLine, Clinic.withdrawn_at.is_(None), order=(Clinic.position, Clinic.id))
    lines = [ClinicLine(*row) for row in rows]
    return tuple(line for line in lines if retired or line.retired_on is None or line.retired_on > read.today)


@query(permission=SEE_PRACTICE, label=N_("Opening hours"))
def opening_hours(read: Reading, clinic_id: ClinicId) -> tuple[WeekdayHours, ...]:
    """The weekly hours of a clinic, Monday first."""
    rows = read.execute(
        select(OpeningHours.weekday, OpeningHours.spans).where(OpeningHours.clinic_id == clinic_id)
    ).all()
    found = {row.weekday: tuple((start, end) for start, end in row.spans) for row in rows}
    return tuple(WeekdayHours(weekday, found.get(weekday, ())) for weekday in Weekday)


@query(permission=SEE_PRACTICE, label=N_("Closures"))
def closures(read: Reading, from_on: date | None = None) -> tuple[ClosureLine, ...]:
    """Closures and openings by exception that are not over, of every clinic."""
    since = from_on or read.today
    where = (Closure.withdrawn_at.is_(None), Closure.to_on >= since)
    rows = rows_of(read, Closure, ClosureLine, *where, order=(Closure.from_on, Closure.id))
    return tuple(ClosureLine(*row) for row in rows)


@query(permission=SEE_PRACTICE, label=N_("Statutory holidays"))
def holidays(read: Reading, year: int, clinic_id: ClinicId | None = None) -> tuple[Holiday, ...]:
    """The statutory holidays of Québec in a year, by the practice’s choice for Easter.

    For a clinic that opens on Sundays, 25 June is none (National Holiday Act, s. 2).
    """
    if not 1970 <= year <= 2999:
        raise RuleViolation(N_("The year lies between 1970 and 2999."), field="year")
    hours = () if clinic_id is None else load_calendar(read, clinic_id).hours.get(Weekday.SUNDAY, ())
    return statutory_holidays(year, value_of(read, EASTER_HOLIDAY), sunday_worked=bool(hours))


@query(permission=SEE_PRACTICE, label=N_("Days of the clinic"))
def clinic_days(read: Reading, clinic_id: ClinicId, from_on: date, days: int = 7) -> tuple[DayHours, ...]:
    """When a clinic is open on each of some days, and why it is closed."""
    calendar = load_calendar(read, clinic_id)
    found = []
    for ahead in range(min(max(days, 1), 400)):
        on = from_on + timedelta(days=ahead)
        spans = tuple((from_minute(start), from_minute(end)) for start, end in calendar.openings(on))
        found.append(DayHours(on, spans, calendar.reason_closed(on)))
    return tuple(found)


@query(permission=SEE_PRACTICE, label=N_("Chairs"))
def operatories(read: Reading, clinic_id: ClinicId | None = None, retired: bool = False) -> tuple[OperatoryLine, ...]:
    """The chairs, rooms and virtual columns in their order, of one clinic or of all."""
    where: list[Any] = [Operatory.withdrawn_at.is_(None)]
    if clinic_id is not None:
        where.append(Operatory.clinic_id == clinic_id)
    order = (Operatory.clinic_id, Operatory.position, Operatory.id)
    lines = [OperatoryLine(*row) for row in rows_of(read, Operatory, OperatoryLine, *where, order=order)]
    return tuple(line for line in lines if retired or line.retired_on is None or line.retired_on > read.today)


@query(permission=SEE_PRACTICE, label=N_("Equipment"))
def equipment(read: Reading, clinic_id: ClinicId | None = None, retired: bool = False) -> tuple[EquipmentLine, ...]:
    """The devices with their maintenance that is not over."""
    where: list[Any] = [Equipment.withdrawn_at.is_(None)]
    if clinic_id is not None:
        where.append(Equipment.clinic_id == clinic_id)
    planned: dict[str, list[MaintenanceLine]] = {}
    coming = (Maintenance.withdrawn_at.is_(None), Maintenance.ends_at > read.now)
    columns = (Maintenance.equipment_id, Maintenance.id, Maintenance.starts_at, Maintenance.ends_at, Maintenance.reason)
    for row in read.execute(select(*columns).where(*coming).order_by(Maintenance.starts_at)):
        planned.setdefault(row.equipment_id, []).append(MaintenanceLine(*list(row)[1:]))
    found = rows_of(read, Equipment, EquipmentLine, *where, order=(Equipment.name, Equipment.id))
    lines = [EquipmentLine(*[*row, tuple(planned.get(row.id, ()))]) for row in found]
    return tuple(line for line in lines if retired or line.retired_on is None or line.retired_on > read.today)

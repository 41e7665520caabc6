"""A double booking side by side: both visits, who booked them where, what overlaps, and where one could go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import msgspec
from sqlalchemy import select

from app.core.errors import NotFound
from app.core.i18n import N_
from app.journal.commands import query
from app.journal.conflicts import Author, author
from app.journal.queries import Reading
from app.practice.local_time import from_minute, whole_minute
from app.practice.model import Operatory, Provider
from app.scheduling.fold import LIVE
from app.scheduling.free_times import Wish
from app.scheduling.model import Appointment
from app.scheduling.permissions import SEE_SCHEDULE
from app.scheduling.queries.schedule import VisitLine, visit_lines
from app.scheduling.queries.searching import FreeSlot, search_days
from app.scheduling.segments import Segment
from app.scheduling.visit_types import type_of
from app.scheduling.vocabulary import DOUBLE_BOOKING, AppointmentId

SLOTS: Final = 6
APART_MINUTES: Final = 60


@dataclass(frozen=True, slots=True)
class Booked:
    """One visit of a double booking; `doctor_minutes` are the parts that need the doctor, each from and to."""

    visit: VisitLine
    chair: str
    doctor: str
    booked: Author
    doctor_minutes: tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True, slots=True)
class DoubleBooking:
    """Two visits and what they share. `overlap` is empty, and `stands` False, when they no longer meet.

    `kinds` are codes of `ConflictKind`.
    """

    conflict_id: str
    visits: tuple[Booked, ...]
    kinds: tuple[str, ...]
    opened_at: datetime
    overlap: tuple[datetime, datetime] | None
    stands: bool


@query(permission=SEE_SCHEDULE, label=N_("Double booking"))
def double_booking(read: Reading, conflict_id: str) -> DoubleBooking:
    """Show both visits of a double booking, each with who booked it, when, and at which workstation."""
    rows = read.sql(
        "SELECT details, opened_at FROM conflict WHERE id = :it AND kind = :kind", it=conflict_id, kind=DOUBLE_BOOKING
    )
    if not rows:
        raise NotFound(N_("conflict"), conflict_id)
    details: dict[str, Any] = msgspec.json.decode(rows[0][0] or "null") or {}
    found = {line.id: line for line in visit_lines(read, Appointment.id.in_(details.get("visits", [])))}
    lines = [found[it] for it in details.get("visits", []) if it in found]
    booked = tuple(_booked(read, line, details.get("names", {})) for line in lines)
    overlap = _overlap(lines)
    kinds = tuple(details.get("kinds", ()))
    return DoubleBooking(conflict_id, booked, kinds, from_minute(rows[0][1] // 60_000), overlap, overlap is not None)


def _booked(read: Reading, line: VisitLine, names: dict[str, str]) -> Booked:
    rows = read.sql(
        "SELECT coalesce(o.actor, ''), o.device, o.hlc FROM change c JOIN operation o ON o.n = c.operation"
        " WHERE c.tbl = 'appointment' AND c.pk = :it AND (c.kind = 'ins' OR json_type(c.delta, '$.starts_at')"
        " IS NOT NULL OR json_type(c.delta, '$.operatory_id') IS NOT NULL) ORDER BY o.hlc DESC LIMIT 1",
        it=line.id,
    )
    actor, device, hlc = rows[0] if rows else ("", "", None)
    by = author(read, actor, device, hlc, names)
    chair = read.execute(select(Operatory.name).where(Operatory.id == line.operatory_id)).scalar()
    doctor = read.execute(select(Provider.name).where(Provider.id == line.doctor_id)).scalar()
    return Booked(line, chair or "", doctor or "", by, _doctor_minutes(line))


def _doctor_minutes(line: VisitLine) -> tuple[tuple[datetime, datetime], ...]:
    if line.starts_at is None:
        return ()
    found, minute = [], whole_minute(line.starts_at)
    for part in line.segments:
        if part.kind == "doctor":
            found.append((from_minute(minute), from_minute(minute + part.minutes)))
        minute += part.minutes
    return tuple(found)


def _overlap(lines: list[VisitLine]) -> tuple[datetime, datetime] | None:
    """When both stand at one time; None when one was moved or called off since."""
    if len(lines) != 2 or any(line.starts_at is None or line.status not in LIVE for line in lines):
        return None
    start = max(line.starts_at for line in lines if line.starts_at is not None)
    end = min(line.ends_at for line in lines if line.ends_at is not None)
    return (start, end) if start < end else None


@query(permission=SEE_SCHEDULE, label=N_("Free times for this visit"))
def slots_for_visit(
    read: Reading, appointment_id: AppointmentId, from_on: date | None = None, days: int = 10, limit: int = SLOTS
) -> tuple[FreeSlot, ...]:
    """Times at which nothing stands against a visit as it is, with its own doctor: the same day first, then later."""
    lines = visit_lines(read, Appointment.id == appointment_id)
    if not lines:
        raise NotFound(N_("appointment"), appointment_id)
    line = lines[0]
    bare = tuple(Segment(part.kind, part.minutes) for part in line.segments)
    wish = Wish(type_of(read, line.type_id), bare, line.doctor_id, None, None, line.patient_id, own=line.id)
    first = from_on or (read.clock.day_of(line.starts_at) if line.starts_at is not None else read.today)
    first = max(first, read.today)
    found = search_days(read, line.clinic_id, first, days, wish, limit * 8, apart=APART_MINUTES)
    place = line.starts_at or read.now
    near = sorted(found, key=lambda slot: (read.clock.day_of(slot.starts_at), abs(slot.starts_at - place)))
    return tuple(near[:limit])

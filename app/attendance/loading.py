"""Entries of the time clock out of the database, as the rules take them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import or_, select

from app.attendance.model import BreakRequest, ClockEntry
from app.attendance.presence import Presence, Punch, presence_of
from app.attendance.vocabulary import RequestState
from app.core.errors import NotFound
from app.core.i18n import N_
from app.core.ids import ClinicId
from app.journal.queries import Reading
from app.practice.calendar import ClinicCalendar, load_calendar
from app.practice.local_time import from_minute, whole_minute
from app.practice.model import Clinic
from app.practice.spans import Span
from app.practice.vocabulary import ProviderId

TABLES: Final = frozenset({ClockEntry.__tablename__, BreakRequest.__tablename__})


def first_clinic(read: Reading) -> ClinicId:
    """The first clinic of the practice that is open."""
    statement = (
        select(Clinic.id)
        .where(Clinic.withdrawn_at.is_(None), or_(Clinic.retired_on.is_(None), Clinic.retired_on > read.today))
        .order_by(Clinic.position, Clinic.id)
    )
    found: ClinicId | None = read.execute(statement).scalars().first()
    if found is None:
        raise NotFound(N_("clinic"), "")
    return found


def _punches(read: Reading, *where: Any) -> dict[ProviderId, list[Punch]]:
    columns = (
        ClockEntry.provider_id, ClockEntry.id, ClockEntry.kind, ClockEntry.at, ClockEntry.minutes,
        ClockEntry.cover_id, ClockEntry.corrects_id,
    )  # fmt: skip
    found: dict[ProviderId, list[Punch]] = defaultdict(list)
    rows: Iterable[Any] = read.execute(select(*columns).where(*where).order_by(ClockEntry.at, ClockEntry.id))
    for row in rows:
        found[row.provider_id].append(
            Punch(row.id, row.kind, whole_minute(row.at), row.minutes, row.cover_id, row.corrects_id)
        )
    return found


def day_of(read: Reading, at: datetime) -> Span:
    """The minutes of the local day of the first clinic that holds a moment."""
    calendar = load_calendar(read, first_clinic(read))
    return calendar.day(calendar.date_of(whole_minute(at)))


def punches_of(read: Reading, provider_id: ProviderId, at: datetime) -> list[Punch]:
    """What somebody told the clock on the day of a moment."""
    span = day_of(read, at)
    within = (ClockEntry.at >= from_minute(span[0]), ClockEntry.at < from_minute(span[1]))
    return _punches(read, ClockEntry.provider_id == provider_id, *within).get(provider_id, [])


def load_presence(read: Reading, calendar: ClinicCalendar, span: Span) -> Mapping[ProviderId, Presence]:
    """Everybody's day by the clock, with what they worked since Monday; people without an entry are left out."""
    on = calendar.date_of(span[0])
    monday = calendar.day(on - timedelta(days=on.weekday()))[0]
    found = _punches(read, ClockEntry.at >= from_minute(monday), ClockEntry.at < from_minute(span[1]))
    granted = _granted(read, span)
    presences = {}
    for who in sorted({*found, *granted}):
        entries = found.get(who, [])
        today = [item for item in entries if item.at >= span[0]]
        presences[who] = presence_of(today, granted.get(who, ()), _week(calendar, entries, monday, span[0]))
    return presences


def _week(calendar: ClinicCalendar, entries: list[Punch], monday: int, until: int) -> int:
    """Minutes worked on the days from Monday until the day; a stay that was never ended counts for nothing."""
    total, start = 0, monday
    while start < until:
        first, last = calendar.day(calendar.date_of(start))
        closed = presence_of([item for item in entries if first <= item.at < last])
        total += Presence(stays=closed.stays, breaks=closed.breaks).worked(last)
        start = last
    return total


def _granted(read: Reading, span: Span) -> dict[ProviderId, list[Span]]:
    statement = select(BreakRequest.provider_id, BreakRequest.wanted_at, BreakRequest.minutes).where(
        BreakRequest.state == RequestState.GRANTED, BreakRequest.wanted_at >= from_minute(span[0]),
        BreakRequest.wanted_at < from_minute(span[1]),
    )  # fmt: skip
    found: dict[ProviderId, list[Span]] = defaultdict(list)
    rows: Iterable[Any] = read.execute(statement)
    for row in rows:
        begin = whole_minute(row.wanted_at)
        found[row.provider_id].append((begin, begin + row.minutes))
    return found

"""What screens ask about the time clock."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.attendance.loading import first_clinic, load_presence
from app.attendance.model import BreakRequest, ClockEntry
from app.attendance.permissions import MANAGE_CLOCK, USE_CLOCK
from app.attendance.presence import MEAL_AFTER, MEAL_MINUTES, NORMAL_WEEK, Presence
from app.attendance.vocabulary import (
    CLOCK_LABELS,
    CLOCK_STATE_LABELS,
    REQUEST_LABELS,
    BreakRequestId,
    ClockEntryId,
    ClockKind,
    ClockState,
    RequestState,
)
from app.core.i18n import N_
from app.core.ids import ClinicId
from app.journal.commands import query
from app.journal.queries import Reading
from app.practice.calendar import ClinicCalendar, load_calendar
from app.practice.local_time import from_minute, whole_minute
from app.practice.model import Provider
from app.practice.spans import Span
from app.practice.vocabulary import BreakKind, ProviderId

__all__ = [
    "CLOCK_LABELS",
    "CLOCK_STATE_LABELS",
    "REQUEST_LABELS",
    "BreakRequestId",
    "BreakRequestLine",
    "ClockEntryId",
    "ClockEntryLine",
    "ClockKind",
    "ClockState",
    "HoursLine",
    "MealLine",
    "RequestState",
    "break_requests",
    "clock_entries",
    "clock_hours",
    "meals_kept",
]


@dataclass(frozen=True, slots=True)
class ClockEntryLine:
    """One entry; `standing` is false when it was taken back or corrected."""

    id: ClockEntryId
    provider_id: ProviderId
    kind: ClockKind
    at: datetime
    recorded_at: datetime
    by: str
    break_kind: BreakKind | None
    minutes: int | None
    cover_id: ProviderId | None
    note: str | None
    corrects_id: ClockEntryId | None
    standing: bool


@dataclass(frozen=True, slots=True)
class BreakRequestLine:
    """A break that somebody asked for."""

    id: BreakRequestId
    provider_id: ProviderId
    name: str
    state: RequestState
    wanted_at: datetime
    minutes: int
    note: str | None
    cover_id: ProviderId | None
    answer: str | None


@dataclass(frozen=True, slots=True)
class HoursLine:
    """Minutes of somebody by the clock: of the day, of the week since Monday, and beyond 40 hours."""

    provider_id: ProviderId
    name: str
    state: ClockState
    since: int | None
    worked: int
    week: int
    overtime: int
    meal_due: int | None


@dataclass(frozen=True, slots=True)
class MealLine:
    """Whether a day of somebody kept the meal break: `longest` are the most minutes worked without one."""

    provider_id: ProviderId
    name: str
    on: date
    worked: int
    longest: int
    kept: bool


def _day(read: Reading, clinic_id: ClinicId | None, on: date | None) -> tuple[ClinicCalendar, date, Span]:
    calendar = load_calendar(read, clinic_id or first_clinic(read))
    day = on or calendar.date_of(whole_minute(read.now))
    return calendar, day, calendar.day(day)


def _names(read: Reading) -> dict[ProviderId, str]:
    rows: Iterable[Any] = read.execute(select(Provider.id, Provider.name).where(Provider.withdrawn_at.is_(None)))
    return {row.id: row.name for row in rows}


def _mine(read: Reading) -> set[ProviderId]:
    """Whose hours the reader may see: everybody’s, or one’s own."""
    statement = select(Provider.id).where(Provider.withdrawn_at.is_(None))
    if not read.may(MANAGE_CLOCK):
        statement = statement.where(Provider.staff_id == read.actor.id)
    return set(read.execute(statement).scalars())


@query(permission=USE_CLOCK, label=N_("Entries of the time clock"))
def clock_entries(
    read: Reading, provider_id: ProviderId | None = None, day: date | None = None, clinic_id: ClinicId | None = None
) -> tuple[ClockEntryLine, ...]:
    """What was told to the clock on a day, corrections included; of others only for who keeps the clock."""
    _calendar, _on, span = _day(read, clinic_id, day)
    seen = _mine(read) if provider_id is None else _mine(read) & {provider_id}
    names = [name for name in ClockEntryLine.__dataclass_fields__ if name != "standing"]
    statement = (
        select(*(getattr(ClockEntry, name) for name in names))
        .where(ClockEntry.at >= from_minute(span[0]), ClockEntry.at < from_minute(span[1]),
               ClockEntry.provider_id.in_(sorted(seen)))
        .order_by(ClockEntry.at, ClockEntry.recorded_at, ClockEntry.id)
    )  # fmt: skip
    rows: list[Any] = list(read.execute(statement))
    corrected = {row.corrects_id for row in rows}
    return tuple(_entry(row, corrected) for row in rows)


def _entry(row: Any, corrected: Collection[str]) -> ClockEntryLine:
    standing = row.id not in corrected and row.kind is not ClockKind.VOIDED
    return ClockEntryLine(*[*row, standing])


@query(permission=USE_CLOCK, label=N_("Breaks that were asked for"))
def break_requests(
    read: Reading, day: date | None = None, clinic_id: ClinicId | None = None
) -> tuple[BreakRequestLine, ...]:
    """The requests of a day, those that wait for an answer first."""
    _calendar, _on, span = _day(read, clinic_id, day)
    names = _names(read)
    row = BreakRequest
    statement = (
        select(row.id, row.provider_id, row.state, row.wanted_at, row.minutes, row.note, row.cover_id, row.answer)
        .where(row.wanted_at >= from_minute(span[0]), row.wanted_at < from_minute(span[1]))
        .order_by(row.wanted_at, row.id)
    )
    rows: Iterable[Any] = read.execute(statement)
    lines = [BreakRequestLine(each.id, each.provider_id, names.get(each.provider_id, ""), *each[2:]) for each in rows]
    return tuple(sorted(lines, key=lambda line: line.state is not RequestState.ASKED))


@query(permission=USE_CLOCK, label=N_("Hours by the time clock"))
def clock_hours(read: Reading, day: date | None = None, clinic_id: ClinicId | None = None) -> tuple[HoursLine, ...]:
    """Hours of the day and of the week; one’s own, or everybody’s for who keeps the clock."""
    calendar, _on, span = _day(read, clinic_id, day)
    seen, names = _mine(read), _names(read)
    now = min(whole_minute(read.now), span[1])
    return tuple(
        _hours(who, names.get(who, ""), presence, now)
        for who, presence in load_presence(read, calendar, span).items()
        if who in seen
    )


def _hours(who: ProviderId, name: str, presence: Presence, now: int) -> HoursLine:
    worked = presence.worked(now)
    week = presence.week_before + worked
    return HoursLine(
        who, name, presence.state, presence.since, worked, week, max(0, week - NORMAL_WEEK), presence.meal_due(now)
    )


@query(permission=MANAGE_CLOCK, label=N_("Whether meal breaks are kept"))
def meals_kept(read: Reading, from_on: date, to_on: date, clinic_id: ClinicId | None = None) -> tuple[MealLine, ...]:
    """For each person and day, the longest work without a meal of thirty minutes; kept up to five hours (s. 79)."""
    calendar, _on, _span = _day(read, clinic_id, from_on)
    names = _names(read)
    lines: list[MealLine] = []
    for number in range(max(0, (to_on - from_on).days) + 1):
        on = from_on + timedelta(days=number)
        span = calendar.day(on)
        now = min(whole_minute(read.now), span[1])
        for who, presence in load_presence(read, calendar, span).items():
            stays = presence.at_work(now)
            if stays:
                most = _longest(stays, presence, now)
                lines.append(MealLine(who, names.get(who, ""), on, presence.worked(now), most, most <= MEAL_AFTER))
    return tuple(lines)


def _longest(stays: list[Span], presence: Presence, now: int) -> int:
    """The most minutes between coming, meal breaks and going."""
    most = 0
    for start, end in stays:
        begun = start
        for taken in presence.breaks:
            first, last = taken.begun, taken.ended if taken.ended is not None else now
            if start <= first <= end and last - first >= MEAL_MINUTES:
                most, begun = max(most, first - begun), last
        most = max(most, end - begun)
    return most

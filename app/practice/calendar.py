"""When a clinic is open: weekly hours, statutory holidays, closures and openings by exception.

Loaded once and asked for many days, because a search for a free time looks at weeks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from app.core.errors import NotFound
from app.core.i18n import N_
from app.core.ids import ClinicId
from app.journal.queries import Reading
from app.journal.settings_store import value_of
from app.practice.holidays import EasterChoice, Holiday, statutory_holidays
from app.practice.local_time import DAY, from_minute, instant_of, whole_minute
from app.practice.model import Clinic, Closure, OpeningHours
from app.practice.settings import CLOSED_ON_HOLIDAYS, EASTER_HOLIDAY
from app.practice.spans import Span, union, without
from app.practice.vocabulary import ClosureKind, Weekday

WEEKDAYS = tuple(Weekday)


@dataclass(frozen=True, slots=True)
class ExceptionDays:
    """A closure or an opening by exception; minutes None for whole days."""

    kind: ClosureKind
    from_on: date
    to_on: date
    minutes: Span | None
    reason: str


@dataclass(slots=True)
class ClinicCalendar:
    """The opening of one clinic. Spans are whole minutes since 1970."""

    clinic_id: ClinicId
    zone: ZoneInfo
    hours: dict[Weekday, tuple[Span, ...]]
    exceptions: tuple[ExceptionDays, ...]
    easter: EasterChoice
    holidays_closed: bool
    retired_on: date | None = None
    _known: dict[date, list[Span]] = field(default_factory=dict)

    def span(self, on: date, start: int, end: int) -> Span:
        """Clock minutes of a day as minutes since 1970."""
        return whole_minute(instant_of(on, start, self.zone)), whole_minute(instant_of(on, end, self.zone))

    def day(self, on: date) -> Span:
        """The whole calendar day: 23, 24 or 25 hours."""
        return self.span(on, 0, DAY)

    def holiday(self, on: date) -> Holiday | None:
        """The statutory holiday of a day."""
        days = holidays_of(on.year, self.easter, bool(self.hours.get(Weekday.SUNDAY)))
        return next((item for item in days if item.on == on), None)

    def openings(self, on: date) -> list[Span]:
        """When the clinic is open; hours past midnight belong to the day on which they begin."""
        if on not in self._known:
            self._known[on] = self._openings(on)
        return self._known[on]

    def _openings(self, on: date) -> list[Span]:
        if self.retired_on is not None and on >= self.retired_on:
            return []
        today = [item for item in self.exceptions if item.from_on <= on <= item.to_on]
        closed = self.holidays_closed and self.holiday(on) is not None
        spans = [] if closed else [self.span(on, *each) for each in self.hours.get(WEEKDAYS[on.weekday()], ())]
        holes = [self.span(on, *(item.minutes or (0, DAY * 2))) for item in today if item.kind is ClosureKind.CLOSED]
        opened = [self.span(on, *item.minutes) for item in today if item.kind is ClosureKind.OPEN and item.minutes]
        return union([*without(spans, holes), *opened])

    def around(self, span: Span) -> list[Span]:
        """Every opening that can touch a span of minutes."""
        first = self.date_of(span[0]) - timedelta(days=1)
        days = (self.date_of(span[1]) - first).days
        return union(each for ahead in range(days + 1) for each in self.openings(first + timedelta(days=ahead)))

    def date_of(self, minute: int) -> date:
        """The clinic's calendar day of a minute since 1970."""
        return from_minute(minute).astimezone(self.zone).date()

    def reason_closed(self, on: date) -> str:
        """Why a day is closed: the holiday (a msgid) or the closure as it was typed; empty when it is just not open."""
        for item in self.exceptions:
            if item.kind is ClosureKind.CLOSED and item.from_on <= on <= item.to_on:
                return item.reason
        holiday = self.holiday(on)
        return holiday.name if holiday is not None and self.holidays_closed else ""


@lru_cache(maxsize=64)
def holidays_of(year: int, easter: EasterChoice, sunday_worked: bool) -> tuple[Holiday, ...]:
    """The statutory holidays of a year, remembered."""
    return statutory_holidays(year, easter, sunday_worked=sunday_worked)


def load_calendar(read: Reading, clinic_id: ClinicId) -> ClinicCalendar:
    """Everything that decides when a clinic is open."""
    clinic = read.execute(
        select(Clinic.time_zone, Clinic.retired_on).where(Clinic.id == clinic_id, Clinic.withdrawn_at.is_(None))
    ).first()
    if clinic is None:
        raise NotFound(N_("clinic"), clinic_id)
    hours = read.execute(select(OpeningHours.weekday, OpeningHours.spans).where(OpeningHours.clinic_id == clinic_id))
    return ClinicCalendar(
        clinic_id,
        ZoneInfo(clinic.time_zone),
        {row.weekday: tuple((start, end) for start, end in row.spans) for row in hours},
        _exceptions(read, clinic_id),
        value_of(read, EASTER_HOLIDAY),
        value_of(read, CLOSED_ON_HOLIDAYS),
        clinic.retired_on,
    )


def _exceptions(read: Reading, clinic_id: ClinicId) -> tuple[ExceptionDays, ...]:
    statement = select(
        Closure.kind, Closure.from_on, Closure.to_on, Closure.start_minute, Closure.end_minute, Closure.reason
    ).where(or_(Closure.clinic_id == clinic_id, Closure.clinic_id.is_(None)), Closure.withdrawn_at.is_(None))
    return tuple(
        ExceptionDays(
            row.kind,
            row.from_on,
            row.to_on,
            None if row.start_minute is None else (row.start_minute, row.end_minute),
            row.reason,
        )
        for row in read.execute(statement.order_by(Closure.from_on, Closure.id))
    )

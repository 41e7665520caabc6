"""Clock times of a clinic and instants: every length is measured between instants, never between clock times.

A clock time is kept as minutes after the local midnight of the day that it belongs to; 1560 is 2:00 of the next day.
On a day when the clock changes, a 22:00 to 02:00 shift therefore lasts the five hours that people work.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.core.errors import RuleViolation
from app.core.i18n import N_

DAY: Final = 24 * 60
_CLOCK: Final = re.compile(r"(\d{1,2})[:h](\d{2})")


def instant_of(on: date, minute: int, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, of a clock time; of a time that comes twice, the first; a skipped one runs on."""
    days, rest = divmod(minute, DAY)
    wall = datetime(on.year, on.month, on.day, tzinfo=zone) + timedelta(days=days, minutes=rest)
    return wall.astimezone(UTC)


def clock_minute(text: str, field: str) -> int:
    """Minutes after midnight of “8:30”, “08:30” or “8h30”; up to 24:00."""
    match = _CLOCK.fullmatch(text.strip())
    minute = int(match[1]) * 60 + int(match[2]) if match else -1
    if match is None or int(match[2]) > 59 or minute > DAY:
        raise RuleViolation(N_("A time is written like 8:30."), field=field)
    return minute


def clock_span(start: str, end: str) -> tuple[int, int]:
    """Start and end in minutes; an end that is not after the start is on the next day."""
    first, last = clock_minute(start, "start"), clock_minute(end, "end")
    return first, last if last > first else last + DAY


def clock_text(minute: int) -> str:
    """“08:30” of minutes after midnight."""
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"


def whole_minute(instant: datetime) -> int:
    """Whole minutes since 1970 UTC: the unit in which time is compared."""
    return int(instant.timestamp()) // 60


def from_minute(minute: int) -> datetime:
    """The instant, in UTC, of whole minutes since 1970."""
    return datetime.fromtimestamp(minute * 60, UTC)


def checked_zone(name: str) -> str:
    """An IANA time zone name that this machine knows."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise RuleViolation(N_("This time zone is not known."), field="time_zone") from error
    return name

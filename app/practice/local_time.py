"""Clock times of a clinic and instants: every length is measured between instants, never between clock times.

A clock time is kept as minutes after the local midnight of the day that it belongs to; 1560 is 2:00 of the next day.
On a day when the clock changes, a 22:00 to 02:00 shift therefore lasts the five hours that people work.

A clock time that a person types for a day is never bent: one that the clocks skip, and one that comes twice, is
refused in a sentence. What comes twice can be told by its offset where an instant is written, and an instant that
stands already is kept. Rules (opening hours, templates of weekdays) are laid on the clock as far as it goes.
"""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.core.errors import RuleViolation
from app.core.i18n import N_, language

DAY: Final = 24 * 60
_CLOCK: Final = re.compile(r"(\d{1,2})[:h](\d{2})")


def instant_of(on: date, minute: int, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, of a clock time; of a time that comes twice, the first; a skipped one runs on."""
    days, rest = divmod(minute, DAY)
    wall = datetime(on.year, on.month, on.day, tzinfo=zone) + timedelta(days=days, minutes=rest)
    return wall.astimezone(UTC)


def typed_instant(on: date, minute: int, zone: ZoneInfo, field: str, kept: datetime | None = None) -> datetime:
    """The instant, in UTC, of a clock time that somebody typed for a day.

    `RuleViolation` for a time that the clocks skip and for one that comes twice, unless `kept`, the instant that
    stood there, is one of the two. The very moment of the change can be told by the hour that it would have been.
    """
    days, rest = divmod(minute, DAY)
    wall = datetime(on.year, on.month, on.day) + timedelta(days=days, minutes=rest)
    return _told(wall, zone, field, kept, N_("{time} comes twice on {day}: the clocks go back then. Choose another."))


def typed_moment(wall: datetime, zone: ZoneInfo, field: str) -> datetime:
    """The instant, in UTC, of a day and time as somebody wrote them: with an offset, or on the clinic’s clock.

    `RuleViolation` as for `typed_instant`; of a time that comes twice, the sentence says how to write which one.
    """
    if wall.tzinfo is not None:
        return wall.astimezone(UTC)
    message = N_("{time} comes twice on {day}: the clocks go back then. Write {first} or {second}, or choose another.")
    return _told(wall, zone, field, None, message)


def _told(wall: datetime, zone: ZoneInfo, field: str, kept: datetime | None, twice: str) -> datetime:
    both = [wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
    first, second = (at.astimezone(UTC) for at in both)
    said = {"day": wall.date().isoformat(), "time": clock_words(wall.hour * 60 + wall.minute)}
    if first > second and not _is_the_change(wall, first, zone):
        message = N_("{time} does not exist on {day}: the clocks go forward then. Choose another.")
        raise RuleViolation(message, field=field, **said)
    if first < second and kept not in {first, second}:
        written = [at.isoformat(timespec="minutes") for at in both]
        raise RuleViolation(twice, field=field, first=written[0], second=written[1], **said)
    return kept if first < second and kept is not None else first


def _is_the_change(wall: datetime, instant: datetime, zone: ZoneInfo) -> bool:
    """Whether a skipped time is the first one: the minute before it is on the clock."""
    minute = timedelta(minutes=1)
    return (instant - minute).astimezone(zone).replace(tzinfo=None) == wall - minute


def localised(value: Any, zone: ZoneInfo, field: str) -> Any:
    """Instants without an offset are the clinic’s, in lists and structures too; all else as it is."""
    if isinstance(value, datetime):
        return typed_moment(value, zone, field) if value.tzinfo is None else value
    if isinstance(value, list):
        return [localised(item, zone, field) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        found = {item.name: localised(getattr(value, item.name), zone, field) for item in fields(value)}
        return replace(value, **found)
    return value


def clock_words(minute: int) -> str:
    """A clock time as the language in force writes it: “9 h 05”, “09:05”."""
    hour, rest = minute // 60 % 24, minute % 60
    return f"{hour}\u00a0h\u00a0{rest:02d}" if language() == "fr" else f"{hour:02d}:{rest:02d}"


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

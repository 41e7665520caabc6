"""Words that several sections share: lists to choose from, names in the language in force, hours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.core.i18n import N_, _, language
from app.practice.queries import clock_text
from ui.shell.formats import NBSP


def labelled(labels: Mapping[Any, str], first: tuple[object, str] | None = None) -> list[tuple[object, str]]:
    """(value, word) pairs of an enumeration; `first` is an entry before them, its word a msgid."""
    head = [(first[0], _(first[1]))] if first else []
    return [*head, *((str(code), _(word)) for code, word in labels.items())]


def named(lines: Iterable[Any], first: tuple[object, str] | None = None) -> list[tuple[object, str]]:
    """(id, name) pairs of lines."""
    head = [(first[0], _(first[1]))] if first else []
    return [*head, *((line.id, line.name) for line in lines)]


def in_language(line: Any) -> str:
    """The name of a type, a reason or a procedure in the language in force."""
    return str(line.name_fr if language() == "fr" else line.name_en)


def clock_words(minute: int) -> str:
    """`8 h 30` or `8:30` of minutes after midnight."""
    hours, rest = minute // 60 % 24, minute % 60
    return f"{hours}{NBSP}h{NBSP}{rest:02d}" if language() == "fr" else f"{hours}:{rest:02d}"


def span_words(start: int, end: int) -> str:
    """From when to when."""
    return _(N_("{start} to {end}"), start=clock_words(start), end=clock_words(end))


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    """The calendar day of an instant at a clinic."""
    return instant.astimezone(zone).date()


def local_minute(instant: datetime, zone: ZoneInfo) -> int:
    """Minutes after midnight of an instant at a clinic."""
    local = instant.astimezone(zone)
    return local.hour * 60 + local.minute


def local_clock(instant: datetime, zone: ZoneInfo) -> str:
    """“08:30” of an instant at a clinic, as a field shows it."""
    return clock_text(local_minute(instant, zone))


def whole_number(value: object) -> int:
    """A field's number, nothing being 0."""
    return int(str(value)) if value not in (None, "") else 0


def texts(values: object) -> list[str]:
    """The codes of a field with several."""
    return [str(value) for value in values] if isinstance(values, Sequence) and not isinstance(values, str) else []

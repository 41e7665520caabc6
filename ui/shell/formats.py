"""The formatter: every day, hour, amount and age on screen passes here (Canadian French and English usage)."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final

from app.core.clock import Clock
from app.core.i18n import N_, language, translate
from app.core.money import Money

NBSP: Final = "\u00a0"
_MONTHS: Final = {
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_SHORT: Final = {
    "fr": ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juill.", "août", "sept.", "oct.", "nov.", "déc."],
    "en": ["Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."],
}
_WEEKDAYS: Final = {
    "fr": ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}


def day(value: date, *, short: bool = False, weekday: bool = False) -> str:
    """`24 novembre 2026`, `November 24, 2026`; short: `24 nov. 2026`; the first of a month is `1er` in French."""
    code = language()
    month = (_SHORT if short else _MONTHS)[code][value.month - 1]
    if code == "fr":
        number = "1er" if value.day == 1 else str(value.day)
        text = f"{number}{NBSP}{month} {value.year}"
        return f"{_WEEKDAYS['fr'][value.weekday()]} {text}" if weekday else text
    text = f"{month}{NBSP}{value.day}, {value.year}"
    return f"{_WEEKDAYS['en'][value.weekday()]}, {text}" if weekday else text


def month(value: date) -> str:
    """`novembre 2026`, `November 2026`."""
    return f"{_MONTHS[language()][value.month - 1]} {value.year}"


def hour(value: datetime, clock: Clock) -> str:
    """`10 h 42` or `10:42`, in the clinic's time zone."""
    local = value.astimezone(clock.zone)
    return f"{local.hour}{NBSP}h{NBSP}{local.minute:02d}" if language() == "fr" else f"{local.hour}:{local.minute:02d}"


def clock_time(value: time) -> str:
    """`10 h 42` or `10:42`, of a time of day that belongs to no zone: what a device wrote."""
    return f"{value.hour}{NBSP}h{NBSP}{value.minute:02d}" if language() == "fr" else f"{value.hour}:{value.minute:02d}"


def moment(value: datetime, clock: Clock) -> str:
    """Day and hour: `24 nov. 2026, 10 h 42`."""
    return f"{day(clock.day_of(value), short=True)}, {hour(value, clock)}"


def age(born_on: date, today: date) -> str:
    """Whole years; months below two years."""
    years = today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))
    if years >= 2:
        return counted(N_("{n} year"), N_("{n} years"), years)
    months = (today.year - born_on.year) * 12 + today.month - born_on.month - (today.day < born_on.day)
    return counted(N_("{n} month"), N_("{n} months"), max(months, 0))


def counted(one: str, many: str, count: int) -> str:
    """The form of a counted text (msgids with `{n}`): French says zero in the singular."""
    single = count == 1 or (count == 0 and language() == "fr")
    return translate(one if single else many, n=number(count))


def number(value: int) -> str:
    """Thousands apart: `1 234` in French, `1,234` in English."""
    text = f"{value:,}"
    return text.replace(",", NBSP) if language() == "fr" else text


def amount(value: Money) -> str:
    """`1 234,50 $` or `$1,234.50`."""
    sign, cents = ("−" if value.cents < 0 else ""), abs(value.cents)
    whole, rest = number(cents // 100), f"{cents % 100:02d}"
    return f"{sign}{whole},{rest}{NBSP}$" if language() == "fr" else f"{sign}${whole}.{rest}"


def percent(value: int) -> str:
    """`82 %` or `82%`."""
    return f"{value}{NBSP}%" if language() == "fr" else f"{value}%"


def phone(digits: str) -> str:
    """`514 555-0142` for ten digits (a leading +1 is dropped); anything else as it stands."""
    bare = digits.removeprefix("+1")
    return f"{bare[:3]} {bare[3:6]}-{bare[6:]}" if len(bare) == 10 and bare.isdigit() else digits

"""Statutory holidays of Québec, computed by rule for any year.

Act respecting labour standards (CQLR c. N-1.1), s. 60: 1 January; Good Friday or Easter Monday, at the employer's
option; the Monday before 25 May; 1 July, or 2 July when it falls on a Sunday; the first Monday of September; the
second Monday of October; 25 December. National Holiday Act (CQLR c. F-1.1), s. 2: 24 June; when it falls on a Sunday,
25 June is the holiday of those for whom Sunday is not normally a working day.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, timedelta

from app.core.i18n import N_


class EasterChoice(enum.StrEnum):
    """Which day of Easter the employer gives."""

    GOOD_FRIDAY = "good_friday"
    EASTER_MONDAY = "easter_monday"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Holiday:
    """A statutory holiday; `name` is a msgid."""

    on: date
    name: str


def easter_sunday(year: int) -> date:
    """Easter of the Gregorian calendar (Meeus, Jones and Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * weekday) // 433
    month = (h + weekday - 7 * m + 90) // 25
    return date(year, month, (h + weekday - 7 * m + 33 * month + 19) % 32)


def statutory_holidays(
    year: int, easter: EasterChoice = EasterChoice.GOOD_FRIDAY, *, sunday_worked: bool = False
) -> tuple[Holiday, ...]:
    """The holidays of a year by date. `sunday_worked`: whether Sunday is normally a working day."""
    sunday = easter_sunday(year)
    canada, national = date(year, 7, 1), date(year, 6, 24)
    found = [
        Holiday(date(year, 1, 1), N_("New Year’s Day")),
        Holiday(_monday_on_or_after(date(year, 5, 18)), N_("National Patriots’ Day")),
        Holiday(national, N_("Québec National Holiday")),
        Holiday(canada + timedelta(days=canada.weekday() == 6), N_("Canada Day")),
        Holiday(_monday_on_or_after(date(year, 9, 1)), N_("Labour Day")),
        Holiday(_monday_on_or_after(date(year, 10, 8)), N_("Thanksgiving")),
        Holiday(date(year, 12, 25), N_("Christmas Day")),
    ]
    if easter is not EasterChoice.EASTER_MONDAY:
        found.append(Holiday(sunday - timedelta(days=2), N_("Good Friday")))
    if easter is not EasterChoice.GOOD_FRIDAY:
        found.append(Holiday(sunday + timedelta(days=1), N_("Easter Monday")))
    if national.weekday() == 6 and not sunday_worked:
        found.append(Holiday(date(year, 6, 25), N_("Québec National Holiday (observed)")))
    return tuple(sorted(found, key=lambda holiday: holiday.on))


def _monday_on_or_after(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)

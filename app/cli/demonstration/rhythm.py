"""Which hours the invented clinic keeps, so that it is in full swing at whatever moment the folder is made.

Between 9:00 and 16:30 of a working day it keeps its ordinary hours. At any other moment (an evening, a night, a Sunday,
a holiday) the day is a special one: the clinic is open from four and a half hours before the moment until four and a
half hours after it. Where that reaches over midnight, the part beyond belongs to the neighbouring day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from app.practice.holidays import statutory_holidays
from app.practice.local_time import DAY, instant_of, whole_minute

OPENS: Final = 8 * 60
CLOSES: Final = 17 * 60
FIRST_ORDINARY: Final = 9 * 60
LAST_ORDINARY: Final = 16 * 60 + 30
HALF_SPECIAL: Final = 270
"""Minutes that a special day lasts on either side of the moment."""
Part = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Closing:
    """Days on which the clinic is closed besides the statutory holidays."""

    from_on: date
    to_on: date
    reason: str


@dataclass(frozen=True)
class Rhythm:
    """The hours of every day around a moment; minutes after local midnight."""

    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        """The day of the moment."""
        return self.now.astimezone(self.zone).date()

    @property
    def minute(self) -> int:
        """The moment, in minutes after midnight."""
        local = self.now.astimezone(self.zone)
        return local.hour * 60 + local.minute

    @property
    def special(self) -> bool:
        """Whether the day keeps special hours."""
        return not (self.works(self.today) and FIRST_ORDINARY <= self.minute <= LAST_ORDINARY)

    def works(self, on: date) -> bool:
        """Whether a day is an ordinary working day."""
        return on.weekday() < 5 and on not in _holidays(on.year) and self.closing(on) is None

    def special_parts(self) -> dict[date, Part]:
        """The special opening by day, rounded to five minutes."""
        if not self.special:
            return {}
        middle = self.minute // 5 * 5
        start, end = middle - HALF_SPECIAL, middle + HALF_SPECIAL
        found = {self.today: (max(start, 0), min(end, DAY))}
        if start < 0:
            found[self.today - timedelta(days=1)] = (DAY + start, DAY)
        if end > DAY:
            found[self.today + timedelta(days=1)] = (0, end - DAY)
        return found

    def parts(self, on: date) -> list[Part]:
        """When the clinic is open on a day."""
        special = self.special_parts().get(on)
        ordinary = [(OPENS, CLOSES)] if self.works(on) and not (on == self.today and special) else []
        return sorted([*ordinary, *([special] if special else [])])

    def closings(self) -> tuple[Closing, ...]:
        """Summer and winter holidays of the years around the moment, save one that the moment falls into."""
        found = []
        for year in range(self.today.year - 6, self.today.year + 2):
            july = date(year, 7, 31)
            sunday = july - timedelta(days=(july.weekday() + 1) % 7)
            found.append(Closing(sunday - timedelta(days=13), sunday, "Vacances d’été"))
            found.append(Closing(date(year, 12, 24), date(year + 1, 1, 2), "Congé des Fêtes"))
        around = timedelta(days=3)
        return tuple(item for item in found if not item.from_on - around <= self.today <= item.to_on + around)

    def closing(self, on: date) -> Closing | None:
        """The holidays that a day falls into."""
        return next((item for item in _closings(self) if item.from_on <= on <= item.to_on), None)

    def base(self, on: date, part: Part) -> int:
        """What is added to the minutes of a part to give minutes since 1970."""
        return whole_minute(instant_of(on, part[0], self.zone)) - part[0]


@lru_cache(maxsize=16)
def _holidays(year: int) -> frozenset[date]:
    return frozenset(item.on for item in statutory_holidays(year))


@lru_cache(maxsize=16)
def _closings(rhythm: Rhythm) -> tuple[Closing, ...]:
    return rhythm.closings()

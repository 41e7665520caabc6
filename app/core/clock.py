"""The clock: instants in UTC, days in the clinic's time zone, and the hybrid logical clock of the journal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

CLINIC_ZONE: Final = "America/Toronto"
HLC_COUNTER_BITS: Final = 16


def _system_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Clock:
    """Now, in UTC and in the clinic's day. `offset` is the correction learnt from the server."""

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo(CLINIC_ZONE))
    source: Callable[[], datetime] = _system_now
    offset: timedelta = timedelta()

    def now(self) -> datetime:
        """The corrected instant, in UTC, cut to milliseconds as the database stores it."""
        instant = (self.source() + self.offset).astimezone(UTC)
        return instant.replace(microsecond=instant.microsecond // 1000 * 1000)

    def today(self) -> date:
        """The clinic's calendar day."""
        return self.day_of(self.now())

    def day_of(self, instant: datetime) -> date:
        """The clinic's calendar day of an instant."""
        return instant.astimezone(self.zone).date()

    @classmethod
    def fixed(cls, at: datetime, zone: str = CLINIC_ZONE) -> Clock:
        """A clock that stands still at `at` (demo and test folders)."""
        return cls(ZoneInfo(zone), lambda: at)


def is_system_clock(clock: Clock) -> bool:
    """Whether it goes by the computer's clock, not by a moment that somebody chose."""
    return clock.source is _system_now


def to_millis(instant: datetime) -> int:
    """Milliseconds since 1970 UTC; a naive instant is refused."""
    if instant.tzinfo is None:
        raise ValueError("an instant carries its time zone")
    return round(instant.timestamp() * 1000)


def from_millis(millis: int) -> datetime:
    """The UTC instant of milliseconds since 1970."""
    return datetime.fromtimestamp(millis // 1000, UTC) + timedelta(milliseconds=millis % 1000)


def tick(last: int, millis: int) -> int:
    """The next hybrid logical clock value: 41 bits of milliseconds, 16 of counter, never below `last`.

    Kulkarni et al., Logical Physical Clocks (2014). A clock that jumps back costs counter values, not order.
    """
    return max(millis << HLC_COUNTER_BITS, last + 1)


def hlc_instant(hlc: int) -> datetime:
    """The physical part of a hybrid logical clock value."""
    return from_millis(hlc >> HLC_COUNTER_BITS)

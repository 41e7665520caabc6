"""What a person's entries of a day come to: when at work, when on a break. Pure, in whole minutes since 1970."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.attendance.vocabulary import ClockKind, ClockState
from app.practice.spans import Span, length, union, without
from app.practice.vocabulary import ProviderId


@dataclass(frozen=True, slots=True)
class Punch:
    """An entry as the rule takes it; `at` in minutes."""

    id: str
    kind: ClockKind
    at: int
    minutes: int | None = None
    cover_id: ProviderId | None = None
    corrects_id: str | None = None


@dataclass(frozen=True, slots=True)
class BreakTaken:
    """A break; `ended` is None while it lasts, `minutes` how long it was meant to be."""

    begun: int
    ended: int | None
    minutes: int | None
    cover_id: ProviderId | None

    def span(self, now: int) -> Span:
        """The minutes of the break: until now, or as long as it was meant, while it lasts."""
        return self.begun, self.ended if self.ended is not None else max(now, self.begun + (self.minutes or 0))


@dataclass(frozen=True, slots=True)
class Presence:
    """Somebody's day by the time clock. `since` is when the present state began; `opened` when a stay that has not
    ended did. `granted` are breaks to come, `week_before` the minutes worked this week before the day."""

    state: ClockState = ClockState.OUT
    since: int | None = None
    stays: tuple[Span, ...] = ()
    opened: int | None = None
    breaks: tuple[BreakTaken, ...] = ()
    granted: tuple[Span, ...] = ()
    week_before: int = 0
    faults: int = 0

    def at_work(self, now: int) -> list[Span]:
        """When the person was here, breaks included."""
        last = [] if self.opened is None else [(self.opened, max(now, self.opened))]
        return union([*self.stays, *last])

    def worked(self, now: int) -> int:
        """Minutes of work until now. A meal break is not worked (s. 79); a shorter one counts as work (s. 57)."""
        return length(without(self.at_work(now), self._meals(now)))

    def _meals(self, now: int) -> list[Span]:
        spans = [(taken.begun, taken.ended if taken.ended is not None else now) for taken in self.breaks]
        return [span for span in spans if span[1] - span[0] >= MEAL_MINUTES]

    def meal_due(self, now: int) -> int | None:
        """When five hours of work without a meal are over; None for whoever is not at work."""
        if self.state is not ClockState.IN:
            return None
        ended = [span[1] for span in self._meals(now)]
        begun = max([self.opened or now, *ended])
        return begun + MEAL_AFTER


MEAL_MINUTES = 30
"""The meal period after MEAL_AFTER minutes of work (Act respecting labour standards, CQLR c. N-1.1, s. 79)."""
MEAL_AFTER = 300
NORMAL_WEEK = 2400
"""Minutes of the normal work week of 40 hours (s. 52); what is beyond is overtime (s. 55)."""
BEYOND_SHIFT = 120
"""Minutes past the usual hours of a day that nobody has to work (s. 59.0.1)."""


def effective(punches: Iterable[Punch]) -> list[Punch]:
    """The entries that stand, by time: what was taken back or corrected does not."""
    every = list(punches)
    corrected = {item.corrects_id for item in every if item.corrects_id is not None}
    standing = [item for item in every if item.id not in corrected and item.kind is not ClockKind.VOIDED]
    return sorted(standing, key=lambda item: (item.at, _ORDER[item.kind], item.id))


_ORDER = {ClockKind.IN: 0, ClockKind.BREAK_BEGUN: 1, ClockKind.BREAK_ENDED: 2, ClockKind.OUT: 3}
_NEXT = {
    ClockState.OUT: {ClockKind.IN: ClockState.IN},
    ClockState.IN: {ClockKind.OUT: ClockState.OUT, ClockKind.BREAK_BEGUN: ClockState.BREAK},
    ClockState.BREAK: {ClockKind.BREAK_ENDED: ClockState.IN, ClockKind.OUT: ClockState.OUT},
}


def presence_of(punches: Sequence[Punch], granted: Iterable[Span] = (), week_before: int = 0) -> Presence:
    """Fold entries; one that does not follow from the state before it changes nothing and counts as a fault."""
    state, since, opened, faults = ClockState.OUT, None, None, 0
    stays: list[Span] = []
    breaks: list[BreakTaken] = []
    for item in effective(punches):
        after = _NEXT[state].get(item.kind)
        if after is None:
            faults += 1
            continue
        if state is ClockState.BREAK:
            last = breaks.pop()
            breaks.append(BreakTaken(last.begun, item.at, last.minutes, last.cover_id))
        if item.kind is ClockKind.IN:
            opened = item.at
        elif item.kind is ClockKind.OUT and opened is not None:
            stays.append((opened, item.at))
            opened = None
        elif item.kind is ClockKind.BREAK_BEGUN:
            breaks.append(BreakTaken(item.at, None, item.minutes, item.cover_id))
        state, since = after, item.at
    return Presence(state, since, tuple(stays), opened, tuple(breaks), tuple(granted), week_before, faults)

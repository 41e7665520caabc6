"""The geometry of the schedule: lanes (a chair or a person on one day) against a clock that runs right or down.

Places on the clock are minutes from the local noon of the lane's day. Days of 23 and 25 hours are then as long as they
are, and the hours of several days still stand in line: clocks change at night.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QRectF

from app.core.i18n import N_
from app.scheduling.queries import VisitLine
from ui.scheduling.block_look import drawn_span, planned_span

Span = tuple[int, int]
SNAP: Final = 5
"""Minutes to which everything that is dragged snaps."""
LEAST_MINUTES: Final = 5
BLOCK_AIR: Final = 4
LATE_PLAN: Final = 5
"""Minutes that a visit must run away from its plan for the plan to be drawn under it."""


class Run(enum.StrEnum):
    """Where the clock runs."""

    RIGHT = "right"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Hatch:
    """Minutes that cannot be booked without more ado, and why (a msgid, or words as they were typed)."""

    span: Span
    words: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """Minutes that the template keeps for a class; `words` is a msgid."""

    span: Span
    words: str


@dataclass(slots=True)
class Item:
    """A visit in a lane, or free minutes (`visit` is None). `row` of `rows`: side by side where visits overlap."""

    lane: int
    span: Span
    visit: VisitLine | None = None
    plan: Span | None = None
    row: int = 0
    rows: int = 1
    dim: bool = False
    patients: int = 0

    @property
    def key(self) -> str:
        """What stays the same when the schedule is read again."""
        return f"{self.lane}/{self.visit.id}" if self.visit else f"{self.lane}/{self.span[0]}"


@dataclass(slots=True)
class Lane:
    """One chair or person on one day; `resource` is its id, `noon` the local noon in minutes since 1970."""

    day: int
    resource: str
    name: str
    noon: int
    short: str = ""
    detail: str = ""
    status: str = ""
    status_words: str = ""
    hatches: tuple[Hatch, ...] = ()
    kept: tuple[Kept, ...] = ()
    items: list[Item] = field(default_factory=list)
    rows: int = 1


def stack(items: Iterable[Item]) -> int:
    """Give overlapping items rows of their own; returns how many rows that takes."""
    group: list[Item] = []
    ends: list[int] = []
    most, group_end = 1, 0
    for item in sorted(items, key=lambda each: (each.span, each.key)):
        if item.span[0] >= group_end:
            _close(group, len(ends))
            group, ends = [], []
        free = next((row for row, end in enumerate(ends) if end <= item.span[0]), len(ends))
        item.row = free
        ends[free : free + 1] = [item.span[1]]
        group.append(item)
        group_end = max(group_end, item.span[1])
        most = max(most, len(ends))
    _close(group, len(ends))
    return most


def _close(group: list[Item], rows: int) -> None:
    for item in group:
        item.rows = max(rows, 1)


def visit_item(lane: int, visit: VisitLine, now: int, dim: bool) -> Item:
    """A visit as it is drawn, with its plan when it ran away from it."""
    span, plan = drawn_span(visit, now), planned_span(visit)
    off = abs(span[0] - plan[0]) >= LATE_PLAN or abs(span[1] - plan[1]) >= LATE_PLAN
    return Item(lane, span, visit, plan if off else None, dim=dim)


@dataclass(slots=True)
class Grid:
    """Lanes laid out: `scale` is pixels a minute, `first` and `last` the ends of the clock from noon."""

    lanes: Sequence[Lane] = ()
    run: Run = Run.RIGHT
    first: int = -240
    last: int = 300
    scale: float = 2.0
    thickness: list[float] = field(default_factory=list)
    offsets: list[float] = field(default_factory=list)

    def lay_out(self, room: float, least: float, gap: float = 0.0) -> None:
        """Share `room` pixels among the lanes; each at least `least` a row; `gap` before each new day."""
        count = len(self.lanes)
        share = room / count if count else 0
        self.thickness = [max(share, least * max(lane.rows, 1)) for lane in self.lanes]
        if sum(self.thickness) > room:
            self.thickness = [max(least * lane.rows, min(share, least)) for lane in self.lanes]
        at, self.offsets = 0.0, []
        for number, thick in enumerate(self.thickness):
            if not number or self.lanes[number].day != self.lanes[number - 1].day:
                at += gap
            self.offsets.append(at)
            at += thick

    @property
    def length(self) -> float:
        """Pixels of the whole clock."""
        return (self.last - self.first) * self.scale

    @property
    def breadth(self) -> float:
        """Pixels of all lanes."""
        return self.offsets[-1] + self.thickness[-1] if self.offsets else 0.0

    def along(self, lane: int, minute: float) -> float:
        """Pixels along the clock of a minute since 1970 in a lane."""
        return (minute - self.lanes[lane].noon - self.first) * self.scale

    def minute_at(self, lane: int, along: float) -> float:
        """The minute since 1970 at a place along the clock."""
        return along / self.scale + self.first + self.lanes[lane].noon

    def lane_at(self, across: float) -> int | None:
        """The lane at a place across the clock, None between days and outside."""
        for number, (offset, thick) in enumerate(zip(self.offsets, self.thickness, strict=True)):
            if offset <= across < offset + thick:
                return number
        return None

    def nearest_lane(self, across: float) -> int:
        """The lane at a place, else the nearest."""
        middles = [offset + thick / 2 for offset, thick in zip(self.offsets, self.thickness, strict=True)]
        found = self.lane_at(across)
        return found if found is not None else min(range(len(middles)), key=lambda at: abs(middles[at] - across))

    def box(self, along: float, across: float, length: float, breadth: float) -> QRectF:
        """A rectangle of the content, whichever way the clock runs."""
        if self.run is Run.RIGHT:
            return QRectF(along, across, length, breadth)
        return QRectF(across, along, breadth, length)

    def lane_box(self, lane: int) -> QRectF:
        """The whole lane."""
        return self.box(0, self.offsets[lane], self.length, self.thickness[lane])

    def span_box(self, lane: int, span: Span) -> QRectF:
        """Some minutes of a lane, all across it."""
        start, end = self.along(lane, span[0]), self.along(lane, span[1])
        return self.box(start, self.offsets[lane], end - start, self.thickness[lane])

    def item_box(self, item: Item, air: float = BLOCK_AIR) -> QRectF:
        """The rectangle of an item: its row of the lane, with air round it."""
        start, end = self.along(item.lane, item.span[0]), self.along(item.lane, item.span[1])
        thick = (self.thickness[item.lane] - 2 * air) / item.rows
        across = self.offsets[item.lane] + air + item.row * thick
        return self.box(start, across, max(end - start - 1, 3.0), max(thick - (1 if item.rows > 1 else 0), 3.0))

    def items(self) -> Iterable[Item]:
        """Every item, lane by lane, by time."""
        for lane in self.lanes:
            yield from sorted(lane.items, key=lambda item: (item.span, item.key))


def snapped(minute: float) -> int:
    """The nearest step of five minutes."""
    return round(minute / SNAP) * SNAP


CLOSED_WORDS: Final = N_("Closed")
AWAY_WORDS: Final = N_("Away")
OFF_WORDS: Final = N_("Not at work")
BREAK_WORDS: Final = N_("Break")

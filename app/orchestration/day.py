"""A day as it stands at one moment: who is booked where, what has happened, who and what is there.

Everything here is plain data in whole minutes since 1970, whether it came out of the database or out of a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from app.orchestration.plan import Step
from app.practice.spans import Span
from app.practice.vocabulary import ProviderKind
from app.scheduling.fold import LIVE, Visit
from app.scheduling.segments import Segment
from app.scheduling.vocabulary import EventKind, SegmentKind


@dataclass(frozen=True, slots=True)
class DayChair:
    """A column of the schedule; a virtual one holds any number at once. Visits can change between chairs of a sort."""

    id: str
    virtual: bool = False
    sort: str = "chair"


@dataclass(frozen=True, slots=True)
class DayPerson:
    """Somebody who treats: the shifts, and when the person cannot be had (breaks, absences)."""

    id: str
    kind: ProviderKind
    shifts: tuple[Span, ...] = ()
    off: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class DayDevice:
    """A device, and when it is under maintenance."""

    id: str
    off: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class DayVisit:
    """An appointment of the day. `status`, `flow` and `doctor` are codes of the state table.

    `expected` are the minutes that each segment will really take, where the clinic's own medians know better than
    the plan. `freed` is when the patient left the chair, `doctor_visits` how often the doctor was there and left;
    `paused_minutes` are pauses that are over; `announced` is by how much the family said to be late. `cleaning` are
    minutes of the chair afterwards; an `urgent` visit goes before others that could begin in the same minute.
    """

    id: str
    chair: str | None
    start: int
    segments: tuple[Segment, ...]
    expected: tuple[int, ...] = ()
    equipment: str | None = None
    cleaning: int = 0
    urgent: bool = False
    status: str = "scheduled"
    flow: str = "expected"
    doctor: str = "none"
    arrived: int | None = None
    seated: int | None = None
    seat: str | None = None
    doctor_here: int | None = None
    doctor_left: int | None = None
    doctor_visits: int = 0
    paused: int | None = None
    paused_minutes: int = 0
    freed: int | None = None
    announced: int = 0

    @property
    def lengths(self) -> tuple[int, ...]:
        """The minutes of each segment that are reckoned with."""
        return self.expected or tuple(segment.minutes for segment in self.segments)

    @property
    def minutes(self) -> int:
        """The planned minutes."""
        return sum(segment.minutes for segment in self.segments)

    @property
    def span(self) -> Span:
        """The planned minutes on the clock."""
        return self.start, self.start + self.minutes

    @property
    def at_chair(self) -> bool:
        """Whether the patient sits in a chair."""
        return self.flow in {"seated", "paused"}

    @property
    def to_come(self) -> bool:
        """Whether the visit stands and has not begun."""
        return self.status in LIVE and self.flow in {"expected", "late", "arrived", "on_deck"}

    @property
    def over(self) -> bool:
        """Whether the patient has left the chair for good."""
        return self.freed is not None and self.flow in {"out_deck", "checkout", "gone"}


class WholeVisit(NamedTuple):
    """A visit that has not begun, as the kernel takes it."""

    steps: tuple[Step, ...]
    kinds: tuple[SegmentKind, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """A day of one clinic. `walk` are the minutes that a doctor needs from one chair to another.

    `whole` keeps what was worked out of visits that have not begun; a day with other visits begins anew.
    """

    visits: tuple[DayVisit, ...]
    chairs: tuple[DayChair, ...]
    people: tuple[DayPerson, ...] = ()
    devices: tuple[DayDevice, ...] = ()
    walk: int = 0
    whole: dict[str, WholeVisit] = field(default_factory=dict, init=False, compare=False, repr=False)


def facts_of(visit: Visit, counts: Mapping[EventKind, int]) -> dict[str, object]:
    """What a fold of events says of a visit, as the fields of a `DayVisit`; `counts` are of standing events."""

    def minute(name: str) -> int | None:
        at = visit.times.get(name)
        return None if at is None else int(at.timestamp()) // 60

    return {
        "status": visit.status, "flow": visit.flow, "doctor": visit.doctor, "arrived": minute("arrived"),
        "seated": minute("seated"), "seat": visit.seated_operatory_id, "doctor_here": minute("doctor_here"),
        "doctor_left": minute("doctor_left"), "doctor_visits": counts.get(EventKind.DOCTOR_LEFT, 0),
        "paused": minute("paused"), "paused_minutes": visit.paused_seconds // 60,
    }  # fmt: skip

"""From the answer of the board to lanes: which chairs or people are shown, what is hatched, what stands where."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from app.core.i18n import N_, _
from app.practice.queries import BREAK_LABELS, BreakKind
from app.scheduling.queries import (
    CLASS_LABELS,
    AppointmentClass,
    Board,
    BoardChair,
    BoardDay,
    BoardPerson,
    VisitLine,
)
from ui.scheduling.block_look import chair_of, doctor_name, movable, planned_span, running, status_of
from ui.scheduling.timegrid import (
    AWAY_WORDS,
    BREAK_WORDS,
    CLOSED_WORDS,
    OFF_WORDS,
    Hatch,
    Item,
    Kept,
    Lane,
    Span,
    stack,
    visit_item,
)
from ui.theme.tokens import STATUSES

MARGIN: Final = 30
NOBODY: Final = ""
HALF_DAY: Final = 12 * 60


class By(enum.StrEnum):
    """What a lane stands for."""

    CHAIR = "chair"
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is shown: by chair or provider, one of them or all, and what is not dimmed."""

    by: By = By.CHAIR
    resource: str = ""
    provider: str = ""
    kind: AppointmentClass | None = None
    status: str = ""

    def dims(self, visit: VisitLine) -> bool:
        """Whether a visit is none of those that are looked for."""
        people = {visit.doctor_id, visit.assistant_id, *(part.provider_id for part in visit.segments)}
        return bool(
            (self.provider and self.provider not in people)
            or (self.kind is not None and visit.appointment_class is not self.kind)
            or (self.status and status_of(visit) != self.status)
        )

    @property
    def filtered(self) -> bool:
        """Whether something is dimmed."""
        return bool(self.provider or self.kind is not None or self.status)


@dataclass(slots=True)
class Shown:
    """The lanes with the clock that they need, and the lanes of the doctors' load."""

    lanes: list[Lane] = field(default_factory=list)
    first: int = -240
    last: int = 300


def noon_of(day: BoardDay, zone: ZoneInfo) -> int:
    """The local noon of a day, minutes since 1970."""
    return int(datetime(day.on.year, day.on.month, day.on.day, 12, tzinfo=zone).timestamp()) // 60


def lanes_of(board: Board, wanted: Wanted, fits: Mapping[tuple[str, int], int]) -> Shown:
    """The lanes of a board. `fits` counts the short-notice patients of free minutes, by chair and begin."""
    zone = ZoneInfo(board.clinic.time_zone)
    shown = Shown()
    several = len(board.days) > 1
    for number, day in enumerate(board.days):
        if several and not _worth(board, day):
            continue
        noon = noon_of(day, zone)
        for at, lane in enumerate(_of_day(board, wanted, day, number, noon)):
            if at and wanted.by is By.CHAIR:  # the whole clinic is closed for one reason: said once
                lane.hatches = tuple(Hatch(hatch.span) for hatch in lane.hatches)
            place = len(shown.lanes)
            lane.items = list(_items(board, wanted, day, lane, place))
            if wanted.by is By.CHAIR and day.span[0] <= board.now < day.span[1]:
                _project(lane.items)
            lane.rows = stack(lane.items)
            if wanted.by is By.PROVIDER:
                for item in lane.items:
                    item.rows = lane.rows
            else:
                lane.items += _free(day, lane, place, fits)
                _tell_now(board, lane)
            shown.lanes.append(lane)
    shown.first, shown.last = _clock(board, shown.lanes)
    return shown


def _worth(board: Board, day: BoardDay) -> bool:
    """A weekend without hours and visits is not a column of a week; a holiday on a weekday is."""
    busy = any(day.span[0] <= line_start < day.span[1] for line_start in _starts(board.visits))
    return bool(day.openings) or busy or day.on.weekday() < 5


def _starts(visits: Iterable[VisitLine]) -> Iterator[int]:
    return (int(line.starts_at.timestamp()) // 60 for line in visits if line.starts_at is not None)


def _of_day(board: Board, wanted: Wanted, day: BoardDay, number: int, noon: int) -> Iterator[Lane]:
    if wanted.by is By.CHAIR:
        for chair in board.chairs:
            if wanted.resource in {"", chair.id}:
                yield _chair_lane(chair, day, number, noon)
    else:
        for person in board.people:
            if wanted.resource in {"", person.id}:
                yield _person_lane(person, day, number, noon)


def _chair_lane(chair: BoardChair, day: BoardDay, number: int, noon: int) -> Lane:
    kept = tuple(Kept(each.span, CLASS_LABELS[each.appointment_class]) for each in day.kept.get(chair.id, ()))
    reason = day.reason or CLOSED_WORDS
    hatches = tuple(Hatch(span, reason) for span in _outside(day.span, day.openings))
    return Lane(number, chair.id, chair.name, noon, chair.short_name, hatches=hatches, kept=kept)


def _person_lane(person: BoardPerson, day: BoardDay, number: int, noon: int) -> Lane:
    hatches = [Hatch(span, day.reason or OFF_WORDS) for span in _outside(day.span, person.shifts)]
    meals = set(person.meals)
    for span in _within(day.span, person.breaks):
        hatches.append(Hatch(span, BREAK_LABELS[BreakKind.MEAL] if span in meals else BREAK_WORDS))
    hatches += [Hatch(span, AWAY_WORDS) for span in _within(day.span, person.absences)]
    return Lane(number, person.id, doctor_name(person.name), noon, hatches=tuple(hatches))


def _within(whole: Span, spans: Iterable[Span]) -> list[Span]:
    cut = ((max(start, whole[0]), min(end, whole[1])) for start, end in spans)
    return [(start, end) for start, end in cut if start < end]


def _outside(whole: Span, spans: Iterable[Span]) -> list[Span]:
    """The minutes of a day that are in none of the spans, which are sorted and apart."""
    found, at = [], whole[0]
    for start, end in _within(whole, spans):
        if start > at:
            found.append((at, start))
        at = max(at, end)
    return [*found, (at, whole[1])] if at < whole[1] else found


def _items(board: Board, wanted: Wanted, day: BoardDay, lane: Lane, place: int) -> Iterator[Item]:
    for visit in board.visits:
        if visit.starts_at is None or not day.span[0] <= int(visit.starts_at.timestamp()) // 60 < day.span[1]:
            continue
        if wanted.by is By.CHAIR:
            here = chair_of(visit) == lane.resource
        else:
            people = {visit.doctor_id, visit.assistant_id, *(part.provider_id for part in visit.segments)}
            here = lane.resource in people
        if here:
            yield visit_item(place, visit, board.now, wanted.dims(visit))


def _project(items: list[Item]) -> None:
    """Where the visits of a chair are likely to begin: one at a time, unless two were booked at once on purpose."""
    free, booked = 0, 0
    ran: Item | None = None
    for item in sorted(items, key=lambda each: (_planned(each)[0] if _waits(each) else each.span[0], each.key)):
        planned = _planned(item)
        if not _waits(item):
            if ran is not None and ran.span[1] > item.span[0] > ran.span[0] and not _at_chair(ran):
                ran.span = (ran.span[0], item.span[0])
            ran = item if item.visit is not None and item.visit.seated_at else ran
        elif free > planned[0] >= booked:
            item.span, item.plan = (free, free + planned[1] - planned[0]), planned
        if item.visit is not None and item.visit.flow == "late":
            continue  # who may not come at all keeps nobody waiting
        if _waits(item) or _at_chair(item):
            free, booked = max(free, item.span[1]), max(booked, planned[1])


def _planned(item: Item) -> Span:
    return planned_span(item.visit) if item.visit is not None else item.span


def _waits(item: Item) -> bool:
    visit = item.visit
    return visit is not None and movable(visit)


def _at_chair(item: Item) -> bool:
    return item.visit is not None and running(item.visit)


def _free(day: BoardDay, lane: Lane, place: int, fits: Mapping[tuple[str, int], int]) -> Iterator[Item]:
    """Free minutes, less what a visit that overruns takes of them."""
    for gap in day.gaps:
        if gap.operatory_id != lane.resource:
            continue
        taken = [item.span for item in lane.items if item.visit is not None]
        start = max([gap.span[0], *(end for begin, end in taken if begin <= gap.span[0] < end)])
        if gap.span[1] - start >= 15:
            yield Item(place, (start, gap.span[1]), patients=fits.get((lane.resource, gap.span[0]), 0))


def _tell_now(board: Board, lane: Lane) -> None:
    """Who works at a chair and what goes on there, today."""
    today = board.days[lane.day]
    if not today.span[0] <= board.now < today.span[1]:
        return
    names: dict[str, str] = {person.id: person.name for person in board.people}
    visits = [item.visit for item in sorted(lane.items, key=lambda each: each.span) if item.visit is not None]
    seated = next((visit for visit in visits if running(visit)), None)
    coming = next((visit for visit in visits if status_of(visit) in {"expected", "late", "waiting"}), None)
    current = seated or coming
    if current is not None:
        lane.detail = names.get(current.assistant_id or "", NOBODY)
    if seated is not None:
        lane.status = status_of(seated)
        lane.status_words = _(STATUSES[lane.status].label)
    elif any(start <= board.now < end for start, end in today.openings):
        lane.status, lane.status_words = "free", _(N_("Free"))


def _clock(board: Board, lanes: Iterable[Lane]) -> tuple[int, int]:
    """Whole hours from noon that hold hours, shifts and visits of every day shown."""
    zone = ZoneInfo(board.clinic.time_zone)
    starts, ends = [], []
    for day in board.days:
        noon = noon_of(day, zone)
        starts += [start - noon for start, _end in day.openings]
        ends += [end - noon for _start, end in day.openings]
    for lane in lanes:
        starts += [item.span[0] - lane.noon for item in lane.items]
        ends += [item.span[1] - lane.noon for item in lane.items]
    if not starts:
        starts, ends = [-4 * 60], [5 * 60]
    first, last = min(starts) - MARGIN, max(ends) + MARGIN
    return max(first // 60 * 60, -HALF_DAY - 60), min(-(-last // 60) * 60, HALF_DAY + 60)

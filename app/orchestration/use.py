"""How the day’s chairs, people and devices are used until now, and what its visits have brought: pure sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.core.money import Money
from app.orchestration.loading import LoadedDay
from app.orchestration.snapshot import DaySnapshot, DayVisitLine
from app.practice.spans import common, length, without
from app.practice.vocabulary import OperatoryId, ProviderId, ProviderKind
from app.scheduling.fold import OCCUPYING
from app.scheduling.vocabulary import Stage

LITTLE: Final = 500
"""Per mille of the middle chair’s use under which a chair is used too little."""
WORTH_TELLING: Final = 60
"""Minutes that a chair must have been open before anything is said of its use."""


@dataclass(frozen=True, slots=True)
class ChairUse:
    """A chair: minutes with a patient, of those open until now; `little` when others are used far more."""

    id: OperatoryId
    name: str
    used: int
    open: int
    booked: int
    per_mille: int
    little: bool


@dataclass(frozen=True, slots=True)
class PersonUse:
    """Somebody who treats: visits, minutes at a chair of those at work until now, and minutes booked in all."""

    id: ProviderId
    name: str
    kind: ProviderKind
    visits: int
    hands_on: int
    present: int
    booked: int
    per_mille: int


@dataclass(frozen=True, slots=True)
class RevenueUse:
    """What visits bring by the catalogue: those kept so far, and those that still stand."""

    earned: Money
    to_come: Money


@dataclass(frozen=True, slots=True)
class DayUse:
    """A day’s use. `revenue` is None for who may not see amounts."""

    now: int
    chairs: tuple[ChairUse, ...]
    people: tuple[PersonUse, ...]
    revenue: RevenueUse | None


_KEPT: Final = frozenset({Stage.CHECKOUT, Stage.DONE})


def use_of(loaded: LoadedDay, shot: DaySnapshot) -> DayUse:
    """The use of a day until the moment of its snapshot."""
    return DayUse(shot.now, _chairs(shot), _people(loaded, shot), revenue_of(shot.visits))


def _share(part: int, whole: int) -> int:
    return (2000 * part + whole) // (2 * whole) if whole else 0


def _chairs(shot: DaySnapshot) -> tuple[ChairUse, ...]:
    opened = length(common(shot.openings, [(shot.span[0], shot.now)]))
    real = [chair for chair in shot.chairs if not chair.virtual]
    shares = {chair.id: _share(min(chair.used, opened), opened) for chair in real}
    kinds: dict[str, list[int]] = defaultdict(list)
    for chair in real:
        kinds[chair.kind.value].append(shares[chair.id])
    return tuple(
        ChairUse(
            chair.id, chair.name, chair.used, opened, chair.booked, shares[chair.id],
            opened >= WORTH_TELLING and _is_little(shares[chair.id], kinds[chair.kind.value]),
        )
        for chair in real
    )  # fmt: skip


def _is_little(share: int, others: list[int]) -> bool:
    """Less than half of what the middle chair of its sort is used."""
    middle = sorted(others)[len(others) // 2]
    return len(others) > 1 and 1000 * share < LITTLE * middle


def _people(loaded: LoadedDay, shot: DaySnapshot) -> tuple[PersonUse, ...]:
    days = {visit.id: visit for visit in loaded.day.visits}
    spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
    visits: dict[str, set[str]] = defaultdict(set)
    for line in shot.visits:
        day = days.get(line.id)
        if day is None or day.seated is None or day.seated > shot.now:
            continue
        for who in line.assistants:
            visits[who].add(line.id)
            spans[who].append((day.seated, min(day.freed or shot.now, shot.now)))
        doctor = line.line.doctor_id
        if doctor is not None and day.doctor_here is not None:
            visits[doctor].add(line.id)
            left = day.doctor_left if day.doctor_left is not None and day.doctor != "here" else shot.now
            spans[doctor].append((day.doctor_here, max(left, day.doctor_here)))
    return tuple(
        PersonUse(
            lane.id, lane.name, lane.kind, len(visits[lane.id]), length(spans[lane.id]), present, lane.booked,
            _share(length(common(spans[lane.id], [(shot.span[0], shot.now)])), present),
        )
        for lane in shot.people
        for present in (_present(lane.shifts, [*lane.breaks, *lane.absences], shot),)
    )  # fmt: skip


def _present(shifts: Iterable[tuple[int, int]], off: Iterable[tuple[int, int]], shot: DaySnapshot) -> int:
    return length(common(without(shifts, off), [(shot.span[0], shot.now)]))


def revenue_of(visits: Iterable[DayVisitLine]) -> RevenueUse | None:
    """Amounts of the catalogue; None where none may be seen."""
    earned = coming = 0
    seen = False
    for visit in visits:
        if visit.expected_charge is None:
            continue
        seen = True
        if visit.stage in _KEPT:
            earned += visit.expected_charge.cents
        elif visit.line.status in OCCUPYING:
            coming += visit.expected_charge.cents
    return RevenueUse(Money(earned), Money(coming)) if seen else None

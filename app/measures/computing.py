"""The figures of a day out of its facts: pure, in whole numbers, with the visits that stand behind each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from app.measures import definitions as of
from app.measures.definitions import Definition, Unit
from app.measures.facts import DayFacts, VisitTimes
from app.practice.spans import common, length
from app.scheduling.fold import OCCUPYING
from app.scheduling.vocabulary import AppointmentId

ON_TIME_MINUTES: Final = 5
TURNOVER: Final = 15
"""Minutes between two patients up to which a chair is being made ready and not simply empty."""
LONGEST_CHANGE: Final = 60


@dataclass(frozen=True, slots=True)
class Value:
    """A figure of one day. `value` is in the unit of its definition, None when there is nothing to divide by.

    `numerator` and `denominator` are what is divided: counts or minutes; `visits` are those counted above, `of_visits`
    those below.
    """

    definition: Definition
    value: int | None
    numerator: int
    denominator: int
    visits: tuple[AppointmentId, ...]
    of_visits: tuple[AppointmentId, ...]


def compute(facts: DayFacts) -> tuple[Value, ...]:
    """Every figure of a day, in the order of the definitions."""
    return tuple(_FORMULAS[definition.code](definition, facts) for definition in of.DEFINITIONS)


def _divided(unit: Unit, numerator: int, denominator: int) -> int | None:
    """Rounded half away from zero."""
    if unit is Unit.COUNT:
        return numerator
    if denominator == 0:
        return None
    scaled = abs(numerator) * (1000 if unit is Unit.PER_MILLE else 10)
    rounded = (2 * scaled + denominator) // (2 * denominator)
    return rounded if numerator >= 0 else -rounded


def _value(
    definition: Definition, numerator: int, denominator: int, visits: Iterable[VisitTimes], below: Iterable[VisitTimes]
) -> Value:
    return Value(
        definition, _divided(definition.unit, numerator, denominator), numerator, denominator,
        tuple(visit.id for visit in visits), tuple(visit.id for visit in below),
    )  # fmt: skip


def _kept(facts: DayFacts) -> list[VisitTimes]:
    return [visit for visit in facts.visits if visit.status == "kept"]


def _share(pick: Callable[[VisitTimes], bool], among: Callable[[VisitTimes], bool]) -> Formula:
    def formula(definition: Definition, facts: DayFacts) -> Value:
        below = [visit for visit in facts.visits if among(visit)]
        above = [visit for visit in below if pick(visit)]
        return _value(definition, len(above), len(below), above, below)

    return formula


def _mean(minutes: Callable[[VisitTimes], int | None]) -> Formula:
    """The sum of some minutes over the visits that have them."""

    def formula(definition: Definition, facts: DayFacts) -> Value:
        found = [(visit, value) for visit in facts.visits if (value := minutes(visit)) is not None]
        visits = [visit for visit, _minutes in found]
        return _value(definition, sum(value for _visit, value in found), len(found), visits, visits)

    return formula


def _between(first: int | None, last: int | None) -> int | None:
    return None if first is None or last is None else max(0, last - first)


def _wait(visit: VisitTimes) -> int | None:
    return None if visit.arrived is None else _between(max(visit.arrived, visit.start), visit.seated)


def _duration(visit: VisitTimes) -> int | None:
    return _between(visit.seated, visit.completed) if visit.status == "kept" else None


def _net_procedure(visit: VisitTimes) -> int | None:
    long = _duration(visit)
    return None if long is None else long - visit.minutes


def _net_doctor(visit: VisitTimes) -> int | None:
    return visit.doctor - visit.planned_doctor if visit.doctor_left is not None else None


def _seen(definition: Definition, facts: DayFacts) -> Value:
    kept = _kept(facts)
    return _value(definition, len(kept), len(facts.visits), kept, facts.visits)


def _used(facts: DayFacts) -> list[tuple[VisitTimes, int]]:
    """Minutes with a patient at each real chair while open; two patients at one chair count once."""
    found = []
    for chair in facts.chairs:
        taken: list[tuple[int, int]] = []
        for visit in facts.visits:
            span = facts.seated_span(visit)
            if visit.chair == chair and span is not None:
                before = length(common(taken, facts.openings))
                taken.append(span)
                found.append((visit, length(common(taken, facts.openings)) - before))
    return found


def _utilisation(extra: Callable[[DayFacts], int]) -> Formula:
    def formula(definition: Definition, facts: DayFacts) -> Value:
        used = _used(facts)
        visits = [visit for visit, _minutes in used]
        total = sum(minutes for _visit, minutes in used) + extra(facts)
        return _value(definition, total, facts.staffed, visits, visits)

    return formula


def changes(facts: DayFacts) -> list[tuple[VisitTimes, int]]:
    """The minutes between two patients at one chair, with the second of them."""
    by_chair: dict[str, list[VisitTimes]] = defaultdict(list)
    for visit in facts.visits:
        if visit.chair in facts.chairs and visit.seated is not None:
            by_chair[visit.chair or ""].append(visit)
    found = []
    for visits in by_chair.values():
        ordered: Sequence[VisitTimes] = sorted(visits, key=lambda visit: (visit.seated or 0, visit.id))
        for one, other in pairwise(ordered):
            minutes = _between(one.completed, other.seated)
            if minutes is not None and minutes <= LONGEST_CHANGE:
                found.append((other, minutes))
    return found


def _turnover(facts: DayFacts) -> int:
    return sum(minutes for _visit, minutes in changes(facts) if minutes <= TURNOVER)


def _waiting_for_doctor(facts: DayFacts) -> int:
    return -sum(_between(visit.called, visit.here) or 0 for visit in facts.visits if visit.chair in facts.chairs)


def _turnaround(definition: Definition, facts: DayFacts) -> Value:
    found = changes(facts)
    visits = [visit for visit, _minutes in found]
    return _value(definition, sum(minutes for _visit, minutes in found), len(found), visits, visits)


def _booked(definition: Definition, facts: DayFacts) -> Value:
    visits = [visit for visit in facts.visits if visit.chair in facts.chairs and visit.status in OCCUPYING]
    return _value(definition, sum(visit.minutes for visit in visits), facts.staffed_whole, visits, visits)


def _doctor_idle(definition: Definition, facts: DayFacts) -> Value:
    with_doctor = [visit for visit in facts.visits if visit.doctor]
    busy = sum(visit.doctor for visit in with_doctor)
    return _value(definition, max(0, facts.doctors - busy), facts.doctors, with_doctor, with_doctor)


Formula = Callable[[Definition, DayFacts], Value]
_FORMULAS: Final[dict[str, Formula]] = {
    of.SEEN.code: _seen,
    of.SHOW.code: _share(lambda visit: visit.status == "kept", lambda visit: visit.status in {"kept", "missed"}),
    of.NO_SHOW.code: _share(lambda visit: visit.status == "missed", lambda visit: visit.status in {"kept", "missed"}),
    of.ON_TIME.code: _share(
        lambda visit: (visit.seated or 0) <= visit.start + ON_TIME_MINUTES, lambda visit: visit.seated is not None
    ),
    of.PATIENT_WAIT.code: _mean(_wait),
    of.DURATION.code: _mean(_duration),
    of.NET_PROCEDURE.code: _mean(_net_procedure),
    of.DOCTOR_WAIT.code: _mean(lambda visit: _between(visit.called, visit.here)),
    of.NET_DOCTOR.code: _mean(_net_doctor),
    of.DOCTOR_IDLE.code: _doctor_idle,
    of.CHECKOUT.code: _mean(lambda visit: _between(visit.completed, visit.gone)),
    of.TURNAROUND.code: _turnaround,
    of.RAW.code: _utilisation(lambda facts: 0),
    of.ADJUSTED.code: _utilisation(_turnover),
    of.PRODUCTIVE.code: _utilisation(_waiting_for_doctor),
    of.BOOKED.code: _booked,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What limits how often a new patient can begin: every `every` tenths of a minute, the larger of what the chairs
    (`chair_tenths`) and what the doctors (`doctor_tenths`) allow. `limited_by` is “chair” or “doctor”, or empty when
    nothing was kept."""

    limited_by: str
    every: int
    chair_tenths: int
    doctor_tenths: int
    visits: int


def verdict(facts: DayFacts, doctors: int, walk: int) -> Verdict:
    """The staggered-start law: max(chair cycle ÷ chairs, (doctor minutes + walk) ÷ doctors), over the visits kept."""
    kept = [visit for visit in _kept(facts) if visit.chair in facts.chairs and visit.seated and visit.completed]
    if not kept or not facts.chairs:
        return Verdict("", 0, 0, 0, 0)
    cycle = sum(_between(visit.seated, visit.completed) or 0 for visit in kept) + _turnover(facts)
    turns = [visit for visit in kept if visit.doctor]
    chair = 10 * cycle // (len(kept) * len(facts.chairs))
    doctor = 10 * (sum(visit.doctor for visit in turns) + walk * len(turns)) // (len(kept) * max(doctors, 1))
    return Verdict("doctor" if doctor > chair else "chair", max(chair, doctor), chair, doctor, len(kept))

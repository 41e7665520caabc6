"""The stages that a patient goes through: how long each takes, what is usual, where it gets stuck. Pure."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from app.core.i18n import N_
from app.measures.facts import DayFacts, VisitTimes
from app.practice.spans import Span
from app.scheduling.vocabulary import AppointmentId


class JourneyStage(enum.StrEnum):
    """From the door to the door."""

    WAITING = "waiting"
    PREPARED = "prepared"
    DOCTOR_WAIT = "doctor_wait"
    DOCTOR = "doctor"
    FINISHED = "finished"
    CHECKOUT = "checkout"


JOURNEY_LABELS: Final = {
    JourneyStage.WAITING: N_("In the waiting room"),
    JourneyStage.PREPARED: N_("At the chair before the doctor"),
    JourneyStage.DOCTOR_WAIT: N_("Waits for the doctor"),
    JourneyStage.DOCTOR: N_("With the doctor"),
    JourneyStage.FINISHED: N_("At the chair after the doctor"),
    JourneyStage.CHECKOUT: N_("At the checkout"),
}
HOUR: Final = 60
LEAST_EXCESS: Final = 10
"""Minutes beyond what is usual, of all patients together, from which a stage is where it gets stuck."""


@dataclass(frozen=True, slots=True)
class StageTime:
    """A stage of a day. `mean` and `usual` (the median of earlier days’ means) are in tenths of a minute, None without
    any; `now` are who stands there, `excess` the minutes beyond the usual of the last hour, all together."""

    stage: JourneyStage
    mean: int | None
    count: int
    usual: int | None
    now: tuple[AppointmentId, ...]
    excess: int


@dataclass(frozen=True, slots=True)
class Journey:
    """All stages, and the one where the last hour got stuck, None when none did."""

    stages: tuple[StageTime, ...]
    bottleneck: JourneyStage | None


def spans_of(visit: VisitTimes) -> dict[JourneyStage, tuple[int, int | None]]:
    """When each stage of a visit began and ended; the end is None while it goes on. Early arrivals wait from their
    time on."""
    found: dict[JourneyStage, tuple[int, int | None]] = {}
    called = visit.called if visit.called is not None else visit.here
    if visit.arrived is not None:
        found[JourneyStage.WAITING] = (max(visit.arrived, visit.start), visit.seated)
    if visit.seated is not None:
        end = called if called is not None else visit.completed
        found[JourneyStage.PREPARED] = (visit.seated, end)
    if called is not None:
        found[JourneyStage.DOCTOR_WAIT] = (called, visit.here if visit.here is not None else visit.completed)
    if visit.here is not None:
        left = visit.doctor_left if visit.doctor_left is not None and visit.doctor_left >= visit.here else None
        found[JourneyStage.DOCTOR] = (visit.here, left if left is not None else visit.completed)
        if left is not None:
            found[JourneyStage.FINISHED] = (left, visit.completed)
    if visit.completed is not None:
        found[JourneyStage.CHECKOUT] = (visit.completed, visit.gone)
    return found


def journey(facts: DayFacts, before: Sequence[DayFacts]) -> Journey:
    """The stages of a day until its moment, against earlier days."""
    usual = {stage: _middle([mean for day in before if (mean := _mean(day, stage)[0]) is not None])
             for stage in JourneyStage}  # fmt: skip
    stages = []
    for stage in JourneyStage:
        mean, count = _mean(facts, stage)
        here = tuple(visit.id for visit in _living(facts) if _stands(visit, stage, facts.until))
        stages.append(StageTime(stage, mean, count, usual[stage], here, _excess(facts, stage, usual[stage] or mean)))
    worst = max(stages, key=lambda item: item.excess)
    return Journey(tuple(stages), worst.stage if worst.excess >= LEAST_EXCESS else None)


def _living(facts: DayFacts) -> Iterable[VisitTimes]:
    return (visit for visit in facts.visits if visit.status != "missed")


def _mean(facts: DayFacts, stage: JourneyStage) -> tuple[int | None, int]:
    """The mean of the stages that are over, in tenths of a minute."""
    ended = [
        max(0, span[1] - span[0])
        for visit in _living(facts)
        if (span := spans_of(visit).get(stage)) is not None and span[1] is not None and span[1] <= facts.until
    ]
    return ((20 * sum(ended) + len(ended)) // (2 * len(ended)) if ended else None), len(ended)


def _middle(values: list[int]) -> int | None:
    return sorted(values)[len(values) // 2] if values else None


def _stands(visit: VisitTimes, stage: JourneyStage, now: int) -> bool:
    span = spans_of(visit).get(stage)
    return span is not None and span[0] <= now and span[1] is None and visit.gone is None


def _excess(facts: DayFacts, stage: JourneyStage, usual: int | None) -> int:
    """Minutes of the last hour that patients spent in a stage after its usual time was over."""
    window: Span = (facts.until - HOUR, facts.until)
    allowed = (usual or 0) // 10
    total = 0
    for visit in _living(facts):
        span = spans_of(visit).get(stage)
        if span is not None and usual is not None:
            begin, end = span[0] + allowed, span[1] if span[1] is not None else facts.until
            total += max(0, min(end, window[1]) - max(begin, window[0]))
    return total

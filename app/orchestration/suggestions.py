"""What could make the rest of the day wait less: another order, a free chair, a visit in two parts, a later arrival.

Each candidate is the same plan with one change, run by the same kernel, all of them at once. What it saves are
minutes that patients wait (to be seated and at the chair, all patients together), by the median of the same varied
runs. A change that only shifts the wait to others saves nothing and is not suggested.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from app.orchestration.answers import Suggestion
from app.orchestration.day import Day, DayVisit
from app.orchestration.plan import NOWHERE
from app.orchestration.projection import Laid, VisitProjection, lay, project_day
from app.orchestration.runs import Changes, Ints, Runs, planned_minutes, project_runs, unchanged
from app.orchestration.simulation import draw
from app.orchestration.vocabulary import SuggestionKind
from app.scheduling.segments import segments_text
from app.scheduling.vocabulary import SegmentKind

MOST: Final = 10
RUNS_EACH: Final = 15
LEAST_SAVED: Final = 3
"""Minutes under which nobody is asked to change anything."""
LEAST_DELAY: Final = 5
"""Minutes of delay from which a visit is looked at."""
MOST_LATE: Final = 16
"""Visits that are looked at, those that are latest first."""
LONG_VISIT: Final = 40
NOTICE: Final = 30
"""Minutes beforehand in which a family can still be told to come later."""
FAR: Final = 60
"""Minutes apart up to which two visits may change places."""
GRID: Final = 5


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A suggestion, where it would put which visit, and how many segments of the visit it would leave for today."""

    suggestion: Suggestion
    places: Mapping[str, tuple[str | None, int]] = field(default_factory=dict)
    segments: int | None = None

    @property
    def key(self) -> tuple[str, ...]:
        item = self.suggestion
        return item.kind.value, item.visit_id, item.other_id or "", item.operatory_id or ""


def suggest(day: Day, now: int, most: int = MOST, seed: int = 0) -> tuple[Suggestion, ...]:
    """The changes that save most, each on its own, the best first."""
    projections = project_day(day, now)
    late = [visit for visit in day.visits if visit.to_come and _behind(visit, projections) >= LEAST_DELAY]
    late.sort(key=lambda visit: (-_behind(visit, projections), visit.id))
    found = [item for visit in late[:MOST_LATE] for item in _candidates(day, now, projections, visit)]
    if not found:
        return ()
    scale = _Scale(day, now, seed)
    rough = list(zip(scale.saved(found, varied=False), found, strict=True))
    worth = [item for saved, item in sorted(rough, key=lambda row: (-row[0], row[1].key)) if saved >= LEAST_SAVED]
    weighed = zip(scale.saved(worth[:most], varied=True), worth, strict=False)
    ranked = sorted(weighed, key=lambda row: (-row[0], row[1].key))
    return tuple(replace(item.suggestion, saved=saved) for saved, item in ranked if saved >= LEAST_SAVED)


def _behind(visit: DayVisit, projections: Mapping[str, VisitProjection]) -> int:
    return projections[visit.id].span[0] - visit.start


def _candidates(
    day: Day, now: int, projections: Mapping[str, VisitProjection], visit: DayVisit
) -> Iterator[_Candidate]:  # fmt: skip
    begin = projections[visit.id].span[0]
    yield from _idle_chairs(day, now, projections, visit)
    yield from _swaps(day, now, visit)
    yield from _split(day, visit)
    yield from _later(now, visit, begin)


def _idle_chairs(
    day: Day, now: int, projections: Mapping[str, VisitProjection], visit: DayVisit
) -> Iterator[_Candidate]:  # fmt: skip
    """A chair of the same sort at which nobody sits or is planned while this visit would."""
    begin = projections[visit.id].span[0]
    start = max(visit.start, -(-now // GRID) * GRID) if visit.start < now else visit.start
    sorts = {chair.id: chair.sort for chair in day.chairs if not chair.virtual}
    span = (start, start + visit.minutes + visit.cleaning)
    for chair, sort in sorts.items():
        if chair == visit.chair or sort != sorts.get(visit.chair or "") or start >= begin:
            continue
        if not any(_touches(other, chair, span, projections) for other in day.visits if other.id != visit.id):
            item = Suggestion(SuggestionKind.IDLE_CHAIR, visit.id, 0, None, chair, start)
            yield _Candidate(item, {visit.id: (chair, start)})


def _touches(
    other: DayVisit, chair: str, span: tuple[int, int], projections: Mapping[str, VisitProjection]
) -> bool:  # fmt: skip
    item = projections.get(other.id)
    if item is None:
        return False
    spans = []
    if other.chair == chair and other.to_come:
        spans.append((other.start, other.start + other.minutes + other.cleaning))
    if item.chair == chair:
        spans.append((item.span[0], item.span[1] + other.cleaning))
    return any(first < span[1] and span[0] < last for first, last in spans)


def _swaps(day: Day, now: int, visit: DayVisit) -> Iterator[_Candidate]:
    """Somebody who is here already begins before somebody who is not, or a shorter visit before a longer one."""
    sorts = {chair.id: chair.sort for chair in day.chairs}
    for other in day.visits:
        if not other.to_come or other.arrived is None or not visit.start < other.start <= visit.start + FAR:
            continue
        if visit.arrived is not None and other.minutes >= visit.minutes:
            continue
        if other.chair is None or sorts.get(other.chair) != sorts.get(visit.chair or "") or other.start < now - FAR:
            continue
        places = {visit.id: (other.chair, other.start), other.id: (visit.chair, visit.start)}
        yield _Candidate(Suggestion(SuggestionKind.SWAP, visit.id, 0, other.id), places)


def _split(day: Day, visit: DayVisit) -> Iterator[_Candidate]:
    """Of a long visit with two turns of the doctor, only what ends with the first of them, the rest another day."""
    doctors = [place for place, segment in enumerate(visit.segments) if segment.kind is SegmentKind.DOCTOR]
    if visit.minutes < LONG_VISIT or len(doctors) < 2:
        return
    today = visit.segments[: doctors[0] + 1]
    yield _Candidate(Suggestion(SuggestionKind.SPLIT, visit.id, 0, segments=segments_text(today)), segments=len(today))


def _later(now: int, visit: DayVisit, begin: int) -> Iterator[_Candidate]:
    """Somebody who is not on the way yet comes when the chair will be free."""
    start = begin // GRID * GRID
    if visit.arrived is None and visit.start - now >= NOTICE and start > visit.start:
        item = Suggestion(SuggestionKind.CALL_LATER, visit.id, 0, None, None, start)
        yield _Candidate(item, {visit.id: (visit.chair, start)})


class _Scale:
    """Weighs candidates against leaving the day as it is, on the same runs."""

    def __init__(self, day: Day, now: int, seed: int) -> None:
        self.day, self.now, self.seed = day, now, seed
        self.laid = lay(day, now)
        self.chairs = {chair.id: place for place, chair in enumerate(day.chairs) if not chair.virtual}
        self.tasks = {visit.id: number for number, visit in enumerate(self.laid.visits)}

    def saved(self, candidates: Sequence[_Candidate], *, varied: bool) -> list[int]:
        """Minutes of waiting that each candidate saves; in one run as planned, or by the median of varied ones.

        All of them are one call of the kernel: the day as it is first, then each candidate on the same draws.
        """
        plan = self.laid.plan
        if varied:
            drawn, late = draw(self.laid, RUNS_EACH, self.seed)
        else:
            drawn, late = planned_minutes(plan), unchanged(plan, 1)
        count, each = len(candidates) + 1, len(drawn)
        minutes, changes = np.tile(drawn, (count, 1)), unchanged(plan, count * each)
        changes.releases[:] = np.tile(late.releases, (count, 1))
        for number, item in enumerate(candidates, 1):
            self._change(item, slice(number * each, (number + 1) * each), minutes, changes)
        total = waiting(self.day, self.laid, minutes, changes, project_runs(plan, minutes, changes))
        waits = [_median(total[number * each : (number + 1) * each]) for number in range(count)]
        return [waits[0] - wait for wait in waits[1:]]

    def _change(self, item: _Candidate, rows: slice, minutes: Ints, changes: Changes) -> None:
        plan = self.laid.plan
        for visit_id, (chair, start) in item.places.items():
            task = self.tasks[visit_id]
            changes.chairs[rows, task] = self.chairs.get(chair or "", NOWHERE)
            changes.releases[rows, task] += max(start, self.now) - plan.tasks[task].release
        if len(item.places) == 2:
            one, two = (self.tasks[visit_id] for visit_id in item.places)
            changes.ranks[rows, one], changes.ranks[rows, two] = plan.tasks[two].rank, plan.tasks[one].rank
        if item.segments is not None:
            task = self.tasks[item.suggestion.visit_id]
            first = sum(len(each.steps) for each in plan.tasks[:task])
            changes.steps[rows, task] = item.segments
            minutes[rows, first + item.segments : first + len(plan.tasks[task].steps)] = 0


def _median(values: Ints) -> int:
    return int(np.sort(values)[len(values) // 2])


def waiting(promised: Day, laid: Laid, minutes: Ints, changes: Changes, done: Runs) -> Ints:
    """For each run, the minutes that all patients together wait to be seated and at the chair.

    Who is here waits from the time that was promised, whatever the plan says now; who is not waits from the time for
    which they were asked.
    """
    starts = {visit.id: visit.start for visit in promised.visits}
    total = np.zeros(len(minutes), dtype=np.int64)
    for number, visit in enumerate(laid.visits):
        if not laid.plan.tasks[number].steps:
            continue
        work = minutes[:, done.first[number] : done.first[number + 1]].sum(axis=1)
        begin = changes.releases[:, number]
        if visit.to_come:
            since = np.int64(starts[visit.id]) if visit.arrived is not None else begin
            begin = done.begins(number)
            total += np.maximum(0, begin - since)
        total += done.ends[:, number] - begin - work
    return total

"""One snapshot out of a loaded day and a moment: a pure function, the same bytes for the same rows and minute."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime

from app.orchestration.day import DayVisit
from app.orchestration.lanes import chair_lanes, device_lanes, person_lanes
from app.orchestration.loading import LoadedDay, VisitFacts
from app.orchestration.projection import VisitProjection, project_day
from app.orchestration.ribbons import open_gaps, ribbons
from app.orchestration.snapshot import DaySnapshot, DayVisitLine, OwnMark
from app.orchestration.stages import mission_of, since_of, stage_of
from app.orchestration.vocabulary import VisitFlag
from app.practice.local_time import from_minute, whole_minute
from app.practice.vocabulary import ProviderId
from app.scheduling.queries.schedule import VisitLine, at_moment
from app.scheduling.vocabulary import SegmentKind, Stage

_CALLED = frozenset({"needed", "needed_first"})


def snapshot(loaded: LoadedDay, now: int) -> DaySnapshot:
    """The day at a moment, in minutes since 1970. What was recorded after that moment counts as it stands."""
    projections = project_day(loaded.day, now)
    moment = from_minute(now)
    known = {visit.id: visit for visit in loaded.day.visits}
    shared = _shared_chairs(loaded.day.visits)
    visits = tuple(
        _visit(loaded, at_moment(line, moment, loaded.limits.late), known.get(line.id), projections.get(line.id), now,
               line.id in shared)
        for line in loaded.lines
    )  # fmt: skip
    counted = Counter(visit.stage for visit in visits)
    return DaySnapshot(
        loaded.clinic_id, loaded.clinic, loaded.calendar.zone.key, loaded.on, now, loaded.span, loaded.openings,
        loaded.reason, visits, chair_lanes(loaded, projections, now), person_lanes(loaded, projections, now),
        device_lanes(loaded, projections, now), ribbons(loaded, projections), open_gaps(loaded, projections, now),
        {stage: counted.get(stage, 0) for stage in Stage},
        sum(max(0, visit.delay) for visit in visits if visit.stage in _TO_COME),
    )  # fmt: skip


def shot_of(loaded: LoadedDay, now: int) -> DaySnapshot:
    """As `snapshot`, made once for all who ask about the same rows and minute."""
    found = loaded.shots.get(now)
    if found is None:
        found = snapshot(loaded, now)
        loaded.shots.clear()
        loaded.shots[now] = found
    return found


_TO_COME = frozenset({Stage.EXPECTED, Stage.LATE, Stage.WAITING})


def _shared_chairs(visits: Sequence[DayVisit]) -> frozenset[str]:
    """Those who sit where somebody else sits too."""
    seats: dict[str, list[str]] = defaultdict(list)
    for visit in visits:
        if visit.at_chair and visit.seat is not None:
            seats[visit.seat].append(visit.id)
    return frozenset(each for found in seats.values() if len(found) > 1 for each in found)


def _visit(
    loaded: LoadedDay, line: VisitLine, day: DayVisit | None, item: VisitProjection | None, now: int, shared: bool
) -> DayVisitLine:
    stage, facts = stage_of(line), loaded.facts[line.id]
    delay = item.span[0] - day.start if item and day else 0
    end_delay = item.span[1] - day.start - day.minutes if item and day else 0
    since = _minute(since_of(line, stage, facts.paused_at))
    waits = stage is Stage.WAITING
    waiting = now - day.arrived if waits and day and day.arrived is not None else None
    called = line.doctor in _CALLED and line.doctor_needed_at is not None
    behind = max(delay if day and day.to_come else 0, end_delay if day and day.at_chair else 0)
    urgent = day.urgent if day else False
    flags = _flags(loaded, line, facts, behind > loaded.limits.delay, waiting, urgent, shared)
    return DayVisitLine(
        line, stage, mission_of(line, behind > loaded.limits.delay or line.flow == "late"),
        (line.seated_operatory_id if line.flow not in {"expected", "late", "arrived", "on_deck"} else None)
        or line.operatory_id,
        item.span if item else None, item.parts if item else (), delay, end_delay, since, waiting,
        max(0, item.span[0] - now) if waits and item else None, _over(day, now),
        now - whole_minute(line.doctor_needed_at) if called and line.doctor_needed_at else None,
        line.doctor == "needed_first", urgent, loaded.priorities.get(line.id), _assistants(line), flags,
        facts.inferred, facts.edited, loaded.types[line.type_id].expected_charge,
        loaded.types[line.type_id].procedures, loaded.papers.get(line.id, ()),
        _own(loaded, line.id, stage),
    )  # fmt: skip


def _own(loaded: LoadedDay, visit_id: str, stage: Stage) -> OwnMark | None:
    """The finer state, while the visit is at its stage."""
    mark = loaded.own_states.get(visit_id)
    return mark if mark is not None and mark.stage is stage else None


def _over(day: DayVisit | None, now: int) -> int | None:
    """Beyond what the clinic's own medians, or the plan, give such a visit; pauses do not count."""
    if day is None or not day.at_chair or day.seated is None:
        return None
    until = now if day.paused is None else day.paused
    return max(0, until - day.seated - day.paused_minutes - sum(day.lengths))


def _minute(at: datetime | None) -> int | None:
    return None if at is None else whole_minute(at)


def _assistants(line: VisitLine) -> tuple[ProviderId, ...]:
    """Whoever is named besides the doctor, in the order of the segments."""
    named = [line.assistant_id, *(item.provider_id for item in line.segments if item.kind is not SegmentKind.DOCTOR)]
    return tuple(dict.fromkeys(who for who in named if who is not None))


def _flags(
    loaded: LoadedDay, line: VisitLine, facts: VisitFacts, behind: bool, waiting: int | None, urgent: bool, shared: bool
) -> tuple[VisitFlag, ...]:
    found = [VisitFlag(mark) for mark in loaded.marks.get(line.id, ())]
    expected = line.flow in {"expected", "late"}
    rules = (
        (VisitFlag.URGENT, urgent),
        (VisitFlag.UNCONFIRMED, expected and line.should_confirm and line.status == "scheduled"),
        (VisitFlag.DELAYED, behind or line.flow == "late"),
        (VisitFlag.OVERRUN, line.overrun_minutes > 0),
        (VisitFlag.WAITS_LONG, waiting is not None and waiting >= loaded.limits.wait),
        (VisitFlag.SHARED_CHAIR, shared),
        (VisitFlag.INFERRED, facts.inferred),
        (VisitFlag.EDITED, facts.edited),
        (VisitFlag.PAPERS, expected and line.id in loaded.papers),
    )
    return (*found, *[flag for flag, holds in rules if holds])

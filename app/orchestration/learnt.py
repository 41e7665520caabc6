"""The clinic's own minutes: medians of what its kept visits really took, by type and by stretch of the visit.

A visit has three stretches that are recorded: before the doctor was called, with the doctor, after the doctor has
left. The wait for the doctor is none of them: it is what the projection computes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from app.journal.queries import Reading
from app.journal.settings_store import value_of
from app.orchestration.model import LearntDuration
from app.orchestration.settings import LEARN_FROM
from app.scheduling.segments import Segment
from app.scheduling.vocabulary import AppointmentTypeId, SegmentKind

LONGEST: Final = 8 * 60
"""Minutes at the chair over which a record is a forgotten click and no visit."""


@dataclass(frozen=True, slots=True)
class OwnMinutes:
    """Medians in minutes of one type; None for a stretch of which too few were recorded."""

    visits: int
    whole: int
    before: int | None
    doctor: int | None
    after: int | None


Learnt = Mapping[AppointmentTypeId, OwnMinutes]


def load_learnt(read: Reading) -> dict[AppointmentTypeId, OwnMinutes]:
    """What was learnt of each type from enough visits."""
    columns = (
        LearntDuration.type_id, LearntDuration.visits, LearntDuration.whole_minutes, LearntDuration.before_minutes,
        LearntDuration.doctor_minutes, LearntDuration.after_minutes,
    )  # fmt: skip
    least = value_of(read, LEARN_FROM)
    rows: Iterable[Any] = read.execute(select(*columns).where(LearntDuration.visits >= least))
    return {type_id: OwnMinutes(*values) for type_id, *values in rows}


def expected_minutes(own: OwnMinutes | None, segments: Sequence[Segment]) -> tuple[int, ...]:
    """The minutes of each segment as the clinic's own medians have them, in the proportions of the plan.

    Empty where the plan is all that is known. What lies between two doctor's segments stays as planned.
    """
    if own is None:
        return ()
    doctors = [place for place, segment in enumerate(segments) if segment.kind is SegmentKind.DOCTOR]
    planned = [segment.minutes for segment in segments]
    if not doctors:
        return tuple(_shared(planned, own.whole))
    first, last = doctors[0], doctors[-1]
    found = list(planned)
    found[:first] = _shared(planned[:first], own.before)
    found[last + 1 :] = _shared(planned[last + 1 :], own.after)
    for place, minutes in zip(doctors, _shared([planned[at] for at in doctors], own.doctor), strict=True):
        found[place] = minutes
    return () if found == planned else tuple(found)


def _shared(planned: Sequence[int], whole: int | None) -> list[int]:
    """Whole minutes in the proportions of the plan, by largest remainder; at least one each."""
    if whole is None or not planned or whole < len(planned):
        return list(planned)
    total = sum(planned)
    floors = [max(1, minutes * whole // total) for minutes in planned]
    order = sorted(range(len(planned)), key=lambda at: (-(planned[at] * whole % total), at))
    for at in order[: max(0, whole - sum(floors))]:
        floors[at] += 1
    return floors


@dataclass(frozen=True, slots=True)
class Stretches:
    """Minutes of one kept visit: at the chair without pauses, and its recorded stretches."""

    type_id: str
    whole: int
    before: int | None
    doctor: int | None
    after: int | None


def learn(visits: Iterable[Stretches]) -> dict[str, tuple[OwnMinutes, int, int]]:
    """For each type its medians, and the quartiles of the whole."""
    by_type: dict[str, list[Stretches]] = defaultdict(list)
    for visit in visits:
        if 0 < visit.whole <= LONGEST:
            by_type[visit.type_id].append(visit)
    return {type_id: _learnt(found) for type_id, found in sorted(by_type.items())}


def _learnt(visits: Sequence[Stretches]) -> tuple[OwnMinutes, int, int]:
    whole = sorted(visit.whole for visit in visits)
    parts = [
        sorted(minutes for visit in visits if (minutes := getattr(visit, name)) is not None)
        for name in ("before", "doctor", "after")
    ]
    middles = [quantile(part, 1, 2) if 2 * len(part) >= len(visits) else None for part in parts]
    return OwnMinutes(len(visits), quantile(whole, 1, 2), *middles), quantile(whole, 1, 4), quantile(whole, 3, 4)


def quantile(ordered: Sequence[int], part: int, of: int) -> int:
    """The value at a share above 0 of sorted whole numbers, by nearest rank: no fraction, the same everywhere."""
    return ordered[-(-len(ordered) * part // of) - 1]

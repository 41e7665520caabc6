"""How far a visit at the chair has come, read from what is known: seated, doctor called, here, gone, paused.

The doctor's coming and going is recorded, the hand-over between other people is not: those segments are taken to run
one after the other since the last thing that is known. A segment that has run longer than it should is taken to end
now. When the doctor was called, everything before the doctor's segment is done.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.orchestration.day import DayVisit
from app.scheduling.segments import Segment
from app.scheduling.vocabulary import SegmentKind


@dataclass(frozen=True, slots=True)
class Rest:
    """What is left of a seated visit: the segment that runs until `until`, then the others with their minutes."""

    running: Segment | None
    until: int
    left: tuple[tuple[Segment, int], ...]


def rest_of(visit: DayVisit, now: int) -> Rest:
    """What is left of a visit whose patient sits in a chair."""
    pairs = list(zip(visit.segments, visit.lengths, strict=True))
    doctors = [place for place, (segment, _minutes) in enumerate(pairs) if segment.kind is SegmentKind.DOCTOR]
    if visit.doctor == "here":
        return _with_doctor(visit, pairs, doctors, now)
    called = visit.doctor in {"needed", "needed_first"}
    done = min(visit.doctor_visits, len(doctors))
    if called:
        return Rest(None, now, tuple(_from_doctor(pairs, doctors, visit.doctor_visits)))
    place = doctors[done - 1] + 1 if done else 0
    since = visit.doctor_left if visit.doctor_visits and visit.doctor_left is not None else visit.seated
    begun = (now if since is None else since) + (0 if visit.doctor_visits else visit.paused_minutes)
    return _elapsed(pairs, place, begun, visit.paused if visit.flow == "paused" else None, now)


def _from_doctor(
    pairs: list[tuple[Segment, int]], doctors: list[int], visits: int
) -> list[tuple[Segment, int]]:  # fmt: skip
    """From the doctor's next segment on; when the doctor is wanted once more than planned, the last one again."""
    if visits < len(doctors):
        return pairs[doctors[visits] :]
    if doctors:
        return [pairs[doctors[-1]], *pairs[doctors[-1] + 1 :]]
    return []


def _with_doctor(visit: DayVisit, pairs: list[tuple[Segment, int]], doctors: list[int], now: int) -> Rest:
    if not doctors:
        return Rest(None, now, ())
    place = doctors[min(visit.doctor_visits, len(doctors) - 1)]
    segment, minutes = pairs[place]
    here = now if visit.doctor_here is None else visit.doctor_here
    return Rest(segment, max(here + minutes, now), tuple(pairs[place + 1 :]))


def _elapsed(pairs: list[tuple[Segment, int]], place: int, begun: int, paused: int | None, now: int) -> Rest:
    """Let the segments run since `begun`, until the doctor's turn, until now or until the pause."""
    clock = now if paused is None else paused
    while place < len(pairs) and pairs[place][0].kind is not SegmentKind.DOCTOR:
        segment, minutes = pairs[place]
        end = begun + minutes
        if end > clock:
            if paused is None:
                return Rest(segment, end, tuple(pairs[place + 1 :]))
            return Rest(None, now, ((replace(segment, minutes=end - clock), end - clock), *pairs[place + 1 :]))
        begun, place = end, place + 1
    return Rest(None, now, tuple(pairs[place:]))

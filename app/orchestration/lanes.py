"""What each chair, person and device does now, and what comes next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.attendance.presence import Presence
from app.attendance.vocabulary import ClockState
from app.orchestration.day import DayVisit
from app.orchestration.loading import LoadedDay
from app.orchestration.projection import VisitProjection
from app.orchestration.snapshot import ChairLane, DeviceLane, PersonLane
from app.orchestration.vocabulary import ChairState, DeviceState, PersonState, VisitFlag
from app.practice.roster import Chair, Device, Person
from app.practice.spans import Span, length
from app.practice.vocabulary import NEVER_BOOKED, OperatoryId, ProviderKind
from app.scheduling.fold import OCCUPYING
from app.scheduling.vocabulary import AppointmentId, SegmentKind

Projections = Mapping[str, VisitProjection]


def chair_lanes(loaded: LoadedDay, projections: Projections, now: int) -> tuple[ChairLane, ...]:
    """The chairs in their order; those that were given up are left out unless somebody is booked there."""
    by_chair: dict[str, list[DayVisit]] = defaultdict(list)
    for visit in loaded.day.visits:
        item = projections.get(visit.id)
        if item is not None and item.chair is not None:
            by_chair[item.chair].append(visit)
    return tuple(
        _chair(loaded, chair, by_chair[chair.id], projections, now)
        for chair in loaded.roster.chairs.values()
        if by_chair[chair.id] or chair.retired_on is None or chair.retired_on > loaded.on
    )


def _chair(
    loaded: LoadedDay, chair: Chair, visits: Sequence[DayVisit], projections: Projections, now: int
) -> ChairLane:
    here = [visit for visit in visits if visit.at_chair]
    coming = sorted(
        (visit for visit in visits if visit.to_come), key=lambda visit: (projections[visit.id].span, visit.id)
    )
    freed = [visit for visit in visits if visit.over and visit.freed is not None and visit.freed <= now]
    last = max(freed, key=lambda visit: (visit.freed or 0, visit.id), default=None)
    clean = (last.freed or 0) + max(last.cleaning, loaded.limits.cleaning) if last else now
    ends = [projections[visit.id].span[1] + visit.cleaning for visit in here]
    state = ChairState.OCCUPIED if here else ChairState.CLEANING if clean > now else ChairState.FREE
    if not here and _down(loaded, chair.id, now):
        state = ChairState.MAINTENANCE
    begun = [visit.seated for visit in here if visit.seated is not None]
    since = min(begun) if begun else last.freed if last else None
    return ChairLane(
        chair.id, chair.name, _short(loaded, chair), chair.kind, bool(chair.virtual), state, since,
        tuple(AppointmentId(visit.id) for visit in here), tuple(AppointmentId(visit.id) for visit in coming),
        projections[coming[0].id].span[0] if coming else None, max([now, *ends] if here else [now, clean]),
        length((visit.seated, min(visit.freed or now, now)) for visit in visits if visit.seated is not None),
        sum(visit.minutes for visit in loaded.day.visits if visit.chair == chair.id and visit.status in OCCUPYING),
    )  # fmt: skip


def _short(loaded: LoadedDay, chair: Chair) -> str:
    return loaded.short_names.get(chair.id) or chair.name


def _down(loaded: LoadedDay, chair: str, now: int) -> bool:
    """A chair whose own device is being maintained cannot be used."""
    return any(
        device.operatory_id == chair and any(start <= now < end for start, end in device.down)
        for device in loaded.roster.devices.values()
    )


@dataclass(frozen=True, slots=True)
class _Turn:
    """Minutes of a person or a device with one visit."""

    span: Span
    visit: AppointmentId
    chair: str | None
    running: bool


def _turns(loaded: LoadedDay, projections: Projections) -> dict[str, list[_Turn]]:
    """What everybody does from now on, in order. A doctor who is at a chair is there whatever the plan says."""
    found: dict[str, list[_Turn]] = defaultdict(list)
    for visit in loaded.day.visits:
        item = projections.get(visit.id)
        for place, part in enumerate(item.parts if item else ()):
            if part.provider_id is not None and item is not None:
                running = place == 0 and visit.at_chair and _under_way(visit, part.kind)
                found[part.provider_id].append(_Turn(part.span, AppointmentId(visit.id), item.chair, running))
    return {who: sorted(turns, key=lambda turn: (turn.span, turn.visit)) for who, turns in found.items()}


def _under_way(visit: DayVisit, kind: SegmentKind) -> bool:
    return visit.flow == "seated" and (visit.doctor == "here" or kind is not SegmentKind.DOCTOR)


def person_lanes(loaded: LoadedDay, projections: Projections, now: int) -> tuple[PersonLane, ...]:
    """Who can be booked and works here today, or is booked; the doctors first, in the order of the practice."""
    turns = _turns(loaded, projections)
    booked: dict[str, int] = defaultdict(int)
    for visit in loaded.day.visits:
        for segment in visit.segments if visit.status in OCCUPYING else ():
            booked[segment.provider_id or ""] += segment.minutes
    people = [
        _person(loaded, person, turns.get(person.id, []), booked[person.id], now)
        for person in loaded.roster.people.values()
        if (loaded.roster.shifts.get(person.id) and person.kind not in NEVER_BOOKED)
        or person.id in turns
        or booked[person.id]
    ]
    return tuple(sorted(people, key=lambda lane: lane.kind is not ProviderKind.DOCTOR))


def _person(loaded: LoadedDay, person: Person, turns: Sequence[_Turn], booked: int, now: int) -> PersonLane:
    roster = loaded.roster
    shifts, breaks = roster.shifts.get(person.id, []), roster.breaks.get(person.id, [])
    absences = roster.absences.get(person.id, [])
    running = next((turn for turn in turns if turn.running), None)
    coming = next((turn for turn in turns if turn is not running and not turn.running), None)
    clock = loaded.presence.get(person.id)
    state, span = _state(running, absences, breaks, shifts, now)
    if clock is not None and clock.state is ClockState.BREAK and clock.breaks:
        state, span, running = PersonState.BREAK, clock.breaks[-1].span(now), None
    end = max((last for _first, last in shifts), default=None)
    last = max((turn.span[1] for turn in turns), default=now)
    since = loaded.begun(running.visit, person.id) if running else span[0] if span else None
    return PersonLane(
        person.id, person.name, person.kind, state, since, running.span[1] if running else span[1] if span else None,
        running.visit if running else None, OperatoryId(running.chair) if running and running.chair else None,
        coming.visit if coming else None, coming.span[0] if coming else None, tuple(shifts), tuple(breaks),
        tuple(absences), tuple((turn.visit, turn.span) for turn in turns), booked,
        max(0, last - end) if end is not None and turns else 0, *_by_the_clock(clock, now),
    )  # fmt: skip


def _by_the_clock(clock: Presence | None, now: int) -> tuple[ClockState | None, int | None, int, int, int | None]:
    """State, since when, minutes of the day and of the week, when a meal is due."""
    if clock is None or (clock.since is None and not clock.week_before):
        return None, None, 0, 0, None
    worked = clock.worked(now)
    return clock.state, clock.since, worked, clock.week_before + worked, clock.meal_due(now)


def _state(
    running: _Turn | None, absences: Sequence[Span], breaks: Sequence[Span], shifts: Sequence[Span], now: int
) -> tuple[PersonState, Span | None]:
    """What somebody does now, and from when until when."""
    if running is not None:
        return PersonState.AT_CHAIR, running.span
    for state, spans in ((PersonState.AWAY, absences), (PersonState.BREAK, breaks)):
        now_in = next((span for span in spans if span[0] <= now < span[1]), None)
        if now_in is not None:
            return state, now_in
    at_work = any(start <= now < end for start, end in shifts)
    return (PersonState.FREE if at_work else PersonState.NOT_HERE), None


def device_lanes(loaded: LoadedDay, projections: Projections, now: int) -> tuple[DeviceLane, ...]:
    """The devices in their order."""
    uses: dict[str, list[_Turn]] = defaultdict(list)
    for visit in loaded.day.visits:
        item = projections.get(visit.id)
        if visit.equipment is None or item is None or not item.parts:
            continue
        imaging = [part.span for part in item.parts if part.kind is SegmentKind.XRAY]
        planned = any(segment.kind is SegmentKind.XRAY for segment in visit.segments)
        for span in imaging if planned else [(item.parts[0].span[0], item.parts[-1].span[1])]:
            reported = VisitFlag.IMAGING.value in loaded.marks.get(visit.id, ())
            running = reported or (visit.flow == "seated" and span[0] <= now)
            uses[visit.equipment].append(_Turn(span, AppointmentId(visit.id), item.chair, running))
    return tuple(_device(device, uses[device.id], now) for device in loaded.roster.devices.values())


def _device(device: Device, uses: Sequence[_Turn], now: int) -> DeviceLane:
    ordered = sorted(uses, key=lambda turn: (turn.span, turn.visit))
    running = next((turn for turn in ordered if turn.running), None)
    coming = next((turn for turn in ordered if not turn.running), None)
    down = next((span for span in device.down if span[0] <= now < span[1]), None)
    state = DeviceState.IN_USE if running else DeviceState.MAINTENANCE if down else DeviceState.FREE
    return DeviceLane(
        device.id, device.name, device.kind, device.operatory_id, state, running.visit if running else None,
        running.span[1] if running else down[1] if down else now, coming.visit if coming else None,
        coming.span[0] if coming else None, device.down,
    )  # fmt: skip

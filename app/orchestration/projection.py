"""When the visits of a day will begin and end: the day as tasks for the kernel, and its answer for each visit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from app.orchestration.day import Day, DayPerson, DayVisit, WholeVisit
from app.orchestration.kernel import project
from app.orchestration.plan import ANY_HAND, NOBODY, NOWHERE, Plan, Step, Task
from app.orchestration.progress import Rest, rest_of
from app.practice.local_time import DAY
from app.practice.spans import Span, union, without
from app.practice.vocabulary import HANDS, ProviderKind
from app.scheduling.segments import Segment
from app.scheduling.vocabulary import SegmentKind

HAND_WORK: Final = frozenset({SegmentKind.ASSISTANT, SegmentKind.XRAY})


class ProjectedPart(NamedTuple):
    """A segment where the projection sees it; who does it, None for nobody in particular."""

    kind: SegmentKind
    span: Span
    provider_id: str | None


class VisitProjection(NamedTuple):
    """A visit as it went and will go on: begin and end of the time at the chair, the segments still to come or
    running, and the chair."""

    id: str
    span: Span
    parts: tuple[ProjectedPart, ...]
    chair: str | None


@dataclass(frozen=True, slots=True)
class Laid:
    """The plan of the rest of a day, with what its numbers stand for: `visits` in the order of the tasks."""

    plan: Plan
    visits: tuple[DayVisit, ...]
    running: tuple[ProjectedPart | None, ...]
    kinds: tuple[tuple[SegmentKind, ...], ...]


def project_day(day: Day, now: int) -> dict[str, VisitProjection]:
    """The visits of a day that stand, by id; those that were called off or missed have no projection."""
    laid = lay(day, now)
    done = project(laid.plan)
    found = {visit.id: _past(visit) for visit in day.visits if visit.over}
    for number, visit in enumerate(laid.visits):
        task, running = laid.plan.tasks[number], laid.running[number]
        parts = [running] if running else []
        rows = zip(laid.kinds[number], task.steps, done.starts[number], done.people[number], strict=True)
        for kind, step, start, person in rows:
            parts.append(ProjectedPart(kind, (start, start + step.minutes), _name(day, person)))
        begin = visit.seated if visit.at_chair and visit.seated is not None else parts[0].span[0] if parts else now
        chair = visit.seat if visit.at_chair else visit.chair
        found[visit.id] = VisitProjection(visit.id, (begin, max(done.ends[number], begin)), tuple(parts), chair)
    return found


def _past(visit: DayVisit) -> VisitProjection:
    end = visit.start if visit.freed is None else visit.freed
    begin = end if visit.seated is None else visit.seated
    return VisitProjection(visit.id, (begin, end), (), visit.seat or visit.chair)


def _name(day: Day, person: int) -> str | None:
    return day.people[person].id if person >= 0 else None


def lay(day: Day, now: int) -> Laid:
    """The rest of a day as the kernel takes it."""
    return _Layer(day, now).lay()


class _Layer:
    """Numbers for names, and what is taken until when."""

    def __init__(self, day: Day, now: int) -> None:
        self.day, self.now = day, now
        self.chairs = {chair.id: place for place, chair in enumerate(day.chairs) if not chair.virtual}
        self.people = {person.id: place for place, person in enumerate(day.people)}
        self.devices = {device.id: place for place, device in enumerate(day.devices)}
        self.chairs_free = [now] * len(day.chairs)
        self.people_free, self.people_at = [now] * len(day.people), [NOWHERE] * len(day.people)
        self.devices_free = [now] * len(day.devices)

    def lay(self) -> Laid:
        """Those in the chairs first, for they say what is taken; then those who are to come."""
        day = self.day
        for visit in day.visits:
            if visit.over and visit.freed is not None:
                self._take_chair(visit.seat or visit.chair, visit.freed + visit.cleaning)
        order = sorted((visit for visit in day.visits if visit.at_chair or visit.to_come), key=_order)
        ranked = {visit.id: rank for rank, visit in enumerate(order)}
        here = [visit for visit in order if visit.at_chair]
        coming = [visit for visit in order if not visit.at_chair]
        rests = [rest_of(visit, self.now) for visit in here]
        running = [self._run(visit, rest) for visit, rest in zip(here, rests, strict=True)]
        tasks = [self._seated(visit, rest, ranked[visit.id]) for visit, rest in zip(here, rests, strict=True)]
        whole = [self._whole(visit) for visit in coming]
        tasks += [self._coming(visit, ranked[visit.id], each.steps) for visit, each in zip(coming, whole, strict=True)]
        kinds = [tuple(segment.kind for segment, _minutes in rest.left) for rest in rests]
        kinds += [each.kinds for each in whole]
        hands = [place for place, person in enumerate(day.people) if person.kind in HANDS and person.shifts]
        self._occupy(hands, rests)
        plan = Plan(
            tuple(tasks), tuple(self.chairs_free), tuple(self.people_free), tuple(self.people_at),
            tuple(tuple(union(person.off)) for person in day.people), tuple(self.devices_free),
            tuple(tuple(union(device.off)) for device in day.devices), tuple(hands),
            tuple(_outside(day.people[place]) for place in hands), day.walk,
        )  # fmt: skip
        return Laid(plan, (*here, *coming), (*running, *(None for _visit in coming)), tuple(kinds))

    def _take_chair(self, chair: str | None, until: int) -> None:
        place = self.chairs.get(chair or "", NOWHERE)
        if place != NOWHERE:
            self.chairs_free[place] = max(self.chairs_free[place], until)

    def _run(self, visit: DayVisit, rest: Rest) -> ProjectedPart | None:
        """Whose hands the running segment keeps until its end."""
        chair = self.chairs.get(visit.seat or "", NOWHERE)
        self._take_chair(visit.seat, rest.until + sum(minutes for _segment, minutes in rest.left) + visit.cleaning)
        if rest.running is None:
            return None
        person = self._person(rest.running)
        if person >= 0:
            self.people_free[person] = max(self.people_free[person], rest.until)
            self.people_at[person] = chair
        if self._uses(visit, rest.running):
            device = self.devices[visit.equipment or ""]
            self.devices_free[device] = max(self.devices_free[device], rest.until)
        return ProjectedPart(rest.running.kind, (self.now, rest.until), rest.running.provider_id)

    def _occupy(self, hands: Sequence[int], rests: Iterable[Rest]) -> None:
        """Unnamed hands are at work too: those who are free first."""
        unnamed = sorted(rest.until for rest in rests if rest.running and self._person(rest.running) == ANY_HAND)
        for until in unnamed if hands else ():
            place = min(hands, key=lambda hand: (self.people_free[hand], hand))
            self.people_free[place] = max(self.people_free[place], until)

    def _seated(self, visit: DayVisit, rest: Rest, rank: int) -> Task:
        chair = self.chairs.get(visit.seat or "", NOWHERE)
        return Task(rest.until, chair, rank, self._steps(visit, rest.left), visit.cleaning, seated=True)

    def _whole(self, visit: DayVisit) -> WholeVisit:
        """All steps of a visit that has not begun: they do not follow from the clock and are made once for a day."""
        known = self.day.whole.get(visit.id)
        if known is None:
            kinds = tuple(segment.kind for segment in visit.segments)
            known = self.day.whole[visit.id] = WholeVisit(self._steps(visit, _pairs(visit)), kinds)
        return known

    def _coming(self, visit: DayVisit, rank: int, steps: tuple[Step, ...]) -> Task:
        release = max(visit.start, self.now)
        if visit.arrived is None or visit.flow in {"expected", "late"}:
            release = max(release, visit.start + visit.announced)
        chair = self.chairs.get(visit.chair or "", NOWHERE)
        return Task(release, chair, rank, steps, visit.cleaning)

    def _steps(self, visit: DayVisit, pairs: Sequence[tuple[Segment, int]]) -> tuple[Step, ...]:
        """A device is kept from the first segment that wants it to the last."""
        wants = [place for place, (segment, _minutes) in enumerate(pairs) if self._uses(visit, segment)]
        device = self.devices[visit.equipment or ""] if wants else NOWHERE
        return tuple(
            Step(
                max(minutes, 1), self._person(segment),
                device if wants and wants[0] <= place <= wants[-1] else NOWHERE, segment.kind is SegmentKind.DOCTOR,
            )
            for place, (segment, minutes) in enumerate(pairs)
        )  # fmt: skip

    def _uses(self, visit: DayVisit, segment: Segment) -> bool:
        """Whether a segment wants the visit's device: imaging does, or all of it where no imaging is planned."""
        if visit.equipment not in self.devices:
            return False
        imaging = any(item.kind is SegmentKind.XRAY for item in visit.segments)
        return segment.kind is SegmentKind.XRAY or not imaging

    def _person(self, segment: Segment) -> int:
        if segment.provider_id in self.people:
            return self.people[segment.provider_id]
        if segment.provider_id is None and segment.kind in HAND_WORK:
            return ANY_HAND
        if segment.provider_id is None and segment.kind is SegmentKind.DOCTOR:
            doctors = [at for at, person in enumerate(self.day.people) if person.kind is ProviderKind.DOCTOR]
            return doctors[0] if len(doctors) == 1 else NOBODY
        return NOBODY


def _pairs(visit: DayVisit) -> list[tuple[Segment, int]]:
    return list(zip(visit.segments, visit.lengths, strict=True))


def _order(visit: DayVisit) -> tuple[int, int, str]:
    """Who is wanted first: urgent visits and calls, then by the planned begin; the id decides the rest."""
    return 0 if visit.urgent or visit.doctor == "needed_first" else 1, visit.start, visit.id


def _outside(person: DayPerson) -> tuple[Span, ...]:
    """When somebody cannot take what names nobody: breaks, absences, before and between the shifts; after the last
    one, who has begun stays until the day is done."""
    whole = (min(span[0] for span in person.shifts) - DAY, max(span[1] for span in person.shifts))
    return tuple(union([*person.off, *without([whole], person.shifts)]))

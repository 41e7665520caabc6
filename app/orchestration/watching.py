"""What of a day somebody must look at: pure rules over the snapshot. Who is told, and in which order, is data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from app.attendance.presence import NORMAL_WEEK
from app.attendance.vocabulary import ClockState
from app.core.i18n import N_
from app.core.ids import PatientId
from app.core.permissions import Role
from app.journal.queries import Reading
from app.journal.settings_store import value_of
from app.orchestration import settings
from app.orchestration.snapshot import DaySnapshot, DayVisitLine, PersonLane
from app.orchestration.vocabulary import AlertKind, PersonState, VisitFlag
from app.practice.local_time import whole_minute
from app.scheduling.segments import parts_of
from app.scheduling.settings import WAIT_ALARMS
from app.scheduling.vocabulary import AppointmentId, Stage

AHEAD: Final = 60
"""Minutes in which what cannot go well is looked for."""

CHAINS: Final[Mapping[AlertKind, tuple[Role, ...]]] = {
    AlertKind.LATE_ARRIVAL: (Role.FRONT_DESK, Role.PRACTICE_MANAGER),
    AlertKind.OVERRUN: (Role.CLINICAL_STAFF, Role.PRACTICE_MANAGER, Role.ORTHODONTIST),
    AlertKind.LONG_WAIT: (Role.FRONT_DESK, Role.PRACTICE_MANAGER),
    AlertKind.DOCTOR_WAIT: (Role.ORTHODONTIST, Role.PRACTICE_MANAGER),
    AlertKind.RESOURCE_CONFLICT: (Role.FRONT_DESK, Role.PRACTICE_MANAGER),
    AlertKind.STAFF_UNAVAILABLE: (Role.PRACTICE_MANAGER, Role.ORTHODONTIST),
    AlertKind.EMERGENCY: (Role.CLINICAL_STAFF, Role.ORTHODONTIST),
    AlertKind.OVERTIME: (Role.PRACTICE_MANAGER,),
    AlertKind.BREAK_DUE: (Role.PRACTICE_MANAGER,),
    AlertKind.PREPARATION: (Role.ASSISTANT, Role.CLINICAL_STAFF, Role.PRACTICE_MANAGER),
    AlertKind.PAPERS: (Role.FRONT_DESK, Role.PRACTICE_MANAGER),
}
"""Who is told first, and who next when nobody acknowledges. `TOO_MANY` has the one role of its setting."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What the clinic has decided, in minutes and visits."""

    late: int
    overrun: int
    wait: int
    doctor_wait: int
    overtime: int
    prepare: int
    waiting: int
    calls: int
    meal: int


def thresholds_of(read: Reading) -> Thresholds:
    """The clinic's thresholds."""
    asked = (
        settings.ALERT_LATE, settings.ALERT_OVERRUN, WAIT_ALARMS, settings.ALERT_DOCTOR_WAIT, settings.ALERT_OVERTIME,
        settings.PREPARE_AHEAD, settings.MOST_WAITING, settings.MOST_CALLS,
        settings.MEAL_WARNING,
    )  # fmt: skip
    return Thresholds(*(value_of(read, item) for item in asked))


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at. `subject` names the occurrence within the day; `facts` fill the msgid `message`."""

    kind: AlertKind
    subject: str
    message: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    appointment_id: AppointmentId | None = None
    patient_id: PatientId | None = None


def findings(shot: DaySnapshot, limits: Thresholds) -> tuple[Finding, ...]:
    """Everything of a day that somebody must look at, in the order of the rules, then of the day."""
    return tuple(found for rule in _RULES for found in rule(shot, limits))


def _of(visit: DayVisitLine, kind: AlertKind, message: str, **facts: Any) -> Finding:
    return Finding(kind, visit.id, message, facts, visit.id, visit.line.patient_id)


def _late(shot: DaySnapshot, limits: Thresholds) -> Iterator[Finding]:
    for visit in shot.visits:
        if visit.stage is Stage.LATE and visit.line.late_minutes >= limits.late:
            yield _of(visit, AlertKind.LATE_ARRIVAL, N_("Has not come, {minutes} min late."),
                      minutes=visit.line.late_minutes)  # fmt: skip


def _overrun(shot: DaySnapshot, limits: Thresholds) -> Iterator[Finding]:
    for visit in shot.visits:
        if visit.over is not None and visit.over >= limits.overrun:
            message = N_("At the chair {minutes} min longer than such visits take; {late} min late in all afterwards.")
            yield _of(visit, AlertKind.OVERRUN, message, minutes=visit.over, late=shot.delay)


def _long_wait(shot: DaySnapshot, limits: Thresholds) -> Iterator[Finding]:
    for visit in shot.visits:
        if visit.waiting is not None and visit.waiting >= limits.wait:
            yield _of(visit, AlertKind.LONG_WAIT, N_("Has waited for {minutes} min."), minutes=visit.waiting)


def _doctor_wait(shot: DaySnapshot, limits: Thresholds) -> Iterator[Finding]:
    for visit in shot.visits:
        if visit.doctor_wait is not None and visit.doctor_wait >= limits.doctor_wait:
            message = N_("The chair has waited for the doctor for {minutes} min.")
            yield _of(visit, AlertKind.DOCTOR_WAIT, message, minutes=visit.doctor_wait)


def _conflicts(shot: DaySnapshot, limits: Thresholds) -> Iterator[Finding]:
    for chair in shot.chairs:
        if len(chair.visits) > 1 and not chair.virtual:
            yield Finding(AlertKind.RESOURCE_CONFLICT, f"chair {chair.id}", N_("Two patients at “{chair}”."),
                          {"chair": chair.name})  # fmt: skip
    names = {person.id: person.name for person in shot.people}
    for ribbon in shot.ribbons:
        first = max(0, (shot.now - ribbon.start) // ribbon.step)
        twice = [percent for percent in ribbon.planned[first : first + AHEAD // ribbon.step] if percent > 100]
        if len(twice) > 1:
            yield Finding(
                AlertKind.RESOURCE_CONFLICT, f"doctor {ribbon.doctor_id}",
                N_("{name} is wanted at two chairs at once within the hour."),
                {"name": names.get(ribbon.doctor_id, "")},
            )  # fmt: skip


def _missing_people(shot: DaySnapshot, limits: Thresholds) -> Iterator[Finding]:
    """Somebody who is planned for a visit of the next hour and will not be there."""
    lanes = {person.id: person for person in shot.people}
    for visit in shot.visits:
        start = visit.line.starts_at
        if visit.stage not in _TO_COME or start is None or whole_minute(start) > shot.now + AHEAD:
            continue
        for part in parts_of(visit.line.segments, whole_minute(start)):
            lane = lanes.get(part.provider_id) if part.provider_id else None
            if lane is None or part.span[1] <= shot.now:
                continue
            away = any(first < part.span[1] and part.span[0] < last for first, last in lane.absences)
            if away or not any(first < part.span[1] and part.span[0] < last for first, last in lane.shifts):
                yield Finding(
                    AlertKind.STAFF_UNAVAILABLE, f"{visit.id} {lane.id}", N_("{name} is planned and is not here."),
                    {"name": lane.name}, visit.id, visit.line.patient_id,
                )  # fmt: skip
                break


def _emergencies(shot: DaySnapshot, limits: Thresholds) -> Iterator[Finding]:
    for visit in shot.visits:
        if visit.urgent and visit.stage is Stage.WAITING:
            yield _of(visit, AlertKind.EMERGENCY, N_("Goes first and waits for a chair."))


def _too_many(shot: DaySnapshot, limits: Thresholds) -> Iterator[Finding]:
    waiting, calls = shot.stages[Stage.WAITING], shot.stages[Stage.NEEDED]
    if waiting > limits.waiting:
        yield Finding(AlertKind.TOO_MANY, "waiting", N_("{count} patients wait for a chair; {most} is the limit."),
                      {"count": waiting, "most": limits.waiting})  # fmt: skip
    if calls > limits.calls:
        yield Finding(AlertKind.TOO_MANY, "calls", N_("{count} chairs wait for the doctor; {most} is the limit."),
                      {"count": calls, "most": limits.calls})  # fmt: skip


def _people(shot: DaySnapshot, limits: Thresholds) -> Iterator[Finding]:
    for lane in shot.people:
        if lane.overtime >= limits.overtime:
            yield Finding(AlertKind.OVERTIME, lane.id, N_("{name} will stay {minutes} min past the end of the shift."),
                          {"name": lane.name, "minutes": lane.overtime})  # fmt: skip
        due = next((span for span in lane.breaks if span[0] < shot.now < span[1]), None)
        if due is not None and lane.state is PersonState.AT_CHAIR:
            yield Finding(
                AlertKind.BREAK_DUE, f"{lane.id} {due[0]}", N_("{name} works into the break, {minutes} min by now."),
                {"name": lane.name, "minutes": shot.now - due[0]},
            )  # fmt: skip
        yield from _by_law(lane, shot.now, limits)


def _by_law(lane: PersonLane, now: int, limits: Thresholds) -> Iterator[Finding]:
    """What the Act respecting labour standards says of meals and of the week, by the time clock."""
    if lane.meal_due is not None and now >= lane.meal_due - limits.meal:
        yield Finding(
            AlertKind.BREAK_DUE, f"{lane.id} meal {lane.meal_due}",
            N_("{name} needs a meal break: five hours of work without one are over, or nearly."), {"name": lane.name},
        )  # fmt: skip
    if lane.clock is ClockState.IN and lane.week > NORMAL_WEEK:
        yield Finding(AlertKind.OVERTIME, f"{lane.id} week", N_("{name} works beyond 40 hours this week."),
                      {"name": lane.name})  # fmt: skip


def _preparation(shot: DaySnapshot, limits: Thresholds) -> Iterator[Finding]:
    for visit in shot.visits:
        start = visit.line.starts_at
        if visit.stage not in _TO_COME or start is None or whole_minute(start) > shot.now + limits.prepare:
            continue
        if VisitFlag.LAB in visit.flags:
            yield _of(visit, AlertKind.PREPARATION, N_("The lab case is not back."))
        elif VisitFlag.PREP in visit.flags:
            yield _of(visit, AlertKind.PREPARATION, N_("The chair is not prepared."))
        if visit.papers:
            yield _of(visit, AlertKind.PAPERS, visit.papers[0])


_TO_COME: Final = frozenset({Stage.EXPECTED, Stage.LATE, Stage.WAITING})
_RULES: Final[tuple[Callable[[DaySnapshot, Thresholds], Iterable[Finding]], ...]] = (
    _late, _overrun, _long_wait, _doctor_wait, _conflicts, _missing_people, _emergencies, _too_many, _people,
    _preparation,
)  # fmt: skip

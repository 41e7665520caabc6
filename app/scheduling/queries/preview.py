"""What would follow if a visit were moved or made longer, without writing: said before it is done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.core.errors import NotFound, RuleViolation
from app.core.i18n import N_
from app.journal.commands import query
from app.journal.queries import Reading
from app.practice.local_time import from_minute, whole_minute
from app.practice.vocabulary import OperatoryId, ProviderId
from app.scheduling.chair_delay import Turn, accumulated_delay
from app.scheduling.conflicts import find_conflicts
from app.scheduling.fold import OCCUPYING, OPEN, WAITING
from app.scheduling.model import Appointment, AppointmentState, AppointmentType
from app.scheduling.permissions import OVERRIDE_CONFLICTS, SEE_SCHEDULE
from app.scheduling.placing import propose, segments_for
from app.scheduling.queries.schedule import VisitLine, visit_lines
from app.scheduling.queries.searching import ConflictLine, conflict_line
from app.scheduling.scene import Proposal, Scene, load_scene
from app.scheduling.segments import Segment
from app.scheduling.visit_types import type_of
from app.scheduling.vocabulary import AppointmentId, SegmentKind, Severity


@dataclass(frozen=True, slots=True)
class PersonFact:
    """Somebody of the visit and the minutes for which that person is wanted; `before` is who had them so far."""

    kind: SegmentKind
    name: str
    starts_at: datetime
    ends_at: datetime
    before: str


@dataclass(frozen=True, slots=True)
class ChairFact:
    """How many minutes later (or, below zero, sooner) what is left of a chair's day would begin, all together."""

    name: str
    change_minutes: int


@dataclass(frozen=True, slots=True)
class MovePreview:
    """A visit as it would stand. `refusal` is a sentence: nobody can do this. `wait_minutes` is how the wait of a
    patient who is here would change; None for one who is not. `may_override` says whether the reader may accept the
    serious conflicts."""

    appointment_id: AppointmentId
    starts_at: datetime
    ends_at: datetime
    operatory_id: OperatoryId
    chair: str
    refusal: str
    conflicts: tuple[ConflictLine, ...]
    may_override: bool
    people: tuple[PersonFact, ...]
    wait_minutes: int | None
    delays: tuple[ChairFact, ...]
    tell_family: bool

    @property
    def serious(self) -> bool:
        """Whether only somebody with the right can do it."""
        return any(line.severity is Severity.SERIOUS for line in self.conflicts)

    @property
    def allowed(self) -> bool:
        """Whether the reader can do it, with an override or without."""
        return not self.refusal and (self.may_override or not self.serious)


@query(permission=SEE_SCHEDULE, label=N_("What a move would bring"))
def preview_move(
    read: Reading,
    appointment_id: AppointmentId,
    starts_at: datetime,
    operatory_id: OperatoryId,
    doctor_id: ProviderId | None = None,
    assistant_id: ProviderId | None = None,
    segments: str = "",
) -> MovePreview:
    """What stands against a visit at another time, chair or length, and who and what would feel it."""
    lines = visit_lines(read, Appointment.id == appointment_id)
    if not lines:
        raise NotFound(N_("appointment"), appointment_id)
    line = lines[0]
    here = line.doctor_id if doctor_id is None else doctor_id
    hands = line.assistant_id if assistant_id is None else assistant_id
    wanted = type_of(read, line.type_id)
    bare = tuple(Segment(item.kind, item.minutes) for item in line.segments)
    try:
        _check_movable(line, bool(segments))
        parts = segments_for(wanted, segments) if segments else bare
        scene, proposal = propose(
            read, line.patient_id, wanted, operatory_id, starts_at, parts, here, hands, clinic_id=line.clinic_id,
            own=line.id,
        )  # fmt: skip
    except RuleViolation as refused:
        return _refused(read, line, starts_at, operatory_id, str(refused))
    return _preview(read, line, scene, proposal)


def _check_movable(line: VisitLine, resized: bool) -> None:
    """As the events of a visit allow it: once somebody sits, the visit runs where it runs."""
    if line.status not in OPEN:
        raise RuleViolation(N_("This visit is over or was called off: it is not moved."), field="appointment_id")
    if not resized and line.flow not in {"expected", "late", *WAITING}:
        raise RuleViolation(N_("The patient is at the chair: this visit is not moved."), field="appointment_id")


def _refused(
    read: Reading, line: VisitLine, starts_at: datetime, operatory_id: OperatoryId, sentence: str
) -> MovePreview:
    chair = load_scene(read, line.clinic_id, (whole_minute(starts_at),) * 2).roster.chairs.get(operatory_id)
    return MovePreview(
        line.id, starts_at, starts_at + timedelta(minutes=line.minutes), operatory_id, chair.name if chair else "",
        sentence, (), False, (), None, (), False,
    )  # fmt: skip


def _preview(read: Reading, line: VisitLine, scene: Scene, proposal: Proposal) -> MovePreview:
    conflicts = tuple(conflict_line(item) for item in find_conflicts(scene, proposal))
    impossible = next((item.sentence for item in conflicts if item.severity is Severity.IMPOSSIBLE), "")
    start, end = (from_minute(minute) for minute in proposal.span)
    chair = scene.roster.chairs.get(proposal.operatory_id)
    waits = None
    if line.flow in WAITING and line.starts_at is not None:
        waits = round((max(start, read.now) - max(line.starts_at, read.now)).total_seconds() / 60)
    return MovePreview(
        line.id, start, end, proposal.operatory_id, chair.name if chair else "", impossible, conflicts,
        read.may(OVERRIDE_CONFLICTS), tuple(_people(scene, line, proposal)), waits,
        tuple(_delays(read, scene, line, proposal)), start != line.starts_at and line.flow not in WAITING,
    )  # fmt: skip


def _people(scene: Scene, line: VisitLine, proposal: Proposal) -> Iterable[PersonFact]:
    """The first stretch of each person who is wanted, and who it was before."""
    before = {item.kind: item.provider_id for item in reversed(line.segments) if item.provider_id}
    told: set[str] = set()
    for part in proposal.parts:
        person = scene.roster.people.get(part.provider_id) if part.provider_id else None
        if person is None or person.id in told:
            continue
        told.add(person.id)
        former = scene.roster.people.get(before.get(part.kind, person.id))
        name = former.name if former is not None and former.id != person.id else ""
        yield PersonFact(part.kind, person.name, from_minute(part.span[0]), from_minute(part.span[1]), name)


def _delays(read: Reading, scene: Scene, line: VisitLine, proposal: Proposal) -> Iterable[ChairFact]:
    """Only of the day that runs: what is to come cannot be late yet."""
    if line.starts_at is None or scene.calendar.date_of(proposal.start) != read.today:
        return
    for chair_id in dict.fromkeys((proposal.operatory_id, line.operatory_id)):
        chair = scene.roster.chairs.get(chair_id) if chair_id else None
        if chair is None or chair.virtual:
            continue
        turns = _turns(read, chair.id, scene.calendar.day(read.today))
        others = [turn for turn in turns if turn.appointment_id != line.id]
        minutes = proposal.span[1] - proposal.span[0] + proposal.type.buffer_minutes
        after = [*others, Turn(line.id, proposal.start, minutes)] if chair.id == proposal.operatory_id else others
        change = accumulated_delay(after, scene.now) - accumulated_delay(turns, scene.now)
        if change:
            yield ChairFact(chair.name, change)


def _turns(read: Reading, operatory_id: str, day: tuple[int, int]) -> list[Turn]:
    statement = (
        select(
            Appointment.id, Appointment.starts_at, Appointment.minutes, AppointmentType.buffer_minutes,
            AppointmentState.seated_at, AppointmentState.completed_at,
        )
        .join(AppointmentState, AppointmentState.id == Appointment.id)
        .join(AppointmentType, AppointmentType.id == Appointment.type_id)
        .where(
            Appointment.operatory_id == operatory_id, AppointmentState.status.in_(sorted(OCCUPYING)),
            Appointment.starts_at >= from_minute(day[0]), Appointment.starts_at < from_minute(day[1]),
        )
    )  # fmt: skip
    return [_turn(row) for row in read.execute(statement)]


def _turn(row: Any) -> Turn:
    seated, ended = (None if at is None else whole_minute(at) for at in (row.seated_at, row.completed_at))
    return Turn(row.id, whole_minute(row.starts_at), row.minutes + row.buffer_minutes, seated, ended)

"""A day out of the database: everything that a snapshot needs and that does not follow from the clock.

It is kept in memory until a row that it came from changes: while nothing happens, only the clock moves.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select

from app.attendance.loading import TABLES as CLOCK_TABLES
from app.attendance.loading import load_presence
from app.attendance.presence import Presence
from app.attendance.vocabulary import ClockState
from app.core.ids import ClinicId
from app.core.money import Money
from app.journal.queries import Reading
from app.journal.remembered import remembered
from app.journal.settings_store import value_of
from app.orchestration.day import Day, DayChair, DayDevice, DayPerson, DayVisit
from app.orchestration.freed import freed_at
from app.orchestration.imaging_now import TABLES as IMAGING_TABLES
from app.orchestration.imaging_now import with_imaging
from app.orchestration.learnt import Learnt, expected_minutes, load_learnt
from app.orchestration.model import LearntDuration, OwnState, VisitOwnState, VisitPriority
from app.orchestration.papers import TABLES as PAPER_TABLES
from app.orchestration.papers import missing_papers
from app.orchestration.settings import CLEANING_SHOWN, DELAY_SHOWN
from app.orchestration.snapshot import DayProcedure, DaySnapshot, OwnMark
from app.patients.model import Alert, ContactPoint, Patient, Person, Responsibility
from app.practice.calendar import ClinicCalendar, load_calendar
from app.practice.local_time import from_minute, whole_minute
from app.practice.model import Clinic, Operatory, Procedure
from app.practice.permissions import SEE_FEES
from app.practice.queries.catalogue import procedures
from app.practice.roster import Roster, load_roster
from app.practice.spans import Span, union
from app.practice.vocabulary import ProviderId
from app.scheduling.fold import OCCUPYING, Happened, effective
from app.scheduling.model import Appointment, AppointmentEvent, AppointmentState, AppointmentType
from app.scheduling.projections import events_of
from app.scheduling.queries.board import marks_of
from app.scheduling.queries.schedule import VisitLine, recorded_lines
from app.scheduling.scene import STANDING
from app.scheduling.segments import parts_of
from app.scheduling.settings import LATE_AFTER, WAIT_ALARMS, WALK_MINUTES
from app.scheduling.vocabulary import AppointmentTypeId, EventKind, SegmentKind, VisitEffect

FROM: Final = frozenset(
    record.__tablename__
    for record in (
        Appointment, AppointmentEvent, AppointmentType, VisitPriority, LearntDuration, Patient, Person, Responsibility,
        ContactPoint, Alert, Procedure, OwnState, VisitOwnState,
    )
) | STANDING | CLOCK_TABLES | PAPER_TABLES  # fmt: skip


@dataclass(frozen=True, slots=True)
class TypeFacts:
    """What a snapshot needs of a type: minutes of cleaning, whether it is an emergency, what is done and should bring.

    `expected_charge` is the sum of the fees of its procedures in force on the day, else what the type itself says.
    """

    cleaning: int
    is_emergency: bool
    expected_charge: Money | None
    procedures: tuple[DayProcedure, ...] = ()
    starts: bool = False


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """What the events say of a visit besides its state. `paused_at` while it is paused."""

    paused_at: datetime | None
    inferred: tuple[EventKind, ...]
    edited: tuple[EventKind, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """Minutes from which something shows: late, delayed, waiting too long, a chair being cleaned."""

    late: int
    delay: int
    wait: int
    cleaning: int


@dataclass(frozen=True, slots=True)
class LoadedDay:
    """A day without the clock."""

    clinic_id: ClinicId
    clinic: str
    calendar: ClinicCalendar
    on: date
    span: Span
    openings: tuple[Span, ...]
    reason: str
    lines: tuple[VisitLine, ...]
    facts: Mapping[str, VisitFacts]
    marks: Mapping[str, tuple[str, ...]]
    priorities: Mapping[str, str]
    types: Mapping[AppointmentTypeId, TypeFacts]
    roster: Roster
    short_names: Mapping[str, str]
    day: Day
    doctor_minutes: Mapping[ProviderId, Sequence[Span]]
    limits: Limits
    presence: Mapping[ProviderId, Presence]
    papers: Mapping[str, tuple[str, ...]]
    own_states: Mapping[str, OwnMark]
    shots: dict[int, DaySnapshot] = field(default_factory=dict, init=False, compare=False, repr=False)
    """The last snapshot by its minute: several views ask for the same one."""

    def begun(self, visit_id: str, person_id: str) -> int | None:
        """Since when somebody is at a visit: the doctor since coming, everybody else since the patient was seated."""
        visit = next(item for item in self.day.visits if item.id == visit_id)
        if visit.doctor == "here" and any(
            item.provider_id == person_id and item.kind is SegmentKind.DOCTOR for item in visit.segments
        ):
            return visit.doctor_here
        return visit.seated


def load_loaded_day(read: Reading, clinic_id: ClinicId, on: date) -> LoadedDay:
    """The day, out of memory while no row of it has changed."""
    key = ("loaded day", clinic_id, on, read.today, read.may(SEE_FEES))
    return remembered(read, key, FROM | IMAGING_TABLES, lambda: _load(read, clinic_id, on))


def _load(read: Reading, clinic_id: ClinicId, on: date) -> LoadedDay:
    calendar = load_calendar(read, clinic_id)
    span = calendar.day(on)
    lines = recorded_lines(
        read, Appointment.clinic_id == clinic_id, Appointment.starts_at >= from_minute(span[0]),
        Appointment.starts_at < from_minute(span[1]), AppointmentState.status != "deleted",
    )  # fmt: skip
    presence = load_presence(read, calendar, span)
    types, roster = _types(read, on), by_the_clock(load_roster(read, clinic_id, span), presence)
    events = {key: effective(found) for key, found in events_of(read, [line.id for line in lines]).items()}
    paused = _paused(read, [line.id for line in lines if line.flow == "paused"])
    facts: dict[str, VisitFacts] = {line.id: _facts(events.get(line.id, ()), paused.get(line.id)) for line in lines}
    starts = {key for key, kind in types.items() if kind.starts}
    priorities, learnt = _priorities(read, lines), load_learnt(read)
    visits = tuple(
        _visit(line, events.get(line.id, ()), facts[line.id], types[line.type_id], line.id in priorities, learnt)
        for line in lines
        if line.starts_at is not None
    )
    day = Day(visits, *_resources(roster), value_of(read, WALK_MINUTES))
    limits = Limits(*(value_of(read, item) for item in (LATE_AFTER, DELAY_SHOWN, WAIT_ALARMS, CLEANING_SHOWN)))
    return LoadedDay(
        clinic_id, _clinic(read, clinic_id), calendar, on, span, tuple(calendar.openings(on)),
        calendar.reason_closed(on), lines, facts, with_imaging(read, lines, marks_of(read, lines)),
        priorities, types, roster,
        _short_names(read, clinic_id), day,
        _doctor_minutes(day), limits, presence, missing_papers(read, lines, starts),
        _own_states(read, lines),
    )  # fmt: skip


def by_the_clock(roster: Roster, presence: Mapping[ProviderId, Presence]) -> Roster:
    """The roster with breaks as they were begun or granted, and without who has gone home before the shift ends."""
    breaks = {who: list(spans) for who, spans in roster.breaks.items()}
    absences = {who: list(spans) for who, spans in roster.absences.items()}
    for who, day in presence.items():
        taken = [(item.begun, item.ended or item.begun + (item.minutes or 0)) for item in day.breaks]
        breaks[who] = union([*breaks.get(who, ()), *taken, *day.granted])
        last = max((end for _start, end in roster.shifts.get(who, ())), default=0)
        if day.state is ClockState.OUT and day.since is not None and day.since < last:
            absences[who] = union([*absences.get(who, ()), (day.since, last)])
    return replace(roster, breaks=breaks, absences=absences)


def _doctor_minutes(day: Day) -> dict[ProviderId, list[Span]]:
    """When each doctor is wanted, as it was booked."""
    found: dict[ProviderId, list[Span]] = defaultdict(list)
    for visit in day.visits:
        for part in parts_of(visit.segments, visit.start) if visit.status in OCCUPYING else ():
            if part.kind is SegmentKind.DOCTOR and part.provider_id is not None:
                found[part.provider_id].append(part.span)
    return dict(found)


def _clinic(read: Reading, clinic_id: ClinicId) -> str:
    return str(read.execute(select(Clinic.name).where(Clinic.id == clinic_id)).scalar_one())


def _short_names(read: Reading, clinic_id: ClinicId) -> dict[str, str]:
    rows = read.execute(select(Operatory.id, Operatory.short_name).where(Operatory.clinic_id == clinic_id))
    return {row.id: row.short_name for row in rows}


def _types(read: Reading, on: date) -> dict[AppointmentTypeId, TypeFacts]:
    columns = (
        AppointmentType.id, AppointmentType.buffer_minutes, AppointmentType.is_emergency,
        AppointmentType.expected_charge, AppointmentType.procedure_codes, AppointmentType.effect,
    )  # fmt: skip
    money, catalogue = read.may(SEE_FEES), {line.code: line for line in procedures.function(read, on)}
    rows: Iterable[Any] = read.execute(select(*columns))
    found = {}
    for row in rows:
        lines = [catalogue[code] for code in (row.procedure_codes or "").split() if code in catalogue]
        fees = [line.fee for line in lines if line.fee is not None]
        charge = Money(sum(fee.cents for fee in fees)) if fees else row.expected_charge if money else None
        done = tuple(
            DayProcedure(line.code, line.name_fr, line.name_en, line.chair_minutes, line.doctor_minutes)
            for line in lines
        )
        found[row.id] = TypeFacts(
            row.buffer_minutes, bool(row.is_emergency), charge, done, row.effect is VisitEffect.START
        )
    return found


def _priorities(read: Reading, lines: Iterable[VisitLine]) -> dict[str, str]:
    ids = [line.id for line in lines]
    statement = select(VisitPriority.appointment_id, VisitPriority.reason).where(
        VisitPriority.appointment_id.in_(ids), VisitPriority.ended_at.is_(None)
    )
    return {row.appointment_id: row.reason for row in read.execute(statement)}


def _own_states(read: Reading, lines: Iterable[VisitLine]) -> dict[str, OwnMark]:
    row, kept = OwnState, VisitOwnState
    statement = (
        select(kept.appointment_id, row.id, row.stage, row.name_fr, row.name_en, row.colour)
        .join(row, row.id == kept.own_state_id)
        .where(kept.appointment_id.in_([line.id for line in lines]), row.withdrawn_at.is_(None))
    )
    rows: Iterable[Any] = read.execute(statement)
    return {each[0]: OwnMark(*each[1:]) for each in rows}


def _paused(read: Reading, ids: Collection[str]) -> dict[str, datetime]:
    statement = select(AppointmentState.id, AppointmentState.paused_at).where(AppointmentState.id.in_(list(ids)))
    return {row.id: row.paused_at for row in read.execute(statement) if row.paused_at is not None} if ids else {}


def _facts(standing: Iterable[Happened], paused_at: datetime | None) -> VisitFacts:
    events = list(standing)
    return VisitFacts(
        paused_at,
        tuple(event.kind for event in events if (event.detail or {}).get("inferred")),
        tuple(event.kind for event in events if event.corrects_id is not None),
    )


def _visit(
    line: VisitLine, standing: Iterable[Happened], facts: VisitFacts, kind: TypeFacts, urgent: bool, learnt: Learnt
) -> DayVisit:
    events = list(standing)
    counts = Counter(event.kind for event in events)
    told = [(event.detail or {}).get("minutes", 0) for event in events if event.kind is EventKind.RUNNING_LATE]

    def minute(at: datetime | None) -> int | None:
        return None if at is None else whole_minute(at)

    assert line.starts_at is not None
    return DayVisit(
        line.id, line.operatory_id, whole_minute(line.starts_at), line.segments,
        expected_minutes(learnt.get(line.type_id), line.segments), line.equipment_id, kind.cleaning,
        urgent or kind.is_emergency, line.status, line.flow, line.doctor, minute(line.arrived_at),
        minute(line.seated_at), line.seated_operatory_id or line.operatory_id, minute(line.doctor_here_at),
        minute(line.doctor_left_at), counts[EventKind.DOCTOR_LEFT], minute(facts.paused_at),
        line.paused_seconds // 60, freed_at(events), int(told[-1]) if told else 0,
    )  # fmt: skip


def _resources(roster: Roster) -> tuple[tuple[DayChair, ...], tuple[DayPerson, ...], tuple[DayDevice, ...]]:
    people = tuple(
        DayPerson(
            person.id, person.kind, tuple(roster.shifts.get(person.id, ())),
            (*roster.breaks.get(person.id, ()), *roster.absences.get(person.id, ())),
        )
        for person in roster.people.values()
    )  # fmt: skip
    chairs = tuple(DayChair(chair.id, bool(chair.virtual), chair.kind.value) for chair in roster.chairs.values())
    return chairs, people, tuple(DayDevice(device.id, device.down) for device in roster.devices.values())

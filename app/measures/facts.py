"""What a day says to its figures: the visits with their times, and when chairs and doctors could work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import select

from app.core.ids import ClinicId
from app.journal.queries import Reading
from app.practice.calendar import ClinicCalendar
from app.practice.local_time import from_minute, whole_minute
from app.practice.roster import Roster, load_roster
from app.practice.spans import Span, common, length, union
from app.practice.vocabulary import HANDS, OperatoryKind, ProviderKind
from app.scheduling.fold import OCCUPYING
from app.scheduling.model import Appointment, AppointmentState
from app.scheduling.segments import minutes_of, segments_from
from app.scheduling.vocabulary import AppointmentId, SegmentKind


@dataclass(frozen=True, slots=True)
class VisitTimes:
    """A visit; times are minutes since 1970, `doctor` the minutes of the doctor, `planned_doctor` those booked."""

    id: AppointmentId
    chair: str | None
    status: str
    flow: str
    start: int
    minutes: int
    planned_doctor: int
    arrived: int | None
    seated: int | None
    called: int | None
    here: int | None
    doctor_left: int | None
    doctor: int
    completed: int | None
    gone: int | None


@dataclass(frozen=True, slots=True)
class DayFacts:
    """A day until a moment. `staffed` are the minutes in which chairs are open and have hands, `doctors` those of the
    doctors' shifts; `chairs` are the real chairs."""

    on: date
    visits: tuple[VisitTimes, ...]
    chairs: tuple[str, ...]
    openings: tuple[Span, ...]
    staffed: int
    staffed_whole: int
    doctors: int
    until: int

    def seated_span(self, visit: VisitTimes) -> Span | None:
        """The minutes at the chair until the moment, while the clinic is open."""
        if visit.seated is None:
            return None
        return visit.seated, min(self.until, visit.completed if visit.completed is not None else self.until)


def load_facts(read: Reading, calendar: ClinicCalendar, on: date, now: int) -> DayFacts:
    """The facts of a day of a clinic; of one that is not over, until now."""
    span = calendar.day(on)
    until = min(now, span[1])
    roster = load_roster(read, calendar.clinic_id, span)
    openings = tuple(calendar.openings(on))
    chairs = tuple(
        chair.id
        for chair in roster.chairs.values()
        if not chair.virtual
        and chair.kind is OperatoryKind.CHAIR
        and (chair.retired_on is None or chair.retired_on > on)
    )
    passed = common(openings, [(span[0], until)])
    doctors = sum(
        length(common(roster.present(person.id), [(span[0], until)]))
        for person in roster.people.values()
        if person.kind is ProviderKind.DOCTOR
    )
    return DayFacts(
        on, tuple(as_of(visit, until) for visit in _visits(read, calendar.clinic_id, span)), chairs,
        openings, staffed_minutes(roster, passed, len(chairs)),
        staffed_minutes(roster, openings, len(chairs)), doctors, until,
    )  # fmt: skip


def as_of(visit: VisitTimes, until: int) -> VisitTimes:
    """A visit as it stood at a moment of its day: what came later has not happened yet."""
    if visit.start <= until and (visit.gone or visit.completed or 0) <= until:
        return visit
    later: dict[str, Any] = {
        name: None
        for name in ("arrived", "seated", "called", "here", "doctor_left", "completed", "gone")
        if (getattr(visit, name) or 0) > until
    }
    over = visit.status == "kept" and "completed" not in later
    missed = visit.status == "missed" and visit.start <= until
    status = visit.status if over or missed else "scheduled"
    return replace(visit, status=status, doctor=0 if "doctor_left" in later else visit.doctor, **later)


def staffed_minutes(roster: Roster, openings: Iterable[Span], chairs: int) -> int:
    """Chair minutes of the openings for which there are hands: never more chairs at once than assistants at work.

    Where no assistant has a shift at all, every chair counts.
    """
    present = [roster.present(person.id) for person in roster.people.values() if person.kind in HANDS]
    spans = [span for each in present for span in each]
    if not spans:
        return chairs * length(openings)
    total = 0
    for start, end in union(openings):
        cuts = sorted({start, end, *(edge for span in spans for edge in span if start < edge < end)})
        for first, last in pairwise(cuts):
            hands = sum(1 for span in spans if span[0] <= first and last <= span[1])
            total += min(chairs, hands) * (last - first)
    return total


def _minute(at: datetime | None) -> int | None:
    return None if at is None else whole_minute(at)


def _visits(read: Reading, clinic_id: ClinicId, span: Span) -> tuple[VisitTimes, ...]:
    state = AppointmentState
    columns = (
        Appointment.id, Appointment.operatory_id, Appointment.minutes, Appointment.segments, state.status, state.flow,
        state.starts_at, state.arrived_at, state.seated_at, state.seated_operatory_id, state.doctor_needed_at,
        state.doctor_here_at, state.doctor_left_at, state.doctor_seconds, state.completed_at, state.left_at,
    )  # fmt: skip
    statement = (
        select(*columns)
        .join(state, state.id == Appointment.id)
        .where(
            Appointment.clinic_id == clinic_id, state.starts_at >= from_minute(span[0]),
            state.starts_at < from_minute(span[1]), state.status.in_([*sorted(OCCUPYING), "missed"]),
        )
        .order_by(state.starts_at, Appointment.id)
    )  # fmt: skip
    return tuple(_visit(row) for row in read.execute(statement))


def _visit(row: Any) -> VisitTimes:
    planned = minutes_of(segments_from(row.segments, row.minutes), SegmentKind.DOCTOR)
    return VisitTimes(
        row.id, row.seated_operatory_id or row.operatory_id, row.status, row.flow, whole_minute(row.starts_at),
        row.minutes, planned, _minute(row.arrived_at), _minute(row.seated_at), _minute(row.doctor_needed_at),
        _minute(row.doctor_here_at), _minute(row.doctor_left_at), (row.doctor_seconds + 30) // 60,
        _minute(row.completed_at), _minute(row.left_at),
    )  # fmt: skip

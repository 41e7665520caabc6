"""All that one look at the schedule needs, in one answer: chairs, people, hours, visits, free time, load."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import or_, select

from app.core.i18n import N_
from app.core.ids import ClinicId, PatientId
from app.journal.commands import query
from app.journal.queries import Reading
from app.journal.settings_store import value_of
from app.patients.model import Alert
from app.patients.vocabulary import AlertSeverity
from app.practice.calendar import ClinicCalendar, load_calendar
from app.practice.local_time import from_minute, whole_minute
from app.practice.model import Absence, Clinic, Operatory, Provider, Shift, ShiftBreak
from app.practice.spans import Span, union, without
from app.practice.vocabulary import NEVER_BOOKED, BreakKind, OperatoryId, OperatoryKind, ProviderId, ProviderKind
from app.scheduling.fold import OCCUPYING
from app.scheduling.model import Appointment, AppointmentState, AppointmentType
from app.scheduling.occupancy import Booked, booked_as
from app.scheduling.permissions import SEE_SCHEDULE
from app.scheduling.queries.schedule import LoadLine, VisitLine, load_of, visit_lines
from app.scheduling.settings import GRID_MINUTES
from app.scheduling.templating import Kept, Templates, load_templates
from app.scheduling.vocabulary import LabState

MOST_DAYS: Final = 14
LEAST_GAP: Final = 15
"""Minutes under which free time of a chair is not worth a mention."""
OFF: Final = frozenset({"cancelled", "cancelled_late", "deleted"})
NEW, ALERT, LAB, PREP = "new", "alert", "lab", "prep"


@dataclass(frozen=True, slots=True)
class BoardClinic:
    """A clinic that can be looked at."""

    id: ClinicId
    name: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class BoardChair:
    """A chair, room or virtual column."""

    id: OperatoryId
    name: str
    short_name: str
    kind: OperatoryKind
    virtual: bool


@dataclass(frozen=True, slots=True)
class BoardPerson:
    """Somebody who treats, with the presence here; spans are minutes since 1970. `meals` are some of the breaks."""

    id: ProviderId
    name: str
    kind: ProviderKind
    shifts: tuple[Span, ...]
    breaks: tuple[Span, ...]
    meals: tuple[Span, ...]
    absences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Free minutes of a chair while the clinic is open, since 1970."""

    operatory_id: OperatoryId
    span: Span


@dataclass(frozen=True, slots=True)
class BoardDay:
    """One calendar day. Spans are minutes since 1970, so that a day of 23 or 25 hours is as long as it is.

    `reason` says why it is closed (a msgid when it is a holiday); `kept` is what the template keeps, by chair.
    """

    on: date
    span: Span
    openings: tuple[Span, ...]
    reason: str
    kept: Mapping[OperatoryId, tuple[Kept, ...]]
    load: tuple[LoadLine, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """Some days of a clinic. `marks` are codes of what is to be known of a visit: new, alert, lab, prep."""

    clinic: BoardClinic
    clinics: tuple[BoardClinic, ...]
    now: int
    grid_minutes: int
    days: tuple[BoardDay, ...]
    chairs: tuple[BoardChair, ...]
    people: tuple[BoardPerson, ...]
    visits: tuple[VisitLine, ...]
    marks: Mapping[str, tuple[str, ...]]


@query(permission=SEE_SCHEDULE, label=N_("The schedule as it is drawn"))
def schedule_board(
    read: Reading, clinic_id: ClinicId | None = None, on: date | None = None, days: int = 1, cancelled: bool = False
) -> Board | None:
    """Some days of a clinic as a screen draws them; the first clinic unless one is named, None when there is none."""
    clinics = _clinics(read)
    clinic = next((item for item in clinics if item.id == clinic_id), clinics[0] if clinics else None)
    if clinic is None:
        return None
    calendar = load_calendar(read, clinic.id)
    first = on or calendar.date_of(whole_minute(read.now))
    dates = [first + timedelta(days=ahead) for ahead in range(min(max(days, 1), MOST_DAYS))]
    span = (calendar.day(dates[0])[0], calendar.day(dates[-1])[1])
    start, end = from_minute(span[0]), from_minute(span[1])
    lines = visit_lines(
        read, Appointment.clinic_id == clinic.id, Appointment.starts_at >= start, Appointment.starts_at < end
    )
    lines = tuple(line for line in lines if cancelled or line.status not in OFF)
    chairs = _chairs(read, clinic.id, dates[-1])
    return Board(
        clinic, clinics, whole_minute(read.now), value_of(read, GRID_MINUTES),
        tuple(_days(read, calendar, dates, chairs, lines)), chairs,
        _people(read, clinic.id, lines, dates[0], span), lines,
        marks_of(read, lines),
    )  # fmt: skip


def _clinics(read: Reading) -> tuple[BoardClinic, ...]:
    statement = (
        select(Clinic.id, Clinic.name, Clinic.time_zone)
        .where(Clinic.withdrawn_at.is_(None), or_(Clinic.retired_on.is_(None), Clinic.retired_on > read.today))
        .order_by(Clinic.position, Clinic.id)
    )
    rows: list[Any] = list(read.execute(statement))
    return tuple(BoardClinic(*row) for row in rows)


def _chairs(read: Reading, clinic_id: ClinicId, last: date) -> tuple[BoardChair, ...]:
    names = list(BoardChair.__dataclass_fields__)
    statement = (
        select(*(getattr(Operatory, name) for name in names))
        .where(
            Operatory.clinic_id == clinic_id, Operatory.withdrawn_at.is_(None),
            or_(Operatory.retired_on.is_(None), Operatory.retired_on > last),
        )
        .order_by(Operatory.position, Operatory.id)
    )  # fmt: skip
    rows: list[Any] = list(read.execute(statement))
    return tuple(BoardChair(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class _Presence:
    """Who is here when, by provider."""

    shifts: Mapping[str, list[Span]]
    breaks: Mapping[str, list[Span]]
    meals: Mapping[str, list[Span]]
    absences: Mapping[str, list[Span]]


def _presence(read: Reading, clinic_id: ClinicId, span: Span) -> _Presence:
    start, end = from_minute(span[0]), from_minute(span[1])
    here = (Shift.clinic_id == clinic_id, Shift.withdrawn_at.is_(None))
    shifts = select(Shift.provider_id, Shift.starts_at, Shift.ends_at).where(
        *here, Shift.starts_at < end, Shift.ends_at > start
    )
    breaks = (
        select(Shift.provider_id, ShiftBreak.starts_at, ShiftBreak.ends_at, ShiftBreak.kind)
        .join(Shift, Shift.id == ShiftBreak.shift_id)
        .where(*here, ShiftBreak.withdrawn_at.is_(None), ShiftBreak.starts_at < end, ShiftBreak.ends_at > start)
    )
    away = select(Absence.provider_id, Absence.starts_at, Absence.ends_at).where(
        Absence.withdrawn_at.is_(None), Absence.starts_at < end, Absence.ends_at > start
    )
    pauses: list[Any] = list(read.execute(breaks))
    meals = [row for row in pauses if row.kind is BreakKind.MEAL]
    rows: list[Any] = list(read.execute(shifts))
    return _Presence(_spans(rows), _spans(pauses), _spans(meals), _spans(list(read.execute(away))))


def _spans(rows: list[Any]) -> dict[str, list[Span]]:
    found: dict[str, list[Span]] = {}
    for row in rows:
        found.setdefault(row.provider_id, []).append((whole_minute(row.starts_at), whole_minute(row.ends_at)))
    return {owner: union(spans) for owner, spans in found.items()}


def _people(
    read: Reading, clinic_id: ClinicId, lines: Iterable[VisitLine], first: date, span: Span
) -> tuple[BoardPerson, ...]:
    """Those who can be booked and work here on one of the days, and who is booked; doctors first."""
    booked = {part.provider_id for line in lines for part in line.segments}
    here = _presence(read, clinic_id, span)
    statement = (
        select(Provider.id, Provider.name, Provider.kind, Provider.ended_on)
        .where(Provider.withdrawn_at.is_(None))
        .order_by(Provider.position, Provider.id)
    )
    people = [
        BoardPerson(
            row.id, row.name, row.kind,
            *(tuple(spans.get(row.id, ())) for spans in (here.shifts, here.breaks, here.meals, here.absences)),
        )
        for row in read.execute(statement)
        if row.id in booked
        or (
            row.kind not in NEVER_BOOKED
            and row.id in here.shifts
            and (row.ended_on is None or row.ended_on > first)
        )
    ]  # fmt: skip
    return tuple(sorted(people, key=lambda person: person.kind is not ProviderKind.DOCTOR))


def _booked(read: Reading, lines: Iterable[VisitLine]) -> list[Booked]:
    """The visits as they take minutes, out of the lines that were read anyway."""
    rows: Iterable[Any] = read.execute(select(AppointmentType.id, AppointmentType.buffer_minutes))
    buffers = {row.id: row.buffer_minutes for row in rows}
    return [booked_as(line, buffers[line.type_id]) for line in lines if line.status in OCCUPYING and line.starts_at]


def _days(
    read: Reading, calendar: ClinicCalendar, dates: list[date], chairs: tuple[BoardChair, ...],
    lines: Iterable[VisitLine],
) -> Iterable[BoardDay]:  # fmt: skip
    templates = load_templates(read, calendar.clinic_id)
    booked = _booked(read, lines)
    ids = {chair.id for chair in chairs}
    now = whole_minute(read.now)
    for on in dates:
        span = calendar.day(on)
        here = [visit for visit in booked if visit.span[0] < span[1] and visit.span[1] + visit.buffer > span[0]]
        openings = tuple(calendar.openings(on))
        yield BoardDay(
            on, span, openings, calendar.reason_closed(on), _kept(templates, calendar, on, chairs),
            load_of(here, ids, span, 5), tuple(_gaps(here, openings, chairs, now)),
        )  # fmt: skip


def _kept(
    templates: Templates, calendar: ClinicCalendar, on: date, chairs: tuple[BoardChair, ...]
) -> dict[OperatoryId, tuple[Kept, ...]]:
    found = ((chair.id, tuple(templates.kept(calendar, on, chair.id))) for chair in chairs)
    return {chair_id: kept for chair_id, kept in found if kept}


def _gaps(
    booked: Iterable[Booked], openings: tuple[Span, ...], chairs: tuple[BoardChair, ...], now: int
) -> Iterable[Gap]:
    """What is left of each real chair from now on."""
    taken: dict[str | None, list[Span]] = {}
    for visit in booked:
        taken.setdefault(visit.operatory_id, []).append((visit.span[0], visit.span[1] + visit.buffer))
    grid = -(-now // 5) * 5
    for chair in chairs:
        if chair.virtual:
            continue
        for start, end in without(openings, [*taken.get(chair.id, ()), (0, grid)]):
            if end - start >= LEAST_GAP:
                yield Gap(chair.id, (start, end))


def marks_of(read: Reading, lines: tuple[VisitLine, ...]) -> dict[str, tuple[str, ...]]:
    """What is to be known of each visit before it begins, as the codes above; visits without any are left out."""
    patients = {line.patient_id for line in lines}
    alerted, seen = _alerted(read, patients), _seen(read, patients)
    found: dict[str, tuple[str, ...]] = {}
    for line in lines:
        marks = [ALERT] if line.patient_id in alerted else []
        marks += [LAB] if line.lab_state is LabState.MUST_BE_BACK else []
        marks += [PREP] if line.needs_prep and not line.prep_done else []
        marks += [NEW] if line.patient_id not in seen and line.status != "kept" else []
        if marks:
            found[line.id] = tuple(marks)
    return found


def _alerted(read: Reading, patients: Iterable[PatientId]) -> set[str]:
    """Patients with an alert in force that staff must see before they act."""
    statement = select(Alert.patient_id).where(
        Alert.patient_id.in_(list(patients)), Alert.withdrawn_at.is_(None), Alert.ended_at.is_(None),
        Alert.severity == AlertSeverity.CRITICAL, or_(Alert.until_on.is_(None), Alert.until_on >= read.today),
    )  # fmt: skip
    return set(read.execute(statement).scalars())


def _seen(read: Reading, patients: Iterable[PatientId]) -> set[Any]:
    statement = select(AppointmentState.patient_id).where(
        AppointmentState.patient_id.in_(list(patients)), AppointmentState.status == "kept"
    )
    return set(read.execute(statement.distinct()).scalars())

"""The day as reception works through it: a list that the database pages, sorts and filters, and its figures."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import Select, and_, case, func, literal, or_, select, type_coerce

from app.core.i18n import N_
from app.core.ids import ClinicId, PatientId
from app.core.text import fold
from app.journal.commands import query
from app.journal.queries import Reading
from app.journal.records import Instant, Int
from app.journal.settings_store import value_of
from app.patients.model import Alert, PatientSearch
from app.patients.permissions import VIEW_PATIENTS
from app.patients.queries import AlertKind, AlertSeverity, chart_ids, family_of
from app.practice.calendar import load_calendar
from app.practice.local_time import from_minute
from app.practice.model import Operatory, Provider
from app.practice.vocabulary import OperatoryId, ProviderId
from app.scheduling.fold import LIVE
from app.scheduling.model import Appointment, AppointmentEvent, AppointmentState, AppointmentType
from app.scheduling.permissions import SEE_SCHEDULE
from app.scheduling.queries.schedule import VisitLine, visit_lines
from app.scheduling.settings import LATE_AFTER
from app.scheduling.vocabulary import (
    AppointmentTypeId,
    DaySort,
    EventKind,
    LabState,
    Stage,
    VisitEffect,
)

MOST_ROWS: Final = 500
OFF: Final = ("cancelled", "cancelled_late")


@dataclass(frozen=True, slots=True)
class DayAlert:
    """An alert that stands today."""

    kind: AlertKind
    severity: AlertSeverity
    text: str


@dataclass(frozen=True, slots=True)
class DayRow:
    """A visit of the day. `since` is when the present wait began; `late_minutes` what the family announced.

    `lab_missing`: a lab case that must be back is not. `unconfirmed`: the type asks for it and nobody has.
    """

    visit: VisitLine
    stage: Stage
    preferred_name: str | None
    born_on: date | None
    phone: str | None
    responsible: str | None
    operatory: str
    doctor: str
    assistant: str
    since: datetime | None
    alerts: tuple[DayAlert, ...]
    late_minutes: int | None
    lab_missing: bool
    unconfirmed: bool
    first_visit: bool


@dataclass(frozen=True, slots=True)
class DayPage:
    """One page of a day. `total` counts what the filters leave, `stages` the whole day, `next` where to go on."""

    on: date
    rows: tuple[DayRow, ...]
    total: int
    next: int | None
    stages: Mapping[Stage, int]
    unconfirmed: int


def _stage(now: datetime, late_after: int) -> Any:
    """The stage as the database computes it; late follows from the clock."""
    state = AppointmentState
    overdue = now - timedelta(minutes=late_after + 1)
    at_chair = case(
        (state.doctor.in_(["needed", "needed_first"]), Stage.NEEDED.value),
        (state.doctor == "here", Stage.HERE.value),
        else_=Stage.SEATED.value,
    )
    return case(
        (state.status.in_(OFF), Stage.CANCELLED.value),
        (state.status == "missed", Stage.MISSED.value),
        (state.flow == "gone", Stage.DONE.value),
        (state.flow.in_(["checkout", "out_deck"]), Stage.CHECKOUT.value),
        (state.flow == "paused", Stage.PAUSED.value),
        (state.flow == "seated", at_chair),
        (state.flow.in_(["arrived", "on_deck"]), Stage.WAITING.value),
        (Appointment.starts_at <= literal(overdue, Instant()), Stage.LATE.value),
        else_=Stage.EXPECTED.value,
    )


def _since(stage: Any) -> Any:
    state = AppointmentState
    return case(
        (stage == Stage.LATE.value, Appointment.starts_at),
        (stage == Stage.WAITING.value, state.arrived_at),
        (stage == Stage.NEEDED.value, state.doctor_needed_at),
        (stage == Stage.HERE.value, state.doctor_here_at),
        (stage == Stage.PAUSED.value, state.paused_at),
        (stage == Stage.SEATED.value, state.seated_at),
        (stage == Stage.CHECKOUT.value, func.coalesce(state.completed_at, state.seated_at)),
        else_=None,
    )


_ORDER: Final = {stage: place for place, stage in enumerate(Stage)}


def _sort(sort: DaySort, stage: Any, since: Any) -> list[Any]:
    columns: dict[DaySort, list[Any]] = {
        DaySort.TIME: [],
        DaySort.PATIENT: [PatientSearch.sort_key],
        DaySort.TYPE: [AppointmentType.position, AppointmentType.code],
        DaySort.CHAIR: [Operatory.position, Operatory.id],
        DaySort.PROVIDER: [Provider.position, Provider.id],
        DaySort.STAGE: [case({item.value: place for item, place in _ORDER.items()}, value=stage)],
        DaySort.WAIT: [since.is_(None), type_coerce(since, Int())],
    }
    return columns[sort]


def _unconfirmed() -> Any:
    return and_(
        AppointmentType.should_confirm.is_(True), AppointmentState.status == "scheduled",
        AppointmentState.flow == "expected",
    )  # fmt: skip


@query(permission=SEE_SCHEDULE, label=N_("List of a day"))
def day_list(
    read: Reading,
    clinic_id: ClinicId,
    on: date | None = None,
    stages: list[Stage] | None = None,
    operatory_ids: list[OperatoryId] | None = None,
    provider_ids: list[ProviderId] | None = None,
    type_ids: list[AppointmentTypeId] | None = None,
    words: str = "",
    unconfirmed: bool = False,
    sort: DaySort = DaySort.TIME,
    descending: bool = False,
    limit: int = 100,
    offset: int = 0,
) -> DayPage:
    """The visits of a day, a page at a time. An empty filter lets all pass; cancelled visits only when asked for."""
    calendar = load_calendar(read, clinic_id)
    day = on or calendar.date_of(int(read.now.timestamp()) // 60)
    first, last = calendar.day(day)
    stage = _stage(read.now, value_of(read, LATE_AFTER))
    since = _since(stage)
    chair = func.coalesce(AppointmentState.seated_operatory_id, Appointment.operatory_id)
    joined = _joined(stage, since, chair, clinic_id).where(
        Appointment.starts_at >= from_minute(first), Appointment.starts_at < from_minute(last)
    )
    statement = joined.where(*_filters(stage, chair, stages, operatory_ids, provider_ids, type_ids, words, unconfirmed))
    order = [column.desc() if descending else column for column in _sort(sort, stage, since)]
    by_time = Appointment.starts_at.desc() if descending and sort is DaySort.TIME else Appointment.starts_at
    most = min(max(limit, 1), MOST_ROWS)
    found: list[Any] = list(
        read.execute(statement.order_by(*order, by_time, Appointment.id).limit(most).offset(max(offset, 0)))
    )
    total = found[0].total if found else 0
    following = offset + most if offset + len(found) < total else None
    return DayPage(day, _rows(read, found), total, following, *_figures(read, joined))


def _joined(stage: Any, since: Any, chair: Any, clinic_id: ClinicId) -> Select[*tuple[Any, ...]]:
    """The visits of a clinic with what is counted, sorted and filtered."""
    return (
        select(
            Appointment.id, stage.label("stage"), type_coerce(since, Instant()).label("since"),
            AppointmentType.effect, _unconfirmed().label("unconfirmed"), func.count().over().label("total"),
        )
        .join(AppointmentState, AppointmentState.id == Appointment.id)
        .join(AppointmentType, AppointmentType.id == Appointment.type_id)
        .join(PatientSearch, PatientSearch.id == Appointment.patient_id)
        .outerjoin(Operatory, Operatory.id == chair)
        .outerjoin(Provider, Provider.id == Appointment.doctor_id)
        .where(Appointment.clinic_id == clinic_id)
    )  # fmt: skip


def _figures(read: Reading, joined: Select[*tuple[Any, ...]]) -> tuple[dict[Stage, int], int]:
    """How many visits stand at each stage, and how many still have to be confirmed, whatever is filtered."""
    whole = joined.subquery()
    counted = dict.fromkeys(Stage, 0)
    open_ = 0
    statement = select(
        whole.c.stage, func.count().label("n"), func.sum(type_coerce(whole.c.unconfirmed, Int())).label("open")
    )
    for row in read.execute(statement.group_by(whole.c.stage)):
        counted[Stage(row.stage)] = row.n
        open_ += int(row.open or 0)
    return counted, open_


def _filters(
    stage: Any,
    chair: Any,
    stages: Collection[Stage] | None,
    operatory_ids: Collection[OperatoryId] | None,
    provider_ids: Collection[ProviderId] | None,
    type_ids: Collection[AppointmentTypeId] | None,
    words: str,
    unconfirmed: bool,
) -> list[Any]:
    found: list[Any] = [stage.in_([item.value for item in stages]) if stages else stage != Stage.CANCELLED.value]
    if operatory_ids:
        found.append(chair.in_(list(operatory_ids)))
    if provider_ids:
        mine = list(provider_ids)
        found.append(or_(Appointment.doctor_id.in_(mine), Appointment.assistant_id.in_(mine)))
    if type_ids:
        found.append(Appointment.type_id.in_(list(type_ids)))
    if unconfirmed:
        found.append(_unconfirmed())
    found += [PatientSearch.words.contains(part, autoescape=True) for part in fold(words).split()]
    return found


def _rows(read: Reading, found: list[Any]) -> tuple[DayRow, ...]:
    ids = [row.id for row in found]
    lines = {line.id: line for line in visit_lines(read, Appointment.id.in_(ids))}
    patients = {line.patient_id for line in lines.values()}
    people = _people(read, patients)
    alerts, late = _alerts(read, patients), _announced(read, ids)
    names = {row.id: row.name for row in read.execute(select(Provider.id, Provider.name))}
    chairs = {row.id: row.name for row in read.execute(select(Operatory.id, Operatory.name))}
    rows = []
    for row in found:
        visit = lines[row.id]
        person = people[visit.patient_id]
        rows.append(
            DayRow(
                visit, Stage(row.stage), person.preferred_name, person.born_on, person.phone, person.responsible,
                chairs.get(_sits(visit) or "", ""), names.get(visit.doctor_id or "", ""),
                names.get(visit.assistant_id or "", ""), row.since, alerts.get(visit.patient_id, ()),
                late.get(visit.id), visit.lab_state is LabState.MUST_BE_BACK, bool(row.unconfirmed),
                row.effect is VisitEffect.EXAM,
            )
        )  # fmt: skip
    return tuple(rows)


def _sits(visit: VisitLine) -> OperatoryId | None:
    return visit.seated_operatory_id or visit.operatory_id


def _people(read: Reading, patients: Collection[PatientId]) -> dict[str, Any]:
    columns = (
        PatientSearch.id, PatientSearch.preferred_name, PatientSearch.born_on, PatientSearch.phone,
        PatientSearch.responsible,
    )  # fmt: skip
    statement = select(*columns).where(PatientSearch.id.in_(sorted(patients)))
    return {row.id: row for row in read.execute(statement)}


def _alerts(read: Reading, patients: Collection[PatientId]) -> dict[str, tuple[DayAlert, ...]]:
    weight = list(AlertSeverity)
    statement = select(Alert.patient_id, Alert.kind, Alert.severity, Alert.text).where(
        Alert.patient_id.in_(sorted(patients)), Alert.withdrawn_at.is_(None), Alert.ended_at.is_(None), Alert.text > "",
        or_(Alert.until_on.is_(None), Alert.until_on >= read.today),
        or_(Alert.since_on.is_(None), Alert.since_on <= read.today),
    )  # fmt: skip
    found: dict[str, list[DayAlert]] = {}
    for row in read.execute(statement.order_by(Alert.id)):
        found.setdefault(row.patient_id, []).append(DayAlert(row.kind, row.severity, row.text))
    return {key: tuple(sorted(each, key=lambda item: weight.index(item.severity))) for key, each in found.items()}


def _announced(read: Reading, ids: Collection[str]) -> dict[str, int]:
    """The last announcement of each visit that was not taken back, in minutes."""
    voided = select(AppointmentEvent.corrects_id).where(AppointmentEvent.corrects_id.is_not(None))
    statement = (
        select(AppointmentEvent.appointment_id, AppointmentEvent.detail)
        .where(
            AppointmentEvent.appointment_id.in_(list(ids)), AppointmentEvent.kind == EventKind.RUNNING_LATE,
            AppointmentEvent.id.not_in(voided),
        )
        .order_by(AppointmentEvent.recorded_at, AppointmentEvent.id)
    )  # fmt: skip
    return {row.appointment_id: int((row.detail or {}).get("minutes", 0)) for row in read.execute(statement)}


@dataclass(frozen=True, slots=True)
class Attendance:
    """How somebody keeps appointments since a day; minutes late are those of the visits that began late."""

    since_on: date
    kept: int
    missed: int
    cancelled_late: int
    cancelled: int
    late_arrivals: int
    typical_late_minutes: int


@query(permission=SEE_SCHEDULE, label=N_("Attendance of the patient"))
def attendance(read: Reading, patient_id: PatientId, months: int = 24) -> Attendance:
    """Visits kept, missed and cancelled over some months, and how often the patient came late."""
    since = read.now - timedelta(days=round(30.44 * min(max(months, 1), 240)))
    lines = visit_lines(
        read, Appointment.patient_id.in_(chart_ids(read, patient_id)), Appointment.starts_at >= since,
        Appointment.starts_at <= read.now,
    )  # fmt: skip
    counts = {status: sum(1 for line in lines if line.status == status) for status in ("kept", "missed", *OFF)}
    after = value_of(read, LATE_AFTER)
    delays = sorted(
        minutes
        for line in lines
        if line.arrived_at is not None and line.starts_at is not None
        and (minutes := int((line.arrived_at - line.starts_at).total_seconds() // 60)) > after
    )  # fmt: skip
    typical = delays[len(delays) // 2] if delays else 0
    return Attendance(
        read.clock.day_of(since), counts["kept"], counts["missed"], counts["cancelled_late"], counts["cancelled"],
        len(delays), typical,
    )  # fmt: skip


@query(permission=SEE_SCHEDULE, label=N_("Visits of the family"))
def family_visits(read: Reading, patient_id: PatientId) -> tuple[VisitLine, ...]:
    """The visits to come, and those of today, of brothers and sisters, by time."""
    read.require(VIEW_PATIENTS)
    siblings = [sibling.id for sibling in family_of.function(read, patient_id).siblings]
    today = datetime.combine(read.today, time(), read.clock.zone)
    return visit_lines(
        read, Appointment.patient_id.in_(siblings), Appointment.starts_at >= today,
        AppointmentState.status.in_(sorted({*LIVE, "kept"})),
    )  # fmt: skip

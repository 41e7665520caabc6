"""The state of each appointment, computed from its events in the transaction that wrote them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import BindParameter, ColumnElement, bindparam, case, func, select

from app.core.clock import from_millis
from app.journal.changes import ChangeSet
from app.journal.projections import chunks, projection
from app.journal.queries import Reading
from app.scheduling.fold import LIVE, Happened, Visit, fold
from app.scheduling.model import Appointment, AppointmentEvent, AppointmentState, AppointmentType, VisitSummary
from app.scheduling.vocabulary import EventKind, VisitEffect

BATCH = 400
TIMES = (
    "confirmed", "arrived", "seated", "doctor_needed", "doctor_here", "doctor_left", "completed", "left", "ended",
    "paused",
)  # fmt: skip
COUNTS = (
    "status", "flow", "doctor", "seated_operatory_id", "pause_reason", "paused_seconds", "doctor_seconds", "moves",
    "reason_id", "last_event_id", "ineffective",
)  # fmt: skip
_KINDS: Final = {kind.value: kind for kind in EventKind}
_decode: Final = msgspec.json.Decoder().decode


def _encode(ids: Sequence[str]) -> str:
    return msgspec.json.encode(ids).decode()


def _touched(changes: ChangeSet) -> Collection[str]:
    return changes.ids("appointment") | changes.ids("appointment_event")


def _appointments_of_events(read: Reading, keys: Collection[str]) -> Collection[str]:
    found: set[str] = set()
    statement = "SELECT appointment_id FROM appointment_event WHERE id IN (SELECT value FROM json_each(:keys))"
    for part in chunks(keys, BATCH):
        found.update(row[0] for row in read.sql(statement, keys=_encode(part)))
    return found


@projection(target=AppointmentState, of=(Appointment, AppointmentEvent), keys=_touched, related=_appointments_of_events)
def appointment_states(read: Reading, keys: Collection[str] | None) -> Iterable[dict[str, Any]]:
    """One row for each appointment that was not withdrawn."""
    columns = (
        Appointment.id, Appointment.patient_id, Appointment.type_id, Appointment.clinic_id, Appointment.starts_at,
        Appointment.minutes,
    )  # fmt: skip
    statement = select(*columns).where(Appointment.withdrawn_at.is_(None)).order_by(Appointment.id)
    if keys is not None:
        statement = statement.where(Appointment.id.in_(keys))
    for part in chunks(read.execute(statement).all(), BATCH):
        events = events_of(read, [row.id for row in part])
        for row in part:
            yield _row(row, fold(events.get(row.id, ())))


def events_of(read: Reading, appointment_ids: Collection[str]) -> dict[str, list[Happened]]:
    """The events of appointments, as the fold reads them."""
    found: dict[str, list[Happened]] = defaultdict(list)
    for owner, key, kind, at, recorded_at, chair, reason, detail, corrects in read.sql(
        "SELECT appointment_id, id, kind, at, recorded_at, operatory_id, reason_id, detail, corrects_id"
        " FROM appointment_event WHERE appointment_id IN (SELECT value FROM json_each(:keys))",
        keys=_encode(list(appointment_ids)),
    ):
        happened = Happened(
            key, _KINDS[kind], from_millis(at), from_millis(recorded_at), chair, reason,
            _decode(detail) if detail else None, corrects,
        )  # fmt: skip
        found[owner].append(happened)
    return found


def _row(row: Any, visit: Visit) -> dict[str, Any]:
    ends_at = None if row.starts_at is None else row.starts_at + timedelta(minutes=row.minutes)
    return {
        "id": row.id,
        "patient_id": row.patient_id,
        "type_id": row.type_id,
        "clinic_id": row.clinic_id,
        "starts_at": row.starts_at,
        "ends_at": ends_at,
        **{f"{name}_at": visit.times.get(name) for name in TIMES},
        **{name: getattr(visit, name) for name in COUNTS},
    }


# -- what a chart's visits come to -----------------------------------------------------------------------------------
_KEYS: Final[BindParameter[list[str]]] = bindparam("keys", expanding=True)


def _last(where: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.max(case((where, AppointmentState.starts_at)))


def _last_kept(*effects: VisitEffect) -> ColumnElement[Any]:
    return _last((AppointmentState.status == "kept") & AppointmentType.effect.in_(effects))


LATER: Final = (VisitEffect.START, VisitEffect.OBSERVATION, VisitEffect.DEBAND, VisitEffect.RETENTION)
_SUMMARIES: Final = (
    select(
        AppointmentState.patient_id.label("id"),
        _last_kept(VisitEffect.START).label("start_at"),
        _last_kept(VisitEffect.DEBAND).label("end_at"),
        _last_kept(VisitEffect.EXAM).label("exam_at"),
        _last_kept(*LATER).label("later_at"),
        _last(AppointmentState.status == "kept").label("seen_at"),
        _last(AppointmentState.status == "missed").label("missed_at"),
        _last(AppointmentState.status.in_(sorted(LIVE))).label("booked_until"),
    )
    .join(AppointmentType, AppointmentType.id == AppointmentState.type_id)
    .group_by(AppointmentState.patient_id)
)
_MISSED: Final = (
    select(AppointmentState.patient_id, AppointmentState.id)
    .where(AppointmentState.status == "missed", AppointmentState.starts_at.is_not(None))
    .order_by(AppointmentState.starts_at, AppointmentState.id)
)
_SUMMARIES_OF: Final = _SUMMARIES.where(AppointmentState.patient_id.in_(_KEYS))
_MISSED_OF: Final = _MISSED.where(AppointmentState.patient_id.in_(_KEYS))
_HAVING_TYPE: Final = select(AppointmentState.patient_id).where(AppointmentState.type_id.in_(_KEYS)).distinct()


def _charts(changes: ChangeSet) -> Collection[str]:
    return changes.subjects | changes.ids("appointment_type")


def _charts_of_types(read: Reading, keys: Collection[str]) -> Collection[str]:
    found: set[str] = set()
    for part in chunks(sorted(keys), BATCH):
        found.update(read.execute(_HAVING_TYPE, {"keys": part}).scalars())
    return found


@projection(
    target=VisitSummary,
    of=(Appointment, AppointmentEvent, AppointmentType),
    keys=_charts,
    related=_charts_of_types,
    columns={AppointmentType: ("effect",)},
)
def visit_summaries(read: Reading, keys: Collection[str] | None) -> Iterable[dict[str, Any]]:
    """One row for each chart with visits, out of their states, which are brought up before it."""
    given = {} if keys is None else {"keys": list(keys)}
    missed = {row.patient_id: row.id for row in read.execute(_MISSED if keys is None else _MISSED_OF, given)}
    for row in read.execute(_SUMMARIES if keys is None else _SUMMARIES_OF, given):
        values = dict(row._mapping)
        yield values | {"stage": stage_of(row.start_at, row.end_at), "missed_id": missed.get(row.id)}


def stage_of(start: datetime | None, end: datetime | None) -> str:
    """Where somebody stands whose appliances went on and came off last at these instants."""
    if end is not None and (start is None or end >= start):
        return "retention"
    return "before" if start is None else "treatment"

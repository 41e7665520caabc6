"""The state of each appointment, computed from its events in the transaction that wrote them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import select

from app.core.clock import from_millis
from app.journal.changes import ChangeSet
from app.journal.projections import chunks, projection
from app.journal.queries import Reading
from app.scheduling.fold import Happened, Visit, fold
from app.scheduling.model import Appointment, AppointmentEvent, AppointmentState
from app.scheduling.vocabulary import EventKind

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

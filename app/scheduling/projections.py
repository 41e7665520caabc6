"""The state of each appointment, computed from its events in the transaction that wrote them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.journal.changes import ChangeSet
from app.journal.projections import chunks, projection
from app.journal.queries import Reading
from app.scheduling.fold import Happened, Visit, fold
from app.scheduling.model import Appointment, AppointmentEvent, AppointmentState

BATCH = 400
TIMES = (
    "confirmed", "arrived", "seated", "doctor_needed", "doctor_here", "doctor_left", "completed", "left", "ended",
    "paused",
)  # fmt: skip
COUNTS = (
    "status", "flow", "doctor", "seated_operatory_id", "pause_reason", "paused_seconds", "doctor_seconds", "moves",
    "reason_id", "last_event_id", "ineffective",
)  # fmt: skip


def _touched(changes: ChangeSet) -> Collection[str]:
    return changes.ids("appointment") | changes.ids("appointment_event")


def _appointments_of_events(read: Reading, keys: Collection[str]) -> Collection[str]:
    found: set[str] = set()
    for part in chunks(keys, BATCH):
        statement = select(AppointmentEvent.appointment_id).where(AppointmentEvent.id.in_(part))
        found.update(read.execute(statement).scalars())
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
    names = list(Happened.__dataclass_fields__)
    columns = [getattr(AppointmentEvent, name) for name in names]
    found: dict[str, list[Happened]] = defaultdict(list)
    statement = select(AppointmentEvent.appointment_id, *columns).where(
        AppointmentEvent.appointment_id.in_(appointment_ids)
    )
    rows: Iterable[Any] = read.execute(statement)
    for owner, *values in rows:
        found[owner].append(Happened(*values))
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

"""Visits that two workstations placed apart on one chair, one person or one device: both stand, people decide."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from app.core.ids import ClinicId
from app.journal.detectors import Arrived, Finding, detector
from app.journal.queries import Reading
from app.practice.local_time import whole_minute
from app.scheduling.conflicts import Conflict, find_conflicts
from app.scheduling.fold import LIVE
from app.scheduling.model import Appointment, AppointmentState
from app.scheduling.rules import PLACES, TWICE
from app.scheduling.scene import Proposal, load_scene
from app.scheduling.segments import segments_from
from app.scheduling.visit_types import type_of
from app.scheduling.vocabulary import DOUBLE_BOOKING, Severity


@detector(DOUBLE_BOOKING, of=(Appointment,))
def double_booking(read: Reading, arrived: Arrived) -> Iterable[Finding]:
    """One finding for each other visit that the one which has arrived is in the way of."""
    if PLACES.isdisjoint(arrived.after):
        return
    row = _placed(read, arrived.key)
    if row is None:
        return
    found: dict[str, list[Conflict]] = {}
    for conflict in _conflicts(read, row):
        if conflict.kind in TWICE and conflict.with_appointment_id and conflict.severity is not Severity.WARNING:
            found.setdefault(conflict.with_appointment_id, []).append(conflict)
    for other_id, conflicts in found.items():
        other = _placed(read, other_id)
        if other is None or all(c.kind.value in (row.allowed or ()) for c in conflicts):
            continue
        details = {
            "visits": [row.id, other.id], "kinds": sorted({c.kind.value for c in conflicts}),
            "devices": [arrived.device, _device_of(read, other.id)], "actor": arrived.actor,
        }  # fmt: skip
        yield Finding(DOUBLE_BOOKING, "appointment", row.id, row.patient_id, (row.id, other.id), details)


def _placed(read: Reading, appointment_id: str) -> Any:
    """A visit that has a place and is not over; None otherwise."""
    columns = [column for column in Appointment.__table__.c if column.name != "note"]
    return read.execute(
        select(*columns)
        .join(AppointmentState, AppointmentState.id == Appointment.id)
        .where(
            Appointment.id == appointment_id, AppointmentState.status.in_(sorted(LIVE)),
            Appointment.starts_at.is_not(None), Appointment.operatory_id.is_not(None),
            AppointmentState.ends_at > read.now,
        )
    ).first()  # fmt: skip


def _conflicts(read: Reading, row: Any) -> tuple[Conflict, ...]:
    start = whole_minute(row.starts_at)
    scene = load_scene(read, ClinicId(row.clinic_id), (start, start + row.minutes))
    proposal = Proposal(
        row.patient_id, type_of(read, row.type_id), row.operatory_id, start, segments_from(row.segments, row.minutes),
        row.equipment_id, row.id,
    )  # fmt: skip
    return find_conflicts(scene, proposal)


def _device_of(read: Reading, appointment_id: str) -> str:
    """The workstation that wrote a visit last."""
    rows = read.sql(
        "SELECT o.device FROM change c JOIN operation o ON o.n = c.operation"
        " WHERE c.tbl = 'appointment' AND c.pk = :it ORDER BY o.n DESC LIMIT 1",
        it=appointment_id,
    )
    return str(rows[0][0]) if rows else ""

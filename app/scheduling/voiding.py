"""Taking back and correcting events: the row stays, a later row says that it does not count."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.core.clock import from_millis
from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.journal.transaction import Transaction
from app.scheduling.events import AppointmentCorrected
from app.scheduling.fold import Happened, effective, fold
from app.scheduling.happening import living_appointment, visit_of
from app.scheduling.model import Appointment, AppointmentEvent
from app.scheduling.moments import check_corrected
from app.scheduling.placing import placement, revised
from app.scheduling.vocabulary import AppointmentEventId, EventKind, LabState


def void_event(tx: Transaction, event_id: AppointmentEventId, note: str | None) -> None:
    """Add the row that takes an event back; refused when later events build on it."""
    event, appointment = _standing(tx, event_id)
    if event.kind is EventKind.MADE:
        raise RuleViolation(N_("A booking is withdrawn, not taken back."), field="event_id")
    if event.kind is EventKind.MOVED:
        _move_back(tx, appointment, event.detail or {})
    _correct(tx, event, appointment, EventKind.VOIDED, event.at, note)


def correct_time(tx: Transaction, event_id: AppointmentEventId, at: datetime, note: str | None) -> AppointmentEventId:
    """Add the row that stands in the place of an event, at another moment."""
    event, appointment = _standing(tx, event_id)
    if at > tx.now:
        raise RuleViolation(N_("This moment is in the future."), field="at")
    check_corrected(visit_of(tx, appointment.id)[0], event_id, at, appointment.starts_at)
    return _correct(tx, event, appointment, event.kind, at, note)


def _standing(tx: Transaction, event_id: str) -> tuple[AppointmentEvent, Appointment]:
    event = tx.get(AppointmentEvent, event_id)
    appointment = living_appointment(tx, event.appointment_id)
    events, _visit = visit_of(tx, appointment.id)
    if event_id not in {item.id for item in effective(events)}:
        raise RuleViolation(N_("This was already taken back or corrected."), field="event_id")
    return event, appointment


def _move_back(tx: Transaction, appointment: Appointment, detail: dict[str, Any]) -> None:
    before, after = detail.get("before"), detail.get("after")
    if not before or not after or _as_kept(appointment, after) != after:
        raise RuleViolation(N_("The appointment was moved again since."), field="event_id")
    starts_at = before["starts_at"]
    appointment.starts_at = None if starts_at is None else from_millis(starts_at)
    for name, value in before.items():
        if name != "starts_at":
            setattr(appointment, name, LabState(value) if name == "lab_state" else value)


def _as_kept(appointment: Appointment, after: dict[str, Any]) -> dict[str, Any]:
    """Where it stands now, with what else the event keeps of it."""
    now = {**placement(appointment), **revised(appointment)}
    return {name: now[name] for name in after}


def _correct(
    tx: Transaction, event: AppointmentEvent, appointment: Appointment, kind: EventKind, at: datetime, note: str | None
) -> AppointmentEventId:
    events, before = visit_of(tx, appointment.id)
    row = tx.add(
        AppointmentEvent(
            appointment_id=appointment.id, patient_id=appointment.patient_id, kind=kind, at=at, recorded_at=tx.now,
            by=tx.actor.id, operatory_id=event.operatory_id, provider_id=event.provider_id,
            reason_id=event.reason_id, note=note, detail=event.detail if kind is not EventKind.VOIDED else {},
            previous_id=before.last_event_id, corrects_id=event.id,
        )
    )  # fmt: skip
    happened = Happened(row.id, kind, at, tx.now, event.operatory_id, event.reason_id, row.detail, corrects_id=event.id)
    if fold([*events, happened]).ineffective > before.ineffective:
        raise RuleViolation(N_("Later events build on this one: take those back first."), field="event_id")
    tx.record(AppointmentCorrected(appointment.patient_id, appointment.id, event.id))
    return row.id

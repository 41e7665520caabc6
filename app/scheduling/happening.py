"""Writing an appointment event, if the state tables allow it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.ids import PatientId
from app.journal.events import DomainEvent
from app.journal.transaction import Transaction
from app.practice.states import Machine, state
from app.practice.vocabulary import OperatoryId, ProviderId
from app.scheduling.events import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentCompleted,
    AppointmentConfirmed,
    AppointmentMoved,
    AppointmentNoShow,
    AppointmentReinstated,
    DoctorArrived,
    DoctorNeeded,
    PatientCheckedIn,
    PatientLeft,
    PatientSeated,
)
from app.scheduling.fold import OPEN, Happened, Visit, fold
from app.scheduling.model import Appointment, AppointmentEvent, VisitReason
from app.scheduling.moments import check_typed
from app.scheduling.projections import events_of
from app.scheduling.vocabulary import (
    EVENT_LABELS,
    AppointmentEventId,
    AppointmentId,
    AppointmentTypeId,
    EventKind,
    ReasonId,
    ReasonKind,
)

ANNOUNCED: Final[dict[EventKind, Callable[[PatientId, AppointmentId, AppointmentTypeId, datetime], DomainEvent]]] = {
    EventKind.MADE: AppointmentBooked,
    EventKind.MOVED: AppointmentMoved,
    EventKind.CONFIRMED: AppointmentConfirmed,
    EventKind.CANCELLED: AppointmentCancelled,
    EventKind.CANCELLED_LATE: AppointmentCancelled,
    EventKind.MISSED: AppointmentNoShow,
    EventKind.REINSTATED: AppointmentReinstated,
    EventKind.ARRIVED: PatientCheckedIn,
    EventKind.SEATED: PatientSeated,
    EventKind.DOCTOR_NEEDED: DoctorNeeded,
    EventKind.DOCTOR_NEEDED_FIRST: DoctorNeeded,
    EventKind.DOCTOR_ARRIVED: DoctorArrived,
    EventKind.COMPLETED: AppointmentCompleted,
    EventKind.LEFT: PatientLeft,
}


def living_appointment(tx: Transaction, appointment_id: str) -> Appointment:
    """An appointment that was not withdrawn."""
    found = tx.get(Appointment, appointment_id)
    if found.withdrawn_at is not None:
        raise RuleViolation(N_("This appointment was withdrawn."), field="appointment_id")
    return found


def visit_of(tx: Transaction, appointment_id: str) -> tuple[list[Happened], Visit]:
    """The events of an appointment, what this operation wrote included, and what they say."""
    tx.session.flush()
    events = events_of(tx.reading(), [appointment_id]).get(appointment_id, [])
    return events, fold(events)


def check_open(tx: Transaction, appointment_id: str) -> None:
    """What a visit was planned for stays as it was once it took place or was called off."""
    if visit_of(tx, appointment_id)[1].status not in OPEN:
        raise RuleViolation(N_("This visit is over or was called off: its length stays."), field="appointment_id")


def happen(
    tx: Transaction,
    appointment: Appointment,
    kind: EventKind,
    *,
    at: datetime | None = None,
    operatory_id: OperatoryId | None = None,
    provider_id: ProviderId | None = None,
    reason_id: ReasonId | None = None,
    note: str | None = None,
    detail: Any = None,
) -> AppointmentEventId:
    """Add an event; `RuleViolation` when the visit is not in a state from which it can happen.

    It is written down after what is known already, even where the clock of another workstation was ahead.
    """
    instant = at or tx.now
    if instant > tx.now:
        raise RuleViolation(N_("This moment is in the future."), field="at")
    events, before = visit_of(tx, appointment.id)
    if at is not None:
        check_typed(events, kind, at, appointment.starts_at)
    latest = max((earlier.recorded_at for earlier in events), default=tx.now)
    recorded = tx.now if latest <= tx.now else latest + timedelta(milliseconds=1)
    event = AppointmentEvent(
        appointment_id=appointment.id, patient_id=appointment.patient_id, kind=kind, at=instant, recorded_at=recorded,
        by=tx.actor.id, operatory_id=operatory_id, provider_id=provider_id, reason_id=reason_id, note=note,
        detail=detail or {}, previous_id=before.last_event_id,
    )  # fmt: skip
    tx.add(event)
    happened = Happened(event.id, kind, instant, recorded, operatory_id, reason_id, detail)
    if fold([*events, happened]).ineffective > before.ineffective:
        raise impossible(kind, before)
    announced = ANNOUNCED.get(kind)
    if announced is not None:
        tx.record(announced(appointment.patient_id, appointment.id, appointment.type_id, instant))
    return event.id


def impossible(kind: EventKind, visit: Visit) -> RuleViolation:
    """The sentence that refuses a transition."""
    return RuleViolation(
        N_("“{event}” is not possible now: the visit is “{status}”, the patient “{flow}”, the doctor “{doctor}”."),
        field="appointment_id",
        event=EVENT_LABELS[kind],
        status=state(Machine.APPOINTMENT, visit.status).name,
        flow=state(Machine.FLOW, visit.flow).name,
        doctor=state(Machine.DOCTOR, visit.doctor).name,
    )


def checked_reason(tx: Transaction, reason_id: ReasonId | None, kind: ReasonKind) -> ReasonId | None:
    """A reason of the right kind that is still offered."""
    if reason_id is not None:
        reason = tx.get(VisitReason, reason_id)
        if reason.kind is not kind or reason.withdrawn_at is not None:
            raise RuleViolation(N_("This reason cannot be used here."), field="reason_id")
    return reason_id

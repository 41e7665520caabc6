"""Settling a double booking: keep both, move one, cancel one. Each is one command that closes the conflict too."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.ids import ClinicId
from app.journal.commands import command
from app.journal.model import Conflict
from app.journal.settling import close, open_conflict, reopen
from app.journal.transaction import Transaction
from app.practice.local_time import whole_minute
from app.practice.vocabulary import OperatoryId
from app.scheduling.commands.booking import move_appointment
from app.scheduling.commands.visits import cancel_appointment
from app.scheduling.conflicts import find_conflicts
from app.scheduling.happening import living_appointment
from app.scheduling.model import Appointment, AppointmentEvent
from app.scheduling.permissions import BOOK_APPOINTMENTS, OVERRIDE_CONFLICTS
from app.scheduling.placing import refusal
from app.scheduling.rules import TWICE
from app.scheduling.scene import Proposal, load_scene
from app.scheduling.segments import segments_from
from app.scheduling.visit_types import type_of
from app.scheduling.vocabulary import DOUBLE_BOOKING, AppointmentEventId, AppointmentId, ReasonId, Severity
from app.scheduling.voiding import void_event


def _parties(tx: Transaction, conflict: Conflict) -> tuple[str, str]:
    one, two = (conflict.details or {}).get("visits", ("", ""))
    return str(one), str(two)


def _party(tx: Transaction, conflict_id: str, appointment_id: str) -> Conflict:
    conflict = open_conflict(tx, conflict_id, DOUBLE_BOOKING)
    if appointment_id not in _parties(tx, conflict):
        raise RuleViolation(N_("This visit has no part in the conflict."), field="appointment_id")
    return conflict


@command(permission=OVERRIDE_CONFLICTS, label=N_("Keep both visits"), icon="check")
def keep_both_visits(tx: Transaction, conflict_id: str) -> None:
    """Let both visits stand at one time: the conflict is accepted for both and is settled on every workstation."""
    conflict = open_conflict(tx, conflict_id, DOUBLE_BOOKING)
    one, two = _parties(tx, conflict)
    for own, other in ((one, two), (two, one)):
        _allow(tx, living_appointment(tx, own), other)
    close(tx, conflict, "kept_both")


def _allow(tx: Transaction, appointment: Appointment, other: str) -> None:
    if appointment.starts_at is None or appointment.operatory_id is None:
        return
    start = whole_minute(appointment.starts_at)
    proposal = Proposal(
        appointment.patient_id, type_of(tx.reading(), appointment.type_id), appointment.operatory_id, start,
        segments_from(appointment.segments, appointment.minutes), appointment.equipment_id, appointment.id,
    )  # fmt: skip
    scene = load_scene(tx.reading(), ClinicId(appointment.clinic_id), proposal.span)
    against = [
        item
        for item in find_conflicts(scene, proposal)
        if item.kind in TWICE and item.with_appointment_id == other and item.severity is not Severity.WARNING
    ]
    impossible = next((item for item in against if item.severity is Severity.IMPOSSIBLE), None)
    if impossible is not None:
        raise refusal(impossible)
    accepted = {*(appointment.allowed or ()), *(item.kind.value for item in against)}
    if accepted != set(appointment.allowed or ()):
        appointment.allowed = sorted(accepted)


@command(permission=BOOK_APPOINTMENTS, label=N_("Take back how the conflict was settled"))
def take_back_settling(tx: Transaction, event_id: AppointmentEventId) -> None:
    """Put the visit back where it was and let the conflict wait for a decision again."""
    event = tx.get(AppointmentEvent, event_id)
    wanted = select(Conflict).where(Conflict.kind == DOUBLE_BOOKING, Conflict.resolution.like(f"%:{event_id}"))
    for conflict in tx.all(wanted):
        reopen(conflict)
    tx.session.flush()  # the rule on places looks whether the conflict is open
    void_event(tx, AppointmentEventId(event.id), None)


_BACK = (take_back_settling, AppointmentEvent)


@command(permission=BOOK_APPOINTMENTS, label=N_("Move this visit"), undo=_BACK, icon="arrows-out-cardinal")
def move_conflicting_visit(
    tx: Transaction,
    conflict_id: str,
    appointment_id: AppointmentId,
    starts_at: datetime,
    operatory_id: OperatoryId,
    note: str = "",
) -> AppointmentEventId:
    """Give one visit of a double booking another time or chair; the other one stays, and the conflict is settled."""
    conflict = _party(tx, conflict_id, appointment_id)
    event = move_appointment.function(tx, appointment_id, starts_at, operatory_id, note=note)
    close(tx, conflict, f"moved:{event}")
    return event


@command(permission=BOOK_APPOINTMENTS, label=N_("Cancel this visit"), undo=_BACK, icon="prohibit")
def cancel_conflicting_visit(
    tx: Transaction,
    conflict_id: str,
    appointment_id: AppointmentId,
    reason_id: ReasonId | None = None,
    note: str = "",
) -> AppointmentEventId:
    """Call one visit of a double booking off, with a reason; the other one stays, and the conflict is settled."""
    conflict = _party(tx, conflict_id, appointment_id)
    if reason_id is None and not note.strip():
        raise RuleViolation(N_("Say why the visit is cancelled."), field="note")
    event = cancel_appointment.function(tx, appointment_id, reason_id, note)
    close(tx, conflict, f"cancelled:{event}")
    return event

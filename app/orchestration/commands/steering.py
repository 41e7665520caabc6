"""Who goes first, and what the clinic learns of its own minutes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.journal.commands import command
from app.journal.transaction import Transaction
from app.orchestration.learnt import OwnMinutes, Stretches, learn
from app.orchestration.model import LearntDuration, VisitPriority, learnt_duration_id, visit_priority_id
from app.orchestration.permissions import LEARN_DURATIONS, STEER_DAY
from app.orchestration.vocabulary import VisitPriorityId
from app.practice.entry import clean_text
from app.scheduling.happening import living_appointment
from app.scheduling.model import AppointmentState
from app.scheduling.vocabulary import AppointmentId, AppointmentTypeId

YEAR = timedelta(days=365)


@command(permission=STEER_DAY, label=N_("Let the visit wait its turn again"), icon="arrow-down")
def end_priority(tx: Transaction, visit_priority_id: VisitPriorityId) -> None:
    """The visit goes by its time again, like all others."""
    tx.get(VisitPriority, visit_priority_id).ended_at = tx.now


@command(permission=STEER_DAY, label=N_("Let the visit go first"), undo=(end_priority, VisitPriority), icon="arrow-up")
def prioritise_visit(tx: Transaction, appointment_id: AppointmentId, reason: str) -> VisitPriorityId:
    """Of those who could begin at the same time, this visit goes first; everybody can read why."""
    appointment = living_appointment(tx, appointment_id)
    why = clean_text(reason, "reason")
    if not why:
        raise RuleViolation(N_("Say why this visit goes first."), field="reason")
    key = visit_priority_id(appointment_id)
    row = tx.find(VisitPriority, key)
    if row is None:
        row = tx.add(
            VisitPriority(
                id=key, appointment_id=appointment_id, patient_id=appointment.patient_id, reason=why, set_at=tx.now
            )
        )
    row.reason, row.set_at, row.ended_at = why, tx.now, None
    return key


@command(permission=LEARN_DURATIONS, label=N_("Learn how long visits take"), icon="hourglass-medium")
def learn_durations(tx: Transaction) -> int:
    """Take the medians of the visits that were kept within a year, by type; returns how many types have some."""
    found = learn(_kept(tx))
    for type_id, (own, low, high) in found.items():
        _keep(tx, AppointmentTypeId(type_id), own, low, high)
    return len(found)


def _keep(tx: Transaction, type_id: AppointmentTypeId, own: OwnMinutes, low: int, high: int) -> None:
    key = learnt_duration_id(type_id)
    values = {
        "visits": own.visits, "whole_minutes": own.whole, "low_minutes": low, "high_minutes": high,
        "before_minutes": own.before, "doctor_minutes": own.doctor, "after_minutes": own.after,
    }  # fmt: skip
    row = tx.find(LearntDuration, key)
    if row is None:
        tx.add(LearntDuration(id=key, type_id=type_id, learnt_on=tx.today, **values))
    elif any(getattr(row, name) != value for name, value in values.items()):
        for name, value in {**values, "learnt_on": tx.today}.items():
            setattr(row, name, value)


def _kept(tx: Transaction) -> list[Stretches]:
    state = AppointmentState
    columns = (
        state.type_id, state.seated_at, state.completed_at, state.paused_seconds, state.doctor_needed_at,
        state.doctor_here_at, state.doctor_left_at, state.doctor_seconds,
    )  # fmt: skip
    statement = select(*columns).where(
        state.status == "kept", state.completed_at.is_not(None), state.seated_at.is_not(None),
        state.starts_at >= tx.now - YEAR,
    )  # fmt: skip
    return [_stretches(row) for row in tx.reading().execute(statement)]


def _stretches(row: Any) -> Stretches:
    whole = (row.completed_at - row.seated_at).total_seconds() - row.paused_seconds
    called = row.doctor_needed_at or row.doctor_here_at
    before = None if called is None else _minutes((called - row.seated_at).total_seconds())
    doctor = _minutes(row.doctor_seconds) if row.doctor_left_at is not None else None
    after = None if row.doctor_left_at is None else _minutes((row.completed_at - row.doctor_left_at).total_seconds())
    return Stretches(row.type_id, _minutes(whole), before, doctor, after)


def _minutes(seconds: float) -> int:
    return max(0, (int(seconds) + 30) // 60)

"""Carrying out what the day's suggestions propose: each is one step that can be undone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.journal.commands import command
from app.journal.transaction import Transaction
from app.orchestration.permissions import STEER_DAY
from app.orchestration.vocabulary import SuggestionKind
from app.practice.vocabulary import OperatoryId
from app.scheduling.commands.booking import (
    move_appointment,
    plan_appointment,
    replace_appointment,
    void_appointment_event,
    withdraw_appointment,
)
from app.scheduling.happening import happen, living_appointment
from app.scheduling.model import Appointment, AppointmentEvent
from app.scheduling.permissions import BOOK_APPOINTMENTS
from app.scheduling.placing import placement
from app.scheduling.segments import kept_segments, length_of, read_segments, segments_from, segments_text
from app.scheduling.visit_types import type_of
from app.scheduling.vocabulary import AppointmentEventId, AppointmentId, EventKind


@command(permission=BOOK_APPOINTMENTS, label=N_("Take the suggestion back"), hidden=True)
def take_suggestion_back(tx: Transaction, event_id: AppointmentEventId) -> None:
    """Each visit goes back to where it was; what was planned for another day is withdrawn."""
    event = tx.get(AppointmentEvent, event_id)
    if event.kind is EventKind.MADE:
        withdraw_appointment.function(tx, AppointmentId(event.appointment_id))
    else:
        void_appointment_event.function(tx, event_id)


@command(
    permission=STEER_DAY,
    label=N_("Follow the suggestion"),
    undo=(take_suggestion_back, AppointmentEvent),
    icon="lightbulb",
)
def follow_suggestion(
    tx: Transaction,
    kind: SuggestionKind,
    appointment_id: AppointmentId,
    other_id: AppointmentId | None = None,
    operatory_id: OperatoryId | None = None,
    starts_at: datetime | None = None,
    segments: str = "",
    override: bool = False,
) -> AppointmentId:
    """Carry out a change that the day suggests: swap two visits, use a free chair, split a visit, come later.

    Returns the visit, or for a split the one that is planned for another day.
    """
    tx.require(BOOK_APPOINTMENTS)
    appointment = living_appointment(tx, appointment_id)
    if kind is SuggestionKind.SWAP:
        _swap(tx, appointment, living_appointment(tx, _given(other_id, "other_id")), override)
    elif kind is SuggestionKind.SPLIT:
        return _split(tx, appointment, segments)
    elif kind is SuggestionKind.IDLE_CHAIR:
        chair = OperatoryId(_given(operatory_id, "operatory_id"))
        move_appointment.function(tx, appointment_id, starts_at, chair, override=override)
    else:
        move_appointment.function(tx, appointment_id, _given(starts_at, "starts_at"), override=override)
    return appointment_id


def _given(value: Any, field: str) -> Any:
    if value is None:
        raise RuleViolation(N_("This suggestion needs to know more."), field=field)
    return value


def _swap(tx: Transaction, one: Appointment, other: Appointment, override: bool) -> None:
    """Both leave their places first, so that neither is in the other's way."""
    places = [(item.operatory_id, item.starts_at) for item in (one, other)]
    before = [placement(item) for item in (one, other)]
    if one.id == other.id or any(chair is None or at is None for chair, at in places):
        raise RuleViolation(N_("Choose two visits that have a time."), field="other_id")
    one.starts_at = other.starts_at = None
    tx.session.flush()
    for item, (chair, at) in ((one, places[1]), (other, places[0])):
        assert chair is not None
        assert at is not None
        replace_appointment(tx, item, chair, at, None, None, override)
        tx.session.flush()
    for item, was in zip((one, other), before, strict=True):
        happen(tx, item, EventKind.MOVED, detail={"before": was, "after": placement(item)})


def _split(tx: Transaction, appointment: Appointment, segments: str) -> AppointmentId:
    """Today the first segments, in their people's hands; the others are planned without a time."""
    wanted = type_of(tx.reading(), appointment.type_id)
    whole, today = segments_from(appointment.segments, appointment.minutes), read_segments(segments)
    named, rest = whole[: len(today)], whole[len(today) :]
    if wanted.length_locked or not rest or segments_text(named) != segments_text(today):
        raise RuleViolation(N_("This visit cannot be split there."), field="segments")
    before = placement(appointment)
    appointment.segments, appointment.minutes = kept_segments(named), length_of(named)
    happen(tx, appointment, EventKind.MOVED, detail={"before": before, "after": placement(appointment)})
    return plan_appointment.function(
        tx, appointment.patient_id, wanted.code, appointment.clinic_id, segments=segments_text(rest)
    )

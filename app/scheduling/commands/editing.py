"""What the appointment editor and the reception do in one step: save, several visits, walk-ins, a sooner time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.ids import PatientId, new_id
from app.journal.commands import command
from app.journal.transaction import Transaction
from app.practice.entry import clean_text
from app.practice.vocabulary import OperatoryId, ProviderId
from app.scheduling.commands.booking import (
    book_appointment,
    move_appointment,
    replace_appointment,
    void_appointment_event,
    withdraw_appointment,
)
from app.scheduling.happening import check_open, checked_reason, happen, living_appointment, visit_of
from app.scheduling.model import Appointment, AppointmentEvent, ShortNotice
from app.scheduling.permissions import BOOK_APPOINTMENTS, CHECK_IN_PATIENTS
from app.scheduling.placing import placement, revised, segments_for
from app.scheduling.segments import kept_segments, length_of, segments_from
from app.scheduling.visit_types import type_named, type_of
from app.scheduling.vocabulary import (
    AppointmentEventId,
    AppointmentId,
    EventKind,
    LabState,
    ReasonId,
    ReasonKind,
    ShortNoticeId,
    VisitGroupId,
)

MOST_IN_SERIES = 12


@dataclass(frozen=True, slots=True)
class SeriesVisit:
    """One of several visits of one patient."""

    type: str
    operatory_id: OperatoryId
    starts_at: datetime
    doctor_id: ProviderId | None = None
    assistant_id: ProviderId | None = None
    segments: str = ""


@command(
    permission=BOOK_APPOINTMENTS,
    label=N_("Save the appointment"),
    undo=(void_appointment_event, AppointmentEvent),
    icon="check",
)
def save_appointment(
    tx: Transaction,
    appointment_id: AppointmentId,
    type: str = "",
    operatory_id: OperatoryId | None = None,
    starts_at: datetime | None = None,
    doctor_id: ProviderId | None = None,
    assistant_id: ProviderId | None = None,
    segments: str = "",
    note: str | None = None,
    lab_state: LabState | None = None,
    prep_done: bool | None = None,
    reason_id: ReasonId | None = None,
    move_note: str = "",
    override: bool = False,
    unassisted: bool = False,
) -> AppointmentId:
    """Save all that the editor holds of a visit at once. Another time, chair or doctor is a move; the rest is not.

    What is left out stays; `unassisted` takes the assistant off.
    """
    appointment = living_appointment(tx, appointment_id)
    checked_reason(tx, reason_id, ReasonKind.MOVE)
    before = {**placement(appointment), **revised(appointment)}
    _take_type(tx, appointment, type, segments)
    if note is not None:
        appointment.note = clean_text(note, "note")
    appointment.lab_state = lab_state or appointment.lab_state
    appointment.prep_done = appointment.prep_done if prep_done is None else prep_done
    hands = None if unassisted else assistant_id or appointment.assistant_id
    _take_place(tx, appointment, (starts_at, operatory_id, doctor_id, hands), before, override)
    after = {**placement(appointment), **revised(appointment)}
    if after == before:
        raise RuleViolation(N_("This changes nothing."), field="appointment_id")
    if any(after[name] != before[name] for name in ("starts_at", "operatory_id", "doctor_id")):
        detail = {"before": before, "after": after}
        why = clean_text(move_note, "move_note")
        happen(tx, appointment, EventKind.MOVED, reason_id=reason_id, note=why, detail=detail)
    return appointment.id


def _take_type(tx: Transaction, appointment: Appointment, type: str, segments: str) -> None:
    """Another kind of visit brings its own minutes, unless some are typed."""
    wanted = type_named(tx.reading(), type) if type else type_of(tx.reading(), appointment.type_id)
    changed = wanted.id != appointment.type_id
    appointment.type_id = wanted.id
    if not changed and not segments.strip():
        return
    parts = segments_for(wanted, segments)
    kept = segments_from(appointment.segments, appointment.minutes)
    if changed or [(item.kind, item.minutes) for item in kept] != [(item.kind, item.minutes) for item in parts]:
        if not changed:
            check_open(tx, appointment.id)
        appointment.segments, appointment.minutes = kept_segments(parts), length_of(parts)


Place = tuple[datetime | None, OperatoryId | None, ProviderId | None, ProviderId | None]
"""When, where, which doctor: what is None stays; and whose hands, None for nobody’s."""


def _take_place(
    tx: Transaction, appointment: Appointment, place: Place, before: dict[str, Any], override: bool
) -> None:
    """Look at the schedule when the place, the people or the length changed: a note alone conflicts with nothing."""
    at, chair, doctor, assistant = place
    at, chair = at or appointment.starts_at, chair or appointment.operatory_id
    doctor = doctor or appointment.doctor_id
    if at is None or chair is None:
        appointment.assistant_id = assistant
        return
    stands = (appointment.starts_at, appointment.operatory_id, appointment.doctor_id, appointment.assistant_id)
    now = {**placement(appointment), **revised(appointment)}
    longer = any(now[name] != before[name] for name in ("segments", "type_id"))
    if longer or stands != (at, chair, doctor, assistant):
        tx.session.flush()
        replace_appointment(tx, appointment, chair, at, doctor, assistant, override, unassisted=assistant is None)


@command(
    permission=BOOK_APPOINTMENTS,
    label=N_("Book the next visits"),
    undo=(withdraw_appointment, Appointment),
    icon="calendar-dots",
)
def book_series(
    tx: Transaction, patient_id: PatientId, visits: list[SeriesVisit], override: bool = False
) -> list[AppointmentId]:
    """Book several visits of one patient in one step and as one group: all of them, or none."""
    if not 1 <= len(visits) <= MOST_IN_SERIES:
        raise RuleViolation(N_("A series has one to {most} visits."), most=MOST_IN_SERIES)
    group_id = VisitGroupId(new_id())
    return [
        book_appointment.function(
            tx, patient_id, visit.type, visit.operatory_id, visit.starts_at, visit.doctor_id, visit.assistant_id,
            segments=visit.segments, override=override, group_id=group_id,
        )
        for visit in visits
    ]  # fmt: skip


@command(permission=BOOK_APPOINTMENTS, label=N_("Withdraw the walk-in"), hidden=True)
def withdraw_walk_in(tx: Transaction, appointment_id: AppointmentId) -> None:
    """Take out a walk-in that was entered by mistake, before the patient is seated."""
    appointment = living_appointment(tx, appointment_id)
    _events, visit = visit_of(tx, appointment_id)
    if visit.flow not in {"expected", "arrived", "on_deck"}:
        raise RuleViolation(N_("The patient is at the chair already: this visit is not withdrawn."))
    appointment.withdrawn_at = tx.now


@command(
    permission=BOOK_APPOINTMENTS,
    label=N_("Insert a walk-in"),
    undo=(withdraw_walk_in, Appointment),
    icon="first-aid",
)
def insert_walk_in(
    tx: Transaction,
    patient_id: PatientId,
    type: str,
    operatory_id: OperatoryId,
    starts_at: datetime | None = None,
    doctor_id: ProviderId | None = None,
    assistant_id: ProviderId | None = None,
    note: str = "",
    override: bool = False,
) -> AppointmentId:
    """Somebody stands at the desk without an appointment: book it from now on and check the patient in at once."""
    tx.require(CHECK_IN_PATIENTS)
    at = starts_at or tx.now.replace(second=0, microsecond=0)
    if tx.clock.day_of(at) != tx.today:
        raise RuleViolation(N_("A walk-in is seen today."), field="starts_at")
    appointment_id = book_appointment.function(
        tx, patient_id, type, operatory_id, at, doctor_id, assistant_id, note=note, override=override
    )
    tx.session.flush()
    happen(tx, tx.get(Appointment, appointment_id), EventKind.ARRIVED)
    return appointment_id


@command(permission=BOOK_APPOINTMENTS, label=N_("Give the sooner time back"), hidden=True)
def give_sooner_back(tx: Transaction, event_id: AppointmentEventId) -> None:
    """The visit goes back to where it was, and the patient to the short-notice list."""
    event = tx.get(AppointmentEvent, event_id)
    ended = select(ShortNotice).where(
        ShortNotice.appointment_id == event.appointment_id, ShortNotice.ended_at == event.recorded_at
    )
    entry = tx.first(ended)
    if entry is not None:
        entry.ended_at = None
    if event.kind is not EventKind.MADE:
        void_appointment_event.function(tx, event_id)
        return
    if entry is not None:
        entry.appointment_id = None
    withdraw_appointment.function(tx, AppointmentId(event.appointment_id))


@command(
    permission=BOOK_APPOINTMENTS,
    label=N_("Give the sooner time"),
    undo=(give_sooner_back, AppointmentEvent),
    icon="lightning",
)
def give_sooner_time(
    tx: Transaction,
    short_notice_id: ShortNoticeId,
    operatory_id: OperatoryId,
    starts_at: datetime,
    doctor_id: ProviderId | None = None,
    assistant_id: ProviderId | None = None,
    reason_id: ReasonId | None = None,
) -> AppointmentId:
    """Move, or book, the visit of somebody on the short-notice list to a time that came free, and end the entry."""
    entry = tx.get(ShortNotice, short_notice_id)
    if entry.ended_at is not None or entry.withdrawn_at is not None:
        raise RuleViolation(N_("This entry has already ended."), field="short_notice_id")
    entry.ended_at = tx.now
    if entry.appointment_id is not None:
        move_appointment.function(
            tx, entry.appointment_id, starts_at, operatory_id, doctor_id, assistant_id, reason_id=reason_id
        )
        return entry.appointment_id
    wanted = type_of(tx.reading(), str(entry.type_id))
    entry.appointment_id = book_appointment.function(
        tx, entry.patient_id, wanted.code, operatory_id, starts_at, doctor_id, assistant_id
    )
    return entry.appointment_id

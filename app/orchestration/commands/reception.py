"""The desk: calling to the chair, messages that somebody sends, and nobody leaves without a next visit or a reason."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from app.core.errors import RuleViolation
from app.core.i18n import N_, _, spoken
from app.core.ids import ClinicId
from app.journal.commands import command
from app.journal.transaction import Transaction
from app.orchestration.events import PatientCalled
from app.orchestration.folding import snapshot
from app.orchestration.loading import load_loaded_day
from app.orchestration.model import (
    ChairCall,
    DayMessage,
    LeftWithout,
    chair_call_id,
    day_message_id,
    left_without_id,
)
from app.orchestration.permissions import WATCH_DAY
from app.orchestration.reception_words import (
    CALL_TEXT,
    DELAY_TEXT,
    ChairCallId,
    DayMessageId,
    LeftWithoutId,
    MessageKind,
    MessageState,
    NoNextReason,
)
from app.orchestration.settings import CALL_MESSAGES, DELAY_MESSAGES
from app.orchestration.snapshot import DayVisitLine
from app.patients.model import Patient
from app.practice.calendar import load_calendar
from app.practice.entry import clean_text
from app.practice.living import living
from app.practice.local_time import clock_words, whole_minute
from app.practice.model import Clinic, Operatory
from app.practice.vocabulary import OperatoryId, ProviderId
from app.scheduling.commands.booking import book_appointment, void_appointment_event, withdraw_appointment
from app.scheduling.commands.visits import check_out_patient
from app.scheduling.happening import living_appointment, visit_of
from app.scheduling.model import Appointment, AppointmentEvent
from app.scheduling.permissions import CHECK_IN_PATIENTS, TREAT_AT_CHAIR
from app.scheduling.vocabulary import AppointmentEventId, AppointmentId, EventKind, Stage

CALLED: Final = frozenset({"arrived", "on_deck"})
AHEAD_MINUTES: Final = 180
"""How far ahead families are told of a delay."""
REPEAT_MINUTES: Final = 10
"""By how much a delay must have changed for a draft to be written anew."""


# -- called to the chair -------------------------------------------------------------------------------------------
@command(permission=TREAT_AT_CHAIR, label=N_("Take the call back"), icon="x")
def end_call(tx: Transaction, chair_call_id: ChairCallId) -> None:
    """The patient is not called any more."""
    row = tx.get(ChairCall, chair_call_id)
    row.ended_at = row.ended_at or tx.now


@command(
    permission=TREAT_AT_CHAIR, label=N_("Call the patient to the chair"), undo=(end_call, ChairCall),
    icon="bell-ringing",
)  # fmt: skip
def call_to_chair(
    tx: Transaction, appointment_id: AppointmentId, operatory_id: OperatoryId | None = None
) -> ChairCallId:
    """The wall shows whose turn it is and where, with a chime; a message to the telephone is drafted if wanted."""
    visit = living_appointment(tx, appointment_id)
    _events, state = visit_of(tx, appointment_id)
    if state.flow not in CALLED:
        raise RuleViolation(N_("Only somebody who is here and waits is called."), field="appointment_id")
    chair_id = operatory_id or visit.operatory_id
    if chair_id is None:
        raise RuleViolation(N_("Say to which chair."), field="operatory_id")
    chair = living(tx, Operatory, chair_id, "operatory_id")
    if chair.clinic_id != visit.clinic_id:
        raise RuleViolation(N_("This chair belongs to another clinic."), field="operatory_id")
    key = chair_call_id(appointment_id)
    row = tx.find(ChairCall, key)
    if row is None:
        row = tx.add(
            ChairCall(
                id=key, appointment_id=visit.id, patient_id=visit.patient_id, clinic_id=visit.clinic_id,
                operatory_id=chair.id, called_at=tx.now, called_by=tx.actor.id,
            )
        )  # fmt: skip
    row.operatory_id, row.called_at, row.called_by, row.ended_at = chair.id, tx.now, tx.actor.id, None
    tx.record(PatientCalled(visit.patient_id, visit.id, chair.id))
    if tx.setting(CALL_MESSAGES):
        draft_message(tx, visit, MessageKind.CALL, CALL_TEXT, 0, chair=chair.name)
    return key


# -- messages ------------------------------------------------------------------------------------------------------
def draft_message(
    tx: Transaction, visit: Appointment, kind: MessageKind, text: str, minutes: int, **values: Any
) -> bool:
    """Write a draft in the patient's language; one that was sent or dropped for the same is left alone."""
    patient, clinic = tx.get(Patient, visit.patient_id), tx.get(Clinic, visit.clinic_id)
    key = day_message_id(visit.id, kind)
    row = tx.find(DayMessage, key)
    if row is not None and kind is MessageKind.DELAY and abs(row.minutes - minutes) < REPEAT_MINUTES:
        return False
    with spoken(patient.language.value):
        said = {name: clock_words(value) if isinstance(value, int) else value for name, value in values.items()}
        name = patient.preferred_name or patient.given_name
        words = _(text, clinic=clinic.short_name or clinic.name, name=name, minutes=minutes, **said)
    if row is None:
        row = tx.add(
            DayMessage(
                id=key, appointment_id=visit.id, patient_id=visit.patient_id, clinic_id=visit.clinic_id, kind=kind,
                text=words, minutes=minutes, drafted_at=tx.now,
            )
        )  # fmt: skip
    row.text, row.minutes, row.state, row.drafted_at = words, minutes, MessageState.DRAFT, tx.now
    row.settled_at = row.settled_by = None
    return True


@command(permission=WATCH_DAY, label=N_("Draft messages about delays"), hidden=True)
def draft_delay_messages(tx: Transaction, clinic_id: ClinicId) -> int:
    """For each family that is not here yet and will wait for longer than the clinic allows, a message to send."""
    after = tx.setting(DELAY_MESSAGES)
    if not after:
        return 0
    read, now = tx.reading(), whole_minute(tx.now)
    calendar = load_calendar(read, clinic_id)
    on = calendar.date_of(now)
    shot = snapshot(load_loaded_day(read, clinic_id, on), now)
    count = 0
    for visit in shot.visits:
        if _is_told(visit, now, after) and visit.projected is not None:
            begin = visit.projected[0] - calendar.day(on)[0]
            appointment = tx.get(Appointment, visit.id)
            count += draft_message(tx, appointment, MessageKind.DELAY, DELAY_TEXT, visit.delay, time=begin)
    return count


def _is_told(visit: DayVisitLine, now: int, after: int) -> bool:
    start = visit.line.starts_at
    soon = start is not None and now < whole_minute(start) <= now + AHEAD_MINUTES
    return visit.stage is Stage.EXPECTED and soon and visit.delay >= after


def _message(tx: Transaction, day_message_id: DayMessageId) -> DayMessage:
    row = tx.get(DayMessage, day_message_id)
    if row.state is not MessageState.DRAFT:
        raise RuleViolation(N_("This message was sent or dropped already."), field="day_message_id")
    return row


@command(permission=CHECK_IN_PATIENTS, label=N_("Mark the message as sent"), icon="check")
def mark_message_sent(tx: Transaction, day_message_id: DayMessageId, text: str = "") -> None:
    """Somebody has sent the message, as it was drafted or in other words."""
    row = _message(tx, day_message_id)
    row.text = clean_text(text, "text") or row.text
    row.state, row.settled_at, row.settled_by = MessageState.SENT, tx.now, tx.actor.id


@command(permission=CHECK_IN_PATIENTS, label=N_("Drop the message"), icon="x")
def drop_message(tx: Transaction, day_message_id: DayMessageId) -> None:
    """The message is not sent."""
    row = _message(tx, day_message_id)
    row.state, row.settled_at, row.settled_by = MessageState.DROPPED, tx.now, tx.actor.id


# -- checkout ------------------------------------------------------------------------------------------------------
@command(permission=CHECK_IN_PATIENTS, label=N_("Take the checkout back"), hidden=True)
def take_checkout_back(tx: Transaction, event_id: AppointmentEventId) -> None:
    """The patient is at the checkout again; what was booked or said with it does not stand any more."""
    event = tx.get(AppointmentEvent, event_id)
    if event.kind is EventKind.MADE:
        withdraw_appointment.function(tx, AppointmentId(event.appointment_id))
        return
    row = tx.find(LeftWithout, left_without_id(event.appointment_id))
    if row is not None and row.withdrawn_at is None:
        row.withdrawn_at = tx.now
    void_appointment_event.function(tx, event_id)


@command(
    permission=CHECK_IN_PATIENTS, label=N_("Check out with the next visit"),
    undo=(take_checkout_back, AppointmentEvent), icon="calendar-plus",
)  # fmt: skip
def check_out_with_next(
    tx: Transaction, appointment_id: AppointmentId, type: str, operatory_id: OperatoryId, starts_at: datetime,
    doctor_id: ProviderId | None = None, assistant_id: ProviderId | None = None,
) -> AppointmentId:  # fmt: skip
    """Book the next visit of the patient and let them leave, in one step."""
    visit = living_appointment(tx, appointment_id)
    booked = book_appointment.function(tx, visit.patient_id, type, operatory_id, starts_at, doctor_id, assistant_id)
    tx.session.flush()
    _leave(tx, visit)
    return booked


@command(
    permission=CHECK_IN_PATIENTS, label=N_("Check out without a next visit"),
    undo=(take_checkout_back, AppointmentEvent), icon="sign-out",
)  # fmt: skip
def check_out_without_next(
    tx: Transaction, appointment_id: AppointmentId, reason: NoNextReason, note: str = ""
) -> LeftWithoutId:
    """Let the patient leave without a next visit, and say why."""
    visit = living_appointment(tx, appointment_id)
    words = clean_text(note, "note")
    if reason is NoNextReason.OTHER and not words:
        raise RuleViolation(N_("Say what the reason is."), field="note")
    key = left_without_id(appointment_id)
    row = tx.find(LeftWithout, key)
    if row is None:
        row = tx.add(
            LeftWithout(
                id=key, appointment_id=visit.id, patient_id=visit.patient_id, reason=reason, noted_at=tx.now,
                noted_by=tx.actor.id,
            )
        )  # fmt: skip
    row.reason, row.note, row.noted_at, row.noted_by, row.withdrawn_at = reason, words, tx.now, tx.actor.id, None
    tx.session.flush()
    _leave(tx, visit)
    return key


def _leave(tx: Transaction, visit: Appointment) -> None:
    _events, state = visit_of(tx, visit.id)
    if state.flow != "gone":
        check_out_patient.function(tx, visit.id)

"""What happens to a visit: confirmed, cancelled, missed, arrived, seated, doctor, checkout, gone.

Each command is one click. What is not possible from where the visit stands is refused with a sentence.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.journal.commands import command
from app.journal.transaction import Transaction
from app.practice.entry import bounded, clean_text
from app.practice.living import living
from app.practice.model import Operatory, Provider
from app.practice.vocabulary import OperatoryId, ProviderId
from app.scheduling.commands.booking import void_appointment_event
from app.scheduling.happening import checked_reason, happen, living_appointment
from app.scheduling.model import AppointmentEvent
from app.scheduling.permissions import BOOK_APPOINTMENTS, CHECK_IN_PATIENTS, CORRECT_VISITS, TREAT_AT_CHAIR
from app.scheduling.settings import LATE_CANCEL_HOURS
from app.scheduling.vocabulary import (
    AppointmentEventId,
    AppointmentId,
    ContactChannel,
    EventKind,
    PauseReason,
    ReasonId,
    ReasonKind,
)
from app.scheduling.voiding import correct_time

_BACK = (void_appointment_event, AppointmentEvent)


@command(permission=BOOK_APPOINTMENTS, label=N_("Confirm the appointment"), undo=_BACK, icon="check")
def confirm_appointment(
    tx: Transaction, appointment_id: AppointmentId, note: str = "", channel: ContactChannel | None = None
) -> AppointmentEventId:
    """The family said that they will come, by telephone or otherwise."""
    appointment = living_appointment(tx, appointment_id)
    detail = {"channel": channel.value} if channel else None
    return happen(tx, appointment, EventKind.CONFIRMED, note=clean_text(note, "note"), detail=detail)


@command(permission=CHECK_IN_PATIENTS, label=N_("Note that the patient runs late"), undo=_BACK, icon="clock-countdown")
def announce_late(tx: Transaction, appointment_id: AppointmentId, minutes: int, note: str = "") -> AppointmentEventId:
    """The family called to say that they come so many minutes late; the visit stays where it is."""
    appointment = living_appointment(tx, appointment_id)
    _same_day(tx, appointment.starts_at)
    detail = {"minutes": bounded(minutes, 1, 240, "minutes")}
    return happen(tx, appointment, EventKind.RUNNING_LATE, note=clean_text(note, "note"), detail=detail)


@command(permission=BOOK_APPOINTMENTS, label=N_("Cancel the appointment"), undo=_BACK, icon="prohibit")
def cancel_appointment(
    tx: Transaction, appointment_id: AppointmentId, reason_id: ReasonId | None = None, note: str = ""
) -> AppointmentEventId:
    """Call a visit off and free the chair. Shortly before it begins it counts as cancelled late."""
    appointment = living_appointment(tx, appointment_id)
    checked_reason(tx, reason_id, ReasonKind.CANCEL)
    limit = timedelta(hours=tx.setting(LATE_CANCEL_HOURS))
    late = appointment.starts_at is not None and appointment.starts_at - tx.now < limit
    kind = EventKind.CANCELLED_LATE if late else EventKind.CANCELLED
    return happen(tx, appointment, kind, reason_id=reason_id, note=clean_text(note, "note"))


@command(permission=CHECK_IN_PATIENTS, label=N_("Mark as a no-show"), undo=_BACK, icon="x-circle")
def mark_no_show(
    tx: Transaction, appointment_id: AppointmentId, note: str = "", reason_id: ReasonId | None = None
) -> AppointmentEventId:
    """The patient did not come. Possible once the visit should have begun."""
    appointment = living_appointment(tx, appointment_id)
    checked_reason(tx, reason_id, ReasonKind.CANCEL)
    if appointment.starts_at is not None and appointment.starts_at > tx.now:
        raise RuleViolation(N_("This visit has not begun yet."), field="appointment_id")
    return happen(tx, appointment, EventKind.MISSED, reason_id=reason_id, note=clean_text(note, "note"))


@command(
    permission=BOOK_APPOINTMENTS, label=N_("Reinstate the appointment"), undo=_BACK, icon="arrow-counter-clockwise"
)
def reinstate_appointment(tx: Transaction, appointment_id: AppointmentId, note: str = "") -> AppointmentEventId:
    """A visit that was cancelled or missed stands again at its time, if nobody has taken it since."""
    appointment = living_appointment(tx, appointment_id)
    return happen(tx, appointment, EventKind.REINSTATED, note=clean_text(note, "note"))


@command(permission=CHECK_IN_PATIENTS, label=N_("Check in the patient"), undo=_BACK, icon="sign-in")
def check_in_patient(tx: Transaction, appointment_id: AppointmentId, at: datetime | None = None) -> AppointmentEventId:
    """Mark the patient as arrived, now or a moment ago."""
    appointment = living_appointment(tx, appointment_id)
    _same_day(tx, appointment.starts_at)
    return happen(tx, appointment, EventKind.ARRIVED, at=at)


def _same_day(tx: Transaction, starts_at: datetime | None) -> None:
    if starts_at is not None and tx.clock.day_of(starts_at) != tx.today:
        raise RuleViolation(N_("This visit is not today: move it first."), field="appointment_id")


@command(permission=TREAT_AT_CHAIR, label=N_("Call to the deck"), undo=_BACK, icon="armchair")
def put_on_deck(tx: Transaction, appointment_id: AppointmentId) -> AppointmentEventId:
    """The patient waits beside the chairs, next in line."""
    return happen(tx, living_appointment(tx, appointment_id), EventKind.ON_DECK)


@command(permission=TREAT_AT_CHAIR, label=N_("Seat the patient"), undo=_BACK, icon="office-chair")
def seat_patient(
    tx: Transaction,
    appointment_id: AppointmentId,
    operatory_id: OperatoryId | None = None,
    provider_id: ProviderId | None = None,
    at: datetime | None = None,
) -> AppointmentEventId:
    """The patient sits in the planned chair or another one of the clinic; also a change of chair."""
    appointment = living_appointment(tx, appointment_id)
    _same_day(tx, appointment.starts_at)
    chair = operatory_id or appointment.operatory_id
    if chair is not None and living(tx, Operatory, chair, "operatory_id").clinic_id != appointment.clinic_id:
        raise RuleViolation(N_("This chair belongs to another clinic."), field="operatory_id")
    if provider_id is not None:
        living(tx, Provider, provider_id, "provider_id")
    return happen(tx, appointment, EventKind.SEATED, at=at, operatory_id=chair, provider_id=provider_id)


@command(permission=TREAT_AT_CHAIR, label=N_("Pause the visit"), undo=_BACK, icon="pause-circle")
def pause_visit(
    tx: Transaction, appointment_id: AppointmentId, reason: PauseReason, note: str = ""
) -> AppointmentEventId:
    """The visit waits for the doctor, an X-ray, the lab, a parent or sterilisation."""
    appointment = living_appointment(tx, appointment_id)
    detail = {"pause": reason.value}
    return happen(tx, appointment, EventKind.PAUSED, note=clean_text(note, "note"), detail=detail)


@command(permission=TREAT_AT_CHAIR, label=N_("Resume the visit"), undo=_BACK, icon="play")
def resume_visit(tx: Transaction, appointment_id: AppointmentId) -> AppointmentEventId:
    """The visit goes on."""
    return happen(tx, living_appointment(tx, appointment_id), EventKind.RESUMED)


@command(permission=TREAT_AT_CHAIR, label=N_("Call the doctor"), undo=_BACK, icon="hand-palm")
def call_doctor(tx: Transaction, appointment_id: AppointmentId, first: bool = False) -> AppointmentEventId:
    """The doctor is needed at this chair; `first` asks to come here before other chairs."""
    kind = EventKind.DOCTOR_NEEDED_FIRST if first else EventKind.DOCTOR_NEEDED
    return happen(tx, living_appointment(tx, appointment_id), kind)


@command(permission=TREAT_AT_CHAIR, label=N_("Doctor at the chair"), undo=_BACK, icon="stethoscope")
def mark_doctor_here(
    tx: Transaction, appointment_id: AppointmentId, provider_id: ProviderId | None = None
) -> AppointmentEventId:
    """The doctor has come to this chair; the planned one unless another is named."""
    appointment = living_appointment(tx, appointment_id)
    if provider_id is not None:
        living(tx, Provider, provider_id, "provider_id")
    return happen(tx, appointment, EventKind.DOCTOR_ARRIVED, provider_id=provider_id or appointment.doctor_id)


@command(permission=TREAT_AT_CHAIR, label=N_("Doctor has left the chair"), undo=_BACK, icon="check")
def mark_doctor_left(tx: Transaction, appointment_id: AppointmentId) -> AppointmentEventId:
    """The doctor is done at this chair."""
    return happen(tx, living_appointment(tx, appointment_id), EventKind.DOCTOR_LEFT)


@command(permission=TREAT_AT_CHAIR, label=N_("Free the chair"), undo=_BACK, icon="arrow-square-out")
def move_out_deck(tx: Transaction, appointment_id: AppointmentId) -> AppointmentEventId:
    """The patient has left the chair and waits outside it, before the checkout."""
    return happen(tx, living_appointment(tx, appointment_id), EventKind.OUT_DECK)


@command(permission=TREAT_AT_CHAIR, label=N_("Complete the visit"), undo=_BACK, icon="check-circle")
def complete_appointment(
    tx: Transaction, appointment_id: AppointmentId, at: datetime | None = None
) -> AppointmentEventId:
    """The visit was kept; the patient goes to the checkout."""
    return happen(tx, living_appointment(tx, appointment_id), EventKind.COMPLETED, at=at)


@command(permission=CHECK_IN_PATIENTS, label=N_("Check out the patient"), undo=_BACK, icon="sign-out")
def check_out_patient(tx: Transaction, appointment_id: AppointmentId, at: datetime | None = None) -> AppointmentEventId:
    """The patient leaves the clinic."""
    return happen(tx, living_appointment(tx, appointment_id), EventKind.LEFT, at=at)


@command(permission=CORRECT_VISITS, label=N_("Correct the time"), undo=_BACK, icon="clock-counter-clockwise")
def correct_event_time(
    tx: Transaction, event_id: AppointmentEventId, at: datetime, note: str = ""
) -> AppointmentEventId:
    """Give an event of a visit its true moment; the first entry stays readable and reports say that it was edited."""
    return correct_time(tx, event_id, at, clean_text(note, "note"))

"""What is done at the chairs moves visits on: in the same operation, undone with it, marked as inferred."""

from __future__ import annotations

from sqlalchemy import or_, select

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.imaging.events import ImagesReceived
from app.imaging.model import Study
from app.journal.events import reaction
from app.journal.transaction import Transaction
from app.orchestration.commands.reception import draft_message
from app.orchestration.events import ChartOpenedAtChair, OpinionDue, ProviderSignedOnAtChair, VisitSigned
from app.orchestration.inference import Source, holds_many, infer, seated_at, visit_to_seat, visits_today
from app.orchestration.model import ChairCall, LeftWithout, chair_call_id
from app.orchestration.reception_words import OPINION_TEXT, MessageKind
from app.orchestration.settings import ASK_OPINION, NEXT_NEEDED
from app.practice.model import Provider
from app.practice.vocabulary import ProviderKind
from app.scheduling.events import DoctorArrived, PatientLeft, PatientSeated
from app.scheduling.fold import AT_CHAIR, LIVE
from app.scheduling.model import Appointment, AppointmentEvent, AppointmentState, VisitSummary
from app.scheduling.vocabulary import AppointmentId, EventKind


@reaction(ChartOpenedAtChair)
def seat_whose_chart_is_opened(tx: Transaction, event: ChartOpenedAtChair) -> None:
    """The patient sits where the chart is opened; who is not noted as arrived has come."""
    row = visit_to_seat(tx, event.patient_id)
    if row is not None:
        infer(tx, row.id, EventKind.SEATED, Source.CHART, operatory_id=event.operatory_id)


@reaction(ProviderSignedOnAtChair)
def doctor_is_where_she_signs_on(tx: Transaction, event: ProviderSignedOnAtChair) -> None:
    """A doctor who signs on at a chair is with the patient who sits there."""
    provider = tx.find(Provider, event.provider_id)
    if provider is None or provider.kind is not ProviderKind.DOCTOR:
        return
    for row in seated_at(tx, event.operatory_id):
        infer(tx, row.id, EventKind.DOCTOR_ARRIVED, Source.SIGN_ON, provider_id=event.provider_id)


@reaction(ImagesReceived)
def seat_whose_images_come(tx: Transaction, event: ImagesReceived) -> None:
    """Pictures of today of somebody who waits: the patient is in the chair."""
    study = tx.find(Study, event.study_id)
    if event.patient_id is None or study is None or study.studied_on != tx.today:
        return
    row = visit_to_seat(tx, event.patient_id, only_here=True)
    if row is not None and row.operatory_id is not None:
        infer(tx, row.id, EventKind.SEATED, Source.IMAGES, operatory_id=row.operatory_id)


@reaction(VisitSigned)
def complete_what_is_signed(tx: Transaction, event: VisitSigned) -> None:
    """A visit whose notes are signed is over; the patient goes to the checkout."""
    state = AppointmentState
    wanted = (state.patient_id == event.patient_id, state.flow.in_([*sorted(AT_CHAIR), "out_deck"]))
    for row in visits_today(tx, *wanted):
        infer(tx, row.id, EventKind.COMPLETED, Source.SIGNATURE)


@reaction(PatientSeated)
def free_the_chair_for_the_next(tx: Transaction, event: PatientSeated) -> None:
    """Who should have been done has left the chair when somebody else sits there; otherwise both stand, as a fault."""
    chair = _chair_of(tx, event.appointment_id)
    if chair is None or holds_many(tx, chair):
        return
    for row in seated_at(tx, chair):
        if row.id != event.appointment_id and row.ends_at <= tx.now and row.doctor not in {"needed", "needed_first"}:
            infer(tx, row.id, EventKind.OUT_DECK, Source.NEXT_PATIENT)


def _chair_of(tx: Transaction, appointment_id: AppointmentId) -> str | None:
    """Where the latest seating of a visit took place."""
    seated = select(AppointmentEvent.operatory_id).where(
        AppointmentEvent.appointment_id == appointment_id, AppointmentEvent.kind == EventKind.SEATED
    )
    found: str | None = tx.first(seated.order_by(AppointmentEvent.recorded_at.desc(), AppointmentEvent.id.desc()))
    return found


@reaction(DoctorArrived)
def doctor_is_at_one_chair(tx: Transaction, event: DoctorArrived) -> None:
    """A doctor who comes to a chair has left the one before."""
    doctor = _doctor_of(tx, event.appointment_id)
    state = AppointmentState
    for row in visits_today(tx, state.doctor == "here", state.flow.in_(sorted(AT_CHAIR))):
        if row.id != event.appointment_id and doctor is not None and _doctor_of(tx, row.id) == doctor:
            infer(tx, row.id, EventKind.DOCTOR_LEFT, Source.OTHER_CHAIR)


def _doctor_of(tx: Transaction, appointment_id: str) -> str | None:
    """Who came last to a visit, else whoever is planned."""
    came = select(AppointmentEvent.provider_id).where(
        AppointmentEvent.appointment_id == appointment_id, AppointmentEvent.kind == EventKind.DOCTOR_ARRIVED
    )
    found: str | None = tx.first(came.order_by(AppointmentEvent.recorded_at.desc(), AppointmentEvent.id.desc()))
    appointment = tx.find(Appointment, appointment_id)
    return found or (appointment.doctor_id if appointment is not None else None)


@reaction(PatientSeated)
def end_the_call(tx: Transaction, event: PatientSeated) -> None:
    """Who sits is called no longer."""
    row = tx.find(ChairCall, chair_call_id(event.appointment_id))
    if row is not None and row.ended_at is None:
        row.ended_at = tx.now


@reaction(PatientLeft)
def nobody_leaves_without_a_next_visit(tx: Transaction, event: PatientLeft) -> None:
    """Where the clinic wants it, a patient in treatment has a visit booked or a reason was said."""
    if not tx.setting(NEXT_NEEDED):
        return
    read, patient = tx.reading(), event.patient_id
    stage = read.execute(select(VisitSummary.stage).where(VisitSummary.id == patient)).scalar()
    if stage != "treatment" or _is_booked(tx, patient):
        return
    told = (LeftWithout.appointment_id == event.appointment_id, LeftWithout.withdrawn_at.is_(None))
    if tx.first(select(LeftWithout.id).where(*told)) is None:
        raise RuleViolation(N_("Book the next visit, or say why there is none."), field="appointment_id")


def _is_booked(tx: Transaction, patient_id: str) -> bool:
    """Whether a visit to come stands; one that was booked a moment ago has no state yet."""
    tx.session.flush()
    state = AppointmentState
    statement = (
        select(Appointment.id)
        .outerjoin(state, state.id == Appointment.id)
        .where(
            Appointment.patient_id == patient_id, Appointment.starts_at > tx.now, Appointment.withdrawn_at.is_(None),
            or_(state.status.is_(None), state.status.in_(sorted(LIVE))),
        )
    )  # fmt: skip
    return tx.first(statement) is not None


@reaction(PatientLeft)
def ask_how_it_was(tx: Transaction, event: PatientLeft) -> None:
    """Who was treated has left: automation may ask, and a message is drafted if the clinic wants it."""
    visit = tx.find(Appointment, event.appointment_id)
    state = tx.find(AppointmentState, event.appointment_id)
    if visit is None or state is None or state.seated_at is None:
        return
    waited = (state.seated_at - state.arrived_at).total_seconds() // 60 if state.arrived_at else 0
    tx.record(OpinionDue(event.patient_id, event.appointment_id, max(0, int(waited))))
    if tx.setting(ASK_OPINION):
        draft_message(tx, visit, MessageKind.OPINION, OPINION_TEXT, 0)

"""Booking, moving, changing and withdrawing appointments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.ids import ClinicId, PatientId, new_id
from app.journal.commands import command
from app.journal.transaction import Transaction
from app.patients.model import Patient
from app.practice.entry import clean_text
from app.practice.living import living
from app.practice.model import Clinic, Operatory
from app.practice.vocabulary import EquipmentId, OperatoryId, ProviderId
from app.scheduling.happening import check_open, checked_reason, happen, living_appointment, visit_of
from app.scheduling.model import Appointment, AppointmentEvent
from app.scheduling.moments import check_past
from app.scheduling.permissions import BOOK_APPOINTMENTS, CORRECT_VISITS
from app.scheduling.placing import accept, check_places, placement, propose, segments_for
from app.scheduling.segments import kept_segments, length_of, segments_from
from app.scheduling.visit_types import type_named, type_of
from app.scheduling.vocabulary import (
    AppointmentEventId,
    AppointmentId,
    EventKind,
    LabState,
    ReasonId,
    ReasonKind,
    VisitGroupId,
)
from app.scheduling.voiding import void_event

MOST_TOGETHER = 8


@dataclass(frozen=True, slots=True)
class FamilyVisit:
    """One visit of a family booking."""

    patient_id: PatientId
    type: str
    operatory_id: OperatoryId
    starts_at: datetime
    doctor_id: ProviderId | None = None
    assistant_id: ProviderId | None = None


def treated_patient(tx: Transaction, patient_id: PatientId) -> Patient:
    """A chart that visits may be booked for."""
    patient = tx.get(Patient, patient_id)
    if patient.withdrawn_at is not None or patient.file_number == "":
        raise RuleViolation(N_("This chart has been withdrawn."), field="patient_id")
    if patient.merged_into_id is not None:
        raise RuleViolation(N_("This chart was merged into another: book there."), field="patient_id")
    return patient


@command(permission=BOOK_APPOINTMENTS, label=N_("Withdraw the appointment"))
def withdraw_appointment(tx: Transaction, appointment_id: AppointmentId) -> None:
    """Take out an appointment that was booked by mistake; one that the family calls off is cancelled instead."""
    appointment = living_appointment(tx, appointment_id)
    _events, visit = visit_of(tx, appointment_id)
    if visit.flow != "expected":
        raise RuleViolation(N_("The patient is here already: this visit is not withdrawn."), field="appointment_id")
    appointment.withdrawn_at = tx.now


@command(
    permission=BOOK_APPOINTMENTS,
    label=N_("Book an appointment"),
    undo=(withdraw_appointment, Appointment),
    icon="calendar-plus",
)
def book_appointment(
    tx: Transaction,
    patient_id: PatientId,
    type: str,
    operatory_id: OperatoryId,
    starts_at: datetime,
    doctor_id: ProviderId | None = None,
    assistant_id: ProviderId | None = None,
    equipment_id: EquipmentId | None = None,
    segments: str = "",
    note: str = "",
    override: bool = False,
    group_id: VisitGroupId | None = None,
    override_reason: str = "",
) -> AppointmentId:
    """Book a visit at a chair. A serious conflict refuses it, unless it is overridden by somebody with that right."""
    treated_patient(tx, patient_id)
    read = tx.reading()
    wanted = type_named(read, type)
    clinic_id = living(tx, Operatory, operatory_id, "operatory_id").clinic_id
    tx.session.flush()
    scene, proposal = propose(
        read, patient_id, wanted, operatory_id, starts_at, segments_for(wanted, segments), doctor_id, assistant_id,
        equipment_id, clinic_id=clinic_id,
    )  # fmt: skip
    check_places(tx, scene, proposal, clinic_id)
    allowed = accept(tx, scene, proposal, override)
    doctor = doctor_id or next((item.provider_id for item in proposal.segments if item.kind == "doctor"), None)
    appointment = tx.add(
        Appointment(
            patient_id=patient_id, type_id=wanted.id, clinic_id=clinic_id, operatory_id=operatory_id,
            starts_at=starts_at, minutes=length_of(proposal.segments), segments=kept_segments(proposal.segments),
            doctor_id=doctor, assistant_id=assistant_id, equipment_id=proposal.equipment_id, group_id=group_id,
            lab_state=wanted.lab_state, note=clean_text(note, "note"), allowed=allowed, booked_at=tx.now,
        )
    )  # fmt: skip
    why = clean_text(override_reason, "override_reason")
    happen(tx, appointment, EventKind.MADE, note=why, detail={"after": placement(appointment)})
    return appointment.id


@command(
    permission=BOOK_APPOINTMENTS,
    label=N_("Book the family"),
    undo=(withdraw_appointment, Appointment),
    icon="users-three",
)
def book_family(tx: Transaction, visits: list[FamilyVisit], override: bool = False) -> list[AppointmentId]:
    """Book brothers and sisters in one step and as one group: all of the visits, or none."""
    if not 2 <= len(visits) <= MOST_TOGETHER or len({visit.patient_id for visit in visits}) < 2:
        raise RuleViolation(N_("A family booking has two to {most} visits of several patients."), most=MOST_TOGETHER)
    group_id = VisitGroupId(new_id())
    return [
        book_appointment.function(
            tx, visit.patient_id, visit.type, visit.operatory_id, visit.starts_at, visit.doctor_id,
            visit.assistant_id, override=override, group_id=group_id,
        )
        for visit in visits
    ]  # fmt: skip


@command(
    permission=BOOK_APPOINTMENTS,
    label=N_("Plan an appointment"),
    undo=(withdraw_appointment, Appointment),
    icon="calendar-dots",
)
def plan_appointment(
    tx: Transaction, patient_id: PatientId, type: str, clinic_id: ClinicId, segments: str = "", note: str = ""
) -> AppointmentId:
    """Keep in mind a visit that has no time yet; moving it gives it one."""
    treated_patient(tx, patient_id)
    living(tx, Clinic, clinic_id, "clinic_id")
    wanted = type_named(tx.reading(), type)
    parts = segments_for(wanted, segments)
    appointment = tx.add(
        Appointment(
            patient_id=patient_id, type_id=wanted.id, clinic_id=clinic_id, minutes=length_of(parts),
            segments=kept_segments(parts), lab_state=wanted.lab_state, note=clean_text(note, "note"), allowed=[],
            booked_at=tx.now,
        )
    )  # fmt: skip
    happen(tx, appointment, EventKind.MADE, detail={"planned": True, "after": placement(appointment)})
    return appointment.id


@command(permission=CORRECT_VISITS, label=N_("Take back what was recorded"))
def void_appointment_event(tx: Transaction, event_id: AppointmentEventId, note: str = "") -> None:
    """Take back an event of a visit that was recorded by mistake; a move goes back to where it was."""
    void_event(tx, event_id, clean_text(note, "note"))


@command(
    permission=BOOK_APPOINTMENTS,
    label=N_("Move the appointment"),
    undo=(void_appointment_event, AppointmentEvent),
    icon="arrows-out-cardinal",
)
def move_appointment(
    tx: Transaction,
    appointment_id: AppointmentId,
    starts_at: datetime | None = None,
    operatory_id: OperatoryId | None = None,
    doctor_id: ProviderId | None = None,
    assistant_id: ProviderId | None = None,
    reason_id: ReasonId | None = None,
    note: str = "",
    override: bool = False,
) -> AppointmentEventId:
    """Give a visit another time, chair or person, or schedule a planned one. It has to be confirmed again."""
    appointment = living_appointment(tx, appointment_id)
    chair, at = operatory_id or appointment.operatory_id, starts_at or appointment.starts_at
    if chair is None or at is None:
        raise RuleViolation(N_("Say when and at which chair."), field="starts_at")
    checked_reason(tx, reason_id, ReasonKind.MOVE)
    before = placement(appointment)
    replace_appointment(tx, appointment, chair, at, doctor_id, assistant_id, override)
    detail = {"before": before, "after": placement(appointment)}
    if detail["before"] == detail["after"]:
        raise RuleViolation(N_("This changes nothing."), field="starts_at")
    return happen(tx, appointment, EventKind.MOVED, reason_id=reason_id, note=clean_text(note, "note"), detail=detail)


def replace_appointment(
    tx: Transaction,
    appointment: Appointment,
    chair: OperatoryId,
    at: datetime,
    doctor_id: ProviderId | None,
    assistant_id: ProviderId | None,
    override: bool,
    *,
    unassisted: bool = False,
) -> None:
    """Stand the appointment at its new place; the people stay unless others are named, or nobody shall assist."""
    clinic_id = living(tx, Operatory, chair, "operatory_id").clinic_id
    here = clinic_id == appointment.clinic_id
    doctor = doctor_id or (appointment.doctor_id if here else None)
    assistant = assistant_id or (appointment.assistant_id if here and not unassisted else None)
    bare = tuple(
        type(item)(item.kind, item.minutes) for item in segments_from(appointment.segments, appointment.minutes)
    )
    wanted = type_of(tx.reading(), appointment.type_id)
    scene, proposal = propose(
        tx.reading(), appointment.patient_id, wanted, chair, at, bare, doctor, assistant, clinic_id=clinic_id,
        own=appointment.id,
    )  # fmt: skip
    check_places(tx, scene, proposal, clinic_id)
    appointment.allowed = accept(tx, scene, proposal, override)
    appointment.clinic_id, appointment.operatory_id, appointment.starts_at = clinic_id, chair, at
    appointment.segments = kept_segments(proposal.segments)
    appointment.doctor_id = doctor or next(
        (item.provider_id for item in proposal.segments if item.kind == "doctor"), None
    )
    appointment.assistant_id, appointment.equipment_id = assistant, proposal.equipment_id


@command(
    permission=BOOK_APPOINTMENTS,
    label=N_("Take off the schedule"),
    undo=(void_appointment_event, AppointmentEvent),
    icon="push-pin",
)
def park_appointment(
    tx: Transaction, appointment_id: AppointmentId, reason_id: ReasonId | None = None, note: str = ""
) -> AppointmentEventId:
    """Free the chair and keep the visit as unscheduled, until it is moved to another time."""
    appointment = living_appointment(tx, appointment_id)
    checked_reason(tx, reason_id, ReasonKind.MOVE)
    before = placement(appointment)
    if appointment.starts_at is None:
        raise RuleViolation(N_("This changes nothing."), field="appointment_id")
    appointment.starts_at = appointment.operatory_id = appointment.equipment_id = None
    appointment.allowed = []
    detail = {"before": before, "after": placement(appointment)}
    return happen(tx, appointment, EventKind.MOVED, reason_id=reason_id, note=clean_text(note, "note"), detail=detail)


@command(permission=BOOK_APPOINTMENTS, label=N_("Change the length"))
def resize_appointment(tx: Transaction, appointment_id: AppointmentId, segments: str, override: bool = False) -> None:
    """Give a visit other minutes, written like A8 D4 A8; who does them stays."""
    appointment = living_appointment(tx, appointment_id)
    check_open(tx, appointment_id)
    wanted = type_of(tx.reading(), appointment.type_id)
    parts = segments_for(wanted, segments)
    appointment.segments, appointment.minutes = kept_segments(parts), length_of(parts)
    if appointment.starts_at is not None and appointment.operatory_id is not None:
        tx.session.flush()
        replace_appointment(tx, appointment, appointment.operatory_id, appointment.starts_at, None, None, override)


@command(permission=BOOK_APPOINTMENTS, label=N_("Change the appointment"))
def change_appointment(
    tx: Transaction,
    appointment_id: AppointmentId,
    note: str | None = None,
    lab_state: LabState | None = None,
    prep_done: bool | None = None,
) -> None:
    """Change the note, the state of the lab case, or whether the chair is prepared."""
    appointment = living_appointment(tx, appointment_id)
    if note is not None:
        appointment.note = clean_text(note, "note")
    appointment.lab_state = lab_state or appointment.lab_state
    appointment.prep_done = appointment.prep_done if prep_done is None else prep_done


@command(
    permission=CORRECT_VISITS,
    label=N_("Record a past visit"),
    undo=(withdraw_appointment, Appointment),
    hidden=True,
)
def record_past_visit(
    tx: Transaction,
    patient_id: PatientId,
    type: str,
    operatory_id: OperatoryId,
    starts_at: datetime,
    outcome: EventKind = EventKind.COMPLETED,
    doctor_id: ProviderId | None = None,
    assistant_id: ProviderId | None = None,
    arrived_at: datetime | None = None,
    seated_at: datetime | None = None,
    ended_at: datetime | None = None,
    booked_at: datetime | None = None,
    reason_id: ReasonId | None = None,
    note: str = "",
) -> AppointmentId:
    """Take in a visit of the past from another system, with what became of it; conflicts are not looked for."""
    treated_patient(tx, patient_id)
    wanted = type_named(tx.reading(), type)
    clinic_id = living(tx, Operatory, operatory_id, "operatory_id").clinic_id
    minutes = length_of(wanted.segments)
    end = ended_at or starts_at + timedelta(minutes=minutes)
    made, times = booked_at or starts_at, (arrived_at or seated_at or starts_at, seated_at or arrived_at or starts_at)
    check_past(starts_at, (*times, end), made, tx.now)
    if outcome not in _PAST:
        raise RuleViolation(N_("A past visit was kept, missed or cancelled."), field="outcome")
    appointment = tx.add(
        Appointment(
            patient_id=patient_id, type_id=wanted.id, clinic_id=clinic_id,
            operatory_id=operatory_id, starts_at=starts_at, minutes=minutes, doctor_id=doctor_id,
            assistant_id=assistant_id, segments=kept_segments(wanted.segments), note=clean_text(note, "note"),
            allowed=[], booked_at=made,
        )
    )  # fmt: skip
    for number, (kind, at) in enumerate(_past_steps(outcome, made, starts_at, end, times)):
        tx.add(
            AppointmentEvent(
                appointment_id=appointment.id, patient_id=patient_id, kind=kind, at=at,
                recorded_at=tx.now + timedelta(milliseconds=number), by=tx.actor.id,
                operatory_id=operatory_id if kind is EventKind.SEATED else None,
                reason_id=reason_id if kind is outcome else None, detail={},
            )
        )  # fmt: skip
    return appointment.id


def _past_steps(
    outcome: EventKind, made: datetime, starts_at: datetime, end: datetime, times: tuple[datetime, datetime]
) -> list[tuple[EventKind, datetime]]:
    """The events of a visit that is over."""
    if outcome is EventKind.COMPLETED:
        arrived, seated = times
        steps = [(EventKind.ARRIVED, arrived), (EventKind.SEATED, seated), (outcome, end), (EventKind.LEFT, end)]
    else:
        steps = [(outcome, end if outcome is EventKind.MISSED else min(made + timedelta(days=1), starts_at))]
    return [(EventKind.MADE, made), *steps]


_PAST = frozenset({EventKind.COMPLETED, EventKind.MISSED, EventKind.CANCELLED, EventKind.CANCELLED_LATE})

"""What happened to appointments, in the codes that automation listens to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from app.core.ids import PatientId, StaffId
from app.journal.events import DomainEvent
from app.scheduling.vocabulary import AppointmentEventId, AppointmentId, AppointmentTypeId, RecallId, TaskId


@dataclass(frozen=True, slots=True)
class AppointmentBooked(DomainEvent):
    """A visit was booked."""

    subject: ClassVar[str | None] = "patient_id"
    patient_id: PatientId
    appointment_id: AppointmentId
    type_id: AppointmentTypeId
    at: datetime


@dataclass(frozen=True, slots=True)
class AppointmentMoved(DomainEvent):
    """A visit was given another time, chair or person."""

    subject: ClassVar[str | None] = "patient_id"
    patient_id: PatientId
    appointment_id: AppointmentId
    type_id: AppointmentTypeId
    at: datetime


@dataclass(frozen=True, slots=True)
class AppointmentConfirmed(DomainEvent):
    """The family said that they will come."""

    subject: ClassVar[str | None] = "patient_id"
    patient_id: PatientId
    appointment_id: AppointmentId
    type_id: AppointmentTypeId
    at: datetime


@dataclass(frozen=True, slots=True)
class AppointmentCancelled(DomainEvent):
    """A visit was cancelled, early or late."""

    subject: ClassVar[str | None] = "patient_id"
    patient_id: PatientId
    appointment_id: AppointmentId
    type_id: AppointmentTypeId
    at: datetime


@dataclass(frozen=True, slots=True)
class AppointmentNoShow(DomainEvent):
    """The patient did not come."""

    subject: ClassVar[str | None] = "patient_id"
    patient_id: PatientId
    appointment_id: AppointmentId
    type_id: AppointmentTypeId
    at: datetime


@dataclass(frozen=True, slots=True)
class AppointmentReinstated(DomainEvent):
    """A visit that was cancelled or missed stands again."""

    subject: ClassVar[str | None] = "patient_id"
    patient_id: PatientId
    appointment_id: AppointmentId
    type_id: AppointmentTypeId
    at: datetime


@dataclass(frozen=True, slots=True)
class PatientCheckedIn(DomainEvent):
    """The patient arrived."""

    subject: ClassVar[str | None] = "patient_id"
    patient_id: PatientId
    appointment_id: AppointmentId
    type_id: AppointmentTypeId
    at: datetime


@dataclass(frozen=True, slots=True)
class PatientSeated(DomainEvent):
    """The patient sits in a chair."""

    subject: ClassVar[str | None] = "patient_id"
    patient_id: PatientId
    appointment_id: AppointmentId
    type_id: AppointmentTypeId
    at: datetime


@dataclass(frozen=True, slots=True)
class DoctorNeeded(DomainEvent):
    """The doctor is wanted at the chair."""

    subject: ClassVar[str | None] = "patient_id"
    patient_id: PatientId
    appointment_id: AppointmentId
    type_id: AppointmentTypeId
    at: datetime


@dataclass(frozen=True, slots=True)
class DoctorArrived(DomainEvent):
    """The doctor has come to the chair."""

    subject: ClassVar[str | None] = "patient_id"
    patient_id: PatientId
    appointment_id: AppointmentId
    type_id: AppointmentTypeId
    at: datetime


@dataclass(frozen=True, slots=True)
class AppointmentCompleted(DomainEvent):
    """The visit was kept; the patient is at the checkout."""

    subject: ClassVar[str | None] = "patient_id"
    patient_id: PatientId
    appointment_id: AppointmentId
    type_id: AppointmentTypeId
    at: datetime


@dataclass(frozen=True, slots=True)
class PatientLeft(DomainEvent):
    """The patient left the clinic."""

    subject: ClassVar[str | None] = "patient_id"
    patient_id: PatientId
    appointment_id: AppointmentId
    type_id: AppointmentTypeId
    at: datetime


@dataclass(frozen=True, slots=True)
class AppointmentCorrected(DomainEvent):
    """An event was taken back or its time was corrected."""

    subject: ClassVar[str | None] = "patient_id"
    patient_id: PatientId
    appointment_id: AppointmentId
    event_id: AppointmentEventId


@dataclass(frozen=True, slots=True)
class RecallDue(DomainEvent):
    """A recall has come due and nothing is booked for it."""

    subject: ClassVar[str | None] = "patient_id"
    patient_id: PatientId
    recall_id: RecallId


@dataclass(frozen=True, slots=True)
class RetentionReminder(DomainEvent):
    """A retention check has come due and nothing is booked for it."""

    subject: ClassVar[str | None] = "patient_id"
    patient_id: PatientId
    recall_id: RecallId


@dataclass(frozen=True, slots=True)
class TaskAssigned(DomainEvent):
    """Somebody was given a task."""

    task_id: TaskId
    owner_id: StaffId | None

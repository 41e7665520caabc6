"""What happens on a day, as automation may want to answer it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.core.ids import PatientId
from app.core.permissions import Role
from app.journal.events import DomainEvent
from app.orchestration.vocabulary import AlertKind, FlowAlertId
from app.practice.vocabulary import OperatoryId, ProviderId
from app.scheduling.vocabulary import AppointmentId


@dataclass(frozen=True, slots=True)
class AlertFired(DomainEvent):
    """Something of the day wants somebody's attention."""

    subject: ClassVar[str | None] = "patient_id"
    patient_id: PatientId | None
    alert_id: FlowAlertId
    kind: AlertKind
    role: Role


@dataclass(frozen=True, slots=True)
class AlertEscalated(DomainEvent):
    """Nobody acknowledged an alert in time: it is the next role's turn."""

    subject: ClassVar[str | None] = "patient_id"
    patient_id: PatientId | None
    alert_id: FlowAlertId
    kind: AlertKind
    role: Role


@dataclass(frozen=True, slots=True)
class ChartOpenedAtChair(DomainEvent):
    """A chart was opened at the workstation of a chair."""

    subject: ClassVar[str | None] = "patient_id"
    patient_id: PatientId
    operatory_id: OperatoryId


@dataclass(frozen=True, slots=True)
class ProviderSignedOnAtChair(DomainEvent):
    """Somebody who treats signed on at the workstation of a chair."""

    operatory_id: OperatoryId
    provider_id: ProviderId


@dataclass(frozen=True, slots=True)
class VisitSigned(DomainEvent):
    """The notes of today's visit were signed."""

    subject: ClassVar[str | None] = "patient_id"
    patient_id: PatientId


@dataclass(frozen=True, slots=True)
class PatientCalled(DomainEvent):
    """Somebody who waits is called to a chair."""

    subject: ClassVar[str | None] = "patient_id"
    patient_id: PatientId
    appointment_id: AppointmentId
    operatory_id: OperatoryId


@dataclass(frozen=True, slots=True)
class OpinionDue(DomainEvent):
    """A patient who was treated has left: the moment to ask how it was. `waited` are minutes in the waiting room."""

    subject: ClassVar[str | None] = "patient_id"
    patient_id: PatientId
    appointment_id: AppointmentId
    waited: int

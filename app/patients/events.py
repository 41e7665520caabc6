"""What happened to charts, for the slices above and for jobs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.core.ids import PatientId
from app.journal.events import DomainEvent
from app.patients.vocabulary import ConsentDecision, ConsentId, ConsentPurpose, DocumentId, DocumentKind


@dataclass(frozen=True, slots=True)
class PatientCreated(DomainEvent):
    """A chart was opened."""

    subject: ClassVar[str | None] = "patient_id"
    patient_id: PatientId


@dataclass(frozen=True, slots=True)
class ConsentRecorded(DomainEvent):
    """Somebody decided about a purpose, or a decision was voided."""

    subject: ClassVar[str | None] = "patient_id"
    patient_id: PatientId
    consent_id: ConsentId
    purpose: ConsentPurpose
    decision: ConsentDecision


@dataclass(frozen=True, slots=True)
class DocumentAdded(DomainEvent):
    """A document, or a new version of one, was put in the chart."""

    subject: ClassVar[str | None] = "patient_id"
    patient_id: PatientId
    document_id: DocumentId
    kind: DocumentKind

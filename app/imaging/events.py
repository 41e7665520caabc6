"""What happened to images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.core.ids import PatientId
from app.imaging.vocabulary import Fault, ReadingId, StudyId
from app.journal.events import DomainEvent


@dataclass(frozen=True, slots=True)
class ImagesReceived(DomainEvent):
    """New instances of one study are here; `patient_id` is None while the study waits for its patient."""

    subject: ClassVar[str | None] = "patient_id"
    study_id: StudyId
    patient_id: PatientId | None
    instances: int


@dataclass(frozen=True, slots=True)
class ReadingSigned(DomainEvent):
    """A doctor has read a study and signed."""

    subject: ClassVar[str | None] = "patient_id"
    study_id: StudyId
    patient_id: PatientId | None
    reading_id: ReadingId


@dataclass(frozen=True, slots=True)
class ReadingReopened(DomainEvent):
    """A signed reading is open again."""

    subject: ClassVar[str | None] = "patient_id"
    study_id: StudyId
    patient_id: PatientId | None
    reading_id: ReadingId


@dataclass(frozen=True, slots=True)
class SealedFileFailed(DomainEvent):
    """The scrub of this workstation found a sealed file of an image damaged or gone: somebody must look after it.

    `patient_id` is None for a study without a patient.
    """

    subject: ClassVar[str | None] = "patient_id"
    sha256: str
    fault: Fault
    study_id: StudyId
    patient_id: PatientId | None

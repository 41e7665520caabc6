"""What happened to images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.core.ids import PatientId
from app.imaging.vocabulary import StudyId
from app.journal.events import DomainEvent


@dataclass(frozen=True, slots=True)
class ImagesReceived(DomainEvent):
    """New instances of one study are here; `patient_id` is None while the study waits for its patient."""

    subject: ClassVar[str | None] = "patient_id"
    study_id: StudyId
    patient_id: PatientId | None
    instances: int

"""What the queries of this slice answer with: frozen values for screens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app.core.ids import PatientId
from app.imaging.views import PhotoView
from app.imaging.vocabulary import Content, InstanceId, Match, QuarantineId, Reason, SeriesId, StudyId


@dataclass(frozen=True, slots=True)
class ImageLine:
    """One instance in a list. `upright` turns: mirror left to right first if `mirrored`, then clockwise quarters."""

    instance_id: InstanceId
    sop_instance_uid: str
    content: Content
    original_kind: str
    number: int | None
    rows: int | None
    columns: int | None
    frames: int | None
    lossy: bool
    acquired_on: date | None
    acquired_at_time: str | None
    laterality: str | None
    view_position: str | None
    quarter_turns: int
    mirrored: bool
    view: PhotoView | None = None
    """The standard view that somebody has assigned."""
    teeth: str | None = None
    """FDI numbers that the file states, with blanks between them."""


@dataclass(frozen=True, slots=True)
class SeriesImages:
    """A series with its living instances, in the order of their numbers."""

    series_id: SeriesId
    series_instance_uid: str
    modality: str
    number: int | None
    description: str | None
    body_part: str | None
    images: tuple[ImageLine, ...]


@dataclass(frozen=True, slots=True)
class StudyImages:
    """A study of one patient with its series."""

    study_id: StudyId
    study_instance_uid: str
    patient_id: PatientId | None
    match: Match
    studied_on: date | None
    description: str | None
    series: tuple[SeriesImages, ...]


@dataclass(frozen=True, slots=True)
class StudyLine:
    """A study in the list of all studies. `first_image` is the one to show the thumbnail of."""

    study_id: StudyId
    patient_id: PatientId | None
    patient_name: str | None
    file_number: str | None
    received_name: str | None
    received_number: str | None
    received_birth_on: date | None
    match: Match
    studied_on: date | None
    description: str | None
    modalities: tuple[str, ...]
    images: int
    first_image: InstanceId | None
    received_at: datetime | None


@dataclass(frozen=True, slots=True)
class StudyPage:
    """A page of studies; `total` counts all that the filters let through."""

    total: int
    lines: tuple[StudyLine, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A chart that a rule proposes for a study."""

    patient_id: PatientId
    name: str
    file_number: str
    born_on: date | None


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """A study without a patient, and whom the rules propose now; `rule` names the rule that found them."""

    study: StudyLine
    match: Match
    rule: str | None
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """A page of the review queue."""

    total: int
    items: tuple[ReviewItem, ...]


@dataclass(frozen=True, slots=True)
class InstanceDetail:
    """All that is known of one instance, withdrawn ones included."""

    image: ImageLine
    study_id: StudyId
    series_id: SeriesId
    patient_id: PatientId | None
    study_instance_uid: str
    series_instance_uid: str
    modality: str
    sop_class_uid: str
    transfer_syntax_uid: str
    bits_stored: int | None
    photometric: str | None
    sha256: str
    size_bytes: int
    received_file: str | None
    received_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class Original:
    """The sealed bytes exactly as received, and the name under which they came."""

    sha256: str
    name: str
    size_bytes: int
    instance_id: InstanceId
    patient_id: PatientId | None


@dataclass(frozen=True, slots=True)
class QuarantineLine:
    """A file that was not taken in; `reason` has its sentence in `vocabulary.REASON_SENTENCES`."""

    quarantine_id: QuarantineId
    received_file: str
    reason: Reason
    details: dict[str, int]
    study_id: StudyId | None
    sop_instance_uid: str | None
    kept: bool
    received_at: datetime

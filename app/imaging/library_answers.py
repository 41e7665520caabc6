"""What the library answers with, and what it is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from app.core.ids import PatientId, StaffId
from app.imaging.answers import ImageLine
from app.imaging.views import PhotoView
from app.imaging.vocabulary import InstanceId, LibraryKind, Match, ReadingId, ReadingState, StudyId


@dataclass(frozen=True, slots=True)
class LibraryFilter:
    """What a person looks for. `text` is found in names, file numbers, descriptions; days are those of the study."""

    text: str = ""
    patient_id: PatientId | None = None
    kind: LibraryKind | None = None
    view: PhotoView | None = None
    modality: str = ""
    since: date | None = None
    until: date | None = None
    reading: ReadingState | None = None
    reader_id: StaffId | None = None
    match: Match | None = None
    in_chart: bool | None = None
    """True: only what has a patient; False: only what has none."""
    damaged: bool = False
    """Only images whose sealed file the scrub found damaged or gone on this workstation."""


@dataclass(frozen=True, slots=True)
class LibraryStudy:
    """A study in the library. `first_image` is the one to show the thumbnail of; `counts` are images by kind."""

    study_id: StudyId
    patient_id: PatientId | None
    patient_name: str | None
    file_number: str | None
    received_name: str | None
    match: Match
    studied_on: date | None
    description: str | None
    modalities: tuple[str, ...]
    counts: dict[LibraryKind, int]
    first_image: InstanceId | None
    received_at: datetime | None
    reading: ReadingState
    reading_id: ReadingId | None
    read_at: datetime | None
    read_by: str | None
    reader_id: StaffId | None
    reader: str | None

    @property
    def images(self) -> int:
        """All of them."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class LibraryStudyPage:
    """A page of studies; `total` counts all that the filter lets through."""

    total: int
    lines: tuple[LibraryStudy, ...]


@dataclass(frozen=True, slots=True)
class LibraryImage:
    """An image in the library, with its study; of a volume one slice stands for all (`in_series` of them)."""

    image: ImageLine
    kind: LibraryKind
    modality: str
    study_id: StudyId
    patient_id: PatientId | None
    patient_name: str | None
    file_number: str | None
    received_name: str | None
    match: Match
    studied_on: date | None
    description: str | None
    received_at: datetime
    reading: ReadingState
    in_series: int


@dataclass(frozen=True, slots=True)
class LibraryImagePage:
    """A page of images; `total` counts all that the filter lets through."""

    total: int
    lines: tuple[LibraryImage, ...]


@dataclass(frozen=True, slots=True)
class LibraryCounts:
    """How much there is, for the heads of lists and for filters that show their number."""

    studies: int
    images: int
    by_kind: dict[LibraryKind, int] = field(default_factory=dict)
    by_reading: dict[ReadingState, int] = field(default_factory=dict)
    without_patient: int = 0
    to_review: int = 0
    quarantined: int = 0
    damaged: int = 0

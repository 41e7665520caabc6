"""What reading a file gives: plain values that travel from the worker processes to the writer."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from app.core.ids import derived_id
from app.core.sealed import SealedStore, Unfinished
from app.imaging.views import PhotoView
from app.imaging.vocabulary import Content, DicomForm, Reason, RenditionKind

TEXT_LIMIT: Final = 1024
WHOLE_LIMIT: Final = 1 << 31


@dataclass(frozen=True, slots=True)
class Source:
    """One file to be read: on disk, or a member of a ZIP file on disk. `number` is its place in the import.

    `received`: what a device has sent, kept sealed under `path` (`receiving`) and called so.
    """

    number: int
    path: Path
    member: str | None = None
    received: str = ""

    @property
    def name(self) -> str:
        """What the person calls it."""
        if self.received:
            return self.received
        return f"{self.path.name}/{self.member}" if self.member else self.path.name


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may ask for: bytes of a file, pixels of a photograph, times that a ZIP member may grow."""

    file_mb: int = 2048
    pixel_millions: int = 120
    archive_ratio: int = 200
    archive_members: int = 50_000
    archive_gb: int = 20
    seconds: int = 120


@dataclass(frozen=True, slots=True)
class Identity:
    """The patient as DICOM files carry one (PS3.3 §C.7.1.1); all empty when nobody is known."""

    patient_id: str = ""
    name: str = ""
    file_number: str = ""
    birth_on: date | None = None
    sex: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """All that a worker needs to read one file."""

    source: Source
    store: SealedStore
    limits: Limits
    today: date
    identity: Identity
    owner: str
    """Whose records of the day a photograph belongs to: the patient's id, or that of the import."""


@dataclass(frozen=True, slots=True)
class StudyFacts:
    """A study as a file describes it."""

    uid: str
    studied_on: date | None = None
    studied_at_time: str | None = None
    description: str | None = None
    accession_number: str | None = None
    name: str | None = None
    number: str | None = None
    issuer: str | None = None
    birth_on: date | None = None
    sex: str | None = None


@dataclass(frozen=True, slots=True)
class SeriesFacts:
    """A series as a file describes it."""

    uid: str
    modality: str
    number: int | None = None
    description: str | None = None
    body_part: str | None = None
    manufacturer: str | None = None
    model_name: str | None = None


@dataclass(frozen=True, slots=True)
class InstanceFacts:
    """The columns of an instance that follow from its bytes."""

    sop_instance_uid: str
    sop_class_uid: str
    transfer_syntax_uid: str
    content: Content
    lossy: bool = False
    number: int | None = None
    image_rows: int | None = None
    image_columns: int | None = None
    frames: int | None = None
    bits_stored: int | None = None
    photometric: str | None = None
    acquired_on: date | None = None
    acquired_at_time: str | None = None
    laterality: str | None = None
    view_position: str | None = None
    teeth: str | None = None
    """FDI numbers (ISO 3950) with blanks between them."""


@dataclass(frozen=True, slots=True)
class Upright:
    """How to show pixels upright: mirrored left to right first, then turned clockwise by quarters."""

    quarter_turns: int = 0
    mirrored: bool = False


@dataclass(frozen=True, slots=True)
class MadeRendition:
    """A rendition that has been sealed, turned as said."""

    kind: RenditionKind
    sha256: str
    quarter_turns: int
    mirrored: bool
    media_type: str
    width: int
    height: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Found:
    """A file that can be taken in; its bytes are sealed already."""

    source_number: int
    name: str
    sha256: str
    size_bytes: int
    original_kind: str
    form: DicomForm
    study: StudyFacts
    series: SeriesFacts
    instance: InstanceFacts
    dicom_sha256: str | None = None
    dicom_split: int | None = None
    upright: Upright = Upright()
    renditions: tuple[MadeRendition, ...] = ()
    stated_view: PhotoView | None = None
    unfinished: tuple[Unfinished, ...] = ()
    """Its sealed files, which get their names right before it gets its row."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that is not taken in; `details` fill the places of the reason's sentence."""

    source_number: int
    name: str
    reason: Reason
    details: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Index:
    """A DICOMDIR: it lists other files and is not kept itself. `files` are the paths that it names below `folder`.

    `folder` is None inside a ZIP file, whose members are all read anyway.
    """

    source_number: int
    name: str
    folder: Path | None
    files: tuple[str, ...]


class RefusedFile(Exception):
    """Raised where a file turns out not to be wanted."""

    def __init__(self, reason: Reason, **details: int) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.details = details


def uid_of(*parts: str) -> str:
    """A DICOM UID made of a UUIDv5 of the parts (PS3.5 §B.2): the same facts give the same UID everywhere."""
    return f"2.25.{uuid.UUID(derived_id(*parts)).int}"


def clean(value: str, limit: int = TEXT_LIMIT) -> str | None:
    """A text from a file as the database may hold it; None when nothing is left."""
    kept = "".join(character for character in value if character.isprintable()).strip()
    return kept[:limit].encode("utf-8", "ignore").decode("utf-8") or None


def whole(value: int | None) -> int | None:
    """A whole number from a file, None when it is beyond any sense."""
    return value if value is not None and abs(value) < WHOLE_LIMIT else None

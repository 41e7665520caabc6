"""The words of this slice: ids, states, and why a file was not taken in."""

from __future__ import annotations

import enum
from typing import Final, NewType

from app.core.i18n import N_

StudyId = NewType("StudyId", str)
SeriesId = NewType("SeriesId", str)
InstanceId = NewType("InstanceId", str)
QuarantineId = NewType("QuarantineId", str)
ReadingId = NewType("ReadingId", str)
MountId = NewType("MountId", str)
KeyImageId = NewType("KeyImageId", str)
AnalysisId = NewType("AnalysisId", str)
SpatialPlanId = NewType("SpatialPlanId", str)


class Content(enum.StrEnum):
    """What an instance holds."""

    IMAGE = "image"
    DOCUMENT = "document"
    MODEL = "model"
    OTHER = "other"


CONTENT_LABELS: Final[dict[Content, str]] = {
    Content.IMAGE: N_("Image"),
    Content.DOCUMENT: N_("Document"),
    Content.MODEL: N_("3D model"),
    Content.OTHER: N_("Other DICOM object"),
}


class DicomForm(enum.StrEnum):
    """How the DICOM form of an instance is had from the bytes that were received."""

    RECEIVED = "received"
    """They are DICOM."""
    ENVELOPE = "envelope"
    """They stand unchanged between the two halves of a sealed envelope."""
    CONVERTED = "converted"
    """DICOM has no form that carries them unchanged: a lossless conversion is sealed beside them."""


class Match(enum.StrEnum):
    """How a study came to its patient."""

    UNMATCHED = "unmatched"
    REVIEW = "review"
    AUTOMATIC = "automatic"
    ASSIGNED = "assigned"


MATCH_LABELS: Final[dict[Match, str]] = {
    Match.UNMATCHED: N_("No patient"),
    Match.REVIEW: N_("To be reviewed"),
    Match.AUTOMATIC: N_("Matched automatically"),
    Match.ASSIGNED: N_("Matched by hand"),
}


class RenditionKind(enum.StrEnum):
    """The copies for looking that are made of an image."""

    THUMBNAIL = "thumbnail"
    PREVIEW = "preview"
    FULL = "full"


class LibraryKind(enum.StrEnum):
    """What an image is to the people who look for it."""

    RADIOGRAPH = "radiograph"
    PHOTOGRAPH = "photograph"
    VOLUME = "volume"
    MODEL = "model"
    DOCUMENT = "document"
    OTHER = "other"


LIBRARY_KIND_LABELS: Final[dict[LibraryKind, str]] = {
    LibraryKind.RADIOGRAPH: N_("X-ray"),
    LibraryKind.PHOTOGRAPH: N_("Photograph"),
    LibraryKind.VOLUME: N_("Volume"),
    LibraryKind.MODEL: N_("3D model"),
    LibraryKind.DOCUMENT: N_("Document"),
    LibraryKind.OTHER: N_("Other DICOM object"),
}


class ReadingAct(enum.StrEnum):
    """What a doctor did about the reading of a study."""

    SIGNED = "signed"
    REOPENED = "reopened"


class ReadingState(enum.StrEnum):
    """Whether a doctor has read a study. Photographs, models and documents alone need no reading."""

    NOT_NEEDED = "not_needed"
    UNREAD = "unread"
    NEW_IMAGES = "new_images"
    """It was signed, and images have come since."""
    READ = "read"


READING_LABELS: Final[dict[ReadingState, str]] = {
    ReadingState.NOT_NEEDED: N_("No reading needed"),
    ReadingState.UNREAD: N_("To be read"),
    ReadingState.NEW_IMAGES: N_("New images since the reading"),
    ReadingState.READ: N_("Read and signed"),
}


class Fault(enum.StrEnum):
    """What is wrong with a sealed file."""

    DAMAGED = "damaged"
    MISSING = "missing"
    UNREADABLE = "unreadable"


FAULT_SENTENCES: Final[dict[Fault, str]] = {
    Fault.DAMAGED: N_("The sealed file of this image is no longer what was written: restore it from a backup."),
    Fault.MISSING: N_("The sealed file of this image is gone: restore it from a backup."),
    Fault.UNREADABLE: N_("The disk does not give the sealed file of this image back."),
}


class Reason(enum.StrEnum):
    """Why a file was not taken in."""

    NOT_SUPPORTED = "not_supported"
    EMPTY = "empty"
    UNREADABLE = "unreadable"
    DISK_FULL = "disk_full"
    TOO_LARGE = "too_large"
    TOO_MANY_PIXELS = "too_many_pixels"
    DAMAGED = "damaged"
    DAMAGED_PIXELS = "damaged_pixels"
    NO_IDENTIFIER = "no_identifier"
    EMPTY_MODEL = "empty_model"
    SEVERAL_PAGES = "several_pages"
    DECODER_FAILED = "decoder_failed"
    TOO_LONG = "too_long"
    OTHER_BYTES = "other_bytes"
    OTHER_STUDY = "other_study"
    OTHER_IDENTITY = "other_identity"
    OTHER_CHART = "other_chart"
    ERASED = "erased"
    ARCHIVE_DAMAGED = "archive_damaged"
    ARCHIVE_LOCKED = "archive_locked"
    ARCHIVE_NESTED = "archive_nested"
    ARCHIVE_RATIO = "archive_ratio"
    ARCHIVE_MEMBERS = "archive_members"
    ARCHIVE_SIZE = "archive_size"
    MEDIA_MISSING = "media_missing"


REASON_SENTENCES: Final[dict[Reason, str]] = {
    Reason.NOT_SUPPORTED: N_("This kind of file is not taken in."),
    Reason.EMPTY: N_("This file is empty."),
    Reason.UNREADABLE: N_("This file cannot be read: it is gone, or you may not open it."),
    Reason.DISK_FULL: N_("The disk is full: make room and import again."),
    Reason.TOO_LARGE: N_("This file is larger than the limit of {limit} MB."),
    Reason.TOO_MANY_PIXELS: N_("This image has more than {limit} million pixels."),
    Reason.DAMAGED: N_("This file is damaged and cannot be read."),
    Reason.DAMAGED_PIXELS: N_("The pixels of this image are damaged or incomplete."),
    Reason.NO_IDENTIFIER: N_("This DICOM object has no identifier (SOP Instance UID) and no picture."),
    Reason.EMPTY_MODEL: N_("This model has no surface."),
    Reason.SEVERAL_PAGES: N_("This picture has several pages: save each as a picture of its own."),
    Reason.DECODER_FAILED: N_("The decoder stopped at this file; it was left out."),
    Reason.TOO_LONG: N_("Reading this file took longer than {limit} seconds; it was left out."),
    Reason.OTHER_BYTES: N_("An image with the same SOP Instance UID but other content is already here; both are kept."),
    Reason.OTHER_STUDY: N_("The series of this image is already here as part of another study."),
    Reason.OTHER_IDENTITY: N_("The study of this image is already here under another patient identity."),
    Reason.OTHER_CHART: N_("This image is already in another chart: move its study instead."),
    Reason.ERASED: N_("This image was erased with its patient’s data and is not taken in again."),
    Reason.ARCHIVE_DAMAGED: N_("This ZIP file is damaged."),
    Reason.ARCHIVE_LOCKED: N_("This file is protected by a password inside its ZIP file."),
    Reason.ARCHIVE_NESTED: N_("A ZIP file inside a ZIP file is not opened: unpack it first."),
    Reason.ARCHIVE_RATIO: N_("This file unpacks to more than {limit} times its size, as a decompression bomb does."),
    Reason.ARCHIVE_MEMBERS: N_("This ZIP file holds more than {limit} files."),
    Reason.ARCHIVE_SIZE: N_("This ZIP file unpacks to more than {limit} GB."),
    Reason.MEDIA_MISSING: N_("The DICOMDIR names this file, but it is not on the medium."),
}

"""What presentation states, key object selections and reports have in common: whose they are and what they refer to.

They are written with pydicom alone: three objects with fixed content need no builder of their own, and real intra-oral
files lack attributes that stricter libraries demand before they would refer to an image.
"""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID

from viewer.errors import N_, ViewerError
from viewer.model.mark_storage import mark_fields, mark_from_fields
from viewer.model.marks import Mark, MarkError
from viewer.pixels import attributes as at
from viewer.pixels.errors import DamagedFile
from viewer.pixels.reading import Source, parse

EXPLICIT_LE = "1.2.840.10008.1.2.1"
OUR_GROUP = 0x0071
OUR_CREATOR = "ARCHWIRE MARKS"
OUR_ELEMENT = 0x01
OUR_SCHEME = "99ARCHWIRE"


class DocumentError(ViewerError):
    """An object that cannot be written or read as a document of marks."""

    message_id = N_("This document cannot be read.")


@dataclass(frozen=True)
class ImageReference:
    """What other objects must say about an image: whose it is and its UIDs."""

    sop_class_uid: str
    sop_instance_uid: str
    series_instance_uid: str
    study_instance_uid: str
    rows: int
    columns: int
    number_of_frames: int
    photometric: str
    whose: tuple[tuple[str, str], ...]
    """Attributes of patient and study that every object of the study repeats."""


WHOSE = (
    "PatientName",
    "PatientID",
    "IssuerOfPatientID",
    "PatientBirthDate",
    "PatientSex",
    "StudyDate",
    "StudyTime",
    "ReferringPhysicianName",
    "StudyID",
    "AccessionNumber",
)
REQUIRED_EMPTY = frozenset(WHOSE) - {"IssuerOfPatientID"}


def refer(source: Source | Dataset) -> ImageReference:
    """The reference to an image file or header. Raises a PixelError, or DocumentError when it lacks its UIDs."""
    if isinstance(source, Dataset):
        ds = source
    else:
        parsed = parse(source)
        parsed.stream.close()
        ds = parsed.ds
    keywords = ("SOPClassUID", "SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID")
    sop_class, instance, series, study = (at.text(ds, keyword) for keyword in keywords)
    if not all((sop_class, instance, series, study)):
        raise DocumentError(N_("This image has no complete identity (UIDs); nothing can refer to it."))
    return ImageReference(
        sop_class,
        instance,
        series,
        study,
        rows=at.integer(ds, "Rows") or 0,
        columns=at.integer(ds, "Columns") or 0,
        number_of_frames=max(1, at.integer(ds, "NumberOfFrames") or 1),
        photometric=at.code(ds, "PhotometricInterpretation"),
        whose=tuple((keyword, at.text(ds, keyword)) for keyword in WHOSE),
    )


@dataclass(frozen=True)
class Authorship:
    """Who made a document, when (aware), and what people call it."""

    creator: str
    at: datetime
    description: str = ""
    label: str = "MARKS"
    """Content Label: capitals, digits and underscores, at most 16."""


def new_uid() -> str:
    """A UID from a random UUID (PS3.5 §B.2)."""
    return f"2.25.{uuid.uuid4().int}"


def new_document(image: ImageReference, sop_class_uid: str, modality: str, by: Authorship) -> Dataset:
    """A data set with patient, study, series, equipment and SOP common modules."""
    ds = Dataset()
    ds.SpecificCharacterSet = "ISO_IR 192"
    for keyword, value in image.whose:
        if value or keyword in REQUIRED_EMPTY:
            setattr(ds, keyword, value)
    ds.StudyInstanceUID = image.study_instance_uid
    ds.SOPClassUID, ds.SOPInstanceUID, ds.SeriesInstanceUID = sop_class_uid, new_uid(), new_uid()
    ds.Modality, ds.SeriesNumber, ds.InstanceNumber = modality, 1, 1
    ds.Manufacturer = "Archwire"
    made = by.at.astimezone(UTC)
    ds.InstanceCreationDate, ds.InstanceCreationTime = made.strftime("%Y%m%d"), made.strftime("%H%M%S")
    ds.TimezoneOffsetFromUTC = "+0000"
    return ds


def to_bytes(ds: Dataset) -> bytes:
    """The data set as a DICOM file, explicit VR little endian."""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = UID(EXPLICIT_LE)
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = ds.SOPClassUID, ds.SOPInstanceUID
    ds.file_meta = meta
    out = io.BytesIO()
    ds.save_as(out, enforce_file_format=True)
    return out.getvalue()


def read_document(source: Source | Dataset, sop_classes: frozenset[str]) -> Dataset:
    """A document of one of the classes. Raises a PixelError, or DocumentError for an object of another kind."""
    if isinstance(source, Dataset):
        ds = source
    else:
        parsed = parse(source)
        parsed.stream.close()
        ds = parsed.ds
    if at.text(ds, "SOPClassUID") not in sop_classes:
        raise DocumentError
    return ds


def code(value: str, scheme: str, meaning: str) -> Dataset:
    """One item of a code sequence (PS3.3 §8.8)."""
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


def image_item(image: ImageReference, frames: Sequence[int] = ()) -> Dataset:
    """SOP instance reference; frames count from 0 and are written from 1, only for multi-frame images."""
    item = Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = image.sop_class_uid, image.sop_instance_uid
    if frames and image.number_of_frames > 1:
        item.ReferencedFrameNumber = [frame + 1 for frame in frames]
    return item


def by_series(images: Sequence[ImageReference]) -> dict[str, list[ImageReference]]:
    """Images grouped by series, each image once, in the order given."""
    groups: dict[str, list[ImageReference]] = {}
    for image in dict.fromkeys(images):
        groups.setdefault(image.series_instance_uid, []).append(image)
    return groups


def evidence(images: Sequence[ImageReference]) -> list[Dataset]:
    """Hierarchical SOP instance references (PS3.3 §C.17.2.1): studies, series, instances."""
    studies: dict[str, list[ImageReference]] = {}
    for image in images:
        studies.setdefault(image.study_instance_uid, []).append(image)
    found = []
    for uid, members in studies.items():
        study = Dataset()
        study.ReferencedSeriesSequence = []
        for series_uid, group in by_series(members).items():
            series = Dataset()
            series.ReferencedSOPSequence = [image_item(image) for image in group]
            series.SeriesInstanceUID = series_uid
            study.ReferencedSeriesSequence.append(series)
        study.StudyInstanceUID = uid
        found.append(study)
    return found


def remember(item: Dataset, fields: dict[str, Any]) -> None:
    """Keep what the standard has no place for as JSON in a private block."""
    block = item.private_block(OUR_GROUP, OUR_CREATOR, create=True)
    block.add_new(OUR_ELEMENT, "UT", json.dumps(fields, ensure_ascii=True, sort_keys=True, separators=(",", ":")))


def recall(item: Dataset) -> dict[str, Any]:
    """What `remember` kept; empty for objects of other programs and for anything damaged."""
    try:
        found = json.loads(str(item.private_block(OUR_GROUP, OUR_CREATOR)[OUR_ELEMENT].value))
    except (KeyError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def remember_mark(item: Dataset, mark: Mark) -> None:
    """Keep everything of a mark but its points: those are in the standard's own attributes, and they decide."""
    fields = mark_fields(mark)
    del fields["points_mpx"]
    remember(item, fields)


def recall_mark(item: Dataset, points: Sequence[tuple[float, float]]) -> Mark | None:
    """Our mark at the points that the object states now; None when it is not ours or no longer fits."""
    fields = recall(item)
    try:
        return mark_from_fields({**fields, "points_mpx": [[round(x * 1000), round(y * 1000)] for x, y in points]})
    except (MarkError, KeyError, ValueError, TypeError, OverflowError):
        return None


def points_of(item: Dataset) -> list[tuple[float, float]]:
    """Graphic Data as points. Raises DamagedFile for an odd number of coordinates."""
    numbers = at.numbers(item, "GraphicData")
    if not numbers or len(numbers) % 2:
        raise DamagedFile
    return list(zip(numbers[::2], numbers[1::2], strict=True))

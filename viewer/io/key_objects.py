"""Key images as a Key Object Selection Document (PS3.3 §A.35.4, TID 2010)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from enum import Enum

from pydicom.dataset import Dataset

from viewer.errors import N_
from viewer.io.documents import (
    Authorship,
    DocumentError,
    ImageReference,
    code,
    evidence,
    image_item,
    new_document,
    read_document,
)
from viewer.io.observers import observers
from viewer.pixels import attributes as at
from viewer.pixels.reading import Source

KEY_OBJECTS = "1.2.840.10008.5.1.4.1.1.88.59"


class Purpose(Enum):
    """Why images were chosen (CID 7010)."""

    OF_INTEREST = ("113000", "Of Interest")
    FOR_REFERRING_PROVIDER = ("113002", "For Referring Provider")
    FOR_CONFERENCE = ("113005", "For Conference")
    FOR_TEACHING = ("113004", "For Teaching")
    FOR_PATIENT = ("113007", "For Patient")


@dataclass(frozen=True)
class KeyImage:
    """A chosen image; `frames` count from 0 and are empty for the whole image."""

    sop_class_uid: str
    sop_instance_uid: str
    frames: tuple[int, ...] = ()


@dataclass(frozen=True)
class Selection:
    """A set of key images and what was said about them."""

    purpose: Purpose
    description: str
    images: tuple[KeyImage, ...]


def key_object_selection(
    images: Sequence[tuple[ImageReference, Sequence[int]]], purpose: Purpose, by: Authorship
) -> Dataset:
    """A selection of (image, frames from 0; none for all). Raises DocumentError for an empty one."""
    if not images:
        raise DocumentError(N_("A key object selection needs at least one image."))
    references = [image for image, _ in images]
    ds = new_document(references[0], KEY_OBJECTS, "KO", by)
    made = by.at.astimezone(UTC)
    ds.ContentDate, ds.ContentTime = made.strftime("%Y%m%d"), made.strftime("%H%M%S")
    ds.ReferencedPerformedProcedureStepSequence = []
    ds.CurrentRequestedProcedureEvidenceSequence = evidence(references)
    ds.ValueType, ds.ContinuityOfContent = "CONTAINER", "SEPARATE"
    ds.ConceptNameCodeSequence = [code(purpose.value[0], "DCM", purpose.value[1])]
    template = Dataset()
    template.MappingResource, template.TemplateIdentifier = "DCMR", "2010"
    ds.ContentTemplateSequence = [template]
    ds.ContentSequence = [*observers(by), *([_description(by)] if by.description else [])]
    ds.ContentSequence.extend(_image(image, frames) for image, frames in images)
    return ds


def _description(by: Authorship) -> Dataset:
    item = Dataset()
    item.RelationshipType, item.ValueType = "CONTAINS", "TEXT"
    item.ConceptNameCodeSequence = [code("113012", "DCM", "Key Object Description")]
    item.TextValue = by.description
    return item


def _image(image: ImageReference, frames: Sequence[int]) -> Dataset:
    item = Dataset()
    item.RelationshipType, item.ValueType = "CONTAINS", "IMAGE"
    item.ReferencedSOPSequence = [image_item(image, frames)]
    return item


def read_key_object_selection(source: Source | Dataset) -> Selection:
    """The selection in a document; a purpose that this program does not name is read as "of interest".

    Raises a PixelError or DocumentError.
    """
    ds = read_document(source, frozenset({KEY_OBJECTS}))
    title = at.text(next(iter(at.items(ds, "ConceptNameCodeSequence")), Dataset()), "CodeValue")
    purpose = next((each for each in Purpose if each.value[0] == title), Purpose.OF_INTEREST)
    description, images = "", []
    for item in at.items(ds, "ContentSequence"):
        if at.code(item, "ValueType") == "TEXT":
            description = at.text(item, "TextValue")
        for reference in at.items(item, "ReferencedSOPSequence"):
            frames = tuple(int(number) - 1 for number in at.numbers(reference, "ReferencedFrameNumber"))
            uids = at.text(reference, "ReferencedSOPClassUID"), at.text(reference, "ReferencedSOPInstanceUID")
            images.append(KeyImage(*uids, frames))
    return Selection(purpose, description, tuple(images))

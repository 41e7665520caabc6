"""Measuring marks as an imaging measurement report (PS3.16 TID 1500, Comprehensive SR).

Every group is one mark: a region follows TID 1410 (outline beside its numbers), the others TID 1501 (each number is
inferred from its coordinates). How far a length may be trusted stands in the measurement method of each number.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC

from pydicom.dataset import Dataset
from pydicom.valuerep import DSfloat

from viewer.errors import N_
from viewer.io.documents import (
    OUR_SCHEME,
    Authorship,
    DocumentError,
    ImageReference,
    code,
    evidence,
    image_item,
    new_document,
    points_of,
    read_document,
    recall_mark,
    remember_mark,
)
from viewer.io.graphics import drawing, original_points, shapes
from viewer.io.observers import observers
from viewer.io.presentation_states import Presented
from viewer.model.marks import REGIONS, Kind, Mark, MarkError, Point, Sheet, new_mark
from viewer.model.measures import SQUARED, Figure, Quantity, figures
from viewer.model.regions import Statistics
from viewer.model.spacing import Unit
from viewer.pixels import attributes as at
from viewer.pixels.errors import DamagedFile
from viewer.pixels.reading import Source

COMPREHENSIVE_SR = "1.2.840.10008.5.1.4.1.1.88.33"
MEASUREMENT_REPORTS = frozenset({COMPREHENSIVE_SR, "1.2.840.10008.5.1.4.1.1.88.22", "1.2.840.10008.5.1.4.1.1.88.34"})
REPORT = ("126000", "DCM", "Imaging Measurement Report")
GROUP = ("125007", "DCM", "Measurement Group")
LANDMARK = ("LANDMARK", OUR_SCHEME, "Cephalometric landmark")
CEPHALOMETRY = ("CEPHALOMETRY", OUR_SCHEME, "Cephalometric measure")
"""Findings of groups that are no marks: `viewer.io.landmark_reports` reads them."""

QUANTITIES = {
    Quantity.LENGTH: ("410668003", "SCT", "Length"),
    Quantity.PERIMETER: ("131191004", "SCT", "Perimeter"),
    Quantity.ANGLE: ("1483009", "SCT", "Angle"),
    Quantity.RATIO: ("118586006", "SCT", "Ratio"),
    Quantity.AREA: ("42798000", "SCT", "Area"),
}
UNIT_CODES = {
    **{unit.value: ("mm", "UCUM", "millimeter") for unit in Unit if unit is not Unit.PX},
    **{text: ("mm2", "UCUM", "square millimeter") for unit, text in SQUARED.items() if unit is not Unit.PX},
    Unit.PX.value: ("{pixels}", "UCUM", "pixels"),
    SQUARED[Unit.PX]: ("{pixels}2", "UCUM", "square pixels"),
    "°": ("deg", "UCUM", "degree"),
    "": ("{ratio}", "UCUM", "ratio"),
}
STATISTICS = (
    ("mean", ("373098007", "SCT", "Mean")),
    ("sd", ("386136009", "SCT", "Standard Deviation")),
    ("least", ("255605001", "SCT", "Minimum")),
    ("greatest", ("56851009", "SCT", "Maximum")),
)


def measurement_report(
    shown: Sequence[Presented],
    by: Authorship,
    statistics: Mapping[str, Statistics] | None = None,
    language: tuple[str, str] = ("fr-CA", "French (Canada)"),
) -> Dataset:
    """A report of the measuring marks of images of one study; `statistics` are by mark id.

    Raises DocumentError when nothing was measured.
    """
    groups = [
        _group(mark, each, (statistics or {}).get(mark.mark_id))
        for each in shown
        for mark in each.sheet.marks
        if figures(mark, each.size)
    ]
    if not groups:
        raise DocumentError(N_("There is no measurement to report."))
    return report_of([each.image for each in shown], groups, by, language)


def report_of(
    images: Sequence[ImageReference], groups: Sequence[Dataset], by: Authorship, language: tuple[str, str]
) -> Dataset:
    """The document about measurement groups of images of one study."""
    ds = new_document(images[0], COMPREHENSIVE_SR, "SR", by)
    made = by.at.astimezone(UTC)
    ds.ContentDate, ds.ContentTime = made.strftime("%Y%m%d"), made.strftime("%H%M%S")
    ds.ReferencedPerformedProcedureStepSequence, ds.PerformedProcedureCodeSequence = [], []
    ds.CurrentRequestedProcedureEvidenceSequence = evidence(images)
    ds.CompletionFlag, ds.VerificationFlag = "PARTIAL", "UNVERIFIED"
    ds.ValueType, ds.ContinuityOfContent = "CONTAINER", "SEPARATE"
    ds.ConceptNameCodeSequence = [code(*REPORT)]
    template = Dataset()
    template.MappingResource, template.TemplateIdentifier = "DCMR", "1500"
    ds.ContentTemplateSequence = [template]
    measurements = container("CONTAINS", ("126010", "DCM", "Imaging Measurements"), groups)
    ds.ContentSequence = [*_context(by, language), measurements]
    return ds


def _context(by: Authorship, language: tuple[str, str]) -> list[Dataset]:
    tongue = ("121049", "DCM", "Language of Content Item and Descendants")
    procedure = ("363679005", "SCT", "Imaging procedure")
    return [
        coded("HAS CONCEPT MOD", tongue, (language[0], "RFC5646", language[1])),
        *observers(by),
        coded("HAS CONCEPT MOD", ("121058", "DCM", "Procedure reported"), procedure),
    ]


def _group(mark: Mark, each: Presented, statistics: Statistics | None) -> Dataset:
    label = item_of("HAS OBS CONTEXT", "TEXT", ("112039", "DCM", "Tracking Identifier"))
    label.TextValue = mark.text or mark.mark_id
    tracking = item_of("HAS OBS CONTEXT", "UIDREF", ("112040", "DCM", "Tracking Unique Identifier"))
    tracking.UID = _tracking_uid(mark.mark_id)
    finding = coded(
        "CONTAINS", ("121071", "DCM", "Finding"), (mark.kind.value.upper(), OUR_SCHEME, mark.kind.value.capitalize())
    )
    contents = [label, tracking, finding]
    region = mark.kind in REGIONS
    if region:
        contents += [coordinates(s, mark.frame, each.image, "CONTAINS", named=True) for s in shapes(mark)]
    for figure in figures(mark, each.size):
        measured = _figure(figure)
        if not region:
            measured.ContentSequence = [
                *measured.ContentSequence,
                *(coordinates(s, mark.frame, each.image, "INFERRED FROM", named=False) for s in shapes(mark)),
            ]
        contents.append(measured)
    for name, concept in STATISTICS if statistics else ():
        contents.append(number(concept, getattr(statistics, name), ("1", "UCUM", "no units")))
    group = container("CONTAINS", GROUP, contents)
    remember_mark(group, mark)
    return group


def _tracking_uid(mark_id: str) -> str:
    """A UID that is always the same for a mark (PS3.5 §B.2)."""
    try:
        return f"2.25.{uuid.UUID(mark_id).int}"
    except ValueError:
        return f"2.25.{uuid.uuid5(uuid.NAMESPACE_OID, mark_id).int}"


def _figure(figure: Figure) -> Dataset:
    item = number(QUANTITIES[figure.quantity], figure.value, UNIT_CODES[figure.unit])
    value = figure.origin.name
    meaning = f"{figure.unit or 'ratio'}, pixel size: {figure.origin.value}"[:64]
    method = coded("HAS CONCEPT MOD", ("370129005", "SCT", "Measurement Method"), (value, OUR_SCHEME, meaning))
    item.ContentSequence = [method]
    return item


def number(concept: tuple[str, str, str], value: float, unit: tuple[str, str, str]) -> Dataset:
    """A measured value with its unit."""
    item = item_of("CONTAINS", "NUM", concept)
    measured = Dataset()
    measured.MeasurementUnitsCodeSequence = [code(*unit)]
    measured.NumericValue = DSfloat(round(value, 4), auto_format=True)
    item.MeasuredValueSequence = [measured]
    return item


def coordinates(
    shape: tuple[str, tuple[Point, ...]], frame: int, image: ImageReference, relationship: str, named: bool
) -> Dataset:
    """Points on a frame (from 0) of an image (PS3.3 §C.18.6)."""
    item = item_of(relationship, "SCOORD", ("111030", "DCM", "Image Region") if named else None)
    item.GraphicType = shape[0]
    item.GraphicData = [part for point in shape[1] for part in point]
    picture = item_of("SELECTED FROM", "IMAGE", None)
    picture.ReferencedSOPSequence = [image_item(image, [frame])]
    item.ContentSequence = [picture]
    return item


def item_of(relationship: str, value_type: str, concept: tuple[str, str, str] | None) -> Dataset:
    """A content item of a value type, named where it has a concept."""
    item = Dataset()
    item.RelationshipType, item.ValueType = relationship, value_type
    if concept:
        item.ConceptNameCodeSequence = [code(*concept)]
    return item


def coded(relationship: str, concept: tuple[str, str, str], value: tuple[str, str, str]) -> Dataset:
    """A content item that is a code."""
    item = item_of(relationship, "CODE", concept)
    item.ConceptCodeSequence = [code(*value)]
    return item


def container(relationship: str, concept: tuple[str, str, str], contents: Sequence[Dataset]) -> Dataset:
    """A content item that holds others."""
    item = item_of(relationship, "CONTAINER", concept)
    item.ContinuityOfContent = "SEPARATE"
    item.ContentSequence = list(contents)
    return item


def read_measurement_report(source: Source | Dataset) -> dict[str, Sheet]:
    """Measuring marks by SOP Instance UID of the image; outlines of other programs become drawings or areas.

    The numbers themselves are not read: figures are computed from the points. Raises a PixelError or DocumentError.
    """
    ds = read_document(source, MEASUREMENT_REPORTS)
    if concept_of(ds) != REPORT[:2]:
        raise DocumentError
    found: dict[str, Sheet] = {}
    for group in descend(ds, GROUP[:2]):
        for uid, mark in _group_marks(group):
            sheet = found.get(uid, Sheet())
            found[uid] = replace(sheet, marks=(*sheet.marks, mark))
    return found


def concept_of(item: Dataset) -> tuple[str, str]:
    """Value and scheme of the code that names an item."""
    name = next(iter(at.items(item, "ConceptNameCodeSequence")), Dataset())
    return at.text(name, "CodeValue"), at.text(name, "CodingSchemeDesignator")


def descend(item: Dataset, concept: tuple[str, str], depth: int = 0) -> Iterator[Dataset]:
    """Every item of this concept below another, outermost first."""
    if depth < 32:
        for child in at.items(item, "ContentSequence"):
            if concept_of(child) == concept:
                yield child
            else:
                yield from descend(child, concept, depth + 1)


def _group_marks(group: Dataset) -> Iterator[tuple[str, Mark]]:
    """(image, mark) of a group; figures repeat their coordinates, so each is taken once."""
    if finding_of(group).upper() in (LANDMARK[0], CEPHALOMETRY[0]):
        return
    found: dict[tuple[str, tuple[Point, ...]], tuple[str, int]] = {}
    for item in scoords(group):
        uid, frame = image_of(item)
        found.setdefault((at.code(item, "GraphicType"), tuple(points_of(item))), (uid, frame))
    if not found:
        return
    drawn, (uid, frame) = list(found), next(iter(found.values()))
    finding = finding_of(group)
    if finding and (ours := recall_mark(group, original_points(finding, drawn))):
        yield uid, ours
        return
    for (graphic_type, points), (uid, frame) in found.items():
        if shape := _foreign(graphic_type, points):
            try:
                yield uid, new_mark(*shape, frame=frame)
            except MarkError:
                raise DamagedFile from None


def scoords(item: Dataset, depth: int = 0) -> Iterator[Dataset]:
    """The coordinates in a group, outermost first."""
    for child in at.items(item, "ContentSequence") if depth < 8 else ():
        if at.code(child, "ValueType") == "SCOORD":
            yield child
        else:
            yield from scoords(child, depth + 1)


def image_of(scoord: Dataset) -> tuple[str, int]:
    """SOP Instance UID and frame (from 0) of the image that coordinates lie on. Raises DamagedFile."""
    for child in at.items(scoord, "ContentSequence"):
        for reference in at.items(child, "ReferencedSOPSequence"):
            frames = at.numbers(reference, "ReferencedFrameNumber")
            return at.text(reference, "ReferencedSOPInstanceUID"), max(0, int(frames[0]) - 1) if frames else 0
    raise DamagedFile


def finding_of(group: Dataset) -> str:
    """What a group of ours is, in small letters; '' for a group of another program."""
    for child in at.items(group, "ContentSequence"):
        if concept_of(child) == ("121071", "DCM"):
            value = next(iter(at.items(child, "ConceptCodeSequence")), Dataset())
            if at.text(value, "CodingSchemeDesignator") == OUR_SCHEME:
                return at.text(value, "CodeValue").lower()
    return ""


def _foreign(graphic_type: str, points: tuple[Point, ...]) -> tuple[Kind, tuple[Point, ...]] | None:
    if graphic_type == "POLYLINE" and len(points) == 2:
        return Kind.LENGTH, points
    if graphic_type == "POLYLINE" and len(points) > 3 and points[0] == points[-1]:
        return Kind.AREA, points[:-1]
    return drawing(graphic_type, points)

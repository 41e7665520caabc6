"""A cephalometric tracing as an imaging measurement report (PS3.16 TID 1500, Comprehensive SR), and back.

Each landmark is a group after TID 1410: one point on the image with the landmark as its finding site. Each measure is a
group after TID 1501: a number inferred from the points that its formula takes. Only the points are read back: figures
are computed.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydicom.dataset import Dataset

from viewer.errors import N_
from viewer.io.documents import OUR_SCHEME, Authorship, DocumentError, ImageReference, code, points_of, read_document
from viewer.io.measurement_reports import (
    CEPHALOMETRY,
    GROUP,
    LANDMARK,
    MEASUREMENT_REPORTS,
    REPORT,
    UNIT_CODES,
    coded,
    concept_of,
    container,
    coordinates,
    descend,
    finding_of,
    image_of,
    item_of,
    number,
    report_of,
    scoords,
)
from viewer.model.cephalometry import LANDMARKS, Reading
from viewer.model.cephalometry.formula import needed
from viewer.model.cephalometry.functions import Point
from viewer.pixels import attributes as at
from viewer.pixels.reading import Source

FINDING_SITE = ("363698007", "SCT", "Finding Site")
LONGEST_CODE, LONGEST_MEANING = 16, 64
PERCENT = ("%", "UCUM", "percent")


@dataclass(frozen=True)
class Traced:
    """A tracing to report: an image, its confirmed landmarks in pixels, and what was measured on them."""

    image: ImageReference
    points: Mapping[str, Point]
    readings: Sequence[Reading] = ()
    frame: int = 0


def landmark_report(
    traced: Traced, by: Authorship, language: tuple[str, str] = ("fr-CA", "French (Canada)")
) -> Dataset:
    """The report. Raises DocumentError when nothing was placed."""
    if not traced.points:
        raise DocumentError(N_("There is no landmark to report."))
    groups = [_landmark(name, traced) for name in LANDMARKS if name in traced.points]
    groups += [_measure(reading, traced) for reading in traced.readings if _is_figure(reading)]
    return report_of([traced.image], groups, by, language)


def read_landmark_report(source: Source | Dataset) -> dict[str, dict[str, Point]]:
    """Landmarks in pixels by SOP Instance UID of the image; what this program does not know is passed over.

    Raises a PixelError, or DocumentError for another object or a report without a landmark.
    """
    ds = read_document(source, MEASUREMENT_REPORTS)
    if concept_of(ds) != REPORT[:2]:
        raise DocumentError
    found: dict[str, dict[str, Point]] = {}
    for group in descend(ds, GROUP[:2]):
        name = _site(group) if finding_of(group) == LANDMARK[0].lower() else ""
        for item in scoords(group) if name in LANDMARKS else ():
            points = points_of(item)
            if at.code(item, "GraphicType") == "POINT" and len(points) == 1:
                found.setdefault(image_of(item)[0], {})[name] = points[0]
    if not found:
        raise DocumentError(N_("This file holds no cephalometric landmarks."))
    return found


def _landmark(name: str, traced: Traced) -> Dataset:
    mark = LANDMARKS[name]
    site = (name, OUR_SCHEME, mark.name[:LONGEST_MEANING])
    contents = [
        *_tracking(name, f"landmark {name}", traced.image),
        coded("CONTAINS", ("121071", "DCM", "Finding"), LANDMARK),
        coded("HAS CONCEPT MOD", FINDING_SITE, site),
        coordinates(("POINT", (traced.points[name],)), traced.frame, traced.image, "CONTAINS", named=True),
    ]
    return container("CONTAINS", GROUP, contents)


def _measure(reading: Reading, traced: Traced) -> Dataset:
    """The number with the points that it comes from."""
    assert reading.value is not None
    measure = reading.measure
    concept = _own_code(measure.measure_id)
    unit = PERCENT if reading.unit == "%" else UNIT_CODES[reading.unit]
    figure = number((measure.measure_id, OUR_SCHEME, measure.measure_id), reading.value, unit)
    figure.ConceptNameCodeSequence = [concept]
    names = [name for name in LANDMARKS if name in needed(measure.formula, traced.points)]
    points = tuple(traced.points[name] for name in names)
    shape = ("MULTIPOINT" if len(points) > 1 else "POINT", points)
    figure.ContentSequence = [coordinates(shape, traced.frame, traced.image, "INFERRED FROM", named=False)]
    contents = [
        *_tracking(measure.measure_id, f"measure {measure.measure_id}", traced.image),
        coded("CONTAINS", ("121071", "DCM", "Finding"), CEPHALOMETRY),
        figure,
    ]
    return container("CONTAINS", GROUP, contents)


def _is_figure(reading: Reading) -> bool:
    return reading.value is not None and math.isfinite(reading.value)


def _own_code(measure_id: str) -> Dataset:
    """A measure as a code of ours; a long name goes where PS3.3 §8.1 has room for it."""
    item = code(measure_id, OUR_SCHEME, measure_id[:LONGEST_MEANING])
    if len(measure_id) > LONGEST_CODE:
        del item.CodeValue
        item.LongCodeValue = measure_id
    return item


def _tracking(label: str, name: str, image: ImageReference) -> list[Dataset]:
    """Identifier and UID, which stay the same for a point of one image however often it is reported."""
    identifier = item_of("HAS OBS CONTEXT", "TEXT", ("112039", "DCM", "Tracking Identifier"))
    identifier.TextValue = label
    unique = item_of("HAS OBS CONTEXT", "UIDREF", ("112040", "DCM", "Tracking Unique Identifier"))
    unique.UID = f"2.25.{uuid.uuid5(uuid.NAMESPACE_OID, f'{image.sop_instance_uid} {name}').int}"
    return [identifier, unique]


def _site(group: Dataset) -> str:
    for child in at.items(group, "ContentSequence"):
        if concept_of(child) == FINDING_SITE[:2]:
            value = next(iter(at.items(child, "ConceptCodeSequence")), Dataset())
            if at.text(value, "CodingSchemeDesignator") == OUR_SCHEME:
                return at.text(value, "CodeValue")
    return ""

"""What the command line says about a file, as plain data for JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from viewer.errors import N_, ViewerError
from viewer.io.landmark_files import read_landmarks
from viewer.model.cephalometry import ANALYSES, CephError, Norm, Reading, Subject, Tracing, read
from viewer.model.cephalometry.tracing import SQUARE_PIXELS
from viewer.model.marks import Kind, Point, new_mark
from viewer.model.measures import figures
from viewer.model.spacing import Origin, PixelSize, Unit
from viewer.pixels.header import Header, read_header
from viewer.pixels.reading import Source


class ReportError(ViewerError):
    """A question that has no answer."""

    message_id = N_("Two points make a length and three an angle.")


def measure_report(source: Source, points: Sequence[Point]) -> dict[str, Any]:
    """Length of two points or angle of three (vertex in the middle), with unit and origin of the pixel size.

    Raises ReportError or a PixelError.
    """
    kind = {2: Kind.LENGTH, 3: Kind.ANGLE}.get(len(points))
    if kind is None or not all(math.isfinite(part) for point in points for part in point):
        raise ReportError
    header = read_header(source)
    if not header.has_pixels:
        raise ReportError(N_("This document holds no image."))
    size = header.pixel_size
    mark = new_mark(kind, points)
    in_pixels = PixelSize(1.0, 1.0, Unit.PX, Origin.NONE)
    found = figures(mark, size)
    if not found:
        raise ReportError(N_("An angle needs two sides."))
    report: dict[str, Any] = {
        "value": found[0].value,
        "unit": found[0].unit,
        "origin": size.origin.value,
        "varies": size.varies,
        "trusted": size.trusted,
        "pixel": {"row": size.row, "column": size.column, "unit": size.unit.value},
        "figures": [
            {"quantity": f.quantity.value, "value": f.value, "unit": f.unit, "origin": f.origin.value} for f in found
        ],
        "stored": [figure.stored() for figure in found],
    }
    if kind is Kind.LENGTH:
        report["length_px"] = figures(mark, in_pixels)[0].value
    return report


def info_report(source: Source) -> dict[str, Any]:
    """Facts of a header. Raises a PixelError."""
    header: Header = read_header(source)
    size = header.pixel_size
    return {
        "transfer_syntax": header.transfer_syntax,
        "sop_class_uid": header.sop_class_uid,
        "sop_instance_uid": header.sop_instance_uid,
        "study_instance_uid": header.study_instance_uid,
        "patient_name": header.patient_name,
        "patient_id": header.patient_id,
        "modality": header.modality,
        "study_date": header.study_date.isoformat() if header.study_date else None,
        "acquisition_date": header.acquisition_date.isoformat() if header.acquisition_date else None,
        "manufacturer": header.manufacturer,
        "rows": header.rows,
        "columns": header.columns,
        "frames": header.number_of_frames,
        "photometric": header.photometric,
        "bits_stored": header.bits_stored,
        "has_pixels": header.has_pixels,
        "lossy": header.lossy,
        "lossy_ratio": header.lossy_ratio,
        "burned_in_annotation": header.burned_in_annotation,
        "pixel_row": size.row,
        "pixel_column": size.column,
        "pixel_unit": size.unit.value,
        "pixel_origin": size.origin.value,
        "magnification_varies": size.varies,
    }


def ceph_report(
    points: Path, analyses: Sequence[str], spacing_mm: float | None, age: float | None, sex: str
) -> dict[str, Any]:
    """Analyses of every image in a file of landmarks; `spacing_mm` is a calibrated pixel size.

    Raises ReportError for an unknown analysis or an impossible size, LandmarkFileError for the file.
    """
    names = list(ANALYSES) if analyses == ["all"] else list(analyses)
    for name in names:
        if name not in ANALYSES:
            raise ReportError(N_("This analysis is not known: {name}"), name=name[:40])
    if spacing_mm is not None and not 0 < spacing_mm < 50:
        raise ReportError(N_("This is no size of a pixel."))
    size = SQUARE_PIXELS if spacing_mm is None else PixelSize(spacing_mm, spacing_mm, Unit.MM, Origin.RULER)
    subject = Subject(age, sex)
    images = []
    for image, placed in read_landmarks(points).items():
        tracing = Tracing(placed, size)
        readings = {name: read(ANALYSES[name], tracing, subject) for name in names}
        images.append(
            {
                "image": image,
                "values": {name: {r.measure.measure_id: r.value for r in found} for name, found in readings.items()},
                "measures": [{"analysis": name, **_line(r)} for name, found in readings.items() for r in found],
                "problem": _facing_problem(tracing),
            }
        )
    return {"analysis": ",".join(names), "images": images}


def _facing_problem(tracing: Tracing) -> str:
    try:
        tracing.oriented  # noqa: B018  # computing it is the check
    except CephError as problem:
        return str(problem)
    return ""


def _line(reading: Reading) -> dict[str, Any]:
    norm = reading.norm
    return {
        "id": reading.measure.measure_id,
        "label": reading.measure.label,
        "value": reading.value,
        "unit": reading.unit,
        "expected": reading.expected,
        "difference": reading.difference,
        "deviation_sd": reading.deviation_sd,
        "within": reading.within,
        "uncalibrated": reading.uncalibrated,
        "norm": _norm(norm) if norm else None,
        "problem": str(reading.problem) if reading.problem else "",
    }


def _norm(norm: Norm) -> dict[str, Any]:
    return {
        "mean": norm.mean,
        "sd": norm.sd,
        "low": norm.low,
        "high": norm.high,
        "source": norm.source,
        "population": norm.population,
    }

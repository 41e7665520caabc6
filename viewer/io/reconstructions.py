"""What was made of a volume or a model, as DICOM images of the same study.

A flat section of a CT is a CT Image (PS3.3 §A.3): its pixels are values at known places in the patient. Whatever is not
(a curved panoramic, rays summed to a cephalogram, a picture of the screen) is a Secondary Capture (§A.8.1), which
claims nothing of the kind.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pydicom
from pydicom.dataset import Dataset

from viewer.errors import N_
from viewer.io.documents import Authorship, DocumentError, ImageReference, image_item, new_document, refer, to_bytes
from viewer.pixels import attributes as at
from viewer.pixels.errors import DamagedFile
from viewer.pixels.form import Array
from viewer.pixels.reading import Source, parse

SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
CT_IMAGE = "1.2.840.10008.5.1.4.1.1.2"
MOST_SIDE = 8192
DEFERRED = 1 << 16
"""Bytes of an attribute from which on it is not read: nothing that is repeated is as long."""


class Made(StrEnum):
    """What a reconstruction is, as the last value of Image Type says it."""

    CAPTURE = "CAPTURE"
    SECTION = "MPR"
    PANORAMIC = "PANORAMIC"
    CEPHALOGRAM = "CEPHALOGRAM"
    REPORT = "REPORT"


@dataclass(frozen=True, slots=True)
class Reference:
    """What a reconstruction repeats of the image that it was made of."""

    image: ImageReference
    modality: str
    frame_of_reference_uid: str
    body_part: str
    series_number: int


def reference_of(source: Source) -> Reference:
    """Read a header. Raises a PixelError, or DocumentError where the image lacks its UIDs."""
    parsed = parse(source)
    parsed.stream.close()
    return _reference(parsed.ds)


def reference_of_document(content: bytes) -> Reference:
    """The same of an object without pixels, as an encapsulated model is (PS3.3 §A.85.1). Raises as `reference_of`."""
    try:
        ds = pydicom.dcmread(io.BytesIO(content), defer_size=DEFERRED)
    except Exception:  # hostile bytes may raise almost anything
        raise DamagedFile from None
    return _reference(ds)


def _reference(ds: Dataset) -> Reference:
    return Reference(
        refer(ds), at.code(ds, "Modality"), at.text(ds, "FrameOfReferenceUID"), at.code(ds, "BodyPartExamined"),
        at.integer(ds, "SeriesNumber") or 0,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lie:
    """Where a flat picture lies: mm of the centre of its first pixel, its unit directions, pixel and slice in mm."""

    origin_mm: tuple[float, float, float]
    right: tuple[float, float, float]
    down: tuple[float, float, float]
    pixel_mm: float
    thickness_mm: float


def capture(of: Reference, rgb: Array, by: Authorship) -> bytes:
    """A picture of the screen, (rows, columns, 3) sRGB: what was drawn over the image is in its pixels."""
    ds = _new(of, SECONDARY_CAPTURE, "OT", Made.CAPTURE, by)
    _put(ds, rgb, 8)
    ds.SamplesPerPixel, ds.PhotometricInterpretation, ds.PlanarConfiguration = 3, "RGB", 0
    ds.BurnedInAnnotation = "YES"
    return to_bytes(ds)


def projection(
    of: Reference, cells: Array, made: Made, pixel_mm: float | None, by: Authorship, window: tuple[float, float]
) -> bytes:
    """A panoramic or a cephalogram, non-negative values of 16 bits. `pixel_mm` is a size in the patient where one
    holds for the whole picture; along a panoramic it does not, and None is written as no size at all.

    The size follows from the geometry of the rays (Pixel Spacing Calibration Type GEOMETRY, PS3.3 §10.7.1.2).
    """
    modality = "DX" if made is Made.CEPHALOGRAM else "PX"
    ds = _new(of, SECONDARY_CAPTURE, modality, made, by)
    values = np.asarray(cells)
    if values.min(initial=0) < 0 or values.max(initial=0) > 65535:
        raise DocumentError(N_("This picture cannot be kept."))
    _grey(ds, values.astype("<u2"), 16, signed=False)
    ds.BurnedInAnnotation = "NO"
    if pixel_mm is not None:
        ds.PixelSpacing = [f"{pixel_mm:.8g}"] * 2
        ds.PixelSpacingCalibrationType = "GEOMETRY"
        ds.PixelSpacingCalibrationDescription = "made of a volume"
    ds.WindowCenter, ds.WindowWidth = f"{window[0]:.6g}", f"{window[1]:.6g}"
    return to_bytes(ds)


def section(
    of: Reference, cells: Array, lie: Lie, scale: tuple[float, float, str], by: Authorship, window: tuple[float, float]
) -> bytes:
    """A flat section with its values: a CT Image where the series is CT, else a Secondary Capture with its size.

    `scale` is slope, intercept and unit; a unit that is not HU is said to be unspecified (US, PS3.3 §C.11.1.1.2).
    """
    tomographic = of.modality == "CT" and bool(of.frame_of_reference_uid)
    ds = _new(of, CT_IMAGE if tomographic else SECONDARY_CAPTURE, of.modality or "OT", Made.SECTION, by)
    _grey(ds, np.asarray(cells).astype("<i2"), 16, signed=True)
    slope, intercept, unit = scale
    ds.RescaleSlope, ds.RescaleIntercept = f"{slope:.10g}", f"{intercept:.10g}"
    ds.RescaleType = "HU" if unit == "HU" else "US"
    ds.PixelSpacing = [f"{lie.pixel_mm:.8g}"] * 2
    ds.BurnedInAnnotation = "NO"
    ds.WindowCenter, ds.WindowWidth = f"{window[0]:.6g}", f"{window[1]:.6g}"
    if tomographic:
        ds.FrameOfReferenceUID, ds.PositionReferenceIndicator = of.frame_of_reference_uid, ""
        ds.ImagePositionPatient = [f"{part:.8g}" for part in lie.origin_mm]
        ds.ImageOrientationPatient = [f"{part:.8g}" for part in (*lie.right, *lie.down)]
        ds.SliceThickness = f"{lie.thickness_mm:.6g}"
        ds.KVP, ds.AcquisitionNumber = "", ""
    return to_bytes(ds)


def _new(of: Reference, sop_class: str, modality: str, made: Made, by: Authorship) -> Dataset:
    ds = new_document(of.image, sop_class, modality, by)
    ds.SeriesNumber = of.series_number + 900
    ds.SeriesDescription = ds.ImageComments = by.description[:64]
    ds.ImageType = ["DERIVED", "SECONDARY", made.value]
    if sop_class == SECONDARY_CAPTURE:
        ds.ConversionType = "WSD"
    if of.body_part:
        ds.BodyPartExamined = of.body_part
    ds.PatientOrientation = ""
    ds.ContentDate, ds.ContentTime = ds.InstanceCreationDate, ds.InstanceCreationTime
    ds.DerivationDescription = by.description[:1024]
    ds.OperatorsName = by.creator
    ds.SourceImageSequence = [image_item(of.image)]
    return ds


def _grey(ds: Dataset, values: Array, bits: int, *, signed: bool) -> None:
    _put(ds, values, bits)
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.PixelRepresentation = int(signed)


def _put(ds: Dataset, values: Array, bits: int) -> None:
    rows, columns = values.shape[:2]
    if not (0 < rows <= MOST_SIDE and 0 < columns <= MOST_SIDE):
        raise DocumentError(N_("This picture cannot be kept."))
    ds.Rows, ds.Columns = rows, columns
    ds.BitsAllocated = ds.BitsStored = bits
    ds.HighBit, ds.PixelRepresentation = bits - 1, 0
    data = np.ascontiguousarray(values).tobytes()
    ds.PixelData = data + b"\0" * (len(data) % 2)

"""How large is a pixel, and how far may that number be trusted (PS3.3 §10.7)?

A radiograph is a shadow: the pixel size at the detector is not the size in the patient. The answer therefore always
carries its unit: `mm`, `mm (estimated)`, `mm @detector` or `px`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

TOMOGRAPHIC_MODALITIES = frozenset({"CT", "MR", "PT", "NM", "SEG", "RTDOSE", "OCT", "OPT", "SM"})
"""Modalities whose PixelSpacing is a size in the patient; others are shadows or photographs until proved."""

PLAUSIBLE_MM = (0.001, 50.0)
TOLERANCE = 0.05
"""Relative difference from which two statements of the same size contradict each other."""


class Unit(StrEnum):
    """Unit suffix of a length, from the most to the least trustworthy."""

    MM = "mm"
    MM_ESTIMATED = "mm (estimated)"
    MM_DETECTOR = "mm @detector"
    PX = "px"


class Origin(StrEnum):
    """Where a pixel size comes from."""

    TOMOGRAPHIC = "tomographic"
    FIDUCIAL = "fiducial"
    GEOMETRY = "geometry"
    UNTYPED_CALIBRATION = "untyped calibration"
    MAGNIFICATION = "magnification"
    DETECTOR = "detector"
    FILM = "scanned film"
    RULER = "drawn ruler"
    CONFLICT = "conflict"
    NONE = "none"


@dataclass(frozen=True)
class SpacingTags:
    """The attributes that state a size, as read; pairs are (between rows, between columns) in millimetres."""

    modality: str = ""
    pixel_spacing: tuple[float, float] | None = None
    imager_pixel_spacing: tuple[float, float] | None = None
    nominal_scanned_pixel_spacing: tuple[float, float] | None = None
    calibration_type: str = ""
    magnification: float | None = None
    source_to_detector_mm: float | None = None
    source_to_patient_mm: float | None = None
    pixel_aspect_ratio: tuple[float, float] | None = None


@dataclass(frozen=True)
class PixelSize:
    """Size of one pixel: `row` between rows (vertical), `column` between columns (horizontal), both in `unit`."""

    row: float
    column: float
    unit: Unit
    origin: Origin
    varies: bool = False
    """True on a panoramic image: the magnification changes along the trough, lengths are indications only."""

    @property
    def isotropic(self) -> bool:
        return math.isclose(self.row, self.column, rel_tol=1e-6)

    @property
    def trusted(self) -> bool:
        """True when linear norms may be compared with measured lengths."""
        return self.unit in (Unit.MM, Unit.MM_ESTIMATED) and not self.varies

    def distance(self, a: tuple[float, float], b: tuple[float, float]) -> float:
        """Distance in `unit` between two (x, y) pixel positions."""
        return math.hypot((b[0] - a[0]) * self.column, (b[1] - a[1]) * self.row)

    def angle(self, a: tuple[float, float], vertex: tuple[float, float], b: tuple[float, float]) -> float:
        """Angle at `vertex` in degrees, 0 to 180, corrected for pixels that are not square.

        Raises ValueError when one side has no length.
        """
        ux, uy = (a[0] - vertex[0]) * self.column, (a[1] - vertex[1]) * self.row
        vx, vy = (b[0] - vertex[0]) * self.column, (b[1] - vertex[1]) * self.row
        if not (ux or uy) or not (vx or vy):
            raise ValueError("an angle needs two sides")
        return math.degrees(math.atan2(abs(ux * vy - uy * vx), ux * vx + uy * vy))


def pixel_size(tags: SpacingTags) -> PixelSize:
    """Derive the pixel size that may be shown for these attributes; never fails, at worst the unit is `px`."""
    own, varies = _plausible(tags.pixel_spacing), tags.modality == "PX"
    if own and tags.modality in TOMOGRAPHIC_MODALITIES:
        return PixelSize(*own, Unit.MM, Origin.TOMOGRAPHIC)
    if own and tags.calibration_type == "FIDUCIAL":
        return PixelSize(*own, Unit.MM_ESTIMATED if varies else Unit.MM, Origin.FIDUCIAL, varies)
    return _projected(tags, own, _plausible(tags.imager_pixel_spacing), varies)


def _projected(
    tags: SpacingTags, own: tuple[float, float] | None, imager: tuple[float, float] | None, varies: bool
) -> PixelSize:
    """The size on a projection that nobody calibrated with an object in the image."""
    factor, agree = _magnification(tags)
    if not agree or (own and imager and not _consistent(own, imager, factor)):
        return _in_pixels(tags, Origin.CONFLICT)
    if own and tags.calibration_type == "GEOMETRY":
        return PixelSize(*own, Unit.MM_ESTIMATED, Origin.GEOMETRY, varies)
    if own and imager and not _close(own, imager):
        return PixelSize(*own, Unit.MM_ESTIMATED, Origin.UNTYPED_CALIBRATION, varies)
    if imager and factor:
        return PixelSize(imager[0] / factor, imager[1] / factor, Unit.MM_ESTIMATED, Origin.MAGNIFICATION, varies)
    film = _plausible(tags.nominal_scanned_pixel_spacing)
    for pair, origin in ((imager, Origin.DETECTOR), (own, Origin.DETECTOR), (film, Origin.FILM)):
        if pair:
            return PixelSize(*pair, Unit.MM_DETECTOR, origin, varies)
    return _in_pixels(tags, Origin.NONE)


def _in_pixels(tags: SpacingTags, origin: Origin) -> PixelSize:
    """Without a size, the aspect ratio (PS3.3 §C.7.6.3.1.7: vertical\\horizontal) still shapes angles."""
    ratio = tags.pixel_aspect_ratio
    tall = ratio[0] / ratio[1] if ratio and min(ratio) > 0 and all(map(math.isfinite, ratio)) else 1.0
    return PixelSize(tall, 1.0, Unit.PX, origin, tags.modality == "PX")


def _plausible(pair: tuple[float, float] | None) -> tuple[float, float] | None:
    """A spacing of 0, NaN or a kilometre is a vendor's way of saying that none is known."""
    low, high = PLAUSIBLE_MM
    return pair if pair and all(math.isfinite(v) and low <= v <= high for v in pair) else None


def _magnification(tags: SpacingTags) -> tuple[float | None, bool]:
    """Magnification factor (≥ 1) from the header or the geometry, and whether the two agree."""
    stated = tags.magnification if _usable_factor(tags.magnification) else None
    detector, patient = tags.source_to_detector_mm, tags.source_to_patient_mm
    derived = detector / patient if detector and patient and patient > 0 else None
    derived = derived if _usable_factor(derived) else None
    if stated and derived and abs(stated / derived - 1) > TOLERANCE:
        return None, False
    return stated or derived, True


def _usable_factor(value: float | None) -> bool:
    return value is not None and math.isfinite(value) and 1.0 <= value <= 10.0


def _close(a: tuple[float, float], b: tuple[float, float]) -> bool:
    return all(math.isclose(x, y, rel_tol=1e-3) for x, y in zip(a, b, strict=True))


def _consistent(own: tuple[float, float], imager: tuple[float, float], factor: float | None) -> bool:
    """PixelSpacing is either a copy of the detector's spacing or that spacing divided by the magnification."""
    if factor is None or _close(own, imager):
        return True
    return all(abs(o * factor / i - 1) <= TOLERANCE for o, i in zip(own, imager, strict=True))

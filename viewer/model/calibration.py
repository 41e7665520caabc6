"""A pixel size from a ruler that a person drew over something of known length."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from viewer.errors import N_
from viewer.model.marks import Calibration, Kind, MarkError, Sheet
from viewer.model.spacing import Origin, PixelSize, Unit

SHORTEST_RULER_PX = 5.0


def calibrate(sheet: Sheet, ruler_id: str, header: PixelSize, by: str, at: datetime) -> Sheet:
    """The sheet calibrated by one of its rulers; `header` gives the shape of the pixels, `at` must know its time zone.

    Raises MarkError for an unknown mark, one that is no ruler, or one too short to trust.
    """
    ruler = next((mark for mark in sheet.marks if mark.mark_id == ruler_id), None)
    if ruler is None or ruler.kind is not Kind.RULER or ruler.known_um is None:
        raise MarkError(N_("Calibration needs a drawn ruler."))
    length = _shape(header).distance(*ruler.points)
    if length < SHORTEST_RULER_PX:
        raise MarkError(N_("This ruler is too short to calibrate the image."))
    instant = at.astimezone(UTC).isoformat(timespec="seconds")
    return replace(sheet, calibration=Calibration(ruler_id, ruler.known_um, round(length * 1000), by, instant))


def effective_size(header: PixelSize, calibration: Calibration | None) -> PixelSize:
    """The size that figures are shown with: the drawn ruler before the header.

    The ruler lies in one plane of a projection: on a panoramic image, whose magnification varies, it stays an estimate.
    """
    if calibration is None:
        return header
    shape = _shape(header)
    column = calibration.known_um / calibration.length_mpx
    unit = Unit.MM_ESTIMATED if header.varies else Unit.MM
    return PixelSize(shape.row * column, column, unit, Origin.RULER, header.varies)


def _shape(header: PixelSize) -> PixelSize:
    """The same pixel with a width of 1: only its aspect matters here."""
    return replace(header, row=header.row / header.column, column=1.0, unit=Unit.PX)

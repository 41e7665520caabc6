"""Lengths and angles are integers: micrometres and hundredths of a degree, the unit in the name."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal


def um_from_mm(millimetres: Decimal | str | int) -> int:
    """Whole micrometres of a length in millimetres."""
    return int((Decimal(millimetres) * 1000).quantize(Decimal(1), ROUND_HALF_EVEN))


def mm_from_um(micrometres: int) -> Decimal:
    """Millimetres, exact, of a length in micrometres."""
    return Decimal(micrometres) / 1000


def cdeg_from_deg(degrees: Decimal | str | int) -> int:
    """Whole hundredths of a degree."""
    return int((Decimal(degrees) * 100).quantize(Decimal(1), ROUND_HALF_EVEN))


def deg_from_cdeg(hundredths: int) -> Decimal:
    """Degrees, exact, of hundredths of a degree."""
    return Decimal(hundredths) / 100

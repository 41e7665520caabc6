"""How one image lies over another: a similarity (turn, size, place), from a first guess or from two pairs of points.

Coordinates are those of `viewer.model.view`, with y weighted by the aspect of the pixels, so that turning an image with
oblong pixels does not shear it.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from viewer.errors import N_, ViewerError
from viewer.model.spacing import PixelSize, Unit
from viewer.model.view import Point

IN_MILLIMETRES = frozenset({Unit.MM, Unit.MM_ESTIMATED, Unit.MM_DETECTOR})


class AlignmentError(ViewerError):
    """Points or pictures from which no place follows."""

    message_id = N_("The two points of a pair must lie apart.")


class Origin(StrEnum):
    """Where an alignment comes from."""

    FITTED = "fitted"
    """Whole over whole, or millimetre over millimetre about the middles: nothing was registered."""
    POINTS = "points"
    PICTURE = "picture"


@dataclass(frozen=True)
class Similarity:
    """p ↦ factor · p + shift in the complex plane: turn and size in one number."""

    factor: complex = 1 + 0j
    shift: complex = 0j

    @property
    def scale(self) -> float:
        """Length in the fixed image of one pixel of the moving image."""
        return abs(self.factor)

    @property
    def degrees(self) -> float:
        """Turn, clockwise as seen, −180 to 180."""
        return math.degrees(cmath.phase(self.factor))

    def apply(self, point: complex) -> complex:
        """Where a point of the moving image lies in the fixed one."""
        return self.factor * point + self.shift

    def inverse(self) -> Similarity:
        """From the fixed image to the moving one."""
        return Similarity(1 / self.factor, -self.shift / self.factor)

    def after(self, first: Similarity) -> Similarity:
        """This one applied to what `first` gives."""
        return Similarity(self.factor * first.factor, self.factor * first.shift + self.shift)


@dataclass(frozen=True)
class Plane:
    """The pixels of an image as a plane: columns and rows, the height of a pixel in widths, its width in mm if known.

    A plane is `mirrored` left to right when the image is shown the other way round than its partner.
    """

    columns: int
    rows: int
    aspect: float = 1.0
    mm: float | None = None
    mirrored: bool = False

    @property
    def middle(self) -> complex:
        return complex(self.columns / 2, self.rows * self.aspect / 2)

    def flat(self, point: Point) -> complex:
        """An image point in square units."""
        across = self.columns - point[0] if self.mirrored else point[0]
        return complex(across, point[1] * self.aspect)

    def pixel(self, place: complex) -> Point:
        """A place in square units as an image point."""
        across = self.columns - place.real if self.mirrored else place.real
        return across, place.imag / self.aspect


def plane_of(columns: int, rows: int, size: PixelSize | None, *, mirrored: bool = False) -> Plane:
    """The plane of an image with this pixel size; None where no header came with it."""
    if size is None:
        return Plane(columns, rows, mirrored=mirrored)
    mm = size.column if size.unit in IN_MILLIMETRES else None
    return Plane(columns, rows, size.row / size.column, mm, mirrored)


@dataclass(frozen=True)
class Alignment:
    """A similarity with its origin. `quality` is the correlation of the overlapping parts, −1 to 1, when it was
    measured; `overlap` the part of the smaller image that lies on the other. Nobody trusts it before it is `accepted`.
    """

    similarity: Similarity
    origin: Origin = Origin.FITTED
    quality: float | None = None
    overlap: float | None = None
    accepted: bool = False


def fitted(fixed: Plane, moving: Plane, quarters: int = 0) -> Alignment:
    """Millimetre over millimetre about the middles when both sizes are known, else width over width.

    `quarters` is by how many right angles, clockwise, the moving image must be turned to stand as the fixed one does.
    """
    width = moving.rows * moving.aspect if quarters % 2 else moving.columns
    scale = known_scale(fixed, moving) or fixed.columns / width
    factor = scale * (1, 1j, -1, -1j)[quarters % 4]
    return Alignment(Similarity(factor, fixed.middle - factor * moving.middle))


def known_scale(fixed: Plane, moving: Plane) -> float | None:
    """Fixed pixels a moving pixel when both images say how large theirs are."""
    return moving.mm / fixed.mm if fixed.mm and moving.mm else None


def by_two_points(fixed: Sequence[complex], moving: Sequence[complex], *, scale: float | None = None) -> Alignment:
    """The alignment that lays two moving points on two fixed ones.

    With `scale` (images of known size) lengths are kept: the turn follows from the directions, the place from the
    middles. Raises AlignmentError for points that fall together.
    """
    (a, b), (p, q) = fixed, moving
    if abs(b - a) < 1 or abs(q - p) < 1:
        raise AlignmentError
    factor = (b - a) / (q - p)
    if scale is not None:
        factor *= scale / abs(factor)
    return Alignment(Similarity(factor, (a + b) / 2 - factor * (p + q) / 2), Origin.POINTS)


def residual(alignment: Alignment, fixed: Sequence[complex], moving: Sequence[complex]) -> float:
    """The greatest distance, in fixed pixels, at which a moving point of a pair lies from its partner."""
    return max(abs(alignment.similarity.apply(m) - f) for f, m in zip(fixed, moving, strict=True))

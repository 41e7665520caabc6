"""Figures of marks, each with its unit and the origin of the pixel size beside it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from viewer.model.marks import REGIONS, Kind, Mark, Point
from viewer.model.spacing import Origin, PixelSize, Unit

ELLIPSE_SIDES = 180


class Quantity(StrEnum):
    """What a figure states."""

    LENGTH = "length"
    PERIMETER = "perimeter"
    ANGLE = "angle"
    RATIO = "ratio"
    AREA = "area"


SQUARED: Mapping[Unit, str] = {
    Unit.MM: "mm²",
    Unit.MM_ESTIMATED: "mm² (estimated)",
    Unit.MM_DETECTOR: "mm² @detector",
    Unit.PX: "px²",
}


@dataclass(frozen=True)
class Figure:
    """One number with its unit; `origin` says where the pixel size came from, `varies` warns of a panoramic image."""

    quantity: Quantity
    value: float
    unit: str
    origin: Origin
    varies: bool = False

    def stored(self) -> dict[str, str | int | bool]:
        """Whole numbers for storing: `_um` or `_mpx`, `_cdeg` (hundredths of a degree), `_ppm`."""
        name, factor = self._storage()
        return {
            f"{self.quantity.value}_{name}": round(self.value * factor),
            "unit": self.unit,
            "origin": self.origin.value,
            "varies": self.varies,
        }

    def _storage(self) -> tuple[str, int]:
        if self.quantity is Quantity.ANGLE:
            return "cdeg", 100
        if self.quantity is Quantity.RATIO:
            return "ppm", 1_000_000
        if self.quantity is Quantity.AREA:
            return ("mpx2" if self.unit == SQUARED[Unit.PX] else "um2"), 1_000_000
        return ("mpx" if self.unit == Unit.PX else "um"), 1000


def figures(mark: Mark, size: PixelSize) -> tuple[Figure, ...]:
    """The figures of a mark; none for a mark that measures nothing, or whose sides have no length."""
    points = mark.points
    if mark.kind in (Kind.LENGTH, Kind.PROFILE, Kind.RULER, Kind.POLYLINE):
        return (_length(Quantity.LENGTH, path_length(points, size), size),)
    if mark.kind is Kind.ANGLE:
        return _angle(size, points[1], points[0], points[1], points[2])
    if mark.kind is Kind.COBB:
        return cobb(size, points)
    if mark.kind is Kind.RATIO:
        return _ratio(size, points)
    return _region(mark, size) if mark.kind in REGIONS else ()


def path_length(points: Sequence[Point], size: PixelSize) -> float:
    """Length of an open path, in the unit of `size`."""
    return sum(size.distance(a, b) for a, b in pairwise(points))


def cobb(size: PixelSize, points: Sequence[Point]) -> tuple[Figure, ...]:
    """Angle between two lines, 0 to 90°, whichever way each was drawn."""
    found = _angle(size, points[0], points[1], points[2], points[3])
    return tuple(Figure(f.quantity, min(f.value, 180 - f.value), f.unit, f.origin, f.varies) for f in found)


def distance_to_line(point: Point, a: Point, b: Point, size: PixelSize) -> Figure | None:
    """Perpendicular distance of a point from the line a–b; None when a and b are one point."""
    dx, dy = (b[0] - a[0]) * size.column, (b[1] - a[1]) * size.row
    px, py = (point[0] - a[0]) * size.column, (point[1] - a[1]) * size.row
    if not math.hypot(dx, dy):
        return None
    return _length(Quantity.LENGTH, abs(dx * py - dy * px) / math.hypot(dx, dy), size)


def outline(mark: Mark) -> tuple[Point, ...]:
    """The closed outline of a region as a polygon in pixels; an ellipse gets 180 sides."""
    if mark.kind is Kind.AREA:
        return mark.points
    (x0, y0), (x1, y1) = mark.points
    if mark.kind is Kind.RECTANGLE:
        return (x0, y0), (x1, y0), (x1, y1), (x0, y1)
    turns = [2 * math.pi * side / ELLIPSE_SIDES for side in range(ELLIPSE_SIDES)]
    cx, cy, rx, ry = (x0 + x1) / 2, (y0 + y1) / 2, (x1 - x0) / 2, (y1 - y0) / 2
    return tuple((cx + rx * math.cos(turn), cy + ry * math.sin(turn)) for turn in turns)


def polygon_area(points: Sequence[Point]) -> float:
    """Area in square pixels by the shoelace formula."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise((*points, points[0])))) / 2


def _region(mark: Mark, size: PixelSize) -> tuple[Figure, ...]:
    closed = (*outline(mark), outline(mark)[0])
    if mark.kind is Kind.ELLIPSE:
        (x0, y0), (x1, y1) = mark.points
        square = math.pi * abs((x1 - x0) * (y1 - y0)) / 4
    else:
        square = polygon_area(outline(mark))
    area = Figure(Quantity.AREA, square * size.row * size.column, SQUARED[size.unit], size.origin, size.varies)
    return area, _length(Quantity.PERIMETER, path_length(closed, size), size)


def _length(quantity: Quantity, value: float, size: PixelSize) -> Figure:
    return Figure(quantity, value, size.unit.value, size.origin, size.varies)


def _angle(size: PixelSize, from_a: Point, a: Point, from_b: Point, b: Point) -> tuple[Figure, ...]:
    """Angle between the directions from_a → a and from_b → b, 0 to 180°."""
    shifted = (b[0] - from_b[0] + from_a[0], b[1] - from_b[1] + from_a[1])
    try:
        degrees = size.angle(a, from_a, shifted)
    except ValueError:
        return ()
    return (Figure(Quantity.ANGLE, degrees, "°", size.origin, False),)


def _ratio(size: PixelSize, points: Sequence[Point]) -> tuple[Figure, ...]:
    first, second = size.distance(points[0], points[1]), size.distance(points[2], points[3])
    if not second:
        return ()
    return (
        Figure(Quantity.RATIO, first / second, "", size.origin, size.varies),
        _length(Quantity.LENGTH, first, size),
        _length(Quantity.LENGTH, second, size),
    )

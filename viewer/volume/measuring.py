"""Distances, angles and statistics between points of a volume, in millimetres and degrees."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from viewer.errors import N_
from viewer.model.volume_plan import MarkKind, Place, SpatialMark
from viewer.volume.arrangement import Vectors
from viewer.volume.errors import VolumeError
from viewer.volume.grid import Volume
from viewer.volume.planes import Plane, cut

MOST_PIXELS = 4_000_000


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of the values within an ellipse, in the unit of the volume."""

    area_mm2: float
    mean: float
    deviation: float
    """Of the values as they are there: the population's, not a sample's."""
    minimum: float
    maximum: float
    count: int


def length_mm(a: Place, b: Place) -> float:
    """Straight distance."""
    return math.dist(a, b)


def angle_degrees(a: Place, vertex: Place, b: Place) -> float:
    """Angle at `vertex`, 0 to 180. Raises VolumeError when a side has no length."""
    first, second = np.subtract(a, vertex), np.subtract(b, vertex)
    if not (np.linalg.norm(first) > 0 and np.linalg.norm(second) > 0):
        raise VolumeError(N_("An angle needs two sides."))
    across = float(np.linalg.norm(np.cross(first, second)))
    return math.degrees(math.atan2(across, float(first @ second)))


def mark_figure(mark: SpatialMark) -> float:
    """Length in mm, angle in degrees, or area of the ellipse in mm². Raises VolumeError."""
    if mark.kind is MarkKind.LENGTH:
        return length_mm(*mark.points)
    if mark.kind is MarkKind.ANGLE:
        return angle_degrees(*mark.points)
    middle, end, side = mark.points
    return math.pi * math.dist(middle, end) * math.dist(middle, side)


def region_statistics(volume: Volume, mark: SpatialMark) -> Statistics:
    """The values within the ellipse of a REGION mark, sampled as finely as the grid. Raises VolumeError."""
    middle, end, side = (np.asarray(point, np.float64) for point in mark.points)
    half = float(np.linalg.norm(end - middle)), float(np.linalg.norm(side - middle))
    pixel = min(volume.steps_mm)
    counts = [math.ceil(length / pixel) for length in half]
    if min(half) < pixel / 2 or (2 * counts[0] + 1) * (2 * counts[1] + 1) > MOST_PIXELS:
        raise VolumeError(N_("Draw a region of at least one cell."))
    right = (end - middle) / half[0]
    down = side - middle - right * float((side - middle) @ right)
    down = down / np.linalg.norm(down)
    columns, rows = 2 * counts[0] + 1, 2 * counts[1] + 1
    plane = Plane(middle - (right * counts[0] + down * counts[1]) * pixel, right, down, rows, columns, pixel)
    values = volume.values(cut(volume, plane))
    y, x = np.mgrid[-counts[1] : counts[1] + 1, -counts[0] : counts[0] + 1] * pixel
    within: Vectors = values[(x / half[0]) ** 2 + (y / half[1]) ** 2 <= 1.0]
    return Statistics(
        math.pi * half[0] * half[1], float(within.mean()), float(within.std()), float(within.min()),
        float(within.max()), len(within),
    )  # fmt: skip


def value_at(volume: Volume, position_mm: Place) -> float | None:
    """The value of the cell at a position; None outside the volume."""
    column, row, layer = (round(part) for part in volume.index_of(position_mm).tolist())
    layers, rows, columns = volume.shape
    if not (0 <= layer < layers and 0 <= row < rows and 0 <= column < columns):
        return None
    return float(volume.values(volume.cells[layer, row, column]))

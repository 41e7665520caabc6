"""Where slices lie in the patient, and whether they make a volume (PS3.3 §C.7.6.2.1.1).

Positions are in millimetres of the patient's system: +x to the left, +y to the back, +z to the head.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.errors import N_
from viewer.volume.errors import MixedSlices, NoSlices, ScatteredSlices, TooManyGaps

Vectors = NDArray[np.float64]

SAME_MM = 0.01
"""Slices nearer than this stand at one place."""
ROUNDING = 0.02
"""Part of a step by which positions, written as decimal strings, may miss their place."""
MOST_MISSING = 0.10
"""Part of the slices beyond which a series with holes is refused."""
UPRIGHT_DEGREES = 0.05
"""A lean of the stack below this moves the last slice of 400 by less than a pixel: rounding, no tilt."""


@dataclass(frozen=True, slots=True)
class SlicePlace:
    """One slice: `position` of the centre of its first pixel, the unit vectors along its rows and down its columns."""

    position: tuple[float, float, float]
    along_row: tuple[float, float, float]
    down_column: tuple[float, float, float]
    spacing: tuple[float, float]
    """Millimetres between rows, and between columns."""
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Notice:
    """A peculiarity of the series that the reader must know: an English sentence with named places."""

    message_id: str
    values: tuple[tuple[str, str | int], ...] = ()

    def __str__(self) -> str:
        return self.message_id.format(**dict(self.values))


@dataclass(frozen=True, eq=False)
class Arrangement:
    """Slices in order. `layers` says for each layer of the grid which slices it mixes: (first, second, part of second).

    A layer of a missing slice is None: it stays empty.
    """

    layers: tuple[tuple[int, int, float] | None, ...]
    affine: Vectors
    """(4, 4): homogeneous (column, row, layer) to millimetres. Its third column leans where the stack is tilted."""
    rows: int
    columns: int
    notices: tuple[Notice, ...]

    @property
    def shape(self) -> tuple[int, int, int]:
        """(layers, rows, columns)"""
        return len(self.layers), self.rows, self.columns


def arrange(places: Sequence[SlicePlace]) -> Arrangement:
    """Put slices in order along their common normal and say what is peculiar.

    Raises NoSlices, MixedSlices, ScatteredSlices or TooManyGaps.
    """
    if not places:
        raise NoSlices
    first = places[0]
    _check_alike(places)
    along, down = _unit(first.along_row), _unit(first.down_column)
    normal = np.cross(along, down)
    if abs(float(along @ down)) > 1e-3 or not np.isfinite(normal).all():
        raise MixedSlices
    positions = np.array([place.position for place in places], np.float64)
    by_height = np.argsort(positions @ normal, kind="stable")
    order, notices = _without_doubles(by_height.tolist(), positions, positions @ normal)
    if len(order) < 2:
        raise NoSlices
    heights, lean = _stacked(positions[order], normal, min(first.spacing))
    layers, step, found = _layers(order, heights)
    notices += found
    tilt = float(np.degrees(np.arctan(np.linalg.norm(lean))))
    if tilt > UPRIGHT_DEGREES:
        notices.append(Notice(N_("The slices are tilted by {degrees}°; the volume is set upright."), _degrees(tilt)))
    else:
        lean = np.zeros(3)
    affine = np.eye(4)
    affine[:3, 0], affine[:3, 1] = along * first.spacing[1], down * first.spacing[0]
    affine[:3, 2], affine[:3, 3] = (normal + lean) * step, positions[order[0]]
    return Arrangement(tuple(layers), affine, first.rows, first.columns, tuple(notices))


def _degrees(tilt: float) -> tuple[tuple[str, str | int], ...]:
    return (("degrees", f"{tilt:.1f}"),)


def _unit(direction: tuple[float, float, float]) -> Vectors:
    vector = np.asarray(direction, np.float64)
    length = float(np.linalg.norm(vector))
    if not 0.9 < length < 1.1:  # cosines: anything else is no direction
        raise MixedSlices
    return np.asarray(vector / length)


def _check_alike(places: Sequence[SlicePlace]) -> None:
    first = places[0]
    for place in places:
        alike = (
            (place.rows, place.columns) == (first.rows, first.columns)
            and np.allclose(place.along_row, first.along_row, atol=1e-3)
            and np.allclose(place.down_column, first.down_column, atol=1e-3)
            and np.allclose(place.spacing, first.spacing, rtol=1e-3)
        )
        if not alike or not np.isfinite(place.position).all() or min(place.spacing) <= 0:
            raise MixedSlices


def _without_doubles(order: Sequence[int], positions: Vectors, heights: Vectors) -> tuple[list[int], list[Notice]]:
    """The order without slices that stand where another stands; the first in file order is kept."""
    kept: list[int] = []
    doubles = 0
    for index in order:
        near = kept and abs(heights[index] - heights[kept[-1]]) < SAME_MM
        if near and np.linalg.norm(positions[index] - positions[kept[-1]]) >= SAME_MM:
            raise ScatteredSlices  # side by side: two stacks, or a scout between slices
        if near:
            doubles += 1
            kept[-1] = min(kept[-1], index)
        else:
            kept.append(index)
    if not doubles:
        return kept, []
    said = Notice(N_("Slices that are there twice: {count}; one of each is shown."), (("count", doubles),))
    return kept, [said]


def _stacked(positions: Vectors, normal: Vectors, pixel: float) -> tuple[Vectors, Vectors]:
    """Heights along the normal, and how far the stack leans for each millimetre of height.

    Raises ScatteredSlices when the first pixels lie on no line.
    """
    from_first = positions - positions[0]
    heights = from_first @ normal
    sideways = from_first - np.outer(heights, normal)
    lean = (heights @ sideways) / float(heights @ heights)
    if np.abs(sideways - np.outer(heights, lean)).max() > max(0.5 * pixel, SAME_MM):
        raise ScatteredSlices
    return heights, np.asarray(lean)


def _layers(order: Sequence[int], heights: Vectors) -> tuple[list[tuple[int, int, float] | None], float, list[Notice]]:
    """The layers of a regular grid, its step in millimetres, and what had to be done to make it regular."""
    steps = np.diff(heights)
    step = float(np.median(steps))
    counts = np.maximum(np.round(steps / step), 1)
    if np.all(np.abs(steps - counts * step) <= max(ROUNDING * step, SAME_MM)):
        return _with_holes(order, counts.astype(int).tolist(), float(heights[-1]) / float(counts.sum()))
    said = Notice(
        N_("The slices are unevenly spaced ({low} to {high} mm); what lies between them is interpolated."),
        (("low", f"{steps.min():.2f}"), ("high", f"{steps.max():.2f}")),
    )
    if steps.max() > 3 * float(np.median(steps)):  # a hole among uneven slices cannot be told from a large step
        raise TooManyGaps(missing=round(float(steps.max() / np.median(steps))) - 1, expected=len(order) + 1)
    count = max(2, round(float(heights[-1] / np.median(steps))) + 1)
    even = float(heights[-1]) / (count - 1)
    at = np.arange(count) * even
    before = np.clip(np.searchsorted(heights, at, side="right") - 1, 0, len(order) - 2)
    part = np.clip((at - heights[before]) / steps[before], 0, 1)
    layers: list[tuple[int, int, float] | None] = [
        (order[b], order[b + 1], float(p)) for b, p in zip(before.tolist(), part.tolist(), strict=True)
    ]
    return layers, even, [said]


def _with_holes(
    order: Sequence[int], counts: Sequence[int], step: float
) -> tuple[list[tuple[int, int, float] | None], float, list[Notice]]:
    layers: list[tuple[int, int, float] | None] = [(order[0], order[0], 0.0)]
    for index, count in zip(order[1:], counts, strict=True):
        layers += [None] * (count - 1)
        layers.append((index, index, 0.0))
    missing = layers.count(None)
    if missing > MOST_MISSING * len(layers):
        raise TooManyGaps(missing=missing, expected=len(layers))
    if not missing:
        return layers, step, []
    first = layers.index(None) + 1
    said = Notice(
        N_("Missing slices: {missing}, the first at place {first}; what they would show is left empty."),
        (("missing", missing), ("first", first)),
    )
    return layers, step, [said]

"""Statistics of the pixels in a region, and the profile along a line. Values are those of the original."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewer.model.marks import Point

Array = NDArray[Any]

BINS = 64


@dataclass(frozen=True)
class Statistics:
    """Statistics of modality values (on a CBCT no Hounsfield units); `sd` is the population's standard deviation."""

    count: int
    mean: float
    sd: float
    least: float
    greatest: float
    histogram: tuple[int, ...]
    """Counts in equal steps from `least` to `greatest`."""


def inside(polygon: Sequence[Point], rows: int, columns: int) -> tuple[slice, slice, Array]:
    """Rows and columns of the polygon's box in the image, and which of their pixel centres lie inside (even-odd)."""
    xs, ys = [p[0] for p in polygon], [p[1] for p in polygon]
    top, bottom = max(0, math.floor(min(ys))), min(rows, math.ceil(max(ys)))
    left, right = max(0, math.floor(min(xs))), min(columns, math.ceil(max(xs)))
    box = slice(top, max(top, bottom)), slice(left, max(left, right))
    y = np.arange(box[0].start, box[0].stop)[:, None] + 0.5
    x = np.arange(box[1].start, box[1].stop)[None, :] + 0.5
    mask = np.zeros((y.size, x.size), bool)
    for (x0, y0), (x1, y1) in zip(polygon, (*polygon[1:], polygon[0]), strict=True):
        if y0 != y1:
            crosses = ((y0 <= y) != (y1 <= y)) & (x < x0 + (y - y0) * (x1 - x0) / (y1 - y0))
            mask ^= crosses
    return box[0], box[1], mask


def statistics(values: Array, polygon: Sequence[Point]) -> Statistics | None:
    """Statistics of the finite values (rows, columns) inside a polygon in pixels; None when it holds no pixel."""
    down, across, mask = inside(polygon, values.shape[0], values.shape[1])
    found = values[down, across][mask].astype(np.float64)
    found = found[np.isfinite(found)]
    if found.size == 0:
        return None
    counts, _ = np.histogram(found, bins=BINS)
    return Statistics(
        int(found.size),
        float(found.mean()),
        float(found.std()),
        float(found.min()),
        float(found.max()),
        tuple(int(count) for count in counts),
    )


def profile(values: Array, a: Point, b: Point) -> tuple[tuple[float, float], ...]:
    """(distance in pixels from a, value) about every pixel along a–b, bilinear between pixel centres.

    Parts of the line outside of the image give nothing.
    """
    rows, columns = values.shape[:2]
    length = math.hypot(b[0] - a[0], b[1] - a[1])
    found = []
    for step in range(math.ceil(length) + 1):
        along = min(float(step), length)
        part = along / length if length else 0.0
        x, y = a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part
        if 0 <= x <= columns and 0 <= y <= rows:
            found.append((along, _bilinear(values, x - 0.5, y - 0.5)))
    return tuple(found)


def _bilinear(values: Array, x: float, y: float) -> float:
    x, y = min(max(x, 0.0), values.shape[1] - 1.0), min(max(y, 0.0), values.shape[0] - 1.0)
    column, row = min(int(x), max(0, values.shape[1] - 2)), min(int(y), max(0, values.shape[0] - 2))
    right, below = min(column + 1, values.shape[1] - 1), min(row + 1, values.shape[0] - 1)
    fx, fy = x - column, y - row
    upper = float(values[row, column]) * (1 - fx) + float(values[row, right]) * fx
    lower = float(values[below, column]) * (1 - fx) + float(values[below, right]) * fx
    return float(upper * (1 - fy) + lower * fy)

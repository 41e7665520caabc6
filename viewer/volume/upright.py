"""A volume along the patient's axes with cubic cells: what projections and curved sections walk through."""

from __future__ import annotations

import numpy as np

from viewer.volume.grid import Volume
from viewer.volume.planes import Plane
from viewer.volume.resampling import resampled

MOST_CELLS = 700_000_000
"""Cells of a resampled copy; a larger one gets coarser steps."""


def upright(volume: Volume, step_mm: float | None = None) -> Volume:
    """The volume itself when its grid is upright and cubic and no step is asked for; else a copy with cubic cells."""
    steps = volume.steps_mm
    if step_mm is None and volume.upright and max(steps) - min(steps) < 1e-3 * min(steps):
        return volume
    low, high = volume.corners_mm.min(0), volume.corners_mm.max(0)
    step = step_mm or min(steps)
    while np.prod((high - low) / step) > MOST_CELLS:
        step *= 1.25
    columns, rows, layers = (max(1, round(float(side) / step)) for side in high - low)
    cells = np.empty((layers, rows, columns), np.int16)
    first = low + step / 2
    right, down, up = np.eye(3)
    for layer in range(layers):
        plane = Plane(first + up * (layer * step), right, down, rows, columns, step)
        cells[layer] = resampled(volume, plane)
    affine = np.diag([step, step, step, 1.0])
    affine[:3, 3] = first
    return Volume(cells, affine, volume.slope, volume.intercept, volume.unit, volume.window, volume.notices)

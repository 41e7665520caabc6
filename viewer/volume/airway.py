"""The airway: the dark region about a seed, its volume, and its narrowest level.

Cone-beam grey values have no fixed level for air; the threshold is therefore the user's, with a proposal.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.ndimage import label

from viewer.errors import N_
from viewer.volume.errors import VolumeError
from viewer.volume.grid import Volume
from viewer.volume.levels import HOUNSFIELD, value_of

Mask = NDArray[np.bool_]


class NoAirway(VolumeError):
    """The seed lies in tissue, or outside the box."""

    message_id = N_("There is no air at this place.")


@dataclass(frozen=True, slots=True)
class Level:
    """One axial level of the airway."""

    z_mm: float
    area_mm2: float


@dataclass(frozen=True, eq=False)
class Airway:
    """The region as a mask over the box, and its measures."""

    mask: Mask
    """(layers, rows, columns) of the box."""
    first: tuple[int, int, int]
    """Layer, row and column of the volume at which the box begins."""
    volume_mm3: float
    levels: tuple[Level, ...]
    """From the feet to the head; levels without air are left out."""

    @property
    def narrowest(self) -> Level:
        """The level with the smallest area; the outermost two, which the box cuts, do not count."""
        inner = self.levels[1:-1] or self.levels
        return min(inner, key=lambda level: level.area_mm2)


def airway(volume: Volume, seed_mm: ArrayLike, below: float, low_mm: ArrayLike, high_mm: ArrayLike) -> Airway:
    """The cells below the value `below` that hang together with the seed, within a box. The volume must be upright.

    Sections are axial. A cell counts whole: the error is that of half a cell along the wall. Raises NoAirway.
    """
    if not volume.upright:
        raise VolumeError(N_("The airway is measured in an upright volume."))
    corners = np.sort(np.rint(volume.index_of(np.array([low_mm, high_mm], np.float64))).astype(int), axis=0)[:, ::-1]
    start = np.clip(corners[0], 0, np.array(volume.shape) - 1)
    stop = np.clip(corners[1], 0, np.array(volume.shape) - 1) + 1
    box = volume.cells[start[0] : stop[0], start[1] : stop[1], start[2] : stop[2]]
    seed = np.rint(volume.index_of(seed_mm)).astype(int)[::-1] - start
    if (seed < 0).any() or (seed >= box.shape).any():
        raise NoAirway
    marks, _count = label(box < volume.cell_of(below))
    chosen = marks[tuple(seed)]
    if not chosen:
        raise NoAirway
    mask = np.asarray(marks == chosen)
    x, y, _z = volume.steps_mm
    areas = mask.sum((1, 2)) * (x * y)
    heights = volume.at_mm(np.c_[np.zeros((len(areas), 2)), start[0] + np.arange(len(areas))])[:, 2]
    levels = tuple(Level(float(z), float(area)) for z, area in zip(heights, areas, strict=True) if area > 0)
    return Airway(
        mask,
        (int(start[0]), int(start[1]), int(start[2])),
        float(mask.sum()) * volume.cell_volume_mm3,
        levels,
    )


def air_threshold(volume: Volume) -> float:
    """A proposal for `below`, in the unit of the volume: the level that best parts air from tissue."""
    return value_of(volume, HOUNSFIELD[1])

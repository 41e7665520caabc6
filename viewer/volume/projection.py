"""Cephalograms from a volume: what an X-ray through it would show, from the side or from the front."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.sparse import csr_array

from viewer.errors import N_
from viewer.volume.arrangement import Vectors
from viewer.volume.errors import VolumeError
from viewer.volume.grid import Cells, Volume

TOP = 4095
"""The densest ray; a 12-bit picture, as a cephalostat gives it."""
WATER = 1000.0
"""Hounsfield units between air and water: attenuation grows by that of water over this many (Hounsfield 1973)."""


class Direction(StrEnum):
    """How the rays run."""

    LATERAL = "lateral"
    PA = "pa"


class Half(StrEnum):
    """Which half of the head the rays cross: the other one does not overlay it then."""

    BOTH = "both"
    RIGHT = "right"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Beam:
    """A point source: distances to the middle of the head and to the detector, in mm."""

    to_middle_mm: float = 1500.0
    to_detector_mm: float = 1650.0

    @property
    def magnification(self) -> float:
        """Of what lies in the middle plane."""
        return self.to_detector_mm / self.to_middle_mm


@dataclass(frozen=True, eq=False)
class Cephalogram:
    """12-bit grey values (rows, columns), head up; lateral with the face to the right, PA with the right side left."""

    cells: Cells
    pixel_mm: float
    """At the detector: in the middle plane an object is `magnification` times as large."""
    magnification: float
    direction: Direction
    half: Half
    origin_mm: tuple[float, float, float]
    """The position in the middle plane that the first pixel shows."""
    right: tuple[float, float, float]
    """Rightward in the picture."""

    @property
    def true_pixel_mm(self) -> float:
        """Size of a pixel in the middle plane."""
        return self.pixel_mm / self.magnification


def cephalogram(
    volume: Volume,
    direction: Direction,
    half: Half = Half.BOTH,
    beam: Beam | None = None,
    middle_mm: float | None = None,
) -> Cephalogram:
    """Sum the attenuation along the rays: parallel ones, or from the point source of `beam`.

    `middle_mm` is the x of the midsagittal plane (lateral) or the y of the middle (PA), the centre of the grid without
    one. The volume must be upright with cubic cells. Raises VolumeError.
    """
    step = volume.steps_mm[0]
    if not volume.upright or max(volume.steps_mm) - min(volume.steps_mm) > 1e-3 * step:
        raise VolumeError(N_("A cephalogram needs an upright volume."))
    axis = 0 if direction is Direction.LATERAL else 1
    middle = float(volume.centre_mm[axis]) if middle_mm is None else middle_mm
    depth = np.arange(volume.shape[2 - axis])
    places = volume.affine[axis, 3] + depth * step
    kept = _kept(places, middle, half) if axis == 0 else np.ones(len(depth), bool)
    if not kept.any():
        raise VolumeError(N_("That half of the head is not in the volume."))
    total = _summed(volume, axis, depth[kept], places[kept], middle, beam)
    shown = total[::-1, ::-1] if axis == 0 else total[::-1]  # head up; a lateral film shows the face to the right
    highest = float(np.percentile(shown, 99.9))
    cells = np.clip(np.rint(shown * (TOP / highest if highest > 0 else 0)), 0, TOP).astype(np.int16)
    corner = [middle, middle, float(volume.at_mm((0, 0, volume.shape[0] - 1))[2])]
    corner[1 - axis] = float(volume.at_mm((volume.shape[2] - 1 if axis else 0, volume.shape[1] - 1, 0))[1 - axis])
    if axis == 1:
        corner[0] = float(volume.at_mm((0, 0, 0))[0])
    factor = beam.magnification if beam else 1.0
    right = (0.0, -1.0, 0.0) if axis == 0 else (1.0, 0.0, 0.0)
    return Cephalogram(cells, step * factor, factor, direction, half, (corner[0], corner[1], corner[2]), right)


def _kept(places: Vectors, middle: float, half: Half) -> Vectors:
    """+x is the patient's left."""
    if half is Half.BOTH:
        return np.ones(len(places), bool)
    return np.asarray(places >= middle if half is Half.LEFT else places <= middle)


def _summed(volume: Volume, axis: int, depth: Vectors, places: Vectors, middle: float, beam: Beam | None) -> Vectors:
    """Attenuation summed over the layers of one axis, each drawn as large as the rays make it in the middle plane."""
    layers = np.moveaxis(volume.cells, 2 - axis, 0)
    air = _air(volume)
    total = np.zeros(layers.shape[1:], np.float64)
    for index, place in zip(depth.tolist(), places.tolist(), strict=True):
        dense = np.maximum(layers[index].astype(np.float32) - np.float32(air), 0)
        total += dense if beam is None else _scaled(dense, beam.to_middle_mm / (beam.to_middle_mm + place - middle))
    return total


def _scaled(layer: Vectors, factor: float) -> Vectors:
    """The layer drawn `factor` times as large about its middle, by linear interpolation along both sides."""
    down, across = (_stretch(count, factor) for count in layer.shape)
    return np.asarray(down @ (across @ layer.T).T)


def _stretch(count: int, factor: float) -> csr_array:
    middle = (count - 1) / 2
    source = middle + (np.arange(count) - middle) / factor
    low = np.floor(source).astype(int)
    part = source - low
    rows = np.concatenate([np.arange(count)] * 2)
    columns, weights = np.concatenate([low, low + 1]), np.concatenate([1 - part, part])
    inside = (columns >= 0) & (columns < count)
    return csr_array((weights[inside], (rows[inside], columns[inside])), shape=(count, count), dtype=np.float32)


def _air(volume: Volume) -> float:
    """The cell that attenuates nothing: -1000 HU, or the level of the darkest hundredth where the values are grey."""
    if volume.unit == "HU":
        return volume.cell_of(-WATER)
    return float(np.percentile(volume.cells[:: max(1, volume.shape[0] // 32), ::4, ::4], 1))

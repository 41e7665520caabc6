"""Planes through a volume: where they lie, and the values in them.

A plane is given by the place of its first pixel and two directions in the patient, so that a distance in the picture is
a distance in millimetres. Planes along the axes of an upright grid are parts of the array; all others are sampled by
`vtkImageReslice`, in index space, so that a tilted or oblique grid needs no second path.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from viewer.errors import N_
from viewer.volume.arrangement import Vectors
from viewer.volume.errors import VolumeError
from viewer.volume.grid import Cells, Volume


class View(StrEnum):
    """The three planes of the patient, drawn as radiologists do: seen from the feet, from the front, from the left."""

    AXIAL = "axial"
    CORONAL = "coronal"
    SAGITTAL = "sagittal"


class Blend(StrEnum):
    """What a thick slab shows of the values behind one pixel."""

    MEAN = "mean"
    MAXIMUM = "mip"
    MINIMUM = "minip"


DIRECTIONS: dict[View, tuple[tuple[int, int, int], tuple[int, int, int]]] = {
    View.AXIAL: ((1, 0, 0), (0, 1, 0)),
    View.CORONAL: ((1, 0, 0), (0, 0, -1)),
    View.SAGITTAL: ((0, 1, 0), (0, 0, -1)),
}
"""Rightward and downward on the screen: the patient's right stands on the left, the face looks to the left."""


@dataclass(frozen=True, eq=False)
class Plane:
    """A rectangle of `rows` × `columns` pixels of `pixel_mm` (square), and how thick a slab behind and before it."""

    origin: Vectors
    """Millimetres of the centre of the first pixel."""
    right: Vectors
    down: Vectors
    rows: int
    columns: int
    pixel_mm: float
    thickness_mm: float = 0.0
    blend: Blend = Blend.MEAN

    def __post_init__(self) -> None:
        sides = self.right, self.down
        unit = all(abs(float(side @ side) - 1) < 1e-6 for side in sides)
        if not unit or abs(float(self.right @ self.down)) > 1e-6 or self.pixel_mm <= 0 or self.thickness_mm < 0:
            raise VolumeError(N_("The directions of a plane are two unit vectors at right angles."))
        if not (0 < self.rows <= 8192 and 0 < self.columns <= 8192):
            raise VolumeError(N_("A plane has from 1 to 8192 pixels a side."))

    @property
    def normal(self) -> Vectors:
        """Away from the reader."""
        return np.cross(self.right, self.down)

    def at_mm(self, x: float, y: float) -> Vectors:
        """Millimetres in the patient of pixel (x, y); (0, 0) is the centre of the first pixel."""
        return np.asarray(self.origin + (self.right * x + self.down * y) * self.pixel_mm)

    def pixel_of(self, position_mm: ArrayLike) -> tuple[float, float, float]:
        """(x, y) of a position dropped onto the plane, and how many millimetres it lies behind it."""
        apart = np.asarray(position_mm, np.float64) - self.origin
        x, y = float(apart @ self.right) / self.pixel_mm, float(apart @ self.down) / self.pixel_mm
        return x, y, float(apart @ self.normal)


def standard(volume: Volume, view: View, through_mm: ArrayLike | None = None) -> Plane:
    """The plane of the patient through a position (the middle without one) that holds the whole volume.

    Its pixels are as wide as the finest step of the grid.
    """
    right, down = (np.array(side, np.float64) for side in DIRECTIONS[view])
    through = volume.centre_mm if through_mm is None else np.asarray(through_mm, np.float64)
    return covering(volume, right, down, through)


def covering(volume: Volume, right: Vectors, down: Vectors, through_mm: Vectors) -> Plane:
    """The plane with these directions through a position, wide enough for every corner of the volume."""
    pixel = min(volume.steps_mm)
    normal = np.cross(right, down)
    centres = _centre_corners(volume)
    low_x, low_y = float((centres @ right).min()), float((centres @ down).min())
    wide, tall = float((centres @ right).max()) - low_x, float((centres @ down).max()) - low_y
    origin = right * low_x + down * low_y + normal * float(through_mm @ normal)
    return Plane(origin, right, down, round(tall / pixel) + 1, round(wide / pixel) + 1, pixel)


def _centre_corners(volume: Volume) -> Vectors:
    layers, rows, columns = volume.shape
    return np.array([volume.at_mm((x, y, z)) for x in (0, columns - 1) for y in (0, rows - 1) for z in (0, layers - 1)])


def cut(volume: Volume, plane: Plane) -> Cells:
    """The cells in a plane, (rows, columns) int16; what lies outside the volume is the lowest cell.

    A slab is `thickness_mm` thick, half before and half behind the plane.
    """
    along = _along_grid(volume, plane)
    return along if along is not None else _sampled(volume, plane)


def _along_grid(volume: Volume, plane: Plane) -> Cells | None:
    """The plane as a part of the array, where its pixels are cells of an upright grid with square pixels; else None."""
    if not volume.upright:
        return None
    start = volume.index_of(plane.origin)
    right = volume.to_index[:3, :3] @ plane.right * plane.pixel_mm
    down = volume.to_index[:3, :3] @ plane.down * plane.pixel_mm
    axes = int(np.abs(right).argmax()), int(np.abs(down).argmax())
    steps = float(right[axes[0]]), float(down[axes[1]])
    exact = np.abs(right).sum() < 1 + 1e-4 and np.abs(down).sum() < 1 + 1e-4
    if not exact or axes[0] == axes[1] or any(abs(abs(step) - 1) > 1e-4 for step in steps):
        return None
    through = 3 - axes[0] - axes[1]
    in_plane = start[axes[0]], start[axes[1]]
    if any(abs(value - round(value)) > 1e-3 for value in in_plane):
        return None
    layers = _layers_of_slab(volume, plane, through, float(start[through]))
    if layers is None:
        return None
    stack = np.moveaxis(volume.cells.transpose(2, 1, 0), (through, axes[1], axes[0]), (0, 1, 2))
    part = _window_of(stack, layers, (in_plane[1], steps[1], plane.rows), (in_plane[0], steps[0], plane.columns))
    return None if part is None else _blended(part, plane.blend)


def _layers_of_slab(volume: Volume, plane: Plane, axis: int, place: float) -> slice | None:
    """The layers of the grid within the slab; the nearest one for a thin plane. None where the plane lies outside."""
    count, step = volume.cells.shape[2 - axis], volume.steps_mm[axis]
    half = plane.thickness_mm / 2 / step
    first, last = (round(place),) * 2 if half < 0.5 else (int(np.ceil(place - half)), int(np.floor(place + half)))
    first, last = max(first, 0), min(last, count - 1)
    return slice(first, last + 1) if first <= last else None


def _window_of(
    stack: Cells, layers: slice, rows: tuple[float, float, int], columns: tuple[float, float, int]
) -> Cells | None:
    """The part of `stack` that the plane shows; None where it reaches beyond the grid."""
    parts = []
    for (start, step, count), size in zip((rows, columns), stack.shape[1:], strict=True):
        first, direction = round(start), 1 if step > 0 else -1
        last = first + direction * (count - 1)
        if not (0 <= first < size and 0 <= last < size):
            return None
        stop = last + direction
        parts.append(slice(first, stop if stop >= 0 else None, direction))
    return stack[layers, parts[0], parts[1]]


def _blended(slab: Cells, blend: Blend) -> Cells:
    """One picture of a slab (layers, rows, columns)."""
    if slab.shape[0] == 1:
        return np.asarray(slab[0])
    chosen = {Blend.MEAN: np.add, Blend.MAXIMUM: np.maximum, Blend.MINIMUM: np.minimum}[blend]
    kind = np.int32 if blend is Blend.MEAN else np.int16
    if abs(slab.strides[0]) < abs(slab.strides[2]):  # sagittal: neighbours in memory are met together
        most = np.asarray(chosen.reduce(np.moveaxis(slab, 0, 2), axis=2, dtype=kind))
    else:
        most = np.array(slab[0], kind)
        for layer in slab[1:]:
            chosen(most, layer, out=most)
    return np.asarray(np.rint(most / slab.shape[0]) if blend is Blend.MEAN else most, np.int16)


def _sampled(volume: Volume, plane: Plane) -> Cells:
    from viewer.volume.resampling import resampled

    return resampled(volume, plane)

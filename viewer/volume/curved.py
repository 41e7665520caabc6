"""Panoramic pictures along an arch, and the cross-sections that stand upon it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array

from viewer.errors import N_
from viewer.volume.arch import Arch
from viewer.volume.arrangement import Vectors
from viewer.volume.errors import VolumeError
from viewer.volume.grid import Cells, Volume
from viewer.volume.planes import Blend, Plane


@dataclass(frozen=True, eq=False)
class Panoramic:
    """`cells[row, column]`: upward rows along -z, columns along the arch from the patient's right to the left."""

    cells: Cells
    pixel_mm: float
    top_mm: float
    """Height (z) of the first row."""
    arch: Arch

    def at_mm(self, column: float, row: float) -> Vectors:
        """The position on the arch's surface that a pixel shows."""
        place, _normal = self.arch.along(np.array([column * self.pixel_mm]))
        return np.array([place[0, 0], place[0, 1], self.top_mm - row * self.pixel_mm])


def panoramic(volume: Volume, arch: Arch, thickness_mm: float = 12.0, blend: Blend = Blend.MEAN) -> Panoramic:
    """The volume along the arch, blended over `thickness_mm` across it. The volume must be upright with cubic cells.

    Lengths along a row are true on the arch itself only. Raises VolumeError.
    """
    step = volume.steps_mm[0]
    if not volume.upright or max(volume.steps_mm) - min(volume.steps_mm) > 1e-3 * step:
        raise VolumeError(N_("A curved section needs an upright volume."))
    lengths = np.arange(0, arch.length_mm, step)
    count = max(1, round(thickness_mm / step))
    places, normals = arch.along(lengths)
    offsets = (np.arange(count) - (count - 1) / 2) * (thickness_mm / count)
    across = places[:, None, :] + offsets[None, :, None] * normals[:, None, :]
    columns = volume.index_of(np.concatenate([across, np.zeros((*across.shape[:2], 1))], axis=2))[..., :2]
    found = _mean(volume, columns) if blend is Blend.MEAN else _extreme(volume, columns, blend)
    top = float(volume.at_mm((0, 0, volume.shape[0] - 1))[2])
    return Panoramic(found[::-1], step, top, arch)


def _mean(volume: Volume, at: Vectors) -> Cells:
    """(layers, n): bilinear means over the samples (n, count, 2), as one sparse product over the columns it touches."""
    layers, rows, columns = volume.shape
    low = np.floor(at).astype(np.int64)
    part = at - low
    indices, weights = [], []
    for dx in (0, 1):
        for dy in (0, 1):
            x, y = low[..., 0] + dx, low[..., 1] + dy
            weight = np.abs(1 - dx - part[..., 0]) * np.abs(1 - dy - part[..., 1])
            inside = (x >= 0) & (x < columns) & (y >= 0) & (y < rows)
            indices.append(np.where(inside, y * columns + x, -1))
            weights.append(np.where(inside, weight, 0.0))
    flat, mass = np.stack(indices, -1).reshape(len(at), -1), np.stack(weights, -1).reshape(len(at), -1)
    touched, place = np.unique(flat, return_inverse=True)
    matrix = csr_array(
        (mass.ravel().astype(np.float32), (np.repeat(np.arange(len(at)), flat.shape[1]), place.ravel())),
        shape=(len(at), len(touched)),
    )
    values = volume.cells.reshape(layers, -1)[:, np.maximum(touched, 0)].astype(np.float32)
    total = mass.sum(1)
    found = (matrix @ values.T).T / np.where(total > 0, total, 1)
    found[:, total == 0] = volume.cells.min()
    return np.asarray(np.rint(found), np.int16)


def _extreme(volume: Volume, at: Vectors, blend: Blend) -> Cells:
    layers, rows, columns = volume.shape
    chosen = np.maximum if blend is Blend.MAXIMUM else np.minimum
    cells = volume.cells.reshape(layers, -1)
    x = np.clip(np.rint(at[..., 0]).astype(np.int64), 0, columns - 1)
    y = np.clip(np.rint(at[..., 1]).astype(np.int64), 0, rows - 1)
    found = cells[:, y[:, 0] * columns + x[:, 0]]
    for sample in range(1, at.shape[1]):
        chosen(found, cells[:, y[:, sample] * columns + x[:, sample]], out=found)
    return found


def cross_section(
    volume: Volume, arch: Arch, length_mm: float, width_mm: float = 30.0, thickness_mm: float = 1.0
) -> Plane:
    """The plane across the arch at a length along it: the tongue on the left, the cheek on the right, the head up."""
    place, normal = arch.along(np.array([length_mm]))
    right, down = np.array([normal[0, 0], normal[0, 1], 0.0]), np.array([0.0, 0.0, -1.0])
    corners = volume.corners_mm
    top, bottom = float(corners[:, 2].max()), float(corners[:, 2].min())
    pixel = min(volume.steps_mm)
    origin = np.array([place[0, 0], place[0, 1], top - pixel / 2]) - right * (width_mm / 2)
    return Plane(
        origin, right, down, max(1, round((top - bottom) / pixel)), round(width_mm / pixel) + 1, pixel, thickness_mm
    )


def sections_about(arch: Arch, length_mm: float, count: int, apart_mm: float) -> tuple[float, ...]:
    """Lengths along the arch of `count` sections around one, those beyond its ends left out."""
    places = (length_mm + (number - (count - 1) / 2) * apart_mm for number in range(count))
    return tuple(place for place in places if 0 <= place <= arch.length_mm)


def of_jaws(made: Panoramic, reach_mm: float) -> Panoramic:
    """The part of a panoramic that lies at most `reach_mm` above and below the arch."""
    first = max(0, round((made.top_mm - made.arch.z_mm - reach_mm) / made.pixel_mm))
    last = min(made.cells.shape[0], round((made.top_mm - made.arch.z_mm + reach_mm) / made.pixel_mm) + 1)
    if last - first < 2:
        return made
    return replace(made, cells=made.cells[first:last], top_mm=made.top_mm - first * made.pixel_mm)


def section_of_jaws(plane: Plane, arch: Arch, reach_mm: float) -> Plane:
    """The part of a cross-section that lies at most `reach_mm` above and below the arch."""
    top = float(plane.origin[2])
    first = max(0, round((top - arch.z_mm - reach_mm) / plane.pixel_mm))
    last = min(plane.rows, round((top - arch.z_mm + reach_mm) / plane.pixel_mm) + 1)
    if last - first < 2:
        return plane
    return replace(plane, origin=plane.origin + plane.down * (first * plane.pixel_mm), rows=last - first)

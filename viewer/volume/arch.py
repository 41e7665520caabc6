"""The dental arch as a curve in an axial plane: drawn by hand, or proposed from the bright cells of the jaw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from scipy.ndimage import gaussian_filter, label

from viewer.errors import N_
from viewer.volume.arrangement import Vectors
from viewer.volume.errors import VolumeError
from viewer.volume.grid import Volume

Mask = NDArray[np.bool_]

PROPOSED_POINTS = 9
SLAB_MM = 6.0
"""Height of the slab in which an arch is looked for: about a crown."""
SMOOTH_MM = 0.8
LEVELS_APART_MM = 2.0
DENSEST_PERCENT = 95.0
FRONT_MM = 75.0
SECTOR, NEAREST_MM = 4.0, 8.0
"""Degrees of the sectors in which the middle of a bow is taken, and what is too near their centre to have one."""
WIDTH_MM, DEPTH_MM = (40.0, 80.0), (25.0, 70.0)


class NoArch(VolumeError):
    """Nothing that looks like an arch."""

    message_id = N_("No dental arch was found; draw the curve by hand.")


@dataclass(frozen=True, eq=False)
class Arch:
    """A smooth curve from the patient's right to the left through points (x, y) in mm at the height `z_mm`."""

    points: tuple[tuple[float, float], ...]
    z_mm: float

    def __post_init__(self) -> None:
        steps = np.linalg.norm(np.diff(np.asarray(self.points, np.float64), axis=0), axis=1)
        if len(self.points) < 3 or not np.isfinite(steps).all() or steps.min() < 0.1:
            raise VolumeError(N_("An arch needs at least three points that lie apart."))

    @cached_property
    def _spline(self) -> CubicSpline:
        points = np.asarray(self.points, np.float64)
        return CubicSpline(np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))]), points)

    @cached_property
    def _lengths(self) -> tuple[Vectors, Vectors]:
        """Parameter of the spline and true length along the curve, finely."""
        at = np.linspace(0, self._spline.x[-1], 4000)
        steps = np.linalg.norm(np.diff(self._spline(at), axis=0), axis=1)
        return at, np.concatenate([[0], np.cumsum(steps)])

    @property
    def length_mm(self) -> float:
        """Length along the curve."""
        return float(self._lengths[1][-1])

    def along(self, lengths_mm: Vectors) -> tuple[Vectors, Vectors]:
        """(n, 2) positions at these lengths along the curve, and unit normals that point away from the tongue."""
        at = np.interp(lengths_mm, self._lengths[1], self._lengths[0])
        tangents = self._spline(at, 1)
        tangents = tangents / np.linalg.norm(tangents, axis=1, keepdims=True)
        # From right to left with +x to the left and +y to the back, the outside is on the tangent's left hand.
        return np.asarray(self._spline(at)), np.stack([tangents[:, 1], -tangents[:, 0]], axis=1)

    def nearest_mm(self, x: float, y: float) -> float:
        """Length along the curve of the point nearest to (x, y)."""
        distance = np.linalg.norm(self._spline(self._lengths[0]) - np.array([x, y]), axis=1)
        return float(self._lengths[1][int(distance.argmin())])


def propose_arch(volume: Volume, z_mm: float | None = None) -> Arch:
    """An arch for the user to confirm or move: a proposal, never a finding. The volume must be upright.

    Every few millimetres it follows the bow of the densest cells in the front of the head, and keeps the bow of a
    dental arch's size along which the cells are densest: enamel outshines bone. Raises NoArch.
    """
    x, y, z = volume.steps_mm
    apart = max(1, round(LEVELS_APART_MM / z))
    levels = range(0, volume.shape[0], apart) if z_mm is None else [_layer(volume, z_mm)]
    best: tuple[float, Arch] | None = None
    for level in levels:
        half = max(1, round(SLAB_MM / 2 / z))
        slab = volume.cells[max(0, level - half) : level + half + 1].mean(0, dtype=np.float32)
        soft = gaussian_filter(slab, (SMOOTH_MM / y, SMOOTH_MM / x))
        points = _bow(soft, (x, y))
        if not points:
            continue
        at = volume.at_mm([(column, row, level) for column, row in points])
        arch = Arch(tuple((float(p[0]), float(p[1])) for p in at), float(at[0][2]))
        if _of_an_arch(at) and (best is None or _shine(volume, soft, arch) > best[0]):
            best = _shine(volume, soft, arch), arch
    if best is None:
        raise NoArch
    return best[1]


def _bow(soft: Vectors, steps: tuple[float, float]) -> list[tuple[float, float]]:
    body = np.flatnonzero((soft > soft.mean()).any(1))
    if not len(body):
        return []
    deep = max((body[-1] - body[0]) / 2, FRONT_MM / steps[1])  # a small field of view is all front
    front = soft[: int(body[0] + deep) + 1]
    dense = _largest(front > np.percentile(front, DENSEST_PERCENT))
    return _middle_of(np.where(dense, front - front[dense].min() + 1, 0.0), steps) if dense.any() else []


def _of_an_arch(at: Vectors) -> bool:
    """Whether the bow is as wide and deep as dental arches are, with the bone around them (40 to 75 by 25 to 65 mm)."""
    wide, deep = np.ptp(at[:, 0]), np.ptp(at[:, 1])
    return bool(WIDTH_MM[0] <= wide <= WIDTH_MM[1] and DEPTH_MM[0] <= deep <= DEPTH_MM[1])


def _shine(volume: Volume, soft: Vectors, arch: Arch) -> float:
    """How dense the cells along the arch are, in the middle."""
    places, _normals = arch.along(np.linspace(0, arch.length_mm, 60))
    index = np.rint(volume.index_of(np.c_[places, np.full(len(places), arch.z_mm)])).astype(int)
    rows, columns = soft.shape
    return float(np.median(soft[np.clip(index[:, 1], 0, rows - 1), np.clip(index[:, 0], 0, columns - 1)]))


def _layer(volume: Volume, z_mm: float) -> int:
    layer = round(float(volume.index_of((0, 0, z_mm))[2]))
    return min(max(layer, 0), volume.shape[0] - 1)


def _largest(mask: Mask) -> Mask:
    marks, count = label(mask)
    if not count:
        return np.zeros_like(mask, bool)
    sizes = np.bincount(marks.ravel())[1:]
    kept = np.flatnonzero(sizes >= 0.15 * sizes.max()) + 1  # a gap between teeth may part the bow
    return np.asarray(np.isin(marks, kept))


def _middle_of(weight: Vectors, steps: tuple[float, float]) -> list[tuple[float, float]]:
    """(column, row) along the middle of a bow that opens to the back, from right to left, smoothed."""
    rows, columns = np.nonzero(weight)
    mass = weight[rows, columns]
    centre = float(np.average(columns, weights=mass)), float(np.percentile(rows, 90))
    dx, dy = (columns - centre[0]) * steps[0], (centre[1] - rows) * steps[1]
    angle, radius = np.degrees(np.arctan2(dy, -dx)), np.hypot(dx, dy)
    inside = (angle >= 0) & (angle < 180) & (radius > NEAREST_MM)
    sector = (angle[inside] // SECTOR).astype(int)
    total = np.bincount(sector, mass[inside])
    means = np.bincount(sector, mass[inside] * radius[inside]) / np.where(total > 0, total, 1)
    found = [(SECTOR * (number + 0.5), float(means[number])) for number in np.flatnonzero(total > 0)]
    return _evened(found, centre, steps)


def _evened(
    found: Sequence[tuple[float, float]], centre: tuple[float, float], steps: tuple[float, float]
) -> list[tuple[float, float]]:
    if len(found) < 12 or found[-1][0] - found[0][0] < 90:
        return []
    angles, radii = np.array(found).T
    fit = np.polynomial.Polynomial.fit(angles, radii, 6)
    at = np.linspace(angles[0], angles[-1], PROPOSED_POINTS)
    radius, turn = fit(at), np.radians(at)
    columns = centre[0] - radius * np.cos(turn) / steps[0]
    rows = centre[1] - radius * np.sin(turn) / steps[1]
    return [(float(column), float(row)) for column, row in zip(columns, rows, strict=True)]

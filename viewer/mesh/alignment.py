"""Bring one mesh onto another: by pairs of points (Horn, J Opt Soc Am A 1987;4:629, solved by the singular values of
Arun et al., IEEE PAMI 1987;9:698), then by the iterative closest point (Besl and McKay, IEEE PAMI 1992;14:239)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from viewer.errors import N_
from viewer.mesh.mesh import Mesh, MeshError, Points

MOST_SAMPLES = 6000
ROUNDS = 80
STILL_MM = 1e-5
"""A round that moves the points by less ends the search."""


class NoAlignment(MeshError):
    """The points do not fix a position."""

    message_id = N_("At least three pairs of points that do not lie on one line are needed.")


@dataclass(frozen=True, eq=False)
class Alignment:
    """`matrix` (4, 4) moves the first mesh onto the second; `rms_mm` is what is left between the pairs."""

    matrix: Points
    rms_mm: float
    pairs: int


def by_points(moving: Points, fixed: Points) -> Alignment:
    """The rigid motion that takes the points `moving` (n, 3) nearest to `fixed`. Raises NoAlignment."""
    if len(moving) != len(fixed) or len(moving) < 3 or _thin(moving) or _thin(fixed):
        raise NoAlignment
    matrix = _rigid(moving, fixed)
    left = _moved(matrix, moving) - fixed
    return Alignment(matrix, float(np.sqrt((left**2).sum(1).mean())), len(moving))


def by_surfaces(moving: Mesh, fixed: Mesh, start: Points | None = None, keep: float = 0.9) -> Alignment:
    """Refine a start (the identity without one) until the surfaces lie on one another.

    Each round pairs points of `moving` with the nearest place on the plane through the nearest corner of `fixed`, and
    leaves out the worst `1 - keep` of the pairs: arches of two dates differ where teeth have moved.
    """
    matrix = np.eye(4) if start is None else np.asarray(start, np.float64)
    points = _sample(moving.points)
    tree, normals = cKDTree(fixed.points), _normals(fixed)
    pairs, rms = 0, 0.0
    for _round in range(ROUNDS):
        now = _moved(matrix, points)
        _distance, nearest = tree.query(now)
        gap = np.einsum("ij,ij->i", now - fixed.points[nearest], normals[nearest])
        beside = np.linalg.norm(now - fixed.points[nearest], axis=1)
        good = np.argsort(beside)[: max(6, int(keep * len(now)))]
        step = _point_to_plane(now[good], gap[good], normals[nearest][good])
        matrix = step @ matrix
        pairs, rms = len(good), float(np.sqrt((gap[good] ** 2).mean()))
        if np.abs(_moved(step, now) - now).max() < STILL_MM:
            break
    return Alignment(matrix, rms, pairs)


def _point_to_plane(points: Points, gap: NDArray[np.float64], normals: Points) -> Points:
    """One step of point-to-plane matching (Chen and Medioni, Image Vision Comput 1992;10:145), for small turns."""
    middle = points.mean(0)
    arms = np.cross(points - middle, normals)
    system = np.concatenate([arms, normals], axis=1)
    found = np.linalg.lstsq(system, -gap, rcond=None)[0]
    turn = _rotation(found[:3])
    matrix = np.eye(4)
    matrix[:3, :3] = turn
    matrix[:3, 3] = middle - turn @ middle + found[3:]
    return matrix


def _rotation(vector: NDArray[np.float64]) -> Points:
    """The rotation about `vector` by its length (Rodrigues)."""
    angle = float(np.linalg.norm(vector))
    if angle < 1e-15:
        return np.eye(3)
    x, y, z = vector / angle
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.asarray(np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross)


def _rigid(moving: Points, fixed: Points) -> Points:
    middle, target = moving.mean(0), fixed.mean(0)
    left, _values, right = np.linalg.svd((moving - middle).T @ (fixed - target))
    mirror = np.diag([1.0, 1.0, float(np.sign(np.linalg.det(right.T @ left.T)))])
    turn = right.T @ mirror @ left.T
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = turn, target - turn @ middle
    return matrix


def _moved(matrix: Points, points: Points) -> Points:
    return np.asarray(points @ matrix[:3, :3].T + matrix[:3, 3])


def _thin(points: Points) -> bool:
    values = np.linalg.svd(points - points.mean(0), compute_uv=False)
    return bool(values[1] < 1e-3 * max(values[0], 1e-12))


def _sample(points: Points) -> Points:
    return points[:: max(1, len(points) // MOST_SAMPLES)]


def _normals(mesh: Mesh) -> Points:
    """Unit normals of the points: the sum of those of their triangles, weighted by area."""
    a, b, c = np.moveaxis(mesh.corners, 1, 0)
    across = np.cross(b - a, c - a)
    normals = np.zeros_like(mesh.points)
    for corner in range(3):
        np.add.at(normals, mesh.triangles[:, corner], across)
    lengths = np.linalg.norm(normals, axis=1, keepdims=True)
    return np.asarray(normals / np.where(lengths > 0, lengths, 1))

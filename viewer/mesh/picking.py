"""Where a line of sight meets a mesh."""

from __future__ import annotations

import numpy as np

from viewer.mesh.mesh import Mesh, Points

PARALLEL = 1e-12
PORTION = 400_000
"""Triangles that are looked at in one go: some megabytes of memory."""


def hit(mesh: Mesh, origin: Points, direction: Points) -> Points | None:
    """The first point of the surface along a ray, in mm; None where it misses.

    Möller and Trumbore, J Graph Tools 1997;2(1):21, over all triangles at once.
    """
    nearest = np.inf
    for start in range(0, len(mesh.triangles), PORTION):
        corners = mesh.points[mesh.triangles[start : start + PORTION]]
        nearest = min(nearest, _nearest(corners, origin, direction))
    return None if np.isinf(nearest) else np.asarray(origin + direction * nearest)


def _nearest(corners: Points, origin: Points, direction: Points) -> float:
    first, one, two = corners[:, 0], corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    across = np.cross(direction, two)
    volume = np.einsum("ij,ij->i", one, across)
    good = np.abs(volume) > PARALLEL
    scale = np.divide(1.0, volume, out=np.zeros_like(volume), where=good)
    away = origin - first
    u = np.einsum("ij,ij->i", away, across) * scale
    turned = np.cross(away, one)
    v = turned @ direction * scale
    along = np.einsum("ij,ij->i", two, turned) * scale
    met = good & (u >= 0) & (v >= 0) & (u + v <= 1) & (along > 0)
    return float(along[met].min()) if met.any() else float("inf")

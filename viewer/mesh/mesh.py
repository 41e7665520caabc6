"""A triangle mesh in millimetres."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from viewer.errors import N_, ViewerError

Points = NDArray[np.float64]
Triangles = NDArray[np.int32]


class MeshError(ViewerError):
    """A mesh that cannot be read, or that cannot be used as asked."""

    message_id = N_("This model cannot be shown.")


@dataclass(frozen=True, eq=False)
class Mesh:
    """`points` (n, 3) in mm, `triangles` (m, 3) indices of their corners, seen from outside against the clock."""

    points: Points
    triangles: Triangles
    colours: NDArray[np.uint8] | None = None
    """(n, 3) sRGB of the points, where the scanner took colours."""

    @cached_property
    def bounds(self) -> tuple[Points, Points]:
        """Lowest and highest corner of the box about it."""
        return self.points.min(0), self.points.max(0)

    @cached_property
    def corners(self) -> Points:
        """(m, 3, 3) corners of every triangle."""
        return np.asarray(self.points[self.triangles])

    @property
    def area_mm2(self) -> float:
        """Area of the surface."""
        a, b, c = np.moveaxis(self.corners, 1, 0)
        return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2)

    @property
    def volume_mm3(self) -> float:
        """Volume enclosed; of an open mesh, that of the cone that closes it to the middle, which says little."""
        a, b, c = np.moveaxis(self.corners - self.points.mean(0), 1, 0)
        return float(abs(np.einsum("ij,ij->i", a, np.cross(b, c)).sum()) / 6)

    @cached_property
    def closed(self) -> bool:
        """Whether every edge belongs to two triangles."""
        edges = np.sort(self.triangles[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1).astype(np.int64)
        _edges, counts = np.unique(edges[:, 0] * len(self.points) + edges[:, 1], return_counts=True)
        return bool(len(counts) and np.all(counts == 2))

    def moved(self, matrix: Points) -> Mesh:
        """A copy under a (4, 4) transformation of millimetres."""
        return Mesh(self.points @ matrix[:3, :3].T + matrix[:3, 3], self.triangles, self.colours)

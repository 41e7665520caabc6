"""Distances as colours on a mesh, and markers for places on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from viewer.errors import N_
from viewer.mesh.mesh import Mesh, Points

Rgb = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Scale:
    """Colours at ascending distances in mm; between them they are mixed, beyond the ends they stay."""

    title: str
    stops: tuple[tuple[float, Rgb], ...]

    def colours(self, values: NDArray[np.float64]) -> NDArray[np.uint8]:
        """(n, 3) sRGB of (n,) distances."""
        at = [stop for stop, _rgb in self.stops]
        parts = [np.interp(values, at, [rgb[part] for _stop, rgb in self.stops]) for part in range(3)]
        return np.stack(parts, axis=-1).round().astype(np.uint8)


OCCLUSION = Scale(
    N_("Distance to the other jaw"),
    ((-0.3, (178, 24, 43)), (0.0, (214, 96, 77)), (0.2, (253, 174, 97)), (0.5, (254, 224, 144)), (1.0, (199, 222, 190)),
     (2.0, (226, 222, 214))),
)  # fmt: skip
"""From overlap (dark red) through contact (orange) to apart (the colour of plaster): also in grey, darker is nearer."""
DIFFERENCE = Scale(
    N_("Difference between two dates"),
    ((-1.5, (33, 102, 172)), (-0.3, (146, 197, 222)), (0.0, (247, 247, 247)), (0.3, (244, 165, 130)),
     (1.5, (178, 24, 43))),
)  # fmt: skip
"""Blue lies within, red outside; white has not moved. The two ends are told apart by every kind of colour vision."""
MARKER_MM = 0.6


def tinted(mesh: Mesh, values: NDArray[np.float64], scale: Scale) -> Mesh:
    """The mesh in the colours of its distances."""
    return replace(mesh, colours=scale.colours(values))


def markers(places: Iterable[Sequence[float]], radius_mm: float = MARKER_MM) -> Mesh | None:
    """A small ball at each place; None for none."""
    middles = [np.asarray(place, np.float64) for place in places]
    if not middles:
        return None
    points, triangles = _ball()
    count = len(points)
    return Mesh(
        np.concatenate([points * radius_mm + middle for middle in middles]),
        np.concatenate([triangles + count * number for number in range(len(middles))]).astype(np.int32),
    )


def _ball(rings: int = 8, spokes: int = 12) -> tuple[Points, NDArray[np.int32]]:
    """A ball of radius 1, its triangles seen from outside against the clock."""
    tilt = np.linspace(0, np.pi, rings + 1)[1:-1]
    turn = np.arange(spokes) * (2 * np.pi / spokes)
    body = np.stack(
        [
            np.outer(np.sin(tilt), np.cos(turn)),
            np.outer(np.sin(tilt), np.sin(turn)),
            np.outer(np.cos(tilt), np.ones(spokes)),
        ],
        axis=-1,
    ).reshape(-1, 3)
    points = np.concatenate([[[0, 0, 1.0]], body, [[0, 0, -1.0]]])
    last, found = len(points) - 1, []
    for spoke in range(spokes):
        after = (spoke + 1) % spokes
        found.append((0, 1 + spoke, 1 + after))
        for ring in range(rings - 2):
            a, b = 1 + ring * spokes + spoke, 1 + ring * spokes + after
            found += [(a, a + spokes, b), (b, a + spokes, b + spokes)]
        found.append((last, last - spokes + after, last - spokes + spoke))
    return points, np.array(found, np.int32)

"""Three planes that cross in one point of the patient, at right angles, turned together.

The turn is one rotation of the three standard planes, so that they stay square to one another however often a hand
turns one of them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike

from viewer.volume.arrangement import Vectors
from viewer.volume.grid import Volume
from viewer.volume.planes import DIRECTIONS, Blend, Plane, View, covering

STRAIGHT = 1e-9


def _still() -> Vectors:
    return np.eye(3)


@dataclass(frozen=True, eq=False)
class Crossing:
    """Where the planes meet, in mm of the patient, and how they are turned: (3, 3), the identity for the standard."""

    centre_mm: Vectors
    turn: Vectors = field(default_factory=_still)

    @property
    def is_oblique(self) -> bool:
        """Whether the planes lie otherwise than the standard ones."""
        return not np.allclose(self.turn, np.eye(3), atol=STRAIGHT)

    def directions(self, view: View) -> tuple[Vectors, Vectors]:
        """Rightward and downward in a view, as unit vectors of the patient."""
        right, down = (self.turn @ np.array(side, np.float64) for side in DIRECTIONS[view])
        return right, down

    def normal(self, view: View) -> Vectors:
        """Away from the reader of a view."""
        right, down = self.directions(view)
        return np.cross(right, down)

    def turned(self, view: View, degrees: float) -> Crossing:
        """The planes turned clockwise, as the reader of `view` sees them, about the point where they cross."""
        turn = _rotation(self.normal(view), math.radians(degrees)) @ self.turn
        left, _values, right = np.linalg.svd(turn)  # many small turns would else add up to a skew
        return replace(self, turn=left @ right)

    def moved_to(self, centre_mm: ArrayLike) -> Crossing:
        """The same planes through another point."""
        return replace(self, centre_mm=np.asarray(centre_mm, np.float64))

    def upright(self) -> Crossing:
        """The standard planes through the same point."""
        return Crossing(self.centre_mm)

    def plane(self, volume: Volume, view: View, thickness_mm: float = 0.0, blend: Blend = Blend.MEAN) -> Plane:
        """The plane of a view, wide enough for the whole volume."""
        right, down = self.directions(view)
        return replace(covering(volume, right, down, self.centre_mm), thickness_mm=thickness_mm, blend=blend)

    def line_of(self, other: View, seen_in: View) -> tuple[float, float]:
        """The direction (x, y) in which the plane of `other` crosses the picture of `seen_in`; a unit vector."""
        right, down = self.directions(seen_in)
        along = np.cross(self.normal(other), self.normal(seen_in))
        along = along / np.linalg.norm(along)
        return float(along @ right), float(along @ down)


def _rotation(axis: Vectors, angle: float) -> Vectors:
    """Rodrigues: the rotation about a unit vector."""
    x, y, z = axis
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.asarray(np.eye(3) + math.sin(angle) * cross + (1 - math.cos(angle)) * cross @ cross)


def coarse(plane: Plane, factor: int) -> Plane:
    """The same rectangle in fewer pixels, as it is drawn while a hand moves."""
    rows, columns = max(1, plane.rows // factor), max(1, plane.columns // factor)
    return replace(plane, rows=rows, columns=columns, pixel_mm=plane.pixel_mm * factor)


def inside(volume: Volume, position_mm: ArrayLike) -> Vectors:
    """The position, brought to the nearest one within the grid."""
    layers, rows, columns = volume.shape
    return volume.at_mm(np.clip(volume.index_of(position_mm), 0, (columns - 1, rows - 1, layers - 1)))


def letters(right: Vectors, down: Vectors) -> tuple[str, str, str, str]:
    """Patient directions (A P R L H F) at the left, right, upper and lower edge of a picture (PS3.3 §C.7.6.1.1.1).

    The strongest direction first, a second one where it counts for more than a fifth.
    """
    return _letters(-right), _letters(right), _letters(-down), _letters(down)


def _letters(direction: Vectors) -> str:
    names = (("R", "L"), ("A", "P"), ("F", "H"))
    order = np.argsort(-np.abs(direction))
    found = [names[axis][int(direction[axis] > 0)] for axis in order[:2] if abs(direction[axis]) > 0.2]
    return "".join(found)

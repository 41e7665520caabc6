"""A volume: numbers on a regular grid, and where that grid lies in the patient."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from viewer.volume.arrangement import Notice, Vectors

Cells = NDArray[np.int16]

ALIGNED = 1e-3
"""Cosine between a grid axis and another axis of the patient below which the two count as square."""


@dataclass(frozen=True, eq=False)
class Volume:
    """`cells[layer, row, column]` are stored numbers; `slope * cell + intercept` is the value in `unit`.

    `affine` (4, 4) takes homogeneous (column, row, layer) to millimetres in the patient: +x left, +y back, +z head.
    A grid that lies along the patient's axes has been turned so that column, row and layer follow +x, +y and +z.
    """

    cells: Cells
    affine: Vectors
    slope: float = 1.0
    intercept: float = 0.0
    unit: str = ""
    """`HU` only where the numbers are Hounsfield units; '' for grey values without a meaning of their own."""
    window: tuple[float, float] | None = None
    """Centre and width that the file offers, in `unit`."""
    notices: tuple[Notice, ...] = ()

    @property
    def shape(self) -> tuple[int, int, int]:
        layers, rows, columns = self.cells.shape
        return int(layers), int(rows), int(columns)

    @property
    def steps_mm(self) -> tuple[float, float, float]:
        """Distance between neighbouring columns, rows and layers; along a tilted stack, the slanted one."""
        x, y, z = np.linalg.norm(self.affine[:3, :3], axis=0)
        return float(x), float(y), float(z)

    @cached_property
    def to_index(self) -> Vectors:
        """(4, 4): millimetres to (column, row, layer)."""
        return np.asarray(np.linalg.inv(self.affine))

    @property
    def upright(self) -> bool:
        """Whether column, row and layer follow the patient's axes."""
        axes = self.affine[:3, :3] / np.linalg.norm(self.affine[:3, :3], axis=0)
        return bool(np.all(np.abs(axes - np.eye(3)) < ALIGNED))

    @property
    def centre_mm(self) -> Vectors:
        """The middle of the grid."""
        layers, rows, columns = self.shape
        return self.at_mm(((columns - 1) / 2, (rows - 1) / 2, (layers - 1) / 2))

    @property
    def corners_mm(self) -> Vectors:
        """(8, 3) outer corners, half a cell beyond the centres of the outer cells."""
        layers, rows, columns = self.shape
        sides = [(-0.5, count - 0.5) for count in (columns, rows, layers)]
        return np.array([self.at_mm((x, y, z)) for x in sides[0] for y in sides[1] for z in sides[2]])

    def at_mm(self, index: ArrayLike) -> Vectors:
        """Millimetres of (column, row, layer), also of many in an array (…, 3)."""
        return np.asarray(np.asarray(index, np.float64) @ self.affine[:3, :3].T + self.affine[:3, 3])

    def index_of(self, position_mm: ArrayLike) -> Vectors:
        """(column, row, layer), with fractions, of a position, also of many in an array (…, 3)."""
        return np.asarray(np.asarray(position_mm, np.float64) @ self.to_index[:3, :3].T + self.to_index[:3, 3])

    def values(self, cells: ArrayLike) -> Vectors:
        """Stored numbers as values in `unit`."""
        return np.asarray(np.asarray(cells, np.float64) * self.slope + self.intercept)

    def cell_of(self, value: float) -> float:
        """The stored number of a value in `unit`."""
        return (value - self.intercept) / self.slope

    @property
    def cell_volume_mm3(self) -> float:
        """Volume of one cell."""
        return float(abs(np.linalg.det(self.affine[:3, :3])))

    @cached_property
    def range(self) -> tuple[float, float]:
        """Lowest and highest value, in `unit`."""
        low, high = float(self.cells.min()), float(self.cells.max())
        ends = sorted((low * self.slope + self.intercept, high * self.slope + self.intercept))
        return ends[0], ends[1]

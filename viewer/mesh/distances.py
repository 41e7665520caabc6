"""How far apart two surfaces are: for the occlusion, and for one mesh at two dates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
from vtkmodules.vtkFiltersGeneral import vtkDistancePolyDataFilter

from viewer.mesh.mesh import Mesh

CONTACT_MM = 0.2
"""Surfaces nearer than this touch: about the thickness of two articulating foils."""


@dataclass(frozen=True, eq=False)
class Distances:
    """For each point of the first mesh, the signed distance in mm to the second: negative inside it."""

    values: NDArray[np.float64]

    @property
    def rms_mm(self) -> float:
        """Root of the mean square."""
        return float(np.sqrt((self.values**2).mean()))

    def within(self, limit_mm: float = CONTACT_MM) -> NDArray[np.bool_]:
        """The points that touch or overlap."""
        return np.asarray(self.values <= limit_mm)


def distances(first: Mesh, second: Mesh) -> Distances:
    """Signed distance of every point of `first` to the surface of `second`, to the triangles and not their corners."""
    between = vtkDistancePolyDataFilter()
    between.SetInputData(0, poly_data(first))
    between.SetInputData(1, poly_data(second))
    between.SignedDistanceOn()
    between.ComputeSecondDistanceOff()
    between.ComputeCellCenterDistanceOff()
    between.Update()
    found = between.GetOutput().GetPointData().GetArray("Distance")
    return Distances(np.array(vtk_to_numpy(found), np.float64))


def poly_data(mesh: Mesh) -> Any:
    """The mesh as VTK has it, without a copy: VTK holds the arrays of the mesh."""
    points = vtkPoints()
    points.SetData(numpy_to_vtk(np.ascontiguousarray(mesh.points)))
    cells = vtkCellArray()
    cells.SetData(3, numpy_to_vtk(np.ascontiguousarray(mesh.triangles).reshape(-1)))
    data = vtkPolyData()
    data.SetPoints(points)
    data.SetPolys(cells)
    return data

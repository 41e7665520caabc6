"""A surface as VTK draws it: normals, colour, a cut, and a coarse double for the time while it moves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonDataModel import vtkPlane
from vtkmodules.vtkFiltersCore import vtkBinnedDecimation, vtkPolyDataNormals
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

from viewer.mesh.distances import poly_data
from viewer.mesh.mesh import Mesh

MANY = 200_000
"""Triangles that a processor draws about ten times a second; more are drawn coarsely while they move."""
BINS = 96


class Shape:
    """One surface. `actor` is what a renderer takes."""

    def __init__(self, mesh: Mesh, colour: tuple[float, float, float], opacity: float, *, tinted: bool) -> None:
        data = poly_data(mesh)
        tinted = tinted and mesh.colours is not None
        if tinted:
            data.GetPointData().SetScalars(numpy_to_vtk(np.ascontiguousarray(mesh.colours)))
        self._fine = _with_normals(data)
        self._coarse = _with_normals(_binned(data)) if len(mesh.triangles) > MANY else None
        self._mapper = vtkPolyDataMapper()
        self._mapper.SetInputData(self._fine)
        self._mapper.SetScalarVisibility(tinted)
        self.actor = vtkActor()
        self.actor.SetMapper(self._mapper)
        look = self.actor.GetProperty()
        look.SetColor(*colour)
        look.SetOpacity(opacity)
        look.SetSpecular(0.2)
        look.SetSpecularPower(30)

    def draw_coarse(self, coarsely: bool) -> None:
        """Draw the coarse double, where there is one."""
        if self._coarse is not None:
            self._mapper.SetInputData(self._coarse if coarsely else self._fine)

    def cut(self, planes: Sequence[Any]) -> None:
        """Leave out what lies beyond any of the planes."""
        self._mapper.RemoveAllClippingPlanes()
        for plane in planes:
            self._mapper.AddClippingPlane(plane)


def cutting_plane(origin_mm: tuple[float, float, float], normal: tuple[float, float, float]) -> Any:
    """A plane that keeps the side away from `normal`."""
    plane = vtkPlane()
    plane.SetOrigin(*origin_mm)
    plane.SetNormal(*(-part for part in normal))
    return plane


def box_planes(low_mm: tuple[float, float, float], high_mm: tuple[float, float, float]) -> list[Any]:
    """Six planes that keep what lies in a box along the axes."""
    planes = []
    for axis in range(3):
        normal = tuple(float(place == axis) for place in range(3))
        planes.append(cutting_plane(high_mm, (normal[0], normal[1], normal[2])))
        planes.append(cutting_plane(low_mm, (-normal[0], -normal[1], -normal[2])))
    return planes


def _binned(data: Any) -> Any:
    binned = vtkBinnedDecimation()
    binned.SetInputData(data)
    binned.SetNumberOfDivisions(BINS, BINS, BINS)
    binned.ProducePointDataOn()
    binned.Update()
    return binned.GetOutput()


def _with_normals(data: Any) -> Any:
    normals = vtkPolyDataNormals()
    normals.SetInputData(data)
    normals.SplittingOff()
    normals.ConsistencyOff()  # it would copy all triangles; light falls on both sides of them
    normals.Update()
    return normals.GetOutput()

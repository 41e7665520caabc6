"""Surfaces of a volume: marching through the cells at one value, smoothed and thinned. Run it off the screen's thread.

VTK's flying edges (Schroeder, Maynard, Geveci, LDAV 2015) draws the surface in index space; the affine then sets the
points where they lie in the patient.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkSMPTools
from vtkmodules.vtkFiltersCore import (
    vtkBinnedDecimation,
    vtkFlyingEdges3D,
    vtkPolyDataConnectivityFilter,
    vtkWindowedSincPolyDataFilter,
)
from vtkmodules.vtkImagingCore import vtkImageShrink3D
from vtkmodules.vtkImagingGeneral import vtkImageGaussianSmooth

from viewer.errors import N_
from viewer.mesh.mesh import Mesh, MeshError
from viewer.volume.grid import Volume
from viewer.volume.levels import value_of
from viewer.volume.resampling import index_image

SMOOTHING_PASSES = 15
PASS_BAND = 0.1
"""Of windowed-sinc smoothing, which keeps volumes where plain averaging shrinks them (Taubin 1996)."""
BINS = 256


class NoSurface(MeshError):
    """No cell reaches the value."""

    message_id = N_("Nothing in this volume has that value.")


@dataclass(frozen=True, slots=True)
class Preset:
    """A tissue by the Hounsfield value of its surface; in other volumes, by the value that stands in its place."""

    name: str
    hounsfield: float


PRESETS = (Preset(N_("Skin"), -400.0), Preset(N_("Bone"), 300.0), Preset(N_("Teeth"), 1300.0))
"""Each about halfway between the tissue and its lighter neighbour."""


def level_of(volume: Volume, preset: Preset) -> float:
    """The value of a preset in this volume, in its unit."""
    return value_of(volume, preset.hounsfield)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a surface is made of cells."""

    level: float
    """Value, in the unit of the volume."""
    blurred: bool = False
    """A Gaussian of one cell first: for noisy volumes."""
    smoothed: bool = True
    thinned: bool = False
    """Merged into 256 bins along each side: to turn it at once."""
    largest_only: bool = False
    half: bool = False
    """Every second cell only: a first picture in an eighth of the time."""


def surface(volume: Volume, recipe: Recipe) -> Mesh:
    """The surface where the volume has the value, normals outward from the dense side. Raises NoSurface."""
    vtkSMPTools.SetBackend("STDThread")
    image = index_image(volume)
    if recipe.half:
        image = _shrunk(image)
    if recipe.blurred:
        image = _blurred(image)
    edges = vtkFlyingEdges3D()
    edges.SetInputData(image)
    edges.SetValue(0, volume.cell_of(recipe.level))
    edges.ComputeNormalsOff()
    edges.ComputeScalarsOff()
    shape = _after(edges, recipe)
    if shape.GetNumberOfPolys() == 0:
        raise NoSurface
    points = vtk_to_numpy(shape.GetPoints().GetData()).astype(np.float64)  # type: ignore[no-untyped-call]
    triangles = vtk_to_numpy(shape.GetPolys().GetConnectivityArray())  # type: ignore[no-untyped-call]
    used, triangles = np.unique(triangles, return_inverse=True)  # VTK keeps the points of what it left out
    points, triangles = points[used], triangles.reshape(-1, 3).astype(np.int32)
    if np.linalg.det(volume.affine[:3, :3]) < 0:
        triangles = triangles[:, ::-1]
    if recipe.half:
        points += 0.5  # a cell of the half grid is the mean of two, but VTK leaves it at the first one's place
    return Mesh(volume.at_mm(points), np.ascontiguousarray(triangles))


def _after(edges: Any, recipe: Recipe) -> Any:
    last = edges
    if recipe.largest_only:
        last = _joined(vtkPolyDataConnectivityFilter(), last)
        last.SetExtractionModeToLargestRegion()
    if recipe.smoothed:
        last = _joined(vtkWindowedSincPolyDataFilter(), last)
        last.SetNumberOfIterations(SMOOTHING_PASSES)
        last.SetPassBand(PASS_BAND)
        last.NonManifoldSmoothingOn()
        last.NormalizeCoordinatesOn()
    if recipe.thinned:
        last = _joined(vtkBinnedDecimation(), last)
        last.SetNumberOfDivisions(BINS, BINS, BINS)
    last.Update()
    return last.GetOutput()


def _joined(follower: Any, before: Any) -> Any:
    follower.SetInputConnection(before.GetOutputPort())
    return follower


def _shrunk(image: Any) -> Any:
    shrink = vtkImageShrink3D()
    shrink.SetInputData(image)
    shrink.SetShrinkFactors(2, 2, 2)
    shrink.AveragingOn()
    shrink.Update()
    return shrink.GetOutput()


def _blurred(image: Any) -> Any:
    smooth = vtkImageGaussianSmooth()
    smooth.SetInputData(image)
    smooth.SetStandardDeviations(1, 1, 1)
    smooth.Update()
    return smooth.GetOutput()

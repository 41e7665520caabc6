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
from vtkmodules.vtkImagingGeneral import vtkImageGaussianSmooth

from viewer.errors import N_
from viewer.mesh.mesh import Mesh, MeshError, Points, Triangles
from viewer.volume.grid import Volume
from viewer.volume.levels import value_of
from viewer.volume.resampling import coarse_image, index_image

SMOOTHING_PASSES = 15
PASS_BAND = 0.1
"""Of windowed-sinc smoothing, which keeps volumes where plain averaging shrinks them (Taubin 1996)."""
BINS = 256
"""Along each side, in which the triangles of a thinned surface are merged; a grid of more cells is taken together."""


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
    """Merged into 256 bins along each side, and of about as many cells at most: to turn it at once."""
    largest_only: bool = False
    half: bool = False
    """Every second cell only: a first picture in an eighth of the time."""


def surface(volume: Volume, recipe: Recipe) -> Mesh:
    """The surface where the volume has the value, normals outward from the dense side. Raises NoSurface."""
    vtkSMPTools.SetBackend("STDThread")
    factor = _factor(volume, recipe)
    image = index_image(volume) if factor == 1 else coarse_image(volume, factor)
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
    points = vtk_to_numpy(shape.GetPoints().GetData()).astype(np.float64)
    triangles = vtk_to_numpy(shape.GetPolys().GetConnectivityArray())
    points, triangles = _used(points, triangles.reshape(-1, 3).astype(np.int32))
    if np.linalg.det(volume.affine[:3, :3]) < 0:
        triangles = triangles[:, ::-1]
    points += (factor - 1) / 2  # a cell of the coarse grid is a mean of several, but VTK leaves it at the first's place
    return Mesh(volume.at_mm(points), np.ascontiguousarray(triangles))


def _factor(volume: Volume, recipe: Recipe) -> int:
    """How many cells along each side are taken as one."""
    fine = max(1, round(max(volume.shape) / BINS)) if recipe.thinned else 1
    return max(fine, 2 if recipe.half else 1)


def _used(points: Points, triangles: Triangles) -> tuple[Points, Triangles]:
    """Without the points of what VTK left out."""
    used = np.zeros(len(points), bool)
    used[triangles.reshape(-1)] = True
    if used.all():
        return points, triangles
    numbers = np.cumsum(used, dtype=np.int32) - 1
    return points[used], np.take(numbers, triangles).astype(np.int32)


def _after(edges: Any, recipe: Recipe) -> Any:
    last = edges
    if recipe.largest_only:
        last = _joined(vtkPolyDataConnectivityFilter(), last)
        last.SetExtractionModeToLargestRegion()
    if recipe.thinned:  # before it is smoothed, which takes memory for every triangle
        last = _joined(vtkBinnedDecimation(), last)
        last.SetNumberOfDivisions(BINS, BINS, BINS)
    if recipe.smoothed:
        last = _joined(vtkWindowedSincPolyDataFilter(), last)
        last.SetNumberOfIterations(SMOOTHING_PASSES)
        last.SetPassBand(PASS_BAND)
        last.NonManifoldSmoothingOn()
        last.NormalizeCoordinatesOn()
    last.Update()
    return last.GetOutput()


def _joined(follower: Any, before: Any) -> Any:
    before.ReleaseDataFlagOn()  # what was made on the way goes as soon as it was used
    follower.SetInputConnection(before.GetOutputPort())
    return follower


def _blurred(image: Any) -> Any:
    smooth = vtkImageGaussianSmooth()
    smooth.SetInputData(image)
    smooth.SetStandardDeviations(1, 1, 1)
    smooth.Update()
    return smooth.GetOutput()

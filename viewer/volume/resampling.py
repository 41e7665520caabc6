"""Oblique planes and slabs through `vtkImageReslice`: trilinear, on every core, without OpenGL.

The grid is given to VTK in index space (step 1, origin 0) and the affine of the volume stands in the axes of the plane,
so that tilted stacks, whose axes are not at right angles, are sampled where they truly lie.
"""

from __future__ import annotations

import threading
import weakref
from typing import Any

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkImageData
from vtkmodules.vtkCommonMath import vtkMatrix4x4
from vtkmodules.vtkImagingCore import vtkImageReslice, vtkImageShrink3D

from viewer.volume.grid import Cells, Volume
from viewer.volume.planes import Blend, Plane

_LOCK = threading.Lock()
_IMAGES: weakref.WeakKeyDictionary[Volume, Any] = weakref.WeakKeyDictionary()
_COARSE: weakref.WeakKeyDictionary[Volume, tuple[int, Any]] = weakref.WeakKeyDictionary()


def resampled(volume: Volume, plane: Plane) -> Cells:
    """The cells in any plane, interpolated between eight neighbours; outside the volume the lowest cell."""
    step = min(volume.steps_mm)
    count = max(1, round(plane.thickness_mm / step)) if plane.thickness_mm > 0 else 1
    between = plane.thickness_mm / count if count > 1 else step
    reslice = vtkImageReslice()
    reslice.SetInputData(index_image(volume))
    reslice.SetResliceAxes(_axes(volume, plane, between))
    reslice.SetOutputDimensionality(3)
    reslice.SetOutputExtent(0, plane.columns - 1, 0, plane.rows - 1, 0, 0)
    reslice.SetOutputSpacing(1, 1, 1)
    reslice.SetOutputOrigin(0, 0, 0)
    reslice.SetInterpolationModeToLinear()
    reslice.SetBackgroundLevel(float(background(volume)))
    reslice.BorderOn()
    if count > 1:
        reslice.SetSlabNumberOfSlices(count)
        {
            Blend.MEAN: reslice.SetSlabModeToMean,
            Blend.MAXIMUM: reslice.SetSlabModeToMax,
            Blend.MINIMUM: reslice.SetSlabModeToMin,
        }[plane.blend]()
    reslice.Update()
    scalars = reslice.GetOutput().GetPointData().GetScalars()
    found: Cells = vtk_to_numpy(scalars).reshape(plane.rows, plane.columns)
    return found.copy()  # VTK owns the memory and frees it with the filter


def index_image(volume: Volume) -> Any:
    """The cells as a `vtkImageData` in index space, without a copy; one for each volume as long as it lives."""
    with _LOCK:
        image = _IMAGES.get(volume)
        if image is None:
            layers, rows, columns = volume.shape
            image = vtkImageData()
            image.SetDimensions(columns, rows, layers)
            cells = numpy_to_vtk(volume.cells.reshape(-1))
            image.GetPointData().SetScalars(cells)
            _IMAGES[volume] = image
        return image


def coarse_image(volume: Volume, factor: int) -> Any:
    """The means of `factor`³ cells each, which rendering and surfaces share; the last factor is kept with the volume.

    Its first cell stands at index 0 and means the middle of those that it was made of.
    """
    image = index_image(volume)
    with _LOCK:
        known, found = _COARSE.get(volume, (0, None))
        if known != factor:
            shrink = vtkImageShrink3D()
            shrink.SetInputData(image)
            shrink.SetShrinkFactors(factor, factor, factor)
            shrink.AveragingOn()
            shrink.Update()
            found = shrink.GetOutput()
            _COARSE[volume] = factor, found
        return found


def background(volume: Volume) -> int:
    """The cell that stands for nothing: the darkest of the volume."""
    return round(volume.cell_of(volume.range[0]))


def _axes(volume: Volume, plane: Plane, between_mm: float) -> Any:
    inverse = volume.to_index[:3, :3]
    columns = (
        inverse @ plane.right * plane.pixel_mm,
        inverse @ plane.down * plane.pixel_mm,
        inverse @ plane.normal * between_mm,
        volume.index_of(plane.origin),
    )
    axes = vtkMatrix4x4()
    for column, vector in enumerate(columns):
        for row in range(3):
            axes.SetElement(row, column, float(np.float64(vector[row])))
    return axes

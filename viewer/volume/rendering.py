"""Three-dimensional pictures of surfaces and volumes, drawn off the screen into arrays.

VTK draws into memory of its own and the array is painted by whoever shows it: no window handle crosses between the two
toolkits, so that screenshots, overlays and accessibility stay those of the screen. A machine without OpenGL gets a
sentence; planes and curved sections need none.
"""

from __future__ import annotations

import math
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from viewer.errors import N_
from viewer.mesh.mesh import Mesh
from viewer.volume.arrangement import Vectors
from viewer.volume.errors import VolumeError
from viewer.volume.grid import Volume
from viewer.volume.levels import value_of

if TYPE_CHECKING:
    from viewer.volume.shapes import Shape

Rgba = NDArray[np.uint8]
Place = tuple[float, float, float]
TRY_SECONDS = 20
AROUND = 1.05
"""A little room about what is drawn."""


class NoOpenGl(VolumeError):
    """Nothing here draws three-dimensional pictures."""

    message_id = N_("This computer cannot draw in three dimensions: its graphics driver offers no OpenGL 3.2.")


@cache
def can_render() -> bool:
    """Whether VTK can draw here; tried once, in a process of its own, since a broken driver ends the process."""
    program = (
        "from viewer.volume.rendering import _window\n"
        "w = _window(); w.SetSize(8, 8); w.Render(); import sys; sys.exit(0 if w.SupportsOpenGL() else 1)"
    )
    try:
        done = subprocess.run(
            [sys.executable, "-c", program], timeout=TRY_SECONDS, capture_output=True, env=_environment(), check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _environment() -> dict[str, str]:
    paths = os.pathsep.join(path for path in sys.path if path)
    return {**os.environ, "PYTHONPATH": paths}


@dataclass(frozen=True, slots=True)
class Eye:
    """Where the picture is seen from: `azimuth` degrees around the body from the front to its left, `height` above."""

    azimuth: float = 0.0
    height: float = 0.0
    zoom: float = 1.0
    shift: tuple[float, float] = (0.0, 0.0)
    """Millimetres by which the picture is moved to the right and upward."""

    @property
    def from_side(self) -> tuple[float, float, float]:
        """Unit vector from the middle to the eye; the front is -y, the left +x, the head +z."""
        turn, up = math.radians(self.azimuth), math.radians(max(-89.9, min(89.9, self.height)))
        return math.sin(turn) * math.cos(up), -math.cos(turn) * math.cos(up), math.sin(up)


@dataclass(frozen=True, slots=True)
class Tissue:
    """How a part of the range of values is drawn: value, opacity and sRGB colour at ascending points."""

    name: str
    points: tuple[tuple[float, float, tuple[float, float, float]], ...]
    """In Hounsfield units, or what stands in their place."""


BONE = (0.93, 0.88, 0.78)
TISSUES = (
    Tissue(N_("Bone"), ((150, 0.0, BONE), (450, 0.35, BONE), (1200, 0.85, (1, 1, 0.96)), (3000, 0.95, (1, 1, 1)))),
    Tissue(N_("Teeth"), ((900, 0.0, BONE), (1500, 0.5, (1, 0.98, 0.9)), (3000, 0.95, (1, 1, 1)))),
    Tissue(
        N_("Soft tissue"),
        ((-400, 0.0, (0.8, 0.55, 0.45)), (-150, 0.08, (0.86, 0.62, 0.52)), (300, 0.25, (0.9, 0.75, 0.65)),
         (700, 0.8, BONE), (3000, 0.95, (1, 1, 1))),
    ),
    Tissue(N_("Airway"), ((-1000, 0.0, (0.4, 0.7, 0.95)), (-950, 0.12, (0.4, 0.7, 0.95)), (-500, 0.0, (0.5, 0.8, 1)))),
)  # fmt: skip


class Scene:
    """Surfaces or a volume, and one picture after another of them. Use it from one thread."""

    def __init__(self, background: tuple[float, float, float] = (0.05, 0.05, 0.06)) -> None:
        """Raises NoOpenGl."""
        if not can_render():
            raise NoOpenGl
        from vtkmodules.vtkRenderingCore import vtkRenderer

        self._window: Any = _window()
        self._renderer: Any = vtkRenderer()
        self._renderer.SetBackground(*background)
        self._window.AddRenderer(self._renderer)
        self._props: dict[str, Any] = {}
        self._shapes: dict[str, Shape] = {}
        self._cuts: list[Any] = []
        self._mapper: Any = None

    def show_mesh(
        self, name: str, mesh: Mesh, colour: tuple[float, float, float], opacity: float = 1.0, *, tinted: bool = False
    ) -> None:
        """Add a surface, or replace the one of this name; `tinted` with its own colours where it has some.

        A large one has a coarse double that is drawn while the picture moves.
        """
        from viewer.volume.shapes import Shape

        self.hide(name)
        shape = Shape(mesh, colour, opacity, tinted=tinted)
        shape.cut(self._cuts)
        self._shapes[name] = shape
        self._replace(name, shape.actor)

    def fade(self, name: str, opacity: float) -> None:
        """Let a surface shine through."""
        if name in self._shapes:
            self._shapes[name].actor.GetProperty().SetOpacity(opacity)

    def section(self, origin_mm: Place | None, normal: Place) -> None:
        """Take away of all surfaces what lies beyond a plane, on the side to which `normal` points; None for none."""
        from viewer.volume.shapes import cutting_plane

        self._cuts = [] if origin_mm is None else [cutting_plane(origin_mm, normal)]
        for shape in self._shapes.values():
            shape.cut(self._cuts)

    def ray(self, x: float, y: float, width: int, height: int, eye: Eye) -> tuple[Vectors, Vectors]:
        """Where the line of sight through a pixel begins, in mm, and its unit direction."""
        self._window.SetSize(width, height)
        self._look(eye)
        camera = self._renderer.GetActiveCamera()
        side = np.array(eye.from_side)
        up = np.array(camera.GetViewUp()) - side * float(np.array(camera.GetViewUp()) @ side)
        up /= np.linalg.norm(up)
        pixel = 2 * camera.GetParallelScale() / height
        aside = np.cross(up, side) * ((x - (width - 1) / 2) * pixel) + up * (((height - 1) / 2 - y) * pixel)
        return np.array(camera.GetPosition()) + aside, -side

    def hide(self, name: str) -> None:
        """Take a surface or the volume away."""
        self._shapes.pop(name, None)
        prop = self._props.pop(name, None)
        if prop is not None:
            self._renderer.RemoveViewProp(prop)

    def show_volume(self, volume: Volume, tissue: Tissue) -> None:
        """Draw the cells themselves, on the processor: every second one, which a clinic's PC turns at once."""
        from vtkmodules.vtkRenderingCore import vtkVolume, vtkVolumeProperty
        from vtkmodules.vtkRenderingVolume import vtkFixedPointVolumeRayCastMapper

        from viewer.volume.resampling import coarse_image

        mapper = vtkFixedPointVolumeRayCastMapper()
        mapper.SetInputData(coarse_image(volume, 2))
        step = 2 * min(volume.steps_mm)
        mapper.SetSampleDistance(step)
        mapper.SetInteractiveSampleDistance(step)
        mapper.LockSampleDistanceToInputSpacingOff()
        mapper.AutoAdjustSampleDistancesOff()
        opacity, colour = _functions(volume, tissue)
        look = vtkVolumeProperty()
        look.SetScalarOpacity(opacity)
        look.SetColor(colour)
        look.SetScalarOpacityUnitDistance(step)
        look.SetInterpolationTypeToLinear()
        look.ShadeOn()
        look.SetAmbient(0.35)
        look.SetDiffuse(0.8)
        look.SetSpecular(0.15)
        drawn = vtkVolume()
        drawn.SetMapper(mapper)
        drawn.SetProperty(look)
        drawn.SetUserMatrix(_matrix(volume))
        self._mapper = mapper
        self._replace("volume", drawn)

    def clip_surfaces(self, low_mm: Place, high_mm: Place) -> None:
        """Leave of all surfaces what lies in a box along the patient's axes."""
        from viewer.volume.shapes import box_planes

        self._cuts = box_planes(low_mm, high_mm)
        for shape in self._shapes.values():
            shape.cut(self._cuts)

    def clip(self, box: tuple[float, float, float, float, float, float] | None) -> None:
        """Cut the volume to a box in cells (x low, x high, y …, z …) of the grid; None shows all of it."""
        if self._mapper is None:
            return
        self._mapper.SetCropping(box is not None)
        if box is not None:
            self._mapper.SetCroppingRegionPlanes(*box)
            self._mapper.SetCroppingRegionFlagsToSubVolume()

    def picture(self, width: int, height: int, eye: Eye, *, moving: bool = False) -> Rgba:
        """(height, width, 4) sRGB with full opacity, first row on top; coarser while `moving`."""
        if self._mapper is not None:
            self._mapper.SetImageSampleDistance(2.0 if moving else 1.0)
        for shape in self._shapes.values():
            shape.draw_coarse(moving)
        self._window.SetSize(width, height)
        self._look(eye)
        self._window.Render()
        return _pixels(self._window, width, height)

    def close(self) -> None:
        """Give the memory back."""
        for name in list(self._props):
            self.hide(name)
        self._mapper = None
        self._window.Finalize()

    def _replace(self, name: str, prop: Any) -> None:
        before = self._props.get(name)
        if before is not None:
            self._renderer.RemoveViewProp(before)
        self._props[name] = prop
        self._renderer.AddViewProp(prop)

    def _look(self, eye: Eye) -> None:
        camera = self._renderer.GetActiveCamera()
        camera.ParallelProjectionOn()
        bounds = self._renderer.ComputeVisiblePropBounds()
        middle = [(bounds[2 * axis] + bounds[2 * axis + 1]) / 2 for axis in range(3)]
        reach = max(1.0, 0.5 * math.dist(bounds[::2], bounds[1::2]))
        side = eye.from_side
        aside = np.cross((0.0, 0.0, 1.0), side)
        aside /= np.linalg.norm(aside)
        focus = np.array(middle) - aside * eye.shift[0] - np.cross(side, aside) * eye.shift[1]
        camera.SetFocalPoint(*focus)
        camera.SetPosition(*(focus + np.array(side) * reach * 4))
        camera.SetViewUp(0, 0, 1)
        tall = (bounds[5] - bounds[4]) / 2
        wide = math.hypot(bounds[1] - bounds[0], bounds[3] - bounds[2]) / 2
        width, height = self._window.GetSize()
        whole = max(tall, wide * min(1.0, abs(side[2])), wide * height / max(1, width)) * AROUND
        camera.SetParallelScale(max(1.0, whole) / max(eye.zoom, 0.01))
        self._renderer.ResetCameraClippingRange()


def _window() -> Any:
    os.environ.setdefault("VTK_DEFAULT_OPENGL_WINDOW", "vtkEGLRenderWindow" if sys.platform == "linux" else "")
    import vtkmodules.vtkRenderingOpenGL2
    import vtkmodules.vtkRenderingVolumeOpenGL2  # noqa: F401  makes the classes that draw volumes known
    from vtkmodules.vtkRenderingCore import vtkRenderWindow

    window = vtkRenderWindow()
    window.SetOffScreenRendering(1)
    window.SetMultiSamples(0)  # eight samples a pixel take a processor 20 times as long
    return window


def _pixels(window: Any, width: int, height: int) -> Rgba:
    from vtkmodules.util.numpy_support import vtk_to_numpy
    from vtkmodules.vtkCommonCore import vtkUnsignedCharArray

    read = vtkUnsignedCharArray()
    window.GetRGBACharPixelData(0, 0, width - 1, height - 1, 0, read)
    found = vtk_to_numpy(read).reshape(height, width, 4)[::-1].copy()
    found[..., 3] = 255  # VTK's background is transparent, and some window systems believe it
    return np.asarray(found, np.uint8)


def _matrix(volume: Volume) -> Any:
    from vtkmodules.vtkCommonMath import vtkMatrix4x4

    matrix = vtkMatrix4x4()
    for row in range(4):
        for column in range(4):
            matrix.SetElement(row, column, float(volume.affine[row, column]))
    return matrix


def _functions(volume: Volume, tissue: Tissue) -> tuple[Any, Any]:
    from vtkmodules.vtkCommonDataModel import vtkPiecewiseFunction
    from vtkmodules.vtkRenderingCore import vtkColorTransferFunction

    opacity, colour = vtkPiecewiseFunction(), vtkColorTransferFunction()
    for value, share, rgb in tissue.points:
        cell = volume.cell_of(value_of(volume, value))
        opacity.AddPoint(cell, share)
        colour.AddRGBPoint(cell, *rgb)
    return opacity, colour

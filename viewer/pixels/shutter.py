"""The display shutter: what lies outside the field is masked (PS3.3 §C.7.6.11)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pydicom.dataset import Dataset

from viewer.pixels import attributes as at
from viewer.pixels.form import Array


@dataclass(frozen=True, eq=False)
class Shutter:
    """`hidden` marks the pixels to cover with `grey` (0 to 255, a P-value)."""

    hidden: Array
    grey: int


def read_shutter(ds: Dataset, frame: int, shape: tuple[int, int]) -> Shutter | None:
    """The shutter of one frame; several shapes leave only what lies inside all of them."""
    for macro in at.macros(ds, "FrameDisplayShutterSequence", frame):
        shapes = at.code(macro, "ShutterShape").split("\\")
        visible = np.ones(shape, bool)
        for name in shapes:
            if (inside := _SHAPES[name](macro, shape) if name in _SHAPES else None) is not None:
                visible &= inside
        if not visible.all():
            level = at.integer(macro, "ShutterPresentationValue") or 0
            return Shutter(~visible, max(0, min(255, level >> 8)))
    return None


def _rectangle(ds: Dataset, shape: tuple[int, int]) -> Array | None:
    names = ("UpperHorizontalEdge", "LowerHorizontalEdge", "LeftVerticalEdge", "RightVerticalEdge")
    edges = [at.integer(ds, f"Shutter{name}") for name in names]
    if any(edge is None for edge in edges):
        return None
    top, bottom, left, right = (max(0, edge or 0) for edge in edges)
    inside = np.zeros(shape, bool)
    inside[max(0, top - 1) : bottom, max(0, left - 1) : right] = True
    return inside


def _circle(ds: Dataset, shape: tuple[int, int]) -> Array | None:
    center, radius = at.numbers(ds, "CenterOfCircularShutter"), at.number(ds, "RadiusOfCircularShutter")
    if len(center) != 2 or radius is None or radius <= 0:
        return None
    rows, columns = np.ogrid[1 : shape[0] + 1, 1 : shape[1] + 1]
    return np.asarray((rows - center[0]) ** 2 + (columns - center[1]) ** 2 <= radius**2)


def _polygon(ds: Dataset, shape: tuple[int, int]) -> Array | None:
    vertices = at.numbers(ds, "VerticesOfThePolygonalShutter")
    if len(vertices) < 6 or len(vertices) % 2:
        return None
    from PIL import Image, ImageDraw

    image = Image.new("1", (shape[1], shape[0]))
    # Vertices are row\column pairs; a drawing takes x, y.
    points = [(vertices[i + 1] - 1, vertices[i] - 1) for i in range(0, len(vertices), 2)]
    ImageDraw.Draw(image).polygon(points, fill=1, outline=1)
    return np.asarray(image, bool)


_SHAPES = {"RECTANGULAR": _rectangle, "CIRCULAR": _circle, "POLYGONAL": _polygon}

"""Small 8-bit copies for lists and previews. They are for looking only: nobody measures on a rendition."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np

from viewer.pixels.form import Array
from viewer.pixels.reading import Source
from viewer.pixels.reductions import halved
from viewer.pixels.source import PixelSource, open_image

THUMBNAIL_PX = 200
PREVIEW_PX = 800


@dataclass(frozen=True, eq=False, slots=True)
class Shown:
    """A frame as it would first be shown: 8-bit grey or RGB, and the pixels that are no picture (shutter, padding)."""

    values: Array
    hidden: Array | None
    size: tuple[int, int]
    """Width and height when its pixels are made square, never larger than the frame."""


def shown_frame(source: PixelSource, index: int = 0) -> Shown:
    """Decode a frame and lay its default window over it. Raises a PixelError."""
    frame = source.frame(index)
    values = source.to_display(frame)
    shutter, hidden = source.shutter(index), frame.padded()
    if shutter is not None:
        values = values.copy()
        values[shutter.hidden] = shutter.grey
        hidden = shutter.hidden if hidden is None else hidden | shutter.hidden
    return Shown(values, hidden, _target(source, max(source.rows, source.columns)))


def rendition(
    source: Source | PixelSource, longest_side: int = THUMBNAIL_PX, quality: int = 85, frame: int = 0
) -> bytes:
    """A JPEG of the frame as it would first be shown, its longest side at most `longest_side` pixels.

    `quality` is the JPEG quality, 1 to 95; 100 asks for a lossless PNG of the reduced picture. Pixels that are not
    square are made square. Raises a PixelError.
    """
    if isinstance(source, PixelSource):
        return _encoded(shown_frame(source, frame).values, _target(source, longest_side), quality)
    with open_image(source) as opened:
        return _encoded(shown_frame(opened, frame).values, _target(opened, longest_side), quality)


def _target(source: PixelSource, longest_side: int) -> tuple[int, int]:
    """Width and height in square pixels; an image is never enlarged."""
    size = source.header.pixel_size
    width, height = source.columns * min(1.0, size.column / size.row), source.rows * min(1.0, size.row / size.column)
    scale = min(1.0, longest_side / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _encoded(shown: Array, target: tuple[int, int], quality: int) -> bytes:
    from PIL import Image

    # Halving first is several times faster than one large resampling, and as good.
    while min(shown.shape[1] / target[0], shown.shape[0] / target[1]) >= 4:
        shown = halved(shown)
    image = Image.fromarray(np.ascontiguousarray(shown))
    if image.size != target:
        image = image.resize(target, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    if quality >= 100:
        image.save(out, "PNG", optimize=False)
    else:
        image.save(out, "JPEG", quality=max(1, min(95, quality)), optimize=True)
    return out.getvalue()

"""One frame as a PNG, as a tile would show it."""

from __future__ import annotations

import io

import numpy as np

from viewer.errors import N_, ViewerError
from viewer.model.spacing import PixelSize
from viewer.pixels.display import GREY
from viewer.pixels.form import Array
from viewer.pixels.reading import Source
from viewer.pixels.source import PixelSource, open_image
from viewer.pixels.voi import Voi


class RenderError(ViewerError):
    """A picture that cannot be drawn as asked."""

    message_id = N_("This image has no such frame.")


def render_png(
    source: Source,
    frame: int = 0,
    window: tuple[float, float] | None = None,
    size: tuple[int, int] | None = None,
    invert: bool = False,
    overlays: bool = True,
) -> bytes:
    """A PNG of a frame (from 0): window (centre, width) for grey images, overlays in white, shutter drawn.

    Without `size`, or when it is the image's own, every pixel is one pixel. Otherwise the image is fitted with its true
    proportions and centred on black. Raises RenderError or a PixelError.
    """
    with open_image(source) as image:
        if not 0 <= frame < image.frames:
            raise RenderError
        shown = _shown(image, frame, window, invert, overlays)
        pixel = image.header.pixel_size
    return _png(shown if size in (None, (shown.shape[1], shown.shape[0])) else _fitted(shown, pixel, size or (1, 1)))


def _shown(image: PixelSource, index: int, window: tuple[float, float] | None, invert: bool, overlays: bool) -> Array:
    frame = image.frame(index)
    grey = image.form.photometric in GREY
    if window and grey and window[1] < 1:
        raise RenderError(N_("The width of a window is at least 1."))
    shown = np.array(image.to_display(frame, Voi(*window) if window and grey else None, invert))
    shutter = image.shutter(index)
    if shutter is not None:
        shown[shutter.hidden] = shutter.grey
    for overlay in image.overlays(index) if overlays else ():
        shown[overlay.mask] = 255
    return shown


def _fitted(shown: Array, pixel: PixelSize, size: tuple[int, int]) -> Array:
    from PIL import Image

    rows, columns = shown.shape[:2]
    tall = rows * pixel.row / pixel.column
    scale = min(size[0] / columns, size[1] / tall)
    target = max(1, min(size[0], round(columns * scale))), max(1, min(size[1], round(tall * scale)))
    small = Image.fromarray(shown).resize(target, Image.Resampling.LANCZOS if scale < 1 else Image.Resampling.BICUBIC)
    canvas = Image.new(small.mode, size)
    canvas.paste(small, ((size[0] - target[0]) // 2, (size[1] - target[1]) // 2))
    return np.asarray(canvas)


def _png(shown: Array) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(shown)).save(out, "PNG")
    return out.getvalue()

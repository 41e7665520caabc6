"""A first picture before the whole is decoded: from a small stored copy, or from the low resolutions of a codestream.

A quick look is for looking only: it is labelled, and nobody measures on it. JPEG 2000 and HTJ2K hold halves of the
picture, which Pillow (OpenJPEG) decodes alone; JPEG holds none, but its blocks can be read at 1/2, 1/4 or 1/8.
"""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np

from viewer.pixels.display import Frame
from viewer.pixels.errors import DamagedPixels
from viewer.pixels.form import Array, PixelFormat
from viewer.pixels.picture import Picture, Reduction
from viewer.pixels.reduced import reduced_samples
from viewer.pixels.reductions import pyramid
from viewer.pixels.source import PixelSource
from viewer.pixels.voi import Voi, automatic_voi

ReducedReader = Callable[[bytes, int, PixelFormat], Array]
TARGET_PX = 360
"""The reduction is chosen so that the longest side has so many pixels or a little more."""


def picture_of_rendition(
    content: bytes, rows: int, columns: int, key: str = "", quarter_turns: int = 0, mirrored: bool = False
) -> Picture:
    """A labelled preview of an image of `rows` × `columns` pixels from a small JPEG or PNG of it.

    The copy was made upright, turned as the two last arguments say; it is turned back, so that it lies on the
    original's own rows and columns. Raises DamagedPixels.
    """
    from PIL import Image

    try:
        opened = Image.open(io.BytesIO(content))
        shown: Array = np.asarray(opened.convert("L" if opened.mode in ("L", "1", "I;16") else "RGB"))
    except Exception:
        raise DamagedPixels from None
    shown = np.rot90(shown, quarter_turns)
    shown = np.ascontiguousarray(shown[:, ::-1] if mirrored else shown)
    frame = Frame(0, shown, "MONOCHROME2" if shown.ndim == 2 else "RGB", 8)
    return _preview(frame, shown, rows or shown.shape[0], columns or shown.shape[1], Voi(128, 256, automatic=True), key)


def quick_picture(
    source: PixelSource, index: int = 0, key: str = "", reader: ReducedReader = reduced_samples
) -> Picture | None:
    """A reduced picture of a frame; None when its codestream has no cheap one. Raises a PixelError."""
    steps = max(0, (max(source.rows, source.columns) // TARGET_PX).bit_length() - 1)
    data = source.reducible_bytes(index) if steps else None
    if data is None:
        return None
    values = reader(data, min(steps, 5), source.form)
    if source.form.samples == 1:
        frame = source.reduced_frame(index, values)
        voi = next(iter(source.vois(index)), None) or automatic_voi(frame.modality_values(), frame.padded())
    else:
        frame, voi = Frame(index, values, "RGB", 8), source.default_voi(index)
    return _preview(frame, values, source.rows, source.columns, voi, key, source)


def _preview(
    frame: Frame, values: Array, rows: int, columns: int, voi: Voi, key: str, source: PixelSource | None = None
) -> Picture:
    levels = pyramid(values, 2)
    reduction = Reduction(rows, columns, max(values.shape[:2]))
    header = source.header if source is not None else None
    vois = source.vois(frame.index) if source is not None else ()
    frames = source.frames if source is not None else 1
    return Picture(header, frame, frames, voi, vois, levels, (), (), 0, key=key, reduction=reduction)

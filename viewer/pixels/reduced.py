"""Samples of a compressed frame at 1/2, 1/4 … of its size, for a part of the time that the whole takes."""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from viewer.pixels.codestream import stream_facts
from viewer.pixels.errors import DamagedPixels
from viewer.pixels.form import Array, PixelFormat


def reduced_samples(data: bytes, steps: int, form: PixelFormat) -> Array:
    """A JPEG, JPEG 2000 or HTJ2K frame halved `steps` times (JPEG at most 3) as Pillow gives it: RGB, or grey samples.

    Grey samples of 9 to 15 bits are shifted back down to where they were stored. Raises DamagedPixels.
    """
    from PIL import Image

    facts = stream_facts(data)
    if facts is None or (facts.rows, facts.columns, facts.components) != (form.rows, form.columns, form.samples):
        raise DamagedPixels
    try:
        opened: Any = Image.open(io.BytesIO(data))
        if opened.format == "JPEG":
            side = 1 << min(steps, 3)
            opened.draft(None, (max(1, opened.width // side), max(1, opened.height // side)))
        else:
            opened.reduce = steps
        values: Array = np.asarray(opened)
    except Exception:
        raise DamagedPixels from None
    if values.ndim != (2 if form.samples == 1 else 3) or values.dtype.kind != "u":
        raise DamagedPixels
    if values.dtype == np.uint16 and facts.precision < 16:
        values = values >> (16 - facts.precision)
    return np.ascontiguousarray(values, form.dtype if form.samples == 1 else np.uint8)

"""Reductions of a frame to 1/2, 1/4, ... in its full depth: fit-to-window needs few of the pixels."""

from __future__ import annotations

import numpy as np

from viewer.pixels.form import Array

STRIP = 32
"""Rows that are halved at a time; even."""


def halved(values: Array, average: bool = True) -> Array:
    """Half the rows and columns (an odd last one is dropped): the rounded mean of 2 × 2, or the first of each four.

    Palette indices and masks have no mean.
    """
    rows, columns = values.shape[0] // 2 * 2, values.shape[1] // 2 * 2
    if not average or min(rows, columns) < 2:
        return np.ascontiguousarray(values[: max(1, rows) : 2, : max(1, columns) : 2])
    wide = np.dtype(np.float64) if values.dtype.kind == "f" else np.dtype(np.int64 if values.itemsize > 2 else np.int32)
    half = np.empty((rows // 2, columns // 2, *values.shape[2:]), values.dtype)
    # Strips that stay in the processor's cache: the sums of a whole film would go through memory four times.
    for top in range(0, rows, STRIP):
        strip = values[top : min(top + STRIP, rows), :columns]
        pairs = np.add(strip[0::2], strip[1::2], dtype=wide)
        total = pairs[:, 0::2] + pairs[:, 1::2]
        half[top // 2 : top // 2 + len(total)] = total / 4 if wide.kind == "f" else (total + 2) >> 2
    return half


def pyramid(values: Array, levels: int = 3, average: bool = True) -> tuple[Array, ...]:
    """The array itself and its successive halves, `levels` in all, as long as both sides stay 2 pixels or more."""
    found = [values]
    while len(found) < levels and min(found[-1].shape[:2]) >= 4:
        found.append(halved(found[-1], average))
    return tuple(found)


def mask_pyramid(mask: Array, levels: int = 3) -> tuple[Array, ...]:
    """Like `pyramid` for a mask: a reduced pixel is set when one of its four was, so that thin lines stay."""
    found = [mask]
    while len(found) < levels and min(found[-1].shape) >= 4:
        last = found[-1]
        rows, columns = last.shape[0] // 2 * 2, last.shape[1] // 2 * 2
        cut = last[:rows, :columns]
        found.append(cut[0::2, 0::2] | cut[1::2, 0::2] | cut[0::2, 1::2] | cut[1::2, 1::2])
    return tuple(found)

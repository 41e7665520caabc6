"""From stored values to what the screen shows: one table look-up for grey images, 8-bit RGB for colour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from viewer.pixels.colour import Palette, to_eight_bits, to_srgb
from viewer.pixels.form import Array
from viewer.pixels.lut import IDENTITY, ModalityLut
from viewer.pixels.voi import Voi

GREY = frozenset({"MONOCHROME1", "MONOCHROME2"})


@dataclass(frozen=True, eq=False)
class Frame:
    """One decoded frame.

    `values` holds stored values (rows, columns), or RGB samples (rows, columns, 3); `photometric` is MONOCHROME1,
    MONOCHROME2, PALETTE COLOR or RGB. The rest is what is needed to show it.
    """

    index: int
    values: Array
    photometric: str
    bits_stored: int
    modality: ModalityLut = IDENTITY
    inverse_shape: bool = False
    """Presentation LUT Shape (2050,0020) is INVERSE."""
    padding: tuple[float, float] | None = None
    """Lowest and highest stored value that mark pixels without image (PS3.3 §C.7.5.1.1.2)."""
    palette: Palette | None = None
    profile: bytes = b""

    @property
    def is_grey(self) -> bool:
        return self.photometric in GREY

    def modality_values(self) -> Array:
        """Values in the unit of the Modality LUT, for windows, probes and statistics."""
        return self.modality.apply(self.values)

    def padded(self) -> Array | None:
        """Mask of the pixels that are padding; None when the image declares none."""
        if self.padding is None:
            return None
        low, high = self.padding
        return np.asarray((self.values >= low) & (self.values <= high))


def grey_levels(frame: Frame, values: Array, voi: Voi, invert: bool = False) -> Array:
    """8-bit grey levels of stored `values` (any part or reduction of the frame's values)."""
    flip = (frame.photometric == "MONOCHROME1" or frame.inverse_shape) != invert
    levels = voi.apply(frame.modality.apply(values))
    levels = 1.0 - levels if flip else levels
    grey = np.nan_to_num(np.floor(levels * 255.0 + 0.5)).astype(np.uint8)
    if frame.padding is not None:
        low, high = frame.padding
        grey[(values >= low) & (values <= high)] = 0
    return grey


def grey_table(frame: Frame, voi: Voi, invert: bool = False) -> Array | None:
    """Grey level for every possible stored value, indexed by its bit pattern; None for cells over 16 bits."""
    size = frame.values.dtype.itemsize
    if frame.values.dtype.kind not in "ui" or size > 2:
        return None
    patterns = np.arange(1 << (8 * size), dtype=np.uint32).astype(f"u{size}")
    return grey_levels(frame, patterns.view(frame.values.dtype), voi, invert)


def to_display(frame: Frame, voi: Voi | None = None, invert: bool = False) -> Array:
    """The frame as 8-bit grey (rows, columns) or RGB (rows, columns, 3); colour images have no window.

    Raises ValueError for a grey frame without `voi`.
    """
    return display_part(frame, frame.values, voi, invert)


def display_part(frame: Frame, values: Array, voi: Voi | None, invert: bool = False) -> Array:
    """Like `to_display` for a part or a reduction of the frame's values."""
    if not frame.is_grey:
        rgb = to_rgb(frame, values)
        return 255 - rgb if invert else rgb
    if voi is None:
        raise ValueError("a grey image needs a window")
    table = grey_table(frame, voi, invert) if values.size > 1 << 14 else None
    if table is None:
        return grey_levels(frame, values, voi, invert)
    return np.asarray(table.take(np.ascontiguousarray(values).view(f"u{values.dtype.itemsize}")))


def to_rgb(frame: Frame, values: Array) -> Array:
    """8-bit sRGB of palette indices or RGB samples."""
    if frame.palette is not None:
        return to_srgb(frame.palette.apply(values), frame.profile)
    return to_srgb(to_eight_bits(values, frame.bits_stored), frame.profile)

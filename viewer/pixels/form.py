"""The pixel format of an image, and a decoded frame in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

SUBSAMPLED = frozenset({"YBR_FULL_422", "YBR_PARTIAL_422"})


@dataclass(frozen=True)
class PixelFormat:
    """The Image Pixel module (PS3.3 §C.7.6.3) of one image."""

    rows: int
    columns: int
    samples: int
    photometric: str
    bits_allocated: int
    bits_stored: int
    high_bit: int
    signed: bool
    planar: bool
    floating: bool = False

    @property
    def frame_bits(self) -> int:
        """Bits of one uncompressed frame; 4:2:2 stores two samples a pixel instead of three."""
        samples = 2 if self.photometric in SUBSAMPLED else self.samples
        return self.rows * self.columns * samples * self.bits_allocated

    @property
    def sample_bytes(self) -> int:
        """Bytes of one frame of whole samples, as decoders give it."""
        return self.rows * self.columns * self.samples * self.dtype.itemsize

    @property
    def dtype(self) -> np.dtype[Any]:
        if self.floating:
            return np.dtype(f"f{self.bits_allocated // 8}")
        return np.dtype(f"{'i' if self.signed else 'u'}{max(8, self.bits_allocated) // 8}")


@dataclass(frozen=True)
class Decoded:
    """Samples of one frame, (rows, columns) or (rows, columns, samples), and whether colour came out as RGB."""

    values: Array
    is_rgb: bool = False


def sign_extend(values: Array, bits: int) -> Array:
    """Read the low `bits` of unsigned values as two's complement."""
    signed = values.view(np.dtype(f"i{values.dtype.itemsize}"))
    shift = values.dtype.itemsize * 8 - bits
    return (signed << shift) >> shift if shift > 0 else signed

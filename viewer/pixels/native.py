"""Uncompressed pixels: byte order, packed bits, planes and the 4:2:2 layout (PS3.5 §8.1, PS3.3 §C.7.6.3)."""

from __future__ import annotations

import numpy as np

from viewer.pixels.errors import DamagedPixels
from viewer.pixels.form import SUBSAMPLED, Array, Decoded, PixelFormat, sign_extend
from viewer.pixels.reading import EXPLICIT_BE


def native_frame(data: bytes, form: PixelFormat, transfer_syntax: str, first_bit: int = 0) -> Decoded:
    """One frame from its bytes; `first_bit` is where a frame of single bits starts within the first byte.

    Raises DamagedPixels when there are too few bytes.
    """
    if len(data) * 8 < first_bit + form.frame_bits:
        raise DamagedPixels
    cells = stored_cells(data, form, transfer_syntax, first_bit)
    values = cells if form.floating else stored_values(cells, form)
    if form.photometric in SUBSAMPLED:
        return Decoded(_unpack_422(values, form))
    pixels = form.rows * form.columns
    if form.samples == 1:
        return Decoded(values[:pixels].reshape(form.rows, form.columns))
    if form.planar:
        planes = values[: pixels * form.samples].reshape(form.samples, form.rows, form.columns)
        return Decoded(np.ascontiguousarray(np.moveaxis(planes, 0, -1)), is_rgb=form.photometric == "RGB")
    values = values[: pixels * form.samples].reshape(form.rows, form.columns, form.samples)
    return Decoded(values, is_rgb=form.photometric == "RGB")


def stored_cells(data: bytes, form: PixelFormat, transfer_syntax: str, first_bit: int = 0) -> Array:
    """Whole pixel cells, unused bits included, in the machine's byte order."""
    if form.bits_allocated == 1:
        bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")
        return bits[first_bit : first_bit + form.frame_bits]
    order = ">" if transfer_syntax == EXPLICIT_BE else "<"
    size = form.bits_allocated // 8
    kind = "f" if form.floating else "u"
    count = form.frame_bits // form.bits_allocated
    cells = np.frombuffer(data, np.dtype(f"{order}{kind}{size}"), count)
    return cells.astype(cells.dtype.newbyteorder("="), copy=False)


def stored_values(cells: Array, form: PixelFormat) -> Array:
    """Sample values of whole cells: drop the bits around the stored ones (High Bit), then read the sign."""
    shift = max(0, form.high_bit + 1 - form.bits_stored)
    if shift:
        cells = cells >> shift
    if form.signed:
        return sign_extend(cells, form.bits_stored)
    if form.bits_stored < form.bits_allocated and int(cells.max(initial=0)) >> form.bits_stored:
        cells = cells & cells.dtype.type((1 << form.bits_stored) - 1)
    return cells


def _unpack_422(values: Array, form: PixelFormat) -> Array:
    """4:2:2: Y1 Y2 Cb Cr for each pair of pixels in a row."""
    if form.columns % 2:
        raise DamagedPixels
    quads = values[: form.rows * form.columns * 2].reshape(form.rows, form.columns // 2, 4)
    full = np.empty((form.rows, form.columns, 3), values.dtype)
    full[:, 0::2, 0], full[:, 1::2, 0] = quads[..., 0], quads[..., 1]
    full[..., 1] = quads[..., 2].repeat(2, axis=1)
    full[..., 2] = quads[..., 3].repeat(2, axis=1)
    return full


def swap_words(data: bytes) -> bytes:
    """Exchange the bytes of each 16-bit word."""
    swapped = bytearray(data + b"\0" * (len(data) % 2))
    swapped[0::2], swapped[1::2] = swapped[1::2], swapped[0::2]
    return bytes(swapped)

"""Black rectangles over text that is burned into the pixels. The result is uncompressed: no decoder can undo it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from pydicom.dataset import Dataset

from viewer.errors import N_, ViewerError
from viewer.pixels.form import Array
from viewer.pixels.reading import Source
from viewer.pixels.source import PixelSource, open_image

BUDGET = 1 << 30


class MaskError(ViewerError):
    """A mask that covers nothing, or an image that cannot be masked."""

    message_id = N_("This mask lies outside of the image.")


@dataclass(frozen=True)
class Rectangle:
    """A mask in whole pixels: left, top, width, height."""

    x: int
    y: int
    width: int
    height: int


def mask_pixels(ds: Dataset, source: Source, masks: Sequence[Rectangle]) -> None:
    """Replace the pixel data of `ds` by the frames of `source` with the masks painted on every frame.

    Raises MaskError, or a PixelError when the image cannot be decoded.
    """
    with open_image(source) as image:
        if image.form.floating or image.form.bits_allocated < 8:
            raise MaskError(N_("Images of this pixel format cannot be masked."))
        if image.frames * image.form.frame_bits // 8 > BUDGET:
            raise MaskError(N_("This image is too large to be masked."))
        frames = np.stack([_masked(image, index, masks) for index in range(image.frames)])
        photometric = image.frame(0).photometric
    if frames.ndim == 4:
        ds.PlanarConfiguration = 0
    if frames.ndim == 4 or photometric == "PALETTE COLOR":
        ds.PhotometricInterpretation = photometric
    ds.BitsAllocated = frames.itemsize * 8
    if frames.ndim == 4:
        ds.BitsStored = ds.BitsAllocated
    ds.BitsStored = min(int(ds.BitsStored), ds.BitsAllocated)
    ds.HighBit = ds.BitsStored - 1
    data = frames.astype(frames.dtype.newbyteorder("<")).tobytes()
    ds.PixelData = data + b"\0" * (len(data) % 2)
    ds["PixelData"].VR = "OW" if frames.itemsize > 1 else "OB"
    ds["PixelData"].is_undefined_length = False


def _masked(image: PixelSource, index: int, masks: Sequence[Rectangle]) -> Array:
    frame = image.frame(index)
    values = frame.values.copy()
    black = _black(values, frame.photometric)
    for mask in masks:
        top, left = max(0, mask.y), max(0, mask.x)
        area = values[top : max(0, mask.y + mask.height), left : max(0, mask.x + mask.width)]
        if area.size == 0:
            raise MaskError
        area[...] = black
    return values


def _black(values: Array, photometric: str) -> int:
    """The darkest value that occurs; one that the image holds anyway never moves its window."""
    if values.ndim == 3 or photometric == "PALETTE COLOR":
        return 0
    return int(values.max() if photometric == "MONOCHROME1" else values.min())


def clean_unused_bits(ds: Dataset, little_endian: bool) -> None:
    """Zero the bits of native 16-bit cells outside of the stored ones, where old devices hid overlays with text."""
    embedded = any(
        (position := ds.get((group, 0x0102))) is not None and position.value for group in range(0x6000, 0x6100, 2)
    )
    if not embedded or ds["PixelData"].is_undefined_length or int(ds.BitsAllocated) != 16:
        return
    stored, high = int(ds.BitsStored), int(ds.HighBit)
    cells = np.frombuffer(ds.PixelData[: len(ds.PixelData) // 2 * 2], "<u2" if little_endian else ">u2")
    kept = ((1 << stored) - 1) << max(0, high + 1 - stored) & 0xFFFF
    ds.PixelData = (cells & cells.dtype.type(kept)).astype(cells.dtype).tobytes()

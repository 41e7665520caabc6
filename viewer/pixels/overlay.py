"""Overlay planes, groups 6000 to 601E (PS3.3 §C.9.2), stored apart or in the unused bits of the pixel cells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydicom.dataset import Dataset

from viewer.pixels.form import Array, PixelFormat
from viewer.pixels.native import swap_words

Cells = Callable[[], Array | None]
"""The whole pixel cells of the frame, for overlays embedded in them; None when the frame was compressed."""


@dataclass(frozen=True, eq=False)
class Overlay:
    """One plane as a mask of the size of the image; `is_roi` for a region of interest, else graphics."""

    group: int
    label: str
    description: str
    is_roi: bool
    mask: Array


def read_overlays(ds: Dataset, form: PixelFormat, frame: int, cells: Cells) -> tuple[Overlay, ...]:
    """The overlays of one frame; planes that make no sense are left out."""
    found = []
    for group in range(0x6000, 0x6020, 2):
        rows, columns = _integer(ds, group, 0x0010), _integer(ds, group, 0x0011)
        if not rows or not columns or rows * columns > 1 << 28:
            continue
        plane = _plane(ds, group, (rows, columns), frame) if (group, 0x3000) in ds else None
        if plane is None and (_integer(ds, group, 0x0100) or 1) > 1:
            plane = _embedded(cells(), _integer(ds, group, 0x0102), form)
        if plane is None:
            continue
        mask = _placed(plane, _origin(ds, group), form)
        texts = (_text(ds, group, 0x1500), _text(ds, group, 0x0022))
        found.append(Overlay(group, *texts, _text(ds, group, 0x0040) == "R", mask))
    return tuple(found)


def _value(ds: Dataset, group: int, element: int) -> Any:
    try:
        item = ds.get((group, element))
        return None if item is None else item.value
    except Exception:
        return None


def _integer(ds: Dataset, group: int, element: int) -> int | None:
    value = _value(ds, group, element)
    return int(value) if isinstance(value, int | str) and str(value).strip().isdigit() else None


def _text(ds: Dataset, group: int, element: int) -> str:
    value = _value(ds, group, element)
    return str(value).strip() if isinstance(value, str) else ""


def _origin(ds: Dataset, group: int) -> tuple[int, int]:
    """Row and column of the overlay's first point; 1\\1 is the first pixel of the image."""
    value = _value(ds, group, 0x0050)
    try:
        return int(value[0]), int(value[1])
    except (TypeError, ValueError, IndexError):
        return 1, 1


def _plane(ds: Dataset, group: int, shape: tuple[int, int], frame: int) -> Array | None:
    """The packed bits of the overlay frame that belongs to this image frame (60xx,0015) and (60xx,0051)."""
    packed = _value(ds, group, 0x3000)
    count, first = _integer(ds, group, 0x0015) or 1, _integer(ds, group, 0x0051) or 1
    index = frame - (first - 1) if count > 1 or (group, 0x0051) in ds else 0
    size = shape[0] * shape[1]
    if not isinstance(packed, bytes) or not 0 <= index < count or len(packed) * 8 < (index + 1) * size:
        return None
    if ds.original_encoding[1] is False and ds[(group, 0x3000)].VR == "OW":
        packed = swap_words(packed)
    start = index * size
    bits = np.unpackbits(np.frombuffer(packed, np.uint8)[start // 8 : (start + size + 7) // 8], bitorder="little")
    return bits[start % 8 : start % 8 + size].reshape(shape).astype(bool)


def _embedded(cells: Array | None, bit: int | None, form: PixelFormat) -> Array | None:
    """The plane in one bit of the pixel cells, unless that bit belongs to the stored value."""
    if cells is None or bit is None or not 0 <= bit < form.bits_allocated or form.samples != 1:
        return None
    if form.high_bit - form.bits_stored < bit <= form.high_bit:
        return None
    return ((cells >> bit) & 1).reshape(form.rows, form.columns).astype(bool)


def _placed(plane: Array, origin: tuple[int, int], form: PixelFormat) -> Array:
    """The plane moved to its origin and cut to the image."""
    top, left = origin[0] - 1, origin[1] - 1
    mask = np.zeros((form.rows, form.columns), bool)
    rows = slice(max(0, top), min(form.rows, top + plane.shape[0]))
    columns = slice(max(0, left), min(form.columns, left + plane.shape[1]))
    if rows.start < rows.stop and columns.start < columns.stop:
        mask[rows, columns] = plane[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
    return mask

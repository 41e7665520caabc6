"""The visible part of a picture as a QImage: window table, overlays and shutter applied to the right reduction."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage

from viewer.model.view import View
from viewer.pixels.display import grey_levels, grey_table
from viewer.pixels.picture import Picture
from viewer.pixels.voi import Voi
from viewer.widgets import colours
from viewer.widgets.pseudo_colour import PseudoColour, ramp

Array = NDArray[Any]

STEP = 128
"""Cut edges fall on multiples of this, in pixels of the reduction, so that most pans reuse the cut."""
STRIP = 16
"""Rows that go through the table at a time."""
OPAQUE = 0xFF000000


class Raster:
    """Holds the last cut; asks for a new one only when the view has left it or the window has changed."""

    def __init__(self, picture: Picture) -> None:
        self._picture = picture
        self._table: Array | None = None
        self._table_key: tuple[Voi, bool, int] | None = None
        self._ramp = ramp(PseudoColour.NONE)
        self._cut_key: object = None
        self._pixels: Array | None = None
        self._image = QImage()
        self._target = QRectF()

    def cut(
        self, view: View, voi: Voi, invert: bool, colours_of_grey: PseudoColour = PseudoColour.NONE, hurry: bool = False
    ) -> tuple[QImage, QRectF]:
        """The image of the visible part, and the rectangle that it covers in image coordinates.

        In a `hurry`, while a hand is moving, the next smaller reduction will do where pixels are left out anyway.
        """
        self._ramp = ramp(colours_of_grey)
        tall, wide = self._picture.level_factors
        level = self._level(view.scale * min(tall, wide), hurry)
        top, bottom, left, right = view.visible()
        tall, wide = tall * (1 << level), wide * (1 << level)
        shape = self._picture.levels[level].shape
        rows = _snapped(int(top // tall), math.ceil(bottom / tall), shape[0])
        columns = _snapped(int(left // wide), math.ceil(right / wide), shape[1])
        key = (level, rows, columns, voi, invert, colours_of_grey)
        if key != self._cut_key:
            pixels = np.ascontiguousarray(self._rgb32(level, slice(*rows), slice(*columns), voi, invert))
            # QImage does not own the memory: the array lives as long as the image.
            self._pixels = pixels
            height, width = pixels.shape
            self._image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGB32)
            self._cut_key = key
            self._target = QRectF(
                columns[0] * wide, rows[0] * tall, (columns[1] - columns[0]) * wide, (rows[1] - rows[0]) * tall
            )
        return self._image, self._target

    def _level(self, scale: float, hurry: bool) -> int:
        """The smallest reduction that still has a pixel for each device pixel."""
        level = 0
        if hurry and 0.5 < scale < 1.0 and len(self._picture.levels) > 1:
            return 1
        while level + 1 < len(self._picture.levels) and scale * (2 << level) <= 1.0:
            level += 1
        return level

    def _rgb32(self, level: int, rows: slice, columns: slice, voi: Voi, invert: bool) -> Array:
        picture = self._picture
        values = picture.levels[level][rows, columns]
        shown = self._grey(values, voi, invert) if picture.frame.is_grey else self._colour(values, voi, invert)
        if picture.hidden_levels:
            hidden = picture.hidden_levels[level][rows, columns]
            shown[hidden] = OPAQUE | picture.shutter_grey * 0x010101
        if picture.overlay_levels:
            drawn = picture.overlay_levels[level][rows, columns]
            shown[_dilated(drawn) & ~drawn] = QColor(colours.HALO).rgb()
            shown[drawn] = QColor(colours.OVERLAY).rgb()
        return shown

    def _grey(self, values: Array, voi: Voi, invert: bool) -> Array:
        frame = self._picture.frame
        if self._table_key != (voi, invert, id(self._ramp)):
            table = grey_table(frame, voi, invert)
            self._table = None if table is None else self._ramp.take(table)
            self._table_key = (voi, invert, id(self._ramp))
        if self._table is None:
            return np.asarray(self._ramp.take(grey_levels(frame, values, voi, invert)))
        return _looked_up(self._table, values)

    def _colour(self, values: Array, voi: Voi, invert: bool) -> Array:
        """Brightness and contrast of a photograph: the same window on each colour."""
        levels = np.floor(voi.apply(np.arange(256)) * 255 + 0.5).astype(np.uint32)
        table = 255 - levels if invert else levels
        red, green, blue = (table.take(values[..., i]) for i in range(3))
        return np.asarray(np.uint32(OPAQUE) | red << 16 | green << 8 | blue)


def _snapped(first: int, end: int, size: int) -> tuple[int, int]:
    """First and end widened to the cut grid, at least one pixel long, within `size`."""
    first = max(0, min(first, size - 1) // STEP * STEP)
    return first, min(size, max(first + 1, -(-max(end, first + 1) // STEP) * STEP))


def _looked_up(table: Array, values: Array) -> Array:
    """`table` at the bit pattern of each value, in strips: numpy widens an index to 8 bytes, which the cache holds."""
    shown = np.empty(values.shape, table.dtype)
    for top in range(0, len(values), STRIP):
        part = np.ascontiguousarray(values[top : top + STRIP]).view(f"u{values.itemsize}")
        # Every pattern has an entry, so that nothing is clipped; the word spares numpy a second buffer.
        table.take(part, out=shown[top : top + STRIP], mode="clip")
    return shown


def _dilated(mask: Array) -> Array:
    wide = mask.copy()
    wide[1:] |= mask[:-1]
    wide[:-1] |= mask[1:]
    tall = wide.copy()
    tall[:, 1:] |= wide[:, :-1]
    tall[:, :-1] |= wide[:, 1:]
    return tall

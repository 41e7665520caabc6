"""Filters for looking. They give new values and never touch the original, which stays what is measured."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

import numpy as np

from viewer.errors import N_
from viewer.pixels.form import Array
from viewer.pixels.picture import Picture
from viewer.pixels.reductions import pyramid

CLAHE_TILES = 8
CLAHE_BINS = 256
CLAHE_CLIP = 3.0
"""A bin may hold so many times the mean count (Zuiderveld 1994); what is above is shared out."""


class Filter(StrEnum):
    """What a filter does to the values. NONE is the original."""

    NONE = "none"
    SHARPEN = "sharpen"
    SMOOTH = "smooth"
    LOCAL_CONTRAST = "local_contrast"


FILTER_NAMES = {
    Filter.NONE: N_("Original"),
    Filter.SHARPEN: N_("Sharpened"),
    Filter.SMOOTH: N_("Smoothed"),
    Filter.LOCAL_CONTRAST: N_("Local contrast (CLAHE)"),
}


def filtered(picture: Picture, kind: Filter) -> Picture:
    """The picture with filtered levels; its frame, which is measured, stays the original."""
    if kind is Filter.NONE:
        return picture
    values = picture.levels[0]
    if kind is Filter.LOCAL_CONTRAST:
        changed = _local_contrast(values) if picture.frame.is_grey else _local_colour(values)
    else:
        changed = _each_channel(values, kind)
    return replace(picture, levels=pyramid(changed, len(picture.levels)), filter_name=FILTER_NAMES[kind])


def _each_channel(values: Array, kind: Filter) -> Array:
    if values.ndim == 3:
        return np.stack([_each_channel(values[..., i], kind) for i in range(values.shape[2])], axis=-1)
    real = values.astype(np.float32)
    if kind is Filter.SMOOTH:
        return _as(values, _blurred(real, 1))
    return _as(values, real + 1.0 * (real - _blurred(real, 2)))


def _blurred(values: Array, radius: int) -> Array:
    """Two box means, which is nearly a Gaussian of sigma radius + 0.3 pixels; the edges are repeated."""
    for _pass in range(2):
        for axis in (0, 1):
            values = _box(values, radius, axis)
    return values


def _box(values: Array, radius: int, axis: int) -> Array:
    width = [(radius, radius) if axis == each else (0, 0) for each in (0, 1)]
    padded = np.pad(values, width, mode="edge")
    size = values.shape[axis]
    total = np.zeros_like(values)
    for shift in range(2 * radius + 1):
        total += padded[shift : shift + size] if axis == 0 else padded[:, shift : shift + size]
    return np.asarray(total / np.float32(2 * radius + 1))


def _as(original: Array, values: Array) -> Array:
    """Rounded into the type and the range of the original values."""
    if original.dtype.kind == "f":
        return np.asarray(values.astype(original.dtype))
    low, high = int(original.min()), int(original.max())
    return np.asarray(np.rint(np.clip(values, low, high)).astype(original.dtype))


def _local_contrast(values: Array) -> Array:
    """Contrast-limited adaptive histogram equalisation of the range of values that holds 99.8 % of the pixels."""
    sample = values[:: max(1, values.shape[0] // 512), :: max(1, values.shape[1] // 512)]
    low, high = (float(q) for q in np.quantile(sample, (0.001, 0.999)))
    if high <= low:
        return values
    index = np.clip((values.astype(np.float32) - low) * ((CLAHE_BINS - 1) / (high - low)), 0, CLAHE_BINS - 1)
    bins = index.astype(np.uint8)
    equal = _interpolated(bins, _tables(bins))
    return _as(values, low + equal * np.float32(high - low))


def _local_colour(values: Array) -> Array:
    """The same gain on red, green and blue: hues of gums and teeth must not shift."""
    luma = (values @ np.array([0.299, 0.587, 0.114], np.float32)).astype(np.float32)
    bins = np.clip(luma, 0, 255).astype(np.uint8)
    gain = (_interpolated(bins, _tables(bins)) * 255 + 1) / (luma + 1)
    return np.asarray(np.clip(np.rint(values * np.clip(gain, 0.25, 4)[..., None]), 0, 255).astype(np.uint8))


def _tables(bins: Array) -> Array:
    """The grey table (0.0 to 1.0) of each of the 8 × 8 tiles."""
    found = np.empty((CLAHE_TILES, CLAHE_TILES, CLAHE_BINS), np.float32)
    rows = np.linspace(0, bins.shape[0], CLAHE_TILES + 1).astype(int)
    columns = np.linspace(0, bins.shape[1], CLAHE_TILES + 1).astype(int)
    for r in range(CLAHE_TILES):
        for c in range(CLAHE_TILES):
            tile = bins[rows[r] : max(rows[r] + 1, rows[r + 1]), columns[c] : max(columns[c] + 1, columns[c + 1])]
            counts = np.bincount(tile.ravel(), minlength=CLAHE_BINS).astype(np.float32)
            limit = CLAHE_CLIP * tile.size / CLAHE_BINS
            surplus = np.maximum(counts - limit, 0).sum()
            counts = np.minimum(counts, limit) + surplus / CLAHE_BINS
            found[r, c] = np.cumsum(counts) / counts.sum()
    return found


def _interpolated(bins: Array, tables: Array) -> Array:
    """Each pixel through the tables of the four tiles round it, weighted by distance."""
    out = np.empty(bins.shape, np.float32)
    down = _weights(bins.shape[0])
    left, right, share = _weights(bins.shape[1])
    for row in range(bins.shape[0]):
        top, bottom, part = down[0][row], down[1][row], down[2][row]
        line = bins[row]
        mixed = tables[top] * (1 - part) + tables[bottom] * part
        out[row] = mixed[left, line] * (1 - share) + mixed[right, line] * share
    return out


def _weights(size: int) -> tuple[Array, Array, Array]:
    """For each position: the tile before, the tile after, and the weight of the one after."""
    place = np.clip((np.arange(size) + 0.5) / size * CLAHE_TILES - 0.5, 0, CLAHE_TILES - 1)
    before = np.floor(place).astype(int)
    return before, np.minimum(before + 1, CLAHE_TILES - 1), (place - before).astype(np.float32)

"""Values of interest: from modality values to grey levels (PS3.3 §C.11.2), and an automatic window."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

import numpy as np
from pydicom.dataset import Dataset

from viewer.pixels import attributes as at
from viewer.pixels.form import Array
from viewer.pixels.lut import LookupTable, read_table


class VoiKind(StrEnum):
    """VOI LUT Function (0028,1056), or a table."""

    LINEAR = "LINEAR"
    LINEAR_EXACT = "LINEAR_EXACT"
    SIGMOID = "SIGMOID"
    TABLE = "TABLE"


@dataclass(frozen=True)
class Voi:
    """One way of showing grey values: a window in modality units, or a table.

    For a table, `center` and `width` describe its input range, so that dragging can go on from there.
    """

    center: float
    width: float
    kind: VoiKind = VoiKind.LINEAR
    explanation: str = ""
    automatic: bool = False
    table: LookupTable | None = None

    @cached_property
    def limits(self) -> tuple[float, float]:
        """Modality values from and to which the grey level changes (10 % and 90 % for a sigmoid)."""
        if self.kind is VoiKind.LINEAR:
            middle, half = self.center - 0.5, (self.width - 1) / 2
        elif self.kind is VoiKind.SIGMOID:
            middle, half = self.center, self.width * math.log(9) / 4
        else:
            middle, half = self.center, self.width / 2
        return middle - half, middle + half

    def moved(self, center: float, width: float) -> Voi:
        """The same function with another window; a table turns into a linear window. The width stays valid."""
        kind = VoiKind.LINEAR if self.kind is VoiKind.TABLE else self.kind
        least = 1.0 if kind is VoiKind.LINEAR else 1e-6
        return replace(self, center=center, width=max(least, width), kind=kind, table=None, automatic=False)

    def apply(self, values: Array) -> Array:
        """Modality values as float64 grey levels from 0.0 to 1.0 (PS3.3 §C.11.2.1.2, §C.11.2.1.3)."""
        x = values.astype(np.float64, copy=False)
        if self.table is not None:
            return self.table.apply(values) / float((1 << self.table.bits) - 1)
        if self.kind is VoiKind.SIGMOID:
            return np.asarray(1.0 / (1.0 + np.exp(np.clip(-4.0 * (x - self.center) / self.width, -700, 700))))
        if self.kind is VoiKind.LINEAR_EXACT:
            grey = (x - self.center) / self.width + 0.5
        elif self.width <= 1:
            return (x > self.center - 0.5).astype(np.float64)
        else:
            grey = (x - (self.center - 0.5)) / (self.width - 1) + 0.5
        return np.clip(grey, 0.0, 1.0)


def read_vois(ds: Dataset, frame: int, signed_input: bool) -> tuple[Voi, ...]:
    """All valid choices that the header offers for a frame, tables first, then windows."""
    found: list[Voi] = []
    for item in at.items(ds, "VOILUTSequence"):
        if table := read_table(item, ds.original_encoding[1] is not False, signed_input):
            span = len(table.entries)
            found.append(
                Voi(table.first + span / 2, float(span), VoiKind.TABLE, at.text(item, "LUTExplanation"), table=table)
            )
    for macro in at.macros(ds, "FrameVOILUTSequence", frame):
        windows = _windows(macro)
        found.extend(windows)
        if windows:
            break
    return tuple(found)


def _windows(ds: Dataset) -> list[Voi]:
    centers, widths = at.numbers(ds, "WindowCenter"), at.numbers(ds, "WindowWidth")
    function = at.code(ds, "VOILUTFunction")
    kind = VoiKind(function) if function in ("LINEAR_EXACT", "SIGMOID") else VoiKind.LINEAR
    names = at.text(ds, "WindowCenterWidthExplanation").split("\\")
    least = 1.0 if kind is VoiKind.LINEAR else 1e-9
    return [
        Voi(center, width, kind, names[i] if i < len(names) else "")
        for i, (center, width) in enumerate(zip(centers, widths, strict=False))
        if width >= least
    ]


SAMPLES = 1 << 18


def automatic_voi(values: Array, excluded: Array | None = None) -> Voi:
    """A window from the 0.5 % to the 99.5 % quantile, without padding and without a uniform border.

    `values` are modality values; `excluded` marks pixels (padding, shutter) that say nothing about the patient.
    """
    step = max(1, math.isqrt(values.size // SAMPLES))
    sample = values[::step, ::step]
    keep = np.ones(sample.shape, bool) if excluded is None else ~excluded[::step, ::step]
    keep &= np.isfinite(sample)
    if (border := _uniform_border(sample, keep)) is not None and (keep & (sample != border)).any():
        keep &= sample != border
    inside = sample[keep]
    if inside.size == 0:
        return Voi(0.5, 1.0, automatic=True)
    low, high = (float(q) for q in np.quantile(inside, (0.005, 0.995)))
    if high <= low:
        low, high = float(inside.min()), float(inside.max())
    # LINEAR maps center - 0.5 ± (width - 1)/2 to black and white; a window on fractions needs LINEAR_EXACT.
    if values.dtype.kind == "f" and high - low < 16:
        return Voi((low + high) / 2, max(high - low, 1e-6), VoiKind.LINEAR_EXACT, automatic=True)
    return Voi((low + high + 1) / 2, high - low + 1, automatic=True)


def _uniform_border(sample: Array, keep: Array) -> float | None:
    """The value of the outermost ring when most of it is one extreme value: collimation or film edge."""
    ring = np.concatenate([sample[0], sample[-1], sample[:, 0], sample[:, -1]])
    used = ring[np.concatenate([keep[0], keep[-1], keep[:, 0], keep[:, -1]])]
    if used.size == 0:
        return None
    values, counts = np.unique(used, return_counts=True)
    common = values[counts.argmax()]
    inside = sample[keep]
    extreme = common in (inside.min(), inside.max())
    return float(common) if extreme and counts.max() * 2 > used.size else None

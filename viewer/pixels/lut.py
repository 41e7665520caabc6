"""Lookup tables of the header: the Modality LUT (PS3.3 §C.11.1) and the tables of the VOI LUT (§C.11.2)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pydicom.dataset import Dataset

from viewer.pixels import attributes as at
from viewer.pixels.form import Array


@dataclass(frozen=True, eq=False)
class LookupTable:
    """`entries[0]` is the output for input `first`; inputs outside take the first or last entry."""

    first: int
    bits: int
    entries: Array

    def apply(self, values: Array) -> Array:
        """Table output as float64."""
        index = np.clip(np.floor(values).astype(np.int64) - self.first, 0, len(self.entries) - 1)
        return self.entries[index].astype(np.float64)


def read_table(item: Dataset, little_endian: bool, signed_input: bool) -> LookupTable | None:
    """The LUT Descriptor and LUT Data of a sequence item; None when they do not make a table."""
    descriptor = at.numbers(item, "LUTDescriptor")
    if len(descriptor) != 3:
        return None
    count, first, bits = int(descriptor[0]) % 65536 or 65536, int(descriptor[1]), int(descriptor[2])
    if signed_input and first > 32767:
        first -= 65536
    entries = _entries(item, little_endian)
    if not 1 <= bits <= 16 or len(entries) < count:
        return None
    entries = entries[:count]
    # Descriptors that state too few bits exist: the data decide.
    return LookupTable(first, max(bits, int(entries.max()).bit_length()), entries)


def _entries(item: Dataset, little_endian: bool) -> Array:
    if binary := at.data(item, "LUTData"):
        return np.frombuffer(binary[: len(binary) // 2 * 2], "<u2" if little_endian else ">u2")
    return np.array([int(v) % 65536 for v in at.numbers(item, "LUTData")], np.uint16)


@dataclass(frozen=True, eq=False)
class ModalityLut:
    """From stored values to modality values: a table, or slope and intercept; `unit` is the Rescale Type."""

    slope: float = 1.0
    intercept: float = 0.0
    unit: str = ""
    table: LookupTable | None = None

    @property
    def identity(self) -> bool:
        return self.table is None and self.slope == 1.0 and self.intercept == 0.0

    def apply(self, values: Array) -> Array:
        """Modality values; the stored array itself when nothing changes, else float64."""
        if self.table is not None:
            return self.table.apply(values)
        return values if self.identity else values * self.slope + self.intercept


IDENTITY = ModalityLut()


def read_modality_lut(ds: Dataset, frame: int, signed: bool) -> ModalityLut:
    """The Modality LUT of one frame; identity when the header gives none that makes sense."""
    for item in at.items(ds, "ModalityLUTSequence")[:1]:
        if table := read_table(item, ds.original_encoding[1] is not False, signed):
            return ModalityLut(unit=at.code(item, "ModalityLUTType"), table=table)
    for macro in at.macros(ds, "PixelValueTransformationSequence", frame):
        slope, intercept = at.number(macro, "RescaleSlope"), at.number(macro, "RescaleIntercept")
        if slope is not None or intercept is not None:
            slope = 1.0 if slope in (None, 0.0) else slope
            return ModalityLut(slope or 1.0, intercept or 0.0, at.code(macro, "RescaleType"))
    return IDENTITY

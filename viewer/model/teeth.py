"""Which teeth an image was taken for, as its header says."""

from __future__ import annotations

from pydicom.dataset import Dataset

from viewer.model.marks import FDI_TEETH
from viewer.pixels import attributes as at


def teeth_of(ds: Dataset) -> tuple[int, ...]:
    """FDI numbers in the Primary Anatomic Structure Sequence: codes of ISO 3950 (PS3.16 CID 4018, 4019)."""
    found = []
    for item in (*at.items(ds, "PrimaryAnatomicStructureSequence"), *at.items(ds, "AnatomicRegionSequence")):
        scheme, value = at.text(item, "CodingSchemeDesignator").upper(), at.text(item, "CodeValue")
        if "3950" in scheme and value.isdigit() and int(value) in FDI_TEETH:
            found.append(int(value))
    return tuple(dict.fromkeys(found))

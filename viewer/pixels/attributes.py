"""Read single attributes of a data set that may be damaged: every reader answers None or '' rather than raise."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, time
from typing import Any

from pydicom.dataset import Dataset

MAX_TEXT = 1024
MAX_VALUES = 1 << 17


def raw(ds: Dataset, keyword: str) -> Any:
    """The converted value, or None when it is missing, empty or cannot be converted."""
    try:
        value = ds.get(keyword)
    except Exception:
        return None
    return None if value is None or (hasattr(value, "__len__") and len(value) == 0) else value


def text(ds: Dataset, keyword: str) -> str:
    """A string value as read, trimmed; several values joined with the DICOM backslash."""
    value = raw(ds, keyword)
    if value is None or isinstance(value, bytes):
        return ""
    joined = "\\".join(map(str, value)) if _is_multiple(value) else str(value)
    return joined[:MAX_TEXT].replace("\x00", "").strip()


def code(ds: Dataset, keyword: str) -> str:
    """A code string (VR CS) in upper case."""
    return text(ds, keyword).upper()


def numbers(ds: Dataset, keyword: str) -> tuple[float, ...]:
    """All values as finite floats; empty when one of them is not a number."""
    value = raw(ds, keyword)
    if value is None or isinstance(value, bytes):
        return ()
    values = list(value)[:MAX_VALUES] if _is_multiple(value) else [value]
    try:
        found = tuple(float(v) for v in values)
    except (TypeError, ValueError, OverflowError):
        return ()
    return found if all(map(math.isfinite, found)) else ()


def number(ds: Dataset, keyword: str) -> float | None:
    """The first value as a finite float."""
    found = numbers(ds, keyword)
    return found[0] if found else None


def integer(ds: Dataset, keyword: str) -> int | None:
    """The first value as an integer; None when it has a fraction."""
    found = number(ds, keyword)
    return int(found) if found is not None and found == int(found) else None


def pair(ds: Dataset, keyword: str) -> tuple[float, float] | None:
    """A value of multiplicity 2, such as PixelSpacing; one single number is taken for both."""
    found = numbers(ds, keyword)
    if len(found) == 1:
        return found[0], found[0]
    return (found[0], found[1]) if len(found) >= 2 else None


def day(ds: Dataset, keyword: str) -> date | None:
    """A date (VR DA, also the old 1993.12.31 form, or the date of a DT); None for anything that is no date."""
    digits = text(ds, keyword).replace(".", "")[:8]
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])) if len(digits) == 8 else None
    except ValueError:
        return None


def clock(ds: Dataset, keyword: str) -> time | None:
    """A time of day (VR TM) to the second."""
    digits = text(ds, keyword).replace(":", "").split(".")[0].ljust(6, "0")
    try:
        return time(int(digits[:2]), int(digits[2:4]), int(digits[4:6])) if text(ds, keyword) else None
    except ValueError:
        return None


def items(ds: Dataset, keyword: str) -> list[Dataset]:
    """The items of a sequence."""
    value = raw(ds, keyword)
    try:
        return [item for item in value if isinstance(item, Dataset)] if value is not None else []
    except Exception:
        return []


def data(ds: Dataset, keyword: str) -> bytes:
    """The bytes of a binary value."""
    value = raw(ds, keyword)
    return value if isinstance(value, bytes) else b""


def macros(ds: Dataset, sequence: str, frame: int = 0) -> Iterator[Dataset]:
    """Where a per-image attribute may stand: the frame's functional group, the shared group, the image itself.

    `sequence` names the macro (PS3.3 §C.7.6.16), for instance PixelMeasuresSequence.
    """
    per_frame = items(ds, "PerFrameFunctionalGroupsSequence")
    groups = [per_frame[frame]] if frame < len(per_frame) else []
    for group in [*groups, *items(ds, "SharedFunctionalGroupsSequence")[:1]]:
        yield from items(group, sequence)[:1]
    yield ds


def _is_multiple(value: Any) -> bool:
    return hasattr(value, "__iter__") and not isinstance(value, str | bytes) and not hasattr(value, "components")

"""Noticing that an entry changed while somebody was correcting it.

Whoever opens a form keeps the mark of what was read; the command that saves it refuses when the mark is another one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from app.core.errors import StaleRecord
from app.core.i18n import N_


def mark_of(entry: Any, names: Sequence[str]) -> str:
    """A mark of the named values of a record or of an answer; the same values give the same mark."""
    told = "\x1f".join(f"{name}={getattr(entry, name)!s}" for name in names)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def require_unchanged(entry: Any, names: Sequence[str], seen: str) -> None:
    """`StaleRecord` when the values are not those that `seen` marks; an empty mark asks nothing."""
    require_same_mark(mark_of(entry, names), seen)


def require_same_mark(now: str, seen: str) -> None:
    """`StaleRecord` when the mark of now is not the one that was read; an empty mark asks nothing."""
    if seen and seen != now:
        raise StaleRecord(N_("Somebody changed this entry while you were typing. Compare, then save again."))

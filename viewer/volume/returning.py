"""Memory that was freed, handed back to the system."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from functools import cache


def give_back() -> None:
    """Have the allocator let go of what nobody uses. Not for the thread of the screen: it takes some milliseconds.

    glibc keeps what threads freed in arenas of theirs (malloc_trim(3)); elsewhere the allocators do this themselves.
    """
    trim = _trim()
    if trim is not None:
        trim(0)


@cache
def _trim() -> Callable[[int], int] | None:
    if sys.platform != "linux":
        return None
    return getattr(ctypes.CDLL(None), "malloc_trim", None)  # other C libraries have none

"""What stands for a decoder that crashes, in a worker process."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import NoReturn

from app.core.sealed import SealedStore
from app.imaging.found import Task
from app.imaging.reading import Read, read_source


def read_or_die(task: Task) -> Read:
    """Read a file, but die over `die.dcm`."""
    if task.source.name == "die.dcm":
        os._exit(139)
    return read_source(task)


def read_on_a_full_disk(task: Task) -> Read:
    """Read a file where nothing more can be sealed."""
    SealedStore.put = _full  # type: ignore[method-assign]
    try:
        return read_source(task)
    finally:
        SealedStore.put = _put  # type: ignore[method-assign]


_put = SealedStore.put


def _full(store: SealedStore, content: bytes | Path) -> NoReturn:
    raise OSError(errno.ENOSPC, "No space left on device")

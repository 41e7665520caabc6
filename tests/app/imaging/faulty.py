"""What stands for a decoder that crashes, in a worker process."""

from __future__ import annotations

import errno
import os
from typing import BinaryIO, NoReturn

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
    SealedStore.write_unfinished = _full
    try:
        return read_source(task)
    finally:
        SealedStore.write_unfinished = _write


_write = SealedStore.write_unfinished


def _full(store: SealedStore, name: str, source: BinaryIO, length: int, *, durable: bool) -> NoReturn:
    raise OSError(errno.ENOSPC, "No space left on device")

"""A block of shared memory in which a frame goes to its decoder and its samples come back.

Through a pipe 9 MB take some 15 ms each way, through the memory that both processes see about 2. The pipe still says
what lies in the block, and carries the samples itself where there is no shared memory left.
"""

from __future__ import annotations

import contextlib
import os
import sys
from multiprocessing.shared_memory import SharedMemory
from typing import Any

import numpy as np

from viewer.pixels.form import Array

LEAST = 1 << 20
"""Bytes of the smallest block, so that thumbnails do not make a new one each."""


class Exchange:
    """The block of the asking side, made anew when a frame needs more. One thread uses it at a time."""

    def __init__(self) -> None:
        self._block: SharedMemory | None = None

    def put(self, data: bytes, room: int) -> str:
        """Lay `data` into a block with `room` bytes or more; its name, or '' where no such memory is to be had."""
        needed = max(len(data), room, LEAST)
        if self._block is None or self._block.size < needed:
            self.close()
            self._block = _reserved(needed)
        if self._block is None:
            return ""
        _memory(self._block)[: len(data)] = data
        return self._block.name

    def take(self, dtype: str, shape: tuple[int, ...]) -> Array:
        """A copy of the samples that lie in the block: the next frame will be written over them."""
        assert self._block is not None
        return _samples(self._block, dtype, shape).copy()

    def close(self) -> None:
        """Give the memory back to the system."""
        block, self._block = self._block, None
        if block is not None:
            block.close()
            with contextlib.suppress(OSError):
                block.unlink()


class ExchangeEnd:
    """The block as the decoder sees it; the asking side owns it."""

    def __init__(self) -> None:
        self._block: SharedMemory | None = None

    def read(self, name: str, count: int) -> bytes:
        """The first `count` bytes of the named block. Raises OSError when it is gone."""
        if self._block is None or self._block.name != name:
            self.close()
            self._block = SharedMemory(name)
        return bytes(_memory(self._block)[:count])

    def write(self, values: Array) -> bool:
        """Lay the samples into the block; False when they are larger than it."""
        if self._block is None or values.nbytes > self._block.size:
            return False
        _samples(self._block, values.dtype.str, values.shape)[...] = values
        return True

    def close(self) -> None:
        """Let go of the block."""
        if self._block is not None:
            self._block.close()
            self._block = None


def _memory(block: SharedMemory) -> memoryview:
    assert block.buf is not None
    return block.buf


def _samples(block: SharedMemory, dtype: str, shape: tuple[int, ...]) -> Array:
    found: np.ndarray[Any, Any] = np.ndarray(shape, np.dtype(dtype), buffer=block.buf)
    return found


def _reserved(size: int) -> SharedMemory | None:
    """A block whose memory is really there.

    Linux promises more than it has: a write beyond the room of /dev/shm (64 MB in many containers) ends the process.
    """
    block: SharedMemory | None = None
    try:
        block = SharedMemory(create=True, size=size)
        if sys.platform == "linux":
            handle = os.open(f"/dev/shm/{block.name}", os.O_RDWR)
            try:
                os.posix_fallocate(handle, 0, size)
            finally:
                os.close(handle)
    except OSError:
        if block is not None:
            block.close()
            block.unlink()
        return None
    return block

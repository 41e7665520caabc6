"""The newest operations, encoded once for all who pull them: thirty workstations ask for the same ones after a poke.

Filled on the writer's thread after each commit, read by the event loop. What is not in here is read from the database.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from typing import Any, Final

import msgspec

from sync.protocol.messages import Operation, Pull
from sync.protocol.packing import accepted_operations

MOST_OPERATIONS: Final = 1_000
MOST_BYTES: Final = 16 << 20
MOST_AT_ONCE: Final = 100
"""A commit of more than these is a workstation that catches up: to encode it would hold the writer for nothing."""
_encode = msgspec.json.Encoder().encode


class Tail:
    """Operations after `start`, without a gap, up to `head`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.start = self.head = 0
        self._sequences: list[int] = []
        self._devices: list[str] = []
        self._whole: list[bytes] = []
        self._own: list[bytes] = []
        self._bytes = 0

    def begin(self, head: int) -> None:
        """Hold nothing of what is before `head`."""
        with self._lock:
            self._begin(head)

    def _begin(self, head: int) -> None:
        self.start = self.head = head
        self._sequences, self._devices, self._whole, self._own, self._bytes = [], [], [], [], 0

    def follow(self, run: Any, head: int) -> None:
        """Take in what has been accepted up to `head`."""
        if head <= self.head:
            return
        found = accepted_operations(run, self.head, MOST_AT_ONCE + 1)
        kept = len(found) <= MOST_AT_ONCE and not any(it.origin == "erasure" for it in found)
        with self._lock:
            if not kept:  # an erasure empties operations that may be held here
                self._begin(head)
                return
            for operation in found:
                self._add(operation)
            self.head = head
            self._shorten()

    def _add(self, operation: Operation) -> None:
        whole = _encode(operation)
        self._sequences.append(operation.sequence or 0)
        self._devices.append(operation.device)
        self._whole.append(whole)
        self._own.append(_encode(msgspec.structs.replace(operation, changes=())))
        self._bytes += len(whole)

    def _shorten(self) -> None:
        if len(self._sequences) <= MOST_OPERATIONS and self._bytes <= MOST_BYTES:
            return
        gone = max(1, len(self._sequences) // 2)
        self.start = self._sequences[gone - 1]
        self._bytes -= sum(map(len, self._whole[:gone]))
        for kept in (self._sequences, self._devices, self._whole, self._own):
            del kept[:gone]

    def page(self, pull: Pull, epoch: str, now: int) -> bytes | None:
        """A page, encoded; None when it has to be read from the database."""
        with self._lock:
            if pull.whole or pull.cursor < self.start or pull.cursor > self.head or pull.epoch != epoch:
                return None
            first = bisect_right(self._sequences, pull.cursor)
            last = min(len(self._sequences), first + pull.maximum)
            parts = [
                self._own[place] if self._devices[place] == pull.device else self._whole[place]
                for place in range(first, last)
            ]
            reached = self._sequences[last - 1] if last < len(self._sequences) else self.head
            head = self.head
        page = {"epoch": epoch, "now": now, "start": pull.cursor, "next": reached, "head": head}
        return _encode(page)[:-1] + b',"operations":[' + b",".join(parts) + b"]}"

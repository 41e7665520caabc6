"""Pushes that wait for the writer: all that wait when it becomes free are taken in by one commit.

A commit waits for the disk; thirty workstations that wait for thirty commits, one after the other, would each wait
for all of them.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Final

from sync.protocol.messages import Push, PushReply

if TYPE_CHECKING:
    from sync.server.practices import PracticeStore

AT_ONCE: Final = 2_000
"""At most so many operations in one commit: the lock is held no longer than some hundred milliseconds."""


class Full(Exception):
    """Too many pushes wait already."""


class PushQueue:
    """The waiting pushes of one practice; used by the event loop's thread alone."""

    def __init__(self, store: PracticeStore, most: int) -> None:
        self._store, self._most = store, most
        self._waiting: deque[tuple[Push, asyncio.Future[PushReply]]] = deque()
        self._task: asyncio.Task[None] | None = None

    def waiting(self) -> int:
        """How many pushes wait."""
        return len(self._waiting)

    async def take(self, push: Push) -> PushReply:
        """The answer to a push, once it is on the disk; `Full` when too many wait."""
        if len(self._waiting) >= self._most:
            raise Full
        future: asyncio.Future[PushReply] = asyncio.get_running_loop().create_future()
        self._waiting.append((push, future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._drain())
        return await future

    async def _drain(self) -> None:
        while self._waiting:
            batch = self._next()
            try:
                replies = await asyncio.to_thread(self._store.push_all, [push for push, _future in batch])
            except Exception as error:
                replies = [error] * len(batch)
            for (_push, future), reply in zip(batch, replies, strict=True):
                if future.done():  # its sender has gone; what it sent is taken in all the same
                    continue
                if isinstance(reply, Exception):
                    future.set_exception(reply)
                else:
                    future.set_result(reply)

    def _next(self) -> list[tuple[Push, asyncio.Future[PushReply]]]:
        batch = [self._waiting.popleft()]
        count = len(batch[0][0].operations)
        while self._waiting and count + len(self._waiting[0][0].operations) <= AT_ONCE:
            batch.append(self._waiting.popleft())
            count += len(batch[-1][0].operations)
        return batch

"""Telling the open streams of a practice that there is something to pull. Only the newest head is ever kept.

A stream that reads slowly costs one number, not a queue: a poke that was not taken is replaced by the next.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from typing import Final

PING_SECONDS: Final = 15.0
"""A stream says so often that it is alive when there is nothing to say."""


class Pokes:
    """The heads that a practice's streams are told. `tell` may be called from any thread."""

    def __init__(self) -> None:
        self._streams: set[_Stream] = set()
        self._lock = threading.Lock()

    def tell(self, head: int) -> None:
        """The practice has come to `head`."""
        with self._lock:
            streams = tuple(self._streams)
        for stream in streams:
            stream.loop.call_soon_threadsafe(stream.take, head)

    def close(self) -> None:
        """End every stream: the server stops."""
        with self._lock:
            streams = tuple(self._streams)
        for stream in streams:
            stream.loop.call_soon_threadsafe(stream.end)

    def count(self) -> int:
        """How many streams are open."""
        return len(self._streams)

    async def heads(self, newest: Callable[[], int], ping: float = PING_SECONDS) -> AsyncIterator[int | None]:
        """The newest head, each newer one as it comes, and None after `ping` seconds without one; ends with `close`.

        `newest` reads it, off the loop, once the stream is known: what is committed in between would be told to nobody.
        """
        stream = _Stream(asyncio.get_running_loop())
        with self._lock:
            self._streams.add(stream)
        try:
            said = await asyncio.to_thread(newest)
            yield said
            while not stream.ended:
                try:
                    async with asyncio.timeout(ping):
                        await stream.ready.wait()
                except TimeoutError:
                    yield None
                    continue
                stream.ready.clear()
                if stream.head > said:
                    said = stream.head
                    yield said
        finally:
            with self._lock:
                self._streams.discard(stream)


class _Stream:
    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.ready = asyncio.Event()
        self.head = 0
        self.ended = False

    def take(self, head: int) -> None:
        self.head = max(self.head, head)
        self.ready.set()

    def end(self) -> None:
        self.ended = True
        self.ready.set()

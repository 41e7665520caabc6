"""The writer thread: queued work one piece at a time, and a look round whenever there is none."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Final, TypeVar

R = TypeVar("R")
POLL_SECONDS: Final = 0.02
"""How often an idle writer looks for commits of other processes: a few microseconds each time."""
CLOSE_SECONDS: Final = 30.0
"""How long closing waits for the work that is queued."""


@dataclass(slots=True)
class _Job:
    work: Callable[[], Any]
    future: Future[Any]


class WriterThread:
    """Runs work in the order it was submitted. `idle` is called when the queue is empty, `after` after each piece of
    work, `finish` once at the end; all on the thread. A daemon: a forgotten `close` never keeps the process alive.
    """

    def __init__(self, idle: Callable[[], None], after: Callable[[], None], finish: Callable[[], None]) -> None:
        self._idle, self._after, self._finish = idle, after, finish
        self._queue: queue.Queue[_Job | None] = queue.Queue()
        self._submitting = threading.Lock()
        self._closing = False
        self._thread = threading.Thread(target=self._loop, name="archwire-writer", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    @property
    def is_current(self) -> bool:
        """Whether the caller is on the thread."""
        return threading.current_thread() is self._thread

    def call(self, work: Callable[[], R]) -> R:
        """Run work on the thread and wait; at once when the caller is on it (a listener)."""
        return work() if self.is_current else self.submit(work).result()

    def submit(self, work: Callable[[], R]) -> Future[R]:
        """Queue work; `RuntimeError` once closing has begun."""
        future: Future[R] = Future()
        with self._submitting:
            if self._closing or not self._thread.is_alive():
                raise RuntimeError("the runner is not running")
            self._queue.put(_Job(work, future))
        return future

    def close(self) -> None:
        """Refuse further work, do what is queued, and end."""
        with self._submitting:
            self._closing = True
        if self._thread.is_alive():
            self._queue.put(None)
            self._thread.join(timeout=CLOSE_SECONDS)

    def _loop(self) -> None:
        while True:
            try:
                job = self._queue.get(timeout=POLL_SECONDS)
            except queue.Empty:
                self._idle()
                continue
            if job is None:
                break
            _fulfil(job)
            self._after()
        self._finish()


def _fulfil(job: _Job) -> None:
    if not job.future.set_running_or_notify_cancel():
        return
    try:
        job.future.set_result(job.work())
    except BaseException as error:
        job.future.set_exception(error)


class InlineWriter:
    """The same, on the caller's thread and without looking round: a simulation decides what happens when."""

    def __init__(self, finish: Callable[[], None]) -> None:
        self._finish = finish

    def start(self) -> None:
        """Nothing to start."""

    @property
    def is_current(self) -> bool:
        """There is no other thread."""
        return True

    def call(self, work: Callable[[], R]) -> R:
        """Run work now."""
        return work()

    def submit(self, work: Callable[[], R]) -> Future[R]:
        """Run work now; the future has its end."""
        future: Future[R] = Future()
        _fulfil(_Job(work, future))
        return future

    def close(self) -> None:
        """End."""
        self._finish()

"""After commits: the log goes into the database and the anchor remembers the heads, on a thread of its own.

Both wait for the disk, which may take seconds on a busy machine. On the writer’s thread, commands and what other
processes committed would wait with them.
"""

from __future__ import annotations

import contextlib
import logging
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from app.core.database import Database
from app.journal import anchors

if TYPE_CHECKING:
    from app.journal.writing import Place

_log = logging.getLogger("archwire.runner")


def keep(run: Any, place: Place) -> None:
    """Move the log into the database as far as nobody reads it, and let the anchor remember one state of the heads."""
    run.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
    run.execute("BEGIN")
    try:
        anchors.advance_anchor(run, place.folder, place.device, place.anchor_key)
    finally:
        run.execute("COMMIT")


class Keeper:
    """One thread, started when it is first needed; `start`, `wait` and `close` are called on the writer’s thread."""

    def __init__(self, database: Database, place: Place) -> None:
        self._database, self._place = database, place
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="archwire-keeper")
        self._running: Future[None] | None = None
        self._connection: Any = None
        self._failure: type[Exception] | None = None

    @property
    def busy(self) -> bool:
        """Whether it is at work."""
        return self._running is not None and not self._running.done()

    @property
    def failed(self) -> bool:
        """Whether the last turn did not come to its end: a full disk, a held lock."""
        return self._failure is not None

    def start(self) -> None:
        """One turn; the caller has seen that none is running."""
        self._running = self._thread.submit(self._turn)

    def wait(self) -> None:
        """Until the turn that is running is over."""
        if self._running is not None:
            self._running.result()

    def close(self) -> None:
        """Finish the turn and end the thread."""
        self._thread.shutdown(wait=True)
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _turn(self) -> None:
        try:
            if self._connection is None:
                self._connection = self._database.raw(read_only=True)
            keep(self._connection, self._place)
            self._failure = None
        except Exception as error:  # the next idle moment tries again
            if type(error) is not self._failure:
                _log.warning("keeping the log failed: %s", type(error).__name__)
            self._failure = type(error)
            with contextlib.suppress(Exception):
                self._connection.execute("ROLLBACK")

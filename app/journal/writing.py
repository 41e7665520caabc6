"""The writing half of the runner: one connection on one thread, its transactions, and what is told after a commit."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection

from app.core.clock import Clock
from app.core.database import Database
from app.core.sealed import SealedStore
from app.journal import access_log
from app.journal.access_log import WaitingAccesses
from app.journal.changes import ChangeSet
from app.journal.erasure import purge_projections
from app.journal.foreign import ForeignCommits
from app.journal.keeping import Keeper, keep
from app.journal.records import REGISTRY
from app.journal.refusals import in_sentences
from app.journal.step import Observation, Step
from app.journal.writer import InlineWriter, WriterThread

_log = logging.getLogger("archwire.runner")
SETTLE_SECONDS: Final = 1.0
"""The log is moved into the database and the anchor advanced at most so often while the writer is idle: where a commit
follows the other, as on a server, each would wait for the disk behind the settling of the one before."""

CUT_SECONDS: Final = 0.5
"""How long an erasure waits for those who still read what stood there before; after that the idle writer waits."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the runner works: folder, device id, schema number, keys for the anchor, kind of folder."""

    folder: Path
    device: str
    schema: int
    anchor_key: bytes
    kind: str


class Writing:
    """Holds the writer's connection. A subclass says what is written; this says when, and tells who listens."""

    def __init__(
        self, database: Database, files: SealedStore, clock: Clock, place: Place, *, inline: bool = False
    ) -> None:
        self.database = database
        self.files = files
        self.clock = clock
        self.place = place
        self.observers: list[Callable[[Observation], None]] = []
        self._listeners: list[Callable[[ChangeSet], None]] = []
        self._accesses = WaitingAccesses()
        self._anchor_due = False
        self._log_due = False
        self._settled_at = -SETTLE_SECONDS
        self._failure: type[Exception] | None = None
        self._foreign = ForeignCommits(place, clock)
        self._connection: Connection | None = None
        self._keeper = Keeper(database, place)
        self._inline = inline
        self._thread: WriterThread | InlineWriter = (
            InlineWriter(self._finish) if inline else WriterThread(self._idle, self._write_overdue, self._finish)
        )

    @property
    def tables_of_rights(self) -> frozenset[str]:
        """The tables of which a change may give or take rights: all of them, as far as this class knows."""
        return frozenset(row.table for row in REGISTRY)

    # -- life ---------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Open the writer and take in raw writes left from before."""
        self._thread.start()
        self._thread.call(self._open)

    def close(self) -> None:
        """Write what waits (access log, anchor) and end the thread."""
        self._thread.close()

    def flush(self) -> None:
        """Write the waiting access-log entries and the anchor now."""
        self._thread.call(self._write_now)

    def empty_log(self) -> None:
        """Move the log into the database and cut its file: what was blanked stands in neither. Waits for the disk.

        While somebody still reads what stood there before, it cannot be cut; then the idle writer tries again.
        """

        def now() -> None:
            self._keeper.wait()  # of two that move the log, the second gives up at once
            self._log_due = not self.database.checkpoint("TRUNCATE", wait=CUT_SECONDS)

        self._thread.call(now)

    # -- transactions -------------------------------------------------------------------------------------------

    def transact(self, work: Callable[[Step], ChangeSet], *, foreign_keys: bool = True) -> ChangeSet:
        """Run `work` in one write transaction on the writer thread and publish what it returns, once committed.

        Without `foreign_keys` (what other devices wrote), a row may refer to one that has not arrived yet.
        """
        if not self._thread.is_current:
            changes: ChangeSet = self._thread.call(lambda: self.transact(work, foreign_keys=foreign_keys))
            return changes
        step = Step(self, self._writer())
        seen = replace(self._foreign)
        try:
            with in_sentences(), self._references(foreign_keys):
                foreign, changes = self._in_transaction(step, work)
        except BaseException:
            self._foreign = seen
            raise
        finally:
            step.session_close()
        for entry in step.accesses:
            self._accesses.note(entry)
        if step.erased:
            self._wipe(step)
        self._after_commit(foreign)
        self._after_commit(changes)
        return changes

    @contextlib.contextmanager
    def _references(self, enforced: bool) -> Iterator[None]:
        """The pragma does nothing inside a transaction: it is set before and put back after."""
        if enforced:
            yield
            return
        self._raw().execute("PRAGMA foreign_keys = OFF")
        try:
            yield
        finally:
            self._raw().execute("PRAGMA foreign_keys = ON")

    def _in_transaction(self, step: Step, work: Callable[[Step], ChangeSet]) -> tuple[ChangeSet, ChangeSet]:
        transaction = step.connection.begin()
        try:
            foreign = self._foreign.take_in(step.connection)
            changes = work(step)
            step.keep_clock()
            if foreign or changes or step.wrote:
                transaction.commit()
            else:
                transaction.rollback()
        except BaseException:
            transaction.rollback()
            step.raw.rollback()  # a COMMIT that a deferred reference refused leaves SQLite’s transaction open
            raise
        self._foreign.newest = max(self._foreign.newest, step.last_n)
        return foreign, changes

    def _wipe(self, step: Step) -> None:
        """After an erasure: no sealed file, no segment of an index and no page of the log keeps what is gone."""
        with step.connection.begin():
            purge_projections(step.raw)
        for name in sorted(step.unsealed):
            self.files.remove(name)
        self.empty_log()

    # -- messages -----------------------------------------------------------------------------------------------

    def subscribe(self, listener: Callable[[ChangeSet], None]) -> Callable[[], None]:
        """Call `listener` on the writer thread after each commit, local or foreign; returns what stops it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    # -- the writer thread --------------------------------------------------------------------------------------

    def _write_overdue(self) -> None:
        if self._accesses.overdue:
            self._idle()

    def _open(self) -> None:
        self._connection = self.database.writer.connect()
        with self._connection.begin():
            self._foreign.start(self._connection)
        self._anchor_due = True

    def _finish(self) -> None:
        if self._connection is not None:
            self._look_and(self._write_now)
            self._keeper.close()
            self._connection.close()
            self._connection = None

    def _idle(self) -> None:
        self._look_and(self._write_waiting)

    def _look_and(self, write: Callable[[], None]) -> None:
        if self._connection is None:
            return
        try:
            if self._foreign.moved(self._connection):
                self._look_round(self._connection)
            write()
            self._failure = None
        except Exception as error:  # a held lock, a full disk: the next idle moment tries again
            if type(error) is not self._failure:
                _log.warning("the idle writer failed: %s", type(error).__name__)
            self._failure = type(error)

    def _look_round(self, connection: Connection) -> None:
        """Publish what other processes committed; only raw writes, which are adopted, need the lock."""
        with self.database.readers.connect() as reader, reader.begin():
            found = self._foreign.look(connection, reader)
        if found is None:
            self.transact(lambda step: ChangeSet())
        else:
            self._after_commit(found)

    def _write_waiting(self) -> None:
        """What waits, without waiting for the disk: the log and the anchor are kept on another thread."""
        self._write_entries()
        if self._inline:
            self._write_now()
        elif (
            (self._anchor_due or self._log_due or self._keeper.failed) and not self._keeper.busy and self._may_settle()
        ):
            self._anchor_due = False
            self._cut_log()
            self._keeper.start()

    @property
    def _is_due(self) -> bool:
        return self._anchor_due or self._log_due or self._keeper.failed

    def _cut_log(self) -> None:
        if self._log_due:
            self._log_due = not self.database.checkpoint("TRUNCATE", wait=0)

    def _may_settle(self) -> bool:
        now = time.monotonic()
        if now - self._settled_at < SETTLE_SECONDS:
            return False
        self._settled_at = now
        return True

    def _write_now(self) -> None:
        self._write_entries()
        self._keeper.wait()
        self._cut_log()
        if self._anchor_due or self._keeper.failed:
            keep(self._raw(), self.place)
            self._anchor_due, self._settled_at = False, time.monotonic()

    def _write_entries(self) -> None:
        entries = self._accesses.take()
        if entries:
            try:
                with self._writer().begin():
                    access_log.append(self._raw(), self.place.device, entries)
            except Exception:
                self._accesses.give_back(entries)
                raise
            self._anchor_due = True

    def adopt_raw(self) -> ChangeSet:
        """Take in writes made outside commands now (`sql --write` does before it returns)."""

        def now() -> ChangeSet:
            self._foreign.version = -1
            return self.transact(lambda step: ChangeSet())

        return self._thread.call(now)

    def _after_commit(self, changes: ChangeSet) -> None:
        if not changes:
            return
        self._anchor_due = True
        for listener in tuple(self._listeners):
            try:
                listener(changes)
            except Exception as error:  # the commit stands: a view that fails must not make it look refused
                _log.error("a listener failed: %s", type(error).__name__)

    def _raw(self) -> Any:
        return self._writer().connection.driver_connection

    def _writer(self) -> Connection:
        if self._connection is None:
            raise RuntimeError("the runner is not open")
        return self._connection

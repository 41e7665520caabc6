"""The runner: one writer thread, one transaction for each command, one message after each commit.

Order inside a command: permission → BEGIN IMMEDIATE → adopt raw writes → open operation → function → reactions →
projections → rules → seal → COMMIT → publish. Whatever raises on the way rolls all of it back.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Generic, ParamSpec, Protocol, TypeVar

from sqlalchemy import Connection

from app.core.clock import Clock, to_millis
from app.core.database import Database
from app.core.errors import PermissionDenied
from app.core.ids import new_id
from app.core.sealed import SealedStore
from app.core.settings import Setting
from app.journal import access_log, anchors, operations
from app.journal.access_log import Access
from app.journal.changes import ChangeSet, change_set
from app.journal.commands import Command, Query
from app.journal.operations import Draft
from app.journal.projections import PROJECTIONS, refresh_projections
from app.journal.queries import SYSTEM, Actor, Reading, watch_tables
from app.journal.refusals import in_sentences
from app.journal.step import Bulk, Observation, Step, command_undoable, draft_of
from app.journal.transaction import Transaction
from app.journal.writer import InlineWriter, WriterThread

__all__ = [
    "Authority",
    "Bulk",
    "ChangeSet",
    "Done",
    "Group",
    "Observation",
    "Place",
    "Runner",
    "Step",
    "Transaction",
    "command_undoable",
]

P = ParamSpec("P")
R = TypeVar("R")

ACCESS_SECONDS: Final = 1.0
"""The longest that an access-log entry waits."""
_log = logging.getLogger("archwire.runner")

SINCE: Final = (
    "SELECT c.tbl, c.pk, c.subject, o.id, o.n FROM operation o CROSS JOIN change c ON c.operation = o.n"
    " WHERE o.n > ? ORDER BY c.n"
)
"""Changes under later operations. CROSS JOIN keeps the order of the tables: left to itself, SQLite reads every change
there ever was to save the sorting of a few, two seconds in a folder of five years, inside the lock."""


class Authority(Protocol):
    """Who may do what; implemented by the access slice."""

    tables: frozenset[str]

    def actor(self, read: Reading, who: str) -> Actor:
        """The actor for a username or staff id; `NotFound` when there is none."""

    def name(self, read: Reading, actor_id: str) -> str:
        """The name shown for an actor of the journal."""


@dataclass(frozen=True, slots=True)
class Done(Generic[R]):
    """A command that has been committed. `operation_id` is empty when nothing changed."""

    result: R
    operation_id: str
    changes: ChangeSet
    undoable: bool
    group_id: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where the runner works: folder, device id, schema number, keys for the anchor, kind of folder."""

    folder: Path
    device: str
    schema: int
    anchor_key: bytes
    kind: str


class Runner:
    """Runs commands on its own thread and answers queries on the caller's."""

    def __init__(
        self,
        database: Database,
        files: SealedStore,
        clock: Clock,
        place: Place,
        authority: Authority | None = None,
        *,
        inline: bool = False,
    ) -> None:
        self.database = database
        self.files = files
        self.clock = clock
        self.place = place
        self.authority = authority
        self.observers: list[Callable[[Observation], None]] = []
        self._listeners: list[Callable[[ChangeSet], None]] = []
        self._accesses: list[Access] = []
        self._access_since = 0.0
        self._access_lock = threading.Lock()
        self._anchor_due = False
        self._failure: type[Exception] | None = None
        self._seen_version = -1
        self._seen_n = 0
        self._connection: Connection | None = None
        self._thread: WriterThread | InlineWriter = (
            InlineWriter(self._finish) if inline else WriterThread(self._idle, self._write_overdue, self._finish)
        )
        watch_tables(database.readers)

    # -- life ---------------------------------------------------------------------------------------------------

    def start(self) -> Runner:
        """Open the writer and take in raw writes left from before."""
        self._thread.start()
        self._thread.call(self._open)
        return self

    def close(self) -> None:
        """Write what waits (access log, anchor) and end the thread."""
        self._thread.close()

    def __enter__(self) -> Runner:
        return self.start()

    def __exit__(self, *error: object) -> None:
        self.close()

    # -- commands -----------------------------------------------------------------------------------------------

    def run(self, actor: Actor, command: Command[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a command and wait; returns its result or raises the `ClinicError` that refused it."""
        return self.run_bound(actor, command, command.bind(args, kwargs)).result

    def run_bound(
        self,
        actor: Actor,
        command: Command[..., R],
        arguments: dict[str, Any],
        *,
        group: str | None = None,
        reason: str | None = None,
    ) -> Done[R]:
        """As `run`, with the arguments by name. On the writer thread (in a listener) it runs at once."""
        done: Done[R] = self._thread.call(lambda: self._run(actor, command, arguments, group, reason))
        return done

    def submit(self, actor: Actor, command: Command[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[Done[R]]:
        """Queue a command; the future gives what it did."""
        return self.submit_bound(actor, command, command.bind(args, kwargs))

    def submit_bound(
        self,
        actor: Actor,
        command: Command[..., R],
        arguments: dict[str, Any],
        *,
        group: str | None = None,
        reason: str | None = None,
    ) -> Future[Done[R]]:
        """As `submit`, with the arguments by name (generated forms and the command line)."""
        return self._thread.submit(lambda: self._run(actor, command, arguments, group, reason))

    @contextlib.contextmanager
    def group(self, actor: Actor, label: str) -> Iterator[Group]:
        """Several operations that are one undo step and one audit line; `label` is a msgid kept as their reason."""
        yield Group(self, actor, label, new_id())

    def bulk(self, actor: Actor, label: str, work: Callable[[Bulk], R]) -> Done[R]:
        """Many operations of one group in one commit, all or none: an import, a demonstration.

        `work` runs on the writer thread and holds the write lock; nobody else commands meanwhile.
        """
        made: list[R] = []
        group = new_id()

        def once(step: Step) -> ChangeSet:
            bulk = Bulk(step, actor, label, group)
            made.append(work(bulk))
            return bulk.changes

        changes = self.transact(once)
        return Done(made[0], "", changes, bool(changes), group)

    def _run(
        self, actor: Actor, command: Command[..., R], arguments: dict[str, Any], group: str | None, reason: str | None
    ) -> Done[R]:
        with self._noting_refusal(actor, command.name):
            draft = draft_of(actor, command, arguments, group, reason)
            return self.commit(
                actor, draft, lambda tx: command.function(tx, **arguments), undoable=command_undoable(command)
            )

    @contextlib.contextmanager
    def _noting_refusal(self, actor: Actor, name: str) -> Iterator[None]:
        """Every right that is missing goes to the access log, also one that is asked for inside."""
        try:
            yield
        except PermissionDenied:
            self.access(actor, "refused", detail=name)
            raise

    def commit(
        self, actor: Actor, draft: Draft, work: Callable[[Transaction], R], *, undoable: Callable[[Sequence[Any]], bool]
    ) -> Done[R]:
        """Run `work` as one operation on the writer thread (undo, erasure and commands all end here)."""
        done: list[Done[R]] = []

        def once(step: Step) -> ChangeSet:
            result, changes, rows = step.operation(actor, draft, work)
            operation = changes.operations[0] if changes.operations else ""
            done.append(Done(result, operation, changes, bool(rows) and undoable(rows), draft.group))
            return changes

        self.transact(once)
        return done[0]

    def transact(self, work: Callable[[Step], ChangeSet], *, foreign_keys: bool = True) -> ChangeSet:
        """Run `work` in one write transaction on the writer thread and publish what it returns, once committed.

        Without `foreign_keys` (what other devices wrote), a row may refer to one that has not arrived yet.
        """
        if not self._thread.is_current:
            changes: ChangeSet = self._thread.call(lambda: self.transact(work, foreign_keys=foreign_keys))
            return changes
        step = Step(self, self._writer())
        seen = (self._seen_version, self._seen_n)
        try:
            with in_sentences(), self._references(foreign_keys):
                foreign, changes = self._in_transaction(step, work)
        except BaseException:
            self._seen_version, self._seen_n = seen
            raise
        finally:
            step.session_close()
        for entry in step.accesses:
            self._note_access(entry)
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
            foreign = self._take_in_foreign(step.connection)
            changes = work(step)
            if foreign or changes or step.wrote:
                transaction.commit()
            else:
                transaction.rollback()
        except BaseException:
            transaction.rollback()
            step.raw.rollback()  # a COMMIT that a deferred reference refused leaves SQLite’s transaction open
            raise
        self._seen_n = max(self._seen_n, step.last_n)
        return foreign, changes

    # -- queries ------------------------------------------------------------------------------------------------

    def ask(self, actor: Actor, query: Query[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """A query's answer, on a reader connection, in the caller's thread."""
        return self.ask_with_tables(actor, query, *args, **kwargs)[0]

    def ask_with_tables(
        self, actor: Actor, query: Query[P, R], /, *args: P.args, **kwargs: P.kwargs
    ) -> tuple[R, frozenset[str]]:
        """The answer and the tables that it was read from: a commit that touches them makes it stale."""
        with self._noting_refusal(actor, query.name), self.read(actor) as read:
            if query.permission is not None:
                read.require(query.permission)
            answer = query.function(read, *args, **kwargs)
            return answer, frozenset(read.tables)

    @contextlib.contextmanager
    def read(self, actor: Actor) -> Iterator[Reading]:
        """A reading on one snapshot of the database."""
        with self.database.readers.connect() as connection:
            tables: set[str] = set()
            connection.info["tables"] = tables
            try:
                yield Reading(connection, self.clock, actor, tables)
            finally:
                connection.info.pop("tables", None)

    def actor(self, who: str) -> Actor:
        """The actor for a username or staff id."""
        if self.authority is None:
            return SYSTEM
        with self.read(SYSTEM) as read:
            return self.authority.actor(read, who)

    def setting(self, actor: Actor, setting: Setting[R]) -> R:
        """A setting's value in force for an actor."""
        from app.journal.settings_store import value_of

        with self.read(actor) as read:
            return value_of(read, setting)

    # -- undo ---------------------------------------------------------------------------------------------------

    def undo(self, actor: Actor, operation_id: str) -> Done[None]:
        """Undo one operation; `RuleViolation` names who has changed the rows since."""
        from app.journal.undo import undo_operations

        with self._noting_refusal(actor, "undo"):
            return undo_operations(self, actor, operation=operation_id)

    def undo_group(self, actor: Actor, group_id: str) -> Done[None]:
        """Undo every operation of a group, all or none."""
        from app.journal.undo import undo_operations

        with self._noting_refusal(actor, "undo"):
            return undo_operations(self, actor, group=group_id)

    # -- messages -----------------------------------------------------------------------------------------------

    def subscribe(self, listener: Callable[[ChangeSet], None]) -> Callable[[], None]:
        """Call `listener` on the writer thread after each commit, local or foreign; returns what stops it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def access(self, actor: Actor, kind: str, subject: str | None = None, detail: str | None = None) -> None:
        """Note a read, a refusal or a sign-in in the access log; written within a second."""
        entry = Access(to_millis(self.clock.now()), actor.id or None, actor.session, kind, subject, detail)
        self._note_access(entry)

    def flush(self) -> None:
        """Write the waiting access-log entries and the anchor now."""
        self._thread.call(self._write_waiting)

    # -- the writer thread --------------------------------------------------------------------------------------

    def _write_overdue(self) -> None:
        if self._accesses and time.monotonic() - self._access_since > ACCESS_SECONDS:
            self._idle()

    def _open(self) -> None:
        self._connection = self.database.writer.connect()
        raw = self._raw()
        with self._connection.begin():
            self._seen_version = self._version()
            self._seen_n = raw.execute("SELECT coalesce(max(n), 0) FROM operation").fetchone()[0]
            self._adopt(self._connection)
        self._anchor_due = True

    def _finish(self) -> None:
        if self._connection is not None:
            self._idle()
            self._connection.close()
            self._connection = None

    def _idle(self) -> None:
        if self._connection is None:
            return
        try:
            if self._version() != self._seen_version:
                self.transact(lambda step: ChangeSet())
            self._write_waiting()
            self._failure = None
        except Exception as error:  # a held lock, a full disk: the next idle moment tries again
            if type(error) is not self._failure:
                _log.warning("the idle writer failed: %s", type(error).__name__)
            self._failure = type(error)

    def _write_waiting(self) -> None:
        with self._access_lock:
            entries, self._accesses = self._accesses, []
        if entries:
            connection = self._writer()
            try:
                with connection.begin():
                    access_log.append(self._raw(), self.place.device, entries)
            except Exception:
                with self._access_lock:
                    self._accesses = entries + self._accesses
                raise
            self._anchor_due = True
        if self._anchor_due:
            self._raw().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
            anchors.advance_anchor(self._raw(), self.place.folder, self.place.device, self.place.anchor_key)
            self._anchor_due = False

    def _note_access(self, entry: Access) -> None:
        with self._access_lock:
            if not self._accesses:
                self._access_since = time.monotonic()
            self._accesses.append(entry)

    def _take_in_foreign(self, connection: Connection) -> ChangeSet:
        """Inside the lock: adopt raw writes and collect what other processes committed since the last look."""
        version = self._version()
        if version == self._seen_version:
            return ChangeSet()
        self._seen_version = version
        adopted = self._adopt(connection)
        raw = self._raw()
        rows = raw.execute(SINCE, (self._seen_n,)).fetchall()
        ids = tuple(dict.fromkeys(row[3] for row in rows))
        found = change_set([row[:3] for row in rows], ids, "foreign")
        self._seen_n = max([self._seen_n, *(row[4] for row in rows)])
        read = Reading(connection, self.clock, SYSTEM)
        return found.joined(_projected(read, found)).joined(adopted.tables)

    def _adopt(self, connection: Connection) -> ChangeSet:
        raw = self._raw()
        adopted = operations.adopt(raw, self.place.device, self.place.schema)
        rows = [row for _opened, changes in adopted for row in operations.touched(changes)]
        changes = change_set(rows, tuple(opened.header.id for opened, _changes in adopted), "raw")
        if not changes:
            return changes
        savepoint = connection.begin_nested()
        try:
            changes = refresh_projections(Reading(connection, self.clock, SYSTEM), changes)
            savepoint.commit()
        except Exception as error:  # what cannot be read was written already: it must not stop everybody's commands
            savepoint.rollback()
            _log.error("projections of a raw write failed: %s", type(error).__name__)
        return changes

    def adopt_raw(self) -> ChangeSet:
        """Take in writes made outside commands now (`sql --write` does before it returns)."""
        self._seen_version = -1
        return self._thread.call(lambda: self.transact(lambda step: ChangeSet()))

    def _after_commit(self, changes: ChangeSet) -> None:
        if not changes:
            return
        self._anchor_due = True
        for listener in tuple(self._listeners):
            try:
                listener(changes)
            except Exception as error:  # the commit stands: a view that fails must not make it look refused
                _log.error("a listener failed: %s", type(error).__name__)

    def _version(self) -> int:
        return int(self._raw().execute("PRAGMA data_version").fetchone()[0])

    def _raw(self) -> Any:
        return self._writer().connection.driver_connection

    def _writer(self) -> Connection:
        if self._connection is None:
            raise RuntimeError("the runner is not open")
        return self._connection


@dataclass(frozen=True, slots=True)
class Group:
    """Operations that belong together."""

    runner: Runner
    actor: Actor
    label: str
    id: str

    def run(self, command: Command[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run one command of the group and wait."""
        arguments = command.bind(args, kwargs)
        return self.runner.run_bound(self.actor, command, arguments, group=self.id, reason=self.label).result


def _projected(read: Reading, changes: ChangeSet) -> dict[str, Sequence[str]]:
    touched = (item for item in PROJECTIONS.values() if item.concerned(changes))
    return {item.target.__tablename__: list(item.touched(read, changes)) for item in touched}

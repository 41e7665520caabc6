"""The runner: one writer thread, one transaction for each command, one message after each commit.

Order inside a command: permission → BEGIN IMMEDIATE → adopt raw writes → open operation → function → reactions →
projections → rules → seal → COMMIT → publish. Whatever raises on the way rolls all of it back.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Generic, ParamSpec, Protocol, TypeVar

from app.core.clock import Clock, to_millis
from app.core.database import Database
from app.core.errors import PermissionDenied
from app.core.ids import new_id
from app.core.sealed import SealedStore
from app.core.settings import Setting
from app.journal.access_log import Access
from app.journal.changes import ChangeSet
from app.journal.commands import Command, Query
from app.journal.operations import Draft
from app.journal.queries import SYSTEM, Actor, Reading, watch_tables
from app.journal.step import Bulk, Observation, Step, command_undoable, draft_of
from app.journal.transaction import Transaction
from app.journal.writing import Place, Writing

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


class Runner(Writing):
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
        super().__init__(database, files, clock, place, inline=inline)
        self.authority = authority
        watch_tables(database.readers)

    @property
    def tables_of_rights(self) -> frozenset[str]:
        """The tables of which a change may give or take rights."""
        return super().tables_of_rights if self.authority is None else self.authority.tables

    def start(self) -> Runner:
        """Open the writer and take in raw writes left from before."""
        self.begin()
        return self

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

    # -- the access log -----------------------------------------------------------------------------------------

    def access(self, actor: Actor, kind: str, subject: str | None = None, detail: str | None = None) -> None:
        """Note a read, a refusal or a sign-in in the access log; written within a second."""
        entry = Access(to_millis(self.clock.now()), actor.id or None, actor.session, kind, subject, detail)
        self._accesses.note(entry)


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

"""One write transaction and the operations that are made in it.

Order inside an operation: open → function → reactions → projections → rules → seal.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.core.clock import to_millis
from app.core.errors import PermissionDenied, RuleViolation
from app.core.i18n import N_
from app.journal import operations
from app.journal.access_log import Access
from app.journal.chain import GENESIS, Header
from app.journal.changes import ChangeSet, change_set, change_set_of, join_all
from app.journal.commands import Command, stored_arguments
from app.journal.operations import Draft, Opened
from app.journal.projections import refresh_projections
from app.journal.queries import SYSTEM, Actor, Reading
from app.journal.rules import check_rules
from app.journal.transaction import Transaction

if TYPE_CHECKING:
    from app.journal.writing import Writing

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(slots=True)
class Observation:
    """What a command wrote, for footprints: {table: {kind: columns}}."""

    command: str
    rows: list[tuple[Any, ...]]


@dataclass(slots=True)
class Gathered:
    """Change rows of remote operations whose projections wait."""

    operations: list[str] = field(default_factory=list)
    rows: list[tuple[Any, ...]] = field(default_factory=list)

    def add(self, operation: str, rows: list[tuple[Any, ...]]) -> None:
        """One more operation."""
        self.operations.append(operation)
        self.rows += rows

    def changes(self) -> ChangeSet:
        """All of it."""
        return change_set_of(self.rows, tuple(self.operations), "remote")


@dataclass(slots=True)
class Step:
    """One write transaction, in which one or several operations are made."""

    runner: Writing
    connection: Connection
    accesses: list[Access] = field(default_factory=list)
    wrote: bool = False
    last_n: int = 0
    erased: bool = False
    """Whether a person was erased: what the disk still holds of them is wiped after the commit."""
    unsealed: set[str] = field(default_factory=set)
    """Sealed files that go with the commit."""
    raw: Any = None
    """The DB-API connection of the writer."""
    _session: Session | None = None
    _postponed: Gathered | None = None
    _newest: int = -1
    _observed: int = -1

    def __post_init__(self) -> None:
        self.raw = self.connection.connection.driver_connection

    def session_close(self) -> None:
        """Let go of the records."""
        if self._session is not None:
            self._session.close()

    def operation(
        self, actor: Actor, draft: Draft, work: Callable[[Transaction], R]
    ) -> tuple[R, ChangeSet, list[tuple[Any, ...]]]:
        """Open an operation, run the work, its reactions, projections and rules, and seal it."""
        self.keep_clock()
        runner = self.runner
        now = runner.clock.now()
        opened = operations.open_operation(
            self.raw, runner.place.device, runner.place.schema, draft, millis=to_millis(now)
        )
        before = self.raw.total_changes
        tx = self._transaction(actor, opened, now)
        result = work(tx)
        tx.react()
        tx.session.flush()
        rows = operations.changes_of(self.raw, opened.n)
        self.accesses.extend(tx.accesses)
        local = change_set([(table, key, None) for table, key in tx.local], (), "here")
        if not rows and draft.origin != "erasure":
            self.wrote = self.wrote or self.raw.total_changes > before
            operations.discard(self.raw, opened)
            self._told(draft, rows)
            return result, local, rows
        self.wrote = True
        if len(rows) > operations.MAXIMUM_CHANGES:
            raise RuleViolation(
                N_("One operation holds at most {limit} changes; this one has {count}."),
                limit=operations.MAXIMUM_CHANGES, count=len(rows),
            )  # fmt: skip
        changes = change_set_of(rows, (opened.header.id,), opened.header.origin)
        changes = refresh_projections(tx.reading(), changes)
        check_rules(tx, changes)
        tx.session.flush()
        if self.raw.execute("SELECT count(*) FROM change WHERE operation = ?", (opened.n,)).fetchone()[0] != len(rows):
            raise RuntimeError("a rule or a projection wrote a captured table")
        operations.seal(self.raw, opened, rows)
        self.last_n = opened.n
        self._newest = max(self._newest, opened.header.hlc) if self._newest >= 0 else -1
        self._told(draft, rows)
        return result, changes.joined(local.tables), rows

    def _told(self, draft: Draft, rows: list[tuple[Any, ...]]) -> None:
        """Tell the observers, also of a command that wrote nothing captured: its footprint is then empty."""
        for observer in self.runner.observers:
            observer(Observation(draft.command, rows))

    def remote(
        self,
        header: Header,
        texts: tuple[str | None, str | None],
        work: Callable[[Any], None],
        sequence: int | None = None,
    ) -> ChangeSet:
        """An operation of another device: captured and projected like our own, without reactions or rules.

        `texts` are its arguments and reason; `work` writes the rows. It is linked to nothing: the server's chain is.
        """
        n, rows = self.take_in(header, texts, work, sequence)
        changes = change_set_of(rows, (header.id,), "remote") if n else ChangeSet()
        if not n or self._postponed is not None:
            return changes
        return refresh_projections(Reading(self.connection, self.runner.clock, SYSTEM), changes)

    def take_in(
        self,
        header: Header,
        texts: tuple[str | None, str | None],
        work: Callable[[Any], None],
        sequence: int | None = None,
        *,
        numbers: bool = False,
    ) -> tuple[int, list[tuple[Any, ...]]]:
        """As `remote`, and what it touched is left to the next `project`: its row number (0: no effect) and changes.

        `sequence` is the server's number for it; with `numbers` this is the server, and the row number is that.
        """
        run = self.raw
        opened = operations.insert_operation(run, header, *texts, GENESIS)
        work(run)
        rows = operations.changes_of(run, opened.n)
        if not rows and header.origin != "erasure":
            operations.discard(run, opened)
            return 0, rows
        operations.seal(run, opened, rows, opened.n if numbers else sequence)
        self.last_n = opened.n
        if self._postponed is not None:
            self._postponed.add(header.id, rows)
        return opened.n, rows

    def postpone_projections(self) -> None:
        """From here on what remote operations touch is projected by `project`, once for many of them."""
        self._postponed = Gathered()

    def project(self) -> ChangeSet:
        """Project what remote operations have touched since the last time; who reads a projection asks for it before.

        Returns all of it, the projected tables included.
        """
        if self._postponed is None or not self._postponed.rows:
            return ChangeSet()
        changes, self._postponed = self._postponed.changes(), Gathered()
        return refresh_projections(Reading(self.connection, self.runner.clock, SYSTEM), changes)

    # -- the clock ----------------------------------------------------------------------------------------------

    @property
    def newest_clock(self) -> int:
        """No operation that is here has a later hybrid logical clock."""
        if self._newest < 0:
            self._newest = operations.newest_clock(self.raw)
        return self._newest

    def observe(self, hlc: int) -> None:
        """What is written here from now on is later than this clock; kept once for many operations."""
        if hlc > self._observed:
            self._observed = hlc
            self._newest = max(self.newest_clock, hlc)

    def keep_clock(self) -> None:
        """Write down what was observed: before an own operation is stamped, and before the commit."""
        if self._observed >= 0:
            operations.observe(self.raw, self._observed)

    def _transaction(self, actor: Actor, opened: Opened, now: Any) -> Transaction:
        self.session_close()
        self._session = Session(bind=self.connection, expire_on_commit=False)
        return Transaction(
            self._session, self.connection, actor, self.runner.clock, self.runner.place.device, self.runner.files,
            opened.header.id, now,
        )  # fmt: skip


@dataclass(slots=True)
class Bulk:
    """Runs the commands of one group inside one transaction."""

    step: Step
    actor: Actor
    label: str
    group: str
    _made: list[ChangeSet] = field(default_factory=list)

    @property
    def changes(self) -> ChangeSet:
        """What all of them touched."""
        return join_all(self._made)

    def run(self, command: Command[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run one command of the group, as an operation of its own."""
        return self._run(command, command.bind(args, kwargs))

    def _run(self, command: Command[..., R], arguments: dict[str, Any]) -> R:
        draft = draft_of(self.actor, command, arguments, self.group, self.label)
        result, made, _rows = self.step.operation(self.actor, draft, lambda tx: command.function(tx, **arguments))
        self._made.append(made)
        return result


def draft_of(
    actor: Actor, command: Command[..., Any], arguments: dict[str, Any], group: str | None, reason: str | None
) -> Draft:
    """The operation of a command, once the actor's right to it is sure; `PermissionDenied` otherwise."""
    if not actor.may(command.permission):
        assert command.permission is not None
        raise PermissionDenied(command.permission.name, command.permission.label)
    arguments_kept = stored_arguments(command, arguments)
    return Draft(command.name, actor.id or None, arguments_kept, actor.session, reason, group=group)


def command_undoable(command: Command[..., Any]) -> Callable[[Sequence[Any]], bool]:
    """Whether an operation of this command can be undone, given its change rows."""
    from app.journal.undo import is_field_update

    return lambda rows: command.undo is not None or is_field_update(rows)

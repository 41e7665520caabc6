"""Applying operations of other devices, by the registry's merge words. Transport and verdicts belong to `sync`.

EVENT rows are inserted once. Where an operation has no sequence yet (on the server) FIELD columns are taken when their
clock (hybrid logical clock, then device) is later than that of every change of the column known here. Where it has one
the server has judged: it gives out only what had an effect, in order, so that every column is taken but those that an
own operation wrote which the server took in later or has not answered yet. What this version does not know is parked.
Remote operations never run reactions and are never sent again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from app.core.ids import derived_id
from app.journal.chain import Header
from app.journal.changes import ChangeSet
from app.journal.erasure import erase_arrived, subject_erased
from app.journal.operations import set_state, state
from app.journal.records import REGISTRY, Merge

if TYPE_CHECKING:
    from app.journal.runner import Runner, Step

Stamp = tuple[int, str]


@dataclass(frozen=True, slots=True)
class RemoteChange:
    """One change of a remote operation: `values` are the columns' new values, as stored (text or whole number)."""

    table: str
    key: str
    kind: str
    values: Mapping[str, Any] = field(default_factory=dict)
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class RemoteOperation:
    """An operation as another device sent it; `sequence` is the server's number for it.

    `by_clock`: its CONFIG rows are merged like FIELD rows, for they were accepted once already. `echo_of`: it is an
    erasure that this device has made under that number.
    """

    id: str
    device: str
    number: int
    command: str
    actor: str | None
    hlc: int
    schema: int
    changes: tuple[RemoteChange, ...]
    sequence: int | None = None
    arguments: str | None = None
    session: str | None = None
    reason: str | None = None
    undoes: str | None = None
    group: str | None = None
    erasure: bool = False
    by_clock: bool = False
    echo_of: int = 0

    def header(self) -> Header:
        """Its header as this database keeps it."""
        origin = "erasure" if self.erasure else "remote"
        return Header(
            self.id, origin, self.device, self.number, self.command, self.actor, self.session, self.hlc, self.schema,
            self.undoes, self.group,
        )  # fmt: skip


def apply_remote(runner: Runner, received: Sequence[RemoteOperation]) -> ChangeSet:
    """Apply a page of remote operations in one transaction; those already here are passed over."""

    def work(step: Step) -> ChangeSet:
        changes = ChangeSet()
        for operation in received:
            changes = changes.followed_by(apply_one(step, operation))
        return changes

    return runner.transact(work, foreign_keys=False)


def apply_one(step: Step, operation: RemoteOperation) -> ChangeSet:
    """Apply one remote operation inside a transaction that is open; empty when it is here already or has no effect.

    The transaction does not enforce references: a row that another device wrote may arrive later.
    """
    if _known(step.raw, operation):
        return ChangeSet()
    texts = (operation.arguments, operation.reason)

    def work(run: Any) -> None:
        _apply(run, operation)
        subject = subject_erased(operation.arguments) if operation.erasure else None
        if subject is not None:
            erase_arrived(step, subject, operation.echo_of)

    made = step.remote(operation.header(), texts, work)
    _note(step, operation)
    return made


def _known(run: Any, operation: RemoteOperation) -> bool:
    """Whether it is here already; an echo of our own operation only fills in the server's sequence number."""
    place = (operation.device, operation.number)
    if not run.execute("SELECT 1 FROM operation WHERE device = ? AND number = ?", place).fetchone():
        return False
    if operation.sequence is not None:
        run.execute("UPDATE operation SET sequence = ? WHERE device = ? AND number = ?", (operation.sequence, *place))
    return True


def _note(step: Step, operation: RemoteOperation) -> None:
    step.wrote = True
    if operation.sequence is not None:
        step.raw.execute("UPDATE operation SET sequence = ? WHERE id = ?", (operation.sequence, operation.id))
    observe(step.raw, operation.hlc)


def observe(run: Any, hlc: int) -> None:
    """What is written here from now on is later than this clock: its author has seen what it stamped."""
    if hlc > int(state(run, "observed_hlc") or 0):
        set_state(run, "observed_hlc", str(hlc))


def _apply(run: Any, operation: RemoteOperation) -> None:
    for place, change in enumerate(operation.changes):
        row = REGISTRY.get(change.table)
        unknown = set() if row is None else set(change.values) - set(row.columns)
        if row is None or not row.captured or (unknown and row.merge is Merge.EVENT):
            _park(run, operation, change, place)
            continue
        known = _without(run, operation, change, place, unknown) if unknown else change
        if row.merge is Merge.EVENT and not operation.erasure:
            _insert_event(run, operation, known)
        else:
            _merge_fields(run, operation, known, place, merge=row.merge)


def _without(run: Any, operation: RemoteOperation, change: RemoteChange, place: int, unknown: set[str]) -> RemoteChange:
    """What this version knows of a change is shown; the rest waits for the version that knows it."""
    later = {name: change.values[name] for name in sorted(unknown)}
    _park(run, operation, RemoteChange(change.table, change.key, "upd", later, change.subject), place)
    known = {name: value for name, value in change.values.items() if name not in unknown}
    return RemoteChange(change.table, change.key, change.kind, known, change.subject)


def _insert_event(run: Any, operation: RemoteOperation, change: RemoteChange) -> None:
    """Events arrive once; the same id again is a duplicate, other content under it goes to the inbox."""
    columns = list(change.values)
    names = ", ".join(f'"{name}"' for name in columns)
    found = run.execute(f'SELECT {names} FROM "{change.table}" WHERE id = ?', (change.key,)).fetchone()
    if found is None:
        places = ", ".join("?" * len(columns))
        run.execute(f'INSERT INTO "{change.table}"({names}) VALUES({places})', tuple(change.values.values()))
    elif tuple(found) != tuple(change.values.values()):
        _to_inbox(run, operation, change, "immutable")


def _merge_fields(run: Any, operation: RemoteOperation, change: RemoteChange, place: int, *, merge: Merge) -> None:
    present = run.execute(f'SELECT 1 FROM "{change.table}" WHERE id = ?', (change.key,)).fetchone() is not None
    if change.kind == "del":
        run.execute(f'DELETE FROM "{change.table}" WHERE id = ?', (change.key,))
    elif not present and (change.kind == "ins" or (change.kind == "era" and "id" in change.values)):
        own = {} if operation.sequence is None else _decided_later(run, change, operation.sequence)
        values = {**change.values, **own}
        names, places = ", ".join(f'"{name}"' for name in values), ", ".join("?" * len(values))
        run.execute(f'INSERT INTO "{change.table}"({names}) VALUES({places})', tuple(values.values()))
    elif not present:
        if change.kind != "era":
            _park(run, operation, change, place)
    else:
        winners = {name: value for name, value in change.values.items() if name != "id"}
        if operation.sequence is None and (merge is Merge.FIELD or operation.by_clock) and not operation.erasure:
            clocks = field_clocks(run, change.table, change.key)
            stamp = (operation.hlc, operation.device)
            winners = {name: value for name, value in winners.items() if stamp > clocks.get(name, (0, ""))}
        elif operation.sequence is not None:
            kept = _decided_later(run, change, operation.sequence)
            winners = {name: value for name, value in winners.items() if name not in kept}
        if winners:
            places = ", ".join(f'"{name}" = ?' for name in winners)
            run.execute(f'UPDATE "{change.table}" SET {places} WHERE id = ?', (*winners.values(), change.key))


def _decided_later(run: Any, change: RemoteChange, sequence: int) -> dict[str, Any]:
    """The columns of a row that own operations wrote which the server took in later, or has not answered, and what
    they wrote: the row may be gone meanwhile, because its own making was refused, and come again from elsewhere.

    An own operation that came back in a page is answered by that, though the answer to its push is still on its way.
    """
    rows = run.execute(
        "SELECT c.kind, c.delta FROM change c JOIN operation o ON o.n = c.operation WHERE c.tbl = ? AND c.pk = ?"
        " AND c.delta IS NOT NULL AND o.device = (SELECT v FROM journal_state WHERE k = 'device')"
        " AND (o.sequence > ? OR o.sequence IS NULL AND o.number > coalesce("
        "(SELECT CAST(v AS INTEGER) FROM journal_state WHERE k = 'acknowledged'), 0))"
        " AND o.id NOT IN (SELECT operation FROM inbox_item) ORDER BY c.n",
        (change.table, change.key, sequence),
    )
    own: dict[str, Any] = {}
    for kind, delta in rows:
        if kind == "del":
            own.clear()
        else:
            own.update({name: after for name, (_before, after) in msgspec.json.decode(delta).items()})
    return own


def field_clocks(run: Any, table: str, key: str) -> dict[str, Stamp]:
    """For each column of a row, the latest (hybrid logical clock, device) that wrote it, from the journal."""
    clocks: dict[str, Stamp] = {}
    query = (
        "SELECT o.hlc, o.device, c.delta FROM change c JOIN operation o ON o.n = c.operation"
        " WHERE c.tbl = ? AND c.pk = ? AND o.hash IS NOT NULL"
    )
    for hlc, device, delta in run.execute(query, (table, key)):
        columns = msgspec.json.decode(delta) if delta else REGISTRY[table].columns
        for name in columns:
            clocks[name] = max(clocks.get(name, (0, "")), (hlc, device))
    return clocks


def _park(run: Any, operation: RemoteOperation, change: RemoteChange, place: int) -> None:
    parked = {"key": change.key, "kind": change.kind, "values": dict(change.values), "subject": change.subject}
    content = msgspec.json.encode(parked).decode()
    run.execute(
        "INSERT OR IGNORE INTO parked_change(id, operation, table_name, content, hlc, device) VALUES(?, ?, ?, ?, ?, ?)",
        (
            derived_id(operation.id, change.table, change.key, str(place)), operation.id, change.table, content,
            operation.hlc, operation.device,
        ),
    )  # fmt: skip


def _to_inbox(run: Any, operation: RemoteOperation, change: RemoteChange, code: str) -> None:
    content = msgspec.json.encode({"table": change.table, "key": change.key, "values": dict(change.values)}).decode()
    run.execute(
        "INSERT OR IGNORE INTO inbox_item(id, operation, code, content, received_at)"
        " VALUES(?, ?, ?, ?, CAST(unixepoch('subsec') * 1000 AS INTEGER))",
        (derived_id(operation.id, change.table, change.key, code), operation.id, code, content),
    )

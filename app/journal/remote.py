"""Applying operations of other devices, by the registry's merge words. Transport and verdicts belong to `sync`.

EVENT rows are inserted once. Where an operation has no sequence yet (on the server) FIELD columns are taken when their
clock (hybrid logical clock, then device) is later than that of every change of the column known here. Where it has one
the server has judged: it gives out only what had an effect, in order, so that every column is taken but those that an
own operation wrote which the server took in later or has not answered yet. What this version does not know is parked.
Remote operations never run reactions and are never sent again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import msgspec

from app.core.ids import derived_id
from app.journal.chain import Header
from app.journal.changes import ChangeSet
from app.journal.erasure import erase_arrived, subject_erased
from app.journal.operations import state
from app.journal.records import REGISTRY, Merge

if TYPE_CHECKING:
    from app.journal.runner import Runner, Step

Stamp = tuple[int, str]
_encode = msgspec.json.Encoder().encode


class RemoteChange(msgspec.Struct, frozen=True):
    """One change of a remote operation: `values` are the columns' new values, as stored (text or whole number)."""

    table: str
    key: str
    kind: str
    values: Mapping[str, Any] = msgspec.field(default_factory=dict)
    subject: str | None = None


class RemoteOperation(msgspec.Struct, frozen=True):
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

    def texts(self) -> tuple[str | None, str | None]:
        """Its arguments and its reason."""
        return self.arguments, self.reason

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
    own = OwnWrites(step.raw, (operation,))
    made = step.remote(
        operation.header(), operation.texts(), lambda run: _take_in(step, operation, own), operation.sequence
    )
    _note(step, operation)
    return made


def apply_later(step: Step, operation: RemoteOperation, own: OwnWrites | None = None, *, numbers: bool = False) -> int:
    """Apply one remote operation that is not here, one of many; `Step.project` projects what it has touched.

    Its row number here, 0 when it has no effect. With `numbers` this is the server, and that is its sequence.
    """
    n, _rows = step.take_in(
        operation.header(), operation.texts(), lambda run: _take_in(step, operation, own), operation.sequence,
        numbers=numbers,
    )  # fmt: skip
    _note(step, operation)
    return n


def numbers_here(run: Any, operations: Iterable[RemoteOperation]) -> dict[tuple[str, int], int | None]:
    """{(device, number): sequence} of those that are here already."""
    asked: dict[str, list[int]] = {}
    for operation in operations:
        asked.setdefault(operation.device, []).append(operation.number)
    query = "SELECT number, sequence FROM operation WHERE device = ? AND number IN (SELECT value FROM json_each(?))"
    return {
        (device, number): sequence
        for device, numbers in asked.items()
        for number, sequence in run.execute(query, (device, _encode(numbers).decode()))
    }


def echoed(run: Any, operation: RemoteOperation) -> None:
    """An operation that is here comes by: the server's sequence number is filled in."""
    if operation.sequence is not None:
        place = (operation.sequence, operation.device, operation.number)
        run.execute("UPDATE operation SET sequence = ? WHERE device = ? AND number = ?", place)


def _known(run: Any, operation: RemoteOperation) -> bool:
    """Whether it is here already; an echo of our own operation only fills in the server's sequence number."""
    place = (operation.device, operation.number)
    if not run.execute("SELECT 1 FROM operation WHERE device = ? AND number = ?", place).fetchone():
        return False
    echoed(run, operation)
    return True


def _note(step: Step, operation: RemoteOperation) -> None:
    step.wrote = True
    step.observe(operation.hlc)


def _take_in(step: Step, operation: RemoteOperation, own: OwnWrites | None) -> None:
    """Its changes, and of an erasure also what only this machine knows of the person."""
    _apply(step, operation, own)
    subject = subject_erased(operation.arguments) if operation.erasure else None
    if subject is not None:
        erase_arrived(step, subject, operation.echo_of)


def _apply(step: Step, operation: RemoteOperation, own: OwnWrites | None) -> None:
    run = step.raw
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
            _merge_fields(step, operation, known, place, own, merge=row.merge)


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


def _merge_fields(
    step: Step, operation: RemoteOperation, change: RemoteChange, place: int, own: OwnWrites | None, *, merge: Merge
) -> None:
    run, table = step.raw, change.table
    if change.kind == "del":
        run.execute(f'DELETE FROM "{table}" WHERE id = ?', (change.key,))
        return
    makes = change.kind == "ins" or (change.kind == "era" and "id" in change.values)
    if makes and not _is_here(run, table, change.key):
        later = _decided_later(own, change, operation.sequence) if own and operation.sequence is not None else {}
        values = {**change.values, **later}
        names, places = ", ".join(f'"{name}"' for name in values), ", ".join("?" * len(values))
        run.execute(f'INSERT INTO "{table}"({names}) VALUES({places})', tuple(values.values()))
        return
    winners = _winners(step, operation, change, own, by_clock=merge is Merge.FIELD or operation.by_clock)
    if winners:
        places = ", ".join(f'"{name}" = ?' for name in winners)
        there = run.execute(f'UPDATE "{table}" SET {places} WHERE id = ?', (*winners.values(), change.key)).rowcount
    else:
        there = _is_here(run, table, change.key)
    if not there and change.kind != "era":
        _park(run, operation, change, place)


def _is_here(run: Any, table: str, key: str) -> bool:
    return run.execute(f'SELECT 1 FROM "{table}" WHERE id = ?', (key,)).fetchone() is not None


def _winners(
    step: Step, operation: RemoteOperation, change: RemoteChange, own: OwnWrites | None, *, by_clock: bool
) -> dict[str, Any]:
    """The columns of a row that is here which the change sets."""
    written = {name: value for name, value in change.values.items() if name != "id"}
    if operation.sequence is not None:
        kept = _decided_later(own, change, operation.sequence) if own else {}
        return {name: value for name, value in written.items() if name not in kept}
    if operation.erasure or not by_clock or operation.hlc > step.newest_clock:
        return written  # of what is later than everything, the row's past need not be read
    clocks = field_clocks(step.raw, change.table, change.key, operation.hlc)
    stamp = (operation.hlc, operation.device)
    return {name: value for name, value in written.items() if stamp > clocks.get(name, (0, ""))}


class OwnWrites:
    """What own operations wrote, to the rows that arriving operations touch, which the server took in after one of
    those, or has not answered. Read once for all that arrive together; false when there is nothing.
    """

    def __init__(self, run: Any, operations: Sequence[RemoteOperation]) -> None:
        self._rows: dict[tuple[str, str], list[tuple[int, int | None, str, str]]] = {}
        self._answered: dict[int, int] = {}
        sequences = [it.sequence for it in operations if it.sequence is not None]
        if not sequences:
            return
        self._acknowledged = int(state(run, "acknowledged") or 0)
        places: dict[str, set[str]] = {}
        for change in (change for it in operations for change in it.changes):
            places.setdefault(change.table, set()).add(change.key)
        for table, keys in places.items():
            given = (_encode(sorted(keys)).decode(), table, state(run, "device"), min(sequences), self._acknowledged)
            for key, *written in run.execute(_OWN, given):
                self._rows.setdefault((table, key), []).append(tuple(written))

    def __bool__(self) -> bool:
        return bool(self._rows)

    def answered(self, number: int, sequence: int) -> None:
        """One of them has come by, with its sequence."""
        self._answered[number] = sequence

    def after(self, table: str, key: str, sequence: int) -> Iterator[tuple[str, str]]:
        """(kind, delta) of own changes to a row that stand against an operation of this sequence, in order."""
        for number, known, kind, delta in self._rows.get((table, key), ()):
            given = self._answered.get(number, known)
            if (number > self._acknowledged) if given is None else given > sequence:
                yield kind, delta


_OWN: Final = (
    "SELECT c.pk, o.number, o.sequence, c.kind, c.delta FROM json_each(?) w CROSS JOIN change c ON c.pk = w.value"
    " AND c.tbl = ? JOIN operation o ON o.n = c.operation WHERE c.delta IS NOT NULL AND o.device = ?"
    " AND (o.sequence > ? OR o.number > ?) AND o.id NOT IN (SELECT operation FROM inbox_item) ORDER BY c.n"
)


def _decided_later(own: OwnWrites, change: RemoteChange, sequence: int) -> dict[str, Any]:
    """The columns of a row that own operations wrote which the server took in later, or has not answered, and what
    they wrote: the row may be gone meanwhile, because its own making was refused, and come again from elsewhere.

    An own operation that came back in a page is answered by that, though the answer to its push is still on its way.
    """
    found: dict[str, Any] = {}
    for kind, delta in own.after(change.table, change.key, sequence):
        if kind == "del":
            found.clear()
        else:
            found.update({name: after for name, (_before, after) in msgspec.json.decode(delta).items()})
    return found


def field_clocks(run: Any, table: str, key: str, since: int = 0) -> dict[str, Stamp]:
    """For each column of a row, the latest (hybrid logical clock, device) that wrote it, from the journal.

    With `since`, only what wrote it at that clock or later.
    """
    clocks: dict[str, Stamp] = {}
    query = (
        "SELECT o.hlc, o.device, c.delta FROM change c JOIN operation o ON o.n = c.operation"
        " WHERE c.tbl = ? AND c.pk = ? AND o.hash IS NOT NULL AND o.hlc >= ?"
    )
    for hlc, device, delta in run.execute(query, (table, key, since)):
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

"""Operations between the journal's rows and the wire, and the check of a device's chain. Sends nothing itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec

from app.journal.chain import Header, argument_commitment, content_commitment, link
from app.journal.erasure import subject_erased
from app.journal.queries import Reading
from app.journal.records import REGISTRY
from app.journal.remote import RemoteChange, RemoteOperation
from sync.protocol.messages import Change, Operation

_COLUMNS: Final = (
    "n, id, device, number, origin, command, hlc, schema, actor, session, arguments, reason, undoes, grp, salt,"
    " commitments, hash"
)
_decode = msgspec.json.Decoder(dict[str, tuple[Any, Any]]).decode
_encode = msgspec.json.Encoder().encode


def run_of(read: Reading) -> Any:
    """The DB-API connection under a reading."""
    connection = read.connection.connection.driver_connection
    assert connection is not None
    return connection


def own_operations(run: Any, device: str, after: int, limit: int, before: int = 1 << 62) -> list[Operation]:
    """The sealed operations of a device with a number above `after`, in order: what a workstation pushes.

    `before` is a place in the journal at which it stops.
    """
    rows = run.execute(
        f"SELECT {_COLUMNS} FROM operation WHERE device = ? AND number > ? AND n < ? AND hash IS NOT NULL"
        " ORDER BY number LIMIT ?",
        (device, after, before, limit),
    ).fetchall()
    return list(_packed(run, rows, chained=True))


def accepted_operations(run: Any, after: int, limit: int) -> list[Operation]:
    """The sealed operations of a server after a sequence, in order: what a workstation pulls, without the chain."""
    rows = run.execute(
        f"SELECT {_COLUMNS} FROM operation WHERE n > ? AND hash IS NOT NULL ORDER BY n LIMIT ?", (after, limit)
    ).fetchall()
    return [_whole(run, it) if it.origin == "erasure" else it for it in _packed(run, rows, chained=False)]


def _whole(run: Any, operation: Operation) -> Operation:
    """An erasure with every row of its person that was there before, as it stands now.

    Who pulls it may lack what was written before: the contents of those operations are gone, those that made the rows
    and those that changed a state of them.
    """
    subject = subject_erased(operation.arguments)
    if subject is None:
        return operation
    places = run.execute(
        "SELECT DISTINCT tbl, pk FROM change WHERE subject = ? AND operation <= ? ORDER BY tbl, pk",
        (subject, operation.sequence),
    )
    found = [_as_it_stands(run, *place) for place in places.fetchall() if place[0] in REGISTRY]
    return msgspec.structs.replace(operation, changes=tuple(found))


def _as_it_stands(run: Any, table: str, key: str) -> Change:
    columns = REGISTRY[table].columns
    names = ", ".join(f'"{name}"' for name in columns)
    row = run.execute(f'SELECT {names} FROM "{table}" WHERE id = ?', (key,)).fetchone()
    if row is None:
        return Change(table, key, "del", None, {})
    owner = REGISTRY[table].subject
    values = dict(zip(columns, row, strict=True))
    return Change(
        table, key, "era", values[owner] if owner else None, {name: (None, it) for name, it in values.items()}
    )


def operations_named(run: Any, ids: list[str]) -> list[Operation]:
    """The operations with these ids, in the order of the journal, without the chain."""
    rows = run.execute(
        f"SELECT {_COLUMNS} FROM operation WHERE id IN (SELECT value FROM json_each(?)) ORDER BY n",
        (_encode(ids).decode(),),
    ).fetchall()
    return list(_packed(run, rows, chained=False))


def _packed(run: Any, rows: list[tuple[Any, ...]], *, chained: bool) -> Iterator[Operation]:
    changes = _changes_of(run, [row[0] for row in rows], chained=chained)
    for row in rows:
        (n, op_id, device, number, origin, command, hlc, schema, actor, session, arguments, reason, undoes, group,
         salt, commitments, sealed) = row  # fmt: skip
        yield Operation(
            op_id, device, number, origin, command, hlc, schema, tuple(changes.get(n, ())), actor, session, arguments,
            reason, undoes, group, salt if chained else None, commitments if chained else None,
            sealed if chained else None, None if chained else n,
        )  # fmt: skip


def _changes_of(run: Any, numbers: list[int], *, chained: bool) -> dict[int, list[Change]]:
    found: dict[int, list[Change]] = {}
    query = (
        "SELECT operation, tbl, pk, kind, subject, delta, salt FROM change"
        " WHERE operation IN (SELECT value FROM json_each(?)) ORDER BY n"
    )
    for n, table, key, kind, subject, delta, salt in run.execute(query, (_encode(numbers).decode(),)):
        content = None if delta is None else _decode(delta)
        change = Change(table, key, kind, subject, content, salt if chained else None)
        found.setdefault(n, []).append(change)
    return found


def header_of(operation: Operation) -> Header:
    """The header that the device's chain protects."""
    return Header(
        operation.id, operation.origin, operation.device, operation.number, operation.command, operation.actor,
        operation.session, operation.hlc, operation.schema, operation.undoes, operation.group,
    )  # fmt: skip


def is_chained(previous: bytes, operation: Operation) -> bool:
    """Whether an operation follows `previous` and is what its device sealed: header, arguments and every change.

    A change whose content an erasure has emptied is taken by its commitment alone.
    """
    commitments, sealed = operation.commitments, operation.hash
    if commitments is None or sealed is None or len(commitments) != 32 * (1 + len(operation.changes)):
        return False
    if link(previous, header_of(operation), commitments) != sealed:
        return False
    own = (commitments[start : start + 32] for start in range(0, len(commitments), 32))
    texts = next(own)
    if operation.salt is not None and texts != argument_commitment(
        operation.salt, operation.arguments, operation.reason
    ):
        return False
    return all(_committed(change, expected) for change, expected in zip(operation.changes, own, strict=True))


def _committed(change: Change, expected: bytes) -> bool:
    if change.delta is None or change.salt is None:
        return True
    return expected == content_commitment(
        change.salt, change.table, change.key, change.subject, change.kind, change.delta
    )


def as_remote(operation: Operation, *, hlc: int | None = None) -> RemoteOperation:
    """The operation as `app.journal.remote` applies it; `hlc` stands for a clock that was corrected."""
    return RemoteOperation(
        operation.id, operation.device, operation.number, operation.command, operation.actor,
        operation.hlc if hlc is None else hlc, operation.schema, tuple(_remote_changes(operation.changes)),
        sequence=operation.sequence, arguments=operation.arguments, session=operation.session,
        reason=operation.reason, undoes=operation.undoes, group=operation.group,
        erasure=operation.origin == "erasure", by_clock=operation.again,
    )  # fmt: skip


def _remote_changes(changes: Iterable[Change]) -> Iterator[RemoteChange]:
    for change in changes:
        if change.delta is not None:
            yield RemoteChange(change.table, change.key, change.kind, change.values(), change.subject)

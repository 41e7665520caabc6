"""What waits for a decision, as screens read it: conflicts, refused work, what is still to send."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec

from app.core.clock import from_millis, hlc_instant
from app.core.i18n import N_
from app.journal.commands import COMMANDS, query
from app.journal.detectors import SENSITIVE
from app.journal.operations import own_devices, state
from app.journal.queries import Reading
from app.journal.settling import SETTLE_CONFLICTS

MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote something, at which workstation, when. `device_name` is empty when nobody here knows it."""

    actor_id: str
    device: str
    device_name: str
    is_here: bool
    at: datetime | None


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """One conflict. `kind` is its detector; `resolution` says how it was settled, empty while it is open."""

    id: str
    kind: str
    table: str
    row_id: str
    subject: str
    opened_at: datetime
    is_open: bool
    resolution: str
    resolved_by: str
    resolved_at: datetime | None


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """One field that two people changed apart. Values are as stored; `standing` is what stands now.

    `is_readable` is False once the values have been erased.
    """

    conflict_id: str
    column: str
    base: Any
    mine: Any
    theirs: Any
    standing: Any
    mine_by: Author
    theirs_by: Author
    is_readable: bool


@dataclass(frozen=True, slots=True)
class EditConflict:
    """The fields of one row that wait for a decision."""

    table: str
    row_id: str
    subject: str
    opened_at: datetime
    fields: tuple[FieldConflict, ...]


@dataclass(frozen=True, slots=True)
class InboxLine:
    """One refused operation. `code` says why; `label` is the command's msgid.

    `changes` are (table, row, kind, {column: [before, after]}).
    """

    id: str
    operation_id: str
    code: str
    label: str
    actor_id: str
    at: datetime | None
    received_at: datetime
    settled_at: datetime | None
    subject: str
    changes: tuple[tuple[str, str, str, dict[str, Any]], ...]


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """One own operation that no server has answered."""

    operation_id: str
    label: str
    actor_id: str
    at: datetime
    subject: str
    changes: int


@dataclass(frozen=True, slots=True)
class SyncStanding:
    """What waits, in numbers, and who this workstation is. `has_server` once a server has been greeted."""

    device: str
    has_server: bool
    to_send: int
    conflicts: int
    inbox: int
    parked: int
    last_pulled: datetime | None


@query(permission=None, label=N_("Standing of the synchronisation"))
def sync_standing(read: Reading) -> SyncStanding:
    """Count what waits to be sent and decided on this workstation."""
    raw = _raw(read)
    device = state(raw, "device") or ""
    has_server = state(raw, "sync_epoch") is not None
    to_send = _one(read, _TO_SEND_COUNT, device=device) if has_server else 0
    (pulled,) = read.sql(
        "SELECT max(hlc) FROM operation WHERE sequence IS NOT NULL AND device <> :device", device=device
    )
    return SyncStanding(
        device, has_server, to_send, _one(read, "SELECT count(*) FROM conflict WHERE state = 'open'"),
        _one(read, "SELECT count(*) FROM inbox_item WHERE settled_at IS NULL"),
        _one(read, "SELECT count(*) FROM parked_change"), hlc_instant(pulled[0]) if pulled[0] else None,
    )  # fmt: skip


_TO_SEND: Final = (
    " FROM operation WHERE device = :device AND hash IS NOT NULL AND number >"
    " coalesce((SELECT CAST(v AS INTEGER) FROM journal_state WHERE k = 'acknowledged'), 0)"
)
_TO_SEND_COUNT: Final = "SELECT count(*)" + _TO_SEND


def _one(read: Reading, statement: str, **values: Any) -> int:
    return int(read.sql(statement, **values)[0][0])


def _raw(read: Reading) -> Any:
    return read.connection.connection.driver_connection


@query(permission=None, label=N_("Work to be sent"))
def waiting_to_send(read: Reading, limit: int = MOST) -> tuple[WaitingLine, ...]:
    """List the own operations that the server has not answered, the oldest first; none without a server."""
    raw = _raw(read)
    if state(raw, "sync_epoch") is None:
        return ()
    rows = read.sql(
        "SELECT n, id, command, actor, hlc" + _TO_SEND + " ORDER BY number LIMIT :most",
        device=state(raw, "device"),
        most=max(1, min(limit, MOST)),
    )
    found = []
    for n, identity, command, actor, hlc in rows:
        told = read.sql("SELECT count(*), min(subject), max(subject) FROM change WHERE operation = :n", n=n)[0]
        subject = told[1] if told[1] == told[2] else ""
        found.append(
            WaitingLine(identity, command_label(command), actor or "", hlc_instant(hlc), subject or "", told[0])
        )
    return tuple(found)


@query(permission=SETTLE_CONFLICTS, label=N_("Conflicts between workstations"))
def conflict_list(read: Reading, settled: bool = False, limit: int = MOST) -> tuple[ConflictLine, ...]:
    """List the conflicts that wait for a decision, the oldest first; or those that were settled, the last first."""
    order = "resolved_at DESC" if settled else "opened_at"
    rows = read.sql(
        "SELECT id, kind, table_name, row_id, coalesce(subject, ''), opened_at, state = 'open',"
        " coalesce(resolution, ''), coalesce(resolved_by, ''), resolved_at FROM conflict"
        f" WHERE state {'<>' if settled else '='} 'open' ORDER BY {order}, id LIMIT :most",
        most=max(1, min(limit, MOST)),
    )
    return tuple(_conflict_line(row) for row in rows)


def _conflict_line(row: Any) -> ConflictLine:
    resolved_at = None if row[9] is None else from_millis(row[9])
    return ConflictLine(
        row[0], row[1], row[2], row[3], row[4], from_millis(row[5]), bool(row[6]), row[7], row[8], resolved_at
    )


@query(permission=SETTLE_CONFLICTS, label=N_("Fields changed apart"))
def edit_conflict(read: Reading, table: str, row_id: str) -> EditConflict | None:
    """Show the fields of a row that two people changed apart: before, both values, and what stands now."""
    rows = read.sql(
        "SELECT id, details, opened_at, coalesce(subject, '') FROM conflict WHERE kind = :kind AND table_name = :tbl"
        " AND row_id = :key AND state = 'open' ORDER BY opened_at, id",
        kind=SENSITIVE,
        tbl=table,
        key=row_id,
    )
    if not rows:
        return None
    fields = tuple(_field(read, table, row_id, row[0], _decoded(row[1])) for row in rows)
    return EditConflict(table, row_id, rows[0][3], from_millis(rows[0][2]), fields)


def _decoded(details: str | None) -> dict[str, Any]:
    found = msgspec.json.decode(details) if details else None
    return found if isinstance(found, dict) else {}


def _field(read: Reading, table: str, row_id: str, conflict_id: str, details: dict[str, Any]) -> FieldConflict:
    from app.journal.records import REGISTRY

    column, row = str(details.get("column", "")), REGISTRY.get(table)
    readable = row is not None and column in row.columns
    standing = read.sql(f'SELECT "{column}" FROM "{table}" WHERE id = :key', key=row_id) if readable else []
    names = details.get("names", {})
    mine = _author_of_operation(read, str(details.get("operation", "")), details, names)
    theirs = _author_of_value(read, table, row_id, column, details.get("theirs"), names)
    return FieldConflict(
        conflict_id, column, details.get("base"), details.get("mine"), details.get("theirs"),
        standing[0][0] if standing else None, mine, theirs, readable and "mine" in details,
    )  # fmt: skip


def _author_of_operation(read: Reading, operation: str, details: dict[str, Any], names: dict[str, str]) -> Author:
    rows = read.sql("SELECT coalesce(actor, ''), device, hlc FROM operation WHERE id = :it", it=operation)
    actor, device, hlc = rows[0] if rows else (details.get("actor") or "", details.get("device") or "", None)
    return author(read, actor, device, hlc, names)


def _author_of_value(
    read: Reading, table: str, key: str, column: str, value: Any, names: dict[str, str]
) -> Author:  # fmt: skip
    """Who gave a column this value, the last who did."""
    rows = read.sql(
        "SELECT o.actor, o.device, o.hlc, c.delta FROM change c JOIN operation o ON o.n = c.operation"
        " WHERE c.tbl = :tbl AND c.pk = :key AND c.delta IS NOT NULL AND o.hash IS NOT NULL ORDER BY c.n DESC",
        tbl=table,
        key=key,
    )
    for actor, device, hlc, delta in rows:
        pair = msgspec.json.decode(delta).get(column)
        if pair is not None and pair[1] == value:
            return author(read, actor or "", device, hlc, names)
    return author(read, "", "", None, names)


def author(read: Reading, actor: str, device: str, hlc: int | None, names: dict[str, str]) -> Author:
    """An author as a screen shows them; `names` are those of the workstations that the server knew."""
    here = device in own_devices(_raw(read))
    return Author(actor, device, names.get(device, ""), here, hlc_instant(hlc) if hlc else None)


@query(permission=None, label=N_("Refused work"))
def refused_work(read: Reading, settled: bool = False) -> tuple[InboxLine, ...]:
    """List the reader’s operations that the server refused, and everybody’s for who settles conflicts."""
    rows = read.sql(
        "SELECT i.id, i.operation, i.code, o.command, coalesce(o.actor, ''), o.hlc, i.received_at, i.settled_at,"
        " i.content, (SELECT min(subject) FROM change WHERE operation = o.n) FROM inbox_item i"
        " LEFT JOIN operation o ON o.id = i.operation"
        f" WHERE i.settled_at IS {'NOT NULL' if settled else 'NULL'} ORDER BY i.received_at DESC LIMIT :most",
        most=MOST,
    )
    sees_all = read.may(SETTLE_CONFLICTS)
    return tuple(_inbox_line(row) for row in rows if sees_all or row[4] == read.actor.id)


def _inbox_line(row: Any) -> InboxLine:
    content = _decoded(row[8])
    changes = [tuple(change) for change in content.get("changes", [])]
    if not changes and "table" in content:  # an event with other content under a known id
        values = {name: [None, value] for name, value in content.get("values", {}).items()}
        changes = [(content["table"], content.get("key", ""), "ins", values)]
    return InboxLine(
        row[0], row[1], row[2], command_label(row[3] or ""), row[4], hlc_instant(row[5]) if row[5] else None,
        from_millis(row[6]), None if row[7] is None else from_millis(row[7]), row[9] or "", tuple(changes),
    )  # fmt: skip


def command_label(name: str) -> str:
    """The msgid of a command of the journal; a command of another version is its name."""
    found = COMMANDS.get(name)
    if found is not None:
        return found.label
    return {"undo": N_("Undo"), "raw_write": N_("Written outside the application")}.get(name, name)

"""Opening, sealing and adopting operations. Every function works inside an open write transaction.

The chain's head, the number and the clock are read from the database inside the lock: a head that is kept in memory
forks the chain as soon as two processes write.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from sqlcipher3.dbapi2 import DatabaseError

from app.core.clock import HLC_COUNTER_BITS, tick
from app.core.ids import new_id
from app.journal.chain import GENESIS, Header, argument_commitment, change_commitment, link

MAXIMUM_CHANGES: Final = 400
RAW_ACTOR: Final = "raw"
SERVER_CONTACT: Final = "sync_contact"
"""The key of `journal_state` for when the server was last heard of, milliseconds since 1970."""
FORMER: Final = "former_devices"


@dataclass(frozen=True, slots=True)
class Head:
    """The device's last own operation."""

    number: int
    hash: bytes
    hlc: int


class Opened(msgspec.Struct, frozen=True):
    """An operation that is open: its row number, header, text parts, salt and the hash it follows."""

    n: int
    header: Header
    arguments: str | None
    reason: str | None
    salt: bytes
    previous: bytes


@dataclass(frozen=True, slots=True)
class Draft:
    """What the caller knows of an operation before it is opened."""

    command: str
    actor: str | None
    arguments: str | None = None
    session: str | None = None
    reason: str | None = None
    undoes: str | None = None
    group: str | None = None
    origin: str = "here"
    id: str = ""


def state(run: Any, key: str) -> str | None:
    """A value of `journal_state`. `run` is a DB-API connection or cursor."""
    row = run.execute("SELECT v FROM journal_state WHERE k = ?", (key,)).fetchone()
    return row[0] if row else None


def set_state(run: Any, key: str, value: str) -> None:
    """Keep a value in `journal_state`."""
    run.execute("INSERT INTO journal_state VALUES(?, ?) ON CONFLICT(k) DO UPDATE SET v = excluded.v", (key, value))


def own_devices(run: Any) -> tuple[str, ...]:
    """The devices that this folder has been, the present one last: each has a chain of its own here."""
    former = (state(run, FORMER) or "").split()
    return (*former, state(run, "device") or "")


def become(run: Any, device: str) -> None:
    """Go on as another device: the numbers of the present one were given out already, or are another machine's."""
    set_state(run, FORMER, " ".join(own_devices(run)))
    set_state(run, "device", device)


def read_head(run: Any, device: str) -> Head:
    """The last own operation and the highest clock value seen from anyone."""
    row = run.execute(
        "SELECT number, hash, hlc FROM operation WHERE device = ? AND hash IS NOT NULL ORDER BY number DESC LIMIT 1",
        (device,),
    ).fetchone()
    observed = int(state(run, "observed_hlc") or 0)
    return Head(row[0], row[1], max(row[2], observed)) if row else Head(0, GENESIS, observed)


def newest_clock(run: Any) -> int:
    """No operation here has a later clock: those of others were observed, own ones are stamped in order."""
    heads = [read_head(run, device).hlc for device in own_devices(run)]
    return max(heads)


def observe(run: Any, hlc: int) -> None:
    """What is written here from now on is later than this clock: its author has seen what it stamped."""
    if hlc > int(state(run, "observed_hlc") or 0):
        set_state(run, "observed_hlc", str(hlc))


def open_operation(run: Any, device: str, schema: int, draft: Draft, *, millis: int, hlc: int | None = None) -> Opened:
    """Insert an own operation with `hash IS NULL`; from here on the triggers put its number on every change."""
    head = read_head(run, device)
    header = Header(
        draft.id or new_id(), draft.origin, device, head.number + 1, draft.command, draft.actor, draft.session,
        tick(head.hlc, millis) if hlc is None else hlc, schema, draft.undoes, draft.group,
    )  # fmt: skip
    return insert_operation(run, header, draft.arguments, draft.reason, head.hash)


def insert_operation(run: Any, header: Header, arguments: str | None, reason: str | None, previous: bytes) -> Opened:
    """Insert the row of an operation that is open; `previous` is the hash that it will follow."""
    salt = os.urandom(16)
    cursor = run.execute(
        "INSERT INTO operation(id, origin, device, number, command, arguments, actor, session, reason, hlc, schema,"
        " undoes, grp, salt) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            header.id, header.origin, header.device, header.number, header.command, arguments, header.actor,
            header.session, reason, header.hlc, header.schema, header.undoes, header.group, salt,
        ),
    )  # fmt: skip
    return Opened(cursor.lastrowid, header, arguments, reason, salt, previous)


def changes_of(run: Any, n: int) -> list[tuple[Any, ...]]:
    """(tbl, pk, subject, kind, delta, salt) of an operation, in the order they were written."""
    return fetch(run, "SELECT tbl, pk, subject, kind, delta, salt FROM change WHERE operation = ? ORDER BY n", (n,))


def fetch(run: Any, query: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """All rows of a query; bytes that are no UTF-8, which raw SQL can store as text, are read as U+FFFD."""
    try:
        rows: list[tuple[Any, ...]] = run.execute(query, values).fetchall()
    except DatabaseError as error:
        if "decode" not in str(error):
            raise
        strict, run.text_factory = run.text_factory, lambda raw: raw.decode(errors="replace")
        try:
            rows = run.execute(query, values).fetchall()
        finally:
            run.text_factory = strict
    return rows


def seal(run: Any, opened: Opened, changes: Sequence[tuple[Any, ...]], sequence: int | None = None) -> bytes:
    """Commit to the arguments and every change, link to the previous own operation, and close it.

    `sequence` is the server's number for it, where it has one already.
    """
    commitments = argument_commitment(opened.salt, opened.arguments, opened.reason) + b"".join(
        change_commitment(salt, table, key, subject, kind, delta) for table, key, subject, kind, delta, salt in changes
    )
    sealed = link(opened.previous, opened.header, commitments)
    run.execute(
        "UPDATE operation SET commitments = ?, hash = ?, sequence = ? WHERE n = ?",
        (commitments, sealed, sequence, opened.n),
    )
    return sealed


def discard(run: Any, opened: Opened) -> None:
    """Remove an operation under which nothing was captured."""
    run.execute("DELETE FROM operation WHERE n = ?", (opened.n,))


def unadopted(run: Any) -> int:
    """How many captured writes stand under no operation yet."""
    return int(run.execute("SELECT count(*) FROM change WHERE operation IS NULL").fetchone()[0])


def adopt(run: Any, device: str, schema: int, reason: str | None = None) -> list[tuple[Opened, list[tuple[Any, ...]]]]:
    """Take writes made outside any command under sealed operations of origin `raw`, at most 400 changes each.

    Their clock is the moment of the first write, so that a write of 9:00 does not win over a command of 17:00; but it
    is later than what the write replaced here, which its author saw, and within the millisecond of the operation before
    it follows that one. Operations of one adoption are one group: one audit line and one undo step.
    """
    rows = run.execute("SELECT n, at FROM change WHERE operation IS NULL ORDER BY n").fetchall()
    if rows:
        set_state(run, "observed_hlc", str(read_head(run, device).hlc))
    adopted = []
    group = new_id() if len(rows) > MAXIMUM_CHANGES else None
    for start in range(0, len(rows), MAXIMUM_CHANGES):
        part = rows[start : start + MAXIMUM_CHANGES]
        draft = Draft("raw_write", RAW_ACTOR, reason=reason, group=group, origin="raw")
        first, last = min(at for _n, at in part), _last_hlc(run, device)
        hlc = last + 1 if last >> HLC_COUNTER_BITS == first else first << HLC_COUNTER_BITS
        hlc = max(hlc, _replaced_hlc(run, part[0][0], part[-1][0]) + 1)
        opened = open_operation(run, device, schema, draft, millis=first, hlc=hlc)
        run.executemany("UPDATE change SET operation = ? WHERE n = ?", [(opened.n, n) for n, _at in part])
        changes = changes_of(run, opened.n)
        seal(run, opened, changes)
        adopted.append((opened, changes))
    observe(run, max((opened.header.hlc for opened, _changes in adopted), default=0))
    return adopted


def _replaced_hlc(run: Any, first: int, last: int) -> int:
    """The latest clock of what wrote the rows of these unadopted changes before."""
    found = run.execute(
        "SELECT max(o.hlc) FROM change w JOIN change c ON c.tbl = w.tbl AND c.pk = w.pk"
        " JOIN operation o ON o.n = c.operation"
        " WHERE w.n BETWEEN ? AND ? AND w.operation IS NULL",
        (first, last),
    ).fetchone()
    return int(found[0] or 0)


def _last_hlc(run: Any, device: str) -> int:
    row = run.execute("SELECT hlc FROM operation WHERE device = ? ORDER BY number DESC LIMIT 1", (device,)).fetchone()
    return row[0] if row else 0


def touched(changes: Iterable[tuple[Any, ...]]) -> list[tuple[str, str, str | None]]:
    """(table, key, subject) of change rows."""
    return [(row[0], row[1], row[2]) for row in changes]

"""A practice as one stream: every captured row, what is derived from them, and the journal. No key and no secret.

Tables that belong to one machine (merge word LOCAL: password hashes, sessions, the server's devices, the access log)
are not in it. Layout, compressed by zstd: frames of four bytes of length and MessagePack. The first is a `Head`, each
other one a table's number and rows as stored; the last is the number of rows of each table. One snapshot of the
database is read from begin to end, so that all of it is of one moment.

Operations of the machine that writes it are linked to nothing, as those of others are in every journal
(`verify.verify_chain`): their chain stays with their device.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any, BinaryIO, Final, cast

import msgspec

from app.core.errors import IntegrityFailure
from app.core.i18n import N_
from app.journal.capture import repair_capture
from app.journal.chain import GENESIS, link_fields
from app.journal.operations import set_state, state
from app.journal.projections import PROJECTIONS
from app.journal.records import CAPTURED, REGISTRY, Merge
from app.journal.schema_steps import SCHEMA

FORMAT: Final = 1
ROWS: Final = 2_000
_LENGTH: Final = struct.Struct("<I")
_LEVEL: Final = 3
_LONGEST: Final = 1 << 30
_OPERATION: Final = (
    "n", "id", "origin", "device", "number", "command", "actor", "session", "hlc", "schema", "undoes", "grp",
    "commitments", "hash", "arguments", "reason", "salt",
)  # fmt: skip
_CHAINED: Final = slice(1, 12)
"""The columns of an operation that its link covers, in the order of `chain.Header`."""
_CHANGE: Final = ("n", "operation", "tbl", "pk", "subject", "kind", "delta", "salt", "at")
_encode = msgspec.msgpack.Encoder().encode


class Table(msgspec.Struct, frozen=True):
    """One table of the stream."""

    name: str
    columns: tuple[str, ...]


class Head(msgspec.Struct, frozen=True):
    """What the stream is of: the practice, up to which sequence, in which schema.

    `projections` are the fingerprints of derived tables: one that this version derives otherwise is computed anew.
    """

    practice: str
    kind: str
    schema: int
    epoch: str
    sequence: int
    observed_hlc: int
    tables: tuple[Table, ...]
    projections: dict[str, str]
    format: int = FORMAT


def write_snapshot(run: Any, sink: io.RawIOBase, told: Callable[[int], None] = lambda rows: None) -> Head:
    """Write the practice of an open database; `run` is a DB-API connection without a transaction.

    `told` is given the number of rows so far.
    """
    import zstandard

    run.execute("BEGIN")
    try:
        head = _head_of(run)
        with zstandard.ZstdCompressor(level=_LEVEL).stream_writer(cast(IO[bytes], sink), closefd=False) as out:
            _frame(out, head)
            counts = []
            done = 0
            for number, table in enumerate(head.tables):
                count = 0
                for rows in _rows_of(run, table):
                    _frame(out, (number, rows))
                    count += len(rows)
                    told(done + count)
                counts.append(count)
                done += count
            _frame(out, counts)
    finally:
        run.execute("ROLLBACK")
    return head


def _frame(out: Any, content: Any) -> None:
    raw = _encode(content)
    out.write(_LENGTH.pack(len(raw)))
    out.write(raw)


def _head_of(run: Any) -> Head:
    tables = [Table("operation", _OPERATION), Table("change", _CHANGE)]
    wanted = CAPTURED | {Merge.PROJECTION}
    tables += [Table(row.table, row.columns) for row in REGISTRY if row.merge in wanted]
    sequence = run.execute("SELECT coalesce(max(n), 0) FROM operation WHERE hash IS NOT NULL").fetchone()[0]
    observed = run.execute("SELECT coalesce(max(hlc), 0) FROM operation").fetchone()[0]
    return Head(
        state(run, "practice") or "", state(run, "kind") or "clinic", SCHEMA, state(run, "epoch") or "", sequence,
        max(observed, int(state(run, "observed_hlc") or 0)), tuple(tables),
        {name: state(run, f"projection {name}") or "" for name in PROJECTIONS},
    )  # fmt: skip


def _rows_of(run: Any, table: Table) -> Iterator[list[Any]]:
    names = ", ".join(f'"{name}"' for name in table.columns)
    order = "n" if table.columns[0] == "n" else "id"
    where = " WHERE operation IS NOT NULL" if table.name == "change" else ""
    where = " WHERE hash IS NOT NULL" if table.name == "operation" else where
    cursor = run.execute(f'SELECT {names} FROM "{table.name}"{where} ORDER BY {order}')
    while rows := cursor.fetchmany(ROWS):
        yield [_unlinked(row) for row in rows] if table.name == "operation" else rows


def _unlinked(row: Sequence[Any]) -> Sequence[Any]:
    """An operation as another machine keeps it: of origin `remote`, linked to nothing."""
    if row[2] == "remote":
        return row
    origin = "erasure" if row[2] == "erasure" else "remote"
    header = (row[1], origin, *row[3:12])
    return (row[0], *header, row[12], link_fields(GENESIS, header, row[12]), *row[14:])


# -- reading it ---------------------------------------------------------------------------------------------------


class SnapshotReader:
    """The frames of a snapshot. `head` is read at once; `IntegrityFailure` when the stream is not one of ours."""

    def __init__(self, source: BinaryIO) -> None:
        import zstandard

        self._source = zstandard.ZstdDecompressor().stream_reader(source, read_across_frames=True)
        try:
            self.head = msgspec.msgpack.decode(self._frame(), type=Head)
        except (msgspec.DecodeError, zstandard.ZstdError) as error:
            raise _unreadable() from error
        if self.head.format != FORMAT:
            raise IntegrityFailure(N_("The snapshot is of another version of Archwire."))

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        """(table's number, rows) of each frame; at the end, the rows must be as many as were written."""
        import zstandard

        decode = msgspec.msgpack.Decoder().decode
        found = [0] * len(self.head.tables)
        try:
            while True:
                frame = decode(self._frame())
                if len(frame) != 2 or not isinstance(frame[1], list):
                    break
                found[frame[0]] += len(frame[1])
                yield frame[0], frame[1]
        except (msgspec.DecodeError, zstandard.ZstdError, IndexError, TypeError) as error:
            raise _unreadable() from error
        if frame != found:
            raise _unreadable()

    def _frame(self) -> bytes:
        (length,) = _LENGTH.unpack(self._exactly(_LENGTH.size))
        if length > _LONGEST:
            raise _unreadable()
        return self._exactly(length)

    def _exactly(self, length: int) -> bytes:
        parts, left = [], length
        while left:
            piece = self._source.read(left)
            if not piece:
                raise _unreadable()
            parts.append(piece)
            left -= len(piece)
        return b"".join(parts)


def adopt_snapshot(run: Any, reader: SnapshotReader, told: Callable[[int], None] = lambda rows: None) -> set[str]:
    """Put a snapshot into a database that is empty, in one transaction; returns the projections to compute anew.

    `run` is a DB-API connection in autocommit mode to a database of this version's schema. `told` is given the number
    of rows so far. The caller writes what the folder is (device, cursor, epoch) in a transaction of its own, before
    anybody opens it.
    """
    head = reader.head
    if head.schema != SCHEMA:
        raise IntegrityFailure(N_("The server is of another version than this workstation. Update both."))
    run.execute("PRAGMA foreign_keys = OFF")
    try:
        run.execute("BEGIN IMMEDIATE")
        try:
            stale = _take(run, reader, told)
            run.execute("COMMIT")
        except BaseException:
            run.execute("ROLLBACK")
            raise
    finally:
        run.execute("PRAGMA foreign_keys = ON")
    return stale


def _take(run: Any, reader: SnapshotReader, told: Callable[[int], None]) -> set[str]:
    head = reader.head
    if run.execute("SELECT 1 FROM operation LIMIT 1").fetchone():
        raise IntegrityFailure(N_("This folder already holds a clinic."))
    stale = {name for name in PROJECTIONS if head.projections.get(name) != state(run, f"projection {name}")}
    indexes: list[str] = []
    statements: dict[int, str] = {}
    done = 0
    for number, rows in reader.rows():
        table = head.tables[number]
        if number not in statements:  # most tables of a practice are empty: only what gets rows is prepared
            statements[number] = _insert(run, table, stale)
            _drop_capture(run, table.name)
            indexes += _drop_indexes(run, table.name) if len(rows) == ROWS else []
        if statements[number]:
            run.executemany(statements[number], rows)
        done += len(rows)
        told(done)
    for statement in indexes:
        run.execute(statement)
    run.execute("UPDATE operation SET sequence = n")
    repair_capture(run, REGISTRY.captured())
    set_state(run, "practice", head.practice)
    set_state(run, "kind", head.kind)
    set_state(run, "observed_hlc", str(head.observed_hlc))
    return stale


def _drop_capture(run: Any, table: str) -> None:
    """The rows come with their journal: nothing is captured, and no guard stands in the way."""
    found = run.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
        " AND (name GLOB 'capture_*' OR name GLOB 'journal_*')",
        (table,),
    ).fetchall()
    for (name,) in found:
        run.execute(f'DROP TRIGGER "{name}"')


def _drop_indexes(run: Any, table: str) -> list[str]:
    """Take the indexes of a large table away, which are made faster at the end; returns how."""
    found = run.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL ORDER BY name",
        (table,),
    ).fetchall()
    for name, _sql in found:
        run.execute(f'DROP INDEX "{name}"')
    return [sql for _name, sql in found]


def _insert(run: Any, table: Table, stale: set[str]) -> str:
    """The statement for a table's rows; empty for what this version does not know or computes anew."""
    known = {row[1] for row in run.execute(f'PRAGMA table_info("{table.name}")')}
    allowed = table.name in {"operation", "change"} or (
        table.name in REGISTRY and REGISTRY[table.name].merge in CAPTURED | {Merge.PROJECTION}
    )
    if not allowed or table.name in stale or not set(table.columns) <= known:
        return ""
    names = ", ".join(f'"{name}"' for name in table.columns)
    return f'INSERT INTO "{table.name}"({names}) VALUES({", ".join("?" * len(table.columns))})'


def _unreadable() -> IntegrityFailure:
    return IntegrityFailure(N_("The download is damaged or incomplete."))

"""Projections: derived tables that a pure function re-computes for the touched ids, in the same transaction.

They run after local and remote changes alike, are rebuilt at will, compared by `verify`, and never synced.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

import msgspec
from sqlalchemy import Connection, Table
from sqlalchemy.dialects import sqlite

from app.journal.changes import ChangeSet
from app.journal.queries import Reading
from app.journal.records import Merge, Record, RegistryError

Row: TypeAlias = dict[str, Any]
Compute: TypeAlias = Callable[[Reading, Collection[str] | None], Iterable[Row]]
Related: TypeAlias = Callable[[Reading, Collection[str]], Collection[str]]
BATCH = 400


@dataclass(frozen=True, slots=True)
class Projection:
    """One derived table: `compute(read, keys)` gives its rows for these keys, or all for None."""

    target: type[Record]
    sources: Mapping[str, frozenset[str] | None]
    compute: Compute
    keys: Callable[[ChangeSet], Collection[str]]
    extra_ddl: tuple[str, ...]
    purge: tuple[str, ...]
    related: Related | None = None

    def concerned(self, changes: ChangeSet) -> bool:
        """Whether the changes touch what it is computed from."""
        return any(changes.writes(table, columns) for table, columns in self.sources.items())

    def touched(self, read: Reading, changes: ChangeSet) -> Collection[str]:
        """The target ids that the changes touch, those that only the tables can tell included."""
        keys = self.keys(changes)
        return {*keys, *self.related(read, keys)} if self.related is not None and keys else keys

    @property
    def table(self) -> Table:
        """The target's table."""
        table = self.target.__table__
        assert isinstance(table, Table)
        return table

    def refresh(self, read: Reading, keys: Collection[str]) -> None:
        """Replace the rows of these keys with what the function gives now; unchanged rows are left alone."""
        for part in chunks(sorted(keys), BATCH):
            self._replace(read.connection, part, list(self.compute(read, part)))

    def _replace(self, connection: Connection, keys: list[str], rows: list[Row]) -> None:
        stored, run = _stored(self.table), _driver(connection)
        wanted = {row["id"]: stored.values(row) for row in rows}
        found = {row[0]: row for row in run.execute(stored.some, (_encode(keys).decode(),))}
        stale = [key for key, row in found.items() if wanted.get(key) != row]
        if stale:
            run.execute(stored.remove, (_encode(stale).decode(),))
        fresh = [row for key, row in wanted.items() if found.get(key) != row]
        if fresh:
            run.executemany(stored.insert, fresh)

    def rebuild(self, read: Reading) -> int:
        """Compute the whole table again; returns the number of rows."""
        stored, run = _stored(self.table), _driver(read.connection)
        run.execute(f'DELETE FROM "{self.table.name}"')
        count = 0
        for part in chunks(self.compute(read, None), BATCH):
            run.executemany(stored.insert, [stored.values(row) for row in part])
            count += len(part)
        return count

    def differences(self, read: Reading) -> list[str]:
        """The keys whose stored row is not what the function gives now."""
        stored = _stored(self.table)
        found = {row[0]: row for row in _driver(read.connection).execute(stored.every)}
        wrong = [row["id"] for row in self.compute(read, None) if found.pop(row["id"], None) != stored.values(row)]
        return sorted([*wrong, *found])


class _Stored:
    """How a derived table's rows are read and written past SQLAlchemy, which would cost more than the rest."""

    def __init__(self, table: Table) -> None:
        columns = sorted(table.columns, key=lambda column: column.name != "id")  # the id in front
        dialect = sqlite.dialect()
        self._binders = [(column.name, column.type.bind_processor(dialect)) for column in columns]
        names = ", ".join(f'"{column.name}"' for column in columns)
        these = "id IN (SELECT value FROM json_each(?))"
        self.every = f'SELECT {names} FROM "{table.name}"'
        self.some = f"{self.every} WHERE {these}"
        self.remove = f'DELETE FROM "{table.name}" WHERE {these}'
        self.insert = f'INSERT INTO "{table.name}"({names}) VALUES({", ".join("?" * len(columns))})'

    def values(self, row: Row) -> tuple[Any, ...]:
        """A computed row as it is stored; what it leaves out is NULL."""
        return tuple(
            value if bind is None or value is None else bind(value)
            for bind, value in [(bind, row.get(name)) for name, bind in self._binders]
        )


_stored = cache(_Stored)
_encode = msgspec.json.Encoder().encode


def _driver(connection: Connection) -> Any:
    """The DB-API connection, inside the transaction that further statements of SQLAlchemy will join."""
    if not connection.in_transaction():
        connection.begin()
    return connection.connection.driver_connection


PROJECTIONS: dict[str, Projection] = {}


def subjects_of(changes: ChangeSet) -> Collection[str]:
    """The default keys: the patients whom the changes concern."""
    return changes.subjects


def projection(
    *,
    target: type[Record],
    of: tuple[type[Record], ...],
    keys: Callable[[ChangeSet], Collection[str]] = subjects_of,
    extra_ddl: tuple[str, ...] = (),
    purge: tuple[str, ...] = (),
    related: Related | None = None,
    columns: Mapping[type[Record], tuple[str, ...]] | None = None,
) -> Callable[[Compute], Compute]:
    """Declare the function that computes `target` from the tables `of`.

    `keys` gives the target ids that a change set touches; `extra_ddl` is run once after the table is made,
    `purge` after an erasure (an FTS5 table: optimise, so that no old segment keeps a word). `related` adds the ids that
    hang on these keys in the tables: the patients of a parent whose name has changed. `columns` says which columns of a
    source the function reads, when it reads few: an update of others costs nothing then.
    """
    from app.journal.records import REGISTRY

    if REGISTRY[target.__tablename__].merge is not Merge.PROJECTION:
        raise RegistryError(f"{target.__tablename__} is not declared as a projection")

    def register(compute: Compute) -> Compute:
        read = {
            record: frozenset(str(record.__table__.c[n].name) for n in names)
            for record, names in (columns or {}).items()
        }
        sources = {record.__tablename__: read.get(record) for record in of}
        PROJECTIONS[target.__tablename__] = Projection(target, sources, compute, keys, extra_ddl, purge, related)
        return compute

    return register


def refresh_projections(read: Reading, changes: ChangeSet) -> ChangeSet:
    """Re-compute what the changes touch; returns them with the projected tables added."""
    for name, item in PROJECTIONS.items():
        if item.concerned(changes):
            keys = item.touched(read, changes)
            if keys:
                item.refresh(read, keys)
                changes = changes.joined({name: keys})
    return changes


def chunks(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Lists of at most `size`."""
    part: list[Any] = []
    for item in items:
        part.append(item)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part

"""Projections: derived tables that a pure function re-computes for the touched ids, in the same transaction.

They run after local and remote changes alike, are rebuilt at will, compared by `verify`, and never synced.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import Table

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
    sources: frozenset[str]
    compute: Compute
    keys: Callable[[ChangeSet], Collection[str]]
    extra_ddl: tuple[str, ...]
    purge: tuple[str, ...]
    related: Related | None = None

    def touched(self, read: Reading, changes: ChangeSet) -> Collection[str]:
        """The target ids that the changes touch, those that only the tables can tell included."""
        keys = self.keys(changes)
        return {*keys, *self.related(read, keys)} if self.related is not None and keys else keys

    @property
    def rows(self) -> StoredRows:
        """The target's rows as the database keeps them."""
        return _stored_rows(self.target)

    def refresh(self, read: Reading, keys: Collection[str]) -> None:
        """Replace the rows of these keys with what the function gives now; unchanged rows are left alone."""
        run = read.raw
        for part in chunks(sorted(keys), BATCH):
            wanted = {row["id"]: self.rows.bind(row) for row in self.compute(read, part)}
            found = self.rows.of(run, part)
            stale = [key for key, row in found.items() if wanted.get(key) != row]
            self.rows.delete(run, stale)
            self.rows.insert(run, [row for key, row in wanted.items() if key not in found or key in stale])

    def rebuild(self, read: Reading) -> int:
        """Compute the whole table again; returns the number of rows."""
        run = read.raw
        run.execute(f'DELETE FROM "{self.target.__tablename__}"')
        count = 0
        for part in chunks(self.compute(read, None), BATCH):
            self.rows.insert(run, [self.rows.bind(row) for row in part])
            count += len(part)
        return count

    def differences(self, read: Reading) -> list[str]:
        """The keys whose stored row is not what the function gives now."""
        stored = self.rows.all(read.raw)
        wrong = []
        for row in self.compute(read, None):
            if stored.pop(row["id"], None) != self.rows.bind(row):
                wrong.append(row["id"])
        return sorted([*wrong, *stored])


class StoredRows:
    """Rows of one table, bound as the database keeps them, written and read past SQLAlchemy.

    Every command pays for this: building and compiling the same three statements costs more than running them.
    """

    def __init__(self, record: type[Record]) -> None:
        table = record.__table__
        assert isinstance(table, Table)
        columns: list[Any] = list(table.columns)
        names = ", ".join(f'"{column.name}"' for column in columns)
        self._binders = [(str(column.name), column.type.process_bind_param) for column in columns]
        self._place = [str(column.name) for column in columns].index("id")
        self._select = f'SELECT {names} FROM "{table.name}"'
        self._delete = f'DELETE FROM "{table.name}" WHERE id = ?'
        self._insert = f'INSERT INTO "{table.name}"({names}) VALUES({", ".join("?" * len(columns))})'

    def bind(self, row: Row) -> tuple[Any, ...]:
        """A row of Python values as the database keeps it; columns that it lacks are NULL."""
        return tuple(bind(row.get(name), None) for name, bind in self._binders)

    def of(self, run: Any, keys: Collection[str]) -> dict[str, tuple[Any, ...]]:
        """The stored rows of these keys."""
        places = ", ".join("?" * len(keys))
        return {row[self._place]: row for row in run.execute(f"{self._select} WHERE id IN ({places})", list(keys))}

    def all(self, run: Any) -> dict[str, tuple[Any, ...]]:
        """Every stored row."""
        return {row[self._place]: row for row in run.execute(self._select)}

    def delete(self, run: Any, keys: Collection[str]) -> None:
        """Remove the rows of these keys."""
        if keys:
            run.executemany(self._delete, [(key,) for key in keys])

    def insert(self, run: Any, rows: Collection[tuple[Any, ...]]) -> None:
        """Add bound rows."""
        if rows:
            run.executemany(self._insert, rows)


@cache
def _stored_rows(record: type[Record]) -> StoredRows:
    return StoredRows(record)


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
) -> Callable[[Compute], Compute]:
    """Declare the function that computes `target` from the tables `of`.

    `keys` gives the target ids that a change set touches; `extra_ddl` is run once after the table is made,
    `purge` after an erasure (an FTS5 table: optimise, so that no old segment keeps a word). `related` adds the ids that
    hang on these keys in the tables: the patients of a parent whose name has changed.
    """
    from app.journal.records import REGISTRY

    if REGISTRY[target.__tablename__].merge is not Merge.PROJECTION:
        raise RegistryError(f"{target.__tablename__} is not declared as a projection")

    def register(compute: Compute) -> Compute:
        sources = frozenset(record.__tablename__ for record in of)
        PROJECTIONS[target.__tablename__] = Projection(target, sources, compute, keys, extra_ddl, purge, related)
        return compute

    return register


def refresh_projections(read: Reading, changes: ChangeSet) -> ChangeSet:
    """Re-compute what the changes touch; returns them with the projected tables added."""
    for name, item in PROJECTIONS.items():
        if changes.touches(item.sources):
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

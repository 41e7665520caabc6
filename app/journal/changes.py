"""What a commit touched: the one message that refreshes every open view."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

_columns = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """Tables with the ids touched in each, captured and projected; the operations; whom they concern.

    `columns` names the columns that were updated in a table whose rows were only updated; a table that is not in it was
    touched in any way.
    """

    tables: Mapping[str, frozenset[str]] = field(default_factory=dict)
    subjects: frozenset[str] = frozenset()
    operations: tuple[str, ...] = ()
    origin: str = "here"
    columns: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.tables)

    def touches(self, tables: Iterable[str]) -> bool:
        """Whether any of these tables was touched."""
        return any(table in self.tables for table in tables)

    def writes(self, table: str, columns: Collection[str] | None) -> bool:
        """Whether one of these columns may have changed in a table; None: any."""
        if table not in self.tables:
            return False
        updated = self.columns.get(table)
        return columns is None or updated is None or not updated.isdisjoint(columns)

    def ids(self, table: str) -> frozenset[str]:
        """The ids touched in a table."""
        return self.tables.get(table, frozenset())

    def joined(self, tables: Mapping[str, Iterable[str]]) -> ChangeSet:
        """With further tables (projections) added."""
        merged = dict(self.tables)
        for table, ids in tables.items():
            merged[table] = merged.get(table, frozenset()) | frozenset(ids)
        return ChangeSet(merged, self.subjects, self.operations, self.origin, self.columns)

    def followed_by(self, other: ChangeSet) -> ChangeSet:
        """One change set of two operations of one commit."""
        both = ChangeSet(
            self.tables, self.subjects | other.subjects, (*self.operations, *other.operations), other.origin
        )
        return both.joined(other.tables)


def change_set(rows: Iterable[tuple[str, str, str | None]], operations: tuple[str, ...], origin: str) -> ChangeSet:
    """From (table, key, subject) rows of the journal."""
    tables: dict[str, set[str]] = {}
    subjects: set[str] = set()
    for table, key, subject in rows:
        tables.setdefault(table, set()).add(key)
        if subject:
            subjects.add(subject)
    return ChangeSet({t: frozenset(ids) for t, ids in tables.items()}, frozenset(subjects), operations, origin)


def change_set_of(rows: Sequence[tuple[Any, ...]], operations: tuple[str, ...], origin: str) -> ChangeSet:
    """From whole change rows (tbl, pk, subject, kind, delta, …): the columns are known too."""
    updated: dict[str, set[str]] = {}
    whole: set[str] = set()
    for table, _key, _subject, kind, delta, *_rest in rows:
        if kind == "upd" and delta is not None:
            updated.setdefault(table, set()).update(_columns(delta))
        else:
            whole.add(table)
    made = change_set(((row[0], row[1], row[2]) for row in rows), operations, origin)
    known = {table: frozenset(names) for table, names in updated.items() if table not in whole}
    return ChangeSet(made.tables, made.subjects, made.operations, made.origin, known)


def join_all(made: Iterable[ChangeSet]) -> ChangeSet:
    """One change set of the operations of one commit."""
    tables: dict[str, set[str]] = {}
    updated: dict[str, set[str] | None] = {}
    subjects: set[str] = set()
    operations: list[str] = []
    origin = "here"
    for changes in made:
        origin = changes.origin
        subjects |= changes.subjects
        operations += changes.operations
        for table, ids in changes.tables.items():
            tables.setdefault(table, set()).update(ids)
            before, columns = updated.get(table, set()), changes.columns.get(table)
            updated[table] = None if before is None or columns is None else before | columns
    touched = {table: frozenset(ids) for table, ids in tables.items()}
    known = {table: frozenset(names) for table, names in updated.items() if names is not None}
    return ChangeSet(touched, frozenset(subjects), tuple(operations), origin, known)

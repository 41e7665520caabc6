"""Answers that are kept in memory until a row of the tables that they came from changes, whatever path wrote it.

For what is read at every click and written a few times a year (opening hours, chairs, types). The journal says
whether something changed since: every captured table has a change row for each write, other processes' included.
A value is shared by threads and is never written to.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, TextClause, text

from app.journal.queries import Reading

T = TypeVar("T")
MOST: Final = 64
"""Values kept for one database; the one that was used longest ago goes."""


@dataclass(slots=True)
class _Kept:
    """A value, and the change row up to which it is known to hold."""

    value: Any
    newest: int
    mark: str | None


@dataclass(slots=True)
class _Shelf:
    """The values of one engine."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    values: OrderedDict[Hashable, _Kept] = field(default_factory=OrderedDict)


_shelves: WeakKeyDictionary[Engine, _Shelf] = WeakKeyDictionary()


def remembered(read: Reading, key: Hashable, tables: Collection[str], load: Callable[[], T]) -> T:
    """`load()`, or what it gave before when no row of `tables` (captured ones) was written since.

    The tables count as read, so that a view that was answered from memory is made stale by them too.
    """
    read.tables.update(tables)
    shelf = _shelves.setdefault(read.connection.engine, _Shelf())
    kept = shelf.values.get(key)
    newest, mark, touched, found = _look(read, tables, kept.newest if kept else 0)
    if kept is not None and not touched and found == kept.mark:
        kept.newest, kept.mark = newest, mark
        with shelf.lock:
            if key in shelf.values:
                shelf.values.move_to_end(key)
        value: T = kept.value
        return value
    value = load()
    with shelf.lock:
        shelf.values[key] = _Kept(value, newest, mark)
        while len(shelf.values) > MOST:
            shelf.values.popitem(last=False)
    return value


def _look(read: Reading, tables: Collection[str], since: int) -> tuple[int, str | None, bool, str | None]:
    """The newest change and its mark, whether the tables were touched since, and the mark of `since` as it is now.

    Numbers of a transaction that was rolled back are given again: the mark tells the new row from the lost one.
    """
    row: Any = read.execute(_statement(frozenset(tables)), {"since": since}).one()
    return row.newest, row.mark, bool(row.touched), row.before


@lru_cache(maxsize=64)
def _statement(tables: frozenset[str]) -> TextClause:
    names = ", ".join(f"'{name}'" for name in sorted(tables))
    mark = (
        "(SELECT coalesce(o.id, 'raw') || c.pk || c.at FROM change c LEFT JOIN operation o ON o.n = c.operation"
        " WHERE c.n = {n})"
    )
    newest = "(SELECT coalesce(max(n), 0) FROM change)"
    return text(
        f"SELECT {newest} AS newest, {mark.format(n=newest)} AS mark, {mark.format(n=':since')} AS before,"
        f" EXISTS(SELECT 1 FROM change WHERE n > :since AND tbl IN ({names})) AS touched"
    )

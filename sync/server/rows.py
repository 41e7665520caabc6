"""Rows of captured tables as a push is judged by them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from app.journal.records import REGISTRY
from app.journal.remote import field_clocks


def row_of(run: Any, table: str, key: str, wanted: Iterable[str]) -> dict[str, Any] | None:
    """A row's values of these columns, of those that this version knows; None when there is no such row."""
    known = REGISTRY[table].columns
    columns = tuple([name for name in wanted if name in known]) or ("id",)
    found = run.execute(_select(table, columns), (key,)).fetchone()
    return dict(zip(columns, found, strict=True)) if found else None


@lru_cache(maxsize=1_000)
def _select(table: str, columns: tuple[str, ...]) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    return f'SELECT {names} FROM "{table}" WHERE id = ?'


def row_clock(run: Any, table: str, key: str) -> int:
    """The latest hybrid logical clock that wrote a row; 0 where none did."""
    return max((hlc for hlc, _device in field_clocks(run, table, key).values()), default=0)

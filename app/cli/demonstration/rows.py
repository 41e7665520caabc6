"""Writing invented rows in operations of at most 400 changes, inside one bulk transaction."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

import msgspec

from app.core.clock import to_millis
from app.journal.filling import FilledRows, fill_folder
from app.journal.operations import MAXIMUM_CHANGES
from app.journal.runner import Bulk

_encode: Final = msgspec.json.Encoder(order="sorted").encode


def as_json(value: Any) -> str:
    """A structure as the journal stores it."""
    return _encode(value).decode()


def _stored(value: Any) -> Any:
    if isinstance(value, datetime):
        return to_millis(value)
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, bool) else value


class Rows:
    """Collects rows that belong together and writes them when an operation is full."""

    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk
        self._parts: dict[tuple[str, tuple[str, ...]], list[tuple[Any, ...]]] = {}
        self._count = 0
        self.written = 0

    def add(self, table: str, **values: Any) -> None:
        """One row; texts of enumerations, instants and days are stored as the journal stores them."""
        stored = tuple(_stored(value) for value in values.values())
        self._parts.setdefault((table, tuple(values)), []).append(stored)
        self._count += 1

    def add_many(self, table: str, columns: tuple[str, ...], values: list[tuple[Any, ...]]) -> None:
        """Rows whose values are stored forms already."""
        self._parts.setdefault((table, columns), []).extend(values)
        self._count += len(values)

    def room_for(self, count: int) -> None:
        """Write what waits if this many rows more would not fit into its operation."""
        if self._count + count > MAXIMUM_CHANGES:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        if self._count:
            parts = [FilledRows(table, columns, values) for (table, columns), values in self._parts.items()]
            self._bulk.run(fill_folder, parts)
            self.written += self._count
            self._parts, self._count = {}, 0

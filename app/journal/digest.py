"""The canonical hash and the dump of what is synced: the captured tables, without the journal."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import msgspec

from app.journal.records import REGISTRY

_encode = msgspec.json.Encoder(order="sorted").encode


def dump(run: Any) -> Iterator[dict[str, Any]]:
    """Each row of each captured table, in order of table and id, NULL columns left out."""
    for row in REGISTRY.captured():
        columns = ", ".join(f'"{name}"' for name in row.columns)
        for values in run.execute(f'SELECT {columns} FROM "{row.table}" ORDER BY id'):
            given = {name: value for name, value in zip(row.columns, values, strict=True) if value is not None}
            yield {"table": row.table, "row": given}


def digest(run: Any) -> str:
    """SHA-256 over the dump: equal on two workstations that hold the same synced state."""
    total = sha256()
    for line in dump(run):
        total.update(_encode(line))
        total.update(b"\n")
    return total.hexdigest()


def counts(run: Any) -> dict[str, int]:
    """How many rows each table of the registry holds."""
    return {row.table: run.execute(f'SELECT count(*) FROM "{row.table}"').fetchone()[0] for row in REGISTRY}

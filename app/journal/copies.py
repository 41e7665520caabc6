"""Which sealed files must be on this machine: with a server, a file may rightly be on another one.

A workstation alone holds every file that a row names. One with a server must hold what the server has not confirmed;
the rest it may fetch again. The server must hold what it has once confirmed; the rest is still on its way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from app.journal.operations import state
from app.journal.records import CAPTURED, REGISTRY

FILE_COLUMN: Final = "sha256"
"""A Text column whose name ends so names a sealed file."""
SERVER_STATE, WORKSTATION_STATE = "epoch", "sync_epoch"


def must_be_here(run: Any) -> Callable[[str], bool]:
    """Whether a sealed file that a row names has to be here, as things stand now. `run` is a DB-API connection."""
    if state(run, SERVER_STATE) is not None:
        held = _names(run, "confirmed_at IS NOT NULL")
        return lambda name: name in held
    if state(run, WORKSTATION_STATE) is not None:
        unconfirmed = _names(run, "confirmed_at IS NULL")
        return lambda name: name in unconfirmed
    return lambda name: True


def _names(run: Any, which: str) -> frozenset[str]:
    return frozenset(row[0] for row in run.execute(f"SELECT id FROM sealed_copy WHERE {which}"))


def file_columns() -> Iterator[tuple[str, str]]:
    """(table, column) of every captured column that names a sealed file."""
    for row in REGISTRY:
        if row.merge in CAPTURED:
            yield from ((row.table, name) for name in row.columns if name.endswith(FILE_COLUMN))


def shared_files(run: Any) -> frozenset[str]:
    """Every sealed file that a captured row names: what all machines of a practice may want."""
    found: set[str] = set()
    for table, column in file_columns():
        found |= {row[0] for row in run.execute(f'SELECT "{column}" FROM "{table}" WHERE "{column}" > \'\'')}
    return frozenset(found)


def is_shared(run: Any, name: str) -> bool:
    """Whether a captured row names this sealed file."""
    return any(
        run.execute(f'SELECT 1 FROM "{table}" WHERE "{column}" = ? LIMIT 1', (name,)).fetchone()
        for table, column in file_columns()
    )

"""Filling a demo or test folder with many rows at once: captured, projected and checked by rules like any command.

A demonstration of thousands of visits would take minutes through the commands that staff run, one click each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.permissions import Permission
from app.journal.commands import command
from app.journal.operations import state
from app.journal.records import REGISTRY
from app.journal.transaction import Transaction

FILL_FOLDER = Permission("fill_folder", N_("Fill a demonstration"), ())
FILLED_KINDS: Final = frozenset({"demo", "test"})


@dataclass(frozen=True, slots=True)
class FilledRows:
    """New rows of one table: `columns` in order, and the values as the database stores them."""

    table: str
    columns: tuple[str, ...]
    values: list[tuple[Any, ...]]


@command(permission=FILL_FOLDER, label=N_("Fill the demonstration"), hidden=True)
def fill_folder(tx: Transaction, rows: list[FilledRows]) -> None:
    """Add invented rows to a demonstration; refused in a clinic’s folder."""
    if state(tx.raw, "kind") not in FILLED_KINDS:
        raise RuleViolation(N_("Only a demonstration is filled."))
    for part in rows:
        registered = REGISTRY[part.table]
        unknown = [name for name in part.columns if name not in registered.columns]
        if unknown or not registered.captured:
            raise RuleViolation(N_("Only a demonstration is filled."), field=part.table)
        names = ", ".join(f'"{name}"' for name in part.columns)
        marks = ", ".join("?" * len(part.columns))
        tx.raw.executemany(f'INSERT INTO "{part.table}"({names}) VALUES({marks})', part.values)

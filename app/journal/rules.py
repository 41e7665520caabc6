"""Rules that hold whoever writes: they run after every command and every undo that touches their table."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from app.journal.records import Record

if TYPE_CHECKING:
    from app.journal.changes import ChangeSet
    from app.journal.transaction import Transaction

Check: TypeAlias = "Callable[[Transaction, frozenset[str]], None]"
RULES: dict[str, list[tuple[frozenset[str] | None, Check]]] = {}
"""For each table, the columns that a rule looks at (None: any) and the rule."""


def rule(record: type[Record], *, columns: tuple[str, ...] | None = None) -> Callable[[Check], Check]:
    """Register `check(tx, ids)`, which raises `RuleViolation` when rows of `record` may not stand as they are.

    With `columns`, an update of other columns only is not checked: the rule must look at no others of the table.
    """
    table = record.__table__.c
    watched = None if columns is None else frozenset(str(table[name].name) for name in columns)

    def register(check: Check) -> Check:
        RULES.setdefault(record.__tablename__, []).append((watched, check))
        return check

    return register


def check_rules(tx: Transaction, changes: ChangeSet) -> None:
    """Run the rules of every touched table."""
    for table, ids in changes.tables.items():
        for watched, check in RULES.get(table, ()):
            if changes.writes(table, watched):
                check(tx, ids)

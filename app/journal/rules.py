"""Rules that hold whoever writes: they run after every command and every undo that touches their table."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.journal.records import Record

if TYPE_CHECKING:
    from app.journal.changes import ChangeSet
    from app.journal.transaction import Transaction

RULES: dict[str, list[Callable[[Transaction, frozenset[str]], None]]] = {}


def rule(
    record: type[Record],
) -> Callable[[Callable[[Transaction, frozenset[str]], None]], Callable[[Transaction, frozenset[str]], None]]:
    """Register `check(tx, ids)`, which raises `RuleViolation` when rows of `record` may not stand as they are."""

    def register(
        check: Callable[[Transaction, frozenset[str]], None],
    ) -> Callable[[Transaction, frozenset[str]], None]:
        RULES.setdefault(record.__tablename__, []).append(check)
        return check

    return register


def check_rules(tx: Transaction, changes: ChangeSet) -> None:
    """Run the rules of every touched table."""
    for table, ids in changes.tables.items():
        for check in RULES.get(table, ()):
            check(tx, ids)

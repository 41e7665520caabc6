"""What two workstations wrote apart, and how people settle it; each settlement is a command that every one learns of.

A conflict that has been settled stays so: the first answer wins, and the second is told whose it was.
"""

from __future__ import annotations

import enum
from typing import Any, Final

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.permissions import Permission, Role
from app.journal.commands import command
from app.journal.detectors import SENSITIVE
from app.journal.model import Conflict, ConflictState, InboxItem
from app.journal.records import REGISTRY
from app.journal.transaction import Transaction

SETTLE_CONFLICTS: Final = Permission(
    "settle_conflicts", N_("Settle conflicts between workstations"),
    (Role.ORTHODONTIST, Role.PRACTICE_MANAGER, Role.FRONT_DESK),
)  # fmt: skip
NOTE_LIMIT: Final = 400


class Side(enum.StrEnum):
    """Which of two values of a field is kept."""

    MINE = "mine"
    """The one that arrived."""
    THEIRS = "theirs"
    """The one that it met."""
    STANDING = "standing"
    """Whatever stands now."""


def open_conflict(tx: Transaction, conflict_id: str, kind: str = "") -> Conflict:
    """A conflict that waits for a decision; `RuleViolation` when somebody has decided."""
    found = tx.get(Conflict, conflict_id)
    if found.state is ConflictState.RESOLVED:
        raise RuleViolation(N_("This conflict has been settled already."), field="conflict_id")
    if kind and found.kind != kind:
        raise RuleViolation(N_("This conflict is settled in another way."), field="conflict_id")
    return found


def close(tx: Transaction, conflict: Conflict, resolution: str) -> None:
    """Note how a conflict was settled, by whom and when."""
    conflict.state, conflict.resolution = ConflictState.RESOLVED, resolution
    conflict.resolved_by, conflict.resolved_at = tx.actor.id, tx.now


def reopen(conflict: Conflict) -> None:
    """It waits for a decision again."""
    conflict.state = ConflictState.OPEN
    conflict.resolution = conflict.resolved_by = conflict.resolved_at = None


@command(permission=SETTLE_CONFLICTS, label=N_("Keep the value"), icon="git-merge")
def settle_edit(tx: Transaction, conflict_id: str, side: Side) -> None:
    """Settle a field that two people changed apart: keep one of the values, or what stands now."""
    conflict = open_conflict(tx, conflict_id, SENSITIVE)
    details = conflict.details or {}
    row, column = REGISTRY.get(conflict.table_name), details.get("column")
    if side is not Side.STANDING:
        if row is None or column not in row.sensitive or side.value not in details:
            raise RuleViolation(N_("The values are no longer known: they have been erased."), field="conflict_id")
        _write(tx, row.table, conflict.row_id, column, details[side.value])
    close(tx, conflict, side.value)


def _write(tx: Transaction, table: str, key: str, column: str, value: Any) -> None:
    """The column as the journal has it: text or whole number."""
    tx.session.flush()
    tx.raw.execute(
        f'UPDATE "{table}" SET "{column}" = :value WHERE id = :key AND "{column}" IS NOT :value',
        {"value": value, "key": key},
    )


@command(permission=SETTLE_CONFLICTS, label=N_("Close the conflict"), icon="check")
def close_conflict(tx: Transaction, conflict_id: str, note: str = "") -> None:
    """Note that a conflict has been looked at and nothing is left to decide."""
    words = " ".join(note.split())
    if len(words) > NOTE_LIMIT:
        raise RuleViolation(N_("At most {count} characters."), field="note", count=NOTE_LIMIT)
    close(tx, open_conflict(tx, conflict_id), f"closed:{words}")


@command(permission=SETTLE_CONFLICTS, label=N_("Open the conflict again"), icon="arrow-counter-clockwise")
def reopen_conflict(tx: Transaction, conflict_id: str) -> None:
    """Let a conflict that was settled wait for a decision again; what the settlement wrote stays."""
    found = tx.get(Conflict, conflict_id)
    if found.state is ConflictState.OPEN:
        raise RuleViolation(N_("This conflict is open."), field="conflict_id")
    reopen(found)


@command(permission=SETTLE_CONFLICTS, label=N_("Put aside"), icon="check")
def settle_inbox_item(tx: Transaction, item_id: str) -> None:
    """Note that refused work has been dealt with; its content stays here and can be looked at."""
    item = tx.get(InboxItem, item_id)
    if item.settled_at is not None:
        raise RuleViolation(N_("This has been dealt with already."), field="item_id")
    item.settled_at = tx.now
    tx.touch_local(InboxItem, item_id)


@command(permission=SETTLE_CONFLICTS, label=N_("Look at it again"), icon="arrow-counter-clockwise")
def reopen_inbox_item(tx: Transaction, item_id: str) -> None:
    """Put refused work back among what waits."""
    tx.get(InboxItem, item_id).settled_at = None
    tx.touch_local(InboxItem, item_id)

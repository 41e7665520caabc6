"""Whether an operation may be taken in: the named command for its actor, inside the command's footprint.

A workstation is not trusted: its database can be opened by who holds its key. What a label may write is known from
the checked-in footprints; what nobody's command wrote (`raw`) needs a right of its own and never touches events.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

from app.access.history import HasLeft
from app.core.errors import NotFound
from app.core.permissions import PERMISSIONS
from app.journal.commands import COMMANDS
from app.journal.erasure import ERASE, ERASE_COMMAND
from app.journal.footprint import Footprint, load_footprints, merged, with_whole_rows
from app.journal.queries import SYSTEM, Actor, Reading
from app.journal.raw import WRITE_RAW
from app.journal.records import REGISTRY, Merge
from sync.protocol.messages import Change, Operation

UNDO: Final = "undo"
RAW: Final = "raw_write"
footprints = cache(load_footprints)
Writable = Mapping[tuple[str, str], frozenset[str]]
"""The columns that may be written, by table and kind of change."""
Actors = Callable[[Reading, str, int], Actor]
"""The person of this id with the rights that they had at a hybrid logical clock."""


def refusal(read: Reading, operation: Operation, actor_of: Actors) -> str:
    """Why an operation is refused, as a code; empty when it is taken in.

    The rights are those of the moment when the operation was made: a role that was taken away since does not make
    yesterday's work wrong, and one that was given since does not make it right.
    Codes: `unknown_actor`, `revoked_actor`, `no_permission`, `outside_footprint`, `raw_event`, `unknown_command`.
    """
    if operation.origin == "raw":
        return _raw_refusal(operation)
    why = "" if operation.actor == SYSTEM.id else _actor_refusal(read, operation, actor_of)
    return why or ("" if operation.origin == "erasure" else _beyond_footprint(read, operation))


def _actor_refusal(read: Reading, operation: Operation, actor_of: Actors) -> str:
    try:
        actor = actor_of(read, operation.actor or "", operation.hlc)
    except HasLeft:
        return "revoked_actor"
    except NotFound:
        return "unknown_actor"
    if operation.origin == "erasure" or operation.command == ERASE_COMMAND:
        return "" if actor.may(ERASE) else "no_permission"
    command = COMMANDS.get(operation.command)
    return "no_permission" if command is not None and not actor.may(command.permission) else ""


def _raw_refusal(operation: Operation) -> str:
    if WRITE_RAW.name not in PERMISSIONS:
        return "no_permission"
    events = {row.table for row in REGISTRY if row.merge is Merge.EVENT}
    return "raw_event" if any(change.table in events for change in operation.changes) else ""


def _beyond_footprint(read: Reading, operation: Operation) -> str:
    allowed = _allowed(read, operation)
    if allowed is None:
        return "unknown_command"
    return "outside_footprint" if any(_is_outside(allowed, change) for change in operation.changes) else ""


def _is_outside(allowed: Writable, change: Change) -> bool:
    columns = allowed.get((change.table, change.kind))
    return columns is None or not columns.issuperset(change.delta or ())


def _allowed(read: Reading, operation: Operation) -> Writable | None:
    if operation.command != UNDO:
        return _writable_by(operation.command)
    root = _root_command(read, operation.undoes or "")
    known = footprints().get(root)
    if known is None:
        return None
    opposite = COMMANDS[root].undo if root in COMMANDS else None
    back = footprints().get(opposite.command.name, {}) if opposite is not None else {}
    return _writable(merged(_as_updates(known), back))


@cache
def _writable_by(command: str) -> Writable | None:
    known = footprints().get(command)
    return None if known is None else _writable(known)


def _writable(footprint: Footprint) -> Writable:
    whole = with_whole_rows(footprint)
    return {(table, kind): frozenset(names) for table, kinds in whole.items() for kind, names in kinds.items()}


def _root_command(read: Reading, operation_id: str) -> str:
    """The command that an undo, or an undo of an undo, is about; empty when it is not known here."""
    rows = read.sql("SELECT command, undoes FROM operation WHERE id = :it", it=operation_id)
    if not rows:
        return ""
    command, undoes = rows[0]
    return _root_command(read, undoes) if command == UNDO and undoes else str(command)


def _as_updates(footprint: Footprint) -> Footprint:
    """What taking back the updates of a command may write: the same columns."""
    return {table: {"upd": kinds["upd"]} for table, kinds in footprint.items() if "upd" in kinds}

"""Undo, judged by the journal and not by values, and run through the slice's rules again.

Generic for updates of FIELD and CONFIG rows. A command that inserts names its opposite (`undo=`), which is run with
the id of each inserted row. An operation counts as undone when an undo of it exists that is not itself undone, so
that undoing an undo is redo.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import text

from app.core.errors import NotFound, PermissionDenied, RuleViolation, StaleRecord
from app.core.i18n import N_
from app.core.ids import new_id
from app.core.permissions import LEADERS, Permission
from app.journal.changes import ChangeSet, join_all
from app.journal.commands import COMMANDS, Opposite
from app.journal.operations import Draft
from app.journal.queries import SYSTEM, Actor, Reading
from app.journal.records import REGISTRY, Merge
from app.journal.transaction import Transaction

if TYPE_CHECKING:
    from app.journal.runner import Done, Runner, Step

UNDO_OTHERS = Permission("undo_others", N_("Undo what somebody else did"), LEADERS)
UNDO_COMMAND = "undo"
_MERGED = {Merge.FIELD, Merge.CONFIG}


@dataclass(frozen=True, slots=True)
class Target:
    """An operation to be undone."""

    n: int
    id: str
    command: str
    actor: str | None
    device: str


def is_field_update(rows: Sequence[Any]) -> bool:
    """Whether change rows (tbl, pk, subject, kind, …) are updates of merged rows only."""
    return all(row[3] == "upd" and row[0] in REGISTRY and REGISTRY[row[0]].merge in _MERGED for row in rows)


def is_undone(run: Any, operation_id: str) -> bool:
    """Whether an undo of this operation exists that is not itself undone."""
    found = run.execute("SELECT id FROM operation WHERE undoes = ?", (operation_id,)).fetchall()
    return any(not is_undone(run, row[0]) for row in found)


def undo_operations(runner: Runner, actor: Actor, *, operation: str = "", group: str = "") -> Done[None]:
    """Undo one operation or a whole group, all or none, as operations of their own."""
    from app.journal.runner import Done

    undone: list[str] = []
    fresh = new_id() if group else None

    def work(step: Step) -> ChangeSet:
        targets = _targets(step.raw, operation, group)
        ours = frozenset(target.n for target in targets)
        parts = []
        for target in targets:
            draft = Draft(UNDO_COMMAND, actor.id, session=actor.session, undoes=target.id, group=fresh)
            _may_undo(runner, step, actor, target)
            _none, made, _rows = step.operation(actor, draft, partial(_undo_one, runner, target, ours))
            undone.extend(made.operations)
            parts.append(made)
        return join_all(parts)  # once: to join after each costs the square of their number

    changes = runner.transact(work)
    return Done(None, undone[0] if undone else "", changes, True, fresh)


def _targets(run: Any, operation: str, group: str) -> list[Target]:
    where, key = ("grp", group) if group else ("id", operation)
    rows = run.execute(
        f"SELECT n, id, command, actor, device FROM operation WHERE {where} = ? ORDER BY n DESC", (key,)
    ).fetchall()
    targets = [Target(*row) for row in rows]
    if not targets:
        raise NotFound(N_("operation"), key)
    living = [target for target in targets if not is_undone(run, target.id)]
    if not living:
        raise RuleViolation(N_("This has already been undone."))
    return living


def _may_undo(runner: Runner, step: Step, actor: Actor, target: Target) -> None:
    if target.device != runner.place.device:
        raise RuleViolation(N_("This was done on another workstation and is undone there."))
    command = COMMANDS.get(_root_command(step.raw, target))
    if command is not None and not actor.may(command.permission):
        assert command.permission is not None
        raise PermissionDenied(command.permission.name, command.permission.label)
    if target.actor != actor.id and not actor.may(UNDO_OTHERS):
        raise PermissionDenied(UNDO_OTHERS.name, UNDO_OTHERS.label)


def _root_command(run: Any, target: Target) -> str:
    """The command that an undo, or an undo of an undo, is about."""
    command, identity = target.command, target.id
    while command == UNDO_COMMAND:
        row = run.execute(
            "SELECT o.id, o.command FROM operation u JOIN operation o ON o.id = u.undoes WHERE u.id = ?", (identity,)
        ).fetchone()
        if row is None:
            break
        identity, command = row
    return command


def _undo_one(runner: Runner, target: Target, ours: frozenset[int], tx: Transaction) -> None:
    raw = tx.raw
    rows = raw.execute(
        "SELECT n, tbl, pk, kind, delta FROM change WHERE operation = ? ORDER BY n DESC", (target.n,)
    ).fetchall()
    command = COMMANDS.get(target.command)
    if is_field_update([(row[1], row[2], None, row[3]) for row in rows]):
        for n, table, key, _kind, delta in rows:
            _restore(runner, tx, (n, table, key), msgspec.json.decode(delta), ours)
    elif command is not None and command.undo is not None:
        _run_opposite(tx, command.undo, rows)
    else:
        raise RuleViolation(N_("This cannot be undone; record a correction instead."))


def _run_opposite(tx: Transaction, opposite: Opposite, rows: Sequence[Any]) -> None:
    tx_command = opposite.command
    if not tx.actor.may(tx_command.permission):
        assert tx_command.permission is not None
        raise PermissionDenied(tx_command.permission.name, tx_command.permission.label)
    table = opposite.record.__tablename__
    keys = [key for _n, name, key, kind, _delta in rows if name == table and kind == "ins"]
    if not keys:
        raise RuleViolation(N_("This cannot be undone; record a correction instead."))
    for key in keys:
        tx_command.function(tx, key)


def _restore(
    runner: Runner,
    tx: Transaction,
    change: tuple[int, str, str],
    delta: dict[str, list[Any]] | None,
    ours: frozenset[int],
) -> None:
    n, table, key = change
    if delta is None:
        raise RuleViolation(N_("This cannot be undone: the person’s data has been erased."))
    _refuse_if_changed_since(runner, tx, n, frozenset(delta), ours)
    columns = [name for name in delta if name in REGISTRY[table].columns]
    places = ", ".join(f'"{name}" = :{name}' for name in columns)
    values = {name: delta[name][0] for name in columns}
    tx.connection.execute(text(f'UPDATE "{table}" SET {places} WHERE id = :id_'), {**values, "id_": key})


def _refuse_if_changed_since(
    runner: Runner, tx: Transaction, n: int, columns: frozenset[str], ours: frozenset[int]
) -> None:
    """Refuse when a later operation wrote these columns, unless it was undone or itself undid a later one."""
    raw = tx.raw
    later = raw.execute(
        "SELECT c.delta, o.n, o.id, o.actor, (SELECT u.n > t.operation FROM operation u WHERE u.id = o.undoes)"
        " FROM change t JOIN change c ON c.tbl = t.tbl AND c.pk = t.pk AND c.n > t.n JOIN operation o"
        " ON o.n = c.operation WHERE t.n = ? AND o.hash IS NOT NULL ORDER BY c.n",
        (n,),
    ).fetchall()
    for delta, operation, identity, author, takes_back_a_later_one in later:
        if operation in ours or (delta is not None and columns.isdisjoint(msgspec.json.decode(delta))):
            continue
        if takes_back_a_later_one or is_undone(raw, identity):
            continue
        raise StaleRecord(N_("{name} has changed this since; it is not undone."), name=_author(runner, tx, author))


def _author(runner: Runner, tx: Transaction, author: str | None) -> str:
    if runner.authority is None or not author:
        return author or "?"
    return runner.authority.name(Reading(tx.connection, tx.clock, SYSTEM), author)

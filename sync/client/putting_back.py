"""Putting rows back as the server has them: what was refused or lost, but for own columns that are on their way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, TypeAlias

import msgspec

from app.journal.records import REGISTRY, Merge
from sync.protocol.messages import RowState

Pending: TypeAlias = dict[tuple[str, str], dict[str, Any]]
"""{(table, key): {column: value}} of own operations whose answers are still to come."""


def pending_columns(run: Any, device: str, after: int) -> Pending:
    """What own operations after a number have written; not those that were refused before a server was restored."""
    rows = run.execute(
        "SELECT c.tbl, c.pk, c.kind, c.delta FROM change c JOIN operation o ON o.n = c.operation"
        " WHERE o.device = ? AND o.number > ? AND c.delta IS NOT NULL"
        " AND o.id NOT IN (SELECT operation FROM inbox_item) ORDER BY c.n",
        (device, after),
    )
    found: Pending = {}
    for table, key, kind, delta in rows:
        row = found.setdefault((table, key), {})
        if kind == "del":
            row.clear()
        else:
            row.update({name: value for name, (_before, value) in msgspec.json.decode(delta).items()})
    return found


def write_fixes(run: Any, fixes: Iterable[RowState], pending: Pending) -> None:
    for fix in fixes:
        row = REGISTRY.get(fix.table)
        if row is None:
            continue
        own = pending.get((fix.table, fix.key), {})
        if fix.values is None and "id" in own:
            continue  # made anew since, and that is on its way
        if fix.values is None:
            run.execute(f'DELETE FROM "{fix.table}" WHERE id = ?', (fix.key,))
            continue
        known = {name: value for name, value in fix.values.items() if name in row.columns}
        if row.merge is not Merge.EVENT:
            _write_row(run, fix.table, known, own)
        elif _is_other(run, fix.table, known):
            run.execute(f'DELETE FROM "{fix.table}" WHERE id = ?', (fix.key,))
            _write_row(run, fix.table, known, {})


def _is_other(run: Any, table: str, values: dict[str, Any]) -> bool:
    """Whether an event is here with another content; one that is not here comes with its own operation."""
    names = ", ".join(f'"{name}"' for name in values)
    found = run.execute(f'SELECT {names} FROM "{table}" WHERE id = ?', (values["id"],)).fetchone()
    return found is not None and tuple(found) != tuple(values.values())


def _write_row(run: Any, table: str, values: dict[str, Any], own: dict[str, Any]) -> None:
    """Put a row as the server has it, but for the columns whose later values are on their way to it."""
    whole = {**values, **own}
    names = ", ".join(f'"{name}"' for name in whole)
    update = ", ".join(f'"{name}" = excluded."{name}"' for name in values if name != "id" and name not in own)
    run.execute(
        f'INSERT INTO "{table}"({names}) VALUES({", ".join("?" * len(whole))})'
        f" ON CONFLICT(id) DO {f'UPDATE SET {update}' if update else 'NOTHING'}",
        tuple(whole.values()),
    )


STRANDED: Final = (
    "SELECT DISTINCT o.id FROM operation o JOIN change c ON c.operation = o.n"
    " WHERE o.device = :device AND o.number > :after AND c.kind = 'upd' AND EXISTS("
    "SELECT 1 FROM change d JOIN operation f ON f.n = d.operation JOIN change i ON i.tbl = d.tbl AND i.pk = d.pk"
    " JOIN operation p ON p.n = i.operation WHERE d.tbl = c.tbl AND d.pk = c.pk AND d.kind = 'del' AND d.n > c.n"
    " AND f.device = 'fix:' || :device AND i.kind = 'ins' AND i.n > d.n AND p.device = :device)"
)


def stranded(run: Any, device: str, after: int) -> set[str]:
    """Own operations that changed a row whose making was refused since, and which was made anew here without them."""
    return {row[0] for row in run.execute(STRANDED, {"device": device, "after": after})}

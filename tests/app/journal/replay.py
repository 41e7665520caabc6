"""Replay of change rows, written apart from the kernel: the judge of the capture tests."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

Tables = dict[str, dict[str, dict[str, Any]]]


class ReplayError(AssertionError):
    """A change row does not follow from those before it."""


def replay(rows: Iterable[tuple[str, str, str, str]]) -> Tables:
    """The tables that (tbl, pk, kind, delta) rows give, in the order they were written; NULL columns are left out.

    Every value before a change must be the one that stood there: `ReplayError` names the first that is not.
    """
    tables: Tables = {}
    for table, key, kind, delta in rows:
        living = tables.setdefault(table, {})
        pairs: dict[str, list[Any]] = json.loads(delta)
        before = {name: pair[0] for name, pair in pairs.items() if pair[0] is not None}
        after = {name: pair[1] for name, pair in pairs.items()}
        if kind == "ins":
            if key in living or before:
                raise ReplayError(f"{table} {key}: inserted over a living row")
            living[key] = {name: value for name, value in after.items() if value is not None}
            continue
        row = living.get(key)
        if row is None:
            raise ReplayError(f"{table} {key}: {kind} of a row that is not there")
        if kind == "del":
            if row != before:
                raise ReplayError(f"{table} {key}: deleted with other values than it had")
            del living[key]
        elif kind == "upd":
            _change(f"{table} {key}", row, pairs)
        else:
            raise ReplayError(f"{table} {key}: unknown kind {kind}")
    return tables


def _change(where: str, row: dict[str, Any], pairs: dict[str, list[Any]]) -> None:
    if not pairs:
        raise ReplayError(f"{where}: a change of nothing")
    for name, (before, after) in pairs.items():
        if row.get(name) != before or before == after:
            raise ReplayError(f"{where}: {name} changed from a value that it did not have")
        if after is None:
            del row[name]
        else:
            row[name] = after


def changes(run: Any) -> list[tuple[str, str, str, str]]:
    """(tbl, pk, kind, delta) of every change, in the order they were written."""
    return [tuple(row) for row in run.execute("SELECT tbl, pk, kind, delta FROM change ORDER BY n")]


def stored(run: Any, tables: Iterable[str]) -> Tables:
    """The tables as they stand, NULL columns left out."""
    result: Tables = {}
    for table in tables:
        cursor = run.execute(f'SELECT * FROM "{table}"')
        names = [item[0] for item in cursor.description]
        rows = [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
        result[table] = {row["id"]: {k: v for k, v in row.items() if v is not None} for row in rows}
    return result

"""Capture triggers, generated from the registry: whatever path writes a row, a change row is written with it.

The update form lists each column once, in a VALUES table, which parses fastest when the database is opened.
No custom SQL function stands in any trigger: every outside tool would break.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from app.journal.records import Merge, Registered
from app.journal.schema import JOURNAL_GUARDS

_OPEN_N: Final = (
    "SELECT iif(hash IS NULL, o.n, NULL) n, iif(hash IS NULL, origin = 'erasure', 0) e"
    " FROM operation o ORDER BY o.n DESC LIMIT 1"
)
PRUNING: Final = "pruning"
"""The key of `journal_state` for which the guards against deletion stand aside, inside one transaction only."""
TAKE_BACK: Final = "take_server_rows"
"""The operation of origin `remote` under which rows that the server refused are put back as the server has them."""
_TAKING_BACK: Final = (
    f"(SELECT hash IS NULL AND origin = 'remote' AND command = '{TAKE_BACK}' FROM operation ORDER BY n DESC LIMIT 1)"
)
_ERASING: Final = "(SELECT hash IS NULL AND origin = 'erasure' FROM operation ORDER BY n DESC LIMIT 1)"


def capture_triggers(row: Registered) -> dict[str, str]:
    """The triggers of one captured table, by name."""
    table = row.table
    triggers = {
        f"capture_{table}_insert": _insert(row),
        f"capture_{table}_update": _update(row),
        f"capture_{table}_delete": _delete(row),
        f"capture_{table}_key": (
            f"CREATE TRIGGER capture_{table}_key BEFORE UPDATE OF id ON {table} WHEN OLD.id IS NOT NEW.id\n"
            f"  BEGIN SELECT RAISE(ABORT, '{table}: an id does not change'); END"
        ),
    }
    if row.merge is Merge.EVENT:
        triggers |= _event_guards(row)
    return triggers


def _subject(row: Registered, side: str) -> str:
    return f"{side}.{row.subject}" if row.subject else "NULL"


def _insert(row: Registered) -> str:
    values = ", ".join(f"('{name}', NEW.\"{name}\")" for name in row.columns)
    return (
        f"CREATE TRIGGER capture_{row.table}_insert AFTER INSERT ON {row.table} BEGIN\n"
        f"  INSERT INTO change(operation, tbl, pk, subject, kind, delta, salt)\n"
        f"  SELECT (SELECT n FROM ({_OPEN_N})), '{row.table}', NEW.id, {_subject(row, 'NEW')}, 'ins',\n"
        f"  (SELECT json_group_object(k, json_array(NULL, b)) FROM (WITH v(k, b) AS (VALUES {values})\n"
        f"  SELECT * FROM v) WHERE b IS NOT NULL), randomblob(16); END"
    )


def _delete(row: Registered) -> str:
    values = ", ".join(f"('{name}', OLD.\"{name}\")" for name in row.columns)
    return (
        f"CREATE TRIGGER capture_{row.table}_delete AFTER DELETE ON {row.table} BEGIN\n"
        f"  INSERT INTO change(operation, tbl, pk, subject, kind, delta, salt)\n"
        f"  SELECT (SELECT n FROM ({_OPEN_N})), '{row.table}', OLD.id, {_subject(row, 'OLD')}, 'del',\n"
        f"  (SELECT json_group_object(k, json_array(a, NULL)) FROM (WITH v(k, a) AS (VALUES {values})\n"
        f"  SELECT * FROM v) WHERE a IS NOT NULL), randomblob(16); END"
    )


def _update(row: Registered) -> str:
    values = ", ".join(f'(\'{name}\', OLD."{name}", NEW."{name}")' for name in row.columns if name != "id")
    return (
        f"CREATE TRIGGER capture_{row.table}_update AFTER UPDATE ON {row.table} BEGIN\n"
        f"  INSERT INTO change(operation, tbl, pk, subject, kind, delta, salt)\n"
        f"  SELECT n, '{row.table}', NEW.id, {_subject(row, 'NEW')}, iif(e, 'era', 'upd'), d, randomblob(16) FROM\n"
        f"  (SELECT o.n, o.e, (SELECT json_group_object(k, json_array(iif(o.e, NULL, a), b)) FROM (\n"
        f"  WITH v(k, a, b) AS (VALUES {values}) SELECT * FROM v) WHERE a IS NOT b) d\n"
        f"  FROM (SELECT (SELECT n FROM ({_OPEN_N})) n, coalesce((SELECT e FROM ({_OPEN_N})), 0) e) o)\n"
        f"  WHERE d <> '{{}}'; END"
    )


def _event_guards(row: Registered) -> dict[str, str]:
    table = row.table
    same = ["id = NEW.id"]
    same += ["(" + " AND ".join(f'"{name}" = NEW."{name}"' for name in columns) + ")" for columns in row.uniques]
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table}: an event row is immutable'); END"
    return {
        f"capture_{table}_only_insert": (
            f"CREATE TRIGGER capture_{table}_only_insert BEFORE INSERT ON {table}\n"
            f"  WHEN EXISTS(SELECT 1 FROM {table} WHERE {' OR '.join(same)})\n  {refuse}"
        ),
        f"capture_{table}_no_update": (
            f"CREATE TRIGGER capture_{table}_no_update BEFORE UPDATE ON {table} WHEN {_ERASING} IS NOT 1\n  {refuse}"
        ),
        f"capture_{table}_no_delete": (
            f"CREATE TRIGGER capture_{table}_no_delete BEFORE DELETE ON {table}\n"
            f"  WHEN {_TAKING_BACK} IS NOT 1\n  {refuse}"
        ),
    }


def expected_triggers(rows: Iterable[Registered]) -> dict[str, str]:
    """Every trigger that a sound database holds on captured and journal tables, by name."""
    expected = dict(JOURNAL_GUARDS)
    for row in rows:
        expected |= capture_triggers(row)
    return expected


def check_capture(connection: Any, rows: Iterable[Registered]) -> list[str]:
    """What is wrong with capture in this database, as names: missing, changed and foreign triggers, pragma,
    guards left aside.

    `connection` is a DB-API connection or cursor with `execute`. An empty list means sound.
    """
    rows = list(rows)
    expected = expected_triggers(rows)
    watched = {row.table for row in rows} | {"operation", "change", "access_log"}
    found = {
        name: sql
        for name, table, sql in connection.execute(
            "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
        )
        if table in watched
    }
    faults = [f"missing {name}" for name in expected if name not in found]
    faults += [f"changed {name}" for name, sql in found.items() if name in expected and expected[name] != sql]
    faults += [f"foreign {name}" for name in found if name not in expected]
    if connection.execute("PRAGMA recursive_triggers").fetchone()[0] != 1:
        faults.append("pragma recursive_triggers is off")
    if connection.execute("SELECT 1 FROM journal_state WHERE k = ?", (PRUNING,)).fetchone():
        faults.append(f"left {PRUNING}")
    return sorted(faults)


def repair_capture(connection: Any, rows: Iterable[Registered]) -> list[str]:
    """Re-create every trigger that is missing or changed; returns the faults that were found before.

    A foreign trigger on a captured table is dropped: the order of its writes is not certain.
    """
    rows = list(rows)
    faults = check_capture(connection, rows)
    expected = expected_triggers(rows)
    for fault in faults:
        kind, _space, name = fault.partition(" ")
        if kind in {"changed", "foreign"}:
            connection.execute(f'DROP TRIGGER IF EXISTS "{name}"')
        if kind == "left":
            connection.execute("DELETE FROM journal_state WHERE k = ?", (name,))
        if kind in {"missing", "changed"}:
            connection.execute(expected[name])
    return faults


def drop_capture(connection: Any) -> None:
    """Drop all our triggers, as the first step of a schema migration."""
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        " AND (name GLOB 'capture_*' OR name GLOB 'journal_*' OR name GLOB 'access_log_*')"
    ).fetchall()
    for (name,) in names:
        connection.execute(f'DROP TRIGGER "{name}"')

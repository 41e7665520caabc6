"""Bringing a database to this version's schema, then putting capture back and checking it twice.

Recipe: foreign keys off (inside a transaction the pragma does nothing) → BEGIN IMMEDIATE → our triggers off → Alembic →
triggers made again → foreign_key_check → COMMIT → foreign keys on. A failure half way leaves nothing.
Alembic is only imported when there is a step to take.
"""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from typing import Any, Final

from sqlalchemy import create_engine
from sqlalchemy.dialects import sqlite
from sqlalchemy.pool import StaticPool
from sqlalchemy.schema import CreateIndex, CreateTable

from app.core.errors import IntegrityFailure
from app.core.i18n import N_
from app.journal.capture import drop_capture, repair_capture
from app.journal.operations import set_state
from app.journal.projections import PROJECTIONS
from app.journal.records import REGISTRY, Record
from app.journal.schema import JOURNAL_TABLES

VERSIONS: Final = Path(__file__).with_name("migrations") / "versions"
SCHEMA: Final = max((int(path.name[:4]) for path in VERSIONS.glob("[0-9][0-9][0-9][0-9]_*.py")), default=0)
"""The number of the newest schema step: an operation carries it."""


def schema_of(run: Any) -> int:
    """The schema number of a database; 0 for an empty one."""
    if not run.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
        return 0
    row = run.execute("SELECT version_num FROM alembic_version").fetchone()
    return int(row[0]) if row else 0


def bring_up_to_date(run: Any, *, repair: bool = True) -> list[str]:
    """Take the missing steps on a DB-API connection in autocommit mode; returns the capture faults that were mended.

    With `repair=False` nothing is written: a database of another schema raises `IntegrityFailure`.
    """
    found = schema_of(run)
    if found > SCHEMA:
        raise IntegrityFailure(N_("This folder was written by a newer version of Archwire. Update this workstation."))
    if not repair:
        if found < SCHEMA:
            raise IntegrityFailure(N_("This folder is of an older version; open it once to bring it up to date."))
        return []
    if found < SCHEMA:
        migrate(run)
    missing = _missing_tables(run)
    if missing:
        _in_transaction(run, lambda: _make_tables(run, missing))
    return _repair(run, fresh=bool(missing) or found < SCHEMA)


def migrate(run: Any, script_location: Path | None = None, target: str = "head") -> None:
    """Run Alembic's steps by the recipe; anything that fails rolls back all of it."""
    run.execute("PRAGMA foreign_keys = OFF")
    try:
        _in_transaction(run, lambda: _upgrade(run, script_location, target))
    finally:
        run.execute("PRAGMA foreign_keys = ON")


def _upgrade(run: Any, script_location: Path | None, target: str) -> None:
    from alembic import command
    from alembic.config import Config

    run_script(run, JOURNAL_TABLES)
    drop_capture(run)
    engine = create_engine("sqlite://", creator=lambda: _Kept(run), poolclass=StaticPool, hide_parameters=True)
    config = Config()
    config.set_main_option("script_location", str(script_location or VERSIONS.parent))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, target)
    present = {row[0] for row in run.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    rows = [row for row in REGISTRY.captured() if row.table in present and _columns(run, row.table) == set(row.columns)]
    repair_capture(run, rows)
    broken = run.execute("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise IntegrityFailure(N_("The new version’s schema does not fit the data; nothing was changed."))


class _Kept:
    """A DB-API connection lent to Alembic: it can neither end our transaction nor close the connection."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def commit(self) -> None:
        """The recipe commits."""

    def rollback(self) -> None:
        """The recipe rolls back."""

    def close(self) -> None:
        """The caller closes."""


def _columns(run: Any, table: str) -> set[str]:
    return {row[1] for row in run.execute(f'PRAGMA table_info("{table}")')}


def _missing_tables(run: Any) -> list[str]:
    present = {row[0] for row in run.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    missing = [table.name for table in Record.metadata.sorted_tables if table.name not in present]
    return missing if "operation" in present else ["", *missing]


def _make_tables(run: Any, names: list[str]) -> None:
    """Tables that no step makes: those of slices that are added from outside."""
    run_script(run, JOURNAL_TABLES)
    dialect = sqlite.dialect()
    for name in filter(None, names):
        table = Record.metadata.tables[name]
        run.execute(str(CreateTable(table).compile(dialect=dialect)))
        for index in sorted(table.indexes, key=lambda item: str(item.name)):
            run.execute(str(CreateIndex(index).compile(dialect=dialect)))
    for name in names:
        if name in PROJECTIONS:
            for statement in PROJECTIONS[name].extra_ddl:
                run.execute(statement)


def _repair(run: Any, *, fresh: bool) -> list[str]:
    faults: list[str] = []
    from app.journal.capture import check_capture

    if check_capture(run, REGISTRY.captured()):
        _in_transaction(run, lambda: faults.extend(repair_capture(run, REGISTRY.captured())))
        left = check_capture(run, REGISTRY.captured())
        if left:
            raise IntegrityFailure(N_("The capture of changes cannot be repaired: {fault}."), fault=left[0])
    return [] if fresh else faults


def _in_transaction(run: Any, work: Any) -> None:
    run.execute("BEGIN IMMEDIATE")
    try:
        work()
        set_state_schema(run)
        run.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(Exception):
            run.execute("ROLLBACK")
        raise


def set_state_schema(run: Any) -> None:
    """Keep the schema number beside the journal."""
    if run.execute("SELECT 1 FROM sqlite_master WHERE name = 'journal_state'").fetchone():
        set_state(run, "schema", str(SCHEMA))


def run_script(run: Any, script: str) -> None:
    """Run statements one by one: `executescript` would commit the open transaction."""
    for statement in re.split(r";\s*\n", script):
        if statement.strip():
            run.execute(statement)

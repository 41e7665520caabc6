"""Bringing a database to this version's schema, then putting capture back and checking it twice.

Recipe: foreign keys off (inside a transaction the pragma does nothing) → BEGIN IMMEDIATE → our triggers off → Alembic →
triggers made again → foreign_key_check → COMMIT → foreign keys on. A failure half way leaves nothing.
Alembic is only imported when there is a step to take.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from sqlalchemy import create_engine
from sqlalchemy.dialects import sqlite
from sqlalchemy.pool import StaticPool
from sqlalchemy.schema import CreateIndex, CreateTable, DDLElement

from app.core.errors import IntegrityFailure
from app.core.i18n import N_
from app.journal.capture import capture_triggers, check_capture, drop_capture, repair_capture
from app.journal.operations import set_state, state
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


@dataclass(slots=True)
class Brought:
    """What opening had to do: capture faults that were mended, projections that must be computed anew."""

    faults: list[str] = field(default_factory=list)
    stale_projections: list[str] = field(default_factory=list)


def bring_up_to_date(run: Any, *, repair: bool = True) -> Brought:
    """Take the missing steps on a DB-API connection in autocommit mode.

    With `repair=False` nothing is written: a database of another schema raises `IntegrityFailure`.
    """
    found = schema_of(run)
    if found > SCHEMA:
        raise IntegrityFailure(N_("This folder was written by a newer version of Archwire. Update this workstation."))
    if not repair:
        if found < SCHEMA:
            raise IntegrityFailure(N_("This folder is of an older version; open it once to bring it up to date."))
        return Brought()
    fresh = not run.execute("SELECT 1 FROM sqlite_master WHERE name = 'operation'").fetchone()
    if found < SCHEMA:
        migrate(run)
    brought = Brought()
    missing, stale = _missing_tables(run), _changed_projections(run)
    if missing or stale or fresh:
        _in_transaction(run, lambda: _make_tables(run, missing, stale))
        brought.stale_projections = [] if fresh else stale
    faults = _repair(run)
    expected = {f"missing {name}" for table in missing if table in REGISTRY for name in _trigger_names(table)}
    if not fresh and found == SCHEMA:
        brought.faults = [fault for fault in faults if fault not in expected]
    return brought


def _trigger_names(table: str) -> list[str]:
    row = REGISTRY[table]
    return list(capture_triggers(row)) if row.captured else []


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
    dangling = _dangling(run)  # what other workstations wrote may wait for a row that has not arrived
    drop_capture(run)
    engine = create_engine("sqlite://", creator=lambda: _Kept(run), poolclass=StaticPool, hide_parameters=True)
    config = Config()
    config.set_main_option("script_location", str(script_location or VERSIONS.parent))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, target)
    present = _present(run)
    rows = [row for row in REGISTRY.captured() if row.table in present and _columns(run, row.table) == set(row.columns)]
    repair_capture(run, rows)
    if _dangling(run) - dangling:
        raise IntegrityFailure(N_("The new version’s schema does not fit the data; nothing was changed."))


def _dangling(run: Any) -> set[tuple[Any, ...]]:
    """(table, row, parent) of every reference that leads nowhere."""
    return {tuple(row[:3]) for row in run.execute("PRAGMA foreign_key_check").fetchall()}


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


def _present(run: Any) -> set[str]:
    return {row[0] for row in run.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def _missing_tables(run: Any) -> list[str]:
    """Tables that no step makes: those of slices from outside, in order of their references."""
    present = _present(run)
    names = [table.name for table in Record.metadata.sorted_tables]
    return [name for name in names if name not in present and name not in PROJECTIONS]


def _changed_projections(run: Any) -> list[str]:
    """Projections that are not there, or whose table or text index is declared otherwise now."""
    if "journal_state" not in _present(run):
        return list(PROJECTIONS)
    return [name for name in PROJECTIONS if state(run, f"projection {name}") != _fingerprint(name)]


def _statements(name: str) -> list[str]:
    table, dialect = Record.metadata.tables[name], sqlite.dialect()
    indexes = sorted(table.indexes, key=lambda item: str(item.name))
    made: list[DDLElement] = [CreateTable(table), *(CreateIndex(index) for index in indexes)]
    extra = PROJECTIONS[name].extra_ddl if name in PROJECTIONS else ()
    return [*(str(item.compile(dialect=dialect)) for item in made), *extra]


def _fingerprint(name: str) -> str:
    return sha256("\n".join(_statements(name)).encode()).hexdigest()


def _make_tables(run: Any, missing: list[str], stale: list[str]) -> None:
    run_script(run, JOURNAL_TABLES)
    for name in stale:
        for statement in PROJECTIONS[name].extra_ddl:
            virtual = re.match(r"CREATE VIRTUAL TABLE (?:IF NOT EXISTS )?(\w+)", statement)
            if virtual:
                run.execute(f'DROP TABLE IF EXISTS "{virtual[1]}"')
        run.execute(f'DROP TABLE IF EXISTS "{name}"')
    for name in (*missing, *stale):
        for statement in _statements(name):
            run.execute(statement)
    for name in stale:
        set_state(run, f"projection {name}", _fingerprint(name))


def _repair(run: Any) -> list[str]:
    faults: list[str] = []
    if check_capture(run, REGISTRY.captured()):
        _in_transaction(run, lambda: faults.extend(repair_capture(run, REGISTRY.captured())))
        left = check_capture(run, REGISTRY.captured())
        if left:
            raise IntegrityFailure(N_("The capture of changes cannot be repaired: {fault}."), fault=left[0])
    return faults


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

"""What others wrote: commits of other processes, and writes made outside any command that wait to be adopted."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection

from app.core.clock import Clock
from app.journal import operations
from app.journal.changes import ChangeSet, change_set
from app.journal.projections import PROJECTIONS, refresh_projections
from app.journal.queries import SYSTEM, Reading

if TYPE_CHECKING:
    from app.journal.writing import Place

_log = logging.getLogger("archwire.runner")

SINCE: Final = (
    "SELECT c.tbl, c.pk, c.subject, o.id, o.n FROM operation o CROSS JOIN change c ON c.operation = o.n"
    " WHERE o.n > ? ORDER BY c.n"
)
"""Changes under later operations. CROSS JOIN keeps the order of the tables: left to itself, SQLite reads every change
there ever was to save the sorting of a few, two seconds in a folder of five years, inside the lock."""
RAW_WAITS: Final = "SELECT EXISTS(SELECT 1 FROM change WHERE operation IS NULL)"


@dataclass(slots=True)
class ForeignCommits:
    """How far the commits of other processes have been seen: SQLite's version of the data, and the last operation.

    `version` is that of the writer's connection: its own commits do not change it.
    """

    place: Place
    clock: Clock
    version: int = -1
    newest: int = 0

    def start(self, connection: Connection) -> None:
        """Inside the first transaction: everything that is there counts as seen; raw writes are adopted."""
        self.version = _version(connection)
        self.newest = _raw(connection).execute("SELECT coalesce(max(n), 0) FROM operation").fetchone()[0]
        self.adopt(connection)

    def moved(self, connection: Connection) -> bool:
        """Whether somebody else has committed since the last look; costs microseconds."""
        return _version(connection) != self.version

    def take_in(self, connection: Connection) -> ChangeSet:
        """Inside the lock: adopt raw writes and collect what other processes committed since the last look."""
        version = _version(connection)
        if version == self.version:
            return ChangeSet()
        self.version = version
        adopted = self.adopt(connection)
        return self._since(connection).joined(adopted.tables)

    def look(self, connection: Connection, reader: Connection) -> ChangeSet | None:
        """The same on a snapshot of a reader, without the lock, for which others may keep us waiting for seconds.

        None when raw writes wait to be adopted: then the lock is needed, and nothing counts as seen.
        """
        version = _version(connection)  # before the snapshot: a commit between the two is looked at again
        if _raw(reader).execute(RAW_WAITS).fetchone()[0]:
            return None
        found = self._since(reader)
        self.version = version
        return found

    def adopt(self, connection: Connection) -> ChangeSet:
        """Inside the lock: take writes made outside any command under operations, and bring the projections up."""
        raw = _raw(connection)
        adopted = operations.adopt(raw, self.place.device, self.place.schema)
        rows = [row for _opened, changes in adopted for row in operations.touched(changes)]
        changes = change_set(rows, tuple(opened.header.id for opened, _changes in adopted), "raw")
        if not changes:
            return changes
        savepoint = connection.begin_nested()
        try:
            changes = refresh_projections(Reading(connection, self.clock, SYSTEM), changes)
            savepoint.commit()
        except Exception as error:  # what cannot be read was written already: it must not stop everybody's commands
            savepoint.rollback()
            _log.error("projections of a raw write failed: %s", type(error).__name__)
        return changes

    def _since(self, connection: Connection) -> ChangeSet:
        rows = _raw(connection).execute(SINCE, (self.newest,)).fetchall()
        ids = tuple(dict.fromkeys(row[3] for row in rows))
        found = change_set([row[:3] for row in rows], ids, "foreign")
        self.newest = max([self.newest, *(row[4] for row in rows)])
        return found.joined(_projected(Reading(connection, self.clock, SYSTEM), found))


def _version(connection: Connection) -> int:
    return int(_raw(connection).execute("PRAGMA data_version").fetchone()[0])


def _raw(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _projected(read: Reading, changes: ChangeSet) -> dict[str, Sequence[str]]:
    touched = (item for item in PROJECTIONS.values() if item.concerned(changes))
    return {item.target.__tablename__: list(item.touched(read, changes)) for item in touched}

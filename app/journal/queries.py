"""Readings: a read-only connection that notes which tables an answer came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, CursorResult, Executable, event, text

from app.core.clock import Clock
from app.core.errors import PermissionDenied
from app.core.permissions import PERMISSIONS, Permission

SQLITE_READ: Final = 20


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the staff member's id (or `system`), the name shown, the rights held, and the sign-in session."""

    id: str
    name: str
    permissions: frozenset[str] = frozenset()
    session: str | None = None
    everything: bool = False

    def may(self, permission: Permission | None) -> bool:
        """Whether the right is held; what needs no right is always allowed."""
        return permission is None or self.everything or permission.name in self.permissions


SYSTEM: Final = Actor("system", "Archwire", everything=True)
NOBODY: Final = Actor("", "")


@dataclass(slots=True)
class Reading:
    """What a query is given: select columns with Core, or plain SQL; never load records."""

    connection: Connection
    clock: Clock
    actor: Actor
    tables: set[str] = field(default_factory=set)

    @property
    def now(self) -> datetime:
        """The instant, in UTC."""
        return self.clock.now()

    @property
    def today(self) -> date:
        """The clinic's day."""
        return self.clock.today()

    def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[Any]:
        """Run a Core statement."""
        return self.connection.execute(statement, parameters)

    def sql(self, statement: str, **parameters: Any) -> Sequence[Any]:
        """All rows of a plain SQL text with `:name` places; native types come back (text and whole numbers)."""
        return self.connection.execute(text(statement), parameters).fetchall()

    def may(self, permission: Permission) -> bool:
        """Whether the reader holds a right: to leave out columns."""
        return self.actor.may(permission)

    def require(self, permission: Permission | str) -> None:
        """Refuse the reader who does not hold a right."""
        wanted = PERMISSIONS[permission] if isinstance(permission, str) else permission
        if not self.actor.may(wanted):
            raise PermissionDenied(wanted.name, wanted.label)


_tables_of: dict[str, frozenset[str]] = {}


def watch_tables(engine: Any) -> None:
    """Note in `connection.info['tables']` which tables each statement reads, learnt once for each SQL text.

    SQLite's authoriser names them when a statement is prepared, views and triggers included; prepared statements
    are cached by the driver, so that the text is remembered here.
    """

    @event.listens_for(engine, "before_cursor_execute")
    def note(connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        seen = connection.info.get("tables")
        if seen is None:
            return
        known = _tables_of.get(statement)
        if known is None:
            known = _tables_of[statement] = _learn(cursor, statement, parameters)
        seen |= known


def _learn(cursor: Any, statement: str, parameters: Any) -> frozenset[str]:
    found: set[str] = set()

    def note(action: int, first: str | None, second: str | None, database: str | None, inner: str | None) -> int:
        if action == SQLITE_READ and first:
            found.add(first)
        return 0

    raw = cursor.connection
    raw.set_authorizer(note)
    try:
        raw.execute("EXPLAIN " + statement, parameters).fetchall()
    finally:
        raw.set_authorizer(None)
    return frozenset(found)

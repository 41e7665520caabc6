"""What a command function is given: records, events, effects and settings inside one open operation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from sqlalchemy import Connection, Executable
from sqlalchemy.orm import Session

from app.core.clock import Clock, to_millis
from app.core.errors import NotFound, PermissionDenied
from app.core.permissions import Permission
from app.core.sealed import SealedStore
from app.core.settings import Setting
from app.journal.access_log import Access
from app.journal.commands import Query
from app.journal.events import REACTIONS, DomainEvent
from app.journal.model import Effect, EffectState, Event
from app.journal.queries import Actor, Reading
from app.journal.records import REGISTRY, Record

if TYPE_CHECKING:
    import sqlite_utils

P = ParamSpec("P")
R = TypeVar("R")
Row = TypeVar("Row", bound=Record)


@dataclass(slots=True)
class Transaction:
    """One open operation. Everything that is written through it is committed or rolled back as a whole."""

    session: Session
    connection: Connection
    actor: Actor
    clock: Clock
    device: str
    files: SealedStore
    operation_id: str
    now: datetime
    accesses: list[Access] = field(default_factory=list)
    local: set[tuple[str, str]] = field(default_factory=set)
    _events: list[DomainEvent] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The clinic's day."""
        return self.clock.day_of(self.now)

    @property
    def raw(self) -> Any:
        """The DB-API connection; what is written through it is captured like all else."""
        return self.connection.connection.driver_connection

    def get(self, record: type[Row], key: str) -> Row:
        """The record with this id; `NotFound` when there is none."""
        found = self.session.get(record, key)
        if found is None:
            raise NotFound(REGISTRY[record.__tablename__].noun, key)
        return found

    def find(self, record: type[Row], key: str) -> Row | None:
        """The record with this id, or None."""
        return self.session.get(record, key)

    def add(self, record: Row) -> Row:
        """Add a new record; its id is minted at once."""
        if record.id is None:
            record.id = record.__table__.c.id.default.arg(None)
        self.session.add(record)
        return record

    def all(self, statement: Executable) -> Sequence[Any]:
        """The records or single columns that a select gives."""
        return self.session.scalars(statement).all()

    def first(self, statement: Executable) -> Any | None:
        """The first record or value of a select, or None."""
        return self.session.scalars(statement).first()

    def record(self, event: DomainEvent) -> None:
        """Keep a domain event and let the reactions of other slices run in this transaction."""
        payload = event.payload()
        subject = payload.get(event.subject) if event.subject else None
        plain = {name: _plain(value) for name, value in payload.items()}
        self.add(Event(type=event.code, subject=subject, at=self.now, payload=plain))
        self._events.append(event)

    def react(self) -> None:
        """Run the reactions to what has been recorded, and to what these record in turn."""
        while self._events:
            event = self._events.pop(0)
            for item in REACTIONS.get(event.code, ()):
                item.function(self, event)

    def effect(
        self, kind: str, payload: dict[str, Any], subject: str | None = None, due: datetime | None = None
    ) -> str:
        """Ask for work outside the database; a job does it after the commit. Returns the effect's id.

        In a training folder what would leave the house is written down as cancelled, and no job does it.
        """
        from app.journal.effects import HELD_BACK, held_back

        made = self.add(Effect(kind=kind, subject=subject, payload=payload, due_at=due or self.now))
        if held_back(self.raw, kind):
            made.state, made.failure = EffectState.CANCELLED, HELD_BACK
        return str(made.id)

    def setting(self, setting: Setting[R]) -> R:
        """The value in force for this actor here."""
        from app.journal.settings_store import value_of

        self.session.flush()
        return value_of(self.reading(), setting)

    def ask(self, query: Query[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """A query's answer inside this transaction, what was just written included."""
        self.session.flush()
        return query.function(self.reading(), *args, **kwargs)

    def reading(self) -> Reading:
        """A reading on this transaction's connection."""
        return Reading(self.connection, self.clock, self.actor)

    def require(self, permission: Permission) -> None:
        """Refuse the actor who does not hold a further right."""
        if not self.actor.may(permission):
            raise PermissionDenied(permission.name, permission.label)

    def database(self) -> sqlite_utils.Database:
        """The same connection through sqlite-utils, for bulk work; it stays in this transaction."""
        import sqlite_utils

        self.session.flush()
        return sqlite_utils.Database(self.raw)

    def touch_local(self, record: type[Record], key: str) -> None:
        """Tell the views of a row that is not captured."""
        self.local.add((record.__tablename__, key))

    def log_access(self, kind: str, subject: str | None = None, detail: str | None = None) -> None:
        """An entry of the access log, written if this transaction commits."""
        self.accesses.append(
            Access(to_millis(self.now), self.actor.id or None, self.actor.session, kind, subject, detail)
        )


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return to_millis(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | frozenset | set):
        return [_plain(item) for item in value]
    return value

"""Databases in memory: made in a millisecond, copied like a disk image, stopped in the middle of a write."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from app.core.clock import Clock
from app.core.database import Database
from app.core.errors import IntegrityFailure, NotFound
from app.core.i18n import N_
from app.core.keys import DataKey
from app.core.sealed import SealedStore
from app.journal.discovery import load_slices
from app.journal.operations import set_state, state
from app.journal.runner import Place, Runner
from app.journal.schema_steps import SCHEMA, bring_up_to_date

NOWHERE = Path("/nonexistent")
PRACTICE = "practice"


class MemoryDatabase(Database):
    """One connection for the writer and the readers."""

    def __init__(self, connection: Any) -> None:
        self.path = NOWHERE
        self.key = DataKey.generate()
        self.connection = connection
        self.writer = self.readers = _engine(connection)

    def checkpoint(self, mode: str = "PASSIVE") -> None:
        """There is no log file."""

    def close(self) -> None:
        """Forget the engine; the image stays for who holds the connection."""
        self.writer.dispose()


class Stopped(sqlcipher.OperationalError):  # type: ignore[misc]  # the driver has no types
    """The machine is off: no statement is run any more."""


class Statements(sqlcipher.Cursor):  # type: ignore[misc]  # the driver has no types
    """Counts each statement before it is run."""

    def execute(self, *given: Any) -> Any:
        self.connection.step()
        return super().execute(*given)

    def executemany(self, *given: Any) -> Any:
        self.connection.step()
        return super().executemany(*given)


class Image(sqlcipher.Connection):  # type: ignore[misc]  # the driver has no types
    """A disk that can be switched off between any two statements: before the one after the next `left`."""

    count = 0
    left: int | None = None

    def step(self) -> None:
        """A statement is about to be run."""
        if self.left is not None:
            if self.left <= 0:
                raise Stopped("switched off")
            self.left -= 1
        self.count += 1

    def cursor(self, *_given: Any) -> Any:
        """Every statement goes through one that counts."""
        return super().cursor(Statements)

    def commit(self) -> None:
        """Counts like a statement."""
        self.step()
        super().commit()


def _engine(connection: Any) -> Engine:
    engine = create_engine(
        "sqlite://", module=sqlcipher, creator=lambda: connection, poolclass=StaticPool,
        pool_reset_on_return=None,  # a process that died must not roll back the one that started after it
    )  # fmt: skip
    event.listen(engine, "begin", lambda it: it.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _open() -> Any:
    connection = sqlcipher.connect(
        ":memory:", isolation_level=None, check_same_thread=False, cached_statements=512, factory=Image
    )
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA recursive_triggers = ON")
    return connection


@cache
def _template() -> Any:
    import sync.server.model
    import sync.simulation.records  # noqa: F401 - registers the records before the tables are made

    load_slices()
    connection = _open()
    bring_up_to_date(connection)
    return connection


def new_image() -> Any:
    """An empty database with this version's schema."""
    return copy_of(_template())


def copy_of(connection: Any) -> Any:
    """An image of a database, as a backup or a copied disk has it."""
    copy = _open()
    connection.backup(copy)
    return copy


class MemoryFiles(SealedStore):
    """Sealed files as a disk holds them that outlives its process, without sealing; `held` is {SHA-256: bytes}."""

    def __init__(self, held: dict[str, bytes] | None = None) -> None:
        super().__init__(NOWHERE, bytes(32))
        self.held = dict(held or {})

    def put(self, content: bytes | Path) -> str:
        """Keep bytes, under their SHA-256."""
        assert isinstance(content, bytes)
        name = hashlib.sha256(content).hexdigest()
        self.held[name] = content
        return name

    def put_as(self, name: str, source: BinaryIO, length: int) -> None:
        """Keep the bytes of a stream; `IntegrityFailure` when they are others."""
        content = source.read()
        if hashlib.sha256(content).hexdigest() != name:
            raise IntegrityFailure(N_("The file changed while it was read. Import it again."))
        self.held[name] = content

    def open(self, sha256: str) -> BinaryIO:
        """A stream of the bytes; `NotFound` when they are not here."""
        if sha256 not in self.held:
            raise NotFound(N_("file"), sha256[:12])
        return io.BytesIO(self.held[sha256])

    def exists(self, sha256: str) -> bool:
        """Whether these bytes are kept here."""
        return sha256 in self.held

    def room(self, sha256: str) -> int:
        """How many bytes of the disk they take."""
        return len(self.held.get(sha256, b""))

    def used_at(self, sha256: str) -> float:
        """Its place in the order in which they came."""
        return float([*self.held].index(sha256)) if sha256 in self.held else 0.0

    def remove(self, sha256: str) -> None:
        """Drop the bytes."""
        self.held.pop(sha256, None)

    def names(self) -> Iterator[str]:
        """The SHA-256 of all of them."""
        yield from sorted(self.held)


def open_runner(connection: Any, device: str, clock: Clock, files: SealedStore | None = None) -> Runner:
    """A runner over an image, on the caller's thread; an image that has no device yet becomes this one's."""
    device = state(connection, "device") or device
    set_state(connection, "device", device)
    set_state(connection, "practice", PRACTICE)
    place = Place(NOWHERE, device, SCHEMA, b"", "test")
    return Runner(MemoryDatabase(connection), files or MemoryFiles(), clock, place, inline=True).start()


def stop_after(connection: Any, instructions: int) -> None:
    """Switch off after so many of SQLite's virtual-machine instructions (rounded to 100)."""
    left = [max(1, instructions // 100)]

    def tick() -> int:
        left[0] -= 1
        return int(left[0] <= 0)

    connection.set_progress_handler(tick, 100)


def let_run(connection: Any) -> None:
    """No switching off any more."""
    connection.set_progress_handler(None, 0)
    connection.left = None

"""Databases in memory: made in a millisecond, copied like a disk image, stopped in the middle of a write."""

from __future__ import annotations

import hashlib
import io
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from app.core.clock import Clock, to_millis
from app.core.database import Database
from app.core.errors import IntegrityFailure, NotFound
from app.core.i18n import N_
from app.core.keys import DataKey
from app.core.sealed import SealedStore
from app.journal.operations import set_state, state
from app.journal.records import REGISTRY
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

    def checkpoint(self, mode: str = "PASSIVE", wait: float | None = None) -> bool:
        """There is no log file."""
        return True

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


class WallClock:
    """The clock of the computer that a disk is in: SQLite reads it, for moments of writes outside commands."""

    clock: Clock | None = None

    def seconds(self, *_modifiers: str) -> float:
        """Seconds since 1970 and a fraction, as `unixepoch('subsec')` gives them."""
        return time.time() if self.clock is None else (to_millis(self.clock.now()) + 0.5) / 1000


class Image(sqlcipher.Connection):  # type: ignore[misc]  # the driver has no types
    """A disk that can be switched off between any two statements: before the one after the next `left`."""

    count = 0
    left: int | None = None

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.wall = WallClock()
        self.create_function("unixepoch", -1, self.wall.seconds)

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

    connection = _open()
    bring_up_to_date(connection)
    _leave_out_the_clinic(connection)
    return connection


def _leave_out_the_clinic(connection: Any) -> None:
    """Drop the tables of slices that nobody has loaded: to read their schema for each image costs more than a write."""
    known = {row.table for row in REGISTRY} | {"operation", "change", "journal_state", "access_log"}
    listed = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
    names = [row[0] for row in connection.execute(listed)]
    connection.execute("PRAGMA foreign_keys = OFF")
    for name in names:
        if name not in known and not name.startswith(("sqlite_", "alembic_")):
            connection.execute(f'DROP TABLE "{name}"')
    connection.execute("VACUUM")
    connection.execute("PRAGMA foreign_keys = ON")


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
    connection.wall.clock = clock
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

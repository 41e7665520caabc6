"""The encrypted database file: connections with the right pragmas, one writer engine, a pool of readers."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any, Final

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.pool import QueuePool, StaticPool

from app.core.errors import IntegrityFailure
from app.core.i18n import N_
from app.core.keys import DataKey

DATABASE_FILE: Final = "workstation.db"
MINIMUM_SQLITE: Final = (3, 51, 3)
"""Older builds can corrupt a WAL file that several connections share."""
READERS: Final = 3
_PLAIN_HEADER: Final = b"SQLite format 3\x00"
# The driver looks for an adapter of every value that is no str, int or float, and raises and drops two errors before it
# takes None and bytes as they are: a microsecond each, half the time of writing a row. These give them back at once.
sqlcipher.register_adapter(type(None), {}.get)
sqlcipher.register_adapter(bytes, bytes)


def connect(path: Path, key: DataKey | None, *, read_only: bool = False, create: bool = False) -> Any:
    """A DB-API connection with every pragma of ours, in autocommit mode (the caller writes BEGIN).

    Refuses an empty key, a build without encryption, a plain file and, unless `create`, a missing file: without
    these checks SQLCipher would make a plain file in silence.
    """
    if key is None or not any(key.key):
        raise IntegrityFailure(N_("The key of this folder cannot be read."))
    if sqlcipher.sqlite_version_info < MINIMUM_SQLITE:
        raise IntegrityFailure(N_("The database library of this installation is too old."))
    _refuse_plain_or_missing(path, create)
    connection = sqlcipher.connect(str(path), isolation_level=None, check_same_thread=False, cached_statements=512)
    try:
        _prepare(connection, key, read_only)
    except sqlcipher.DatabaseError as error:
        connection.close()
        if "not a database" in str(error):
            raise IntegrityFailure(N_("The key does not open this database.")) from error
        raise
    return connection


def _refuse_plain_or_missing(path: Path, create: bool) -> None:
    if not path.exists():
        if not create:
            raise IntegrityFailure(N_("There is no database in this folder."))
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        return
    with path.open("rb") as file:
        if file.read(16) == _PLAIN_HEADER:
            raise IntegrityFailure(N_("The database file is not encrypted."))


def _prepare(connection: Any, key: DataKey, read_only: bool) -> None:
    run = connection.execute
    run("PRAGMA cipher_log_level = NONE")
    run(f"PRAGMA key = \"x'{key.hex()}'\"")
    if not run("PRAGMA cipher_version").fetchone():
        raise IntegrityFailure(N_("The database library of this installation cannot encrypt."))
    run("PRAGMA busy_timeout = 5000")
    run("PRAGMA foreign_keys = ON")
    run("PRAGMA recursive_triggers = ON")
    run("PRAGMA temp_store = MEMORY")
    run("PRAGMA cache_size = -32768")
    run("PRAGMA trusted_schema = OFF")
    run("PRAGMA secure_delete = ON")
    if run("PRAGMA journal_mode").fetchone()[0] != "wal":
        run("PRAGMA journal_mode = WAL")
    run("PRAGMA synchronous = FULL")
    run("PRAGMA wal_autocheckpoint = 4000")
    if read_only:
        run("PRAGMA query_only = ON")


class _WithHints(SQLiteCompiler):
    """SQLAlchemy leaves the hints of `with_hint` out for SQLite, which knows one: INDEXED BY."""

    def get_from_hint_text(self, table: Any, text: str | None) -> str | None:
        """The hint as it was given, after the table."""
        return text


class Database:
    """One data folder's database: `writer` is one connection for the writer thread, `readers` a pool."""

    def __init__(self, path: Path, key: DataKey) -> None:
        self.path = path
        self.key = key
        self.writer: Engine = create_engine(
            "sqlite://",
            module=sqlcipher,
            creator=lambda: connect(path, key),
            poolclass=StaticPool,
            hide_parameters=True,
        )
        event.listen(self.writer, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        self.readers: Engine = create_engine(
            "sqlite://",
            module=sqlcipher,
            creator=lambda: connect(path, key, read_only=True),
            poolclass=QueuePool,
            pool_size=READERS,
            max_overflow=2,
            hide_parameters=True,
        )
        event.listen(self.readers, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
        for engine in (self.writer, self.readers):
            engine.dialect.statement_compiler = _WithHints

    def raw(self, *, read_only: bool = False) -> Any:
        """A further DB-API connection (command line, verification); the caller closes it."""
        return connect(self.path, self.key, read_only=read_only)

    def checkpoint(self, mode: str = "PASSIVE", wait: float | None = None) -> bool:
        """Move the write-ahead log into the database; TRUNCATE also empties the log file.

        Whether that was done: not where somebody else still reads an older state after `wait` seconds (5 by default).
        """
        with contextlib.closing(self.raw()) as connection:
            if wait is not None:
                connection.execute(f"PRAGMA busy_timeout = {round(wait * 1000)}")
            ((busy, _log, _moved),) = connection.execute(f"PRAGMA wal_checkpoint({mode})").fetchall()
            return not busy

    def close(self) -> None:
        """Close every pooled connection."""
        self.writer.dispose()
        self.readers.dispose()

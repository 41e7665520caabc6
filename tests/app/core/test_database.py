"""The database file: never plain, never under the wrong key, every connection with our pragmas."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.core.database import DATABASE_FILE, connect
from app.core.errors import IntegrityFailure, UsageError
from app.core.keys import DataKey
from app.journal import workplace as opening
from app.journal.workplace import Workplace, open_workplace


@pytest.fixture
def key() -> DataKey:
    return DataKey.generate()


@pytest.fixture
def path(tmp_path: Path, key: DataKey) -> Path:
    """An encrypted database with one text in it."""
    path = tmp_path / DATABASE_FILE
    with contextlib.closing(connect(path, key, create=True)) as connection:
        connection.execute("CREATE TABLE t(x TEXT) STRICT")
        connection.execute("INSERT INTO t VALUES('Tremblay')")
    return path


def test_no_file_of_the_folder_is_plain(workplace: Workplace) -> None:
    workplace.database.checkpoint("TRUNCATE")
    header = workplace.database.path.read_bytes()[:16]
    assert header != b"SQLite format 3\x00"
    assert workplace.database.key.salt == header
    with pytest.raises(sqlite3.DatabaseError), contextlib.closing(sqlite3.connect(workplace.database.path)) as plain:
        plain.execute("SELECT count(*) FROM sqlite_master")


def test_the_text_is_not_in_the_file(path: Path) -> None:
    assert b"Tremblay" not in path.read_bytes()


def test_the_wrong_key_is_refused(path: Path, key: DataKey) -> None:
    for wrong in (DataKey.generate(), DataKey(DataKey.generate().key, key.salt)):
        with pytest.raises(IntegrityFailure, match="does not open"):
            connect(path, wrong)


@pytest.mark.parametrize(
    "empty", [None, DataKey(b"", b""), DataKey(bytes(32), bytes(16)), DataKey(bytes(32), b"s" * 16)]
)
def test_an_empty_key_makes_no_plain_file(tmp_path: Path, empty: DataKey | None) -> None:
    with pytest.raises(IntegrityFailure, match="key"):
        connect(tmp_path / "new.db", empty, create=True)
    assert list(tmp_path.iterdir()) == []


def test_a_plain_file_is_refused(tmp_path: Path, key: DataKey) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / "plain.db")) as plain:
        plain.execute("CREATE TABLE t(x)")
    before = (tmp_path / "plain.db").read_bytes()
    with pytest.raises(IntegrityFailure, match="not encrypted"):
        connect(tmp_path / "plain.db", key)
    assert (tmp_path / "plain.db").read_bytes() == before


def test_a_missing_file_is_not_made_by_opening(tmp_path: Path, key: DataKey) -> None:
    with pytest.raises(IntegrityFailure, match="no database"):
        connect(tmp_path / "none.db", key)
    assert list(tmp_path.iterdir()) == []


def test_every_connection_has_the_pragmas(workplace: Workplace) -> None:
    wanted = {
        "foreign_keys": 1, "recursive_triggers": 1, "busy_timeout": 5000, "temp_store": 2, "trusted_schema": 0,
        "secure_delete": 1, "journal_mode": "wal", "synchronous": 2,
    }  # fmt: skip
    connections = [workplace.database.raw(), workplace.database.raw(read_only=True)]
    for engine in (workplace.database.writer, workplace.database.readers):
        connections.append(engine.raw_connection().driver_connection)
    for connection in connections:
        assert {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted} == wanted
    for connection in connections[:2]:
        connection.close()


def test_readers_cannot_write(workplace: Workplace) -> None:
    with workplace.database.readers.connect() as reader, pytest.raises(DBAPIError, match="readonly"):
        reader.execute(text("DELETE FROM operation"))


@pytest.mark.skipif(os.name != "posix", reason="file modes")
def test_only_the_owner_may_read_a_new_file(path: Path) -> None:
    assert path.stat().st_mode & 0o077 == 0


def test_a_checkpoint_empties_the_log(workplace: Workplace) -> None:
    log = workplace.database.path.with_name(DATABASE_FILE + "-wal")
    with contextlib.closing(workplace.database.raw()) as raw:
        raw.execute("INSERT INTO sample_rate(id, amount) VALUES('r', 1)")
        assert log.stat().st_size > 0
        workplace.runner.adopt_raw()
        workplace.runner.flush()
        workplace.database.checkpoint("TRUNCATE")
        assert log.stat().st_size == 0


def test_a_folder_is_made_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "data"

    def stop(*_given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(opening, "set_state", stop)
    with pytest.raises(KeyboardInterrupt):
        open_workplace(folder, create=True, kind="test")
    assert not opening.exists(folder)
    monkeypatch.undo()
    with open_workplace(folder, create=True, kind="test") as made:
        assert made.recovery_key
        assert made.verify().sound
    assert not list(folder.glob("*.new*"))
    with pytest.raises(UsageError):
        opening.create_folder(folder, "test")

"""What the tests of the journal share."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
import sqlcipher3.dbapi2 as sqlcipher

from app.core.clock import Clock
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.journal.workplace import Workplace, open_workplace
from tests.app.journal.trial import NAME, ROWS, Desk
from tests.sample.commands import change_sample_owner, create_sample_owner, record_sample_visit
from tests.sample.model import OwnerId


@pytest.fixture
def raw(workplace: Workplace) -> Iterator[Any]:
    """A further connection with our pragmas, in autocommit mode, as `sql --write` has."""
    with contextlib.closing(workplace.database.raw()) as connection:
        yield connection


@pytest.fixture
def stranger(workplace: Workplace) -> Iterator[Any]:
    """A connection of a tool that knows the key and nothing else: every pragma at its default."""
    connection = sqlcipher.connect(str(workplace.database.path), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{workplace.database.key.hex()}'\"")
    with contextlib.closing(connection):
        yield connection


@pytest.fixture
def make_owner(runner: Runner, boss: Actor) -> Callable[..., str]:
    """Creates an owner by the command and returns its id."""
    return lambda name="Ada", **values: runner.run(boss, create_sample_owner, name, **values)


@pytest.fixture
def desk(workplace: Workplace) -> Iterator[Desk]:
    """Two owners, `a` and `b`, a pet of `a`, then an open transaction on a connection of its own, and no runner."""
    workplace.runner.close()
    raw = workplace.database.raw()
    engine = sqlalchemy.create_engine("sqlite://", module=sqlcipher, creator=lambda: raw, hide_parameters=True)
    raw.execute(ROWS + " ('a', 'Ada', '514 555-0100', 'calm', 0, 0), ('b', 'Bob', NULL, 'wild', 1, 500)")
    raw.execute("INSERT INTO sample_pet(id, owner_id, name) VALUES('p', 'a', 'Rex')")
    with engine.connect() as connection, connection.begin():
        raw.execute("BEGIN")
        yield Desk(connection)
    engine.dispose()
    raw.close()


@pytest.fixture(scope="session")
def busy_folder(empty_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed folder with 13 operations, an adopted raw write and an access log, made once."""
    boss = Actor("boss", "Claire Brunet", everything=True)
    folder = Path(shutil.copytree(empty_folder, tmp_path_factory.mktemp("busy") / "data"))
    with open_workplace(folder) as made:
        owners = [OwnerId(made.runner.run(boss, create_sample_owner, f"{NAME} {n}", f"514 {n}")) for n in range(4)]
        for owner in owners:
            made.runner.run(boss, change_sample_owner, owner, None, "450 1")
            made.runner.run(boss, record_sample_visit, owner, f"note of {NAME}")
        with contextlib.closing(made.database.raw()) as raw:
            raw.execute("UPDATE sample_owner SET height_um = 1800000 WHERE id = ?", (owners[3],))
        made.runner.adopt_raw()
        for kind in ("open", "export", "print"):
            made.runner.access(boss, kind, owners[0])
    return folder


@pytest.fixture
def busy(busy_folder: Path, tmp_path: Path, clock: Clock) -> Iterator[Workplace]:
    """A copy of that folder, open."""
    with open_workplace(Path(shutil.copytree(busy_folder, tmp_path / "busy")), clock=clock) as opened:
        yield opened

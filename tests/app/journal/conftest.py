"""What the tests of the journal share."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlcipher3.dbapi2 as sqlcipher

from app.journal.queries import Actor
from app.journal.runner import Runner
from app.journal.workplace import Workplace
from tests.sample.commands import create_sample_owner


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

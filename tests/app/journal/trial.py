"""What several tests of the journal use."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import sqlite_utils
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.journal.changes import ChangeSet
from app.journal.commands import Command
from app.journal.runner import Runner
from app.journal.workplace import Workplace

WAIT = 20.0
"""Seconds after which a thread that is waited for counts as stuck."""


def plain(function: Callable[..., Any]) -> Command[..., Any]:
    """A command that no registry knows."""
    return Command(function, None, "A test’s own command")


def count(raw: Any, table: str) -> int:
    return int(raw.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def heard_by(runner: Runner) -> tuple[list[ChangeSet], threading.Event]:
    heard: list[ChangeSet] = []
    arrived = threading.Event()

    def listen(changes: ChangeSet) -> None:
        heard.append(changes)
        arrived.set()

    runner.subscribe(listen)
    return heard, arrived


def hold(runner: Runner) -> threading.Event:
    """Stop the writer thread until the event is set."""
    release, stopped = threading.Event(), threading.Event()

    def wait() -> None:
        stopped.set()
        release.wait(WAIT)

    runner._thread.submit(wait)
    assert stopped.wait(WAIT)
    return release


ROWS = "INSERT INTO sample_owner(id, name, phone, mood, vip, balance) VALUES"
NAME = "Tremblay-Bérubé"


class Desk:
    """An open Core connection in one transaction, on which a case writes, and what stood there before."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.raw: Any = connection.connection.driver_connection
        self.n = self.raw.execute("SELECT coalesce(max(n), 0) FROM change").fetchone()[0]

    @property
    def utils(self) -> sqlite_utils.Database:
        return sqlite_utils.Database(self.raw)

    @contextlib.contextmanager
    def session(self) -> Iterator[Session]:
        with Session(bind=self.connection) as session:
            yield session
            session.flush()

    def written(self) -> list[tuple[str, str, str, dict[str, list[Any]]]]:
        rows = self.raw.execute("SELECT tbl, pk, kind, delta FROM change WHERE n > ? ORDER BY n", (self.n,))
        return [(table, key, kind, json.loads(delta)) for table, key, kind, delta in rows]


@contextlib.contextmanager
def guards_off(workplace: Workplace) -> Any:
    """A connection of somebody who holds the key, with every trigger taken away and put back unchanged afterwards."""
    with contextlib.closing(workplace.database.raw()) as raw:
        triggers = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        raw.execute("PRAGMA foreign_keys = OFF")
        for name, _sql in triggers:
            raw.execute(f"DROP TRIGGER {name}")
        yield raw
        for _name, sql in triggers:
            raw.execute(sql)


def problems(workplace: Workplace) -> list[tuple[str, str]]:
    return [(problem.kind, problem.where) for problem in workplace.verify().problems]

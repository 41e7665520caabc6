"""A process that is killed while it writes tears nothing and loses nothing that it had acknowledged."""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.clock import Clock
from app.journal.changes import ChangeSet
from app.journal.queries import Actor
from app.journal.workplace import open_workplace
from tests.sample.commands import create_sample_owner

ROOT = Path(__file__).resolve().parents[3]


RUNNING: list[subprocess.Popen[str]] = []


@pytest.fixture(autouse=True)
def no_writer_goes_on() -> Iterator[None]:
    """A test that is stopped in its middle leaves no process that writes for ever."""
    yield
    while RUNNING:
        RUNNING.pop().kill()


class Writer:
    """A child process that writes, and what it has acknowledged."""

    def __init__(self, folder: Path, name: str, count: int = 0) -> None:
        self.acknowledged: list[tuple[str, str]] = []
        self.heard = threading.Condition()
        self.ended = False
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.app.journal.writer_process", str(folder), name, str(count)],
            cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        RUNNING.append(self.process)
        self.thread = threading.Thread(target=self._listen)
        self.thread.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            kind, *ids = line.split()
            if line.endswith("\n") and kind != "ready":
                with self.heard:
                    self.acknowledged += [(kind, identity) for identity in ids]
                    self.heard.notify()
        with self.heard:
            self.ended = True
            self.heard.notify()

    def kill_after(self, acknowledgements: int, further: float) -> None:
        """Kill it, `further` seconds after so many acknowledgements."""
        with self.heard:
            self.heard.wait_for(lambda: self.ended or len(self.acknowledged) >= acknowledgements, 60)
        time.sleep(further)
        self.process.kill()
        self.finish()

    def finish(self) -> int:
        self.thread.join(60)
        code = self.process.wait(60)
        assert self.process.stderr is not None
        text = self.process.stderr.read()
        self.process.stderr.close()
        assert "Traceback" not in text, text
        return code


def check(folder: Path, acknowledged: list[tuple[str, str]]) -> None:
    """Open the folder as the next start does and look at everything."""
    with open_workplace(folder) as workplace:
        report = workplace.verify()
        assert report.problems == []
        assert (report.unadopted, workplace.notices) == (0, [])
        with contextlib.closing(workplace.database.raw()) as raw:
            assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert raw.execute("PRAGMA cipher_integrity_check").fetchall() == []
            assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
            empty = "SELECT count(*) FROM operation WHERE n NOT IN (SELECT operation FROM change)"
            assert raw.execute(empty).fetchone() == (0,)
            assert raw.execute("SELECT count(*) FROM operation WHERE hash IS NULL").fetchone() == (0,)
            numbers = raw.execute("SELECT count(*), coalesce(max(number), 0) FROM operation").fetchone()
            assert numbers[0] == numbers[1]
            assert not lost(raw, acknowledged)
            named = {row[0] for row in raw.execute("SELECT photo_sha256 FROM sample_owner WHERE photo_sha256 > ''")}
        for name in named:
            workplace.files.read(name)


def lost(raw: object, acknowledged: list[tuple[str, str]]) -> list[tuple[str, str]]:
    run = raw.execute
    operations = {row[0] for row in run("SELECT id FROM operation")}
    groups = {row[0] for row in run("SELECT grp FROM operation GROUP BY grp HAVING count(*) = 3")}
    return [item for item in acknowledged if item[1] not in (groups if item[0] == "group" else operations)]


def kill_and_check(folder: Path, times: int, seed: int) -> int:
    chance, acknowledged = random.Random(seed), []
    for number in range(times):
        writer = Writer(folder, f"w{seed}.{number}")
        writer.kill_after(chance.randint(1, 14), chance.random() * 0.03)
        assert writer.process.returncode != 0
        acknowledged += writer.acknowledged
        check(folder, acknowledged)
    return len(acknowledged)


def test_eight_kills_tear_nothing(folder: Path) -> None:
    assert kill_and_check(folder, 8, 1) >= 8


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(10))
def test_a_hundred_kills_tear_nothing(folder: Path, seed: int) -> None:
    assert kill_and_check(folder, 10, 100 + seed) >= 10


def test_three_writers_at_once_one_is_killed(folder: Path) -> None:
    writers = [Writer(folder, f"w{number}") for number in range(3)]
    writers[0].kill_after(5, 0.0)
    for writer in writers[1:]:
        writer.kill_after(12, 0.01)
    check(folder, [item for writer in writers for item in writer.acknowledged])


def two_runners_write(folder: Path, count: int) -> None:
    """The head, the number and the clock are read inside the lock: nothing forks."""
    writers = [Writer(folder, name, count) for name in ("one", "two")]
    assert [writer.finish() for writer in writers] == [0, 0]
    acknowledged = [item for writer in writers for item in writer.acknowledged]
    assert len(acknowledged) == 2 * count
    check(folder, acknowledged)
    with open_workplace(folder) as workplace, contextlib.closing(workplace.database.raw()) as raw:
        rows = raw.execute("SELECT hlc, hash FROM operation ORDER BY number").fetchall()
        names = [row[0][:3] for row in raw.execute("SELECT name FROM sample_owner ORDER BY id")]
    clocks = [row[0] for row in rows]
    assert clocks == sorted(set(clocks))
    assert len({row[1] for row in rows}) == 2 * count
    turns = sum(one != other for one, other in itertools.pairwise(names))
    assert turns >= 1, "the two wrote one after the other: this proved nothing"


def test_two_processes_do_not_fork_the_chain(folder: Path) -> None:
    two_runners_write(folder, 60)


@pytest.mark.soak
def test_two_processes_of_200_commands_do_not_fork_the_chain(folder: Path) -> None:
    two_runners_write(folder, 200)


def test_the_commits_of_another_process_are_heard(folder: Path, clock: Clock) -> None:
    heard: set[str] = set()
    with open_workplace(folder, clock=clock) as workplace:
        all_heard = threading.Event()

        def listen(changes: ChangeSet) -> None:
            heard.update(changes.operations)
            if len(heard) >= 11:
                all_heard.set()

        workplace.runner.subscribe(listen)
        writer = Writer(folder, "w", 10)
        workplace.runner.run(Actor("boss", "Boss", everything=True), create_sample_owner, "mine")
        assert writer.finish() == 0
        assert all_heard.wait(20)
        assert {identity for _kind, identity in writer.acknowledged} < heard


def test_an_unfinished_sealed_file_is_swept(folder: Path) -> None:
    """What a kill leaves of a file that was being written is no file, and goes with the next sweep."""
    with open_workplace(folder) as workplace:
        kept = workplace.files.put(b"kept")
        half = workplace.files.path(kept).with_name(f".{kept}.half")
        half.write_bytes(b"AWS1 half")
        assert list(workplace.files.names()) == [kept]
        old = time.time() - 2 * 24 * 3600
        os.utime(half, (old, old))
        assert workplace.files.sweep(frozenset({kept})) == 1
        assert not half.exists()
        assert workplace.files.read(kept) == b"kept"

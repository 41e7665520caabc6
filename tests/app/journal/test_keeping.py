"""A slow disk keeps nobody waiting: neither commands nor what another process committed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.journal import keeping
from app.journal.anchors import current_anchor, read_anchor
from app.journal.changes import ChangeSet
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.journal.workplace import Workplace, open_workplace
from tests.app.journal.trial import WAIT
from tests.sample.commands import change_sample_owner, create_sample_owner


class SlowDisk:
    """Holds every turn of the keeper until it is let go."""

    def __init__(self) -> None:
        self.begun, self.free = threading.Event(), threading.Event()
        self.turns = 0

    def keep(self, run: Any, place: Any) -> None:
        self.turns += 1
        self.begun.set()
        assert self.free.wait(WAIT)
        KEEP(run, place)


KEEP = keeping.keep


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch, runner: Runner) -> Iterator[SlowDisk]:
    runner.flush()
    slow = SlowDisk()
    monkeypatch.setattr(keeping, "keep", slow.keep)
    yield slow
    slow.free.set()


def test_a_command_and_a_foreign_commit_do_not_wait(
    runner: Runner, workplace: Workplace, boss: Actor, disk: SlowDisk
) -> None:
    owner = runner.run(boss, create_sample_owner, "Ana")
    assert disk.begun.wait(WAIT), "the disk is at work on the first command"
    runner.run(boss, change_sample_owner, owner, "Béa")
    heard: list[ChangeSet] = []
    arrived = threading.Event()

    def listen(changes: ChangeSet) -> None:
        heard.append(changes)
        arrived.set()

    stop = runner.subscribe(listen)
    with open_workplace(workplace.folder, clock=workplace.clock) as other:
        disk.free.clear()
        other.runner.run(boss, change_sample_owner, owner, "Cléo")
        assert arrived.wait(WAIT)
        assert not disk.free.is_set(), "told while the disk was still at work"
        disk.free.set()
    stop()
    assert heard[0].tables["sample_owner"] == {owner}
    runner.flush()
    assert disk.turns >= 1


def test_the_anchor_is_that_of_the_last_commit_once_flushed(
    runner: Runner, workplace: Workplace, boss: Actor, disk: SlowDisk
) -> None:
    runner.run(boss, create_sample_owner, "Ana")
    assert disk.begun.wait(WAIT)
    runner.run(boss, create_sample_owner, "Béa")
    disk.free.set()
    runner.flush()
    place = runner.place
    head = current_anchor(runner.database.raw(read_only=True), place.device)
    assert read_anchor(workplace.folder, place.anchor_key) == head
    assert head.number == 2


def test_a_turn_that_fails_is_made_up_for(
    runner: Runner, workplace: Workplace, boss: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = threading.Event()

    def full(run: Any, place: Any) -> None:
        failed.set()
        raise OSError("full")

    runner.flush()
    monkeypatch.setattr(keeping, "keep", full)
    runner.run(boss, create_sample_owner, "Ana")
    assert failed.wait(WAIT)
    monkeypatch.setattr(keeping, "keep", KEEP)
    runner.flush()
    place = runner.place
    anchor = read_anchor(workplace.folder, place.anchor_key)
    assert anchor is not None
    assert anchor.number == 1


def test_the_log_is_emptied_while_the_keeper_works(runner: Runner, boss: Actor, disk: SlowDisk) -> None:
    runner.run(boss, create_sample_owner, "Ana")
    assert disk.begun.wait(WAIT)
    letting = threading.Timer(0.05, disk.free.set)
    letting.start()
    runner.empty_log()
    letting.join()
    log = Path(f"{runner.database.path}-wal")
    assert not log.exists() or log.stat().st_size == 0


def test_a_closed_folder_leaves_no_thread(folder: Path, boss: Actor, clock: Any) -> None:
    with open_workplace(folder, clock=clock) as workplace:
        workplace.runner.run(boss, create_sample_owner, "Ana")
        workplace.runner.run(boss, create_sample_owner, "Béa")
    assert [one.name for one in threading.enumerate() if one.name.startswith("archwire-keeper")] == []

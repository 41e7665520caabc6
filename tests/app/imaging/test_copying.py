"""Copies of sealed files in a folder store: sealed as they are, taken away after an erasure, put back after rot."""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path

import pytest

from app.core.errors import NotFound
from app.imaging.copying import Copied, bring_back, chosen_store, copy_sealed_files
from app.imaging.jobs import copy_sealed_files_out, scrub_sealed_files
from app.imaging.local_objects import LocalObjects
from app.imaging.queries import damaged_files, scrub_state
from app.imaging.settings import COPIES_FOLDER
from app.imaging.sweeping import named_files
from app.journal.jobs import JobContext
from app.journal.queries import SYSTEM
from app.journal.settings_store import change_setting
from app.journal.workplace import Workplace
from tests.app.imaging import samples
from tests.app.imaging.test_scrub import spoil
from tests.app.imaging.test_showing import Take


@pytest.fixture
def disk(workplace: Workplace, take: Take, given: Path, tmp_path: Path) -> Path:
    """A second disk, chosen by the clinic that has two images."""
    for number in range(2):
        samples.dicom_file(given / f"{number}.dcm", f"1.7.{number}", shade=number)
    take(given)
    folder = tmp_path / "second disk"
    folder.mkdir()
    workplace.runner.run(SYSTEM, change_setting, COPIES_FOLDER.name, str(folder))
    return folder


def names(workplace: Workplace) -> set[str]:
    """The sealed files that rows name."""
    with workplace.runner.read(SYSTEM) as read:
        return set(named_files(read))


def test_without_a_folder_nothing_is_copied(workplace: Workplace, take: Take) -> None:
    assert chosen_store(workplace.runner) is None
    copy_sealed_files_out(JobContext(workplace.runner, "copy_sealed_files_out"))


def test_each_sealed_file_is_copied_once_and_stays_sealed(workplace: Workplace, disk: Path) -> None:
    store = chosen_store(workplace.runner)
    assert isinstance(store, LocalObjects)
    wanted = names(workplace)
    assert copy_sealed_files(workplace.runner, store, 60) == Copied(len(wanted), 0, 0)
    assert copy_sealed_files(workplace.runner, store, 60) == Copied(0, 0, 0)
    for name in wanted:
        assert store.get(f"sealed/{name[:2]}/{name}") == workplace.files.path(name).read_bytes()
    assert not any(b"DICM" in path.read_bytes() for path in disk.rglob("*") if path.is_file())


def test_a_run_stops_when_its_time_is_over(workplace: Workplace, disk: Path) -> None:
    store = chosen_store(workplace.runner)
    assert store is not None
    assert copy_sealed_files(workplace.runner, store, 0).copied == 1
    assert copy_sealed_files(workplace.runner, store, 60).left == 0


def test_what_was_erased_goes_a_day_later(workplace: Workplace, disk: Path) -> None:
    store = chosen_store(workplace.runner)
    assert store is not None
    gone = "ab" + "0" * 62
    store.put(f"sealed/ab/{gone}", io.BytesIO(b"x"), hashlib.sha256(b"x").hexdigest())
    head = next(path for path in disk.rglob(gone) if "heads" in path.parts)
    now = workplace.runner.clock.now().timestamp()
    for hours, removed in ((23, 0), (25, 1)):
        os.utime(head, (now - hours * 3600, now - hours * 3600))
        assert copy_sealed_files(workplace.runner, store, 60).removed == removed
    assert store.head(f"sealed/ab/{gone}") is None


def test_rot_is_mended_from_the_copy(workplace: Workplace, disk: Path) -> None:
    context = JobContext(workplace.runner, "scrub_sealed_files")
    copy_sealed_files_out(context)
    rotten = sorted(names(workplace))
    for name in rotten:
        spoil(workplace.files.path(name))
    scrub_sealed_files(context)
    assert workplace.runner.ask(SYSTEM, damaged_files) == ()
    assert workplace.runner.ask(SYSTEM, scrub_state).damaged == 0
    assert workplace.verify().sound


def test_a_rotten_copy_changes_nothing(workplace: Workplace, disk: Path) -> None:
    store = chosen_store(workplace.runner)
    assert store is not None
    copy_sealed_files(workplace.runner, store, 60)
    name = min(names(workplace))
    before = workplace.files.path(name).read_bytes()
    other = max(names(workplace))
    copy = next(path for path in disk.rglob(name) if "objects" in path.parts)
    spoil(copy)
    assert bring_back(workplace.files, store, [name, "cd" + "1" * 62]) == []
    assert workplace.files.path(name).read_bytes() == before
    assert bring_back(workplace.files, store, [other]) == [other]


def test_a_disk_that_is_out_is_said(workplace: Workplace, disk: Path) -> None:
    disk.rmdir()
    with pytest.raises(NotFound):
        chosen_store(workplace.runner)

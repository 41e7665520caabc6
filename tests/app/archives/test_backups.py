"""Backups: whole or not at all, while the clinic writes, readable by nobody without the key."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest

from app.archives.commands import NOWHERE, back_up
from app.archives.generations import MANIFEST, UNFINISHED, chosen, generations
from app.archives.making import make_backup
from app.archives.queries import backup_standing, is_due
from app.archives.restoring import check, key_for
from app.archives.settings import BACKUP_FOLDER, BACKUP_HOUR, BACKUPS_KEPT
from app.core.clock import Clock
from app.core.errors import IntegrityFailure, NotFound, PermissionDenied, RuleViolation, UsageError
from app.core.keys import KEY_FILE
from app.journal.digest import digest
from app.journal.jobs import JOBS, run_job
from app.journal.notices import notifications
from app.journal.queries import NOBODY, SYSTEM, Actor
from app.journal.settings_store import change_setting
from app.journal.workplace import Workplace, create_folder, open_workplace
from app.patients.commands import create_patient
from sync.backup_verbs import restore_folder
from tests.conftest import NOW
from tests.text_checks import ROOT


def digest_of(workplace: Workplace) -> str:
    with workplace.runner.read(SYSTEM) as read:
        return digest(read.connection.connection.driver_connection)


def disk(tmp_path: Path) -> Path:
    made = tmp_path / "disk"
    made.mkdir(exist_ok=True)
    return made


def house(target: Path) -> Path:
    (found,) = target.iterdir()
    return found


def test_what_is_restored_is_what_was_there(workplace: Workplace, boss: Actor, tmp_path: Path) -> None:
    target = disk(tmp_path)
    workplace.runner.run(boss, create_patient, "Lavoie", "Olivia")
    names = [workplace.files.put(content) for content in (b"", b"one", b"x" * 200_000)]
    made = back_up(workplace.runner, boss, target)
    workplace.runner.run(boss, create_patient, "Roy", "Hugo")
    generation = chosen(target)
    assert generation == made.generation
    key = key_for(generation, workplace.folder)
    assert check(generation, key) == []
    device = restore_folder(generation, key, tmp_path / "again")
    with open_workplace(tmp_path / "again", clock=Clock.fixed(NOW)) as again:
        assert again.notices == [] or all("not the one" not in text for text, _values in again.notices)
        assert again.device == device != workplace.device
        with again.runner.read(SYSTEM) as read:
            assert [row[0] for row in read.sql("SELECT given_name FROM patient")] == ["Olivia"]
        assert [again.files.read(name) for name in names] == [b"", b"one", b"x" * 200_000]
        again.runner.run(boss, create_patient, "Gagnon", "Zoé")
        again.runner.flush()
        assert again.verify().sound


def test_the_second_backup_copies_only_what_is_new(workplace: Workplace, boss: Actor, tmp_path: Path) -> None:
    target = disk(tmp_path)
    workplace.files.put(b"a" * 500_000)
    first = back_up(workplace.runner, boss, target)
    workplace.files.put(b"b" * 1_000)
    second = back_up(workplace.runner, boss, target)
    assert (first.generation.files, second.generation.files) == (1, 2)
    assert second.new_bytes - second.generation.database_bytes < 2_000
    assert len(generations(house(target))) == 2


def test_old_backups_go_with_the_files_that_only_they_name(workplace: Workplace, boss: Actor, tmp_path: Path) -> None:
    target = disk(tmp_path)
    workplace.runner.run(boss, change_setting, BACKUPS_KEPT.name, "2")
    gone = workplace.files.put(b"gone")
    back_up(workplace.runner, boss, target)
    workplace.files.remove(gone)
    stays = workplace.files.put(b"stays")
    for _time in range(2):
        back_up(workplace.runner, boss, target)
    kept = generations(house(target))
    assert len(kept) == 2
    assert [path.name for path in kept[0].pool.glob("??/*")] == [stays]
    assert check(kept[0], workplace.database.key) == check(kept[1], workplace.database.key) == []


def test_nothing_in_a_backup_can_be_read_without_the_key(workplace: Workplace, boss: Actor, tmp_path: Path) -> None:
    target = disk(tmp_path)
    workplace.runner.run(boss, create_patient, "Zzyzxgagnon", "Olivia")
    workplace.files.put(b"a pixel of Zzyzxgagnon")
    back_up(workplace.runner, boss, target)
    secret = (workplace.folder / KEY_FILE).read_text().strip()[:64]
    for path in target.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert b"Zzyzxgagnon" not in content
            assert not content.startswith(b"SQLite format 3")
            assert secret.encode() not in content
            assert bytes.fromhex(secret) not in content
    stranger = tmp_path / "stranger"
    create_folder(stranger, "test")
    with pytest.raises(UsageError):
        key_for(chosen(target), stranger)
    with pytest.raises(UsageError):
        key_for(chosen(target), stranger, "AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA")


def test_the_recovery_key_opens_it_on_another_computer(tmp_path: Path, boss: Actor) -> None:
    recovery = create_folder(tmp_path / "data", "test")
    with open_workplace(tmp_path / "data", clock=Clock.fixed(NOW)) as workplace:
        workplace.runner.run(boss, create_patient, "Lavoie", "Olivia")
        back_up(workplace.runner, boss, disk(tmp_path))
        there = digest_of(workplace)
    shutil.rmtree(tmp_path / "data")
    generation = chosen(tmp_path / "disk")
    restore_folder(generation, key_for(generation, tmp_path / "data", recovery), tmp_path / "data")
    with open_workplace(tmp_path / "data", clock=Clock.fixed(NOW)) as again:
        assert digest_of(again) == there


def test_a_backup_of_a_busy_clinic_is_one_moment(workplace: Workplace, boss: Actor, tmp_path: Path) -> None:
    """Every operation in the copy is whole, and the writer never waits for it."""
    stop = threading.Event()
    written: list[str] = []

    def write() -> None:
        while not stop.is_set():
            written.append(workplace.runner.run(boss, create_patient, "Roy", f"Nº{len(written)}"))

    at_work = threading.Thread(target=write)
    at_work.start()
    try:
        while len(written) < 5:
            time.sleep(0.001)
        before = len(written)
        made = [back_up(workplace.runner, boss, disk(tmp_path)) for _time in range(3)]
    finally:
        stop.set()
        at_work.join()
    assert len(written) > before
    for number, one in enumerate(made):
        folder = tmp_path / f"again{number}"
        restore_folder(one.generation, workplace.database.key, folder)
        with open_workplace(folder, clock=Clock.fixed(NOW)) as again:
            again.runner.flush()
            report = again.verify()
            assert report.sound, report.problems


@pytest.mark.parametrize("victim", ["workstation.db", "files", MANIFEST, "sealed"])
def test_a_damaged_backup_is_told(workplace: Workplace, boss: Actor, tmp_path: Path, victim: str) -> None:
    name = workplace.files.put(b"x" * 100_000)
    made = back_up(workplace.runner, boss, disk(tmp_path)).generation
    path = made.pool / name[:2] / name if victim == "sealed" else made.folder / victim
    content = bytearray(path.read_bytes())
    place = content.index(b'"head": ') + 8 if victim == MANIFEST else len(content) // 2
    content[place] = ord("9") if victim == MANIFEST else content[place] ^ 1
    path.write_bytes(content)
    if victim == "sealed":
        assert check(chosen(tmp_path / "disk"), workplace.database.key) == [name]
        return
    with pytest.raises(IntegrityFailure):
        check(chosen(tmp_path / "disk"), workplace.database.key)


def test_a_file_that_is_damaged_here_does_not_stop_the_others(
    workplace: Workplace, boss: Actor, tmp_path: Path
) -> None:
    bad, good = workplace.files.put(b"bad" * 1_000), workplace.files.put(b"good")
    path = workplace.files.path(bad)
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    made = back_up(workplace.runner, boss, disk(tmp_path))
    assert made.damaged == (bad,)
    assert made.generation.names() == [good]


def test_a_place_that_cannot_be_used_is_a_sentence(workplace: Workplace, boss: Actor, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    inside = workplace.folder / "inside"
    inside.mkdir()
    for target in (tmp_path / "nowhere", tmp_path / "file", inside, Path("/proc")):
        with pytest.raises(RuleViolation):
            back_up(workplace.runner, boss, target)
    with pytest.raises(RuleViolation) as refused:
        back_up(workplace.runner, boss)
    assert refused.value.message_id == NOWHERE
    runs = workplace.runner.ask(boss, backup_standing).runs
    assert len(runs) == 4
    assert all(run.failure for run in runs)


def run_verb(*given: object, size_limit: int | None = None) -> subprocess.CompletedProcess[str]:
    def limited() -> None:
        if size_limit is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size_limit, size_limit))

    return subprocess.run(
        [sys.executable, "main.py", *map(str, given), "--json", "--lang", "en"],
        cwd=ROOT, capture_output=True, text=True, check=False, preexec_fn=limited,
        env=os.environ | {"ARCHWIRE_SLICES": "tests.sample"},
    )  # fmt: skip


def test_the_verbs(workplace: Workplace, boss: Actor, tmp_path: Path) -> None:
    workplace.runner.run(boss, create_patient, "Lavoie", "Olivia")
    workplace.files.put(b"x" * 100_000)
    there = digest_of(workplace)
    done = run_verb("backup", disk(tmp_path), "--data", workplace.folder)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["files"] == 1
    assert json.loads(run_verb("restore", tmp_path / "disk", "--list", "--data", workplace.folder).stdout)
    done = run_verb("restore", tmp_path / "disk", "--check", "--data", workplace.folder)
    assert (done.returncode, json.loads(done.stdout)["damaged"]) == (0, [])
    done = run_verb("restore", tmp_path / "disk", "--data", workplace.folder)
    assert done.returncode == 2  # the folder holds a clinic
    workplace.close()
    done = run_verb("restore", tmp_path / "disk", "--aside", "--data", workplace.folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (Path(json.loads(done.stdout)["aside"]) / "workstation.db").exists()
    with open_workplace(workplace.folder, clock=Clock.fixed(NOW)) as again:
        assert digest_of(again) == there


@pytest.mark.parametrize(("limit", "words"), [(1 << 18, "could not be written"), (6 << 20, "no room")])
def test_a_full_disk_leaves_the_backups_of_before(
    workplace: Workplace, boss: Actor, tmp_path: Path, limit: int, words: str
) -> None:
    """The system lets no file grow beyond a size: in the middle of the database, and in the middle of an image."""
    target = disk(tmp_path)
    back_up(workplace.runner, boss, target)
    before = sorted(path.name for path in house(target).iterdir())
    workplace.files.put(os.urandom(7 << 20))
    done = run_verb("backup", target, "--data", workplace.folder, size_limit=limit)
    assert done.returncode == 3, done.stdout + done.stderr
    assert words in json.loads(done.stdout)["error"]
    assert sorted(path.name for path in house(target).iterdir() if not path.name.startswith("sealed-")) == before
    assert not list(house(target).rglob(".*"))
    assert check(chosen(target), workplace.database.key) == []
    assert back_up(workplace.runner, boss, target).generation.files == 1


def test_a_backup_that_is_killed_leaves_the_backups_of_before(
    workplace: Workplace, boss: Actor, tmp_path: Path
) -> None:
    target = disk(tmp_path)
    first = back_up(workplace.runner, boss, target).generation
    for number in range(300):
        workplace.files.put(os.urandom(2_000) + bytes([number % 256]))
    command = [sys.executable, "main.py", "backup", str(target), "--data", str(workplace.folder)]
    at_work = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, env=os.environ | {"ARCHWIRE_SLICES": "tests.sample"}
    )
    while not list(house(target).glob(f"{UNFINISHED}-*")) and at_work.poll() is None:
        time.sleep(0.005)
    at_work.send_signal(signal.SIGKILL)
    at_work.wait()
    assert list(house(target).glob(f"{UNFINISHED}-*"))
    assert [kept.name for kept in generations(house(target))] == [first.name]
    assert check(first, workplace.database.key) == []
    back_up(workplace.runner, boss, target)
    assert not list(house(target).glob(f"{UNFINISHED}-*"))
    assert check(chosen(target), workplace.database.key) == []


def test_a_restore_that_fails_leaves_no_folder(
    workplace: Workplace, boss: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workplace.files.put(b"one")
    made = back_up(workplace.runner, boss, disk(tmp_path)).generation

    def stopped(*_given: object) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr("app.archives.restoring.write_anchor", stopped)
    with pytest.raises(OSError, match="full"):
        restore_folder(made, workplace.database.key, tmp_path / "again")
    assert not (tmp_path / "again").exists()
    assert not list(tmp_path.glob("again*unfinished"))


def test_backups_of_several_workstations_are_told_apart(workplace: Workplace, boss: Actor, tmp_path: Path) -> None:
    target = disk(tmp_path)
    with pytest.raises(NotFound):
        chosen(target)
    back_up(workplace.runner, boss, target)
    create_folder(tmp_path / "other", "test")
    with open_workplace(tmp_path / "other", clock=Clock.fixed(NOW)) as other:
        back_up(other.runner, boss, target)
        with pytest.raises(UsageError):
            chosen(target)
        one = next(path for path in target.iterdir() if other.device[-8:] in path.name)
        assert chosen(one).device == other.device


def test_who_has_no_right_makes_no_backup(workplace: Workplace, tmp_path: Path) -> None:
    with pytest.raises(PermissionDenied):
        back_up(workplace.runner, NOBODY, disk(tmp_path))
    assert not list(disk(tmp_path).iterdir())


def test_the_job_makes_one_a_day_after_its_hour(workplace: Workplace, boss: Actor, tmp_path: Path) -> None:
    runner, moment = workplace.runner, [NOW]
    workplace.clock.source = lambda: moment[0]

    def at(hour: int, days: int = 0) -> int:
        moment[0] = NOW.replace(hour=hour) + timedelta(days=days)
        run_job(runner, JOBS["back_up_daily"])
        return len(runner.ask(boss, backup_standing).runs)

    runner.run(boss, change_setting, BACKUP_HOUR.name, "18")
    assert at(20) == 0  # no place is set
    runner.run(boss, change_setting, BACKUP_FOLDER.name, str(disk(tmp_path)))
    assert [at(20), at(21), at(9, 1), at(17, 1), at(18, 1), at(19, 1)] == [1, 1, 1, 1, 2, 2]
    assert at(9, 3) == 3  # the computer was off in the evening


def test_a_disk_that_is_not_there_is_asked_again_after_an_hour(
    workplace: Workplace, boss: Actor, tmp_path: Path
) -> None:
    runner, moment = workplace.runner, [NOW]
    workplace.clock.source = lambda: moment[0]
    runner.run(boss, change_setting, BACKUP_FOLDER.name, str(tmp_path / "unplugged"))

    def after(minutes: int) -> list[str]:
        moment[0] = NOW.replace(hour=19) + timedelta(minutes=minutes)
        run_job(runner, JOBS["back_up_daily"])
        return [run.failure for run in runner.ask(boss, backup_standing).runs]

    assert len(after(0)) == len(after(30)) == 1
    assert len(after(61)) == 2
    (tmp_path / "unplugged").mkdir()
    assert after(125)[0] == ""


def test_a_late_backup_is_told(workplace: Workplace, boss: Actor, tmp_path: Path) -> None:
    runner, moment = workplace.runner, [NOW]
    workplace.clock.source = lambda: moment[0]
    runner.run(boss, create_patient, "Lavoie", "Olivia")

    def told() -> list[str]:
        return [it.title for it in runner.ask(boss, notifications) if it.key.startswith("backup")]

    assert told() == []
    moment[0] = NOW + timedelta(days=4)
    assert told() == ["No backup has been made yet"]
    back_up(runner, boss, disk(tmp_path))
    assert told() == []
    moment[0] = NOW + timedelta(days=9)
    assert told() == ["The last backup is {days} days old"]
    with runner.read(SYSTEM) as read:
        assert not is_due(read)  # no place is set in the settings


def test_two_backups_at_once_are_one(workplace: Workplace, boss: Actor, tmp_path: Path) -> None:
    inside: list[str] = []
    workplace.files.put(b"one")

    def again(done: int, total: int) -> None:
        try:
            make_backup(workplace.folder, workplace.database, disk(tmp_path), now=NOW, kept=9)
        except RuleViolation as error:
            inside.append(error.message_id)

    back_up(workplace.runner, boss, disk(tmp_path), again)
    assert inside == ["A backup of this workstation is being made already."]
    assert len(generations(house(disk(tmp_path)))) == 1

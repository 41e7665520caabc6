"""The computer that hosts the server is lost: one backup brings back its workstation and its server, the rest comes
from the others. Nobody has to be enrolled again.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.access.authority import StaffAuthority
from app.access.commands import create_first_administrator
from app.access.credentials import prepared
from app.archives.commands import back_up
from app.archives.generations import chosen
from app.archives.making import LOCK_FILE
from app.archives.restoring import check, key_for, place_of
from app.archives.server_folder import SERVER_FOLDER, hosted_practices, put_identity
from app.core.errors import IntegrityFailure, RuleViolation, UsageError
from app.core.secret import Secret
from app.devices.commands import invite_device
from app.journal.digest import digest
from app.journal.queries import NOBODY, SYSTEM, Actor
from app.journal.workplace import Workplace, open_workplace
from app.patients.commands import create_patient
from sync.backup_verbs import _aside, restore_folder
from sync.client.connection import Connection, device_key, read_connection
from sync.client.joining import join_practice
from sync.client.once import Outcome, synchronise
from sync.protocol.packing import run_of
from sync.server.certificates import fingerprint
from sync.server.enrolment import note_whereabouts
from sync.server.founding import found_server
from sync.server.http.routes import enrolment
from sync.server.practices import PracticeStores
from sync.server.serving import Serving
from sync.server.settings import ServerSettings

BOSS = Actor("boss", "Boss", everything=True)
PASSWORD = "mesange-boreale-42"


class Host:
    """A computer that hosts the server of its practice: its folder, and the server over it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.place = open_workplace(folder, create=True, kind="test", authority=StaffAuthority())
        self.recovery_key = self.place.recovery_key

    def serve(self) -> None:
        self.practices = PracticeStores(self.folder / SERVER_FOLDER).open_all()
        (self.practice,) = self.practices
        settings = ServerSettings(host="127.0.0.1", port=0, announced=False)
        self.serving = Serving(self.folder / SERVER_FOLDER, self.practices, settings)
        self.serving.start()

    def stop(self) -> None:
        self.serving.stop()
        self.practices.close()

    def sync(self, place: Workplace) -> Outcome:
        """Bring a workstation in step; the server is where it listens today, the authority the one it pinned."""
        known = read_connection(place.folder)
        assert known is not None
        url = f"https://127.0.0.1:{self.serving.port}"
        connection = Connection(url, known.practice, known.device, known.authority)
        return synchronise(place.runner, connection, device_key(place.folder), 60)

    def close(self) -> None:
        self.stop()
        self.place.close()


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    made = Host(tmp_path / "A")
    made.place.runner.run(NOBODY, create_first_administrator, "boss", "Boss", prepared(Secret(PASSWORD)))
    found_server(made.place, "A")
    made.serve()
    enrolment._tries._buckets.clear()
    yield made
    made.close()


def joined(host: Host, folder: Path) -> Workplace:
    address = f"127.0.0.1:{host.serving.port}"
    note_whereabouts(host.practice.workplace.runner, address, fingerprint(host.serving.authority))
    code = host.practice.workplace.runner.run(BOSS, invite_device, "B")
    join_practice(folder, code, "", lambda message, **values: None)
    return open_workplace(folder, authority=StaffAuthority())


def create(place: Workplace, *names: str) -> None:
    for name in names:
        place.runner.run(place.runner.actor("boss"), create_patient, "Roy", name)


def digest_of(place: Workplace) -> str:
    with place.runner.read(SYSTEM) as read:
        return digest(run_of(read))


def charts(place: Workplace) -> set[str]:
    with place.runner.read(SYSTEM) as read:
        return {row[0] for row in read.sql("SELECT given_name FROM patient")}


def test_one_backup_brings_the_workstation_and_its_server_back(host: Host, tmp_path: Path) -> None:
    create(host.place, "Olivia")
    assert host.sync(host.place).done
    other = joined(host, tmp_path / "B")
    try:
        _lose_and_come_back(host, other, tmp_path)
    finally:
        other.close()


def _lose_and_come_back(host: Host, other: Workplace, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    made = back_up(host.place.runner, host.place.runner.actor("boss"), disk)
    assert len(made.hosted) == 1
    authority = host.serving.authority
    create(host.place, "Hugo")  # after the backup: the server has it, and loses it
    assert host.sync(host.place).done
    assert host.sync(other).done
    create(other, "Zoé")  # the server has not got this one yet
    key = host.recovery_key
    host.close()
    shutil.rmtree(host.folder)

    folder = tmp_path / "new computer"
    restored(disk, folder, key, server=False)
    restored(disk, folder / SERVER_FOLDER, key, server=True)
    host.__init__(folder)
    found_server(host.place, "A")
    host.serve()
    assert host.serving.authority == authority, "every workstation knows its server again"
    create(host.place, "Inès")
    for place in (other, host.place, other, host.place):
        assert host.sync(place).done
    everybody = {"Olivia", "Hugo", "Zoé", "Inès"}
    assert charts(host.place) == charts(other) == charts(host.practice.workplace) == everybody
    assert digest_of(host.place) == digest_of(other) == digest_of(host.practice.workplace)
    for place in (host.place, other, host.practice.workplace):
        place.runner.flush()
        assert place.verify().sound


def restored(disk: Path, folder: Path, recovery_key: str, *, server: bool) -> None:
    generation = chosen(disk, server=server)
    place = place_of(generation, folder)
    key = key_for(generation, place, recovery_key)
    assert check(generation, key) == []
    restore_folder(generation, key, place)


def test_the_server_of_a_backup_opens_for_its_host_alone(host: Host, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    made = back_up(host.place.runner, BOSS, disk)
    (server,) = made.hosted
    with pytest.raises(UsageError):
        key_for(server, tmp_path / "elsewhere", "AAAA-" * 12)
    with pytest.raises(UsageError):
        key_for(server, tmp_path / "elsewhere")
    assert key_for(server, tmp_path / "elsewhere", host.recovery_key).hex() != host.place.database.key.hex()
    secret = (host.folder / SERVER_FOLDER / "tls" / "authority.key").read_bytes()[40:90]
    assert not any(secret in path.read_bytes() for path in disk.rglob("*") if path.is_file())


def test_a_server_that_cannot_be_backed_up_fails_the_backup(host: Host, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    (practice,) = hosted_practices(host.folder)
    with contextlib.closing(sqlite3.connect(practice / LOCK_FILE, isolation_level=None)) as busy:
        busy.execute("BEGIN EXCLUSIVE")
        with pytest.raises(RuleViolation):
            back_up(host.place.runner, BOSS, disk)
    with host.place.runner.read(SYSTEM) as read:
        assert [row[0] for row in read.sql("SELECT failure = '' FROM backup_run")] == [0]


def test_what_leaves_the_servers_folder_is_refused(tmp_path: Path) -> None:
    practice = tmp_path / "server" / "practices" / "p"
    practice.mkdir(parents=True)
    with pytest.raises(IntegrityFailure):
        put_identity(practice, b'{"../../outside":"AAAA"}')
    assert not (tmp_path / "outside").exists()


def test_what_a_restore_puts_aside_is_no_practice_any_more(host: Host, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    back_up(host.place.runner, BOSS, disk)
    create(host.place, "Olivia")
    assert host.sync(host.place).done
    host.stop()
    (practice,) = hosted_practices(host.folder)
    generation = chosen(disk, server=True)
    key = key_for(generation, practice)
    moved = _aside(practice)
    assert moved
    restore_folder(generation, key, practice)
    assert hosted_practices(host.folder) == [practice]
    host.serve()
    assert charts(host.practice.workplace) == set()
    assert host.sync(host.place).done
    assert charts(host.practice.workplace) == {"Olivia"}, "pushed again to the restored one"

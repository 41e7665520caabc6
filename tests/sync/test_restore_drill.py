"""The drill: a server is lost, its backup of before is put back, and every workstation brings what it lacks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.archives.commands import back_up
from app.archives.generations import chosen
from app.archives.restoring import check, key_for
from app.core.clock import Clock
from app.journal.workplace import open_workplace
from app.patients.commands import change_patient, create_patient
from sync.backup_verbs import restore_folder
from sync.client.engine import Standing
from sync.server.authorisation import refusal
from sync.server.store import ServerStore
from tests.conftest import NOW
from tests.sync.test_two_workstations import BOSS, Clinic, furnish

WRITES = 20


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    made = Clinic(tmp_path)
    yield made
    for place in made.places.values():
        place.close()


def lose_and_restore(clinic: Clinic, disk: Path, folder: Path) -> None:
    """The server's folder is gone; another one is made of its backup, on the same machine."""
    lost = clinic.places["S"]
    generation = chosen(disk)
    key = key_for(generation, lost.folder)
    assert check(generation, key) == []
    lost.close()
    restore_folder(generation, key, folder, clock=Clock.fixed(NOW))
    place = clinic.places["S"] = open_workplace(folder, clock=Clock.fixed(NOW))
    for engine in clinic.engines.values():
        engine.standing = Standing.OFFLINE  # the line was cut when the old server went
    actors = lambda read, who, hlc: BOSS  # noqa: E731 - one who may do all
    clinic.server = ServerStore(place.runner, lambda read, it: refusal(read, it, actors))


def test_nothing_that_a_workstation_wrote_is_lost(clinic: Clinic, tmp_path: Path) -> None:
    _chair, (olivia, _hugo) = furnish(clinic)
    clinic.meet()
    disk = tmp_path / "disk"
    disk.mkdir()
    back_up(clinic.places["S"].runner, BOSS, disk)
    made = [clinic.places["A"].runner.run(BOSS, create_patient, "Roy", f"Nº {n}") for n in range(WRITES // 2)]
    clinic.meet()  # these the server had, and loses
    made += [clinic.places["A"].runner.run(BOSS, create_patient, "Roy", f"Nº {n + 10}") for n in range(WRITES // 2)]
    clinic.places["B"].runner.run(BOSS, change_patient, olivia, family_name="Lavoye")
    lose_and_restore(clinic, disk, tmp_path / "S again")
    assert clinic.rows("S", "SELECT count(*) FROM patient") == [(2,)]
    clinic.meet()
    assert all(engine.standing is Standing.LIVE for engine in clinic.engines.values())
    assert len(clinic.digests()) == 1
    found = {row[0] for row in clinic.rows("S", "SELECT id FROM patient WHERE family_name = 'Roy'")}
    assert found == set(made)
    assert len(found) == WRITES
    assert clinic.rows("S", f"SELECT family_name FROM patient WHERE id = '{olivia}'") == [("Lavoye",)]
    for place in clinic.places.values():
        place.runner.flush()
        report = place.verify()
        assert report.sound, report.problems


def test_a_workstation_that_is_lost_leaves_what_it_wrote_with_the_others(clinic: Clinic, tmp_path: Path) -> None:
    """A wrote, B pulled it, then the server and A are both lost: B brings what A had written."""
    furnish(clinic)
    clinic.meet()
    disk = tmp_path / "disk"
    disk.mkdir()
    back_up(clinic.places["S"].runner, BOSS, disk)
    made = {clinic.places["A"].runner.run(BOSS, create_patient, "Roy", f"Nº {n}") for n in range(WRITES)}
    clinic.meet()
    del clinic.engines["A"]
    lose_and_restore(clinic, disk, tmp_path / "S again")
    clinic.meet()
    assert {row[0] for row in clinic.rows("S", "SELECT id FROM patient WHERE family_name = 'Roy'")} == made

"""The drill: a server is lost, its backup of before is put back, and every workstation brings what it lacks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from app.archives.commands import back_up
from app.archives.generations import chosen
from app.archives.restoring import check, key_for
from app.core.clock import Clock
from app.core.ids import new_id
from app.journal.chain import link
from app.journal.queries import SYSTEM
from app.journal.workplace import open_workplace
from app.patients.commands import change_patient, create_patient
from sync.backup_verbs import restore_folder
from sync.client.engine import Standing
from sync.client.sending_files import Sender
from sync.protocol.messages import Must, Operation, Push, PushReply, Result
from sync.protocol.packing import header_of, own_operations, run_of
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


def as_it_was(clinic: Clinic, tmp_path: Path) -> tuple[Operation, Path, Path]:
    """An operation of A that B has pulled, a backup of the server from before it, and where to restore it."""
    disk = tmp_path / "disk"
    disk.mkdir()
    back_up(clinic.places["S"].runner, BOSS, disk)
    clinic.places["A"].runner.run(BOSS, create_patient, "Roy", "Zoé")
    clinic.meet()
    with clinic.places["A"].runner.read(SYSTEM) as read:
        made = own_operations(run_of(read), clinic.places["A"].device, 0, 10_000)[-1]
    return made, disk, tmp_path / "S again"


def push(clinic: Clinic, author: str, operation: Operation, *, relayed: bool = False) -> PushReply:
    epoch = clinic.server.ensure_epoch()
    return clinic.server.push(Push(clinic.places[author].device, epoch, (operation,), relayed))


def test_another_operation_under_a_number_that_was_relayed_is_another_history(clinic: Clinic, tmp_path: Path) -> None:
    """B has brought back what A wrote under a number; A comes with something else under it."""
    furnish(clinic)
    clinic.meet()
    made, disk, folder = as_it_was(clinic, tmp_path)
    engine = clinic.engines.pop("A")
    lose_and_restore(clinic, disk, folder)
    clinic.meet()
    previous = own_before(clinic, made)
    for other in (
        resealed(made, previous, id=new_id()),
        resealed(made, previous, command="change_patient"),
        resealed(made, previous, actor="somebody else"),
    ):
        reply = push(clinic, "A", other)
        assert reply.must is Must.REENROL
        assert reply.verdicts == ()
    assert [it.result for it in push(clinic, "A", made).verdicts] == [Result.ACCEPTED]
    clinic.engines["A"] = engine
    engine.standing = Standing.OFFLINE
    clinic.meet()
    assert len(clinic.digests()) == 1


def test_who_relays_what_its_author_was_refused_takes_it_back(clinic: Clinic, tmp_path: Path) -> None:
    furnish(clinic)
    clinic.meet()
    made, disk, folder = as_it_was(clinic, tmp_path)
    lose_and_restore(clinic, disk, folder)
    clinic.server._authorise = lambda read, it: "no_permission" if it.id == made.id else ""
    clinic.meet()
    assert clinic.rows("S", "SELECT count(*) FROM patient WHERE family_name = 'Roy'") == [(0,)]
    assert len(clinic.digests()) == 1
    assert clinic.rows("A", "SELECT code FROM inbox_item") == [("no_permission",)]
    for place in clinic.places.values():
        place.runner.flush()
        assert place.verify().sound


def test_what_is_relayed_waits_for_the_own_operation_that_it_builds_on(clinic: Clinic, tmp_path: Path) -> None:
    """A made a chart, B changed it, A has both; the server loses both and B never comes back."""
    furnish(clinic)
    clinic.meet()
    disk = tmp_path / "disk"
    disk.mkdir()
    back_up(clinic.places["S"].runner, BOSS, disk)
    zoe = clinic.places["A"].runner.run(BOSS, create_patient, "Roy", "Zoé")
    clinic.meet()
    clinic.places["B"].runner.run(BOSS, change_patient, zoe, family_name="Roi")
    clinic.meet()
    del clinic.engines["B"]
    lose_and_restore(clinic, disk, tmp_path / "S again")
    clinic.meet()
    assert clinic.rows("S", f"SELECT family_name FROM patient WHERE id = '{zoe}'") == [("Roi",)]
    assert clinic.rows("A", f"SELECT family_name FROM patient WHERE id = '{zoe}'") == [("Roi",)]


def own_before(clinic: Clinic, operation: Operation) -> bytes:
    row = clinic.rows("S", f"SELECT last_hash FROM server_device WHERE id = '{operation.device}'")[0][0]
    return bytes.fromhex(str(row))


def resealed(operation: Operation, previous: bytes, **given: object) -> Operation:
    """The operation with something else in its header, sealed as its device would have."""
    other = msgspec.structs.replace(operation, **given)
    assert other.commitments is not None
    return msgspec.structs.replace(other, hash=link(previous, header_of(other), other.commitments))


def test_a_file_that_the_lost_server_had_confirmed_is_offered_again(clinic: Clinic, tmp_path: Path) -> None:
    clinic.meet()
    disk = tmp_path / "disk"
    disk.mkdir()
    back_up(clinic.places["S"].runner, BOSS, disk)
    runner = clinic.places["A"].runner
    here, gone = clinic.places["A"].files.put(b"an X-ray"), "0" * 64
    sender = Sender(runner, "one practice")
    sender.confirm({here: 8, gone: 9})
    assert sender.unconfirmed({here, gone}) == []
    lose_and_restore(clinic, disk, tmp_path / "S again")
    told: list[frozenset[str]] = []
    runner.subscribe(lambda changes: told.append(changes.ids("sealed_copy")))
    clinic.meet()
    assert sender.unconfirmed({here, gone}) == [here]
    assert frozenset({here}) in told

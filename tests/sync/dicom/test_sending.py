"""Rules and queues with Orthanc as archives, and with archives that are slow, full, dead or lie."""

from __future__ import annotations

import contextlib
import json
import random
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pydicom
import pytest
from pydicom.dataset import Dataset
from pynetdicom import AE, AllStoragePresentationContexts, evt
from pynetdicom.sop_class import StudyRootQueryRetrieveInformationModelFind

from app.archives.commands import add_archive, add_routing_rule, change_archive, retry_dead_transfers
from app.archives.notices import images_given_up
from app.archives.queries import archives, dead_transfers, dry_run, route_explanations
from app.archives.routing import Condition
from app.archives.sending import Sent
from app.archives.settings import FIRST_RETRY_SECONDS, MOST_TRIES
from app.archives.vocabulary import (
    ArchiveId,
    ArchiveKind,
    Comparison,
    Fact,
    Failure,
    SendMode,
    Spread,
    TransferId,
    TransferState,
    Verification,
)
from app.core.errors import IntegrityFailure
from app.gateway.vocabulary import PeerRight
from app.imaging.importing import import_paths
from app.journal.queries import Actor
from app.journal.settings_store import change_setting
from app.journal.workplace import Workplace, open_workplace
from sync.dicom import handing_over
from sync.dicom.commitment import Commitments, _Asked
from tests.sync.dicom.orthanc import Orthanc, free_port
from tests.sync.dicom.peers import ROOT, Served, films, gateway, instances, let_in, run, start
from tests.sync.dicom.test_hostile import acknowledged
from tests.sync.dicom.test_storing import until

CALL = ("-aet", "PANO", "-aec", "ARCHWIRE", "127.0.0.1")


@pytest.fixture
def orthancs(tmp_path: Path) -> Iterator[tuple[Orthanc, Orthanc]]:
    pair = Orthanc(tmp_path / "vnaa", "VNAA"), Orthanc(tmp_path / "vnab", "VNAB")
    for one in pair:
        one.start()
    yield pair
    for one in pair:
        one.kill()


def set_up(workplace: Workplace, boss: Actor, orthancs: tuple[Orthanc, Orthanc]) -> list[ArchiveId]:
    """Films of the first series to both, of all others to the first by default; quick retries."""
    do = workplace.runner.run
    do(boss, change_setting, FIRST_RETRY_SECONDS.name, "1")
    made = [
        do(boss, add_archive, one.title, ArchiveKind.ORTHANC, "127.0.0.1", one.dicom, one.title, is_default=not number)
        for number, one in enumerate(orthancs)
    ]
    condition = Condition(Fact.STUDY_DESCRIPTION, Comparison.IS, ["to both"])
    do(boss, add_routing_rule, "Both", made, [condition])
    return made


def two_kinds(folder: Path, count: int) -> tuple[list[Path], list[Path]]:
    """Films of which every second ten are for both archives."""
    from tests.sync.dicom.peers import film

    folder.mkdir()
    both, one = [], []
    for number in range(count):
        is_both = number // 10 % 2 == 0
        path = folder / f"film{number:04d}.dcm"
        film(number, StudyDescription="to both" if is_both else "to one").save_as(path, enforce_file_format=True)
        (both if is_both else one).append(path)
    return both, one


def uids(paths: list[Path]) -> set[str]:
    return {str(pydicom.dcmread(path, stop_before_pixels=True).SOPInstanceUID) for path in paths}


def test_each_archive_is_given_its_set_and_every_decision_is_explained(
    workplace: Workplace, boss: Actor, tmp_path: Path, orthancs: tuple[Orthanc, Orthanc]
) -> None:
    set_up(workplace, boss, orthancs)
    let_in(workplace)
    both, one = two_kinds(tmp_path / "given", 30)
    with gateway(workplace) as served:
        assert run("storescu", "-R", *CALL, served.doors[0].port, *both, *one).returncode == 0
        until(lambda: orthancs[0].instances() == uids([*both, *one]))
        until(lambda: orthancs[1].instances() == uids(both))
        until(lambda: sum(line.verified for line in workplace.runner.ask(boss, archives)) == 50)
    explained = workplace.runner.ask(boss, route_explanations)
    assert {item.sop_instance_uid for item in explained} == uids([*both, *one])
    assert len(explained) == 30
    tried = {item.instance_id: item.destinations for item in workplace.runner.ask(boss, dry_run)}
    assert tried == {item.instance_id: item.destinations for item in explained}


@contextlib.contextmanager
def archive(
    store: Callable[[Any], int], find: Callable[[Any], Iterator[Any]] | None = None, title: str = "FAKE"
) -> Iterator[int]:
    """An archive that answers as it is told to."""
    entity = AE(title)
    entity.require_called_aet = True
    entity.supported_contexts = AllStoragePresentationContexts
    entity.add_supported_context(StudyRootQueryRetrieveInformationModelFind)
    port = free_port()
    handlers: list[Any] = [(evt.EVT_C_STORE, store), (evt.EVT_C_FIND, find or (lambda event: iter(())))]
    server = entity.start_server(("127.0.0.1", port), block=False, evt_handlers=handlers)
    try:
        yield port
    finally:
        server.shutdown()


def one_archive(workplace: Workplace, boss: Actor, port: int, **more: Any) -> ArchiveId:
    do = workplace.runner.run
    do(boss, change_setting, FIRST_RETRY_SECONDS.name, "1")
    do(boss, change_setting, MOST_TRIES.name, "2")
    more = {"verification": Verification.NONE, "is_default": True, **more}
    return do(boss, add_archive, "Fake", ArchiveKind.CLASSIC, "127.0.0.1", port, "FAKE", **more)


@pytest.mark.parametrize(
    ("status", "failure"),
    [(0xC123, Failure.NOT_UNDERSTOOD), (0x0122, Failure.NOT_SUPPORTED), (0xA700, Failure.RESOURCES)],
)
def test_what_an_archive_refuses_is_given_up_with_its_reason_and_can_be_sent_again(
    workplace: Workplace, boss: Actor, tmp_path: Path, status: int, failure: Failure
) -> None:
    said = [status]
    let_in(workplace)
    with archive(lambda event: said[0]) as port:
        key = one_archive(workplace, boss, port)
        with gateway(workplace) as served:
            run("storescu", *CALL, served.doors[0].port, *films(tmp_path / "given", 1))
            move_on(workplace)
            until(lambda: bool(workplace.runner.ask(boss, dead_transfers)) or bool(move_on(workplace)))
            (dead,) = workplace.runner.ask(boss, dead_transfers)
            assert (dead.failure, dead.status) == (failure, status)
            with workplace.runner.read(boss) as read:
                (notice,) = images_given_up(read)
            assert (notice.values, notice.chosen) == ({"count": 1, "archive": "Fake"}, {"section": "queues"})
            said[0] = 0x0000
            assert workplace.runner.run(boss, retry_dead_transfers, key) == 1
            until(lambda: workplace.runner.ask(boss, archives)[0].verified == 1)


def move_on(workplace: Workplace) -> None:
    """The clock of the tests stands still: retries come when it is moved."""
    from datetime import timedelta

    now = workplace.clock.now() + timedelta(seconds=10)
    workplace.clock.source = lambda: now
    time.sleep(0.2)


def test_an_archive_that_lies_is_found_out(workplace: Workplace, boss: Actor, tmp_path: Path) -> None:
    let_in(workplace)
    with archive(lambda event: 0x0000) as port:
        one_archive(workplace, boss, port, verification=Verification.FIND)
        with gateway(workplace) as served:
            run("storescu", *CALL, served.doors[0].port, *films(tmp_path / "given", 1))
            until(lambda: bool(workplace.runner.ask(boss, dead_transfers)) or bool(move_on(workplace)))
    (dead,) = workplace.runner.ask(boss, dead_transfers)
    assert dead.failure is Failure.UNVERIFIED


def test_a_dead_archive_rests_and_holds_up_nobody(workplace: Workplace, boss: Actor, tmp_path: Path) -> None:
    let_in(workplace)
    taken: list[str] = []
    lock = threading.Lock()

    def store(event: Any) -> int:
        with lock:
            taken.append(str(event.request.AffectedSOPInstanceUID))
        return 0x0000

    with archive(store) as port:
        living = one_archive(workplace, boss, port)
        dead = workplace.runner.run(boss, add_archive, "Dead", ArchiveKind.CLASSIC, "127.0.0.1", free_port(), "DEAD")
        workplace.runner.run(boss, add_routing_rule, "Both", [dead, living])
        with gateway(workplace) as served:
            sent = films(tmp_path / "given", 5)
            run("storescu", "-R", *CALL, served.doors[0].port, *sent)
            until(lambda: set(taken) == uids(sent))
            until(lambda: any(line.resting_until for line in workplace.runner.ask(boss, archives)))
    lines = {line.name: line for line in workplace.runner.ask(boss, archives)}
    assert (lines["Dead"].failure, lines["Dead"].waiting) == (Failure.TRANSPORT, 5)
    assert (lines["Fake"].failure, lines["Fake"].verified) == (None, 5)


def test_a_refusal_of_our_name_is_not_a_dead_line(workplace: Workplace, boss: Actor, tmp_path: Path) -> None:
    let_in(workplace)
    with archive(lambda event: 0x0000, title="OTHER") as port:
        one_archive(workplace, boss, port)
        with gateway(workplace) as served:
            run("storescu", *CALL, served.doors[0].port, *films(tmp_path / "given", 1))
            until(lambda: workplace.runner.ask(boss, archives)[0].failure is Failure.REJECTED)


def test_the_first_that_works_is_taken(workplace: Workplace, boss: Actor, tmp_path: Path) -> None:
    let_in(workplace)
    with archive(lambda event: 0xC000, title="BROKEN") as broken, archive(lambda event: 0x0000) as port:
        second = one_archive(workplace, boss, port)
        first = workplace.runner.run(
            boss, add_archive, "Broken", ArchiveKind.CLASSIC, "127.0.0.1", broken, "BROKEN",
            verification=Verification.NONE,
        )  # fmt: skip
        workplace.runner.run(boss, add_routing_rule, "First", [first, second], spread=Spread.FIRST)
        with gateway(workplace) as served:
            run("storescu", *CALL, served.doors[0].port, *films(tmp_path / "given", 1))
            until(lambda: {line.name: line.verified for line in workplace.runner.ask(boss, archives)}["Fake"] == 1)


def test_nothing_is_sent_back_to_where_it_came_from(workplace: Workplace, boss: Actor, tmp_path: Path) -> None:
    let_in(workplace, "FAKE")
    with archive(lambda event: 0x0000) as port:
        one_archive(workplace, boss, port)
        with gateway(workplace) as served:
            sent = films(tmp_path / "given", 1)
            run("storescu", "-aet", "FAKE", "-aec", "ARCHWIRE", "127.0.0.1", served.doors[0].port, *sent)
            until(lambda: len(workplace.runner.ask(boss, route_explanations)) == 1)
    (explained,) = workplace.runner.ask(boss, route_explanations)
    assert (explained.destinations, explained.returned) == ((), ("Fake",))


def test_what_is_imported_by_hand_goes_the_same_ways(workplace: Workplace, boss: Actor, tmp_path: Path) -> None:
    do = workplace.runner.run
    before, after = films(tmp_path / "before", 2), films(tmp_path / "after", 4)[2:]
    import_paths(workplace.runner, boss, before)
    with archive(lambda event: 0x0000) as port:
        one_archive(workplace, boss, port)
        with gateway(workplace):
            import_paths(workplace.runner, boss, after)
            until(lambda: workplace.runner.ask(boss, archives)[0].verified == 2)
            assert len(workplace.runner.ask(boss, route_explanations)) == 2, "what was here before the archive stays"
            do(boss, change_archive, workplace.runner.ask(boss, archives)[0].archive_id, send_mode=SendMode.STABLE)
            import_paths(workplace.runner, boss, films(tmp_path / "later", 5)[4:])
            until(lambda: len(workplace.runner.ask(boss, route_explanations)) == 3)
            (line,) = workplace.runner.ask(boss, archives)
            assert (line.waiting, line.verified) == (1, 2), "its study may not be complete"


def test_a_crash_before_the_sender_is_noted_loses_neither_it_nor_the_route(
    workplace: Workplace, boss: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_in(workplace, "FAKE")
    with archive(lambda event: 0x0000) as port:
        one_archive(workplace, boss, port)

        def crash(*_given: object) -> None:
            raise IntegrityFailure("the power is gone")

        with monkeypatch.context() as broken, gateway(workplace) as served:
            broken.setattr(handing_over, "_received", crash)
            sent = films(tmp_path / "given", 1)
            run("storescu", "-aet", "FAKE", "-aec", "ARCHWIRE", "127.0.0.1", served.doors[0].port, *sent)
            until(lambda: len(instances(workplace)) == 1)
            assert workplace.runner.ask(boss, route_explanations) == []
        with gateway(workplace):
            until(lambda: len(workplace.runner.ask(boss, route_explanations)) == 1)
    (explained,) = workplace.runner.ask(boss, route_explanations)
    assert (explained.destinations, explained.returned) == ((), ("Fake",)), "it is known where it came from"


def test_an_archive_answers_for_what_it_was_given(workplace: Workplace, boss: Actor, tmp_path: Path) -> None:
    let_in(workplace)
    port = free_port()
    vault = Orthanc(tmp_path / "vault", "VAULT", {"clinic": ["ARCHWIRE", "127.0.0.1", port]})
    vault.start()
    workplace.runner.run(
        boss, add_archive, "Vault", ArchiveKind.ORTHANC, "127.0.0.1", vault.dicom, "VAULT", is_default=True,
        verification=Verification.COMMITMENT,
    )  # fmt: skip
    with contextlib.ExitStack() as ending, gateway(workplace, port=port) as served:
        ending.callback(vault.kill)
        assert run("storescu", "-R", *CALL, port, *films(tmp_path / "given", 3)).returncode == 0
        until(lambda: workplace.runner.ask(boss, archives)[0].verified == 3)
        assert served.senders is not None
        assert not served.senders.commitments._asked, "every answer has come"
        assert run("storescu", "-aet", "VAULT", "-aec", "ARCHWIRE", "127.0.0.1", port, *films(tmp_path / "given", 1))
        assert len(instances(workplace)) == 3, "an archive may answer, and nothing else"


def test_what_an_archive_does_not_answer_for_is_sent_again() -> None:
    noted: list[Sent] = []
    commitments = Commitments(noted.extend)
    commitments._asked["1.9"] = _Asked({"1.1": TransferId("a"), "1.2": TransferId("b"), "1.3": TransferId("c")})
    report = Dataset()
    report.TransactionUID = "1.9"
    report.ReferencedSOPSequence, report.FailedSOPSequence = [referenced("1.1")], [referenced("1.2"), referenced("9")]
    peer = SimpleNamespace(rights={PeerRight.COMMIT})
    event = SimpleNamespace(event_information=report, assoc=SimpleNamespace(visit=SimpleNamespace(peer=peer)))
    assert commitments.answer(event) == (0x0000, None)
    assert [(one.transfer_id, one.state, one.failure) for one in noted] == [
        ("a", TransferState.VERIFIED, None), ("b", TransferState.WAITING, Failure.UNVERIFIED)
    ]  # fmt: skip
    assert commitments.answer(event)[0] == 0x0112, "a transaction is answered once"
    peer.rights = set()
    assert commitments.answer(event)[0] == 0x0124


def referenced(uid: str) -> Dataset:
    item = Dataset()
    item.ReferencedSOPInstanceUID = uid
    return item


def command_line(folder: Path, *words: str) -> Any:
    """What a verb answers, as JSON."""
    given = [sys.executable, str(ROOT / "main.py"), *words, "--data", str(folder), "--json"]
    said = subprocess.run(given, capture_output=True, text=True, timeout=120, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
    return json.loads(said.stdout)


@pytest.mark.soak
def test_three_that_are_killed_at_random_end_with_exactly_their_sets(
    folder: Path, boss: Actor, tmp_path: Path, orthancs: tuple[Orthanc, Orthanc]
) -> None:
    """500 instances; the gateway and both archives are killed and restarted at random (black-box check 5)."""
    with open_workplace(folder) as opened:
        set_up(opened, boss, orthancs)
        let_in(opened)
    both, one = two_kinds(tmp_path / "given", 500)
    left, done = [str(path) for path in [*both, *one]], set[str]()
    chance = random.Random(time.time_ns())
    served = Served(folder)
    port, kills = served.port, 12
    while left:
        sender = start("storescu", "-v", "-R", *CALL, port, *left)
        while sender.poll() is None and kills:
            time.sleep(chance.uniform(0.3, 1.5))
            kills -= 1
            victim = chance.choice([0, 1, 2])
            if victim == 2:
                served.kill()
                served = Served(folder, port)
            else:
                orthancs[victim].kill()
                orthancs[victim].start()
        done |= acknowledged(sender.communicate(timeout=600)[0])
        left = [path for path in left if path not in done]
    try:
        until(lambda: orthancs[0].instances() == uids([*both, *one]), 300)
        until(lambda: orthancs[1].instances() == uids(both), 300)
    finally:
        served.stop()
    assert int(orthancs[0].ask("/statistics")["CountInstances"]) == 500
    assert int(orthancs[1].ask("/statistics")["CountInstances"]) == len(both)
    with open_workplace(folder) as opened:
        explained = opened.runner.ask(boss, route_explanations, most=10_000)
        tried = opened.runner.ask(boss, dry_run, most=10_000)
    assert len(explained) == len({item.instance_id for item in explained}) == 500
    assert {item.instance_id: item.destinations for item in explained} == {
        item.instance_id: item.destinations for item in tried
    }
    assert not re.search("Sim.?Test", served.errors.read_text())

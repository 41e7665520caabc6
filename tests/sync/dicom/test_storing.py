"""Echo and storage, with DCMTK as the sender."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pydicom
import pytest

from app.gateway.queries import dicom_peers, gateway_notes
from app.gateway.vocabulary import GatewayEvent, PeerRight, Refusal
from app.imaging import workers
from app.imaging.originals import open_image
from app.imaging.receiving import ReceivedNote, Spool
from app.journal.queries import SYSTEM, Actor
from app.journal.workplace import Workplace
from sync.dicom.handing_over import STALE_FROM_BEFORE, hand_over
from sync.dicom.spooling import Arriving
from tests.sync.dicom.peers import data_of, film, films, gateway, instances, let_in, run


@pytest.fixture(scope="module", autouse=True)
def _workers() -> Iterator[None]:
    yield
    workers.close()


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)


def test_what_is_sent_is_listed_with_the_same_bytes(workplace: Workplace, boss: Actor, tmp_path: Path) -> None:
    let_in(workplace)
    sent = films(tmp_path / "given", 3)
    with gateway(workplace) as served:
        port = served.doors[0].port
        assert run("echoscu", "-aet", "PANO", "-aec", "ARCHWIRE", "127.0.0.1", port).returncode == 0
        said = run("storescu", "-v", "-R", "-aet", "PANO", "-aec", "ARCHWIRE", "127.0.0.1", port, *sent)
        assert said.returncode == 0, said.stderr
        until(lambda: len(instances(workplace)) == 3)
        until(lambda: not served.spool.waiting())
    uids = {str(pydicom.dcmread(path).SOPInstanceUID): path for path in sent}
    assert instances(workplace) == set(uids)
    with workplace.runner.read(SYSTEM) as read:
        ids = read.sql("SELECT id, sop_instance_uid FROM instance")
    for instance_id, uid in ids:
        kept = tmp_path / "kept.dcm"
        kept.write_bytes(open_image(workplace.runner, boss, instance_id).dicom)
        assert data_of(kept) == data_of(uids[uid])
    (peer,) = workplace.runner.ask(boss, dicom_peers)
    assert peer.received == 3


def test_nothing_readable_waits_on_the_disk(workplace: Workplace, tmp_path: Path) -> None:
    let_in(workplace)
    films(tmp_path / "given", 1, PatientName="Beausoleil^Zephirine")
    with gateway(workplace) as served:
        served.handing_over.stop()
        port = served.doors[0].port
        film = tmp_path / "given" / "film0000.dcm"
        assert run("storescu", "-aet", "PANO", "-aec", "ARCHWIRE", "127.0.0.1", port, film).returncode == 0
        (path,) = served.spool.waiting()
        assert b"Beausoleil" not in path.read_bytes()
        assert served.spool.opened(path).note.calling_ae == "PANO"


@pytest.mark.parametrize(
    ("title", "called", "said", "refusal"),
    [
        ("STRANGER", "ARCHWIRE", "Calling AE Title Not Recognized", Refusal.UNKNOWN_CALLER),
        ("PANO", "OTHER", "Called AE Title Not Recognized", Refusal.WRONG_CALLED),
        ("FARAWAY", "ARCHWIRE", "Calling AE Title Not Recognized", Refusal.WRONG_ADDRESS),
        ("SECRET", "ARCHWIRE", "Calling AE Title Not Recognized", Refusal.NO_TLS),
    ],
)
def test_who_is_refused_is_told_why(
    workplace: Workplace, boss: Actor, title: str, called: str, said: str, refusal: Refusal
) -> None:
    let_in(workplace)
    let_in(workplace, "FARAWAY", address="10.9.8.0/24")
    let_in(workplace, "SECRET", tls_only=True)
    with gateway(workplace) as served:
        answer = run("echoscu", "-aet", title, "-aec", called, "127.0.0.1", served.doors[0].port)
        assert answer.returncode != 0
        assert said in answer.stderr + answer.stdout
        until(lambda: any(note.refusal is refusal for note in workplace.runner.ask(boss, gateway_notes)))


def test_a_right_that_is_not_held_is_a_context_refused(workplace: Workplace, tmp_path: Path) -> None:
    let_in(workplace, rights=[PeerRight.ECHO])
    (path,) = films(tmp_path / "given", 1)
    with gateway(workplace) as served:
        port = served.doors[0].port
        answer = run("storescu", "-aet", "PANO", "-aec", "ARCHWIRE", "127.0.0.1", port, path)
        assert answer.returncode != 0
        assert run("echoscu", "-aet", "PANO", "-aec", "ARCHWIRE", "127.0.0.1", port).returncode == 0
        assert not served.spool.waiting()
    assert not instances(workplace)


def test_a_connection_is_noted_without_a_name(
    workplace: Workplace, boss: Actor, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    from sync.dicom.logs import write_logs

    write_logs()
    let_in(workplace)
    film(1, PatientName="Beausoleil^Zephirine", PatientID="777-SECRET").save_as(
        tmp_path / "one.dcm", enforce_file_format=True
    )
    with gateway(workplace) as served:
        run("storescu", "-aet", "PANO", "-aec", "ARCHWIRE", "127.0.0.1", served.doors[0].port, tmp_path / "one.dcm")
        until(lambda: len(instances(workplace)) == 1)
        until(lambda: any(note.count == 1 for note in workplace.runner.ask(boss, gateway_notes)))
    logged = capfd.readouterr().err
    assert '"event":"served"' in logged
    assert "Beausoleil" not in logged
    assert "777-SECRET" not in logged
    events = {note.event for note in workplace.runner.ask(boss, gateway_notes)}
    assert {GatewayEvent.STARTED, GatewayEvent.SERVED, GatewayEvent.STOPPED} <= events


def test_what_was_taken_for_a_rest_is_never_acknowledged(workplace: Workplace) -> None:
    spool = Spool(workplace.folder, workplace.files)
    arriving = Arriving(spool, 1 << 20)
    arriving.begin(b"head")
    (path,) = spool.waiting()
    os.utime(path, (1, 1))
    assert hand_over(workplace.runner, spool).taken == []
    assert spool.waiting() == [], "nobody has written to it for long"
    note = ReceivedNote("PANO", "ARCHWIRE", "127.0.0.1", "1.2", "1.3", "1.2.840.10008.1.2", 0)
    assert arriving.finish(note) != 0x0000


def test_the_rest_of_an_earlier_gateway_goes_soon(workplace: Workplace) -> None:
    spool = Spool(workplace.folder, workplace.files)
    arriving = Arriving(spool, 1 << 20)
    arriving.begin(b"head")
    (path,) = spool.waiting()
    then = time.time() - STALE_FROM_BEFORE - 1
    os.utime(path, (then, then))
    hand_over(workplace.runner, spool)
    assert spool.waiting() == [path], "its sender may only be slow"
    hand_over(workplace.runner, spool, began=time.time())
    assert spool.waiting() == []
    arriving.discard()

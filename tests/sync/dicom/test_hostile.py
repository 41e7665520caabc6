"""What a gateway meets on a network: broken, slow, greedy and hostile callers, full disks, power cuts."""

from __future__ import annotations

import errno
import os
import random
import re
import socket
import struct
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pydicom
import pytest

from app.core.sealed_stream import SealedStreamWriter
from app.gateway.queries import gateway_notes
from app.gateway.vocabulary import GatewayEvent
from app.imaging import workers
from app.journal.queries import Actor
from app.journal.workplace import Workplace, open_workplace
from sync.dicom.process import Gateway
from tests.sync.dicom.peers import Served, data_of, film, films, gateway, instances, let_in, run, start
from tests.sync.dicom.test_storing import until

CALL = ("-aet", "PANO", "-aec", "ARCHWIRE", "127.0.0.1")


@pytest.fixture(scope="module", autouse=True)
def _workers() -> Iterator[None]:
    yield
    workers.close()


def is_up(port: int) -> bool:
    return run("echoscu", *CALL, port, timeout=30).returncode == 0


def associate_request(called: str = "ARCHWIRE", calling: str = "PANO") -> bytes:
    """An A-ASSOCIATE-RQ for verification and digital X-ray storage (PS3.8 §9.3.2)."""

    def item(kind: int, body: bytes) -> bytes:
        return struct.pack(">BBH", kind, 0, len(body)) + body

    implicit = item(0x40, b"1.2.840.10008.1.2")
    contexts = b"".join(
        item(0x20, bytes([number, 0, 0, 0]) + item(0x30, uid) + implicit)
        for number, uid in ((1, b"1.2.840.10008.1.1"), (3, b"1.2.840.10008.5.1.4.1.1.1.1"))
    )
    user = item(0x50, item(0x51, struct.pack(">I", 16384)) + item(0x52, b"1.2.3.4"))
    fixed = struct.pack(">HH16s16s32x", 1, 0, called.ljust(16).encode(), calling.ljust(16).encode())
    body = fixed + item(0x10, b"1.2.840.10008.3.1.1.1") + contexts + user
    return struct.pack(">BBI", 1, 0, len(body)) + body


def store_request(uid: bytes) -> bytes:
    """The command of a C-STORE-RQ in one P-DATA-TF PDU, with the identifier as it is given."""

    def element(number: int, value: bytes) -> bytes:
        value += b"\0" * (len(value) % 2)
        return struct.pack("<HHI", 0, number, len(value)) + value

    elements = b"".join(
        (
            element(0x0002, b"1.2.840.10008.5.1.4.1.1.1.1"), element(0x0100, struct.pack("<H", 1)),
            element(0x0110, struct.pack("<H", 1)), element(0x0700, struct.pack("<H", 0)),
            element(0x0800, struct.pack("<H", 0)), element(0x1000, uid),
        )
    )  # fmt: skip
    command = element(0x0000, struct.pack("<I", len(elements))) + elements
    return pdata(3, 0x03, command)


def pdata(context: int, control: int, body: bytes) -> bytes:
    value = struct.pack(">IBB", len(body) + 2, context, control) + body
    return struct.pack(">BBI", 4, 0, len(value)) + value


def talk(port: int, *pieces: bytes, seconds: float = 15) -> bytes:
    """Send pieces and return what comes until the other side closes, or nothing comes for a while."""
    heard = b""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as wire:
        try:
            for piece in pieces:
                wire.sendall(piece)
                time.sleep(0.05)
            wire.settimeout(1.5)
            while part := wire.recv(65536):
                heard += part
        except OSError:
            pass
    return heard


@pytest.mark.parametrize("uid", [b"1.2.3/../../../../tmp/evil", b"1.2\x00.3", b"1." + b"2" * 300, b"../../x", b""])
def test_a_hostile_identifier_leaves_nothing_behind(workplace: Workplace, tmp_path: Path, uid: bytes) -> None:
    let_in(workplace)
    before = {path for path in tmp_path.rglob("*") if "workstation.db" not in path.name}
    with gateway(workplace) as served:
        port = served.doors[0].port
        talk(port, associate_request(), store_request(uid), pdata(3, 0x02, b"\x08\x00\x05\x00\x00\x00\x00\x00"))
        assert not served.spool.waiting()
        assert is_up(port)
    after = {path for path in tmp_path.rglob("*") if "workstation.db" not in path.name and path.name != "spool"}
    assert after - before <= {workplace.folder / "workstation.anchor"}
    assert not instances(workplace)


def test_script_in_a_tag_is_only_text(workplace: Workplace, tmp_path: Path) -> None:
    let_in(workplace)
    path = tmp_path / "script.dcm"
    film(1, StudyDescription="<script>alert(1)</script>", PatientComments="'; DROP TABLE study; --").save_as(
        path, enforce_file_format=True
    )
    with gateway(workplace) as served:
        assert run("storescu", *CALL, served.doors[0].port, path).returncode == 0
        until(lambda: len(instances(workplace)) == 1)
    assert workplace.verify().sound


def test_a_full_disk_is_said_and_leaves_no_part(
    workplace: Workplace, boss: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_in(workplace)
    (path,) = films(tmp_path / "given", 1, size=512)
    real = SealedStreamWriter.write

    def full(self: SealedStreamWriter, piece: bytes) -> None:
        real(self, piece)
        if self._number > 3:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with gateway(workplace) as served:
        port = served.doors[0].port
        monkeypatch.setattr(SealedStreamWriter, "write", full)
        said = run("storescu", "-v", *CALL, port, path)
        assert "Refused: OutOfResources" in said.stdout + said.stderr, said
        assert not list(served.spool.folder.iterdir())
        monkeypatch.undo()
        assert run("storescu", *CALL, port, path).returncode == 0
        until(lambda: len(instances(workplace)) == 1)
        until(lambda: any(note.event is GatewayEvent.DISK_FULL for note in workplace.runner.ask(boss, gateway_notes)))


def test_a_sender_that_goes_away_in_the_middle_leaves_nothing(workplace: Workplace) -> None:
    let_in(workplace)
    with gateway(workplace) as served:
        port = served.doors[0].port
        with socket.create_connection(("127.0.0.1", port)) as wire:
            wire.sendall(associate_request())
            assert wire.recv(1 << 16)[0] == 2
            wire.sendall(store_request(b"1.2.3.4") + pdata(3, 0x00, b"\0" * 100_000))
            until(lambda: len(served.spool.waiting()) == 1)
        until(lambda: not served.spool.waiting())
        assert run("storescu", "--abort", *CALL, port, os.devnull).returncode != 0
        assert is_up(port)


def test_noise_is_answered_by_an_abort_or_the_end_and_the_door_stays_open(workplace: Workplace) -> None:
    let_in(workplace)
    chance = random.Random(8)
    request = associate_request()
    with gateway(workplace) as served:
        port = served.doors[0].port
        noises = [
            b"\x01\x00\xff\xff\xff\xff" + b"x" * 100,
            b"GET / HTTP/1.1\r\n\r\n",
            request + pdata(3, 0x03, b"\xff" * 64),
            request + pdata(9, 0x03, b"\0" * 4),
            request + struct.pack(">BBI", 4, 0, 1 << 31),
            request + request,
            b"".join(bytes([chance.randrange(256)]) for _ in range(500)),
        ]
        for _ in range(20):
            mutant = bytearray(request + store_request(b"1.2.3.4"))
            for _ in range(chance.randrange(1, 6)):
                mutant[chance.randrange(len(mutant))] = chance.randrange(256)
            noises.append(bytes(mutant))
        for noise in noises:
            talk(port, noise, seconds=5)
        assert is_up(port)
        until(lambda: not served.spool.waiting())
    assert not instances(workplace)


def test_a_crawling_caller_is_given_up(workplace: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    from sync.dicom import wire as wires

    monkeypatch.setattr(wires.Wire, "patience", 0.5)
    monkeypatch.setattr(wires, "SLOWEST_BYTES", 1 << 20)
    let_in(workplace)
    with gateway(workplace) as served:
        port = served.doors[0].port
        with socket.create_connection(("127.0.0.1", port)) as crawling:
            crawling.sendall(b"\x01\x00\x00\x00\x01\x00")
            assert is_up(port)
            for _ in range(20):
                try:
                    crawling.sendall(b"x")
                except OSError:
                    break
                time.sleep(0.1)
            crawling.settimeout(10)
            try:
                heard = crawling.recv(100)
            except ConnectionError:
                heard = b""
            assert heard == b"" or heard[0] in {3, 7}


def test_many_senders_beside_a_slow_one(workplace: Workplace, tmp_path: Path) -> None:
    let_in(workplace)
    sent = films(tmp_path / "given", 20)
    with gateway(workplace) as served:
        port = served.doors[0].port
        with socket.create_connection(("127.0.0.1", port)) as slow:
            slow.sendall(associate_request())
            assert slow.recv(1 << 16)[0] == 2
            slow.sendall(store_request(b"1.2.3.4") + pdata(3, 0x00, b"\0" * 1000))
            senders = [start("storescu", *CALL, port, path) for path in sent]
            for sender in senders:
                said, _none = sender.communicate(timeout=120)
                assert sender.returncode == 0, said
        until(lambda: len(instances(workplace)) == 20)


def acknowledged(said: str) -> set[str]:
    """The files that storescu -v says were answered with success."""
    found, current = set(), ""
    for line in said.splitlines():
        if match := re.search(r"Sending file: (.+)$", line):
            current = match[1].strip()
        if "Received Store Response (Success)" in line:
            found.add(current)
    return found


def send_through_kills(folder: Path, sent: list[Path], kills: int, chance: random.Random) -> set[str]:
    """Send files, killing the gateway at random and starting it again; what was acknowledged by its end."""
    served, left, done = Served(folder), [str(path) for path in sent], set()
    port = served.port
    try:
        while left:
            sender = start("storescu", "-v", "-R", *CALL, port, *left)
            if kills:
                kills -= 1
                time.sleep(chance.uniform(0.05, 0.6))
                served.kill()
            said, _none = sender.communicate(timeout=300)
            done |= acknowledged(said)
            left = [path for path in left if path not in done]
            if served.process.poll() is not None:
                served = Served(folder, port)
    finally:
        served.stop()
    return done


def check_everything_came(folder: Path, sent: list[Path], done: set[str]) -> None:
    assert done == {str(path) for path in sent}
    with open_workplace(folder) as opened:
        with gateway(opened) as served:
            until(lambda: not served.spool.waiting(), 200)
        wanted = {str(pydicom.dcmread(path).SOPInstanceUID): path for path in sent}
        assert instances(opened) == set(wanted)
        check_bytes(opened, wanted)


def check_bytes(opened: Workplace, wanted: dict[str, Path]) -> None:
    from app.imaging.originals import open_image
    from app.journal.queries import SYSTEM

    with opened.runner.read(SYSTEM) as read:
        rows = read.sql("SELECT id, sop_instance_uid FROM instance")
    for instance_id, uid in rows:
        kept = opened.folder.parent / "kept.dcm"
        kept.write_bytes(open_image(opened.runner, SYSTEM, instance_id).dicom)
        assert data_of(kept) == data_of(wanted[uid])


def test_what_was_acknowledged_outlives_a_kill(folder: Path, tmp_path: Path) -> None:
    with open_workplace(folder) as opened:
        let_in(opened)
    sent = films(tmp_path / "given", 40, size=256)
    done = send_through_kills(folder, sent, 2, random.Random(4))
    check_everything_came(folder, sent, done)


@pytest.mark.soak
def test_two_hundred_files_through_many_kills(folder: Path, tmp_path: Path) -> None:
    with open_workplace(folder) as opened:
        let_in(opened)
    sent = films(tmp_path / "given", 200, size=500)
    done = send_through_kills(folder, sent, 12, random.Random(time.time_ns()))
    check_everything_came(folder, sent, done)


@pytest.mark.soak
def test_a_small_disk_fills_and_empties(empty_folder: Path, tmp_path: Path) -> None:
    """100 MB of tmpfs, as root: 0xA700, nothing outside, no part; memory stays below 300 MB."""
    small = tmp_path / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=100m", "tmpfs", small], check=True)
    try:
        subprocess.run(["cp", "-r", empty_folder, small / "data"], check=True)
        with open_workplace(small / "data") as opened:
            let_in(opened)
        served = Served(small / "data")
        sent = films(tmp_path / "given", 30, size=2300)
        said = run("storescu", "-v", "-R", *CALL, served.port, *sent, timeout=600)
        assert "Refused: OutOfResources" in said.stdout + said.stderr
        assert is_up(served.port)
        assert served.memory_mb() < 300
        served.stop()
    finally:
        subprocess.run(["umount", "-l", small], check=True)


def test_the_gateway_of_a_folder_is_made_only_over_free_ports(workplace: Workplace) -> None:
    from app.core.errors import RuleViolation
    from sync.dicom.process import Chosen

    with gateway(workplace) as served, pytest.raises(RuleViolation):
        Gateway(workplace, Chosen("127.0.0.1", served.doors[0].port, None))

"""The practice that the measurements of the synchronisation stand on: a founder, a server process, its devices."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.access.authority import StaffAuthority
from app.access.commands import create_first_administrator
from app.access.credentials import prepared
from app.core.ids import PatientId, new_id
from app.core.secret import Secret
from app.journal.changes import ChangeSet
from app.journal.operations import set_state
from app.journal.queries import NOBODY, Actor
from app.journal.runner import Bulk, Step
from app.journal.workplace import Workplace, open_workplace
from app.patients.commands import create_patient
from sync.client.connection import Connection, device_key, store_device_key, write_connection
from sync.client.once import synchronise
from sync.protocol.signing import Signer, public_text
from sync.server.founding import found_server
from sync.server.practices import PracticeStores
from tests.benchmarks._fleet import Headless

ROOT: Final = Path(__file__).resolve().parents[2]
LISTENING_SECONDS: Final = 30.0
PASSWORD: Final = "a window opens on the river"


@dataclass(slots=True)
class Practice:
    """Its folders, closed; `connection` is the founder's."""

    folder: Path
    connection: Connection
    boss: str
    patients: list[PatientId]
    devices: list[tuple[str, Ed25519PrivateKey]]

    def headless(self, place: int) -> Headless:
        """The workstation of this place, new; a device begins its chain once only."""
        device, key = self.devices[place]
        return Headless(self.connection, Signer(device, key), self.boss)

    def station(self, name: str) -> Workplace:
        """A real folder."""
        return open_workplace(self.folder / name, authority=StaffAuthority())


def build(folder: Path, port: int, patients: int, devices: int) -> Practice:
    """Make a practice with patients, its server, two empty real folders (B, C) and devices without folders."""
    with open_workplace(folder / "A", create=True, kind="test", authority=StaffAuthority()) as first:
        first.runner.run(NOBODY, create_first_administrator, "boss", "Boss", prepared(Secret(PASSWORD)))
        boss = first.runner.actor("boss")
        made = first.runner.bulk(boss, "patients", lambda bulk: _patients(bulk, patients)).result
        founded = found_server(first, "A", folder / "server", port)
        connection = Connection(f"https://127.0.0.1:{port}", founded.practice, first.device, founded.authority)
    keys: list[tuple[str, Ed25519PrivateKey]] = []
    with PracticeStores(folder / "server") as practices:
        practice = practices.get(founded.practice)
        for name in "BC":
            _join(folder / name, practice, connection)
        for place in range(devices):
            keys.append((new_id(), Ed25519PrivateKey.generate()))
            practice.enrol(keys[-1][0], f"H{place}", public_text(keys[-1][1]))
    return Practice(folder, connection, boss.id, made, keys)


def _patients(bulk: Bulk, count: int) -> list[PatientId]:
    return [bulk.run(create_patient, f"Famille {number}", "Prénom") for number in range(count)]


def _join(folder: Path, practice: Any, connection: Connection) -> None:
    key = Ed25519PrivateKey.generate()
    with open_workplace(folder, create=True, kind="test") as place:
        place.runner.transact(lambda step: _of_practice(step, connection.practice))
        store_device_key(folder, key)
        practice.enrol(place.device, folder.name, public_text(key))
        write_connection(folder, Connection(connection.url, connection.practice, place.device, connection.authority))


def _of_practice(step: Step, practice: str) -> ChangeSet:
    set_state(step.raw, "practice", practice)
    step.wrote = True
    return ChangeSet()


def level(practice: Practice, name: str, seconds: float = 120) -> float:
    """Bring a real folder in step; how long that took, in seconds."""
    with practice.station(name) as place:
        connection = Connection(
            practice.connection.url, practice.connection.practice, place.device, practice.connection.authority
        )
        began = time.perf_counter()
        outcome = synchronise(place.runner, connection, device_key(place.folder), seconds)
        took = time.perf_counter() - began
    if not outcome.done:
        raise RuntimeError(f"{name} does not come in step: {outcome}")
    return took


class ServerProcess:
    """The real server, as `main.py server`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.start()

    def start(self) -> None:
        """Start it and wait until it listens."""
        self.process = subprocess.Popen(
            [sys.executable, "main.py", "--data", str(self.folder), "--json", "server", "--quiet", "--no-announcement",
             "--host", "127.0.0.1"],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        port = json.loads(self.process.stdout.readline() or "{}").get("port")
        if port is None:
            raise RuntimeError("the server did not start")
        self._wait_for(port)

    def _wait_for(self, port: int) -> None:
        """It says its port before it listens."""
        end = time.perf_counter() + LISTENING_SECONDS
        while time.perf_counter() < end:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return
            time.sleep(0.01)
        raise RuntimeError("the server does not listen")

    def stop(self) -> None:
        """Stop it as the system would."""
        self.process.terminate()
        self.process.wait(30)

    def megabytes(self) -> float:
        """What it holds in memory (resident), where the system tells."""
        status = Path(f"/proc/{self.process.pid}/status")
        if not status.exists():
            return 0.0
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        return int(lines["VmRSS"].split()[0]) / 1024

    def seconds(self) -> float:
        """Processor time so far, where the system tells."""
        stat = Path(f"/proc/{self.process.pid}/stat")
        if not stat.exists():
            return 0.0
        fields = stat.read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / 100


def free_port() -> int:
    """A port of this computer that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        return int(held.getsockname()[1])


@contextlib.contextmanager
def running(folder: Path) -> Iterator[ServerProcess]:
    """The server while the context lasts."""
    process = ServerProcess(folder)
    try:
        yield process
    finally:
        process.stop()


def actor_of(place: Workplace) -> Actor:
    """Who works at a real folder."""
    return place.runner.actor("boss")

"""Real processes that are killed while they work: what was acknowledged is everywhere, and nothing twice."""

from __future__ import annotations

import contextlib
import json
import random
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.access.authority import StaffAuthority
from app.journal.digest import digest
from app.journal.workplace import open_workplace
from app.patients.commands import create_patient
from sync.client.connection import Connection, device_key
from sync.client.once import Outcome, synchronise
from sync.server.certificates import ensure_certificates
from tests.sync.proxy import Fault, Proxy
from tests.sync.served import founded
from tests.text_checks import ROOT

pytestmark = pytest.mark.timeout(600)  # a guard: a dozen programs start one after the other, on a busy computer too
WORKSTATION = """
import sys
from pathlib import Path
from app.access.authority import StaffAuthority
from app.journal.digest import digest
from app.journal.workplace import open_workplace
from app.patients.commands import create_patient

with open_workplace(Path(sys.argv[1]), authority=StaffAuthority()) as place:
    boss = place.runner.actor("boss")
    for number in range(10_000):
        print(place.runner.run(boss, create_patient, sys.argv[2], f"Patient {number}"), flush=True)
"""


class Machines:
    """The folders of A and B, and the server as a process that can be killed at any moment."""

    def __init__(self, folder: Path) -> None:
        shutil.copytree(founded("AB"), folder, dirs_exist_ok=True)
        self.folder = folder
        self.authority = ensure_certificates(folder / "server")
        self.proxy = Proxy(0)
        self.serve()

    def serve(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "main.py", "--data", str(self.folder / "server"), "--json", "server", "--quiet",
             "--no-announcement", "--host", "127.0.0.1", "--port", "0"],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        self.proxy.target = json.loads(self.process.stdout.readline())["port"]

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def sync(self, name: str, seconds: float) -> Outcome:
        with open_workplace(self.folder / name, authority=StaffAuthority()) as place:
            (practice,) = (self.folder / "server" / "practices").iterdir()
            url = f"https://127.0.0.1:{self.proxy.port}"
            connection = Connection(url, practice.name, place.device, self.authority)
            return synchronise(place.runner, connection, device_key(place.folder), seconds)

    def state(self, name: str) -> tuple[list[str], str, bool]:
        """The charts, the digest, and whether everything is as it was written."""
        folder = self.folder / name if name != "server" else next((self.folder / "server" / "practices").iterdir())
        with (
            open_workplace(folder, repair=False) as place,
            contextlib.closing(place.database.raw(read_only=True)) as run,
        ):
            found = [row[0] for row in run.execute("SELECT id FROM patient")]
            return found, digest(run), place.verify().sound

    def close(self) -> None:
        self.kill()
        self.proxy.close()


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    made = Machines(tmp_path)
    yield made
    made.close()


def write(machines: Machines, name: str, family: str, seconds: float) -> set[str]:
    """Somebody enters charts at a workstation whose process is then killed; the ids that it was told of."""
    process = subprocess.Popen(
        [sys.executable, "-c", WORKSTATION, str(machines.folder / name), family],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    told = {process.stdout.readline().strip()}
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    told |= {line.strip() for line in process.stdout if line.endswith("\n")}
    process.wait(30)
    return told - {""}


def hammer(machines: Machines, kills: int, chance: random.Random) -> set[str]:
    """Charts are entered at A and B, replies are lost, and the server is killed again and again."""
    told: set[str] = set()
    for round_ in range(kills):
        told |= write(machines, "AB"[round_ % 2], f"Tour {round_}", 0.2)
        machines.proxy.fault = chance.choice((Fault.NONE, Fault.REPLIES_LOST))
        timer = threading.Timer(chance.uniform(0.05, 0.6), machines.kill)
        timer.start()
        machines.sync("AB"[round_ % 2], 1.0)
        timer.join()
        machines.proxy.fault = Fault.NONE
        machines.serve()
    return told


def converge(machines: Machines) -> None:
    for name in "ABAB":
        assert machines.sync(name, 60).done


def check(machines: Machines, told: set[str]) -> None:
    assert told
    machines.kill()
    states = [machines.state(name) for name in ("A", "B", "server")]
    for ids, _hash, sound in states:
        assert told <= set(ids), "a chart that somebody was told of is lost"
        assert len(ids) == len(set(ids))
        assert sound
    assert len({(frozenset(ids), found) for ids, found, _sound in states}) == 1


def test_killed_processes_lose_and_double_nothing(machines: Machines) -> None:
    told = hammer(machines, 2, random.Random(7))
    converge(machines)
    check(machines, told)


@pytest.mark.soak
@pytest.mark.timeout(7_200)
def test_a_hundred_kills_lose_and_double_nothing(machines: Machines) -> None:
    told = hammer(machines, 100, random.Random(1))
    converge(machines)
    check(machines, told)


def test_a_server_that_is_told_to_stop_ends_in_order(machines: Machines) -> None:
    with open_workplace(machines.folder / "A", authority=StaffAuthority()) as place:
        place.runner.run(place.runner.actor("boss"), create_patient, "Lavoie", "Olivia")
    assert machines.sync("A", 30).done
    machines.process.send_signal(signal.SIGTERM)
    assert machines.process.wait(30) == 0
    machines.serve()
    converge(machines)  # the server that came back has run its jobs: what they wrote has to reach both
    assert machines.state("B") == machines.state("A")

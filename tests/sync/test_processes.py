"""The same with programs only: workstations and a server that know nothing of each other but the line between them."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.access.authority import StaffAuthority
from app.core.ids import StaffId
from app.journal.workplace import open_workplace
from app.patients.commands import create_patient
from app.practice.commands import add_clinic, add_operatory, add_provider, repeat_shift
from app.practice.vocabulary import ProviderKind, Weekday
from app.scheduling.commands import seed_appointment_types
from sync.client.connection import Connection, write_connection
from tests.app.clinic_world import local
from tests.sync.proxy import Fault
from tests.sync.test_kill import Machines
from tests.text_checks import ROOT

pytestmark = pytest.mark.timeout(600)  # a guard: a dozen programs start one after the other, on a busy computer too
SLICES = {**os.environ, "ARCHWIRE_SLICES": "tests.sample,tests.cashbook"}
SERVER = """
import sys
from app.cli.entry import main
from sync.server import authorisation

known = authorisation.footprints() | {
    "take_cash": {"cash_entry": {"ins": ["amount", "id", "received_by"]}}
}
authorisation.footprints = lambda: known
sys.exit(main(sys.argv[1:], ("sync.verbs",), default="server"))
"""
TILL = """
import sys
from pathlib import Path
from app.access.authority import StaffAuthority
from app.journal.workplace import open_workplace
from tests.cashbook.commands import take_cash

with open_workplace(Path(sys.argv[1]), authority=StaffAuthority()) as place:
    boss = place.runner.actor("boss")
    for number in range(int(sys.argv[2]), 10_000):
        print(place.runner.run(boss, take_cash, number), number, flush=True)
"""


class Programs(Machines):
    """Every step is a program of its own, as somebody at a terminal would run it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        (practice,) = (folder / "server" / "practices").iterdir()
        self.practice = practice.name
        for name in "AB":
            with open_workplace(folder / name) as place:
                url = f"https://127.0.0.1:{self.proxy.port}"
                write_connection(place.folder, Connection(url, self.practice, place.device, self.authority))

    def serve(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVER, "--data", str(self.folder / "server"), "--json", "server", "--quiet",
             "--no-announcement", "--host", "127.0.0.1", "--port", "0"],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=SLICES,
        )  # fmt: skip
        assert self.process.stdout is not None
        self.proxy.target = json.loads(self.process.stdout.readline())["port"]

    def data(self, name: str) -> Path:
        return self.folder / name if name != "S" else self.folder / "server" / "practices" / self.practice

    def start(self, name: str, *verb: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "main.py", "--data", str(self.data(name)), "--json", "--lang", "en", *map(str, verb)],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=SLICES,
        )  # fmt: skip

    def say(self, name: str, *verb: object) -> Any:
        """Run a verb to its end; what it answers."""
        process = self.start(name, *verb)
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        return json.loads(out)

    def rows(self, name: str, query: str) -> list[Any]:
        """Read a folder that nobody writes now."""
        with (
            open_workplace(self.data(name), repair=False) as place,
            contextlib.closing(place.database.raw(read_only=True)) as run,
        ):
            return [tuple(row) for row in run.execute(query)]


@pytest.fixture
def programs(tmp_path: Path) -> Iterator[Programs]:
    made = Programs(tmp_path)
    yield made
    made.close()


def test_one_chair_booked_on_two_workstations_without_a_server(programs: Programs) -> None:
    """Check 1 of the issue: one conflict that names both visits and both machines; one digest on all three."""
    with open_workplace(programs.data("A"), authority=StaffAuthority()) as place:
        boss, run = place.runner.actor("boss"), place.runner.run
        home = run(boss, add_clinic, "Clinique Test")
        chair = run(boss, add_operatory, home, "Fauteuil 1")
        doctor = run(boss, add_provider, StaffId(boss.id), "Dre Gagnon", ProviderKind.DOCTOR)
        day = place.clock.today()
        last = day + timedelta(days=21)
        run(boss, repeat_shift, doctor, home, day, last, list(Weekday), "8:00", "17:00")
        run(boss, seed_appointment_types)
        patients = [run(boss, create_patient, "Lavoie", given) for given in ("Olivia", "Hugo")]
    for name in "AB":
        assert programs.sync(name, 60).done
    programs.kill()
    on = day + timedelta(days=7)
    at = local(on.year, on.month, on.day, 10).isoformat()
    booked = []
    for name, patient in zip("AB", patients, strict=True):
        given = (f"patient_id={patient}", "type=ADJ", f"operatory_id={chair}", f"starts_at={at}", "override=true")
        booked.append(programs.start(name, "do", "--as", "boss", "book_appointment", *given))
    said = [process.communicate(timeout=120) for process in booked]
    assert [process.returncode for process in booked] == [0, 0], said
    visits = {json.loads(out)["result"] for out, _err in said}
    for name, family in (("A", "Aubin"), ("B", "Bédard")):
        with open_workplace(programs.data(name), authority=StaffAuthority()) as place:
            place.runner.run(place.runner.actor("boss"), create_patient, family, "Autre")
    programs.serve()
    programs.say("A", "sync", "--wait", "--timeout", 60)
    for name in "BA":
        assert programs.sync(name, 60).done
    programs.process.send_signal(signal.SIGTERM)
    assert programs.process.wait(30) == 0
    states = [programs.state(name) for name in ("A", "B", "server")]
    assert states[0] == states[1] == states[2]
    assert all(sound for _ids, _digest, sound in states)
    devices = {name: programs.rows(name, "SELECT v FROM journal_state WHERE k = 'device'")[0][0] for name in "AB"}
    for name in "ABS":
        ((details,),) = programs.rows(name, "SELECT details FROM conflict WHERE kind = 'double_booking'")
        assert all(visit in details for visit in visits)
        assert all(device in details for device in devices.values())
        assert len(programs.rows(name, "SELECT id FROM patient")) == 4


def take(programs: Programs, name: str, first: int, seconds: float) -> dict[str, int]:
    """Somebody takes cash at a workstation whose program is then killed; the entries that it was told of."""
    process = subprocess.Popen(
        [sys.executable, "-c", TILL, str(programs.data(name)), str(first)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=SLICES,
    )  # fmt: skip
    assert process.stdout is not None
    told = [process.stdout.readline()]
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    told += [line for line in process.stdout if line.endswith("\n")]
    process.wait(30)
    return {line.split()[0]: int(line.split()[1]) for line in told if line.strip()}


def till(programs: Programs, kills: int, chance: random.Random) -> None:
    """Check 2 of the issue: replies are dropped and the server is killed; the sum is exact everywhere."""
    told: dict[str, int] = {}
    for round_ in range(kills):
        name = "AB"[round_ % 2]
        told |= take(programs, name, 1 + 100 * round_, 0.3)
        programs.proxy.fault = chance.choice((Fault.NONE, Fault.REPLIES_LOST))
        timer = threading.Timer(chance.uniform(1.0, 2.5), programs.kill)
        timer.start()
        programs.start(name, "sync", "--timeout", 2).communicate(timeout=60)
        timer.join()
        programs.proxy.fault = Fault.NONE
        programs.serve()
    for name in "AB" if kills == 1 else "ABAB":
        programs.say(name, "sync", "--wait", "--timeout", 60)
    programs.kill()
    assert told
    query = "SELECT id, amount FROM cash_entry"
    books = [dict(programs.rows(name, query)) for name in "ABS"]
    assert books[0] == books[1] == books[2]
    assert told.items() <= books[0].items()
    once = programs.rows("S", "SELECT count(*), count(DISTINCT pk) FROM change WHERE tbl = 'cash_entry'")
    assert once == [(len(books[0]), len(books[0]))]
    for name in "ABS" if kills > 1 else "":
        dumped = programs.start(name, "dump").communicate(timeout=60)[0]
        assert all(identity in dumped for identity in told)


def test_amounts_are_exact_through_lost_replies_and_kills(programs: Programs) -> None:
    till(programs, 1, random.Random(3))


@pytest.mark.soak
@pytest.mark.timeout(7_200)
def test_amounts_are_exact_through_fifty_kills(programs: Programs) -> None:
    till(programs, 50, random.Random(4))

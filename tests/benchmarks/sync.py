"""How fast the server and a workstation are in step: TLS, signatures, authorisation, chain, SQLCipher and FULL all on.

`python main.py bench sync [--folder FOLDER] [--seconds N] [--streams N] [--only NAME,…] [--rows N] [--peers] [--json]`.
Beside the figures by the clock on the wall stands the processor time that they took: on a busy machine that one holds.
The server is the real process; the workstation whose view is watched is a real folder with its threads; the others are
headless: they sign, chain, push, pull and listen, but keep no database (`_fleet.py`). While a view is watched they run
in a process of their own (`_others.py`): thirty computers are measured on one, and what 29 of them would do for
themselves must not be waited for by the thirtieth.
"""

from __future__ import annotations

import argparse
import contextlib
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import msgspec
from _report import Measure, load, percentile, show

from app.core.ids import PatientId
from app.journal.changes import ChangeSet
from app.patients.commands import change_patient
from sync.client.channel import Channel, ServerClock
from sync.client.connection import device_key, read_connection
from sync.client.service import SyncService
from sync.client.store import ClientStore
from sync.protocol.messages import Operation
from tests.benchmarks._fleet import Headless
from tests.benchmarks._others import Member, Task
from tests.benchmarks._pouchdb import beside
from tests.benchmarks._practice import Practice, ServerProcess, actor_of, build, free_port, level, running
from tests.benchmarks.sync_bootstrap import TARGETS, measure
from tests.sync.proxy import Proxy

STATIONS: Final = 29
WRITES: Final = 20
"""A second, of all the headless workstations together."""
PATIENTS: Final = 300
IDLE_SECONDS: Final = 30.0


class Names:
    """Corrections of family names: each headless workstation has patients of its own, and knows what stood there."""

    def __init__(self, practice: Practice, stations: list[Headless]) -> None:
        self._patients, self._stations = practice.patients, stations
        self._now = {it: f"Famille {place}" for place, it in enumerate(practice.patients)}
        self._turn: dict[int, int] = {}

    def next(self, place: int) -> Operation:
        """The next correction of the workstation at this place; the new name says when it was typed."""
        patient = self._mine(place)
        before, self._now[patient] = self._now[patient], f"{place}-{time.perf_counter_ns()}"
        return self._stations[place].renamed(patient, before, self._now[patient])

    def of(self, place: int) -> dict[str, str]:
        """The patients of the workstation at this place, and their names."""
        return {it: self._now[it] for it in self._patients[place :: len(self._stations)]}

    def _mine(self, place: int) -> PatientId:
        turn = self._turn[place] = self._turn.get(place, -1) + 1
        own = range(place, len(self._patients), len(self._stations))
        return self._patients[own[turn % len(own)]]


class Bench:
    """The measurements, one after the other, on one practice."""

    def __init__(self, practice: Practice, server: ServerProcess, wanted: argparse.Namespace) -> None:
        self.practice, self.server = practice, server
        self.seconds, self.streams = float(wanted.seconds), int(wanted.streams)
        self.rows: list[int] = wanted.rows or [100_000]
        self.stations = [practice.headless(place) for place in range(STATIONS)]
        for station in self.stations:
            station.cursor = station.greet().head
        self.names = Names(practice, self.stations)

    # -- the server alone -----------------------------------------------------------------------------------
    def single(self) -> list[Measure]:
        """One operation a request, as fast as ten workstations can; then sixty a second."""
        before = self.server.seconds()
        times = self._pushing(10, self.seconds, 0.0)
        rate, spent = len(times) / self.seconds, self.server.seconds() - before
        paced = self._pushing(10, self.seconds, 10 / 60)
        return [
            Measure("server, one operation a request", rate, "req/s", 300, at_least=True),
            Measure("  processor time of the server, a request", spent / len(times) * 1000, "ms"),
            Measure("server, 60 requests a second, p99", percentile(paced, 0.99) * 1000, "ms", 100),
        ]

    def _pushing(self, stations: int, seconds: float, pause: float) -> list[float]:
        times: list[float] = []
        end = time.perf_counter() + seconds

        def work(place: int) -> None:
            due = time.perf_counter() + pause * place / stations
            while (now := time.perf_counter()) < end:
                if pause and now < due:
                    time.sleep(min(due, end) - now)
                    continue
                due += pause
                made = self.names.next(place)
                began = time.perf_counter()
                self.stations[place].push([made])
                times.append(time.perf_counter() - began)

        _together(stations, work)
        return times

    def batched(self) -> list[Measure]:
        """Pushes of 500 operations of one change, and pages of 2,000."""
        station, batches = self.stations[0], 4
        made = [[self.names.next(0) for _it in range(500)] for _batch in range(batches)]
        began, before = time.perf_counter(), self.server.seconds()
        for operations in made:
            station.push(operations)
        pushed = 500 * batches / (time.perf_counter() - began)
        pushed_cpu = 500 * batches / (self.server.seconds() - before)
        reader = self.practice.headless(STATIONS)
        head, changes = reader.greet().head, 0
        began, before = time.perf_counter(), self.server.seconds()
        while reader.cursor < head:
            changes += sum(len(it.changes) for it in reader.pull(2_000).operations)
        pulled = changes / (time.perf_counter() - began)
        pulled_cpu = changes / (self.server.seconds() - before)
        return [
            Measure("batched push, operations of one change", pushed, "ch/s", 5_000, at_least=True),
            Measure("  by processor time of the server", pushed_cpu, "ch/s"),
            Measure("pull, pages of 2,000 operations", pulled, "ch/s", 30_000, at_least=True),
            Measure("  by processor time of the server", pulled_cpu, "ch/s"),
        ]

    def applied(self) -> list[Measure]:
        """An empty folder takes in everything, page by page."""
        with self.practice.station("C") as place:
            connection = read_connection(place.folder)
            assert connection is not None
            store, reader = ClientStore(place.runner), self.practice.headless(STATIONS)
            reply = reader.greet()
            store.join_epoch(reply)
            changes, spent, cpu = 0, 0.0, 0.0
            while reader.cursor < reply.head:
                page = reader.pull(2_000)
                began, before = time.perf_counter(), time.process_time()
                store.apply(page)
                spent, cpu = spent + time.perf_counter() - began, cpu + time.process_time() - before
                changes += sum(len(it.changes) for it in page.operations)
        return [
            Measure("a workstation applies", changes / spent, "ch/s", 8_000, at_least=True),
            Measure("  by processor time", changes / cpu, "ch/s"),
        ]

    # -- a workstation and its server ---------------------------------------------------------------------------
    def drained(self) -> list[Measure]:
        """Two thousand operations that were written without the network."""
        with self.practice.station("B") as place:
            boss = actor_of(place)
            for number in range(2_000):
                patient = self.practice.patients[number % PATIENTS]
                place.runner.run(boss, change_patient, patient, preferred_name=f"Hors ligne {number}")
        return [Measure("2,000 operations written offline drained", level(self.practice, "B"), "s", 5)]

    def joined(self) -> list[Measure]:
        """A new workstation, from the code to the open folder, of practices of their own (`sync_bootstrap.py`)."""
        measures: list[Measure] = []
        for rows in self.rows:
            with tempfile.TemporaryDirectory(prefix="archwire-bench-") as folder:
                found = measure(rows, Path(folder))
            if not found["same_digest"]:
                raise RuntimeError(f"the new workstation differs from its server: {found}")
            measures += [
                Measure(f"new workstation, {rows:,} rows", found["seconds_to_open"], "s", TARGETS.get(rows)),
                Measure("  processor time of the workstation", found["processor_seconds"], "s"),
                Measure("  processor time of the server", found["processor_seconds_of_server"], "s"),
            ]
        return measures

    def visible(self) -> list[Measure]:
        """From the key pressed at one workstation to the names that an open view of another has read again."""
        seen: list[float] = []
        with self.practice.station("B") as place, _in_step(place.folder, place.runner) as service:
            service.board.wait(lambda status: status.is_done, 60)
            came = threading.Event()
            stop = place.runner.subscribe(lambda changes: _note(changes, came))
            shown: set[str] = set()
            ending = threading.Event()

            def view() -> None:
                while not ending.is_set():
                    if not came.wait(0.5):
                        continue
                    came.clear()
                    with place.runner.read(actor_of(place)) as read:
                        names = {
                            row[0] for row in read.sql("SELECT family_name FROM patient WHERE family_name LIKE '%-%'")
                        }
                    now = time.perf_counter_ns()
                    seen.extend((now - int(name.split("-")[1])) / 1e6 for name in names - shown if _is_mark(name))
                    shown.update(names)

            viewer = threading.Thread(target=view, daemon=True)
            with place.runner.read(actor_of(place)) as read:
                shown.update(row[0] for row in read.sql("SELECT family_name FROM patient"))
            viewer.start()
            behind = self.others_write()
            ending.set()
            viewer.join(5)
            stop()
        return [
            Measure("write → read again by another’s view, p50", percentile(seen, 0.5), "ms", 80),
            Measure("write → read again by another’s view, p95", percentile(seen, 0.95), "ms", 200),
            Measure("  operations that the other 29 had not pulled then", float(behind), "", 0),
        ]

    def others_write(self) -> int:
        """The other workstations at work in their own process (`_others.py`), until they have done; how many operations
        the last of them was behind in the end: the figure counts only where all keep up.
        """
        members = [
            Member(
                it.signer.device, it.signer.key.private_bytes_raw().hex(), it.number, it.previous.hex(), it.cursor,
                self.names.of(place),
            )
            for place, it in enumerate(self.stations)
        ]  # fmt: skip
        first = self.stations[0]
        task = Task(first.connection, first.actor, first.epoch, WRITES, self.seconds * 2, members)
        done = subprocess.run(
            [sys.executable, str(Path(__file__).parent / "_others.py")],
            input=msgspec.json.encode(task).decode(), capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr[-2_000:])
        return int(msgspec.json.decode(done.stdout.splitlines()[-1])["behind"])

    def reconnected(self) -> list[Measure]:
        """Thirty workstations find a server that was restarted."""
        fleet = [self.practice.headless(place) for place in range(30)]
        for station in fleet:
            station.start()
        _until(lambda: all(it.live.is_set() for it in fleet), 60)
        self.server.stop()
        _until(lambda: not any(it.live.is_set() for it in fleet), 30)
        for station in fleet:
            station.statuses.clear()
        self.server.start()
        began = time.perf_counter()
        _until(lambda: all(it.live.is_set() for it in fleet), 60)
        took = time.perf_counter() - began
        faults = sum(status >= 500 for it in fleet for status in it.statuses)
        for station in fleet:
            station.stop()
        return [
            Measure("30 workstations live after a restart", took, "s", 10),
            Measure("faults (5xx) meanwhile", float(faults), "", 0),
        ]

    def remembered(self) -> list[Measure]:
        """What the server holds in memory with many open streams."""
        open_ = [_listening(self.stations[it % STATIONS]) for it in range(self.streams)]
        threads = [threading.Thread(target=next, args=(it, None), daemon=True) for it in open_]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        held = self.server.megabytes()
        for it in open_:
            it.close()
        return [Measure(f"server’s memory with {self.streams} streams", held, "MB", 250)]

    def idle(self) -> list[Measure]:
        """What passes between a workstation and its server while nobody does anything."""
        level(self.practice, "B")
        proxy = Proxy(int(self.practice.connection.url.rsplit(":", 1)[1]))
        try:
            with self.practice.station("B") as place, _in_step(place.folder, place.runner, proxy.port) as service:
                service.board.wait(lambda status: status.is_done, 60)
                time.sleep(3)
                before = proxy.passed
                time.sleep(IDLE_SECONDS)
                passed = (proxy.passed - before) * 60 / IDLE_SECONDS
        finally:
            proxy.close()
        return [Measure("idle traffic of a workstation", passed / 1024, "KB/min", 1)]


def _together(count: int, work: Callable[[int], None]) -> None:
    threads = [threading.Thread(target=work, args=(place,), daemon=True) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _until(done: Callable[[], bool], seconds: float) -> None:
    end = time.perf_counter() + seconds
    while not done():
        if time.perf_counter() > end:
            raise TimeoutError
        time.sleep(0.02)


def _is_mark(name: str) -> bool:
    return name.rpartition("-")[2].isdigit()


def _note(changes: ChangeSet, came: threading.Event) -> None:
    if changes.touches({"patient"}):
        came.set()


def _listening(station: Headless) -> Iterator[str]:
    channel = Channel(station.connection, station.signer, ServerClock())
    return channel.events(f"{station.base}/stream", 60.0)


@contextlib.contextmanager
def _in_step(folder: Path, runner: object, port: int = 0) -> Iterator[SyncService]:
    connection = read_connection(folder)
    assert connection is not None
    if port:
        connection = msgspec.structs.replace(connection, url=f"https://127.0.0.1:{port}")
    service = SyncService(runner, connection, device_key(folder)).start()
    try:
        yield service
    finally:
        service.stop()


NAMES: Final = ("single", "batched", "applied", "drained", "visible", "idle", "remembered", "reconnected", "joined")


def main(given: list[str]) -> int:
    """Measure, show, and answer 0."""
    parser = argparse.ArgumentParser(prog="bench sync")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--streams", type=int, default=300)
    parser.add_argument("--only", default=",".join(NAMES))
    parser.add_argument(
        "--rows", type=int, action="append", help="captured rows that a new workstation copies (100,000)"
    )
    parser.add_argument("--peers", action="store_true", help="run PouchDB on the same tape, and show it beside")
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args(given)
    before = load()
    measures: list[Measure] = []
    with contextlib.ExitStack() as stack:
        folder = wanted.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="archwire-bench-")))
        practice = build(folder, free_port(), PATIENTS, STATIONS + 1)
        server = stack.enter_context(running(folder / "server"))
        for name in "AB":
            level(practice, name)
        bench = Bench(practice, server, wanted)
        for name in NAMES:
            if name in wanted.only.split(","):
                measures += getattr(bench, name)()
    if wanted.peers:
        measures += beside(wanted.seconds)
    show(measures, before, as_json=wanted.json)
    return 0

"""A new workstation: from the code to an open folder, over TLS, from a server in a process of its own, as it would be.

The practice is made of captured rows (5 % patients, 15 % appointments, 45 % their events, 35 % domain events), with a
change row for each and an operation for every 400: the copy carries all of them. `bench sync_bootstrap --rows N`.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import sync.server.model  # noqa: F401 - registers the server's tables before a folder is made
from app.core.clock import to_millis
from app.core.ids import new_id
from app.devices.commands import invite_device
from app.journal.changes import ChangeSet
from app.journal.digest import digest
from app.journal.jobs import JOBS
from app.journal.operations import Draft, changes_of, open_operation, seal
from app.journal.queries import SYSTEM, Actor
from app.journal.runner import Step
from app.journal.workplace import Workplace, open_workplace
from app.practice.commands import add_clinic
from app.scheduling.commands import seed_appointment_types
from sync.client.joining import join_practice
from sync.protocol.packing import run_of
from sync.server.certificates import ensure_certificates, fingerprint
from sync.server.enrolment import note_whereabouts
from sync.server.practices import PracticeStores
from sync.server.settings import ServerSettings, write_settings
from tests.benchmarks._practice import free_port, running

BOSS: Final = Actor("boss", "Boss", everything=True)
AT_ONCE: Final = 400
TARGETS: Final = {100_000: 5.0, 1_000_000: 40.0}
"""Seconds from the code to the open folder, by captured rows."""


def fill(workplace: Workplace, rows: int) -> None:
    """Captured rows under sealed operations, written as fast as the mechanism goes."""
    clinic = workplace.runner.run(BOSS, add_clinic, "Clinique")
    workplace.runner.run(BOSS, seed_appointment_types)
    with workplace.runner.read(SYSTEM) as read:
        kind = read.sql("SELECT id FROM appointment_type LIMIT 1")[0][0]
    now = to_millis(workplace.runner.clock.now())
    writes = _writes(rows, clinic, kind, now)
    while part := [write for _number, write in zip(range(AT_ONCE), writes, strict=False)]:
        workplace.runner.transact(lambda step, part=part: _operation(step, part, now))
    workplace.rebuild()


def _operation(step: Step, part: list[tuple[str, tuple[Any, ...]]], now: int) -> ChangeSet:
    place = step.runner.place
    opened = open_operation(step.raw, place.device, place.schema, Draft("fill_folder", "boss"), millis=now)
    for statement, values in part:
        step.raw.execute(statement, values)
    seal(step.raw, opened, changes_of(step.raw, opened.n))
    step.wrote = True
    return ChangeSet()


def _writes(rows: int, clinic: str, kind: str, now: int) -> Any:
    patients = (
        "INSERT INTO patient(id, file_number, family_name, given_name, language, status, opened_at)"
        " VALUES(?, ?, 'Tremblay', ?, 'fr', 'active', ?)"
    )
    visits = (
        "INSERT INTO appointment(id, patient_id, type_id, clinic_id, minutes, segments, lab_state, prep_done, allowed,"
        " booked_at) VALUES(?, ?, ?, ?, 30, '[]', 'none', 0, '[]', ?)"
    )
    moves = (
        "INSERT INTO appointment_event(id, appointment_id, patient_id, kind, at, recorded_at, by, detail)"
        " VALUES(?, ?, ?, 'made', ?, ?, 'boss', '{}')"
    )
    events = (
        "INSERT INTO event(id, type, subject, at, payload) VALUES(?, 'PATIENT_CREATED', ?, ?, '{\"patient_id\":\"x\"}')"
    )
    made = 0
    while made < rows:
        patient = new_id()
        yield patients, (patient, f"{made:07}", f"Olivia {made}", now)
        for _visit in range(3):
            visit = new_id()
            yield visits, (visit, patient, kind, clinic, now)
            for step in range(3):
                yield moves, (new_id(), visit, patient, now + step, now + step)
        for _event in range(7):
            yield events, (new_id(), patient, now)
        made += 20


def prepare(rows: int, folder: Path, port: int) -> str:
    """A server's folder with a practice of so many captured rows; a code to join it."""
    place = folder / "server"
    with PracticeStores(place) as practices:
        workplace = practices.create(new_id(), "test").workplace
        runner = workplace.runner
        note_whereabouts(runner, f"127.0.0.1:{port}", fingerprint(ensure_certificates(place)))
        fill(workplace, rows)
        runner.transact(_had_its_night)
        write_settings(place, ServerSettings(host="127.0.0.1", port=port, announced=False))
        return runner.run(BOSS, invite_device, "Salle 2")


def _had_its_night(step: Step) -> ChangeSet:
    """The daily jobs have run: a server that never ran would do all of them while the copy is made."""
    now = to_millis(step.runner.clock.now())
    daily = [(item.name, now) for item in JOBS.values() if item.daily_at is not None]
    step.raw.executemany("INSERT INTO job_run(id, last_at, cursor) VALUES(?, ?, 0)", daily)
    step.wrote = True
    return ChangeSet()


def measure(rows: int, folder: Path) -> dict[str, Any]:
    """One workstation joins a practice of so many captured rows."""
    code = prepare(rows, folder, free_port())
    with running(folder / "server") as server:
        own, began, cpu = server.seconds(), time.perf_counter(), time.process_time()
        joined = join_practice(folder / "joined", code, "", lambda text, **values: None)
        ready = time.perf_counter() - began
        with open_workplace(folder / "joined"):
            opened, cpu = time.perf_counter() - began, time.process_time() - cpu
        own = server.seconds() - own
    same = is_copy(folder)
    return {
        "captured_rows": rows,
        "rows_in_copy": joined.rows,
        "seconds_to_folder": round(ready, 2),
        "seconds_to_open": round(opened, 2),
        "processor_seconds": round(cpu, 2),
        "processor_seconds_of_server": round(own, 2),
        "target": TARGETS.get(rows),
        "same_digest": same,
        "met": same and (rows not in TARGETS or opened <= TARGETS[rows]),
    }


def is_copy(folder: Path) -> bool:
    """Whether the folder that joined has everything that the server has, and as it has it."""
    with PracticeStores(folder / "server") as practices, open_workplace(folder / "joined") as here:
        (practice,) = practices
        with here.runner.read(SYSTEM) as mine, practice.workplace.runner.read(SYSTEM) as theirs:
            cursor = int(mine.sql("SELECT v FROM journal_state WHERE k = 'sync_cursor'")[0][0])
            behind = theirs.sql("SELECT count(*) FROM operation WHERE n > :it", it=cursor)[0][0]
            return behind == 0 and digest(run_of(mine)) == digest(run_of(theirs))


def main(given: list[str]) -> int:
    """Exit 0 when every target was met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, action="append")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(given)
    done = []
    for rows in asked.rows or sorted(TARGETS):
        with tempfile.TemporaryDirectory(prefix="archwire-bench-") as folder:
            done.append(measure(rows, Path(folder)))
            if not asked.json:
                print(done[-1], flush=True)
    if asked.json:
        print(json.dumps(done))
    return 0 if all(item["met"] for item in done) else 1

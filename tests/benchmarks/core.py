"""How fast the journal is: a command from click to commit, verification, opening, and search, on 100,000 charts.

`python main.py bench core [--folder FOLDER] [--patients N] [--commands N] [--operations N]
[--appointments N] [--queries FILE] [--json]`.
The folder is built on first use and used again when it is named. FILE holds one search text a line, each typed key by
key.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from _report import Measure, load, percentile, show

from app.access.commands import create_first_administrator
from app.core.clock import Clock
from app.core.database import connect
from app.core.ids import PatientId, new_id
from app.core.secret import Secret
from app.journal import operations, verify
from app.journal.operations import Draft
from app.journal.queries import NOBODY, SYSTEM
from app.journal.workplace import Workplace, open_workplace
from app.patients.commands.patients import change_patient
from app.patients.queries.finding import search_patients
from app.practice.commands import add_clinic
from app.scheduling.commands import seed_appointment_types

PEOPLE: Final = json.loads((ROOT / "resources" / "demo" / "people.json").read_text(encoding="utf-8"))
EPOCH: Final = 1_700_000_000_000
"""14 November 2023, in milliseconds."""
PATIENTS_AT_ONCE: Final = 10_000
MANAGER: Final = ("bench", "a window opens on the river")
"""Who signs in to the measured folder."""
REPEATS: Final = 5
CHAIN: Final = "chain"
"""The folder, inside the folder, whose operations are of one change each, as a day's work makes them."""
TYPED: Final = (
    "tremblay", "gagnon emma", "côté", "élodie roy", "nathan", "514 555-0123", "0142", "2014-05", "B000123",
    "bouchard-roy",
)  # fmt: skip


# -- building --------------------------------------------------------------------------------------------------------


def invented(number: int, chance: random.Random) -> tuple[Any, ...]:
    """One patient's row, in the order of `INSERT`."""
    family = chance.choice(PEOPLE["family_names"])
    if chance.random() < 0.3:
        family += "-" + chance.choice(PEOPLE["family_names"])
    born = f"{chance.randint(1960, 2019)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    given = chance.choice(PEOPLE["girls"] + PEOPLE["boys"])
    return new_id(), f"B{number:06}", family, given, born, "fr", "active", 1_700_000_000_000 + number


def build(place: Path, patients: int) -> None:
    """A folder with so many charts, written past the commands and adopted in operations of 400 changes."""
    chance = random.Random(1)
    with open_workplace(place, create=True, kind="test") as made, contextlib.closing(made.database.raw()) as raw:
        made.runner.run(NOBODY, create_first_administrator, MANAGER[0], "Claire Brunet", Secret(MANAGER[1]))
        for start in range(0, patients, PATIENTS_AT_ONCE):
            rows = [invented(number, chance) for number in range(start, min(patients, start + PATIENTS_AT_ONCE))]
            phones = [(new_id(), row[0], f"514555{chance.randint(100, 199):04}") for row in rows]
            raw.execute("BEGIN IMMEDIATE")
            raw.executemany(
                "INSERT INTO patient(id, file_number, family_name, given_name, born_on, language, status, opened_at)"
                " VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
                rows,
            )
            raw.executemany(
                "INSERT INTO contact_point(id, holder_id, kind, value, preferred, may_text)"
                " VALUES(?, ?, 'mobile', ?, 1, 0)",
                phones,
            )
            raw.execute("COMMIT")
            made.runner.adopt_raw()


def book(place: Path, count: int) -> None:
    """So many appointments over five years, written past the commands and adopted, their states computed."""
    chance = random.Random(3)
    with open_workplace(place) as made, contextlib.closing(made.database.raw()) as raw:
        clinic = made.runner.run(SYSTEM, add_clinic, "Clinique du Parc")
        made.runner.run(SYSTEM, seed_appointment_types)
        patients = [row[0] for row in raw.execute("SELECT id FROM patient ORDER BY id")]
        kinds = [row[0] for row in raw.execute("SELECT id FROM appointment_type ORDER BY id")]
        for start in range(0, count, PATIENTS_AT_ONCE):
            rows = [
                (
                    new_id(), chance.choice(patients), chance.choice(kinds), clinic,
                    EPOCH + chance.randrange(5 * 365 * 24 * 60) * 60_000, chance.choice((10, 20, 30, 60)), EPOCH,
                )
                for _number in range(start, min(count, start + PATIENTS_AT_ONCE))
            ]  # fmt: skip
            raw.execute("BEGIN IMMEDIATE")
            raw.executemany(
                "INSERT INTO appointment(id, patient_id, type_id, clinic_id, starts_at, minutes, segments, lab_state,"
                " prep_done, allowed, booked_at) VALUES(?, ?, ?, ?, ?, ?, '[]', 'none', 0, '[]', ?)",
                rows,
            )
            raw.execute("COMMIT")
            made.runner.adopt_raw()


def lengthen(place: Path, count: int) -> None:
    """Further sealed operations of one change each, written by the journal's own functions, for `verify` to read."""
    with contextlib.ExitStack() as stack:
        closed = open_workplace(place, repair=False)
        stack.callback(closed.database.close)
        raw = stack.enter_context(contextlib.closing(closed.database.raw()))
        ids = [row[0] for row in raw.execute("SELECT id FROM patient ORDER BY id LIMIT 5000")]
        schema = closed.runner.place.schema
        for start in range(0, count, 5000):
            raw.execute("BEGIN IMMEDIATE")
            for number in range(start, min(count, start + 5000)):
                draft = Draft("change_patient", "system", '{"patient_id":"…"}')
                millis = int(time.time() * 1000)
                opened = operations.open_operation(raw, closed.device, schema, draft, millis=millis)
                values = (f"{count}/{number}", ids[number % len(ids)])
                raw.execute("UPDATE patient SET pronouns = ? WHERE id = ?", values)
                operations.seal(raw, opened, operations.changes_of(raw, opened.n))
            raw.execute("COMMIT")


def prepared(place: Path, patients: int, count: int, appointments: int) -> float:
    """Build what is missing; returns the seconds that it took."""
    begun = time.perf_counter()
    if not (place / "built").exists():
        build(place, patients)
        if appointments:
            book(place, appointments)
        (place / "built").touch()
    chain = place / CHAIN
    if not (chain / "built").exists():
        build(chain, 500)
        lengthen(chain, count)
        (chain / "built").touch()
    return time.perf_counter() - begun


# -- measuring -------------------------------------------------------------------------------------------------------


def timed(work: Any) -> float:
    """Milliseconds."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def bare_update(raw: Any, ids: list[str], number: int) -> float:
    """The peer: the same update of the same table, alone, without triggers, in a transaction of its own."""

    def work() -> None:
        raw.execute("BEGIN IMMEDIATE")
        raw.execute("SELECT * FROM patient WHERE id = ?", (ids[number % len(ids)],)).fetchone()
        values = (f"name {number}", ids[number % len(ids)])
        raw.execute("UPDATE patient SET preferred_name = ? WHERE id = ?", values)
        raw.execute("COMMIT")

    return timed(work)


@contextlib.contextmanager
def peer(place: Path, workplace: Workplace) -> Iterator[Any]:
    """An encrypted copy of the patients in a database without journal, triggers and projections."""
    path = place / "peer.db"
    for left in place.glob("peer.db*"):
        left.unlink()
    with contextlib.closing(connect(path, workplace.database.key, create=True)) as raw:
        sql = "SELECT sql FROM sqlite_master WHERE name = 'patient' AND type = 'table'"
        with contextlib.closing(workplace.database.raw(read_only=True)) as source:
            raw.execute(source.execute(sql).fetchone()[0])
            rows = source.execute("SELECT * FROM patient").fetchall()
        raw.execute("BEGIN")
        raw.executemany(f"INSERT INTO patient VALUES({', '.join('?' * len(rows[0]))})", rows)
        raw.execute("COMMIT")
        yield raw
    for left in place.glob("peer.db*"):
        left.unlink()


def commands(place: Path, workplace: Workplace, count: int) -> list[Measure]:
    """Click to committed, through the queue: capture, projections, search index and chain; and the bare update."""
    runner, chance = workplace.runner, random.Random(2)
    with runner.read(SYSTEM) as read:
        ids = [row[0] for row in read.sql("SELECT id FROM patient ORDER BY id")]
    chance.shuffle(ids)
    plain: list[list[float]] = []
    searched: list[list[float]] = []
    bare: list[list[float]] = []
    numbers, part = itertools.count(), count // REPEATS
    with peer(place, workplace) as raw:
        for _repeat in range(REPEATS):
            bare.append([bare_update(raw, ids, next(numbers)) for _ in range(part)])
            plain.append([click(runner, ids[next(numbers) % len(ids)], "pronouns") for _ in range(part)])
            searched.append([click(runner, ids[next(numbers) % len(ids)], "preferred_name") for _ in range(part)])
    measures = [
        *_percentiles("command, click to committed", plain, {0.5: 2.0, 0.95: None, 0.99: 5.0}),
        *_percentiles("command that changes a searched name", searched, {0.5: None, 0.99: None}),
        *_percentiles("bare update of the same row", bare, {0.5: None, 0.99: None}),
    ]
    return [*measures, Measure("command over bare update, p50", measures[0].figure / measures[-2].figure, "times")]


def _percentiles(name: str, repeats: list[list[float]], targets: dict[float, float | None]) -> list[Measure]:
    """One measure for each share, in milliseconds, with its value in each repeat."""
    every = [value for part in repeats for value in part]
    return [
        Measure(
            f"{name}, p{int(share * 100)}", percentile(every, share), "ms", target,
            repeats=[percentile(part, share) for part in repeats],
        )
        for share, target in targets.items()
    ]  # fmt: skip


def click(runner: Any, patient_id: str, column: str) -> float:
    """One command that changes a column, through the queue."""
    given: dict[str, Any] = {column: f"name {time.perf_counter_ns() % 1_000_000}"}

    def work() -> None:
        done = runner.submit(SYSTEM, change_patient, PatientId(patient_id), **given).result()
        assert done.operation_id

    return timed(work)


def verification(place: Path, workplace: Workplace) -> list[Measure]:
    """The chain of one-change operations alone, then everything of the large folder, with no write lock held."""
    rates, report = [], verify.Report()
    chain = open_workplace(place / CHAIN, repair=False)
    for _repeat in range(REPEATS):
        report = verify.Report()
        with contextlib.closing(chain.database.raw(read_only=True)) as run:
            seconds = timed(lambda run=run, report=report: verify.verify_chain(run, report, chain.device)) / 1000
        assert report.sound
        rates.append(report.operations / seconds)
    chain.database.close()
    whole: list[verify.Report] = []
    seconds = timed(lambda: whole.append(workplace.verify())) / 1000
    return [
        Measure("verification of the chain", percentile(rates, 0.5), "op/s", 80_000, at_least=True, repeats=rates),
        Measure("operations verified", report.operations, ""),
        Measure("everything verified: chain, tables, search", seconds, "s"),
        Measure("changes verified there", whole[0].changes, ""),
    ]


def search(workplace: Workplace, texts: list[str]) -> list[Measure]:
    """Each text typed key by key, every key an answer with its rows."""
    keys = [typed[: length + 1] for typed in texts for length in range(len(typed))]
    for key in keys:
        workplace.runner.ask(SYSTEM, search_patients, key)
    repeats = [
        [timed(lambda key=key: workplace.runner.ask(SYSTEM, search_patients, key)) for key in keys]
        for _repeat in range(REPEATS)
    ]
    return _percentiles("search, each key", repeats, {0.5: None, 0.95: 5.0, 0.99: None})


def opening() -> list[Measure]:
    """Opening a database of 90 captured tables of 20 columns, its triggers compared word for word."""
    script = Path(__file__).with_name("_opening.py")
    done = subprocess.run([sys.executable, str(script), str(ROOT)], capture_output=True, text=True, check=True)
    times: list[float] = json.loads(done.stdout)
    middle = percentile(times, 0.5)
    return [Measure("opening 90 captured tables, capture checked", middle, "ms", 60.0, repeats=times)]


def window(place: Path) -> list[Measure]:
    """The window in a process of its own, several times, from the start of the process; the disk is warm by then."""
    script, told = Path(__file__).with_name("_window.py"), []
    for _repeat in range(REPEATS):
        words = [sys.executable, str(script), str(ROOT), str(place), str(time.time()), *MANAGER]
        done = subprocess.run(words, capture_output=True, text=True, check=True)
        told.append(json.loads(done.stdout))
    gate, listed, memory = ([one[name] for one in told] for name in ("gate", "patients", "memory_mb"))
    return [
        Measure("start of the process to the painted gate", percentile(gate, 0.5), "s", 1.5, repeats=gate),
        Measure("signed in to the painted list of patients", percentile(listed, 0.5), "s", repeats=listed),
        Measure("resident memory at rest, signed in", percentile(memory, 0.5), "MB", 300.0, repeats=memory),
    ]


def reopening(workplace: Workplace) -> list[Measure]:
    """A further connection on the folder as it is."""
    times = [timed(lambda: workplace.database.raw().close()) for _repeat in range(20)]
    return [Measure("a further connection, this folder", percentile(times, 0.5), "ms", repeats=times)]


def main(argv: list[str]) -> int:
    """Measure and print; 0 whatever the figures are."""
    parser = argparse.ArgumentParser(prog="bench core", description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--patients", type=int, default=100_000)
    parser.add_argument(
        "--appointments", type=int, default=0, help="1000000 for the target's clinic; takes long to build"
    )
    parser.add_argument("--commands", type=int, default=2_000)
    parser.add_argument("--operations", type=int, default=100_000)
    parser.add_argument("--queries", type=Path)
    given = parser.parse_args(argv)
    texts = given.queries.read_text(encoding="utf-8").splitlines() if given.queries else list(TYPED)
    with contextlib.ExitStack() as stack:
        place = given.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="archwire-bench-")))
        place.mkdir(parents=True, exist_ok=True)
        built = prepared(place, given.patients, given.operations, given.appointments)
        measures = [Measure("building the folder, when it was not there", built, "s")]
        before = load()
        workplace = stack.enter_context(open_workplace(place, clock=Clock()))
        measures += commands(place, workplace, given.commands)
        measures += search(workplace, [text for text in texts if text.strip()])
        measures += verification(place, workplace)
        measures += reopening(workplace)
        measures += opening()
        workplace.close()
        measures += window(place)
        show(measures, before, as_json=given.json)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

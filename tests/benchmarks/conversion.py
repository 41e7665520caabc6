"""How long an old system takes: dry run, taking in, running it again, the undo; and the memory that it needs.

`python main.py bench conversion [--patients N] [--repeats N] [--json]`. One row in a hundred is bad: a birth date, a
telephone, a NAM, a name that is missing. Each repeat begins with an empty folder.
"""

from __future__ import annotations

import argparse
import csv
import random
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from _report import Measure, load, percentile, show

from app.conversion.importing import Source, convert, undo_conversion
from app.conversion.mapping import guess_mapping
from app.journal.queries import SYSTEM
from app.journal.workplace import Workplace, open_workplace

FAMILIES: Final = ("Tremblay", "Gagnon", "Côté", "Roy", "Bouchard", "Gauthier", "Morin", "Lavoie", "Fortin", "Gagné")
GIVEN: Final = ("Emma", "Noah", "Léa", "William", "Élodie", "Nathan", "Rosalie", "Félix", "Alice", "Thomas")
HEADS: Final = (
    "No patient", "Nom", "Prénom", "Date de naissance", "Sexe", "Langue", "Cellulaire", "Courriel", "Adresse", "Ville",
    "Province", "Code postal",
)  # fmt: skip


def write_patients(path: Path, count: int, seed: int = 5) -> int:
    """An invented export with one bad row in a hundred; returns how many are bad."""
    chance, bad = random.Random(seed), 0
    with path.open("w", encoding="cp1252", newline="") as handle:
        writer = csv.writer(handle, delimiter=";")
        writer.writerow(HEADS)
        for number in range(1, count + 1):
            row: list[Any] = [
                number, f"{chance.choice(FAMILIES)}-{chance.choice(FAMILIES)}", chance.choice(GIVEN),
                f"{chance.randint(13, 28)}/{chance.randint(1, 12):02}/{chance.randint(1990, 2019)}",
                chance.choice("FM"), chance.choice(("Français", "Anglais")), f"514 555-01{chance.randrange(100):02}",
                f"p{number}@courriel.example", f"{chance.randrange(1, 2000)}, rue des Érables", "Laval", "QC",
                "H7N 1A1",
            ]  # fmt: skip
            if number % 100 == 0:
                place, value = ((3, "31/02/2012"), (6, "12"), (2, ""), (11, "99999"))[bad % 4]
                row[place] = value
                bad += 1
            writer.writerow(row)
    return bad


def resident() -> float:
    """The greatest resident memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)


def timed(work: Any) -> tuple[float, Any]:
    """Seconds, and the result."""
    begun = time.perf_counter()
    found = work()
    return time.perf_counter() - begun, found


def measured(place: Workplace, folder: Path, count: int, bad: int) -> dict[str, float]:
    """One round on an empty folder; raises when a figure is not what the file holds."""
    mapping = guess_mapping(folder, "Bench", "Bench")
    source = Source.of_folder(folder, mapping)
    times: dict[str, float] = {}
    times["dry"], dry = timed(lambda: convert(place.runner, SYSTEM, source, mapping, dry_run=True))
    times["in"], taken = timed(lambda: convert(place.runner, SYSTEM, source, mapping))
    times["again"], again = timed(lambda: convert(place.runner, SYSTEM, source, mapping))
    times["memory"] = resident()
    times["undo"], _done = timed(lambda: undo_conversion(place.runner, SYSTEM, taken.run_id))
    with place.runner.read(SYSTEM) as read:
        left = read.sql("SELECT count(*) FROM patient_search")[0][0]
    good = count - bad
    told = [(r.files[0].taken_in, r.files[0].already, r.files[0].rejected) for r in (dry, taken, again)]
    if told != [(good, 0, bad), (good, 0, bad), (0, good, bad)] or left:
        raise SystemExit(f"the figures are wrong: {told}, {left} left")
    times["verify"], report = timed(place.verify)
    if not report.sound:
        raise SystemExit("verify finds faults")
    return times


def main(argv: list[str]) -> int:
    """Measure and print; 0 whatever the times are."""
    parser = argparse.ArgumentParser(prog="bench conversion", description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--patients", type=int, default=50_000)
    parser.add_argument("--repeats", type=int, default=1)
    given = parser.parse_args(argv)
    before, rounds = load(), []
    for _repeat in range(given.repeats):
        with tempfile.TemporaryDirectory(prefix="archwire-bench-") as temporary:
            folder = Path(temporary) / "old"
            folder.mkdir()
            bad = write_patients(folder / "patients.csv", given.patients)
            with open_workplace(Path(temporary) / "data", create=True, kind="test") as place:
                rounds.append(measured(place, folder, given.patients, bad))
    words = {
        "dry": "dry run", "in": "taking in", "again": "running it again", "undo": "undo of all of it",
        "verify": "verification afterwards",
    }  # fmt: skip
    measures = [Measure("rows of patients, 1 % of them bad", given.patients, "")]
    for name, text in words.items():
        repeats = [one[name] for one in rounds]
        measures.append(Measure(text, percentile(repeats, 0.5), "s", repeats=repeats))
    measures.append(Measure("greatest resident memory while taking in", rounds[0]["memory"], "MB"))
    measures.append(Measure("the same with the undo and the verification", resident(), "MB"))
    show(measures, before, as_json=given.json)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

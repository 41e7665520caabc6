"""How fast the patient list opens, filters and scrolls: functions that a general measurement of the screens calls.

`python main.py bench ui_patients [--patients N] [--repeats N] [--json]`. The folder is a
demonstration of that size, with three years of visits, so that filters by visit and stage have work to do.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from _report import Measure, load, percentile, show

from app.cli.demo import make_demo
from app.journal.queries import SYSTEM
from app.journal.runner import Runner
from app.journal.workplace import open_workplace
from app.patients.queries import patient_list

OPEN_MS: Final = 150.0
FILTER_MS: Final = 50.0
FILTERS: Final = (
    "status=active", "language=en", "age_from=12 age_to=15", "birthday=5", "alert=any", "next_visit=none",
    "next_visit=30", "stage=treatment", "balance=owed", "status=active stage=treatment next_visit=none",
)  # fmt: skip


def list_measures(runner: Runner, repeats: int) -> list[Measure]:
    """The first page with standard columns, then with each filter; milliseconds, the 95th of a hundred."""
    found = [_measure(runner, "patient list: first page", OPEN_MS, repeats)]
    extras = ["next_visit", "stage", "doctor"]
    found.append(_measure(runner, "patient list: first page, three more columns", OPEN_MS, repeats, columns=extras))
    found += [_measure(runner, f"patient list: {text}", FILTER_MS, repeats, filters=text) for text in FILTERS]
    return [measure for both in found for measure in both]


def _measure(runner: Runner, name: str, target: float, repeats: int, **asked: Any) -> tuple[Measure, Measure]:
    """On the wall clock and on the processor, as the screen asks: the number of many is told after the page."""
    times, busy = [], []
    for _turn in range(repeats):
        begun, worked = time.perf_counter(), time.thread_time()
        runner.ask(SYSTEM, patient_list, limit=100, counted=False, **asked)
        times.append((time.perf_counter() - begun) * 1000)
        busy.append((time.thread_time() - worked) * 1000)
    wall = Measure(name, percentile(times, 0.95), "ms", target, repeats=times)
    return wall, Measure(f"{name}, processor", percentile(busy, 0.5), "ms", repeats=busy)


def main(arguments: list[str] | None = None) -> int:
    """Make the folder, measure, tell."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--patients", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    before = load()
    with tempfile.TemporaryDirectory() as place:
        folder = options.data or Path(place) / "data"
        if options.data is None:
            make_demo(folder, patients=options.patients)
        with open_workplace(folder) as workplace:
            measures = list_measures(workplace.runner, options.repeats)
    show(measures, before, as_json=options.json)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

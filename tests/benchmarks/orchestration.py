"""How fast the day is computed: 120 visits at 12 chairs, one doctor's morning behind.

`python main.py bench orchestration [--visits N] [--chairs N] [--json]`. The folder is made for the measurement: a real
practice, booked by the commands of the staff, with what has happened until 10:30. `--now` gives another moment.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from _report import Measure, load, percentile, show

from app.core.clock import Clock
from app.core.errors import RuleViolation
from app.core.ids import StaffId
from app.journal.queries import SYSTEM
from app.journal.runner import Runner
from app.journal.workplace import open_workplace
from app.orchestration.folding import snapshot
from app.orchestration.loading import load_loaded_day
from app.orchestration.projection import project_day
from app.orchestration.queries import day_snapshot
from app.orchestration.simulation import simulate
from app.orchestration.suggestions import suggest
from app.patients.commands import create_patient
from app.practice.commands import add_clinic, add_operatory, add_provider, repeat_shift
from app.practice.local_time import whole_minute
from app.practice.vocabulary import ProviderKind, Weekday
from app.scheduling import commands as do

ZONE: Final = ZoneInfo("America/Toronto")
ON: Final = date(2026, 11, 24)
EIGHT: Final = datetime(2026, 11, 24, 8, tzinfo=ZONE)
ROUNDS: Final = 40
TYPES: Final = ("ADJ", "ADJ", "ADJ", "ALN", "RPR", "ADJ", "BD1", "ADJ", "RK", "OB")
SNAPSHOT_MS: Final = 5.0
SUGGESTIONS_MS: Final = 500.0
TAP_MS: Final = 50.0
PAINT_MS: Final = 8.0


def build(runner: Runner, visits: int, chairs: int) -> Any:
    """A clinic with its day booked, two doctors, one assistant a chair."""
    clinic = runner.run(SYSTEM, add_clinic, "Clinique")
    seats = [runner.run(SYSTEM, add_operatory, clinic, f"Fauteuil {number + 1}") for number in range(chairs)]
    doctors = [runner.run(SYSTEM, add_provider, StaffId(f"d{n}"), f"Dr {n}", ProviderKind.DOCTOR) for n in range(2)]
    hands = [
        runner.run(SYSTEM, add_provider, StaffId(f"h{n}"), f"H {n}", ProviderKind.ASSISTANT) for n in range(chairs)
    ]
    for who in (*doctors, *hands):
        runner.run(SYSTEM, repeat_shift, who, clinic, ON, ON, [Weekday.TUESDAY], "8:00", "18:00")
    runner.run(SYSTEM, do.seed_appointment_types)
    free = [EIGHT] * chairs
    for number in range(visits):
        chair = number % chairs
        patient = runner.run(SYSTEM, create_patient, f"Tremblay {number}", "Léa", date(2012, 5, 17))
        booked = runner.run(
            SYSTEM, do.book_appointment, patient, TYPES[(number * 7) % len(TYPES)], seats[chair], free[chair],
            doctors[chair % 2], hands[chair], override=True,
        )  # fmt: skip
        with runner.read(SYSTEM) as read:
            end = _end_of(read, booked)
        free[chair] = end + timedelta(minutes=15 if number % 3 else 0)
    return clinic


def _end_of(read: Any, appointment_id: str) -> datetime:
    row = read.sql("SELECT ends_at FROM appointment_state WHERE id = :id", id=appointment_id)[0]
    return datetime.fromtimestamp(row[0] / 1000, ZONE)


def happen(runner: Runner, clinic: Any, now: datetime) -> None:
    """Let the morning go, a few minutes late, as far as it is possible."""
    chance = random.Random(1)
    from app.scheduling.queries import day_schedule

    moment = [now]
    runner.clock = Clock(ZONE, lambda: moment[0])
    for line in runner.ask(SYSTEM, day_schedule, clinic, ON):
        assert line.starts_at is not None
        seated = line.starts_at + timedelta(minutes=chance.randint(0, 9))
        done = seated + timedelta(minutes=line.minutes + chance.randint(-2, 8))
        steps = [
            (do.check_in_patient, line.starts_at - timedelta(minutes=chance.randint(-3, 9))), (do.seat_patient, seated),
            (do.mark_doctor_here, seated + timedelta(minutes=9)), (do.mark_doctor_left, seated + timedelta(minutes=13)),
            (do.complete_appointment, done), (do.check_out_patient, done + timedelta(minutes=3)),
        ]  # fmt: skip
        for command, at in steps:
            if at <= now:
                moment[0] = at
                try:
                    runner.run(SYSTEM, command, line.id)
                except RuleViolation:
                    break
    moment[0] = now


def milliseconds(work: Callable[[], Any], rounds: int = ROUNDS) -> list[float]:
    """The time of each round on the processor, so that what else runs on the machine does not count."""
    times = []
    for _round in range(rounds):
        begun = time.process_time()
        work()
        times.append((time.process_time() - begun) * 1000)
    return times


def measure(runner: Runner, clinic: Any, now: datetime, name: str) -> list[Measure]:
    """The snapshot, the query, the simulation and the suggestions at one moment."""
    minute = whole_minute(now)
    runner.clock = Clock(ZONE, lambda: now)
    with runner.read(SYSTEM) as read:
        loaded = load_loaded_day(read, clinic, ON)
    count = len(loaded.lines)
    pure = milliseconds(lambda: snapshot(loaded, minute))
    kernel = milliseconds(lambda: project_day(loaded.day, minute))
    minutes = iter(range(10_000))  # each round another minute: what was made for the same one is kept
    asked = milliseconds(
        lambda: runner.ask(SYSTEM, day_snapshot, clinic, ON, now + timedelta(minutes=next(minutes) % 30))
    )
    both = milliseconds(lambda: (simulate(loaded.day, minute), suggest(loaded.day, minute)), 7)
    found = suggest(loaded.day, minute)
    middle = statistics.median
    return [
        Measure(f"{name}: snapshot of {count} visits, median", middle(pure), "ms", SNAPSHOT_MS, repeats=pure),
        Measure(f"{name}: snapshot, p95", percentile(pure, 0.95), "ms", SNAPSHOT_MS),
        Measure(f"{name}: of it, the projection", middle(kernel), "ms", repeats=kernel),
        Measure(f"{name}: ask day_snapshot, only the clock moved", middle(asked), "ms", SNAPSHOT_MS, repeats=asked),
        Measure(f"{name}: 200 runs and suggestions", middle(both), "ms", SUGGESTIONS_MS, repeats=both),
        Measure(f"{name}: suggestions found", float(len(found)), ""),
        Measure(f"{name}: minutes of waiting that the best saves", float(found[0].saved if found else 0), "min"),
    ]


def reloading(runner: Runner, clinic: Any, now: datetime) -> list[Measure]:
    """The first answer after something changed."""
    from app.scheduling.queries import day_schedule

    line = runner.ask(SYSTEM, day_schedule, clinic, ON)[-1]
    times = []
    for number in range(10):
        runner.run(SYSTEM, do.change_appointment, line.id, f"note {number}")
        times += milliseconds(lambda: runner.ask(SYSTEM, day_snapshot, clinic, ON, now), 1)
    return [Measure("ask day_snapshot after a change", statistics.median(times), "ms", repeats=times)]


def views(runner: Runner, now: datetime) -> list[Measure]:
    """From a tap until all open views are painted, and painting the timeline of a large day."""
    from orchestration_views import figures

    found = figures(runner, now)
    taps, paints = found["tap"], found["paint_300"]
    return [
        Measure("tap until five open views are painted, median", statistics.median(taps), "ms", repeats=taps),
        Measure("tap until five open views are painted, p95", percentile(taps, 0.95), "ms", TAP_MS),
        Measure("timeline of 300 visits: paint, median", statistics.median(paints), "ms", PAINT_MS, repeats=paints),
    ]


def main(argv: list[str]) -> int:
    """Measure and print; 0 whatever the figures are."""
    parser = argparse.ArgumentParser(prog="bench orchestration", description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--visits", type=int, default=120)
    parser.add_argument("--chairs", type=int, default=12)
    parser.add_argument("--now", default="10:30")
    parser.add_argument("--no-views", action="store_true", help="without the windows")
    given = parser.parse_args(argv)
    hour, minute = (int(part) for part in given.now.split(":"))
    now = datetime(ON.year, ON.month, ON.day, hour, minute, tzinfo=ZONE)
    before = load()
    with tempfile.TemporaryDirectory(prefix="archwire-bench-") as place:
        clock = Clock.fixed(EIGHT - timedelta(days=1))
        with open_workplace(Path(place) / "data", create=True, kind="test", clock=clock) as workplace:
            runner = workplace.runner
            clinic = build(runner, given.visits, given.chairs)
            measures = measure(runner, clinic, EIGHT, "before opening")
            happen(runner, clinic, now)
            measures += measure(runner, clinic, now, given.now)
            measures += reloading(runner, clinic, now)
            if not given.no_views:
                measures += views(runner, now)
    show(measures, before, as_json=given.json)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

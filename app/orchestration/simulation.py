"""The rest of the day many times over, with lengths and arrivals as they vary: ranges instead of one number.

The draws are whole numbers from a seeded source and two tables of per mille and minutes, so that every workstation
draws the same day.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from app.orchestration.answers import Outlook
from app.orchestration.day import Day
from app.orchestration.projection import Laid, lay
from app.orchestration.runs import Changes, Ints, Runs, planned_minutes, project_runs, unchanged
from app.scheduling.vocabulary import SegmentKind

RUNS: Final = 200
HANDS_PER_MILLE: Final = (700, 780, 830, 870, 900, 920, 940, 960, 980, 1000, 1000, 1020, 1040, 1070, 1100, 1140, 1190,
                          1260, 1370, 1600)  # fmt: skip
"""How long what hands do takes against its median, in twenty equal parts: skewed to the long side."""
DOCTOR_PER_MILLE: Final = (550, 650, 730, 790, 840, 880, 920, 950, 980, 1000, 1000, 1030, 1070, 1120, 1180, 1250, 1350,
                           1500, 1750, 2300)  # fmt: skip
"""The same of the doctor's minutes, which vary more."""
LATE_MINUTES: Final = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 4, 6, 9, 13, 20)
"""By how much patients who are not here yet arrive after their time, in twenty equal parts."""


def simulate(day: Day, now: int, runs: int = RUNS, seed: int = 0) -> tuple[Outlook, ...]:
    """The outlook of every visit that has not begun, in the order of the kernel's tasks."""
    laid = lay(day, now)
    if not laid.plan.tasks:
        return ()
    minutes, changes = draw(laid, runs, seed)
    done = project_runs(laid.plan, minutes, changes)
    return tuple(
        _outlook(visit.id, done, number)
        for number, visit in enumerate(laid.visits)
        if visit.to_come and laid.plan.tasks[number].steps
    )


def _outlook(visit_id: str, done: Runs, number: int) -> Outlook:
    begins = np.sort(done.begins(number))
    last = len(begins) - 1
    return Outlook(visit_id, int(begins[last // 10]), int(begins[last // 2]), int(begins[last - last // 10]))


def draw(laid: Laid, runs: int, seed: int) -> tuple[Ints, Changes]:
    """Lengths and releases of so many runs; the same for the same seed."""
    source = np.random.Generator(np.random.PCG64(seed))
    planned = planned_minutes(laid.plan, runs)
    tables = np.array([HANDS_PER_MILLE, DOCTOR_PER_MILLE], dtype=np.int64)
    kind = np.array([item is SegmentKind.DOCTOR for kinds in laid.kinds for item in kinds], dtype=np.int64)
    factor = tables[kind[None, :], source.integers(0, tables.shape[1], planned.shape)]
    minutes = np.maximum(1, (planned * factor + 500) // 1000)
    absent = np.array([visit.to_come and visit.arrived is None for visit in laid.visits])
    changes = unchanged(laid.plan, runs)
    late = np.array(LATE_MINUTES, dtype=np.int64)[source.integers(0, len(LATE_MINUTES), changes.releases.shape)]
    changes.releases[:] += np.where(absent[None, :], late, 0)
    return minutes, changes

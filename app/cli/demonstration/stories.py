"""The course of each invented patient: exam, records, plan, start, adjustments, debond, retention, or none of it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Final

DAYS_OF_HISTORY: Final = 3 * 365
ENTRY_DAYS: Final = round(3.9 * 365)
"""Patients came first on a day of this time: some began before the history that is kept."""
TREATED: Final = frozenset({"BD1", "BD2", "ALA", "EXP"})
Step = tuple[str, int]
"""The code of a visit, and days after the one before."""


@dataclass(slots=True)
class Life:
    """One patient’s course. `steps` are the visits still to come, the next one last."""

    patient_id: str
    adult: bool
    steps: list[Step]
    due: int
    """Day (ordinal) from which the next visit is due."""
    last: int = 0
    """Day of the last visit that was kept."""
    fate: str = "treated"
    treated: bool = False
    seen: list[str] = field(default_factory=list)
    booked: int = 0
    """When the next visit was booked, in milliseconds; 0 when the family called."""

    @property
    def next(self) -> Step | None:
        """The next visit."""
        return self.steps[-1] if self.steps else None


def new_life(patient_id: str, adult: bool, today: int, chance: random.Random) -> Life:
    """A course that began at some day of the last years; `today` as an ordinal day."""
    fate = chance.choices(("declined", "pending", "observed", "treated"), (0.08, 0.07, 0.2, 0.65))[0]
    if adult and fate == "observed":
        fate = "treated"
    steps: list[Step] = [("EX", 0)]
    if fate == "observed":
        steps += [("OB", chance.randrange(160, 220)) for _visit in range(chance.randrange(1, 5))]
        if chance.random() < 0.6:
            steps += _treatment(adult, chance)
    elif fate == "treated":
        steps += _treatment(adult, chance)
    return Life(patient_id, adult, steps[::-1], today - chance.randrange(0, ENTRY_DAYS), fate=fate)


def _treatment(adult: bool, chance: random.Random) -> list[Step]:
    shares = {"BD2": 40, "BD1": 10, "ALA": 50} if adult else {"BD2": 50, "BD1": 14, "ALA": 18, "EXP": 18}
    start = chance.choices(list(shares), list(shares.values()))[0]
    steps: list[Step] = [("RC", chance.randrange(5, 16)), ("CO", chance.randrange(5, 13))]
    if start in {"BD1", "BD2"} and chance.random() < 0.25:
        steps += [("SEP", chance.randrange(6, 12)), (start, 7)]
    else:
        steps.append((start, chance.randrange(7, 24)))
    steps += {"ALA": _aligners, "EXP": _expansion}.get(start, _braces)(chance)
    return steps


def _braces(chance: random.Random) -> list[Step]:
    count = max(9, round(chance.gauss(17, 3)))
    steps: list[Step] = [("ADJ", chance.randrange(35, 50)) for _visit in range(count)]
    steps.insert(count // 2, ("PRG", chance.randrange(14, 28)))
    return [*_with_repairs(steps, chance), *_retention(chance)]


def _aligners(chance: random.Random) -> list[Step]:
    count = max(5, round(chance.gauss(9, 2)))
    steps: list[Step] = [("ALN", chance.randrange(49, 71)) for _visit in range(count)]
    return [*_with_repairs(steps, chance), *_retention(chance)]


def _expansion(chance: random.Random) -> list[Step]:
    steps: list[Step] = [("ADJ", 21)] * 3 + [("ADJ", chance.randrange(49, 64))] * 3
    steps = [*_with_repairs(steps, chance), ("DB", 42)]
    steps += [("OB", chance.randrange(170, 200)) for _visit in range(2)]
    if chance.random() < 0.5:
        steps += [("RC", 30), ("CO", 12), ("BD2", 20), *_braces(chance)]
    return steps


def _with_repairs(steps: list[Step], chance: random.Random) -> list[Step]:
    found: list[Step] = []
    for step in steps:
        found.append(step)
        draw = chance.random()
        if draw < 0.075:
            found.append(("RPR", chance.randrange(4, 15)))
        elif draw < 0.105:
            found.append(("EMG", chance.randrange(2, 10)))
    return found


def _retention(chance: random.Random) -> list[Step]:
    checks: list[Step] = [("RK", 85), ("RK", 180), ("RK", 350), ("RK", 360)]
    return [("DB", chance.randrange(28, 43)), ("RD", chance.randrange(6, 11)), *checks[: chance.randrange(2, 5)]]

"""`requirements`: what the product promises of the day, line by line, with its state and the tests that prove it."""

from __future__ import annotations

import ast
import csv
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from app.cli.console import Console
from app.cli.plain import table
from app.cli.verbs import Verb, no_arguments
from app.core.errors import RuleViolation
from app.core.i18n import N_, _

ROOT: Final = Path(__file__).resolve().parents[2]
FILE: Final = ROOT / "resources" / "requirements" / "orchestration.tsv"
STATES: Final = {"met": N_("Met"), "later": N_("Later"), "unmet": N_("Unmet")}
MAY_BE_LATER: Final = frozenset({"27.2", "27.3", "27.4", "28.2", "28.3", "28.4"})
"""Plan, progress and notes of the treatment; payments, billing flags and the ledger of the day."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One line; `missing` are tests that it names and that do not exist."""

    id: str
    section: str
    requirement: str
    state: str
    tests: tuple[str, ...]
    missing: tuple[str, ...]


def requirements(file: Path = FILE, root: Path = ROOT) -> tuple[Requirement, ...]:
    """Every line of the list, its tests looked up under `root`."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    found = []
    for row in rows:
        tests = tuple(row["tests"].split())
        missing = tuple(name for name in tests if not _exists(root, name))
        found.append(Requirement(row["id"], row["section"], row["requirement"], row["state"], tests, missing))
    return tuple(found)


def _exists(root: Path, name: str) -> bool:
    place, _colons, test = name.partition("::")
    return test in _tests(root / place)


@cache
def _tests(path: Path) -> frozenset[str]:
    """The tests of a file."""
    if not path.is_file():
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def faults(found: tuple[Requirement, ...]) -> list[str]:
    """The lines that say more than they can prove."""
    return [
        item.id
        for item in found
        if item.missing
        or item.state not in STATES
        or (item.state == "met" and not item.tests)
        or (item.state == "later" and item.id not in MAY_BE_LATER)
    ]


def _requirements(arguments: Namespace, console: Console) -> int:
    found = requirements()
    counts = {state: sum(1 for item in found if item.state == state) for state in STATES}
    wrong = faults(found)
    answer: dict[str, Any] = {"count": len(found), **counts, "faults": wrong, "requirements": found}
    console.emit(answer, lambda: _text(found, counts, wrong))
    return RuleViolation.exit_code if wrong else 0


def _text(found: tuple[Requirement, ...], counts: dict[str, int], wrong: list[str]) -> str:
    columns = {
        "id": _(N_("Line")), "section": _(N_("Section")), "requirement": _(N_("Requirement")),
        "state": _(N_("State")), "tests": _(N_("Tests")),
    }  # fmt: skip
    rows = [
        {"id": item.id, "section": item.section, "requirement": item.requirement, "state": _(STATES[item.state]),
         "tests": len(item.tests)}
        for item in found
    ]  # fmt: skip
    said = ", ".join(f"{_(STATES[state])} {count}" for state, count in counts.items())
    lines = [table(rows, columns), "", said]
    if wrong:
        lines.append(_(N_("Lines that say more than they can prove: {lines}"), lines=", ".join(wrong)))
    return "\n".join(lines)


def _arguments(parser: ArgumentParser) -> None:
    no_arguments(parser)


VERBS: Final = [
    Verb(
        "requirements", N_("List what is required of the day, with the tests that prove it."), _arguments, _requirements
    )
]

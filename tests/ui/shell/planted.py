"""Seven mistakes that a screen writer could make; `test_bench_types` demands that mypy --strict reports each."""

from __future__ import annotations

from typing import NewType

from app.core.ids import PatientId
from app.journal.commands import command, query
from app.journal.queries import Reading
from app.journal.runner import Transaction
from ui.shell.bench import Bench
from ui.shell.command_button import CommandButton

OtherId = NewType("OtherId", str)


@command(permission=None, label="Rename")
def rename(tx: Transaction, patient_id: PatientId, name: str) -> int:
    """Rename."""
    return len(name)


@command(permission=None, label="Open")
def open_chart(tx: Transaction, patient_id: PatientId) -> None:
    """Open."""


@query(permission=None, label="Names")
def names(read: Reading, patient_id: PatientId) -> list[str]:
    """Names."""
    return []


def show(names: list[str]) -> None:
    """Take names."""


def count(number: int) -> None:
    """Take a number."""


def planted(bench: Bench, patient: PatientId, other: OtherId) -> None:
    """One line a mistake, after the lines that are right."""
    bench.run(rename, patient, name="Éloïse").then(count)
    bench.ask(names, show, patient)
    CommandButton(bench, open_chart, lambda: patient)
    bench.run(rename, other, "Éloïse")  # 1: another kind of id
    bench.run(rename, patient)  # 2: an argument is missing
    bench.run(rename, patient, nmae="Éloïse")  # 3: a misspelt keyword
    bench.run(names, patient)  # 4: a query given as a command
    bench.ask(names, count, patient)  # 5: an answer of another type
    bench.run(rename, patient, name="Éloïse").then(show)  # 6: a result of another type
    CommandButton(bench, rename, lambda: patient)  # 7: a command of two arguments on a button

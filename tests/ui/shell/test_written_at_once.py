"""Two windows, two other processes and the command line write at once: every view ends right, and the journal sound.

How long it takes until a view is right is measured by `bench ui`; here only that it is.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLabel

from app.journal.queries import SYSTEM
from app.patients.commands import change_patient, create_patient
from app.patients.queries import patient_banner, patient_list, search_patients
from ui.shell.window import Window

ROOT = Path(__file__).resolve().parents[3]
OTHER = Path(__file__).with_name("another_process.py")
PATIENCE = 240.0
EACH = 8
MOST = 40
"""Commands of each window, which go on for as long as the others write; all fit on the first page of the list."""


def names_in(window: Window) -> set[tuple[str, str]]:
    """The patients whom the list of a window shows."""
    view = window.screens["patients"]
    return {(row.family_name, row.given_name) for row in view._model.items}


def says(window: Window, words: str) -> bool:
    """Whether a label on the chart of a window holds these words."""
    return any(words in label.text() for label in window.screens["patient"].findChildren(QLabel))


def started(*command: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def until(window: Window, holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and not (holds() and not window.busy):
        QCoreApplication.processEvents()
        time.sleep(0.002)
    return holds()


def test_every_view_ends_right(window: Window) -> None:
    runner, folder = window.bench.runner, window.session.workplace.folder
    patient = runner.ask(SYSTEM, search_patients, "florence bergeron").rows[0].id
    second = window.group.add(window)
    assert second is not None
    window.open("patients")
    second.open("patient", patient_id=patient)
    until(window, lambda: bool(names_in(window)))
    done_by_hand = ("do", "--as", "claire", "create_patient", "family_name=ZzCli", "given_name=Number 0")
    processes = [
        started(str(OTHER), str(folder), patient, str(EACH), "Un"),
        started(str(OTHER), str(folder), patient, str(EACH), "Deux"),
        started("main.py", "--data", str(folder), *done_by_hand),
    ]
    number = 0
    while number < EACH or (number < MOST and any(process.poll() is None for process in processes)):
        window.bench.run(create_patient, "ZzFenêtre", f"Number {number}").say("")
        second.bench.run(change_patient, patient, preferred_name=f"Fenêtre {number}").say("")
        assert until(window, lambda: True)
        number += 1
    assert until(window, lambda: all(process.poll() is not None for process in processes))
    for process in processes:
        assert process.returncode == 0, process.communicate()[0]
        process.communicate()

    wanted = {(mark, f"Number {n}") for mark in ("ZzUn", "ZzDeux") for n in range(EACH)}
    wanted |= {("ZzFenêtre", f"Number {n}") for n in range(number)} | {("ZzCli", "Number 0")}
    kept = {(row.family_name, row.given_name) for row in runner.ask(SYSTEM, patient_list, initial="Zz").rows}
    assert kept == wanted, "a write is lost"
    last = runner.ask(SYSTEM, patient_banner, patient).preferred_name
    assert last
    assert until(window, lambda: wanted <= names_in(window)), wanted - names_in(window)
    assert until(window, lambda: says(second, last))
    second.open("patients")
    assert until(window, lambda: wanted <= names_in(second))
    assert window.session.workplace.verify().sound

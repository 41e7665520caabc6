"""The demonstration’s window, and images in it."""

import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from app.core.ids import PatientId
from app.imaging.importing import ImportReport, import_paths
from app.journal.queries import SYSTEM
from app.patients.queries import search_patients
from tests.ui.shell.conftest import demonstration, gate, rest, window
from ui.shell.window import Window

__all__ = ["demonstration", "gate", "rest", "window"]
# Where the imaging slice is not installed there is no screen of it to hold.
collect_ignore_glob = [] if find_spec("app.imaging") else ["test_*.py"]
DATA = Path(__file__).resolve().parents[2] / "data"
Rest = Callable[[Window], None]
Until = Callable[[Callable[[], bool]], None]


@pytest.fixture
def until(window: Window, rest: Rest) -> Until:
    """Let the window live until something holds."""

    def wait(holds: Callable[[], bool]) -> None:
        end = time.monotonic() + 60
        while not holds() and time.monotonic() < end:
            rest(window)
        assert holds()

    return wait


@pytest.fixture
def rosalie(window: Window) -> PatientId:
    """A patient to whom the demonstration gave no image."""
    found = window.bench.runner.ask(SYSTEM, search_patients, "rosalie fortin").rows
    return found[0].id


@pytest.fixture
def take(window: Window) -> Callable[..., ImportReport]:
    """Import files as the person who is signed in."""

    def import_these(*paths: Path, patient_id: PatientId | None = None) -> ImportReport:
        return import_paths(window.bench.runner, window.bench.actor, list(paths), None, patient_id)

    return import_these

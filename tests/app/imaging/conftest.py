"""A patient, an import, and the end of the worker processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.core.ids import PatientId
from app.imaging import workers
from app.imaging.importing import ImportReport, import_paths
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.patients.commands.patients import create_patient

DATA = Path(__file__).parents[2] / "data"
BORN = date(2011, 2, 14)


@pytest.fixture(scope="session", autouse=True)
def _workers() -> Iterator[None]:
    """One pool for all tests, ended with them."""
    yield
    workers.close()


@pytest.fixture
def given(tmp_path: Path) -> Path:
    """A folder for the files of one test, outside the data folder."""
    folder = tmp_path / "given"
    folder.mkdir()
    return folder


@pytest.fixture
def noemie(runner: Runner, boss: Actor) -> PatientId:
    """The patient whom the simulated dental images are of."""
    return runner.run(boss, create_patient, "Côté-Lévesque", "Noémie", BORN, file_number="SIM-0001")


@pytest.fixture
def jerome(runner: Runner, boss: Actor) -> PatientId:
    """Somebody else."""
    return runner.run(boss, create_patient, "Bélanger", "Jérôme", date(1999, 9, 3), file_number="20002")


@pytest.fixture
def take(runner: Runner, boss: Actor) -> Callable[..., ImportReport]:
    """Import files, folders or ZIP files."""

    def import_these(*paths: Path, **options: Any) -> ImportReport:
        return import_paths(runner, boss, list(paths), **options)

    return import_these

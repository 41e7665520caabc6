"""The practice of the clinic's tests, made once and copied for each test; the end of the worker processes."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.clock import Clock
from app.imaging import workers
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.journal.workplace import open_workplace
from tests.app.clinic_world import World, build
from tests.conftest import NOW


@pytest.fixture(scope="session", autouse=True)
def _workers() -> Iterator[None]:
    yield
    workers.close()


@pytest.fixture(scope="session")
def practice(tmp_path_factory: pytest.TempPathFactory, empty_folder: Path) -> tuple[Path, World]:
    """A closed folder that holds the practice, and its ids."""
    folder = Path(shutil.copytree(empty_folder, tmp_path_factory.mktemp("practice") / "data"))
    with open_workplace(folder, clock=Clock.fixed(NOW)) as opened:
        world = build(opened.runner, Actor("boss", "Claire Brunet", everything=True))
    return folder, world


@pytest.fixture
def folder(tmp_path: Path, practice: tuple[Path, World]) -> Path:
    """A copy of it, which the shared fixtures open."""
    return Path(shutil.copytree(practice[0], tmp_path / "data"))


@pytest.fixture
def world(runner: Runner, boss: Actor, practice: tuple[Path, World]) -> World:
    """A clinic with two chairs on Tuesday 24 November 2026, 9:00."""
    return dataclasses.replace(practice[1], runner=runner, boss=boss)

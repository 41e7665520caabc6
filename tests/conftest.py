"""Fixtures shared by every test: a folder of kind `test`, its runner, a clock that stands still, an actor."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from argon2 import PasswordHasher

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["ARCHWIRE_KEYRING"] = "off"
os.environ.setdefault("ARCHWIRE_SLICES", "tests.sample")

from app.access import credentials
from app.core import i18n
from app.core.clock import Clock
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.journal.workplace import Workplace, open_workplace
from tests import footprint_recorder

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=ZoneInfo("America/Toronto"))


footprint_recorder.install()

QUICK = credentials.Argon2Hasher(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
"""What hashing a password costs (64 MiB, three times) is the matter of the tests of `app/access` alone."""
credentials.use_hasher(QUICK)  # before the folders that are made once are made


def pytest_collection_finish(session: pytest.Session) -> None:
    """Leave what the imports made out of every later look for garbage: a third of a million objects that stay."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Keep what this process saw, when footprints are being recorded."""
    folder = footprint_recorder.recording()
    if folder is not None:
        footprint_recorder.write_seen(folder)


@pytest.fixture(autouse=True)
def inside_footprints() -> Iterator[None]:
    """No command writes beyond its footprint; after a deliberate change, `make footprints` records the new one."""
    footprint_recorder.BEYOND.clear()
    yield
    if footprint_recorder.recording() is None:
        assert not footprint_recorder.BEYOND


@pytest.fixture(autouse=True)
def quick_passwords() -> Iterator[None]:
    """Whatever hasher a test took, the next one finds the quick one."""
    yield
    credentials.use_hasher(QUICK)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Messages are compared by their msgid."""
    i18n.set_language("en")
    yield
    i18n.set_language("en")


@pytest.fixture
def clock() -> Clock:
    """Tuesday 24 November 2026, 9:00 in Montréal."""
    return Clock.fixed(NOW)


@pytest.fixture(scope="session")
def empty_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of kind `test` that is made once and copied for each test: the recovery key costs 0.1 s."""
    folder = tmp_path_factory.mktemp("empty") / "data"
    open_workplace(folder, create=True, kind="test").close()
    return folder


@pytest.fixture
def folder(tmp_path: Path, empty_folder: Path) -> Path:
    """A closed folder of kind `test`."""
    return Path(shutil.copytree(empty_folder, tmp_path / "data"))


@pytest.fixture
def workplace(folder: Path, clock: Clock) -> Iterator[Workplace]:
    """An open folder of kind `test`."""
    with open_workplace(folder, clock=clock) as opened:
        yield opened


@pytest.fixture
def runner(workplace: Workplace) -> Runner:
    """Its runner."""
    return workplace.runner


@pytest.fixture
def boss() -> Actor:
    """Somebody who may do everything."""
    return Actor("boss", "Claire Brunet", everything=True)

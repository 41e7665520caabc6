"""Fixtures shared by every test: a folder of kind `test`, its runner, a clock that stands still, an actor."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["ARCHWIRE_KEYRING"] = "off"
os.environ["ARCHWIRE_SLICES"] = "tests.sample"

from app.core import i18n
from app.core.clock import Clock
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.journal.workplace import Workplace, open_workplace
from tests import footprint_recorder

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=ZoneInfo("America/Toronto"))


footprint_recorder.install()


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
def english() -> Iterator[None]:
    """Messages are compared by their msgid."""
    i18n.set_language("en")
    yield
    i18n.set_language("en")


@pytest.fixture
def clock() -> Clock:
    """Tuesday 24 November 2026, 9:00 in Montréal."""
    return Clock.fixed(NOW)


@pytest.fixture
def workplace(tmp_path: Path, clock: Clock) -> Iterator[Workplace]:
    """An open folder of kind `test`."""
    with open_workplace(tmp_path / "data", create=True, kind="test", clock=clock) as opened:
        yield opened


@pytest.fixture
def runner(workplace: Workplace) -> Runner:
    """Its runner."""
    return workplace.runner


@pytest.fixture
def boss() -> Actor:
    """Somebody who may do everything."""
    return Actor("boss", "Claire Brunet", everything=True)

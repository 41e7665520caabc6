"""The small practice."""

from __future__ import annotations

import pytest

from app.journal.queries import Actor
from app.journal.runner import Runner
from tests.app.clinic_world import World, build


@pytest.fixture
def world(runner: Runner, boss: Actor) -> World:
    """A clinic with two chairs on Tuesday 24 November 2026, 9:00."""
    return build(runner, boss)

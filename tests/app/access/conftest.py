"""A practice of four, a cheap hasher, and a clock that the test moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from app.access.authority import StaffAuthority
from app.access.commands import create_first_administrator, create_staff
from app.access.sign_in import Gatekeeper
from app.core.clock import Clock
from app.core.ids import StaffId
from app.core.permissions import Role
from app.core.secret import Secret
from app.journal.queries import NOBODY, Actor
from app.journal.runner import Runner

CLAIRE = "le lilas fleurit en mai"
MARIE = "trois chats gris dorment"
JULIE = "huit bateaux sur le fleuve"
PIN = "739164"


@dataclass(frozen=True)
class Team:
    """Who works at the test practice."""

    claire: StaffId
    marie: StaffId
    julie: StaffId
    karim: StaffId


@pytest.fixture
def later(clock: Clock) -> Callable[[timedelta], None]:
    """Move the clock."""

    def move(span: timedelta) -> None:
        clock.offset += span

    return move


@pytest.fixture
def team(runner: Runner) -> Team:
    claire = runner.run(NOBODY, create_first_administrator, "claire", "Claire Brunet", Secret(CLAIRE))
    runner.authority = StaffAuthority()
    boss = runner.actor("claire")
    marie = runner.run(boss, create_staff, "m.gagnon", "Marie Gagnon", [Role.ORTHODONTIST], Secret(MARIE))
    julie = runner.run(boss, create_staff, "julie", "Julie Roy", [Role.FRONT_DESK], Secret(JULIE))
    karim = runner.run(boss, create_staff, "karim", "Karim Benali", [Role.ASSISTANT])
    return Team(claire, marie, julie, karim)


@pytest.fixture
def claire(runner: Runner, team: Team) -> Actor:
    return runner.actor("claire")


@pytest.fixture
def gate(runner: Runner) -> Gatekeeper:
    return Gatekeeper(runner)


@pytest.fixture
def log(runner: Runner) -> Callable[[], list[tuple[str | None, str, str | None]]]:
    """(actor, kind, detail) of the access log, oldest first."""

    def entries() -> list[tuple[str | None, str, str | None]]:
        runner.flush()
        with runner.read(NOBODY) as read:
            return [tuple(row) for row in read.sql("SELECT actor, kind, detail FROM access_log ORDER BY n")]

    return entries

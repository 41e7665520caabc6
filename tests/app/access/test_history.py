"""What people might do at an earlier moment: the server judges offline work by it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.access.authority import StaffAuthority
from app.access.commands import (
    assign_role,
    deactivate_staff,
    reactivate_staff,
    remove_role,
    set_role_permission,
    set_staff_permission,
)
from app.access.history import HasLeft, RightsThen
from app.core.errors import NotFound
from app.core.permissions import Role
from app.journal.queries import SYSTEM, Actor
from app.journal.runner import Runner
from tests.app.access.conftest import Team

Later = Callable[[timedelta], None]


def clock_of(runner: Runner) -> int:
    """The clock of the last operation."""
    with runner.read(SYSTEM) as read:
        return int(read.sql("SELECT max(hlc) FROM operation")[0][0])


@pytest.fixture
def claire(runner: Runner, team: Team) -> Actor:
    return runner.actor("claire")


class Then:
    """Asks one `RightsThen`, as a server does for months."""

    def __init__(self, runner: Runner) -> None:
        self._runner, self._rights = runner, RightsThen()

    def rights(self, who: str, hlc: int) -> frozenset[str]:
        with self._runner.read(SYSTEM) as read:
            return self._rights.actor(read, who, hlc).permissions


@pytest.fixture
def then(runner: Runner) -> Then:
    return Then(runner)


def test_now_is_what_the_authority_says(runner: Runner, team: Team, then: Then) -> None:
    with runner.read(SYSTEM) as read:
        for who in (team.claire, team.marie, team.julie, team.karim):
            assert then.rights(who, clock_of(runner)) == StaffAuthority().actor(read, who).permissions


def test_a_role_counts_from_when_it_was_given_until_it_was_taken(
    runner: Runner, team: Team, claire: Actor, then: Then, later: Later
) -> None:
    before = clock_of(runner)
    assert "manage_staff" not in then.rights(team.julie, before)
    later(timedelta(hours=1))
    runner.run(claire, assign_role, team.julie, Role.PRACTICE_MANAGER)
    held = clock_of(runner)
    later(timedelta(hours=1))
    runner.run(claire, remove_role, team.julie, Role.PRACTICE_MANAGER)
    after = clock_of(runner)
    assert ["manage_staff" in then.rights(team.julie, at) for at in (before, held - 1, held, after - 1, after)] == [
        False, False, True, True, False,
    ]  # fmt: skip


def test_decisions_on_roles_and_exceptions_have_their_time_too(
    runner: Runner, team: Team, claire: Actor, then: Then, later: Later
) -> None:
    before = clock_of(runner)
    later(timedelta(hours=1))
    runner.run(claire, set_role_permission, Role.FRONT_DESK, "see_staff", False)
    decided = clock_of(runner)
    later(timedelta(hours=1))
    runner.run(claire, set_staff_permission, team.julie, "see_staff", True, "remplace Karim")
    excepted = clock_of(runner)
    assert ["see_staff" in then.rights(team.julie, at) for at in (before, decided, excepted)] == [True, False, True]


def test_who_had_left_may_nothing_and_who_came_back_may_again(
    runner: Runner, team: Team, claire: Actor, then: Then, later: Later
) -> None:
    before = clock_of(runner)
    later(timedelta(hours=1))
    runner.run(claire, deactivate_staff, team.julie)
    left = clock_of(runner)
    later(timedelta(hours=1))
    runner.run(claire, reactivate_staff, team.julie)
    back = clock_of(runner)
    assert then.rights(team.julie, before)
    with pytest.raises(HasLeft):
        then.rights(team.julie, left)
    assert then.rights(team.julie, back) == then.rights(team.julie, before)


def test_before_somebody_came_they_might_nothing_and_a_stranger_never(runner: Runner, team: Team, then: Then) -> None:
    with pytest.raises(HasLeft):
        then.rights(team.claire, 0)
    with pytest.raises(NotFound) as stranger:
        then.rights("nobody", clock_of(runner))
    assert not isinstance(stranger.value, HasLeft)

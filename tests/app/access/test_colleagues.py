"""What a manager does for a colleague: the PIN that is forgotten, and corrections that do not overwrite another's."""

from __future__ import annotations

import pytest

from app.access.commands import change_staff, clear_pin
from app.access.model import Credential
from app.access.queries import STAFF_ENTRY, staff_list, staff_member
from app.core.errors import PermissionDenied, StaleRecord
from app.core.unchanged import mark_of
from app.journal.commands import command
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.journal.transaction import Transaction
from tests.app.access.conftest import Team


@pytest.fixture
def pin_of_julie(runner: Runner, claire: Actor, team: Team) -> None:
    @command(permission=None, label="Give Julie a PIN", hidden=True)
    def give_pin(tx: Transaction) -> None:
        """Give Julie a PIN as her workstation would."""
        tx.get(Credential, team.julie).pin_hash = "a hash"
        tx.touch_local(Credential, team.julie)

    from app.journal.commands import COMMANDS

    runner.run(claire, give_pin)
    COMMANDS.pop("give_pin")


@pytest.mark.usefixtures("pin_of_julie")
def test_a_colleagues_pin_is_forgotten_and_that_is_logged(
    runner: Runner, team: Team, claire: Actor, log: object
) -> None:
    assert runner.ask(claire, staff_member, team.julie).has_pin_here
    runner.run(claire, clear_pin, team.julie)
    assert not runner.ask(claire, staff_member, team.julie).has_pin_here
    assert (claire.id, "pin_removed", team.julie) in log()


def test_only_who_manages_staff_forgets_a_pin(runner: Runner, team: Team) -> None:
    with pytest.raises(PermissionDenied):
        runner.run(runner.actor("julie"), clear_pin, team.marie)


def test_a_correction_of_who_somebody_else_corrected_is_refused(runner: Runner, team: Team, claire: Actor) -> None:
    line = next(item for item in runner.ask(claire, staff_list) if item.staff_id == team.julie)
    seen = mark_of(line, STAFF_ENTRY)
    runner.run(claire, change_staff, team.julie, display_name="Julie Roy-Côté", seen=seen)
    with pytest.raises(StaleRecord):
        runner.run(claire, change_staff, team.julie, display_name="Julie Côté", seen=seen)

"""Contract paid but in treatment, or treatment ahead of payment; every follow-up list has one source."""

from __future__ import annotations

from datetime import date

import pytest

from app.billing.commands import record_opening_balance, void_opening_balance
from app.billing.queries import treatment_exposures
from app.billing.settings import EXPOSURE_PERCENT
from app.core.errors import PermissionDenied, RuleViolation
from app.journal.queries import Actor
from app.journal.settings_store import change_setting
from app.patients.queries import patient_list
from app.scheduling import commands as do
from app.scheduling import queries as ask
from app.scheduling.follow_lists import SOURCES, Look, follow_up_source
from app.scheduling.vocabulary import EventKind, FollowUpList
from tests.app.clinic_world import World, local

MONEY = FollowUpList.PAYMENT_AND_TREATMENT
START = local(2025, 11, 24, 10)  # half of two years have passed on 24 November 2026


def treated(world: World, patient: int, paid: int, until: date | None = date(2027, 11, 24), balance: int = -1) -> str:
    who = world.patients[patient]
    world.run(do.record_past_visit, who, "BD2", world.chairs[0], START, EventKind.COMPLETED)
    if until is not None:
        world.run(do.set_expected_end, who, until)
    owed = 600_000 - paid if balance < 0 else balance
    done = world.run(record_opening_balance, who, date(2026, 6, 1), 600_000, paid, owed)
    return str(done)


def test_every_list_has_exactly_one_source(world: World) -> None:
    assert set(SOURCES) == set(FollowUpList)
    assert set(world.ask(ask.follow_up_counts)) == set(FollowUpList)
    with pytest.raises(ValueError, match="two sources"):
        follow_up_source(MONEY)(lambda _look: iter(()))


def test_treatment_ahead_of_payment_by_the_setting(world: World) -> None:
    treated(world, 0, 180_000)  # 30 % paid, 50 % passed: 20 points
    treated(world, 1, 186_000)  # 31 % paid: 19 points
    treated(world, 2, 60_000, until=None)  # nobody said when it ends
    (line,) = world.ask(ask.follow_up_list, MONEY)
    assert line.patient_id == world.patients[0]
    assert line.since_on == date(2026, 11, 24)
    (found,) = world.ask(treatment_exposures)
    assert (found.paid_percent, found.elapsed_percent, found.paid_in_full) == (30, 50, False)
    world.run(change_setting, EXPOSURE_PERCENT.name, "19")
    assert {line.patient_id for line in world.ask(ask.follow_up_list, MONEY)} == set(world.patients[:2])
    assert world.ask(ask.follow_up_counts)[MONEY] == 2


def test_paid_in_full_and_not_finished(world: World) -> None:
    balance = treated(world, 0, 600_000, until=None)
    (line,) = world.ask(ask.follow_up_list, MONEY)
    assert line.since_on == date(2026, 6, 1)
    world.run(
        do.record_past_visit, world.patients[0], "DB", world.chairs[0], local(2026, 11, 20, 9), EventKind.COMPLETED
    )
    assert world.ask(ask.follow_up_list, MONEY) == ()
    treated(world, 1, 500_000, balance=0)  # a discount: nothing is owed any more
    assert world.ask(treatment_exposures)[0].paid_in_full
    world.run(void_opening_balance, balance)


def test_a_voided_balance_puts_nobody_on_the_list(world: World) -> None:
    world.run(void_opening_balance, treated(world, 0, 0))
    assert world.ask(ask.follow_up_list, MONEY) == ()


def test_who_may_not_see_amounts_does_not_see_who_is_behind(world: World) -> None:
    treated(world, 0, 0)
    chairside = Actor("karim", "Karim", permissions=frozenset({"follow_up", "view_patients"}))
    assert MONEY not in world.runner.ask(chairside, ask.follow_up_counts)
    with pytest.raises(PermissionDenied):
        world.runner.ask(chairside, ask.follow_up_list, MONEY)
    with pytest.raises(PermissionDenied):
        world.runner.ask(chairside, patient_list, filters="balance=owed")
    (page,) = (world.runner.ask(chairside, patient_list, columns=["balance"], limit=1),)
    assert page.rows[0].extra == (None,)


def test_the_list_of_patients_knows_balances(world: World) -> None:
    treated(world, 0, 0)
    treated(world, 1, 0, balance=0)
    owing = world.ask(patient_list, filters="balance=owed", columns=["balance"])
    assert [(row.id, row.extra[0].cents) for row in owing.rows] == [(world.patients[0], 600_000)]
    assert {row.id for row in world.ask(patient_list, filters="balance=none").rows} == set(world.patients[1:])
    assert world.ask(patient_list, filters="balance=credit").total == 0
    with pytest.raises(RuleViolation):
        world.ask(patient_list, filters="balance=much")


def test_what_was_merged_is_read_once_for_all_lists(world: World) -> None:
    with world.runner.read(world.boss) as read:
        look = Look(read)
        assert look.merged is look.merged

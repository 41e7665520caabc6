"""A training folder sends nothing, whoever asks for it; a clinic’s folder does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.clock import Clock
from app.core.errors import RuleViolation
from app.journal.commands import Command, command
from app.journal.effects import HELD_BACK, STAYS_INSIDE, finish_effect, stays_inside
from app.journal.model import Effect, EffectState
from app.journal.queries import SYSTEM
from app.journal.transaction import Transaction
from app.journal.workplace import Workplace, open_workplace


@command(permission=None, label="Ask for outside work", hidden=True)
def trial_ask_outside(tx: Transaction, kind: str) -> str:
    """Ask for an effect as any slice does."""
    return tx.effect(kind, {})


@command(permission=None, label="Write an effect past the door", hidden=True)
def trial_write_effect(tx: Transaction, kind: str) -> None:
    """Add the row itself."""
    tx.add(Effect(kind=kind, payload={}, due_at=tx.now))


@pytest.fixture
def folders(tmp_path: Path, clock: Clock) -> Iterator[dict[str, Workplace]]:
    """One folder of each kind."""
    made = {
        kind: open_workplace(tmp_path / kind, create=True, kind=kind, clock=clock)
        for kind in ("clinic", "demo", "test")
    }
    yield made
    for workplace in made.values():
        workplace.close()


def state_of(workplace: Workplace, effect_id: str) -> tuple[str, str | None]:
    with workplace.runner.read(SYSTEM) as read:
        row = read.sql("SELECT state, failure FROM effect WHERE id = :id", id=effect_id)[0]
        return row.state, row.failure


def ask(workplace: Workplace, kind: str, wanted: Command[[str], str] = trial_ask_outside) -> tuple[str, str | None]:
    return state_of(workplace, workplace.runner.run(SYSTEM, wanted, kind))


def test_what_leaves_the_house_is_held_back_in_training_only(folders: dict[str, Workplace]) -> None:
    assert folders["demo"].is_training
    assert not folders["clinic"].is_training
    assert ask(folders["clinic"], "mail") == (EffectState.WAITING, None)
    assert ask(folders["demo"], "mail") == (EffectState.CANCELLED, HELD_BACK)


def test_a_kind_that_stays_inside_is_done(folders: dict[str, Workplace]) -> None:
    kind = stays_inside("trial_print")
    try:
        assert ask(folders["demo"], kind) == (EffectState.WAITING, None)
    finally:
        STAYS_INSIDE.discard(kind)
        folders["demo"].runner.run(SYSTEM, finish_effect, effect_of(folders["demo"]))
    assert state_of(folders["demo"], effect_of(folders["demo"])) == (EffectState.CANCELLED, HELD_BACK)


def effect_of(workplace: Workplace) -> str:
    with workplace.runner.read(SYSTEM) as read:
        return str(read.sql("SELECT id FROM effect")[0].id)


def test_no_command_writes_past_it(folders: dict[str, Workplace]) -> None:
    folders["clinic"].runner.run(SYSTEM, trial_write_effect, "mail")
    with pytest.raises(RuleViolation):
        folders["demo"].runner.run(SYSTEM, trial_write_effect, "mail")

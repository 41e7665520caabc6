"""What becomes of an outside effect: done, tried again later, or given up and shown.

In a folder that is for training, nothing leaves the house: an effect is cancelled as it is asked for, unless its kind
is declared to stay inside. A kind that nobody has declared is taken to leave it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.permissions import Permission
from app.journal.commands import command
from app.journal.model import Effect, EffectState
from app.journal.operations import state
from app.journal.rules import rule
from app.journal.transaction import Transaction

WORK_OFF_EFFECTS = Permission("work_off_effects", N_("Do outside work"), ())
MOST_TRIES: Final = 8
STAYS_INSIDE: set[str] = set()
"""The kinds of effects that reach nobody outside: a print, a file on this machine."""
TRAINING_KIND: Final = "demo"
HELD_BACK: Final = N_("Not sent: this folder is for training.")


def stays_inside(kind: str) -> str:
    """Declare that effects of a kind reach nobody outside; returns the kind. All others are held back in training."""
    STAYS_INSIDE.add(kind)
    return kind


def held_back(run: Any, kind: str) -> bool:
    """Whether an effect of this kind is not to be done in this folder; `run` is a DB-API connection or cursor of it."""
    return kind not in STAYS_INSIDE and state(run, "kind") == TRAINING_KIND


@rule(Effect)
def nothing_leaves_a_training_folder(tx: Transaction, ids: frozenset[str]) -> None:
    """No effect that leaves the house waits in a training folder, whoever wrote it."""
    waiting = select(Effect.kind).where(Effect.id.in_(ids), Effect.state == EffectState.WAITING)
    if any(held_back(tx.raw, kind) for kind in tx.all(waiting)):
        raise RuleViolation(HELD_BACK)


@command(permission=WORK_OFF_EFFECTS, label=N_("Finish the outside work"), hidden=True)
def finish_effect(tx: Transaction, effect_id: str, failure: str | None = None) -> None:
    """Note that outside work is done, or when it is tried again: after 1, 2, 4… minutes, eight times at most."""
    effect = tx.get(Effect, effect_id)
    if effect.state is not EffectState.WAITING:
        return
    if held_back(tx.raw, effect.kind):
        effect.state, effect.failure = EffectState.CANCELLED, HELD_BACK
        return
    effect.tries += 1
    effect.failure = failure
    if failure is None:
        effect.state = EffectState.DONE
    elif effect.tries >= MOST_TRIES:
        effect.state = EffectState.FAILED
    else:
        effect.due_at = tx.now + timedelta(minutes=2 ** (effect.tries - 1))

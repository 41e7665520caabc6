"""What becomes of an outside effect: done, tried again later, or given up and shown."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from app.core.i18n import N_
from app.core.permissions import Permission
from app.journal.commands import command
from app.journal.model import Effect, EffectState
from app.journal.transaction import Transaction

WORK_OFF_EFFECTS = Permission("work_off_effects", N_("Do outside work"), ())
MOST_TRIES: Final = 8


@command(permission=WORK_OFF_EFFECTS, label=N_("Finish the outside work"), hidden=True)
def finish_effect(tx: Transaction, effect_id: str, failure: str | None = None) -> None:
    """Note that outside work is done, or when it is tried again: after 1, 2, 4… minutes, eight times at most."""
    effect = tx.get(Effect, effect_id)
    if effect.state is not EffectState.WAITING:
        return
    effect.tries += 1
    effect.failure = failure
    if failure is None:
        effect.state = EffectState.DONE
    elif effect.tries >= MOST_TRIES:
        effect.state = EffectState.FAILED
    else:
        effect.due_at = tx.now + timedelta(minutes=2 ** (effect.tries - 1))

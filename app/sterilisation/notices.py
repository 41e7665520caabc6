"""Notifications of the steriliser: a load that is ready, one that waits for release, one that failed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from app.core.i18n import N_
from app.journal.notices import Gravity, Notice, notices
from app.journal.queries import Reading
from app.sterilisation.permissions import STERILISE
from app.sterilisation.queries import sterilisation_cycles
from app.sterilisation.vocabulary import CycleState

SAID_FOR: Final = timedelta(hours=4)


@notices(permission=STERILISE)
def loads_of_the_day(read: Reading) -> Iterable[Notice]:
    """What those who use instruments must know of the loads of the last hours."""
    for line in sterilisation_cycles.function(read, None, 2):
        values = {"code": line.code, "device": line.equipment, "packs": line.left, "what": line.contents}
        recent = line.settled_at is not None and read.now - line.settled_at < SAID_FOR
        if line.state is CycleState.ENDED and line.ended_at is not None:
            said = N_("Load {code} of {device} waits for release."), line.ended_at, Gravity.WARN
        elif line.state is CycleState.RELEASED and recent and line.left and line.settled_at is not None:
            said = N_("Sterile and ready: {what} ({packs} packs, load {code})."), line.settled_at, Gravity.INFO
        elif line.state is CycleState.FAILED and recent and line.settled_at is not None:
            said = N_("Load {code} of {device} failed: its packs must not be used."), line.settled_at, Gravity.DANGER
        else:
            continue
        message, at, gravity = said
        title = N_("Sterilisation")
        yield Notice(f"load:{line.id}:{line.state.value}", gravity, title, message, values, at, "team")

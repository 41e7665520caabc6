"""The words of sterilisation: ids, enumerations and their labels."""

from __future__ import annotations

import enum
from typing import Final, NewType

from app.core.i18n import N_

SterilisationCycleId = NewType("SterilisationCycleId", str)
PackUseId = NewType("PackUseId", str)


class CycleState(enum.StrEnum):
    """Where a load stands. Only a released one may be used."""

    RUNNING = "running"
    ENDED = "ended"
    RELEASED = "released"
    FAILED = "failed"


class Indicator(enum.StrEnum):
    """What an indicator says."""

    NOT_USED = "not_used"
    WAITING = "waiting"
    PASSED = "passed"
    FAILED = "failed"


CYCLE_LABELS: Final = {
    CycleState.RUNNING: N_("Running"),
    CycleState.ENDED: N_("Waits for release"),
    CycleState.RELEASED: N_("Released"),
    CycleState.FAILED: N_("Failed"),
}
INDICATOR_LABELS: Final = {
    Indicator.NOT_USED: N_("Not used"),
    Indicator.WAITING: N_("Result to come"),
    Indicator.PASSED: N_("Passed"),
    Indicator.FAILED: N_("Failed"),
}

"""The words of the time clock: ids, enumerations and their labels."""

from __future__ import annotations

import enum
from typing import Final, NewType

from app.core.i18n import N_

ClockEntryId = NewType("ClockEntryId", str)
BreakRequestId = NewType("BreakRequestId", str)


class ClockKind(enum.StrEnum):
    """What somebody told the time clock."""

    IN = "in"
    OUT = "out"
    BREAK_BEGUN = "break_begun"
    BREAK_ENDED = "break_ended"
    VOIDED = "voided"


class ClockState(enum.StrEnum):
    """What the time clock knows of somebody today."""

    OUT = "out"
    IN = "in"
    BREAK = "break"


class RequestState(enum.StrEnum):
    """Where a break that was asked for stands."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    TAKEN = "taken"
    WITHDRAWN = "withdrawn"


CLOCK_LABELS: Final = {
    ClockKind.IN: N_("Came to work"),
    ClockKind.OUT: N_("Went home"),
    ClockKind.BREAK_BEGUN: N_("Break begun"),
    ClockKind.BREAK_ENDED: N_("Break ended"),
    ClockKind.VOIDED: N_("Taken back"),
}
CLOCK_STATE_LABELS: Final = {
    ClockState.OUT: N_("Clocked out"),
    ClockState.IN: N_("Clocked in"),
    ClockState.BREAK: N_("On a break"),
}
REQUEST_LABELS: Final = {
    RequestState.ASKED: N_("Asked for"),
    RequestState.GRANTED: N_("Granted"),
    RequestState.REFUSED: N_("Refused"),
    RequestState.TAKEN: N_("Taken"),
    RequestState.WITHDRAWN: N_("Withdrawn"),
}

"""The words of the desk: calls to the chair, drafted messages, why somebody leaves without a next visit."""

from __future__ import annotations

import enum
from typing import Final, NewType

from app.core.i18n import N_

ChairCallId = NewType("ChairCallId", str)
DayMessageId = NewType("DayMessageId", str)
LeftWithoutId = NewType("LeftWithoutId", str)


class MessageKind(enum.StrEnum):
    """What a drafted message to a family is about."""

    DELAY = "delay"
    CALL = "call"
    OPINION = "opinion"


class MessageState(enum.StrEnum):
    """Where a message stands: a person sends it, or drops it. Nothing is sent by itself."""

    DRAFT = "draft"
    SENT = "sent"
    DROPPED = "dropped"


class NoNextReason(enum.StrEnum):
    """Why a patient in treatment leaves without a next visit."""

    TREATMENT_OVER = "treatment_over"
    CALLS_BACK = "calls_back"
    LAB_FIRST = "lab_first"
    OTHER_CLINIC = "other_clinic"
    ON_HOLD = "on_hold"
    NO_TIME_FITS = "no_time_fits"
    OTHER = "other"


MESSAGE_LABELS: Final = {
    MessageKind.DELAY: N_("We are running late"),
    MessageKind.CALL: N_("Called to the chair"),
    MessageKind.OPINION: N_("How was it?"),
}
NO_NEXT_LABELS: Final = {
    NoNextReason.TREATMENT_OVER: N_("The treatment is over"),
    NoNextReason.CALLS_BACK: N_("The family calls back"),
    NoNextReason.LAB_FIRST: N_("The lab case comes first"),
    NoNextReason.OTHER_CLINIC: N_("Goes on at another clinic"),
    NoNextReason.ON_HOLD: N_("Treatment on hold"),
    NoNextReason.NO_TIME_FITS: N_("No time fits"),
    NoNextReason.OTHER: N_("Another reason"),
}
DELAY_TEXT: Final = N_(
    "Hello, {clinic} is running about {minutes} minutes late today. We expect {name} at {time}. Thank you!"
)
CALL_TEXT: Final = N_("Hello, it is {name}’s turn at {clinic}: please come in. {chair}")
OPINION_TEXT: Final = N_("Thank you for coming to {clinic} today. How was the visit? Your answer helps us.")

"""The words of the gateway: ids, what a device may do, and what happened at the door."""

from __future__ import annotations

import enum
from typing import Final, NewType

from app.core.i18n import N_

PeerId = NewType("PeerId", str)
GatewayNoteId = NewType("GatewayNoteId", str)
ImagingStepId = NewType("ImagingStepId", str)


class PeerRight(enum.StrEnum):
    """What a device may ask of us; each is a service of PS3.4."""

    ECHO = "echo"
    STORE = "store"
    WORKLIST = "worklist"
    STEP = "step"
    FIND = "find"
    RETRIEVE = "retrieve"
    COMMIT = "commit"


RIGHT_LABELS: Final[dict[PeerRight, str]] = {
    PeerRight.ECHO: N_("Test the connection (C-ECHO)"),
    PeerRight.STORE: N_("Send images (C-STORE)"),
    PeerRight.WORKLIST: N_("Read the worklist (MWL)"),
    PeerRight.STEP: N_("Report that images are being taken (MPPS)"),
    PeerRight.FIND: N_("Search (C-FIND)"),
    PeerRight.RETRIEVE: N_("Retrieve images (C-MOVE, C-GET)"),
    PeerRight.COMMIT: N_("Answer for what it keeps (storage commitment)"),
}


class CharacterSet(enum.StrEnum):
    """In which characters a device is answered (PS3.3 §C.12.1.1.2)."""

    LATIN_1 = "ISO_IR 100"
    UTF_8 = "ISO_IR 192"


CHARACTER_SET_LABELS: Final[dict[CharacterSet, str]] = {
    CharacterSet.LATIN_1: N_("Western European (ISO_IR 100)"),
    CharacterSet.UTF_8: N_("Unicode (ISO_IR 192)"),
}


class GatewayEvent(enum.StrEnum):
    """What the monitor shows of the door."""

    STARTED = "started"
    STOPPED = "stopped"
    SERVED = "served"
    REFUSED = "refused"
    DISK_FULL = "disk_full"
    SET_ASIDE = "set_aside"


EVENT_LABELS: Final[dict[GatewayEvent, str]] = {
    GatewayEvent.STARTED: N_("The gateway has started"),
    GatewayEvent.STOPPED: N_("The gateway has stopped"),
    GatewayEvent.SERVED: N_("Connection served"),
    GatewayEvent.REFUSED: N_("Connection refused"),
    GatewayEvent.DISK_FULL: N_("The disk is full"),
    GatewayEvent.SET_ASIDE: N_("An object could not be taken in"),
}


class Refusal(enum.StrEnum):
    """Why a connection was refused."""

    UNKNOWN_CALLER = "unknown_caller"
    WRONG_ADDRESS = "wrong_address"
    WRONG_CALLED = "wrong_called"
    NO_TLS = "no_tls"
    TOO_MANY = "too_many"


REFUSAL_LABELS: Final[dict[Refusal, str]] = {
    Refusal.UNKNOWN_CALLER: N_("No device of this AE title is known."),
    Refusal.WRONG_ADDRESS: N_("The device has this AE title, but not this address."),
    Refusal.WRONG_CALLED: N_("It asked for another AE title than ours."),
    Refusal.NO_TLS: N_("This device must connect with TLS."),
    Refusal.TOO_MANY: N_("Too many connections are open."),
}


class StepState(enum.StrEnum):
    """Where a performed procedure step stands (PS3.3 §C.4.14)."""

    IN_PROGRESS = "IN PROGRESS"
    COMPLETED = "COMPLETED"
    DISCONTINUED = "DISCONTINUED"


STEP_LABELS: Final[dict[StepState, str]] = {
    StepState.IN_PROGRESS: N_("Images are being taken"),
    StepState.COMPLETED: N_("Images taken"),
    StepState.DISCONTINUED: N_("Taking images was stopped"),
}

"""The words of archives and of the routes to them."""

from __future__ import annotations

import enum
from typing import Final, NewType

from app.core.i18n import N_

ArchiveId = NewType("ArchiveId", str)
RoutingRuleId = NewType("RoutingRuleId", str)
TransferId = NewType("TransferId", str)


class ArchiveKind(enum.StrEnum):
    """What an archive is."""

    ORTHANC = "orthanc"
    DICOMWEB = "dicomweb"
    CLASSIC = "classic"
    OTHER = "other"


ARCHIVE_KIND_LABELS: Final[dict[ArchiveKind, str]] = {
    ArchiveKind.ORTHANC: N_("Orthanc"),
    ArchiveKind.DICOMWEB: N_("DICOMweb"),
    ArchiveKind.CLASSIC: N_("Classic DICOM archive"),
    ArchiveKind.OTHER: N_("Other archive"),
}


class Verification(enum.StrEnum):
    """How it is made sure that an archive has what was sent."""

    NONE = "none"
    FIND = "find"
    COMMITMENT = "commitment"


VERIFICATION_LABELS: Final[dict[Verification, str]] = {
    Verification.NONE: N_("Its answer is believed"),
    Verification.FIND: N_("It is asked again (C-FIND)"),
    Verification.COMMITMENT: N_("It answers for it (storage commitment)"),
}


class SendMode(enum.StrEnum):
    """When an image leaves."""

    IMMEDIATE = "immediate"
    STABLE = "stable"


SEND_MODE_LABELS: Final[dict[SendMode, str]] = {
    SendMode.IMMEDIATE: N_("At once"),
    SendMode.STABLE: N_("When its study is complete"),
}


class Spread(enum.StrEnum):
    """To which of a rule's destinations an image goes."""

    ALL = "all"
    FIRST = "first"


SPREAD_LABELS: Final[dict[Spread, str]] = {
    Spread.ALL: N_("To all of them"),
    Spread.FIRST: N_("To the first that works"),
}


class Fact(enum.StrEnum):
    """What a condition looks at."""

    CLINIC = "clinic"
    CALLING_AE = "calling_ae"
    MODALITY = "modality"
    SOP_CLASS = "sop_class"
    VIEW = "view"
    BODY_PART = "body_part"
    STUDY_DESCRIPTION = "study_description"
    PREFERENCE = "preference"
    SIZE_KB = "size_kb"
    HOUR = "hour"
    WEEKDAY = "weekday"


FACT_LABELS: Final[dict[Fact, str]] = {
    Fact.CLINIC: N_("Clinic"),
    Fact.CALLING_AE: N_("Sent by (AE title)"),
    Fact.MODALITY: N_("Modality"),
    Fact.SOP_CLASS: N_("Class of object (UID)"),
    Fact.VIEW: N_("View"),
    Fact.BODY_PART: N_("Body part"),
    Fact.STUDY_DESCRIPTION: N_("Description of the study"),
    Fact.PREFERENCE: N_("Archive that the patient wants"),
    Fact.SIZE_KB: N_("Size in kilobytes"),
    Fact.HOUR: N_("Hour of the day"),
    Fact.WEEKDAY: N_("Day of the week"),
}
NUMBERS: Final = frozenset({Fact.SIZE_KB, Fact.HOUR})


class Comparison(enum.StrEnum):
    """How a condition compares."""

    IS = "is"
    IS_NOT = "is_not"
    ONE_OF = "one_of"
    MATCHES = "matches"
    BETWEEN = "between"


COMPARISON_LABELS: Final[dict[Comparison, str]] = {
    Comparison.IS: N_("is"),
    Comparison.IS_NOT: N_("is not"),
    Comparison.ONE_OF: N_("is one of"),
    Comparison.MATCHES: N_("matches the pattern"),
    Comparison.BETWEEN: N_("is between"),
}


class TransferState(enum.StrEnum):
    """Where an image stands on its way to an archive."""

    WAITING = "waiting"
    SENT = "sent"
    VERIFIED = "verified"
    DEAD = "dead"
    REPLACED = "replaced"


TRANSFER_LABELS: Final[dict[TransferState, str]] = {
    TransferState.WAITING: N_("Waiting"),
    TransferState.SENT: N_("Sent, not yet verified"),
    TransferState.VERIFIED: N_("There"),
    TransferState.DEAD: N_("Given up"),
    TransferState.REPLACED: N_("Sent to another archive instead"),
}


class Failure(enum.StrEnum):
    """Why a sending failed, by what helps: time, or a person."""

    TRANSPORT = "transport"
    RESOURCES = "resources"
    REJECTED = "rejected"
    NOT_SUPPORTED = "not_supported"
    NOT_UNDERSTOOD = "not_understood"
    UNVERIFIED = "unverified"
    UNREADABLE = "unreadable"


FAILURE_LABELS: Final[dict[Failure, str]] = {
    Failure.TRANSPORT: N_("The archive does not answer."),
    Failure.RESOURCES: N_("The archive is out of resources."),
    Failure.REJECTED: N_("The archive turns us away: check AE titles and certificates on both sides."),
    Failure.NOT_SUPPORTED: N_("The archive does not take this kind of object or its compression."),
    Failure.NOT_UNDERSTOOD: N_("The archive cannot understand this object."),
    Failure.UNVERIFIED: N_("The archive said that it has the image, but it is not there."),
    Failure.UNREADABLE: N_("The image cannot be read here."),
}
LASTING: Final = frozenset({Failure.NOT_SUPPORTED, Failure.NOT_UNDERSTOOD, Failure.UNREADABLE})
"""Nothing changes by trying again: somebody must look."""
OF_THE_ARCHIVE: Final = frozenset({Failure.TRANSPORT, Failure.REJECTED})
"""They would befall every other image too: the queue of the archive rests."""


class Why(enum.StrEnum):
    """What came of one rule, in the explanation of a decision."""

    MATCHED = "matched"
    CONDITION = "condition"
    OFF = "off"
    STOPPED = "stopped"


WHY_LABELS: Final[dict[Why, str]] = {
    Why.MATCHED: N_("applies"),
    Why.CONDITION: N_("a condition does not hold"),
    Why.OFF: N_("is switched off"),
    Why.STOPPED: N_("an earlier rule is the last one"),
}


CAPABILITY_LABELS: Final[dict[str, str]] = {
    "echo": N_("Test of the connection (C-ECHO)"),
    "find": N_("Search (C-FIND)"),
    "move": N_("Sending to another archive (C-MOVE)"),
    "get": N_("Giving back (C-GET)"),
    "commitment": N_("Storage commitment"),
    "store": N_("Taking in (C-STORE)"),
    "qido": N_("Search (QIDO-RS)"),
    "wado": N_("Giving back (WADO-RS)"),
    "stow": N_("Taking in (STOW-RS)"),
}
"""What a probe tries, by its short name."""

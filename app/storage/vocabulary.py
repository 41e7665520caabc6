"""The words of the bucket: ids, enumerations and their labels."""

from __future__ import annotations

import enum
from typing import Final, NewType

from app.core.i18n import N_

StorageTargetId = NewType("StorageTargetId", str)
StoredObjectId = NewType("StoredObjectId", str)
AssessmentId = NewType("AssessmentId", str)
LegalHoldId = NewType("LegalHoldId", str)


class StorageProvider(enum.StrEnum):
    """Whose bucket it is."""

    S3 = "s3"
    COMPATIBLE = "s3_compatible"
    AZURE = "azure"


class Place(enum.StrEnum):
    """Where the data lie, as the law asks: an Act respecting the protection of personal information, s. 17."""

    QUEBEC = "quebec"
    CANADA = "canada"
    ELSEWHERE = "elsewhere"


class ObjectKind(enum.StrEnum):
    """What an object is of its image."""

    THUMBNAIL = "thumbnail"
    PREVIEW = "preview"
    FULL = "full"
    ORIGINAL = "original"
    PACKED = "packed"


class ObjectState(enum.StrEnum):
    """How far an object is."""

    WAITING = "waiting"
    STORED = "stored"
    STUCK = "stuck"
    LEAVING = "leaving"
    REMOVED = "removed"


class Trouble(enum.StrEnum):
    """Why a transfer does not go on."""

    UNREACHABLE = "unreachable"
    BUSY = "busy"
    CLOCK = "clock"
    EXPIRED = "expired"
    CREDENTIALS = "credentials"
    DENIED = "denied"
    NO_BUCKET = "no_bucket"
    DAMAGED = "damaged"
    MISSING = "missing"
    TAKEN = "taken"
    OTHER = "other"


PROVIDER_LABELS: Final = {
    StorageProvider.S3: N_("Amazon S3"),
    StorageProvider.COMPATIBLE: N_("Another S3 service"),
    StorageProvider.AZURE: N_("Azure Blob Storage"),
}
PLACE_LABELS: Final = {
    Place.QUEBEC: N_("in Québec"),
    Place.CANADA: N_("in Canada, outside Québec"),
    Place.ELSEWHERE: N_("outside Canada"),
}
KIND_LABELS: Final = {
    ObjectKind.THUMBNAIL: N_("Thumbnails"),
    ObjectKind.PREVIEW: N_("Previews"),
    ObjectKind.FULL: N_("Full pictures"),
    ObjectKind.ORIGINAL: N_("Originals"),
    ObjectKind.PACKED: N_("Packed originals"),
}
STATE_LABELS: Final = {
    ObjectState.WAITING: N_("Waits"),
    ObjectState.STORED: N_("Stored and verified"),
    ObjectState.STUCK: N_("Needs attention"),
    ObjectState.LEAVING: N_("Is to be removed"),
    ObjectState.REMOVED: N_("Removed"),
}
TROUBLE_LABELS: Final = {
    Trouble.UNREACHABLE: N_("The storage service does not answer. Transfers go on by themselves when it does."),
    Trouble.BUSY: N_("The storage service asks for patience. Transfers go on by themselves."),
    Trouble.CLOCK: N_("The clock of this computer is wrong: the storage service refuses what it signs. Set the clock."),
    Trouble.EXPIRED: N_("The credentials of the bucket have expired. Enter new ones."),
    Trouble.CREDENTIALS: N_("The storage service does not know these credentials. Enter them again."),
    Trouble.DENIED: N_("These credentials do not allow this in the bucket. Ask for the rights that the help lists."),
    Trouble.NO_BUCKET: N_("There is no bucket of this name in this region."),
    Trouble.DAMAGED: N_("What arrived in the bucket was not what was sent. It is sent again."),
    Trouble.MISSING: N_("The image is not on this machine, so that it cannot be sent from here."),
    Trouble.TAKEN: N_("Another object is stored under this key."),
    Trouble.OTHER: N_("The storage service refused it."),
}
PASSING: Final = frozenset({Trouble.UNREACHABLE, Trouble.BUSY, Trouble.CLOCK, Trouble.EXPIRED, Trouble.CREDENTIALS,
                            Trouble.DENIED, Trouble.NO_BUCKET})  # fmt: skip
"""Troubles of the bucket, not of one object: every other transfer would meet them, so that all wait."""

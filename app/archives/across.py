"""What looking in all archives at once, and moving a study between two of them, has to say; pure data."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from app.archives.vocabulary import ArchiveId
from app.core.i18n import N_


class Came(enum.StrEnum):
    """How an archive answered."""

    OK = "ok"
    PARTIAL = "partial"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    REJECTED = "rejected"


CAME_LABELS: Final[dict[Came, str]] = {
    Came.OK: N_("Has answered"),
    Came.PARTIAL: N_("Broke off in the middle"),
    Came.TIMEOUT: N_("Too slow"),
    Came.UNREACHABLE: N_("Does not answer"),
    Came.REJECTED: N_("Turns us away"),
}


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for: a name with wildcards, a file number, days (`YYYYMMDD-YYYYMMDD`), a study."""

    patient_name: str = ""
    patient_number: str = ""
    days: str = ""
    accession_number: str = ""
    study_instance_uid: str = ""


@dataclass(frozen=True, slots=True)
class Copy:
    """A study as one archive has it. `instances` is None where it does not tell."""

    archive_id: ArchiveId
    study_instance_uid: str
    patient_name: str
    patient_number: str
    issuer: str
    birth_day: str
    study_day: str
    description: str
    modalities: tuple[str, ...]
    instances: int | None


@dataclass(frozen=True, slots=True)
class Ended:
    """An archive will say no more; `came` says how that was."""

    archive_id: ArchiveId
    came: Came
    found: int


@dataclass(slots=True)
class FoundAcross:
    """One study, with its copies."""

    study_instance_uid: str
    copies: list[Copy] = field(default_factory=list)

    @property
    def is_conflict(self) -> bool:
        """Whether archives disagree about whose it is: another number of one issuer, or another birth date."""
        numbers = {(copy.issuer, copy.patient_number) for copy in self.copies if copy.patient_number}
        births = {copy.birth_day for copy in self.copies if copy.birth_day}
        return len(numbers) > 1 or len(births) > 1


def gathered(copies: Sequence[Copy]) -> list[FoundAcross]:
    """The copies by study, the newest study first."""
    found: dict[str, FoundAcross] = {}
    for copy in copies:
        found.setdefault(copy.study_instance_uid, FoundAcross(copy.study_instance_uid)).copies.append(copy)
    return sorted(found.values(), key=lambda study: study.copies[0].study_day, reverse=True)


class Way(enum.StrEnum):
    """How a study went over."""

    NOTHING = "nothing"
    MOVE = "move"
    THROUGH_US = "through_us"


WAY_LABELS: Final[dict[Way, str]] = {
    Way.NOTHING: N_("Everything was there already."),
    Way.MOVE: N_("The source sent it directly (C-MOVE)."),
    Way.THROUGH_US: N_("It went through this computer."),
}


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of a move: `missing` are the objects that the destination still lacks; `said` the source's word."""

    way: Way
    wanted: int
    there_before: int
    arrived: int
    missing: tuple[str, ...]
    said: int | None

    @property
    def is_whole(self) -> bool:
        """Whether the destination has everything."""
        return not self.missing

"""What imaging asks of the outside. `sync` implements the cloud ones; `local_objects` keeps them in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol, runtime_checkable

from app.core.errors import IntegrityFailure
from app.core.i18n import N_
from app.imaging.found import MadeRendition
from app.imaging.vocabulary import InstanceId, RenditionKind


@dataclass(frozen=True, slots=True)
class ObjectHead:
    """What is known of a stored object without reading it."""

    key: str
    size_bytes: int
    sha256: str
    stored_at: datetime


@runtime_checkable
class SmallCopies(Protocol):
    """Where renditions come from that another machine has made; an `Elsewhere` of sealed files may be one."""

    def small_copy(self, instance_id: InstanceId, kind: RenditionKind) -> MadeRendition | None:
        """A rendition as it is there, its file put here; None when there is none, or nobody answers. Blocks."""


class ObjectDamaged(IntegrityFailure):
    """The bytes that arrived, or that are stored, are not those of the SHA-256."""

    def __init__(self) -> None:
        super().__init__(N_("The stored object is not what was sent."))


class ObjectStore(Protocol):
    """Objects by key, each with the SHA-256 of its bytes.

    A key is one to eight parts of letters, digits, `.`, `_` and `-`, separated by `/`; anything else raises
    `UsageError`. An object appears whole or not at all, and is never changed: another content under a key that is
    taken raises `RuleViolation`. Objects that are sealed already are stored as they are: no store sees a key of ours.
    """

    def put(self, key: str, content: BinaryIO, sha256: str) -> ObjectHead:
        """Store all bytes of a stream in one go; the same object again is no fault. Raises `ObjectDamaged`."""

    def received(self, key: str) -> int:
        """How many bytes of a resumable upload are here: where `append` goes on. 0 when there is none."""

    def append(self, key: str, offset: int, piece: bytes) -> int:
        """Add a piece to a resumable upload; returns the bytes that are now here.

        `RuleViolation` when `offset` is not what `received` says.
        """

    def complete(self, key: str, sha256: str) -> ObjectHead:
        """Make the object of what was appended. Raises `ObjectDamaged`, and begins anew, when the bytes are others."""

    def get(self, key: str, start: int = 0, length: int | None = None) -> bytes:
        """A range of the bytes; all of them are checked against the SHA-256. Raises `NotFound`, `ObjectDamaged`."""

    def head(self, key: str) -> ObjectHead | None:
        """What is known of an object; None when it is not here."""

    def list(self, prefix: str = "") -> Iterator[ObjectHead]:
        """The objects whose keys begin so, in order of the keys."""

    def delete(self, key: str) -> bool:
        """Remove an object, or what there is of its upload; whether there was one."""

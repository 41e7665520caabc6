"""What a bucket does beyond an `ObjectStore`, and what of it is the same for every service."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import BinaryIO, Final, Protocol

from app.core.errors import RuleViolation, UsageError
from app.core.i18n import N_
from app.imaging.ports import ObjectDamaged, ObjectHead, ObjectStore

PIECE: Final = 8 << 20
"""Bytes of one piece of a resumable upload; S3 takes none under 5 MiB but the last, and at most 10,000 of them."""
AT_ONCE: Final = 16 << 20
"""An object of at most so many bytes goes in one request; beyond, beginning anew would cost more than asking."""
STALE_DAYS: Final = 14
"""After how many days the bucket drops the pieces of uploads that nobody finished."""
CACHE_CONTROL: Final = "private, max-age=31536000, immutable"
"""An object is named by its content: whoever has it need never ask again, and no shared cache may keep it."""
_KEY: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}(?:/[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}){0,7}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class LifecycleRule:
    """What the bucket does by itself: objects under `prefix` are cold after `days`; stale pieces go after others."""

    prefix: str
    days: int
    storage_class: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What a bucket says of itself; None where the service does not tell."""

    region: str | None
    encryption: str | None
    is_private: bool | None
    rules: tuple[LifecycleRule, ...]
    drops_stale_pieces_after: int | None


class Bucket(ObjectStore, Protocol):
    """A bucket of a storage service. Every request that fails raises `StorageTrouble`."""

    def put(self, key: str, content: BinaryIO, sha256: str, media_type: str = "application/octet-stream") -> ObjectHead:
        """See `ObjectStore.put`; the object is served with this type and `CACHE_CONTROL`."""

    def begin(self, key: str, sha256: str, media_type: str) -> None:
        """Begin a resumable upload, unless one is there to go on with."""

    def link(self, key: str, lifetime: timedelta) -> str:
        """A link by which whoever has it can read the object until it ends. It must be kept nowhere."""

    def standing(self) -> Standing:
        """What the bucket says of itself."""

    def keep_cold(self, prefixes: tuple[str, ...], days: int) -> tuple[LifecycleRule, ...]:
        """Have what lies under these prefixes kept in the cheaper class after so many days; returns what then holds."""


def check(key: str, sha256: str | None = None) -> None:
    """No key leads out of the bucket’s part that is ours. Raises `UsageError`."""
    if not _KEY.fullmatch(key):
        raise UsageError(N_("This is no key of an object."))
    if sha256 is not None and not _SHA256.fullmatch(sha256):
        raise UsageError(N_("This is no SHA-256."))


def same(head: ObjectHead | None, sha256: str) -> ObjectHead | None:
    """The object that is there, if it is this one. `RuleViolation` when it is another."""
    if head is not None and head.sha256 != sha256:
        raise RuleViolation(N_("Another object is stored under this key."), field="key")
    return head


def read_checked(content: BinaryIO, sha256: str) -> bytes:
    """All bytes of a stream that must have this SHA-256; `ObjectDamaged` when they have another."""
    found = content.read()
    if hashlib.sha256(found).hexdigest() != sha256:
        raise ObjectDamaged()
    return found


def send(
    bucket: Bucket, key: str, source: BinaryIO, length: int, sha256: str, media_type: str,
    progress: Callable[[int], None] = lambda sent: None,
) -> ObjectHead:  # fmt: skip
    """Bring all bytes of a seekable stream into the bucket, verified; a large one goes on where it was cut off."""
    if length <= AT_ONCE:
        head = bucket.put(key, source, sha256, media_type)
        progress(length)
        return head
    present = same(bucket.head(key), sha256)
    if present is not None:
        return present
    bucket.begin(key, sha256, media_type)
    offset = bucket.received(key)
    source.seek(offset)
    while piece := source.read(PIECE):
        progress(offset)
        offset = bucket.append(key, offset, piece)
    progress(offset)
    return bucket.complete(key, sha256)

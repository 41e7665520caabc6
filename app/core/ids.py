"""Identifiers: UUIDv7 as text, minted offline; UUIDv5 where the same fact must give the same row."""

from __future__ import annotations

import secrets
import threading
import time
import uuid
from collections.abc import Callable
from typing import Final, NewType

PatientId = NewType("PatientId", str)
PersonId = NewType("PersonId", str)
StaffId = NewType("StaffId", str)
ClinicId = NewType("ClinicId", str)
OperationId = NewType("OperationId", str)
GroupId = NewType("GroupId", str)

NAMESPACE: Final = uuid.UUID("5b1d2f8e-6f0a-5d6e-9a63-7c1f3f0c4a11")

_lock = threading.Lock()
_last = 0
_millis: Callable[[], int] = lambda: time.time_ns() // 1_000_000  # noqa: E731 - replaced as a whole by `use_source`
_random: Callable[[int], int] = secrets.randbits


def new_id() -> str:
    """A UUIDv7 (RFC 9562 §5.7) as text, strictly increasing within the process."""
    global _last
    with _lock:
        stamp = (_millis() << 12) | _random(12)
        _last = stamp = max(stamp, _last + 1)
        tail = _random(62)
    value = ((stamp >> 12) & (1 << 48) - 1) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0b10 << 62 | tail
    return str(uuid.UUID(int=value))


def derived_id(*parts: str) -> str:
    """A UUIDv5 (RFC 9562 §5.5) of the parts: one DICOM UID, or one (event, rule), is one row everywhere."""
    return str(uuid.uuid5(NAMESPACE, "\x1f".join(parts)))


def use_source(millis: Callable[[], int] | None = None, random_bits: Callable[[int], int] | None = None) -> None:
    """Replace the sources of time and chance (a seeded demo folder); no argument restores the real ones."""
    global _last, _millis, _random
    with _lock:
        _last = 0
        _millis = millis or (lambda: time.time_ns() // 1_000_000)
        _random = random_bits or secrets.randbits

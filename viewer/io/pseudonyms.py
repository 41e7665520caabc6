"""New UIDs and shifted dates that agree with one another within a study, and tell nothing about the old ones."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

WELL_KNOWN = "1.2.840.10008."
GREATEST_SHIFT_DAYS = 3650


KEY_BYTES = 32


def kept_key(path: Path) -> bytes:
    """The key in a file that only this user can read; made when there is none.

    With it, files of one study that are copied one by one, today and next week, still belong together. Where no file
    can be kept, the key is that of this one call.
    """
    try:
        return _read_key(path)
    except (OSError, ValueError):
        pass
    made = secrets.token_bytes(KEY_BYTES)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(made.hex())
    except FileExistsError:
        # Another call was faster, or the file is damaged: a damaged one is never written over.
        try:
            return _read_key(path)
        except (OSError, ValueError):
            return made
    except OSError:
        return made
    return made


def _read_key(path: Path) -> bytes:
    """Raises OSError, or ValueError for a file that holds no key."""
    found = bytes.fromhex(path.read_text(encoding="ascii").strip())
    if len(found) < KEY_BYTES:
        raise ValueError(path.name)
    return found


def _random_key() -> bytes:
    return secrets.token_bytes(32)


@dataclass(frozen=True)
class Pseudonyms:
    """Derives everything from one secret key: keep it to extend an export later, or forget it and nobody can."""

    key: bytes = field(default_factory=_random_key, repr=False)

    def study(self, study_instance_uid: str) -> UidMap:
        """The map of one study. Two studies never share a map, so that exports cannot be joined by their UIDs."""
        return UidMap(self._derive("study", study_instance_uid))

    def shift_days(self, patient: str) -> int:
        """Days by which the dates of a patient go back: the same for all studies, so that intervals stay true."""
        return -(1 + int.from_bytes(self._derive("dates", patient)[:8], "big") % GREATEST_SHIFT_DAYS)

    def _derive(self, purpose: str, value: str) -> bytes:
        return hmac.new(self.key, f"{purpose}\0{value}".encode(), hashlib.sha256).digest()


@dataclass(frozen=True)
class UidMap:
    """Old UID to new UID: the same old one always gives the same new one."""

    key: bytes = field(repr=False)

    def replace(self, uid: str) -> str:
        """A UUID-derived UID (PS3.5 §B.2); UIDs that the standard itself defines stay."""
        if not uid or uid.startswith(WELL_KNOWN):
            return uid
        digest = bytearray(hmac.new(self.key, uid.encode("utf-8", "replace"), hashlib.sha256).digest()[:16])
        digest[6] = digest[6] & 0x0F | 0x40
        digest[8] = digest[8] & 0x3F | 0x80
        return f"2.25.{int.from_bytes(digest, 'big')}"


def shifted(value: str, vr: str, days: int) -> str:
    """A date (DA) or instant (DT) moved by days; a time of day stays. '' for what is no full date."""
    if vr == "TM":
        return value
    try:
        moved = datetime.strptime(value[:8], "%Y%m%d") + timedelta(days=days)
    except (ValueError, OverflowError):
        return ""
    return moved.strftime("%Y%m%d") + (value[8:] if vr == "DT" else "")

"""The copies by which workstations begin: one is made at a time, sealed under a key that only its device gets.

It lies in the practice's folder as it is made, so that a download may begin before the end and go on after a cut. The
one-time key is kept in memory only, wrapped for the device; a copy does not survive its server's process, nor an hour.
"""

from __future__ import annotations

import base64
import contextlib
import logging
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.core.errors import NotFound, RuleViolation
from app.core.i18n import N_
from app.core.ids import new_id
from app.journal.workplace import Workplace
from sync.protocol.enrolment import Copy
from sync.protocol.sealing import SealingWriter, new_key, wrap_key
from sync.protocol.snapshot import write_snapshot

FOLDER: Final = "copies"
KEPT_SECONDS: Final = 3600.0
_log = logging.getLogger("archwire.copies")


@dataclass(slots=True)
class _Making:
    """One copy; the making thread alone writes to it."""

    id: str
    device: str
    key: str
    path: Path
    began: float
    size: int = 0
    rows: int = 0
    sha256: str = ""
    is_whole: bool = False
    failed: bool = False
    stopped: bool = False

    def said(self) -> Copy:
        return Copy(self.id, self.key, self.size, self.rows, self.is_whole, self.sha256, self.failed)


class _Stopped(Exception):
    """The copy is not wanted any more."""


class Copies:
    """The copies of one practice. Any thread may call."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace
        self._folder = workplace.folder / FOLDER
        self._copies: dict[str, _Making] = {}
        self._lock = threading.Lock()
        self._one_at_a_time = threading.Lock()
        for left in self._folder.glob("*"):
            left.unlink()

    def begin(self, device: str, opening_key: str) -> Copy:
        """The device's copy: the one being made or ready, else a new one."""
        with self._lock:
            self._sweep()
            for known in self._copies.values():
                if known.device == device and not known.failed:
                    return known.said()
            made = self._new(device, opening_key)
        threading.Thread(target=self._make, args=made, name="archwire-copy", daemon=True).start()
        return made[0].said()

    def _new(self, device: str, opening_key: str) -> tuple[_Making, bytes]:
        if not opening_key:
            raise RuleViolation(N_("This workstation has no key to open a copy with. Enrol it again."))
        self._folder.mkdir(mode=0o700, exist_ok=True)
        key, copy = new_key(), new_id()
        wrapped = base64.b64encode(wrap_key(key, device, base64.b64decode(opening_key))).decode()
        making = _Making(copy, device, wrapped, self._folder / copy, time.monotonic())
        making.path.touch(mode=0o600)
        self._copies[copy] = making
        return making, key

    def find(self, device: str, copy: str) -> _Making:
        """A copy of this device; `NotFound` for another's."""
        with self._lock:
            found = self._copies.get(copy)
        if found is None or found.device != device:
            raise NotFound(N_("copy"), copy)
        return found

    def status(self, device: str, copy: str) -> Copy:
        """How far it has come."""
        return self.find(device, copy).said()

    def read(self, device: str, copy: str, start: int, length: int) -> bytes:
        """What there is of a range."""
        found = self.find(device, copy)
        with found.path.open("rb") as file:
            file.seek(start)
            return file.read(max(0, min(length, found.size - start)))

    def drop(self, device: str, copy: str) -> None:
        """The device has it."""
        found = self.find(device, copy)
        with self._lock:
            self._forget(found)

    def close(self) -> None:
        """Stop what is being made and remove everything."""
        with self._lock:
            for making in list(self._copies.values()):
                self._forget(making)
        with self._one_at_a_time:  # whoever reads the database lets go of it
            return

    def _forget(self, making: _Making) -> None:
        making.stopped = True
        del self._copies[making.id]
        with contextlib.suppress(OSError):
            making.path.unlink(missing_ok=True)

    def _sweep(self) -> None:
        limit = time.monotonic() - KEPT_SECONDS
        for old in [it for it in self._copies.values() if it.began < limit]:
            self._forget(old)

    def _make(self, making: _Making, key: bytes) -> None:
        with self._one_at_a_time:
            try:
                self._write(making, key)
            except _Stopped:
                return
            except Exception as error:
                _log.error("copy failed", extra={"kind": type(error).__name__})
                making.failed = True

    def _write(self, making: _Making, key: bytes) -> None:
        run = self._workplace.database.raw(read_only=True)
        with contextlib.closing(run), making.path.open("wb", buffering=0) as out:
            sealed = SealingWriter(out, key)

            def told(rows: int) -> None:
                if making.stopped:
                    raise _Stopped
                making.rows, making.size = rows, sealed.size

            write_snapshot(run, sealed, told)
            sealed.close()
        making.size, making.sha256 = sealed.size, sealed.digest.hexdigest()
        making.is_whole = True

"""Volumes that were opened in this session, sealed on disk: to open one again does not read its slices again.

The key lives in this process only. What a session that ended hard leaves behind is noise, and the next one removes it.
Segments are sealed by AES-256-GCM with their number as associated data, so that none can be exchanged for another.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from viewer.volume.grid import Volume
from viewer.volume.levels import carry_levels

SEGMENT = 4 << 20
TAG = 16
MOST_BYTES = 4 << 30
"""Of disk, for all volumes together; the one that was opened longest ago goes first."""
SUFFIX = ".volume"
WORKERS = 2


@dataclass(frozen=True, slots=True)
class _Kept:
    path: Path
    base: bytes
    head: Volume
    """The volume with no cells: what else there is to it."""
    shape: tuple[int, int, int]

    @property
    def size(self) -> int:
        return 2 * self.shape[0] * self.shape[1] * self.shape[2]


class SessionCache:
    """One for a program. `keep` and `find` may be called from any thread."""

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES) -> None:
        self._folder, self._most = folder, most_bytes
        self._cipher = AESGCM(AESGCM.generate_key(256))
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = threading.Lock()
        for left in folder.glob(f"*{SUFFIX}") if folder.is_dir() else ():
            with contextlib.suppress(OSError):
                left.unlink()

    def keep(self, key: str, volume: Volume) -> bool:
        """Seal a volume; False where there is no room. A key that is kept already is left as it is."""
        if volume.cells.nbytes > self._most or not volume.cells.flags.c_contiguous:
            return False
        with self._lock:
            if key in self._kept:
                return True
        path, base = self._folder / f"{secrets.token_hex(16)}{SUFFIX}", secrets.token_bytes(8)
        try:
            self._write(path, base, volume)
        except OSError:
            path.unlink(missing_ok=True)
            return False
        head = replace(volume, cells=np.zeros((0, 0, 0), np.int16))
        carry_levels(volume, head)
        with self._lock:
            self._kept[key] = _Kept(path, base, head, volume.shape)
            self._make_room()
        return True

    def _write(self, path: Path, base: bytes, volume: Volume) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        plain = volume.cells.reshape(-1).view(np.uint8).data
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            sealed = memoryview(bytearray(SEGMENT + TAG))
            for number in range(-(-len(plain) // SEGMENT)):
                piece = plain[number * SEGMENT : (number + 1) * SEGMENT]
                into = sealed[: len(piece) + TAG]
                self._cipher.encrypt_into(_nonce(base, number), piece, str(number).encode(), into)
                out.write(into)

    def _make_room(self) -> None:
        while sum(kept.size for kept in self._kept.values()) > self._most:
            _key, oldest = self._kept.popitem(last=False)
            oldest.path.unlink(missing_ok=True)

    def find(self, key: str) -> Volume | None:
        """The volume, read and opened on two threads; None where it is not kept, or was tampered with."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
        if kept is None:
            return None
        cells = np.empty(kept.shape, np.int16)
        plain, count = cells.reshape(-1).view(np.uint8).data, -(-kept.size // SEGMENT)
        try:
            with ThreadPoolExecutor(WORKERS, thread_name_prefix="volume cache") as pool:
                list(pool.map(lambda first: self._read(kept, range(first, count, WORKERS), plain), range(WORKERS)))
        except (OSError, InvalidTag):
            self.drop(key)
            return None
        found = replace(kept.head, cells=cells)
        carry_levels(kept.head, found)
        return found

    def _read(self, kept: _Kept, numbers: range, into: memoryview) -> None:
        sealed = memoryview(bytearray(SEGMENT + TAG))
        with kept.path.open("rb", buffering=0) as source:
            for number in numbers:
                source.seek(number * (SEGMENT + TAG))
                part = sealed[: source.readinto(sealed)]
                plain = into[number * SEGMENT : (number + 1) * SEGMENT]
                if len(part) != len(plain) + TAG:
                    raise OSError  # cut short
                self._cipher.decrypt_into(_nonce(kept.base, number), part, str(number).encode(), plain)

    def drop(self, key: str) -> None:
        """Forget a volume: its images were withdrawn, or the patient's data erased."""
        with self._lock:
            kept = self._kept.pop(key, None)
        if kept is not None:
            kept.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Forget all of them."""
        for key in list(self._kept):
            self.drop(key)


def _nonce(base: bytes, number: int) -> bytes:
    return base + number.to_bytes(4, "big")

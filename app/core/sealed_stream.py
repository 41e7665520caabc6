"""Sealed streams: AES-256-GCM in 64 KiB segments, written while the bytes arrive and their number is not known yet.

Layout: magic `AWR1`, 12 random bytes of nonce, then segments of 64 KiB + 16 bytes tag, the last one shorter or as long.
As in `sealed`, the nonce of segment i has i in its last 4 bytes. The associated data binds number and whether it is the
last one (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015): a stream that was cut is not whole,
and can't be taken for one that is. A stream has no name of its own; `sealed` files are named by what they hold.
"""

from __future__ import annotations

import os
import secrets
import struct
from pathlib import Path
from typing import Final

from app.core.errors import IntegrityFailure
from app.core.sealed_segments import DAMAGED, NONCE, SEGMENT, TAG, SegmentReader, nonce

STREAM_MAGIC: Final = b"AWR1"
_HEADER: Final = struct.Struct("<4s12s")


def _bound(number: int, *, last: bool) -> bytes:
    return struct.pack("<4sQ?", STREAM_MAGIC, number, last)


class SealedStreamWriter:
    """Writes one stream; `finish` makes it whole and durable, `discard` removes it. For one thread."""

    def __init__(self, path: Path, key: bytes) -> None:
        """Raises OSError, also for a path that is taken."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self.path = path
        self._cipher, self._base = AESGCM(key), secrets.token_bytes(NONCE)
        self._number = 0
        self._held = bytearray()
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        self._file = os.fdopen(descriptor, "wb", buffering=1 << 18)
        self._file.write(_HEADER.pack(STREAM_MAGIC, self._base))

    def write(self, piece: bytes | bytearray | memoryview) -> None:
        """Add bytes. Raises OSError, as when the disk is full."""
        self._held += piece
        if len(self._held) <= SEGMENT:
            return
        whole = (len(self._held) - 1) // SEGMENT  # the last segment is known only when the stream ends
        with memoryview(self._held) as held:
            for number in range(whole):
                self._seal(held[number * SEGMENT : (number + 1) * SEGMENT], last=False)
        del self._held[: whole * SEGMENT]

    def _seal(self, piece: bytes | bytearray | memoryview, *, last: bool) -> None:
        sealed = self._cipher.encrypt(nonce(self._base, self._number), piece, _bound(self._number, last=last))
        self._file.write(sealed)
        self._number += 1

    def finish(self) -> None:
        """Write what is left and wait for the disk. Raises OSError; the stream is then not whole."""
        self._seal(self._held, last=True)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def discard(self) -> None:
        """Leave nothing behind."""
        try:
            self._file.close()
        except OSError:  # what is still held does not fit on the disk, and is not wanted
            pass
        finally:
            self.path.unlink(missing_ok=True)


class SealedStreamReader(SegmentReader):
    """Random access to the plain bytes of a whole stream; `IntegrityFailure` for one that was cut or changed."""

    header = _HEADER.size

    def opened(self, head: bytes, sealed: int) -> None:
        if head[:4] != STREAM_MAGIC:
            raise IntegrityFailure(DAMAGED)
        self._count = max(1, -(-sealed // (SEGMENT + TAG)))
        self.length = sealed - TAG * self._count
        self.segment(self._count - 1)  # only the last one tells that the stream is whole

    def bound(self, number: int) -> bytes:
        return _bound(number, last=number == self._count - 1)

"""What both kinds of sealed file share: plain bytes read at random out of segments of AES-256-GCM.

A file begins with a header whose bytes 4 to 16 are its nonce; segments of 64 KiB plain bytes and a tag of 16 follow,
the last one as short as it must be. The nonce of segment i is that of the file, its last 4 bytes xor i.
"""

from __future__ import annotations

import io
import os
from abc import abstractmethod
from pathlib import Path
from typing import Final

from app.core.errors import IntegrityFailure
from app.core.i18n import N_

SEGMENT: Final = 64 * 1024
TAG: Final = 16
NONCE: Final = 12
DAMAGED: Final = N_("A sealed file is damaged.")


def nonce(base: bytes, number: int) -> bytes:
    """The nonce of one segment."""
    mixed = int.from_bytes(base[8:], "big") ^ number
    return base[:8] + mixed.to_bytes(4, "big")


class SegmentReader(io.RawIOBase):
    """Random access to the plain bytes of a sealed file; a changed segment raises `IntegrityFailure`.

    A kind of file says what its header holds (`opened`) and what each segment is bound to (`bound`).
    """

    header: int
    """The length of the header, bytes."""
    length: int
    """The number of plain bytes; `opened` sets it."""

    def __init__(self, path: Path, key: bytes) -> None:
        """Raises OSError; `IntegrityFailure` for what is no such file, or is not whole."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        super().__init__()
        self._file = path.open("rb")
        self._cipher = AESGCM(key)
        self._position = 0
        self._held: tuple[int, bytes] = (-1, b"")
        try:
            head = self._file.read(self.header)
            if len(head) != self.header:
                raise IntegrityFailure(DAMAGED)
            self._base = head[4 : 4 + NONCE]
            self.opened(head, os.fstat(self._file.fileno()).st_size - self.header)
        except BaseException:
            self._file.close()
            raise

    @abstractmethod
    def opened(self, head: bytes, sealed: int) -> None:
        """Read the header before `sealed` bytes of segments; sets `length`. Raises `IntegrityFailure`."""

    @abstractmethod
    def bound(self, number: int) -> bytes:
        """The associated data of one segment."""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.length}[whence]
        self._position = max(0, start + offset)
        return self._position

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # typeshed: WriteableBuffer
        wanted = min(len(buffer), max(0, self.length - self._position))
        done = 0
        while done < wanted:
            number, start = divmod(self._position, SEGMENT)
            piece = self.segment(number)[start : start + wanted - done]
            buffer[done : done + len(piece)] = piece
            done += len(piece)
            self._position += len(piece)
        return done

    def close(self) -> None:
        self._file.close()
        super().close()

    def segment(self, number: int) -> bytes:
        """The plain bytes of one segment; the last one that was read is kept."""
        from cryptography.exceptions import InvalidTag

        if self._held[0] != number:
            self._file.seek(self.header + number * (SEGMENT + TAG))
            sealed = self._file.read(SEGMENT + TAG)
            try:
                plain = self._cipher.decrypt(nonce(self._base, number), sealed, self.bound(number))
            except (InvalidTag, ValueError) as error:  # ValueError: what is left is shorter than a tag
                raise IntegrityFailure(DAMAGED) from error
            self._held = (number, plain)
        return self._held[1]

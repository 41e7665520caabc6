"""A stream sealed under a key of its own, and that key wrapped for one device. No network here.

Layout: magic `AWX1`, 12 random bytes of nonce, then segments of AES-256-GCM, 64 KiB and a tag each, the last one
shorter. The nonce of a segment is the stream's with its last four bytes mixed with the number; the associated data
binds the number and whether it is the last, so that no segment can be moved, dropped or cut off unseen (the STREAM
construction of Hoang, Reyhanitabar, Rogaway and Vizár 2015).
"""

from __future__ import annotations

import hashlib
import io
import secrets
import struct
from typing import TYPE_CHECKING, BinaryIO, Final

from app.core.errors import IntegrityFailure
from app.core.i18n import N_

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

KEY_BYTES: Final = 32
_SEGMENT: Final = 64 * 1024
_TAG: Final = 16
_MAGIC: Final = b"AWX1"
_WRAP_INFO: Final = b"archwire snapshot key 1"


def new_key() -> bytes:
    """A key for one stream."""
    return secrets.token_bytes(KEY_BYTES)


def _nonce(base: bytes, number: int) -> bytes:
    return base[:8] + (int.from_bytes(base[8:], "big") ^ number).to_bytes(4, "big")


def _bound(number: int, *, last: bool) -> bytes:
    return struct.pack("<Q?", number, last)


class SealingWriter(io.RawIOBase):
    """Seals what is written into `out`; `close` writes the last segment and leaves `out` open.

    `digest` is the SHA-256, and `size` the length, of the sealed bytes so far.
    """

    def __init__(self, out: BinaryIO, key: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        super().__init__()
        self._out, self._cipher, self._base = out, AESGCM(key), secrets.token_bytes(12)
        self._number, self._waiting = 0, bytearray()
        self.digest, self.size = hashlib.sha256(), 0
        self._emit(_MAGIC + self._base)

    def writable(self) -> bool:
        return True

    def write(self, content: bytes) -> int:  # type: ignore[override]  # typeshed: any buffer
        self._waiting += content
        while len(self._waiting) > _SEGMENT:  # the last full segment waits: it may be the last of all
            self._seal(bytes(self._waiting[:_SEGMENT]), last=False)
            del self._waiting[:_SEGMENT]
        return len(content)

    def close(self) -> None:
        if not self.closed:
            self._seal(bytes(self._waiting), last=True)
            self._waiting.clear()
        super().close()

    def _seal(self, plain: bytes, *, last: bool) -> None:
        self._emit(self._cipher.encrypt(_nonce(self._base, self._number), plain, _bound(self._number, last=last)))
        self._number += 1

    def _emit(self, sealed: bytes) -> None:
        self._out.write(sealed)
        self.digest.update(sealed)
        self.size += len(sealed)


class SealedStream(io.RawIOBase):
    """The plain bytes of a sealed stream, in order. `IntegrityFailure` when a byte is another or the end is missing."""

    def __init__(self, source: BinaryIO, key: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        super().__init__()
        head = source.read(len(_MAGIC) + 12)
        if len(head) != len(_MAGIC) + 12 or head[:4] != _MAGIC:
            raise _damaged()
        self._source, self._cipher, self._base = source, AESGCM(key), head[4:]
        self._number, self._held, self._place = 0, b"", 0
        self._ahead = source.read(_SEGMENT + _TAG)
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # typeshed: WriteableBuffer
        if self._place == len(self._held) and not self._next():
            return 0
        piece = self._held[self._place : self._place + len(buffer)]
        buffer[: len(piece)] = piece
        self._place += len(piece)
        return len(piece)

    def _next(self) -> bool:
        from cryptography.exceptions import InvalidTag

        while not self._ended:
            sealed, self._ahead = self._ahead, self._source.read(_SEGMENT + _TAG)
            self._ended = not self._ahead
            bound = _bound(self._number, last=self._ended)
            try:
                self._held = self._cipher.decrypt(_nonce(self._base, self._number), sealed, bound)
            except (InvalidTag, ValueError) as error:
                raise _damaged() from error
            self._place, self._number = 0, self._number + 1
            if self._held:
                return True
        return False


def wrap_key(key: bytes, device: str, public: bytes) -> bytes:
    """The key for one device alone: X25519 with a key pair of the moment, HKDF-SHA256, AES-256-GCM.

    Gives 32 bytes of public key, then the sealed key. `device` is bound in.
    """
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    own = X25519PrivateKey.generate()
    shared = own.exchange(X25519PublicKey.from_public_bytes(public))
    here = own.public_key().public_bytes_raw()
    return here + AESGCM(_wrapping_key(shared, here + public)).encrypt(bytes(12), key, device.encode())


def unwrap_key(wrapped: bytes, device: str, private: X25519PrivateKey) -> bytes:
    """The key that was wrapped for this device; `IntegrityFailure` when it was for another, or is damaged."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    there, public = wrapped[:32], private.public_key().public_bytes_raw()
    try:
        shared = private.exchange(X25519PublicKey.from_public_bytes(there))
        return AESGCM(_wrapping_key(shared, there + public)).decrypt(bytes(12), wrapped[32:], device.encode())
    except (InvalidTag, ValueError) as error:
        raise IntegrityFailure(N_("What the server sent cannot be opened by this workstation.")) from error


def _wrapping_key(shared: bytes, publics: bytes) -> bytes:
    """A key that is used once: therefore the nonce under it may be zero."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), KEY_BYTES, publics, _WRAP_INFO).derive(shared)


def _damaged() -> IntegrityFailure:
    return IntegrityFailure(N_("The download is damaged or incomplete."))

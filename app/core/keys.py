"""The database key: 256 random bits and a salt, in the OS keyring or in a 0600 file, escrowed under a recovery key.

A raw key opens SQLCipher in 2 ms; a passphrase would cost 128 ms at each connection. The key file, when the machine
has no keyring, is one line of 96 hexadecimal digits: 64 of key, 32 of salt.
"""

from __future__ import annotations

import base64
import contextlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import msgspec

from app.core.errors import IntegrityFailure, NotFound, UsageError
from app.core.i18n import N_

KEY_FILE: Final = "database.key"
RECOVERY_FILE: Final = "recovery.json"
KEY_IN_FILE: Final = N_(
    "This computer has no keyring: the key stands in the file {path}, which only you may read. "
    "Whoever has that file and the database can read everything."
)
KEYRING_SERVICE: Final = "Archwire database key"
_SCRYPT: Final = {"n": 1 << 15, "r": 8, "p": 1}


@dataclass(frozen=True, slots=True, repr=False)
class DataKey:
    """The raw key (32 bytes) and SQLCipher's salt (16 bytes)."""

    key: bytes
    salt: bytes

    @classmethod
    def generate(cls) -> DataKey:
        """A new random key."""
        return cls(secrets.token_bytes(32), secrets.token_bytes(16))

    @classmethod
    def from_hex(cls, text: str) -> DataKey:
        """From the 96 hexadecimal digits of a key file; `IntegrityFailure` when they are not that."""
        try:
            raw = bytes.fromhex(text.strip())
        except ValueError:
            raw = b""
        if len(raw) != 48:
            raise IntegrityFailure(N_("The key of this folder cannot be read."))
        return cls(raw[:32], raw[32:])

    def hex(self) -> str:
        """96 hexadecimal digits: key, then salt."""
        return (self.key + self.salt).hex()

    def derive(self, purpose: str) -> bytes:
        """A 256-bit key for one purpose (sealed files, anchors): HKDF-SHA256, RFC 5869."""
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        return HKDF(SHA256(), 32, self.salt, purpose.encode()).derive(self.key)


class Keyring(Protocol):
    """What we use of the `keyring` package."""

    def get_password(self, service: str, username: str) -> str | None:
        """The stored secret."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Store a secret."""

    def delete_password(self, service: str, username: str) -> None:
        """Forget a secret."""


def system_keyring() -> Keyring | None:
    """The OS keyring, or None where there is none (a headless machine) or it is not trusted."""
    if os.environ.get("ARCHWIRE_KEYRING") == "off":
        return None
    import keyring
    from keyring.backends import chainer, fail, null

    backend = keyring.get_keyring()
    if isinstance(backend, fail.Keyring | null.Keyring):
        return None
    if isinstance(backend, chainer.ChainerBackend) and not backend.backends:
        return None
    return backend


def read_key(folder: Path, keyring: Keyring | None = None) -> DataKey:
    """The folder's key from its key file, else from the keyring; `NotFound` when neither holds it."""
    file = folder / KEY_FILE
    if file.exists():
        return DataKey.from_hex(file.read_text(encoding="ascii", errors="replace"))
    ring = keyring or system_keyring()
    stored = ring.get_password(KEYRING_SERVICE, str(folder.resolve())) if ring else None
    if stored is None:
        raise NotFound(N_("key"), folder.name)
    return DataKey.from_hex(stored)


def store_key(folder: Path, key: DataKey, keyring: Keyring | None = None) -> bool:
    """Keep the key in the OS keyring; True. Without one, in a 0600 file beside the database; False."""
    ring = keyring or system_keyring()
    if ring is not None:
        try:
            ring.set_password(KEYRING_SERVICE, str(folder.resolve()), key.hex())
        except Exception:  # any backend's own error class: the file is the fallback
            ring = None
    if ring is not None:
        (folder / KEY_FILE).unlink(missing_ok=True)
        return True
    write_private(folder / KEY_FILE, key.hex().encode())
    return False


def move_key(source: Path, target: Path, keyring: Keyring | None = None) -> None:
    """Before a folder is renamed: the keyring, which knows folders by their path, learns the new one.

    A key file lies in the folder and moves with it. The entry of the old path stays until `forget_key`.
    """
    if not (source / KEY_FILE).exists():
        store_key(target, read_key(source, keyring), keyring)


def forget_key(folder: Path, keyring: Keyring | None = None) -> None:
    """Drop what the keyring holds for a folder that is gone; nothing happens where there is nothing to drop."""
    ring = keyring or system_keyring()
    if ring is not None:
        with contextlib.suppress(Exception):  # any backend's own error class: there is no such entry
            ring.delete_password(KEYRING_SERVICE, str(folder.resolve()))


def destroy_key(folder: Path, keyring: Keyring | None = None) -> None:
    """Make a folder unreadable for ever: its key goes from the keyring and the disk, and so does its escrow.

    The files are overwritten first. On a disk that writes elsewhere than it is told (an SSD), that is no proof; there
    it is the encryption of the disk that must hold.
    """
    forget_key(folder, keyring)
    for name in (KEY_FILE, f"{KEY_FILE}.next", RECOVERY_FILE):
        shred(folder / name)


def shred(path: Path) -> None:
    """Overwrite a small secret file, then remove it; nothing happens where there is none."""
    with contextlib.suppress(FileNotFoundError):
        with path.open("r+b") as out:
            out.write(bytes(path.stat().st_size))
            out.flush()
            os.fsync(out.fileno())
        path.unlink()


def key_file_of(folder: Path) -> Path | None:
    """The file in which the key stands, where there is no keyring: whoever is told so can guard it."""
    file = folder / KEY_FILE
    return file if file.exists() else None


def write_private(path: Path, data: bytes) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    temporary = path.with_name(path.name + ".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    temporary.replace(path)


def new_recovery_key() -> str:
    """160 random bits in base 32, in eight groups of four."""
    code = base64.b32encode(secrets.token_bytes(20)).decode()
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def escrow(folder: Path, key: DataKey, recovery_key: str = "") -> str:
    """Wrap the key under a recovery key, a new one unless one was printed already; returns it, to be kept in a safe."""
    printed = recovery_key or new_recovery_key()
    code = printed.replace("-", "")
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    sealed = AESGCM(_recovery_secret(code, salt)).encrypt(nonce, key.key + key.salt, b"archwire recovery 1")
    content = {"version": 1, "salt": salt.hex(), "nonce": nonce.hex(), "sealed": sealed.hex(), **_SCRYPT}
    write_private(folder / RECOVERY_FILE, msgspec.json.encode(content))
    return printed


def recover(folder: Path, recovery_key: str) -> DataKey:
    """The database key from the recovery key; `UsageError` when it is not the folder's."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    file = folder / RECOVERY_FILE
    if not file.exists():
        raise NotFound(N_("recovery file"), folder.name)
    try:
        content = msgspec.json.decode(file.read_bytes(), type=dict[str, Any])
        salt, nonce, sealed = (bytes.fromhex(content[name]) for name in ("salt", "nonce", "sealed"))
    except (msgspec.DecodeError, KeyError, TypeError, ValueError) as error:
        raise IntegrityFailure(N_("The recovery file is damaged.")) from error
    code = "".join(recovery_key.upper().split()).replace("-", "")
    try:
        raw = AESGCM(_recovery_secret(code, salt)).decrypt(nonce, sealed, b"archwire recovery 1")
    except InvalidTag as error:
        raise UsageError(N_("This is not the recovery key of this folder.")) from error
    return DataKey(raw[:32], raw[32:])


def _recovery_secret(code: str, salt: bytes) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    return Scrypt(salt, 32, **_SCRYPT).derive(code.encode())

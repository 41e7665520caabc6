"""The credentials of a bucket: in the keyring of the computer that transfers, or in a file that only its owner reads.

They are in no database, dump, journal or log.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Final

import msgspec

from app.core.errors import IntegrityFailure, NotFound
from app.core.i18n import N_
from app.core.keys import Keyring, shred, system_keyring, write_private
from app.storage.vocabulary import StorageTargetId

KEYRING_SERVICE: Final = "Archwire bucket"


class Credentials(msgspec.Struct, frozen=True):
    """`key_id` and `secret` of S3, with `token` where they are temporary; of Azure the account’s key in `secret`."""

    secret: str
    key_id: str = ""
    token: str = ""

    def __repr__(self) -> str:
        return "Credentials(…)"


def store_credentials(
    folder: Path, target: StorageTargetId, credentials: Credentials, keyring: Keyring | None = None
) -> bool:
    """Keep them in the keyring; True. Without one, in a 0600 file beside the database; False."""
    text = msgspec.json.encode(credentials)
    ring = keyring or system_keyring()
    if ring is not None:
        with contextlib.suppress(Exception):  # any backend's own error class: the file is the fallback
            ring.set_password(KEYRING_SERVICE, _name(folder, target), text.decode())
            shred(_file(folder, target))
            return True
    write_private(_file(folder, target), text)
    return False


def read_credentials(folder: Path, target: StorageTargetId, keyring: Keyring | None = None) -> Credentials:
    """Those of a bucket; `NotFound` where this computer has none."""
    file = _file(folder, target)
    ring = None if file.exists() else keyring or system_keyring()
    text = file.read_text("utf-8") if file.exists() else None
    if ring is not None:
        text = ring.get_password(KEYRING_SERVICE, _name(folder, target))
    if text is None:
        raise NotFound(N_("credentials"), target[:8])
    try:
        return msgspec.json.decode(text, type=Credentials)
    except msgspec.DecodeError as error:
        raise IntegrityFailure(N_("The credentials of this bucket cannot be read. Enter them again.")) from error


def has_credentials(folder: Path, target: StorageTargetId, keyring: Keyring | None = None) -> bool:
    """Whether this computer can transfer to the bucket."""
    try:
        read_credentials(folder, target, keyring)
    except (NotFound, IntegrityFailure):
        return False
    return True


def forget_credentials(folder: Path, target: StorageTargetId, keyring: Keyring | None = None) -> None:
    """Drop them; nothing happens where there are none."""
    shred(_file(folder, target))
    ring = keyring or system_keyring()
    if ring is not None:
        with contextlib.suppress(Exception):  # any backend's own error class: there is no such entry
            ring.delete_password(KEYRING_SERVICE, _name(folder, target))


def _file(folder: Path, target: StorageTargetId) -> Path:
    return folder / f"bucket-{target}.key"


def _name(folder: Path, target: StorageTargetId) -> str:
    return f"{folder.resolve()}#{target}"

"""Where this workstation's server is, by whose certificate it is known, and with which key this device signs.

The address and the authority's certificate are no secrets: they stand in a file beside the database. The device's
private key stands in the keyring of the computer, or, without one, in a file that only its owner may read.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.core.errors import IntegrityFailure, NotFound
from app.core.i18n import N_
from app.core.keys import Keyring, system_keyring, write_private

CONNECTION_FILE: Final = "connection.json"
DEVICE_KEY_FILE: Final = "device.key"
KEYRING_SERVICE: Final = "Archwire device key"


class Connection(msgspec.Struct, frozen=True):
    """`url` is https://host:port; `authority` the PEM of the only authority whose certificates are believed."""

    url: str
    practice: str
    device: str
    authority: str
    embedded: bool = False
    """Whether this computer runs the server itself."""


def read_connection(folder: Path) -> Connection | None:
    """The server of a folder, None before one is set up."""
    file = folder / CONNECTION_FILE
    try:
        return msgspec.json.decode(file.read_bytes(), type=Connection) if file.exists() else None
    except msgspec.DecodeError as error:
        raise IntegrityFailure(N_("The file that names the server cannot be read.")) from error


def write_connection(folder: Path, connection: Connection) -> None:
    """Keep where the server is."""
    write_private(folder / CONNECTION_FILE, msgspec.json.format(msgspec.json.encode(connection), indent=2))


def forget_connection(folder: Path, keyring: Keyring | None = None) -> None:
    """This folder has no server any more, and no key to sign with."""
    for name in (CONNECTION_FILE, DEVICE_KEY_FILE):
        (folder / name).unlink(missing_ok=True)
    ring = keyring or system_keyring()
    if ring is not None:
        with contextlib.suppress(Exception):  # any backend's own error class: there is no such entry
            ring.delete_password(KEYRING_SERVICE, str(folder.resolve()))


def device_key(folder: Path, keyring: Keyring | None = None) -> Ed25519PrivateKey:
    """The device's private key; `NotFound` when this folder has none."""
    file = folder / DEVICE_KEY_FILE
    ring = None if file.exists() else keyring or system_keyring()
    text = file.read_text("ascii") if file.exists() else None
    if ring is not None:
        text = ring.get_password(KEYRING_SERVICE, str(folder.resolve()))
    if text is None:
        raise NotFound(N_("key"), folder.name)
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(text.strip()))
    except ValueError as error:
        raise IntegrityFailure(N_("The key of this folder cannot be read.")) from error


def store_device_key(folder: Path, key: Ed25519PrivateKey, keyring: Keyring | None = None) -> None:
    """Keep the device's private key."""
    text = key.private_bytes_raw().hex()
    ring = keyring or system_keyring()
    if ring is not None:
        with contextlib.suppress(Exception):  # any backend's own error class: the file is the fallback
            ring.set_password(KEYRING_SERVICE, str(folder.resolve()), text)
            (folder / DEVICE_KEY_FILE).unlink(missing_ok=True)
            return
    write_private(folder / DEVICE_KEY_FILE, text.encode())

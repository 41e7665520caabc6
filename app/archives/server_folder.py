"""The folder of a practice's server, as far as its backups go: where its practices lie, and what makes it this server.

::

    server.json             where it listens, the token of whoever watches it
    tls/                    its own authority, which every workstation pins, and its certificate
    practices/<id>/         a data folder for each practice

A workstation that hosts the server has that folder as `server` within its own. Workstations know their server by its
authority: a server that was put back without it would be a stranger to all of them.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Final

import msgspec

from app.core.database import DATABASE_FILE
from app.core.errors import IntegrityFailure
from app.core.i18n import N_
from app.core.keys import DataKey, write_private

SERVER_FOLDER: Final = "server"
"""Under the data folder of the workstation that hosts the server itself."""
PRACTICES_FOLDER: Final = "practices"
SETTINGS_FILE: Final = "server.json"
TLS_FOLDER: Final = "tls"
_NONCE: Final = 12


def practices_of(server: Path) -> list[Path]:
    """The data folders of a server's practices; not one that is being made, nor one that a restore has put aside."""
    found = (server / PRACTICES_FOLDER).glob("*")
    return sorted(it for it in found if "." not in it.name and (it / DATABASE_FILE).exists())


def hosted_practices(folder: Path) -> list[Path]:
    """The practices of the server that this data folder hosts."""
    return practices_of(folder / SERVER_FOLDER)


def identity_of(practice: Path) -> bytes:
    """What makes the server of this practice's folder itself, packed; empty when the folder is no server's."""
    server = practice.parent.parent
    if practice.parent.name != PRACTICES_FOLDER or not (server / SETTINGS_FILE).exists():
        return b""
    paths = [server / SETTINGS_FILE, *sorted(it for it in (server / TLS_FOLDER).glob("*") if it.is_file())]
    return msgspec.json.encode(
        {it.relative_to(server).as_posix(): base64.b64encode(it.read_bytes()).decode() for it in paths}
    )


def put_identity(practice: Path, packed: bytes) -> None:
    """Make the server's folder around a practice what it was; files that are there already are left alone."""
    server = practice.parent.parent
    for name, content in msgspec.json.decode(packed, type=dict[str, str]).items():
        path = server / name
        if server not in path.parents or ".." in Path(name).parts:
            raise IntegrityFailure(N_("The backup {name} is damaged."), name=practice.name)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_private(path, base64.b64decode(content))


def wrapped(key: DataKey, host: DataKey) -> bytes:
    """The key of a practice's folder, to be opened by that of the workstation which hosts the server."""
    import secrets

    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(host.derive("key of the hosted server")).encrypt(nonce, key.hex().encode(), None)


def unwrapped(sealed: bytes, host: DataKey) -> DataKey:
    """The key that was wrapped; `IntegrityFailure` when this is not the workstation it was wrapped for."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    cipher = AESGCM(host.derive("key of the hosted server"))
    try:
        return DataKey.from_hex(cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], None).decode())
    except InvalidTag as error:
        raise IntegrityFailure(N_("The key of this folder cannot be read.")) from error

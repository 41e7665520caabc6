"""What a backup is on a disk. One folder for each workstation of each practice holds::

    2026-11-24T190002Z/   one whole copy of the database, the wrapped key, and what belongs to it:
        workstation.db    SQLCipher, under the key of the workstation
        recovery.json     that key, wrapped under the recovery key that was printed
        files             the SHA-256 of every sealed file, one a line
        host.key            of a server's: its key, for the workstation that hosts it and backs it up
        backup.json       what this is, authenticated under the key; written last
    sealed-<key>/ab/...   the sealed files of all copies, each once, as they are sealed

Nothing in it can be read without the key of the workstation or the recovery key.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import msgspec

from app.core.errors import IntegrityFailure, NotFound, UsageError
from app.core.i18n import N_
from app.core.keys import DataKey

MANIFEST: Final = "backup.json"
HOST_KEY: Final = "host.key"
FILES: Final = "files"
UNFINISHED: Final = ".unfinished"
FORMAT: Final = 1
_NAME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d{6}Z(-\d+)?")
_HOUSE: Final = "archwire-"


@dataclass(frozen=True, slots=True)
class Generation:
    """One whole backup. `at` is milliseconds since 1970, `head` the last operation; sizes are bytes."""

    folder: Path
    at: int
    practice: str
    device: str
    kind: str
    schema: int
    head: int
    database_sha256: str
    database_bytes: int
    files: int
    files_sha256: str
    sealed_bytes: int
    key_id: str
    mac: str = ""
    format: int = FORMAT
    identity: str = ""
    """Of a server's folder: the sealed file with its certificates and settings."""

    @property
    def name(self) -> str:
        """Its moment, as its folder is called."""
        return self.folder.name

    @property
    def pool(self) -> Path:
        """Where its sealed files are."""
        return pool_of(self.folder.parent, self.key_id)

    def names(self) -> list[str]:
        """The SHA-256 of each of its sealed files; `IntegrityFailure` when the list is not the one written."""
        content = (self.folder / FILES).read_bytes()
        if hashlib.sha256(content).hexdigest() != self.files_sha256:
            raise IntegrityFailure(N_("The backup {name} is damaged."), name=self.name)
        return content.decode("ascii").split()


def key_id(key: DataKey) -> str:
    """Which key a copy is under, without telling anything of it: 16 hexadecimal digits."""
    return key.derive("backup key id")[:8].hex()


def house_of(target: Path, practice: str, device: str) -> Path:
    """The folder of one workstation's backups in the place that was chosen."""
    return target / f"{_HOUSE}{practice[-8:]}-{device[-8:]}"


def pool_of(house: Path, identity: str) -> Path:
    """The sealed files under one key."""
    return house / f"sealed-{identity}"


def write_manifest(generation: Generation, key: DataKey) -> Generation:
    """Say what is in the folder, the last thing that is written into it; returns what was said, authenticated."""
    told = _told(generation)
    sealed = replace(generation, mac=_mac(told, key))
    content = msgspec.json.format(msgspec.json.encode(told | {"mac": sealed.mac}), indent=2)
    (generation.folder / MANIFEST).write_bytes(content)
    return sealed


def authentic(generation: Generation, key: DataKey) -> bool:
    """Whether this was written by who holds the key."""
    return hmac.compare_digest(generation.mac, _mac(_told(generation), key))


def _told(generation: Generation) -> dict[str, Any]:
    """All of it; `identity` only where there is one, so that backups of before it are authentic as they were."""
    left = {"folder", "mac"} if generation.identity else {"folder", "mac", "identity"}
    return {name: getattr(generation, name) for name in sorted(generation.__slots__) if name not in left}


def _mac(told: dict[str, Any], key: DataKey) -> str:
    return hmac.new(key.derive("backup manifest"), msgspec.json.encode(told), hashlib.sha256).hexdigest()


def read_generation(folder: Path) -> Generation:
    """The backup in a folder; `NotFound` when it holds none, `IntegrityFailure` when what it says is unreadable."""
    try:
        content = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=dict[str, Any])
        if int(content["format"]) > FORMAT:
            raise UsageError(N_("The backup {name} was made by a later version of Archwire."), name=folder.name)
        content.setdefault("identity", "")
        known = {name: content[name] for name in Generation.__slots__ if name not in {"folder"}}
    except FileNotFoundError as error:
        raise NotFound(N_("backup"), folder.name) from error
    except (msgspec.DecodeError, KeyError, TypeError, ValueError) as error:
        raise IntegrityFailure(N_("The backup {name} is damaged."), name=folder.name) from error
    return Generation(folder, **known)


def generations(house: Path) -> list[Generation]:
    """The whole backups of one workstation, the newest first; what cannot be read is passed over."""
    found = []
    for folder in sorted(house.glob("*Z*"), reverse=True) if house.is_dir() else []:
        if _NAME.fullmatch(folder.name) and (folder / MANIFEST).is_file():
            try:
                found.append(read_generation(folder))
            except (IntegrityFailure, UsageError):
                continue
    return found


def chosen(source: Path, *, server: bool = False) -> Generation:
    """The backup that a path means: itself, or the newest of the only workstation below it; or of the only `server`.

    `UsageError` when several workstations have backups there; `NotFound` when none has.
    """
    if (source / MANIFEST).is_file():
        return read_generation(source)
    houses = [source, *sorted(source.glob(f"{_HOUSE}*"))] if source.is_dir() else []
    found = [(it, kept) for it in houses if (kept := generations(it)) and bool(kept[0].identity) is server]
    if not found:
        raise NotFound(N_("backup"), str(source))
    if len(found) > 1:
        names = ", ".join(house.name for house, _kept in found)
        raise UsageError(N_("Several workstations have backups there; name one of them: {names}."), names=names)
    return found[0][1][0]

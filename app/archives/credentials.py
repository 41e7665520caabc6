"""Who we are to an archive that asks (DICOMweb): kept by this computer, never in the database."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from app.archives.vocabulary import ArchiveId
from app.core.kept_secrets import keep_secret, read_secret
from app.core.keys import Keyring

SERVICE: Final = "Archwire archive"


class ArchiveCredentials(msgspec.Struct, frozen=True):
    """A user with a password, or a token in `secret` alone."""

    secret: str
    user: str = ""

    def __repr__(self) -> str:
        return "ArchiveCredentials(…)"


def keep_credentials(
    folder: Path, archive: ArchiveId, credentials: ArchiveCredentials, keyring: Keyring | None = None
) -> bool:
    """Keep them; False when there is no keyring and a file holds them."""
    text = msgspec.json.encode(credentials).decode()
    return keep_secret(folder, SERVICE, f"archive-{archive}", text, keyring)


def credentials_of(folder: Path, archive: ArchiveId, keyring: Keyring | None = None) -> ArchiveCredentials | None:
    """Those of an archive; None where this computer has none, or none that can be read."""
    text = read_secret(folder, SERVICE, f"archive-{archive}", keyring)
    try:
        return msgspec.json.decode(text, type=ArchiveCredentials) if text is not None else None
    except msgspec.DecodeError:
        return None

"""Secrets of this computer: in its keyring, or in a file that only its owner reads. In no database, dump or log."""

from __future__ import annotations

import contextlib
from pathlib import Path

from app.core.keys import Keyring, shred, system_keyring, write_private


def keep_secret(folder: Path, service: str, name: str, text: str, keyring: Keyring | None = None) -> bool:
    """Keep a text in the keyring; True. Without one, in a 0600 file beside the database; False."""
    ring = keyring or system_keyring()
    if ring is not None:
        with contextlib.suppress(Exception):  # any backend's own error class: the file is the fallback
            ring.set_password(service, _entry(folder, name), text)
            shred(_file(folder, name))
            return True
    write_private(_file(folder, name), text.encode())
    return False


def read_secret(folder: Path, service: str, name: str, keyring: Keyring | None = None) -> str | None:
    """The text; None where this computer has none."""
    file = _file(folder, name)
    if file.exists():
        return file.read_text("utf-8")
    ring = keyring or system_keyring()
    return ring.get_password(service, _entry(folder, name)) if ring is not None else None


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name}.key"


def _entry(folder: Path, name: str) -> str:
    return f"{folder.resolve()}#{name}"

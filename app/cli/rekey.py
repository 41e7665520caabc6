"""A new key for a data folder: database, sealed files, anchor and escrow, so that a stop half way loses nothing.

Order: new key beside the old one → sealed files written again beside the old ones → database, in one transaction →
key, escrow, anchor and files put in place. Until the database has changed, all of it is thrown away; from then on,
all of it is carried through. `resume` tells which by the key that opens the database.
"""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path
from typing import Any, Final

from app.core.database import DATABASE_FILE, connect
from app.core.errors import IntegrityFailure, RuleViolation
from app.core.i18n import N_
from app.core.keys import DataKey, Keyring, escrow, read_key, store_key, write_private
from app.core.sealed import SealedStore
from app.journal.anchors import ANCHOR_FILE, current_anchor, write_anchor
from app.journal.operations import state
from app.journal.workplace import SEALED_FOLDER

NEXT_KEY: Final = "database.key.next"
NEXT_FILES: Final = "sealed.next"
OLD_FILES: Final = "sealed.old"


def rekey(folder: Path, keyring: Keyring | None = None) -> str:
    """Give the folder a new key; returns the new recovery key, to be printed once.

    No program may have the folder open. Raises `RuleViolation` otherwise.
    """
    finished = resume(folder, keyring)
    if finished is not None:
        return finished
    old, new = read_key(folder, keyring), DataKey.generate()
    with contextlib.closing(_alone(folder, old)) as connection:
        write_private(folder / NEXT_KEY, new.hex().encode())
        _seal_again(folder, old, new)
        connection.execute(f"PRAGMA rekey = \"x'{new.hex()}'\"")
    return _put_in_place(folder, new, keyring)


def resume(folder: Path, keyring: Keyring | None = None) -> str | None:
    """Carry through or throw away a change of key that was stopped; the new recovery key when carried through."""
    file = folder / NEXT_KEY
    if not file.exists():
        return None
    new = DataKey.from_hex(file.read_text(encoding="ascii"))
    if not _opens(folder, new):
        shutil.rmtree(folder / NEXT_FILES, ignore_errors=True)
        file.unlink()
        return None
    return _put_in_place(folder, new, keyring)


def _alone(folder: Path, key: DataKey) -> Any:
    """A connection that no other shares: the log can only be given up by the last one."""
    import sqlcipher3.dbapi2 as sqlcipher

    connection = connect(folder / DATABASE_FILE, key)
    try:
        connection.execute("PRAGMA busy_timeout = 1000")
        mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
    except sqlcipher.OperationalError:
        mode = "busy"
    if mode != "delete":
        connection.close()
        raise RuleViolation(N_("Close Archwire on this workstation first: it has this folder open."))
    return connection


def _opens(folder: Path, key: DataKey) -> bool:
    try:
        connect(folder / DATABASE_FILE, key, read_only=True).close()
    except IntegrityFailure:
        return False
    return True


def _seal_again(folder: Path, old: DataKey, new: DataKey) -> None:
    shutil.rmtree(folder / NEXT_FILES, ignore_errors=True)
    (folder / NEXT_FILES).mkdir(mode=0o700)
    source = SealedStore(folder / SEALED_FOLDER, old.derive("sealed files"))
    target = SealedStore(folder / NEXT_FILES, new.derive("sealed files"))
    for name in source.names():
        target.put(source.read(name))


def _put_in_place(folder: Path, new: DataKey, keyring: Keyring | None) -> str:
    """Every step may be repeated: it is what `resume` does after a stop between two of them."""
    store_key(folder, new, keyring)
    recovery_key = escrow(folder, new)
    with contextlib.closing(connect(folder / DATABASE_FILE, new)) as run:
        device = state(run, "device") or ""
        (folder / ANCHOR_FILE).unlink(missing_ok=True)
        write_anchor(folder, current_anchor(run, device), new.derive("anchor"))
    if (folder / NEXT_FILES).exists():
        shutil.rmtree(folder / OLD_FILES, ignore_errors=True)
        if (folder / SEALED_FOLDER).exists():
            (folder / SEALED_FOLDER).rename(folder / OLD_FILES)
        (folder / NEXT_FILES).rename(folder / SEALED_FOLDER)
    shutil.rmtree(folder / OLD_FILES, ignore_errors=True)
    (folder / NEXT_KEY).unlink()
    return recovery_key

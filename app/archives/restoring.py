"""The way back: a data folder from a backup, whole or not at all, everything in it read through first.

The folder continues as another machine: the numbers of its operations after the backup were given out already, so
that it gets a device of its own; a server begins a new epoch, from which every workstation notices that it has to
push again what the backup lacks (`sync` does that).
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from app.archives.generations import FILES, HOST_KEY, Generation, authentic, generations, key_id
from app.archives.making import check_database, check_sealed
from app.archives.server_folder import PRACTICES_FOLDER, put_identity, unwrapped
from app.core.database import DATABASE_FILE, connect
from app.core.errors import IntegrityFailure, NotFound, UsageError
from app.core.i18n import N_
from app.core.ids import new_id
from app.core.keys import RECOVERY_FILE, DataKey, Keyring, read_key, recover, store_key
from app.core.sealed import SealedStore
from app.journal.anchors import current_anchor, write_anchor
from app.journal.operations import become
from app.journal.workplace import SEALED_FOLDER

Progress = Callable[[int, int], None]
MADE_ANEW: Final = ("job_lease",)
"""What belongs to the process that wrote the backup."""


def key_for(generation: Generation, folder: Path, recovery_key: str = "", keyring: Keyring | None = None) -> DataKey:
    """The key of a backup: that of the folder that is (or was) on this machine, else by the recovery key.

    A server's is opened by the recovery key of the workstation that hosted it and whose backup it was part of.
    `UsageError` when neither opens it.
    """
    if recovery_key and (generation.folder / HOST_KEY).exists():
        return _by_its_host(generation, recovery_key)
    if recovery_key:
        return recover(generation.folder, recovery_key)
    with contextlib.suppress(NotFound, IntegrityFailure):
        found = read_key(folder, keyring)
        if key_id(found) == generation.key_id:
            return found
    raise UsageError(
        N_("The key of this backup is not on this computer. Give the recovery key that was printed."),
        field="recovery-key",
    )


def _by_its_host(generation: Generation, recovery_key: str) -> DataKey:
    """The key of a server, out of the hands of the workstation that the recovery key is of."""
    sealed = (generation.folder / HOST_KEY).read_bytes()
    refused: UsageError | None = None
    for house in sorted(generation.folder.parent.parent.glob("*")):
        for other in [it for it in generations(house) if not it.identity][:1]:
            try:
                return unwrapped(sealed, recover(other.folder, recovery_key))
            except IntegrityFailure:
                continue  # another workstation's
            except UsageError as error:
                refused = error
    raise refused or UsageError(
        N_("The key of this backup is not on this computer. Give the recovery key that was printed."),
        field="recovery-key",
    )


def check(generation: Generation, key: DataKey, progress: Progress = lambda done, total: None) -> list[str]:
    """Read a whole backup through; returns the sealed files that are damaged or gone.

    `IntegrityFailure` when the backup itself is not what was written: its list, its database.
    """
    if not authentic(generation, key):
        raise IntegrityFailure(N_("The backup {name} is damaged."), name=generation.name)
    copy = generation.folder / DATABASE_FILE
    with copy.open("rb") as opened:
        if hashlib.file_digest(opened, "sha256").hexdigest() != generation.database_sha256:
            raise IntegrityFailure(N_("The copy of the database cannot be read back."))
    check_database(copy, key)
    names = generation.names()
    pool, sealing, bad = SealedStore(generation.pool, b""), key.derive("sealed files"), []
    for number, name in enumerate(names, 1):
        try:
            check_sealed(pool.path(name), name, sealing)
        except (IntegrityFailure, OSError):
            bad.append(name)
        progress(number, len(names))
    return bad


def put_back(
    generation: Generation,
    key: DataKey,
    place: Path,
    *,
    keyring: Keyring | None = None,
    progress: Progress = lambda done, total: None,
    begin: Callable[[Any], None] = lambda run: None,
) -> str:
    """Fill the empty folder `place` from a backup that was checked; returns its new device.

    `begin` is given the database's connection inside the transaction that makes the folder another machine's.
    """
    place.mkdir(parents=True, mode=0o700)
    for name in (DATABASE_FILE, RECOVERY_FILE):
        if (generation.folder / name).exists():
            shutil.copyfile(generation.folder / name, place / name)
            os.chmod(place / name, 0o600)
    store_key(place, key, keyring)
    source = SealedStore(generation.pool, b"")
    target = SealedStore(place / SEALED_FOLDER, b"")
    names = (generation.folder / FILES).read_text("ascii").split()
    for number, name in enumerate(names, 1):
        if source.exists(name):
            target.path(name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            shutil.copyfile(source.path(name), target.path(name))
            os.chmod(target.path(name), 0o600)
        progress(number, len(names))
    return _as_another(place, key, begin)


def put_server_back(generation: Generation, key: DataKey, folder: Path) -> None:
    """Around the practice that was put back into `folder`: the certificates and settings of its server."""
    if generation.identity and folder.parent.name == PRACTICES_FOLDER:
        store = SealedStore(folder / SEALED_FOLDER, key.derive("sealed files"))
        put_identity(folder, store.read(generation.identity))


def place_of(generation: Generation, folder: Path) -> Path:
    """Where a backup is put back: the folder itself; a practice into its own place in a server's folder."""
    if not generation.identity or folder.parent.name == PRACTICES_FOLDER:
        return folder
    return folder / PRACTICES_FOLDER / generation.practice


def _as_another(place: Path, key: DataKey, begin: Callable[[Any], None]) -> str:
    """A device of its own, and an anchor that remembers what the backup holds."""
    device = new_id()
    with contextlib.closing(connect(place / DATABASE_FILE, key)) as run:
        run.execute("BEGIN IMMEDIATE")
        become(run, device)
        for table in MADE_ANEW:
            run.execute(f'DELETE FROM "{table}"')
        begin(run)
        run.execute("COMMIT")
        write_anchor(place, current_anchor(run, device), key.derive("anchor"))
    return device

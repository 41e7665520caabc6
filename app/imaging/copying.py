"""Copies of the sealed files in an `ObjectStore`, and mending what rotted here from them.

An object is a sealed file as it is: whoever holds the store reads nothing without the key of the folder. Its key is
`sealed/ab/<SHA-256 of the plain bytes>`, its own SHA-256 that of the sealed bytes.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.core.errors import IntegrityFailure, NotFound
from app.core.i18n import N_
from app.core.sealed import SealedStore
from app.imaging.local_objects import LocalObjects
from app.imaging.ports import ObjectStore
from app.imaging.settings import COPIES_FOLDER
from app.imaging.sweeping import REST, named_files
from app.journal.queries import SYSTEM
from app.journal.runner import Runner

PREFIX: Final = "sealed/"


@dataclass(frozen=True, slots=True)
class Copied:
    """What a run did. `left` files wait for the next one; `removed` ones are named by no row any more."""

    copied: int
    removed: int
    left: int


def chosen_store(runner: Runner) -> ObjectStore | None:
    """The folder that the clinic has chosen; None without one. `NotFound` when it is not there: a disk that is out."""
    chosen = runner.setting(SYSTEM, COPIES_FOLDER).strip()
    if not chosen:
        return None
    folder = Path(chosen)
    if not folder.is_dir():
        raise NotFound(N_("folder"), chosen)
    return LocalObjects(folder / runner.place.device)


def copy_sealed_files(runner: Runner, store: ObjectStore, seconds: float) -> Copied:
    """Copy what is not there yet, for so long; take away what was erased here, a day after it was copied."""
    with runner.read(SYSTEM) as read:
        named = named_files(read)
    heads = {head.key: head for head in store.list(PREFIX)}
    oldest = runner.clock.now() - REST
    gone = [key for key, head in heads.items() if key.rsplit("/")[-1] not in named and head.stored_at < oldest]
    removed = sum(store.delete(key) for key in gone)
    wanted = sorted(name for name in named if _key(name) not in heads and runner.files.exists(name))
    end, copied = time.monotonic() + seconds, 0
    for name in wanted:
        if copied and time.monotonic() > end:
            break
        _copy(runner.files, store, name)
        copied += 1
    return Copied(copied, removed, len(wanted) - copied)


def bring_back(files: SealedStore, store: ObjectStore, names: Iterable[str]) -> list[str]:
    """Put the copies in place of files that are damaged or gone; returns those that are sound again.

    A copy that is not what the name says leaves everything as it is.
    """
    mended = []
    for name in names:
        try:
            files.replace(name, store.get(_key(name)))
        except (NotFound, IntegrityFailure):
            continue
        mended.append(name)
    return mended


def _copy(files: SealedStore, store: ObjectStore, name: str) -> None:
    with files.path(name).open("rb") as sealed:
        digest = hashlib.file_digest(sealed, "sha256").hexdigest()
        sealed.seek(0)
        store.put(_key(name), sealed, digest)


def _key(name: str) -> str:
    return f"{PREFIX}{name[:2]}/{name}"

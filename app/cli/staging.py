"""Making a data folder whole or not at all: in a place beside it, which takes its name when everything is in it.

Whatever ends the program meanwhile, the folder is as it was: absent or empty. What was left beside it holds nothing
that was in use, and is swept before the next try.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from app.core.errors import RuleViolation, UsageError
from app.core.i18n import N_
from app.core.keys import Keyring, forget_key, move_key

SUFFIX: Final = ".unfinished"
LOCK_SUFFIX: Final = ".unfinished-lock"


def is_free(folder: Path) -> bool:
    """Whether a data folder may be made here: nothing there, or an empty folder."""
    return not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))


@contextlib.contextmanager
def staged(folder: Path, keyring: Keyring | None = None) -> Iterator[Path]:
    """A place to make `folder` in. It becomes `folder` when the block ends well, and is thrown away otherwise.

    `UsageError` when the folder holds something or cannot be made, `RuleViolation` while another process makes it.
    """
    if not is_free(folder):
        raise UsageError(N_("The folder {path} is not empty."), path=str(folder))
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        lock = sqlite3.connect(folder.with_name(folder.name + LOCK_SUFFIX), timeout=0, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise UsageError(N_("The folder {path} cannot be made."), path=str(folder)) from error
    with contextlib.closing(lock):
        try:
            lock.execute("BEGIN EXCLUSIVE")  # the system lets go of it when the process ends, however it ends
        except sqlite3.OperationalError as error:
            raise RuleViolation(N_("Another window is making the folder {path}."), path=str(folder)) from error
        yield from _made(folder, keyring)


def _made(folder: Path, keyring: Keyring | None) -> Iterator[Path]:
    place = folder.with_name(folder.name + SUFFIX)
    _sweep(place, keyring)
    try:
        yield place
        move_key(place, folder, keyring)
        if folder.exists():
            folder.rmdir()
        place.rename(folder)
    except BaseException:
        _sweep(place, keyring)
        raise
    forget_key(place, keyring)


def _sweep(place: Path, keyring: Keyring | None) -> None:
    if place.exists():
        shutil.rmtree(place)
        forget_key(place, keyring)

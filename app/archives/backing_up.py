"""Backing up from the window, the command line and the job: one way, remembered whether it went well or not."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from app.archives.making import Made, make_backup
from app.archives.permissions import BACK_UP
from app.archives.server_folder import hosted_practices
from app.archives.settings import BACKUP_FOLDER, BACKUPS_KEPT
from app.core.clock import to_millis
from app.core.database import DATABASE_FILE, Database
from app.core.errors import ClinicError, PermissionDenied, RuleViolation
from app.core.i18n import N_
from app.core.ids import new_id
from app.core.keys import read_key
from app.journal.changes import ChangeSet
from app.journal.queries import SYSTEM, Actor
from app.journal.runner import Runner, Step

REMEMBERED: Final = 60
"""Tries that are remembered."""
NOWHERE: Final = N_("No folder for backups is set on this workstation.")


def back_up(
    runner: Runner, actor: Actor, target: Path | None = None, progress: Callable[[int, int], None] = lambda a, b: None
) -> Made:
    """Back this workstation up, into the folder of the settings unless one is given; off the writer and window threads.

    The server that this workstation hosts is part of it: both are whole, or the try has failed.

    Needs the right to make backups. Raises what `make_backup` raises; either way the try is remembered.
    """
    if not actor.may(BACK_UP):
        raise PermissionDenied(BACK_UP.name, BACK_UP.label)
    place = target or _place(runner)
    try:
        made = _made(runner, place, progress)
    except ClinicError as error:
        _remember(runner, str(place), failure=error.message_id)
        raise
    _remember(runner, str(place), made)
    runner.access(actor, "backup", detail=made.generation.name)
    return made


def _made(runner: Runner, place: Path, progress: Callable[[int, int], None]) -> Made:
    folder, now, kept = runner.place.folder, runner.clock.now(), runner.setting(SYSTEM, BACKUPS_KEPT)
    made = make_backup(folder, runner.database, place, now=now, kept=kept, progress=progress)
    for practice in hosted_practices(folder):
        database = Database(practice / DATABASE_FILE, read_key(practice))
        with contextlib.closing(database):
            other = make_backup(
                practice, database, place, now=now, kept=kept, progress=progress, host=runner.database.key
            )  # fmt: skip
        made = replace(
            made, new_bytes=made.new_bytes + other.new_bytes, damaged=made.damaged + other.damaged,
            hosted=(*made.hosted, other.generation),
        )  # fmt: skip
    return made


def _place(runner: Runner) -> Path:
    chosen = runner.setting(SYSTEM, BACKUP_FOLDER)
    if not chosen:
        raise RuleViolation(NOWHERE)
    return Path(chosen)


def _remember(runner: Runner, folder: str, made: Made | None = None, failure: str = "") -> None:
    at, identity = to_millis(runner.clock.now()), new_id()
    told = (made.generation.name, made.size_bytes, made.files) if made is not None else ("", 0, 0)
    fresh = made.new_bytes if made is not None else 0

    def work(step: Step) -> ChangeSet:
        step.raw.execute(
            "INSERT INTO backup_run(id, at, folder, name, size_bytes, files, new_bytes, failure)"
            " VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
            (identity, at, folder, *told, fresh, failure),
        )
        step.raw.execute(
            "DELETE FROM backup_run WHERE id NOT IN (SELECT id FROM backup_run ORDER BY at DESC, id DESC LIMIT ?)",
            (REMEMBERED,),
        )
        step.wrote = True
        return ChangeSet({"backup_run": frozenset({identity})})

    runner.transact(work)

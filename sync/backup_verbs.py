"""`backup` and `restore`. They stand with synchronisation because a restored server tells every workstation so."""

from __future__ import annotations

import contextlib
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.cli.console import Console
from app.cli.verbs import Verb
from app.core.errors import IntegrityFailure, RuleViolation
from app.core.i18n import N_, _

if TYPE_CHECKING:
    from app.archives.generations import Generation
    from app.core.clock import Clock

MEBIBYTE: Final = 1 << 20


def _backup_arguments(parser: ArgumentParser) -> None:
    from app.cli.session import add_actor

    parser.add_argument("target", nargs="?", type=Path, help=_(N_("the folder; without one, that of the settings")))
    add_actor(parser)


def _backup(arguments: Namespace, console: Console) -> int:
    from app.archives.commands import back_up
    from app.cli.session import actor_or_system, opened

    with opened(arguments, console) as workplace:
        target = arguments.target.absolute() if arguments.target is not None else None
        made = back_up(workplace.runner, actor_or_system(workplace, arguments), target, _counting(console))
    found = made.generation
    payload = {
        "name": found.name, "folder": str(found.folder), "head": found.head, "files": made.files,
        "bytes": made.size_bytes, "new_bytes": made.new_bytes, "damaged": made.damaged,
        "server": [str(it.folder) for it in made.hosted],
    }  # fmt: skip
    text = _(
        N_("Backup {name}: {files} sealed files, {size} MB, {fresh} MB of them new. It was read back and is whole."),
        name=found.name, files=made.files, size=round(made.size_bytes / MEBIBYTE),
        fresh=round(made.new_bytes / MEBIBYTE),
    )  # fmt: skip
    console.emit(payload, text)
    if made.hosted:
        console.note(_(N_("The server that this workstation hosts is part of it.")))
    if made.damaged:
        console.note(_(N_("Sealed files that are damaged here and are not in the backup: {n}."), n=len(made.damaged)))
    return 0


def _restore_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("source", type=Path, help=_(N_("a backup, or the folder where backups are: the newest")))
    parser.add_argument(
        "--recovery-key", metavar="KEY", help=_(N_("the recovery key that was printed; “-” asks for it"))
    )
    parser.add_argument("--list", action="store_true", help=_(N_("list the backups and restore nothing")))
    parser.add_argument("--check", action="store_true", help=_(N_("read the whole backup through and restore nothing")))
    parser.add_argument(
        "--server", action="store_true",
        help=_(N_("the server that a workstation’s backup covers; --data is then the server’s folder")),
    )  # fmt: skip
    parser.add_argument(
        "--aside", action="store_true", help=_(N_("move what is in the data folder aside first; nothing is deleted"))
    )


def _restore(arguments: Namespace, console: Console) -> int:
    """Everything is read through before the folder is made; a damaged image is told, and does not stop the rest."""
    from app.archives.generations import chosen
    from app.archives.restoring import check, key_for, place_of
    from app.cli.arguments import secret_line
    from app.cli.session import folder_of

    generation = chosen(arguments.source, server=arguments.server)
    folder = place_of(generation, folder_of(arguments))
    if arguments.list:
        return _list(generation, console)
    given = secret_line(arguments.recovery_key, _(N_("Recovery key"))) if arguments.recovery_key else ""
    key = key_for(generation, folder, given)
    bad = check(generation, key, _counting(console))
    told = {"name": generation.name, "files": generation.files, "damaged": bad, "head": generation.head}
    if arguments.check:
        words = N_("Backup {name}: {files} sealed files, {bad} damaged.")
        console.emit(told, _(words, name=generation.name, files=generation.files, bad=len(bad)))
        return IntegrityFailure.exit_code if bad else 0
    moved = _aside(folder) if arguments.aside else None
    device = restore_folder(generation, key, folder, progress=_counting(console))
    words = N_("The folder {path} is that of the backup {name}. Workstations push again what it lacks.")
    console.emit(told | {"device": device, "aside": moved}, _(words, path=str(folder), name=generation.name))
    if bad:
        console.note(_(N_("Sealed files that are damaged in the backup: {n}."), n=len(bad)))
    return 0


def restore_folder(
    generation: Generation,
    key: Any,
    folder: Path,
    *,
    clock: Clock | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> str:
    """Make `folder` from a backup that was checked, whole or not at all; returns its new device.

    A server's folder begins a new epoch, and is the server that it was by its certificates. `UsageError` when the
    folder holds something.
    """
    from app.archives.restoring import put_back, put_server_back
    from app.cli.staging import staged
    from app.core.clock import Clock, to_millis
    from app.journal.operations import set_state, state
    from sync.client.store import ACKNOWLEDGED
    from sync.server.standing import EPOCH, begin_epoch

    def begin(run: Any) -> None:
        if state(run, EPOCH):
            begin_epoch(run, to_millis((clock or Clock()).now()))
        elif state(run, ACKNOWLEDGED):
            set_state(run, ACKNOWLEDGED, "0")  # another device, whose first operation is still to come

    with staged(folder) as place:
        device = put_back(generation, key, place, progress=progress, begin=begin)
    put_server_back(generation, key, folder)
    return device


def _aside(folder: Path) -> str | None:
    """Rename what is there; the folder must not be in use."""
    if not folder.exists() or not any(folder.iterdir()):
        return None
    import time

    from app.core.keys import forget_key, move_key

    other = folder.with_name(f"{folder.name}.before-restore-{time.strftime('%Y%m%dT%H%M%S')}")
    with contextlib.suppress(Exception):  # no key, or none that is known here: the folder moves all the same
        move_key(folder, other)
    try:
        folder.rename(other)
    except OSError as error:
        raise RuleViolation(N_("Close Archwire on this workstation first: it has this folder open.")) from error
    forget_key(folder)
    return str(other)


def _list(newest: Generation, console: Console) -> int:
    from app.archives.generations import generations
    from app.core.clock import from_millis

    found = generations(newest.folder.parent)
    payload = [
        {"name": it.name, "at": from_millis(it.at), "bytes": it.database_bytes + it.sealed_bytes, "files": it.files}
        for it in found
    ]
    console.emit(payload, "\n".join(f"{it.name}  {round(it.database_bytes / MEBIBYTE)} MB  {it.files}" for it in found))
    return 0


def _counting(console: Console) -> Callable[[int, int], None]:
    """A line on standard error for each tenth, for people who wait."""

    def tell(done: int, total: int) -> None:
        if not console.as_json and total >= 100 and done % (total // 10) == 0:
            console.note(f"{done} / {total}")

    return tell


VERBS: Final = (
    Verb("backup", N_("Back this folder up, encrypted, while it is in use."), _backup_arguments, _backup),
    Verb("restore", N_("Make a data folder from a backup."), _restore_arguments, _restore),
)

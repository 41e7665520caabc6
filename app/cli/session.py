"""Opening the data folder for a verb: which folder, whose authority, what time it is, who acts."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from app.cli.absent import Absent
from app.cli.console import Console
from app.cli.data_folder import default_folder
from app.core.clock import Clock
from app.core.errors import UsageError
from app.core.i18n import N_, _

if TYPE_CHECKING:
    from app.core.permissions import Permission
    from app.journal.queries import Actor
    from app.journal.runner import Authority
    from app.journal.workplace import Workplace

PRACTICES_FOLDER: Final = "practices"
"""Under a server's folder: one data folder for each practice."""
ZONE_SETTING: Final = "clinic_time_zone"
MOVABLE_CLOCKS: Final = frozenset({"demo", "test"})
"""The kinds of folder in which `--at` may say what time it is; a clinic's journal is never written at another time."""


def add_actor(parser: ArgumentParser) -> None:
    """`--as USER`."""
    parser.add_argument(
        "--as", dest="actor", metavar="USER", help=_(N_("who acts: a username or the identifier of a staff member"))
    )


def add_instant(parser: ArgumentParser) -> None:
    """`--at INSTANT`."""
    parser.add_argument(
        "--at",
        metavar="INSTANT",
        help=_(N_("the time it is taken to be, ISO 8601, the clinic’s zone unless given; demo and test folders only")),
    )


def folder_of(arguments: Namespace) -> Path:
    """The folder asked for, or the default one; of a server that holds one practice, the folder of that practice."""
    from app.core.database import DATABASE_FILE

    folder: Path = arguments.data or default_folder()
    held = sorted((folder / PRACTICES_FOLDER).glob("*")) if not (folder / DATABASE_FILE).exists() else []
    return held[0] if len(held) == 1 else folder


@contextlib.contextmanager
def opened(arguments: Namespace, console: Console, **options: Any) -> Iterator[Workplace]:
    """The workplace of the folder asked for, at the time asked for; notices of the opening go to standard error."""
    from app.journal.workplace import exists, open_workplace

    folder = folder_of(arguments)
    if not exists(folder):
        raise Absent(N_("There is no clinic in the folder {path}. “admin create-clinic” makes one."), path=str(folder))
    clock = Clock()
    with open_workplace(folder, clock=clock, authority=authority(), **options) as workplace:
        say_notices(workplace, console)
        _take_zone(workplace, clock)
        if getattr(arguments, "at", None) is not None:
            _stand_at(workplace, clock, arguments.at)
        yield workplace


def say_notices(workplace: Workplace, console: Console) -> None:
    """What the opening found that the person should know, on standard error."""
    for notice, values in workplace.notices:
        console.note(_(notice, **values))


def _take_zone(workplace: Workplace, clock: Clock) -> None:
    """Days and instants are read and shown in the zone that the clinic has chosen, where a slice lets it choose."""
    from app.core.settings import SETTINGS
    from app.journal.queries import SYSTEM

    setting = SETTINGS.get(ZONE_SETTING)
    if setting is not None:
        clock.zone = ZoneInfo(str(workplace.runner.setting(SYSTEM, setting)))


def _stand_at(workplace: Workplace, clock: Clock, given: str) -> None:
    if workplace.kind not in MOVABLE_CLOCKS:
        raise UsageError(
            N_("“--at” works in demo and test folders only: a clinic’s journal keeps the time it really was."),
            field="at",
        )
    instant = read_instant(given, clock)
    clock.source = lambda: instant


def read_instant(given: str, clock: Clock) -> datetime:
    """An ISO 8601 instant; without an offset, the clinic’s, where a time that is none or comes twice is refused."""
    try:
        instant = datetime.fromisoformat(given)
    except ValueError as error:
        raise UsageError(
            N_("“{value}” is not an instant. Write it like 2026-11-24T09:00 or 2026-11-24T09:00-05:00."),
            field="at",
            value=given,
        ) from error
    from app.practice.local_time import typed_moment

    return typed_moment(instant, clock.zone, "at")


def authority() -> Authority | None:
    """Who may do what: the access slice, when it is installed."""
    if importlib.util.find_spec("app.access") is None:
        return None
    found: Authority = importlib.import_module("app.access.authority").StaffAuthority()
    return found


def actor_of(workplace: Workplace, arguments: Namespace, permission: Permission | None) -> Actor:
    """The person named with `--as`, or nobody for what needs no permission."""
    from app.journal.queries import NOBODY

    return NOBODY if permission is None and not arguments.actor else named_actor(workplace, arguments)


def named_actor(workplace: Workplace, arguments: Namespace) -> Actor:
    """The person named with `--as`; `UsageError` when nobody is."""
    if not arguments.actor:
        raise UsageError(N_("Say who acts: --as USER."), field="as")
    return workplace.runner.actor(arguments.actor)


def actor_or_system(workplace: Workplace, arguments: Namespace) -> Actor:
    """The person named with `--as`; without one, the program itself, as a watched folder or a job acts."""
    from app.journal.queries import SYSTEM

    return workplace.runner.actor(arguments.actor) if arguments.actor else SYSTEM

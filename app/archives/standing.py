"""How the backups of this workstation stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from app.archives.permissions import BACK_UP
from app.archives.settings import BACKUP_FOLDER, BACKUP_HOUR, BACKUP_WARNING_DAYS
from app.core.clock import from_millis
from app.core.i18n import N_
from app.journal.commands import query
from app.journal.queries import Reading
from app.journal.settings_store import value_of

RUNS: Final = 20


@dataclass(frozen=True, slots=True)
class BackupLine:
    """One try. Sizes are bytes; `failure` is a msgid, empty when the backup is whole."""

    at: datetime
    folder: str
    name: str
    size_bytes: int
    new_bytes: int
    files: int
    failure: str


@dataclass(frozen=True, slots=True)
class BackupStanding:
    """`last` is the newest whole backup, `runs` the latest tries; `is_late` when nothing whole is young enough."""

    folder: str
    hour: int
    last: BackupLine | None
    runs: tuple[BackupLine, ...]
    is_late: bool
    warn_after_days: int


@query(permission=BACK_UP, label=N_("Backups of this workstation"))
def backup_standing(read: Reading) -> BackupStanding:
    """Show where backups go, when the last one was made, and what became of the latest tries."""
    return standing_of(read)


def standing_of(read: Reading) -> BackupStanding:
    """As `backup_standing`, for notices and jobs."""
    columns = "at, folder, name, size_bytes, new_bytes, files, failure"
    rows = read.sql(f"SELECT {columns} FROM backup_run ORDER BY at DESC, id DESC LIMIT :most", most=RUNS)
    whole = read.sql(f"SELECT {columns} FROM backup_run WHERE failure = '' ORDER BY at DESC, id DESC LIMIT 1")
    last = _line(whole[0]) if whole else None
    days = value_of(read, BACKUP_WARNING_DAYS)
    begun = last.at if last is not None else _first_day(read)
    late = begun is not None and read.now - begun > timedelta(days=days)
    return BackupStanding(
        value_of(read, BACKUP_FOLDER), value_of(read, BACKUP_HOUR), last, tuple(_line(row) for row in rows), late, days
    )


def _line(row: tuple[int, str, str, int, int, int, str]) -> BackupLine:
    return BackupLine(from_millis(row[0]), *row[1:])


def _first_day(read: Reading) -> datetime | None:
    """When the clinic began to write here."""
    rows = read.sql("SELECT hlc >> 16 FROM operation ORDER BY n LIMIT 1")
    return from_millis(rows[0][0]) if rows else None


def is_due(read: Reading) -> bool:
    """Whether today's backup is still to be made: its hour has come, and none is whole since it came last."""
    standing = standing_of(read)
    if not standing.folder:
        return False
    due = _last_hour(read, standing.hour)
    return standing.last is None or standing.last.at < due


def _last_hour(read: Reading, hour: int) -> datetime:
    """The last moment at which it was that hour in the clinic."""
    local = read.now.astimezone(read.clock.zone)
    today: date = local.date() if local.hour >= hour else local.date() - timedelta(days=1)
    return datetime(today.year, today.month, today.day, hour, tzinfo=read.clock.zone)

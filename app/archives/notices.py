"""Notifications about backups: the last whole one is too old, or the last try failed."""

from __future__ import annotations

from collections.abc import Iterable

from app.archives.permissions import BACK_UP
from app.archives.standing import standing_of
from app.core.i18n import N_
from app.journal.notices import Gravity, Notice, notices
from app.journal.queries import Reading

SCREEN = "synchronisation"


@notices(permission=BACK_UP)
def late_backup(read: Reading) -> Iterable[Notice]:
    """No whole backup is young enough; told again each day."""
    standing = standing_of(read)
    if not standing.is_late:
        return
    detail = (
        standing.runs[0].failure
        if standing.runs and standing.runs[0].failure
        else N_("Connect the disk, or choose a folder in the settings.")
    )
    title = N_("The last backup is {days} days old") if standing.last else N_("No backup has been made yet")
    days = (read.now - standing.last.at).days if standing.last else 0
    path = standing.runs[0].folder if standing.runs else standing.folder
    yield Notice(
        f"backup:{read.today.isoformat()}", Gravity.DANGER, title, detail, {"days": days, "path": path},
        standing.last.at if standing.last else None, SCREEN, {"section": "workstation"},
    )  # fmt: skip

"""Notifications: the last whole backup is too old, or an archive has refused images for good."""

from __future__ import annotations

from collections.abc import Iterable

from app.archives.permissions import BACK_UP, MANAGE_ARCHIVES
from app.archives.standing import standing_of
from app.core.clock import from_millis
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


@notices(permission=MANAGE_ARCHIVES)
def images_given_up(read: Reading) -> Iterable[Notice]:
    """An archive will not take images: somebody must look, since nothing changes by waiting."""
    rows = read.sql(
        "SELECT v.id, v.name, count(*), max(t.queued_at) FROM transfer t"
        " JOIN vna_configuration v ON v.id = t.archive_id"
        " WHERE t.state = 'dead' AND v.withdrawn_at IS NULL GROUP BY v.id ORDER BY v.name"
    )
    for key, name, count, last in rows:
        yield Notice(
            f"dead_letters:{key}:{last}", Gravity.WARN, N_("Images that an archive would not take: {count}"),
            N_("{archive}. The queue tells the reasons; what was given up can be sent again."),
            {"count": count, "archive": name}, from_millis(int(last)), "devices", {"section": "queues"},
        )  # fmt: skip

"""Notifications of the schedule: tasks that are due."""

from __future__ import annotations

from collections.abc import Iterable

from app.core.i18n import N_
from app.journal.notices import Gravity, Notice, notices
from app.journal.queries import Reading
from app.scheduling.permissions import FOLLOW_UP


@notices(permission=FOLLOW_UP)
def due_tasks(read: Reading) -> Iterable[Notice]:
    """The reader’s own tasks that are due today or late; once put away they come back the next day."""
    today = read.today.isoformat()
    rows = read.sql(
        "SELECT count(*), sum(due_on < :today) FROM task WHERE owner_id = :who AND due_on <= :today"
        " AND done_at IS NULL AND withdrawn_at IS NULL",
        who=read.actor.id,
        today=today,
    )
    count, late = rows[0][0], rows[0][1] or 0
    if late:
        yield Notice(
            f"tasks:{today}:{late}", Gravity.WARN, N_("Tasks of yours that are late: {late}"),
            N_("Due today and before: {count}"), {"late": late, "count": count}, None, "tasks",
        )  # fmt: skip
    elif count:
        yield Notice(
            f"tasks:{today}", Gravity.INFO, N_("Tasks of yours for today: {count}"), "", {"count": count}, None, "tasks"
        )

"""The backup of the day."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from app.archives.backing_up import back_up
from app.archives.standing import is_due, standing_of
from app.core.errors import RuleViolation
from app.journal.jobs import JobContext, job
from app.journal.queries import SYSTEM

AGAIN_AFTER: Final = timedelta(hours=1)
"""How long a try that failed is left alone: a disk that is not connected need not be asked every minute."""


@job(every=timedelta(minutes=5), everywhere=True)
def back_up_daily(context: JobContext) -> None:
    """Make the backup of the day once its hour has come, and again an hour after a try that failed."""
    with context.runner.read(SYSTEM) as read:
        runs = standing_of(read).runs
        waits = bool(runs) and bool(runs[0].failure) and context.now - runs[0].at < AGAIN_AFTER
        if waits or not is_due(read):
            return
    try:
        back_up(context.runner, SYSTEM)
    except RuleViolation:
        return  # remembered with its sentence, which the notification and the screen show

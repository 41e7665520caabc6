"""Automatic work of the schedule."""

from __future__ import annotations

from datetime import time

from app.journal.jobs import JobContext, job
from app.scheduling.commands.following import AT_ONCE, announce_due_recalls


@job(daily_at=time(6, 0))
def announce_recalls(context: JobContext) -> None:
    """Every morning, let automation know of the recalls that have come due."""
    while context.run(announce_due_recalls) == AT_ONCE:
        pass

"""Automatic work over conversions."""

from __future__ import annotations

from datetime import time

from app.conversion.finishing import forget_old_remarks
from app.journal.jobs import JobContext, job


@job(daily_at=time(3, 30), everywhere=True)
def forget_remarks(context: JobContext) -> None:
    """Forget the remarks on rows of conversions that ended weeks ago."""
    context.run(forget_old_remarks)

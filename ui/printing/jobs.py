"""Automatic work that paints: it runs where Qt is, beside the jobs of `app`."""

from __future__ import annotations

from datetime import timedelta

from app.journal.jobs import JobContext, job
from ui.printing.paper_mode import evening_due, make_evening


@job(every=timedelta(minutes=5), everywhere=True)
def schedule_on_paper(context: JobContext) -> None:
    """Make the schedule on paper in the evening, or as soon after it as this workstation runs."""
    evening = evening_due(context.runner)
    if evening is not None:
        make_evening(context.runner, evening)

"""Automatic work over images."""

from __future__ import annotations

from datetime import time, timedelta

from app.imaging.commands import match_waiting_studies
from app.imaging.sweeping import sweep
from app.journal.jobs import JobContext, job


@job(every=timedelta(minutes=10))
def match_images_again(context: JobContext) -> None:
    """Match waiting studies to the charts that were opened since they came."""
    context.run(match_waiting_studies)


@job(daily_at=time(3, 0))
def sweep_sealed_files(context: JobContext) -> None:
    """Remove sealed files that no row names."""
    sweep(context.runner)

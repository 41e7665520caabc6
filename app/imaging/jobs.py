"""Automatic work over images."""

from __future__ import annotations

from datetime import time, timedelta

from app.imaging.commands import discard_old_quarantined, match_waiting_studies
from app.imaging.scrubbing import scrub
from app.imaging.settings import SCRUB_BYTES, SCRUB_MINUTES
from app.imaging.sweeping import sweep
from app.journal.jobs import JobContext, job
from app.journal.queries import SYSTEM


@job(every=timedelta(minutes=10))
def match_images_again(context: JobContext) -> None:
    """Match waiting studies to the charts that were opened since they came."""
    context.run(match_waiting_studies)


@job(daily_at=time(3, 0), everywhere=True)
def sweep_sealed_files(context: JobContext) -> None:
    """Remove sealed files that no row names, and forget files that were set aside long ago."""
    context.run(discard_old_quarantined)
    sweep(context.runner)


@job(every=timedelta(hours=1), everywhere=True)
def scrub_sealed_files(context: JobContext) -> None:
    """Read some sealed files again, and announce those that are no longer what was written."""
    minutes = context.runner.setting(SYSTEM, SCRUB_MINUTES)
    scrub(context.runner, seconds=minutes * 60, size_bytes=SCRUB_BYTES)

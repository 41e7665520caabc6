"""Automatic work over images."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Final

from app.imaging.commands import discard_old_quarantined, match_waiting_studies
from app.imaging.copying import bring_back, chosen_store, copy_sealed_files
from app.imaging.scrubbing import check, note_sealed_checks, scrub
from app.imaging.settings import SCRUB_BYTES, SCRUB_MINUTES
from app.imaging.sweeping import sweep
from app.journal.jobs import JobContext, job
from app.journal.queries import SYSTEM

COPY_SECONDS: Final = 900.0
"""The longest that one run copies; the next one goes on."""


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
    report = scrub(context.runner, seconds=minutes * 60, size_bytes=SCRUB_BYTES)
    store = chosen_store(context.runner) if report.faults else None
    if store is not None:
        mended = bring_back(context.runner.files, store, [fault.sha256 for fault in report.faults])
        context.run(note_sealed_checks, [check(context.runner.files, name) for name in mended])


@job(every=timedelta(hours=1), everywhere=True)
def copy_sealed_files_out(context: JobContext) -> None:
    """Copy new images to the folder that the clinic has chosen for copies."""
    store = chosen_store(context.runner)
    if store is not None:
        copy_sealed_files(context.runner, store, COPY_SECONDS)

"""Automatic work of the day."""

from __future__ import annotations

from datetime import time

from app.journal.jobs import JobContext, job
from app.orchestration.commands.steering import learn_durations


@job(daily_at=time(3, 30))
def learn_own_durations(context: JobContext) -> None:
    """Every night, learn from the year’s visits how long each type really takes."""
    context.run(learn_durations)

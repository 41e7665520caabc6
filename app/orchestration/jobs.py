"""Automatic work of the day."""

from __future__ import annotations

from datetime import time, timedelta

from app.journal.jobs import JobContext, job
from app.orchestration.commands.alerts import infer_departures, watch_day
from app.orchestration.commands.reception import draft_delay_messages
from app.orchestration.commands.steering import learn_durations
from app.practice.queries import clinics


@job(daily_at=time(3, 30))
def learn_own_durations(context: JobContext) -> None:
    """Every night, learn from the year’s visits how long each type really takes."""
    context.run(learn_durations)


@job(every=timedelta(minutes=1))
def watch_the_day(context: JobContext) -> None:
    """Every minute, look at each clinic’s day: departures, alerts, messages to draft."""
    for clinic in context.ask(clinics):
        context.run(infer_departures, clinic.id)
        context.run(watch_day, clinic.id)
        context.run(draft_delay_messages, clinic.id)

"""Everything that staff and automation can do to the day as it goes."""

from __future__ import annotations

from app.orchestration.commands.alerts import (
    acknowledge_alert,
    infer_departures,
    mark_alert_false,
    settle_alert,
    watch_day,
)
from app.orchestration.commands.at_chair import note_chart_opened, note_signed_on, note_visit_signed
from app.orchestration.commands.steering import end_priority, learn_durations, prioritise_visit
from app.orchestration.commands.suggested import follow_suggestion, take_suggestion_back

__all__ = [
    "acknowledge_alert",
    "end_priority",
    "follow_suggestion",
    "infer_departures",
    "learn_durations",
    "mark_alert_false",
    "note_chart_opened",
    "note_signed_on",
    "note_visit_signed",
    "prioritise_visit",
    "settle_alert",
    "take_suggestion_back",
    "watch_day",
]

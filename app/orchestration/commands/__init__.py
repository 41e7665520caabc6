"""Everything that staff and automation can do to the day as it goes."""

from __future__ import annotations

from app.orchestration.commands.steering import end_priority, learn_durations, prioritise_visit
from app.orchestration.commands.suggested import follow_suggestion, take_suggestion_back

__all__ = ["end_priority", "follow_suggestion", "learn_durations", "prioritise_visit", "take_suggestion_back"]

"""Everything that staff and automation can do to the day as it goes."""

from __future__ import annotations

from app.orchestration.commands.steering import end_priority, learn_durations, prioritise_visit

__all__ = ["end_priority", "learn_durations", "prioritise_visit"]

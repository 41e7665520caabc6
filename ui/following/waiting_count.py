"""How many tasks of whoever is at the keyboard are due: the rail says it."""

from typing import Final

from app.scheduling.queries import TaskCounts, task_counts
from ui.shell.screens import Waiting


def due(counts: TaskCounts) -> int:
    """Mine that are late, and those of today."""
    return counts.mine_overdue + counts.mine_today


MY_TASKS: Final = Waiting(task_counts, due)

"""Following patients up: the lists that they fall onto, recalls, who comes sooner, and tasks."""

from app.core.i18n import N_
from ui.shell.screens import Group, ScreenSpec

SCREENS = (
    ScreenSpec(
        "lists", N_("Lists"), "clipboard-text", "ui.following.lists_view:ListsView", Group.MAIN, 24,
        permission="follow_up",
    ),
    ScreenSpec(
        "tasks", N_("Tasks"), "check-circle", "ui.following.tasks_view:TasksView", Group.MAIN, 26,
        permission="follow_up", waiting="ui.following.waiting_count:MY_TASKS",
    ),
)  # fmt: skip

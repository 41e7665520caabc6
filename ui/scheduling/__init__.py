"""The schedule: days and weeks by chair or by provider."""

from app.core.i18n import N_
from ui.shell.screens import Group, ScreenSpec

SCREENS = (
    ScreenSpec(
        "schedule", N_("Schedule"), "calendar-blank", "ui.scheduling.schedule_view:ScheduleView", Group.MAIN, 12,
        permission="see_schedule",
    ),
)  # fmt: skip

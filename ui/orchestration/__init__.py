"""The command centre: the day in four views that agree, the wall, and the lights at the chairs."""

from app.core.i18n import N_
from ui.shell.screens import Group, ScreenSpec

SCREENS = (
    ScreenSpec(
        "day", N_("The day"), "kanban", "ui.orchestration.day_view:DayView", Group.MAIN, 11, permission="see_day"
    ),
)

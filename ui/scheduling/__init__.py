"""The schedule: the day at the desk, days and weeks by chair or by provider, and the visits of a patient."""

from app.core.i18n import N_
from ui.shell.screens import Group, ScreenSpec, TabSpec

SCREENS = (
    ScreenSpec(
        "today", N_("Today"), "calendar-check", "ui.scheduling.today_view:TodayView", Group.MAIN, 10,
        permission="see_schedule",
    ),
    ScreenSpec(
        "schedule", N_("Schedule"), "calendar-blank", "ui.scheduling.schedule_view:ScheduleView", Group.MAIN, 12,
        permission="see_schedule",
    ),
    ScreenSpec(
        "appointment", N_("Appointment"), "calendar-plus", "ui.scheduling.editor_view:EditorView", Group.INNER, 11,
        permission="see_schedule", above="today",
    ),
)  # fmt: skip
TABS = (TabSpec("visits", N_("Visits"), "ui.scheduling.visits_tab:VisitsTab", 15, "see_schedule"),)

"""The command centre: the day in four views that agree, the wall, and the lights at the chairs."""

from app.core.i18n import N_
from ui.shell.screens import Group, PanelSpec, ScreenSpec

SCREENS = (
    ScreenSpec(
        "day", N_("The day"), "kanban", "ui.orchestration.day_view:DayView", Group.MAIN, 11, permission="see_day"
    ),
    ScreenSpec(
        "wall", N_("Wall"), "monitor", "ui.orchestration.wall_view:WallView", Group.INNER, 12, permission="see_day",
        above="day", theme="dark",
    ),
    ScreenSpec(
        "briefing", N_("Morning and record"), "sun", "ui.orchestration.briefing_view:BriefingView", Group.INNER, 12,
        permission="see_day", above="day",
    ),
    ScreenSpec(
        "checkout", N_("Checkout"), "sign-out", "ui.orchestration.checkout_view:CheckoutView", Group.INNER, 12,
        permission="check_in_patients", above="day",
    ),
)  # fmt: skip
AT_START = ("ui.orchestration.own_looks:follow",)
PANELS = (
    PanelSpec(
        "lights", N_("Lights at the chairs"), "stethoscope", "ui.orchestration.light_strip:LightStrip", side="top",
        order=30, permission="see_day", on_top=True,
    ),
)  # fmt: skip

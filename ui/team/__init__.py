"""Staff and resources of the day: who is at work and where, devices and their log, sterilisation."""

from app.core.i18n import N_
from ui.shell.screens import Group, ScreenSpec

SCREENS = (
    ScreenSpec(
        "team", N_("Team"), "users-three", "ui.team.team_view:TeamView", Group.MAIN, 13,
        permission="see_day",
    ),
)  # fmt: skip

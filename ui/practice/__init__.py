"""Setting the practice up: clinics, hours, chairs, equipment, people, visits, templates, catalogue, reasons."""

from app.core.i18n import N_
from ui.shell.screens import Group, ScreenSpec

SCREENS = (
    ScreenSpec(
        "practice", N_("Practice"), "buildings", "ui.practice.practice_view:PracticeView", Group.FOOT, 20,
        permission="see_practice",
    ),
)  # fmt: skip

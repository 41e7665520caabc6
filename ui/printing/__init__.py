"""Paper: what the clinic prints, how it is laid out, where it goes, and the schedule for a day without computers."""

from app.core.i18n import N_
from ui.shell.screens import Group, ScreenSpec

SCREENS = (
    ScreenSpec(
        "print", N_("Print"), "printer", "ui.printing.print_view:PrintView", Group.FOOT, 70, permission="see_schedule"
    ),
)
ENTRIES = ("ui.printing.entries:print_entries",)

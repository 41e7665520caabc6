"""The journal: who did what and when, what it changed, and the way back."""

from app.core.i18n import N_
from ui.shell.screens import Group, ScreenSpec

SCREENS = (
    ScreenSpec(
        "journal", N_("Journal"), "clock-counter-clockwise", "ui.journal.journal_view:JournalView", Group.MAIN, 80,
        permission="read_audit",
    ),
)  # fmt: skip

"""The journal: who did what and when, what it changed, and the way back; and the access log: who looked."""

from app.core.i18n import N_
from ui.shell.screens import Group, ScreenSpec

SCREENS = (
    ScreenSpec(
        "journal", N_("Journal"), "clock-counter-clockwise", "ui.journal.journal_view:JournalView", Group.MAIN, 80,
        permission="read_audit",
    ),
    ScreenSpec(
        "access_log", N_("Access log"), "shield-check", "ui.journal.access_log_view:AccessLogView", Group.MAIN, 81,
        permission="read_access_log",
    ),
)  # fmt: skip

"""The Sync Centre: what is still to send, what people must decide, what was settled, and this workstation’s backups."""

from app.core.i18n import N_
from ui.shell.screens import Group, ScreenSpec

SCREENS = (
    ScreenSpec(
        "synchronisation", N_("Synchronisation"), "arrows-clockwise", "ui.synchronisation.centre_view:CentreView",
        Group.MAIN, 79,
    ),
)  # fmt: skip

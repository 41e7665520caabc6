"""Settings: one page for each declared page, generated from the declarations."""

from app.core.i18n import N_
from ui.shell.screens import Group, ScreenSpec

SCREENS = (
    ScreenSpec(
        "settings", N_("Settings"), "gear-six", "ui.settings.settings_view:SettingsView", Group.FOOT, 90,
        keys="Ctrl+Shift+P",
    ),
)  # fmt: skip

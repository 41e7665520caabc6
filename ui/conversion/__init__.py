"""The old system: choosing its files, saying how they are read, trying it, taking it in, and its way back."""

from app.core.i18n import N_
from ui.shell.screens import Group, ScreenSpec

SCREENS = (
    ScreenSpec(
        "conversion", N_("Old system"), "database", "ui.conversion.conversion_view:ConversionView", Group.FOOT, 80,
        permission="convert_old_system",
    ),
)  # fmt: skip

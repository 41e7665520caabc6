"""Imaging devices, archives, the rules between them, and what goes in and out. Absent where the slices are not."""

from importlib.util import find_spec

from app.core.i18n import N_
from ui.shell.screens import Group, ScreenSpec

_HERE = find_spec("app.archives") is not None and find_spec("app.gateway") is not None
SCREENS = (
    (
        ScreenSpec(
            "devices", N_("Devices and archives"), "plugs", "ui.archives.network_view:NetworkView", Group.FOOT,
            25, permission="see_gateway",
        ),
    )
    if _HERE
    else ()
)  # fmt: skip

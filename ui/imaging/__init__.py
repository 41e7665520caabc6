"""Imaging: a patient’s images, their import, a plain reading screen. Absent where the slice is not installed."""

from importlib.util import find_spec

from app.core.i18n import N_
from ui.shell.screens import Group, ScreenSpec, TabSpec

_HERE = find_spec("app.imaging") is not None
SCREENS = (
    (
        ScreenSpec(
            "reading", N_("Images"), "images", "ui.imaging.reading_view:ReadingView", Group.INNER, 30,
            permission="view_images", needs=("patient",), above="patients", theme="reading",
        ),
    )
    if _HERE
    else ()
)  # fmt: skip
TABS = (TabSpec("images", N_("Images"), "ui.imaging.images_tab:ImagesTab", 30, "view_images"),) if _HERE else ()

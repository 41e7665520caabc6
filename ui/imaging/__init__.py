"""Imaging: the library, imports and their review, photographs by view, the reading room, a patient’s images.

Absent where the slice is not installed.
"""

from importlib.util import find_spec

from app.core.i18n import N_
from ui.shell.screens import Group, ScreenSpec, TabSpec

_HERE = find_spec("app.imaging") is not None
SCREENS = (
    (
        ScreenSpec(
            "imaging", N_("Images"), "images", "ui.imaging.library_view:LibraryView", Group.MAIN, 30,
            permission="view_images",
        ),
        ScreenSpec(
            "imports", N_("Import and review"), "upload-simple", "ui.imaging.imports_view:ImportsView", Group.INNER, 31,
            permission="import_images", above="imaging",
        ),
        ScreenSpec(
            "photographs", N_("Photographs by view"), "squares-four", "ui.imaging.sorting_view:SortingView",
            Group.INNER, 32, permission="view_images", needs=("patient",), above="imaging",
        ),
        ScreenSpec(
            "reading", N_("Reading"), "eye", "ui.imaging.reading_view:ReadingView", Group.INNER, 33,
            permission="view_images", needs=("patient",), above="imaging", theme="reading",
        ),
    )
    if _HERE
    else ()
)  # fmt: skip
TABS = (TabSpec("images", N_("Images"), "ui.imaging.images_tab:ImagesTab", 30, "view_images"),) if _HERE else ()

"""The third dimension: a patient’s cone-beam volumes and study models.

Absent where the imaging slice is not installed.
"""

from importlib.util import find_spec

from app.core.i18n import N_
from ui.shell.screens import Group, ScreenSpec

SCREENS = (
    (
        ScreenSpec(
            "volume", N_("Volume"), "cube", "ui.volumes.volume_view:VolumeView", Group.INNER, 34,
            permission="view_images", needs=("patient",), above="imaging", theme="reading",
        ),
        ScreenSpec(
            "models", N_("Models"), "tooth", "ui.volumes.models_view:ModelsView", Group.INNER, 35,
            permission="view_images", needs=("patient",), above="imaging", theme="reading",
        ),
    )
    if find_spec("app.imaging") is not None
    else ()
)  # fmt: skip

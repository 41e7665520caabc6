"""The bucket: where images go, what waits and why, and what that saves."""

from app.core.i18n import N_, _
from app.storage.queries import PLACE_LABELS, storage_targets
from ui.shell.id_sources import IdSource
from ui.shell.screens import Group, ScreenSpec

SCREENS = (
    ScreenSpec("storage", N_("Bucket"), "cloud-check", "ui.storage.storage_view:StorageView", Group.MAIN, 78),
)  # fmt: skip
ID_SOURCES = (
    IdSource("StorageTargetId", storage_targets, lambda row: f"{row.name} · {_(PLACE_LABELS[row.place])}"),
)  # fmt: skip

"""What a workstation does that was shut out: it destroys its keys, so that what is left on its disk is noise."""

from __future__ import annotations

from pathlib import Path

from app.core.errors import PermissionDenied
from app.core.i18n import N_
from app.core.keys import Keyring, destroy_key, shred
from app.devices.permissions import MANAGE_WORKSTATIONS
from sync.client.connection import DEVICE_KEY_FILE, forget_connection


class WorkstationRevoked(PermissionDenied):
    """This workstation was shut out of its practice, and its data was made unreadable."""

    def __init__(self) -> None:
        super().__init__(MANAGE_WORKSTATIONS.name, MANAGE_WORKSTATIONS.label)
        self.message_id = N_("This workstation was revoked. What it wrote was handed over; its data is unreadable now.")
        self.values = {}


def wipe(folder: Path, keyring: Keyring | None = None) -> None:
    """Destroy the keys of a folder, its own and the device's. Whoever has it open loses it at the next start."""
    destroy_key(folder, keyring)
    shred(folder / DEVICE_KEY_FILE)
    forget_connection(folder, keyring)

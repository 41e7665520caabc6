"""Who decides which devices are let in."""

from __future__ import annotations

from typing import Final

from app.core.i18n import N_
from app.core.permissions import EVERY_ROLE, LEADERS, Permission

MANAGE_DEVICES: Final = Permission("manage_dicom_devices", N_("Set up imaging devices"), LEADERS)
SEE_GATEWAY: Final = Permission("see_gateway", N_("See imaging devices and the gateway"), EVERY_ROLE)
SERVE_DEVICES: Final = Permission("serve_dicom_devices", N_("Act for imaging devices"), ())
"""Held by the gateway itself: nobody else writes what devices have sent."""

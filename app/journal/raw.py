"""The right to write outside the commands."""

from __future__ import annotations

from app.core.i18n import N_
from app.core.permissions import Permission, Role

WRITE_RAW = Permission("write_raw", N_("Write to the database directly"), (Role.PRACTICE_MANAGER,))
READ_RAW = Permission("read_raw", N_("Read the database directly"), (Role.PRACTICE_MANAGER,))

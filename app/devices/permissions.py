"""Who decides which computers see the practice's data."""

from __future__ import annotations

from typing import Final

from app.core.i18n import N_
from app.core.permissions import EVERY_ROLE, LEADERS, Permission

MANAGE_WORKSTATIONS: Final = Permission("manage_workstations", N_("Invite and revoke workstations"), LEADERS)
SEE_WORKSTATIONS: Final = Permission("see_workstations", N_("See the practice’s workstations"), EVERY_ROLE)

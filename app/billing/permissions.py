"""Who may see and write amounts."""

from __future__ import annotations

from app.core.i18n import N_
from app.core.permissions import LEADERS, Permission, Role

_OFFICE = (Role.ORTHODONTIST, Role.PRACTICE_MANAGER, Role.FRONT_DESK)

SEE_BALANCES = Permission("see_balances", N_("See balances"), _OFFICE)
RECORD_OPENING_BALANCES = Permission("record_opening_balances", N_("Record opening balances"), LEADERS)

"""Who may use the time clock, for whom."""

from __future__ import annotations

from app.core.i18n import N_
from app.core.permissions import EVERY_ROLE, LEADERS, Permission

USE_CLOCK = Permission("use_clock", N_("Clock in and out, and ask for breaks"), EVERY_ROLE)
MANAGE_CLOCK = Permission("manage_clock", N_("Keep the time clock of others, and grant breaks"), LEADERS)

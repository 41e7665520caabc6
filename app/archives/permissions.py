"""Who may copy the clinic away."""

from __future__ import annotations

from app.core.i18n import N_
from app.core.permissions import LEADERS, Permission

BACK_UP = Permission("back_up", N_("Make backups and see how they stand"), LEADERS)

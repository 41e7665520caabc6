"""Who may take in an old system."""

from __future__ import annotations

from app.core.i18n import N_
from app.core.permissions import Permission, Role

CONVERT = Permission("convert_old_system", N_("Take in an old system"), (Role.PRACTICE_MANAGER,))

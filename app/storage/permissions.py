"""Who decides where the clinic's images are kept, and who sees how the transfers stand."""

from __future__ import annotations

from typing import Final

from app.core.i18n import N_
from app.core.permissions import EVERY_ROLE, LEADERS, Permission

MANAGE_STORAGE: Final = Permission(
    "manage_storage", N_("Choose the bucket and decide how long images are kept"), LEADERS
)
SEE_STORAGE: Final = Permission("see_storage", N_("See what is in the bucket and what waits"), EVERY_ROLE)

"""Who may work at the steriliser."""

from __future__ import annotations

from app.core.i18n import N_
from app.core.permissions import EVERY_ROLE, Permission, Role

_CLINICAL = (Role.ORTHODONTIST, Role.PRACTICE_MANAGER, Role.CLINICAL_STAFF, Role.ASSISTANT)

SEE_STERILISATION = Permission("see_sterilisation", N_("See sterilisation cycles"), EVERY_ROLE)
STERILISE = Permission("sterilise", N_("Run sterilisation cycles and open packs"), _CLINICAL)
RELEASE_LOADS = Permission("release_loads", N_("Release sterilised loads"), _CLINICAL)

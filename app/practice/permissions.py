"""Who may set the practice up."""

from __future__ import annotations

from app.core.i18n import N_
from app.core.permissions import EVERY_ROLE, LEADERS, Permission, Role

_OFFICE = (Role.ORTHODONTIST, Role.PRACTICE_MANAGER, Role.FRONT_DESK)

SEE_PRACTICE = Permission("see_practice", N_("See clinics, chairs and working hours"), EVERY_ROLE)
SEE_FEES = Permission("see_fees", N_("See fees"), _OFFICE)
EDIT_PRACTICE = Permission("edit_practice", N_("Set up clinics, chairs and equipment"), LEADERS)
EDIT_SHIFTS = Permission("edit_shifts", N_("Edit shifts, breaks and absences"), LEADERS)
EDIT_CATALOGUE = Permission("edit_catalogue", N_("Edit the procedure catalogue"), LEADERS)

"""Who may see figures."""

from __future__ import annotations

from app.core.i18n import N_
from app.core.permissions import LEADERS, Permission

SEE_FIGURES = Permission("see_figures", N_("See figures of the clinic"), LEADERS)

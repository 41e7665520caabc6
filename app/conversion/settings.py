"""What the clinic decides about conversions."""

from __future__ import annotations

from typing import Final

from app.core.i18n import N_
from app.core.settings import Page, Scope, Setting

CONVERSION: Final = Page("conversion", N_("Old system"), "database", 75)
REMARK_DAYS: Final = Setting(
    "conversion_remark_days",
    Scope.CLINIC,
    int,
    60,
    N_("Keep remarks on rows"),
    N_("Remarks on rows of an old system may name a person; they are deleted after this time."),
    CONVERSION,
    minimum=1,
    maximum=365,
    unit=N_("days"),
)

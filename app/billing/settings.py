"""What the clinic decides about money."""

from __future__ import annotations

from typing import Final

from app.core.i18n import N_
from app.core.settings import Page, Scope, Setting

BILLING: Final = Page("billing", N_("Payments"), "wallet", 60)

EXPOSURE_PERCENT: Final = Setting(
    "treatment_ahead_percent",
    Scope.CLINIC,
    int,
    20,
    N_("Treatment ahead of payment"),
    N_("A patient is followed when the share of the treatment that has passed is this much above the share paid."),
    BILLING,
    minimum=1,
    maximum=100,
    unit=N_("points"),
)

"""What the clinic decides about its bucket: retention, prices, links."""

from __future__ import annotations

from typing import Final

from app.core.i18n import N_
from app.core.settings import Page, Scope, Setting

STORAGE: Final = Page("storage", N_("Bucket and retention"), "cloud-check", 52)

LINK_MINUTES: Final = Setting(
    "storage_link_minutes", Scope.CLINIC, int, 15, N_("A link to an image lasts"),
    N_("A link is made when somebody asks for it, is written down nowhere, and ends by itself."),
    STORAGE, minimum=1, maximum=60, unit=N_("minutes"),
)  # fmt: skip
PACK_AFTER_DAYS: Final = Setting(
    "storage_pack_after_days", Scope.CLINIC, int, 365, N_("Pack originals after"),
    N_(
        "Older radiographs are kept in the bucket as lossless HTJ2K, only where unpacking gives every received byte "
        "again. 0: never."
    ),
    STORAGE, minimum=0, maximum=36500, unit=N_("days"),
)  # fmt: skip
RETENTION_YEARS: Final = Setting(
    "retention_years", Scope.CLINIC, int, 10, N_("Keep records for"),
    N_("Counted from the last entry. Nothing is ever removed by itself: the list shows what may be looked at."),
    STORAGE, minimum=5, maximum=100, unit=N_("years"),
)  # fmt: skip
RETENTION_MINORS: Final = Setting(
    "retention_minors_until", Scope.CLINIC, int, 28, N_("Keep records of minors until"),
    N_("The age up to which the record of somebody who was a minor at the last entry is kept."),
    STORAGE, minimum=18, maximum=60, unit=N_("years of age"),
)  # fmt: skip
STANDARD_PRICE: Final = Setting(
    "storage_price_standard", Scope.CLINIC, int, 35, N_("Price of the ordinary class"),
    N_("What your contract says for 1,000 GB in one month, in dollars. The report counts with it."),
    STORAGE, minimum=0, maximum=10000, unit=N_("$ for 1,000 GB a month"),
)  # fmt: skip
COLD_PRICE: Final = Setting(
    "storage_price_cold", Scope.CLINIC, int, 6, N_("Price of the cheaper class"),
    N_("What your contract says for 1,000 GB in one month, in dollars. The report counts with it."),
    STORAGE, minimum=0, maximum=10000, unit=N_("$ for 1,000 GB a month"),
)  # fmt: skip

"""Where the practice's server is (the server writes it; workstations put it into the codes that they show), and how
many images a workstation keeps of those that the server holds."""

from __future__ import annotations

from typing import Final

from app.core.i18n import N_
from app.core.settings import WORKSTATION, Scope, Setting

SERVER_ADDRESS: Final = Setting(
    "server_address", Scope.CLINIC, str, "", N_("Address of the server"),
    N_("Under which workstations find the practice’s server. Kept by the server itself."), WORKSTATION, shown=False,
)  # fmt: skip
SERVER_PIN: Final = Setting(
    "server_pin", Scope.CLINIC, str, "", N_("Fingerprint of the server"),
    N_("SHA-256 of the server’s own certificate authority. Kept by the server itself."), WORKSTATION, shown=False,
)  # fmt: skip
IMAGE_BUDGET_GB: Final = Setting(
    "image_budget_gb", Scope.WORKSTATION, int, 50, N_("Images kept here"),
    N_("Beyond this, images that the server holds as well are given up, the longest unused first."), WORKSTATION,
    minimum=1, maximum=4000, unit=N_("GB"),
)  # fmt: skip
FETCH_TOMORROW: Final = Setting(
    "fetch_tomorrow", Scope.WORKSTATION, bool, True, N_("Fetch tomorrow’s images in the evening"),
    N_("From 6 p.m. on, the images of the patients of the next day with appointments are brought here."), WORKSTATION,
)  # fmt: skip

"""Where the practice's server is. The server writes both; workstations put them into the codes that they show."""

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

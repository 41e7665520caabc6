"""Under which name and where the gateway listens, and how much it takes."""

from __future__ import annotations

from typing import Final

from app.core.i18n import N_
from app.core.settings import Page, Scope, Setting

GATEWAY: Final = Page("gateway", N_("Imaging devices"), "plugs", 55)

GATEWAY_AE_TITLE: Final = Setting(
    "gateway_ae_title",
    Scope.CLINIC,
    str,
    "ARCHWIRE",
    N_("Our AE title"),
    N_("The name under which devices and archives call this clinic: at most 16 letters, digits, “_” or “-”."),
    GATEWAY,
)
GATEWAY_HOST: Final = Setting(
    "gateway_host",
    Scope.WORKSTATION,
    str,
    "0.0.0.0",
    N_("Address to listen on"),
    N_("0.0.0.0 listens on all of this computer’s addresses."),
    GATEWAY,
)
GATEWAY_PORT: Final = Setting(
    "gateway_port",
    Scope.WORKSTATION,
    int,
    11112,
    N_("Port"),
    N_("Where devices without encryption connect. 0 closes it."),
    GATEWAY,
    minimum=0,
    maximum=65535,
)
GATEWAY_TLS_PORT: Final = Setting(
    "gateway_tls_port",
    Scope.WORKSTATION,
    int,
    2762,
    N_("Port with TLS"),
    N_("Where devices connect encrypted, by the BCP 195 profile. Used once a certificate is installed; 0 closes it."),
    GATEWAY,
    minimum=0,
    maximum=65535,
)
GATEWAY_ASSOCIATIONS: Final = Setting(
    "gateway_associations",
    Scope.CLINIC,
    int,
    64,
    N_("Most connections at once"),
    N_("One device may hold half of them. Others are asked to come again."),
    GATEWAY,
    minimum=2,
    maximum=500,
)
GATEWAY_IDLE_SECONDS: Final = Setting(
    "gateway_idle_seconds",
    Scope.CLINIC,
    int,
    60,
    N_("Longest silence of a device"),
    N_("A connection on which nothing comes for so long is ended."),
    GATEWAY,
    minimum=5,
    maximum=3600,
    unit=N_("seconds"),
)

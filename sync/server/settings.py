"""How the server's process is set: where it listens and how much it takes from one machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from app.archives.server_folder import SETTINGS_FILE
from app.core.keys import write_private

PORT: Final = 8443
MIB: Final = 1 << 20
MAXIMUM_BODY: Final = 4 * MIB
"""Bytes of a request as sent, unless its route says otherwise."""
MAXIMUM_INFLATED: Final = 16 * MIB
"""Bytes of a request once unpacked."""


@dataclass(slots=True)
class ServerSettings:
    """What `server.json` holds. Rates count requests a second, bursts how many may come at once.

    `operator_token` is the secret by which monitoring reads the metrics; empty: nobody can.
    """

    host: str = "0.0.0.0"
    port: int = PORT
    name: str = ""
    operator_token: str = ""
    device_rate: float = 200.0
    device_burst: float = 400.0
    stranger_rate: float = 5.0
    """Refused or unauthenticated requests of one address."""
    stranger_burst: float = 60.0
    announced: bool = True
    """Whether the server is announced on the local network by mDNS."""
    gateway: bool = True
    """Whether the DICOM gateway runs inside it, once there is a device or an archive."""


def read_settings(folder: Path) -> ServerSettings:
    """The settings of a server's folder; the defaults where none are kept."""
    file = folder / SETTINGS_FILE
    if not file.exists():
        return ServerSettings()
    return msgspec.json.decode(file.read_bytes(), type=ServerSettings)


def write_settings(folder: Path, settings: ServerSettings) -> None:
    """Keep the settings, readable by their owner only."""
    write_private(folder / SETTINGS_FILE, msgspec.json.format(msgspec.json.encode(settings), indent=2))

"""What a practice's server knows of the devices that ask it something, kept in memory for a moment."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Final

from app.journal.queries import SYSTEM
from app.journal.runner import Runner

MEMORY_SECONDS: Final = 1.0
"""How long another process's revocation may stay unnoticed by the door; a push asks the database itself."""


@dataclass(frozen=True, slots=True)
class DeviceStanding:
    """A device as the door knows it. `public_key` is base 64; without one it cannot sign anything."""

    id: str
    practice: str
    name: str
    public_key: str
    is_revoked: bool
    opening_key: str = ""
    """X25519, in base 64: what is wrapped for it can be opened by nobody else."""


class Devices:
    """The devices of one practice; any thread may ask."""

    def __init__(self, runner: Runner, practice: str) -> None:
        self._runner, self._practice = runner, practice
        self._known: dict[str, tuple[float, DeviceStanding | None]] = {}

    def standing(self, device: str) -> DeviceStanding | None:
        """The device, None for a stranger."""
        now = time.monotonic()
        kept = self._known.get(device)
        if kept is not None and kept[0] > now:
            return kept[1]
        if len(self._known) > 10_000:  # names that strangers made up
            self._known.clear()
        found = self._read(device)
        self._known[device] = (now + MEMORY_SECONDS, found)
        return found

    def forget(self) -> None:
        """Something was enrolled or revoked: read again."""
        self._known.clear()

    def _read(self, device: str) -> DeviceStanding | None:
        with self._runner.read(SYSTEM) as read:
            rows: Any = read.sql(
                "SELECT name, public_key, revoked_at, opening_key FROM server_device WHERE id = :it", it=device
            )
        if not rows:
            return None
        name, public_key, revoked_at, opening_key = rows[0]
        return DeviceStanding(device, self._practice, name, public_key or "", revoked_at is not None, opening_key or "")

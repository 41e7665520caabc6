"""Finding the server again whose address has changed: by what it says on the local network, believed by its pin alone.

An announcement (multicast DNS, RFC 6762) says an address; the TLS of whoever answers there must be of the pinned
authority, so that a false announcement costs one try.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from typing import Final

import msgspec

from sync.client.connection import Connection
from sync.server.certificates import fingerprint

SERVICE: Final = "_archwire._tcp.local."
PIN: Final = "authority"
"""The announced property that holds the first digits of the authority's fingerprint."""
PIN_DIGITS: Final = 32
LISTENING_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class Announced:
    """A server that answers on the local network."""

    address: str
    port: int
    pin: str

    @property
    def url(self) -> str:
        """Where it says it is."""
        return f"https://[{self.address}]:{self.port}" if ":" in self.address else f"https://{self.address}:{self.port}"


def announced_servers(seconds: float = LISTENING_SECONDS) -> list[Announced]:
    """The servers that answer within `seconds`; none on a network that does not let us ask."""
    from zeroconf import ServiceBrowser, Zeroconf

    names: set[str] = set()
    found: list[Announced] = []
    try:
        zeroconf = Zeroconf()
    except OSError:
        return found
    with contextlib.closing(zeroconf):
        browser = ServiceBrowser(zeroconf, SERVICE, handlers=[lambda name, **_given: names.add(name)])
        time.sleep(seconds)
        browser.cancel()
        for name in sorted(names):
            info = zeroconf.get_service_info(SERVICE, name, timeout=1000)
            if info is not None and info.port is not None:
                pin = (info.decoded_properties or {}).get(PIN) or ""
                found += [Announced(address, info.port, pin) for address in info.parsed_addresses()]
    return found


def moved(connection: Connection) -> Connection | None:
    """The connection with where its server is now; None when it is not heard, or is where it was.

    A server that this computer hosts is where it always is.
    """
    if connection.embedded:
        return None
    from sync.client.hosting import answers

    pin = fingerprint(connection.authority)[:PIN_DIGITS]
    for server in announced_servers():
        other = msgspec.structs.replace(connection, url=server.url)
        if server.pin == pin and other.url != connection.url and answers(other):
            return other
    return None

"""The server says on the local network where it is (multicast DNS, RFC 6762, and DNS-SD, RFC 6763).

Nothing is believed because of it: a workstation knows its server by the pinned authority.
"""

from __future__ import annotations

import contextlib
import logging
import platform
import socket
from collections.abc import Iterator

import ifaddr
from zeroconf import ServiceInfo, Zeroconf

from sync.client.finding import PIN, PIN_DIGITS, SERVICE
from sync.server.certificates import fingerprint
from sync.server.http.logs import LOGGER
from sync.server.practices import PracticeStores
from sync.server.serving import Serving
from sync.server.settings import ServerSettings

_log = logging.getLogger(LOGGER)


@contextlib.contextmanager
def announced(practices: PracticeStores, settings: ServerSettings, serving: Serving) -> Iterator[None]:
    """Announce while the context lasts; a network that does not let us costs a line of the log."""
    host = (settings.name or platform.node()).split(".")[0]
    properties = {PIN: fingerprint(serving.authority)[:PIN_DIGITS], "practices": str(len(list(practices)))}
    try:
        zeroconf = Zeroconf()
    except OSError as error:
        _log.warning("not announced", extra={"kind": type(error).__name__})
        yield
        return
    try:
        info = ServiceInfo(
            SERVICE, f"Archwire {host}.{SERVICE}", port=serving.port, properties=properties,
            server=f"{host}.local.", addresses=_addresses(),
        )  # fmt: skip
        with contextlib.suppress(Exception):  # the library's own classes: a name that is taken, no route
            zeroconf.register_service(info, allow_name_change=True)
        yield
    finally:
        zeroconf.close()


def _addresses() -> list[bytes]:
    """This computer's addresses on its networks (IPv4), without the loopback unless there is no other."""
    found = [
        socket.inet_aton(it.ip) for adapter in ifaddr.get_adapters() for it in adapter.ips if isinstance(it.ip, str)
    ]
    return [it for it in found if it[0] != 127] or found

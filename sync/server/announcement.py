"""The server says on the local network where it is (multicast DNS, RFC 6762, and DNS-SD, RFC 6763).

Nothing is believed because of it: a workstation knows its server by the pinned authority.
"""

from __future__ import annotations

import contextlib
import logging
import platform
import socket
import time
from collections.abc import Iterator
from typing import Final

import ifaddr
from zeroconf import ServiceBrowser, ServiceInfo, ServiceListener, Zeroconf

from sync.server.certificates import fingerprint
from sync.server.http.logs import LOGGER
from sync.server.practices import PracticeStores
from sync.server.serving import Serving
from sync.server.settings import ServerSettings

SERVICE: Final = "_archwire._tcp.local."
_log = logging.getLogger(LOGGER)


@contextlib.contextmanager
def announced(practices: PracticeStores, settings: ServerSettings, serving: Serving) -> Iterator[None]:
    """Announce while the context lasts; a network that does not let us costs a line of the log."""
    host = (settings.name or platform.node()).split(".")[0]
    properties = {"authority": fingerprint(serving.authority)[:32], "practices": str(len(list(practices)))}
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


def found_servers(seconds: float = 2.0) -> list[tuple[str, str, int]]:
    """(name, address, port) of the servers that answer within `seconds`."""
    found: list[tuple[str, str, int]] = []
    with contextlib.closing(Zeroconf()) as zeroconf:
        heard = _Heard()
        browser = ServiceBrowser(zeroconf, SERVICE, listener=heard)
        time.sleep(seconds)
        browser.cancel()
        for name in sorted(heard.names):
            info = zeroconf.get_service_info(SERVICE, name, timeout=1000)
            if info is not None and info.port is not None:
                found += [(name.removesuffix(f".{SERVICE}"), it, info.port) for it in info.parsed_addresses()[:1]]
    return found


class _Heard(ServiceListener):
    def __init__(self) -> None:
        self.names: set[str] = set()

    def add_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        self.names.add(name)

    def remove_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        self.names.discard(name)

    def update_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        self.names.add(name)


def _addresses() -> list[bytes]:
    """This computer's addresses on its networks (IPv4), without the loopback unless there is no other."""
    found = [
        socket.inet_aton(it.ip) for adapter in ifaddr.get_adapters() for it in adapter.ips if isinstance(it.ip, str)
    ]
    return [it for it in found if it[0] != 127] or found

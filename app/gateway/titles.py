"""What an AE title and an address may be."""

from __future__ import annotations

import ipaddress
import re
from typing import Final

from app.core.errors import RuleViolation
from app.core.i18n import N_

_TITLE: Final = re.compile(r"[A-Za-z0-9_.\-]{1,16}")


def checked_title(given: str, field: str = "ae_title") -> str:
    """An AE title of 1 to 16 characters without blanks (PS3.5 §6.2 allows more than devices can be told)."""
    title = given.strip()
    if not _TITLE.fullmatch(title):
        raise RuleViolation(N_("An AE title has 1 to 16 letters, digits, “_”, “.” or “-”."), field=field)
    return title


def checked_address(given: str, field: str = "address") -> str | None:
    """An IP address or a network; None for any."""
    address = given.strip()
    if not address:
        return None
    try:
        ipaddress.ip_network(address, strict=False)
    except ValueError:
        raise RuleViolation(
            N_("Write an IP address such as 192.168.1.20, or a network such as 192.168.1.0/24."), field=field
        ) from None
    return address


def is_at(address: str, allowed: str | None) -> bool:
    """Whether a connection from `address` comes from where the device stands."""
    if not allowed:
        return True
    try:
        here = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(here, "ipv4_mapped", None)
    return (mapped or here) in ipaddress.ip_network(allowed, strict=False)

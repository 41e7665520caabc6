"""The signature of a device under each of its requests: what is signed, and under which headers it travels.

The private key never leaves the device; what a listener on the line could keep is worth nothing five minutes later,
and nothing at all for another method, path or body.
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

DEVICE: Final = "Archwire-Device"
DATE: Final = "Archwire-Date"
"""Milliseconds since 1970 by the server's clock, as the device believes it to be."""
NONCE: Final = "Archwire-Nonce"
SIGNATURE: Final = "Archwire-Signature"
NOW: Final = "Archwire-Now"
"""In every answer: milliseconds since 1970 by the server's clock."""
WINDOW_MILLIS: Final = 300_000
"""A request is refused when its date is further from the server's clock than this."""
_PROTOCOL: Final = "archwire 1"


def signed_text(method: str, target: str, date: str, nonce: str, body: bytes) -> bytes:
    """What is signed: the method, the path with its query, the date, the nonce and the SHA-256 of the body as sent."""
    return "\n".join((_PROTOCOL, method.upper(), target, date, nonce, sha256(body).hexdigest())).encode()


@dataclass(frozen=True, slots=True)
class Signer:
    """A device and its private key."""

    device: str
    key: Ed25519PrivateKey

    def headers(self, method: str, target: str, body: bytes, millis: int) -> dict[str, str]:
        """The headers of one request, sent at `millis` by the server's clock; a nonce is used once."""
        date, nonce = str(millis), secrets.token_hex(16)
        signature = self.key.sign(signed_text(method, target, date, nonce, body))
        return {DEVICE: self.device, DATE: date, NONCE: nonce, SIGNATURE: base64.b64encode(signature).decode()}


def public_text(key: Ed25519PrivateKey) -> str:
    """The public half, as the server keeps it: 32 bytes in base 64."""
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()

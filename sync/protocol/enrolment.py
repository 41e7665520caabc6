"""What a workstation and the server say to each other when one joins, and when it fetches its first copy."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

ENROLMENT: Final = "/v1/enrolment"
_OPENING_INFO: Final = b"archwire opening key 1"


class Enrol(msgspec.Struct, frozen=True):
    """Let me in. `secret` is that of the code, in hexadecimal; the keys are the public halves, in base 64.

    `opening_key` (X25519) is what the server wraps keys for; `name` may be empty: then it is that of the invitation.
    """

    secret: str
    device: str
    public_key: str
    opening_key: str
    name: str = ""


class Enrolled(msgspec.Struct, frozen=True):
    """You are in."""

    practice: str
    kind: str
    name: str


class Copy(msgspec.Struct, frozen=True):
    """The state of the copy that is made for one device.

    `size` is what can be fetched already, `is_whole` whether that is all; `sha256` is then that of all of it. `key` is
    the copy's one-time key, wrapped for the device, in base 64. `rows` is how many rows were written so far.
    """

    id: str
    key: str
    size: int = 0
    rows: int = 0
    is_whole: bool = False
    sha256: str = ""
    failed: bool = False


def opening_text(device_key: Ed25519PrivateKey) -> str:
    """The public half of the opening key, as the server keeps it: 32 bytes in base 64."""
    return base64.b64encode(opening_key(device_key).public_key().public_bytes_raw()).decode()


def opening_key(device_key: Ed25519PrivateKey) -> X25519PrivateKey:
    """The key by which a device opens what is wrapped for it, derived from the one key that it keeps."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    seed = HKDF(SHA256(), 32, None, _OPENING_INFO).derive(device_key.private_bytes_raw())
    return X25519PrivateKey.from_private_bytes(seed)

"""The code that lets one workstation in: a secret, the pin of the server's certificate authority, its address.

Text: 44 characters of base 32 in groups of four, then `@host:port`. The same text stands in the QR mark (upper case
only, so that it is the compact alphanumeric kind). The secret has 80 random bits: a plain SHA-256 of it cannot be
searched backwards, which a slow hash is for.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import Final

from app.core.errors import UsageError
from app.core.i18n import N_

VERSION: Final = 1
SECRET_BYTES: Final = 10
PIN_BYTES: Final = 16
"""Of the SHA-256 of the authority's certificate: who wants another certificate with the same must try 2^128."""
PORT: Final = 8443
_GROUPS: Final = re.compile(r"[A-Z2-7]{44}")


@dataclass(frozen=True, slots=True, repr=False)
class Code:
    """What a workstation is given to enrol with. `pin` are the first 16 bytes of the authority's SHA-256."""

    secret: bytes
    pin: bytes
    address: str

    @classmethod
    def new(cls, pin_hex: str, address: str) -> Code:
        """A fresh code for the server with this pin (hexadecimal SHA-256) at this `host:port`."""
        return cls(secrets.token_bytes(SECRET_BYTES), bytes.fromhex(pin_hex)[:PIN_BYTES], address)

    @classmethod
    def parse(cls, text: str) -> Code:
        """From what was typed or scanned; `UsageError` when it is no code."""
        head, _at, address = "".join(text.split()).partition("@")
        letters = head.upper().replace("-", "").replace("0", "O").replace("1", "I").replace("8", "B")
        if not _GROUPS.fullmatch(letters) or not address:
            raise UsageError(N_("This is not an enrolment code. Copy all of it, with what follows “@”."), field="code")
        try:
            raw = base64.b32decode(letters + "====")
        except binascii.Error as error:
            raise UsageError(N_("This is not an enrolment code."), field="code") from error
        if raw[0] != VERSION:
            raise UsageError(N_("This enrolment code is of another version of Archwire."), field="code")
        return cls(raw[1 : 1 + SECRET_BYTES], raw[1 + SECRET_BYTES :], address.lower())

    def text(self) -> str:
        """As it is shown, typed and scanned."""
        letters = base64.b32encode(bytes([VERSION]) + self.secret + self.pin).decode().rstrip("=")
        groups = "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))
        return f"{groups}@{self.address}".upper()

    def pins(self, authority_der: bytes) -> bool:
        """Whether this is the certificate authority that the code was made for."""
        return secrets.compare_digest(hashlib.sha256(authority_der).digest()[:PIN_BYTES], self.pin)


def code_hash(secret: bytes) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(b"archwire enrolment 1\x00" + secret).hexdigest()

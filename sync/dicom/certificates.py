"""TLS between AEs by BCP 195 (PS3.15 §B.12; RFC 8996, RFC 9325): 1.2 with ECDHE and AEAD, or 1.3, and both sides known.

Under the data folder, `dicom-tls` holds `certificate.pem`, `key.pem` and `authorities.pem`: whom we trust. Without them
the port with TLS stays closed. Whoever runs the clinic’s network makes them.
"""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Final

TLS_FOLDER: Final = "dicom-tls"
CERTIFICATE: Final = "certificate.pem"
KEY: Final = "key.pem"
AUTHORITIES: Final = "authorities.pem"
CIPHERS: Final = (
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"
)
"""Of TLS 1.2, those that RFC 9325 §4.2 recommends; TLS 1.3 has no others."""


def _context(folder: Path, purpose: int) -> ssl.SSLContext | None:
    place = folder / TLS_FOLDER
    if not all((place / name).exists() for name in (CERTIFICATE, KEY, AUTHORITIES)):
        return None
    made = ssl.SSLContext(purpose)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.set_ciphers(CIPHERS)
    made.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION
    made.load_cert_chain(place / CERTIFICATE, place / KEY)
    made.load_verify_locations(place / AUTHORITIES)
    made.verify_mode = ssl.CERT_REQUIRED
    return made


def serving(folder: Path) -> ssl.SSLContext | None:
    """How devices are met: they show a certificate too. None without certificates. Raises `ssl.SSLError`."""
    return _context(folder, ssl.PROTOCOL_TLS_SERVER)


def calling(folder: Path) -> ssl.SSLContext | None:
    """How archives are called. They are known by their certificate, whatever name their address has."""
    made = _context(folder, ssl.PROTOCOL_TLS_CLIENT)
    if made is not None:
        made.check_hostname = False
        made.verify_mode = ssl.CERT_REQUIRED
    return made

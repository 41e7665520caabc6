"""The server's own authority, made at set-up and pinned by workstations: a local network has no public names.

Nothing outside the server's folder ever trusts this authority, and a workstation trusts nothing else.
"""

from __future__ import annotations

import ipaddress
import socket
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.archives.server_folder import TLS_FOLDER
from app.core.keys import write_private

AUTHORITY: Final = "authority.pem"
AUTHORITY_KEY: Final = "authority.key"
CERTIFICATE: Final = "server.pem"
KEY: Final = "server.key"
SERVER_NAME: Final = "archwire.internal"
"""The name that workstations ask for, whatever the address: it is in every certificate of the authority."""
AUTHORITY_YEARS: Final = 25
CERTIFICATE_DAYS: Final = 365 * 20
"""Long, and begun in the past: a workstation whose clock is years off must learn the right time from the server."""
RENEW_DAYS: Final = 365 * 10
"""A certificate with less than this left is made anew when the server starts."""
BACKDATED: Final = timedelta(days=3650)


def ensure_certificates(folder: Path, names: tuple[str, ...] = ()) -> str:
    """Make the authority and the server's certificate where they are missing or old; returns the authority's PEM."""
    place = folder / TLS_FOLDER
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (place / AUTHORITY).exists():
        _make_authority(place)
    if not (place / CERTIFICATE).exists() or _days_left(place / CERTIFICATE) < RENEW_DAYS:
        _make_certificate(place, names)
    return (place / AUTHORITY).read_text("ascii")


def fingerprint(authority: str) -> str:
    """SHA-256 of the authority's certificate (DER), in hexadecimal: what a QR carries and a person may compare."""
    found = x509.load_pem_x509_certificate(authority.encode())
    return sha256(found.public_bytes(serialization.Encoding.DER)).hexdigest()


def _days_left(file: Path) -> int:
    found = x509.load_pem_x509_certificate(file.read_bytes())
    return (found.not_valid_after_utc - datetime.now(UTC)).days


def _make_authority(place: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Archwire authority")
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    made = (
        _builder(name, name, key.public_key(), timedelta(days=365 * AUTHORITY_YEARS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    write_private(place / AUTHORITY_KEY, _pem(key))
    write_private(place / AUTHORITY, made.public_bytes(serialization.Encoding.PEM))


def _make_certificate(place: Path, names: tuple[str, ...]) -> None:
    authority = x509.load_pem_x509_certificate((place / AUTHORITY).read_bytes())
    signing = serialization.load_pem_private_key((place / AUTHORITY_KEY).read_bytes(), None)
    assert isinstance(signing, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    made = (
        _builder(_name("Archwire server"), authority.subject, key.public_key(), timedelta(days=CERTIFICATE_DAYS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(_alternative_names(names)), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(signing, hashes.SHA256())
    )
    write_private(place / KEY, _pem(key))
    write_private(place / CERTIFICATE, made.public_bytes(serialization.Encoding.PEM))


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, lasts: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + lasts)
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _alternative_names(names: tuple[str, ...]) -> list[x509.GeneralName]:
    found: list[x509.GeneralName] = []
    for name in dict.fromkeys((SERVER_NAME, "localhost", "127.0.0.1", "::1", socket.gethostname(), *names)):
        try:
            found.append(x509.IPAddress(ipaddress.ip_address(name)))
        except ValueError:
            found.append(x509.DNSName(name.encode("idna").decode()))
    return found


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )

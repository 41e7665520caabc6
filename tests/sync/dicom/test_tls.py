"""TLS by BCP 195 with DCMTK’s own programs: certificates of both sides, what is refused, and sending to an archive."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.archives.commands import add_archive
from app.archives.queries import archives
from app.archives.vocabulary import ArchiveKind, Failure, Verification
from app.journal.queries import Actor
from app.journal.workplace import Workplace
from sync.dicom.certificates import AUTHORITIES, CERTIFICATE, KEY, TLS_FOLDER
from tests.sync.dicom.orthanc import free_port
from tests.sync.dicom.peers import data_of, films, gateway, instances, let_in, run, start
from tests.sync.dicom.test_storing import until

CALL = ("-aet", "PANO", "-aec", "ARCHWIRE")


class Authority:
    """A certificate authority of one test."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Clinic")])
        self.certificate = self._signed(self.name, self.key.public_key(), authority=True)

    def _signed(self, name: x509.Name, key: ec.EllipticCurvePublicKey, *, authority: bool = False) -> x509.Certificate:
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self.name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=30))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        )
        return made.sign(self.key, hashes.SHA256())

    def issue(self, folder: Path, common_name: str) -> Path:
        """A folder with certificate, key and authorities."""
        folder.mkdir(parents=True, exist_ok=True)
        key = ec.generate_private_key(ec.SECP256R1())
        signed = self._signed(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)]), key.public_key())
        pem = serialization.Encoding.PEM
        (folder / CERTIFICATE).write_bytes(signed.public_bytes(pem))
        (folder / AUTHORITIES).write_bytes(self.certificate.public_bytes(pem))
        (folder / KEY).write_bytes(
            key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        )
        return folder


def secured(folder: Path) -> tuple[str, ...]:
    """The words of DCMTK’s programs: a mutual TLS of the profile BCP 195."""
    return ("+tls", str(folder / KEY), str(folder / CERTIFICATE), "+cf", str(folder / AUTHORITIES))


@pytest.fixture
def authority(workplace: Workplace) -> Authority:
    """Whom the clinic trusts, and its own certificate."""
    made = Authority()
    made.issue(workplace.folder / TLS_FOLDER, "archwire")
    return made


def test_a_device_with_a_certificate_sends_encrypted(
    workplace: Workplace, authority: Authority, tmp_path: Path
) -> None:
    let_in(workplace, tls_only=True)
    unit = authority.issue(tmp_path / "unit", "pano")
    with gateway(workplace) as served:
        plain, secure = (door.port for door in served.doors)
        sent = films(tmp_path / "given", 3)
        for profile in ((), ("+px",)):  # BCP 195, and its extended profile
            assert run("echoscu", *secured(unit), *profile, *CALL, "127.0.0.1", secure).returncode == 0
        assert run("storescu", *secured(unit), "-R", *CALL, "127.0.0.1", secure, *sent).returncode == 0
        until(lambda: len(instances(workplace)) == 3)
        assert run("echoscu", *CALL, "127.0.0.1", plain).returncode != 0, "this device must connect with TLS"


def test_who_shows_no_certificate_or_another_one_is_not_let_in(
    workplace: Workplace, authority: Authority, tmp_path: Path
) -> None:
    let_in(workplace)
    stranger = Authority().issue(tmp_path / "stranger", "stranger")
    unit = authority.issue(tmp_path / "unit", "pano")
    with gateway(workplace) as served:
        plain, secure = (door.port for door in served.doors)
        trusting = (*secured(stranger)[:-1], str(unit / AUTHORITIES))
        assert run("echoscu", *trusting, *CALL, "127.0.0.1", secure).returncode != 0
        assert run("echoscu", "+tla", "-ic", *CALL, "127.0.0.1", secure).returncode != 0
        assert run("echoscu", *CALL, "127.0.0.1", secure, timeout=60).returncode != 0
        assert run("echoscu", *secured(unit), *CALL, "127.0.0.1", secure).returncode == 0, "the door stays open"
        assert run("echoscu", *CALL, "127.0.0.1", plain).returncode == 0


def test_an_archive_is_sent_to_encrypted(
    workplace: Workplace, boss: Actor, authority: Authority, tmp_path: Path
) -> None:
    let_in(workplace)
    vault, port = authority.issue(tmp_path / "vault", "vault"), free_port()
    kept = tmp_path / "kept"
    kept.mkdir()
    server = start("storescp", *secured(vault), "+B", "-aet", "VAULT", "-od", kept, port)
    time.sleep(0.5)
    try:
        workplace.runner.run(
            boss, add_archive, "Vault", ArchiveKind.CLASSIC, "127.0.0.1", port, "VAULT", tls=True, is_default=True,
            verification=Verification.NONE,
        )  # fmt: skip
        with gateway(workplace) as served:
            (sent,) = films(tmp_path / "given", 1)
            assert run("storescu", *CALL, "127.0.0.1", served.doors[0].port, sent).returncode == 0
            until(lambda: workplace.runner.ask(boss, archives)[0].verified == 1)
        (there,) = kept.iterdir()
        assert data_of(there) == data_of(sent)
    finally:
        server.kill()
        server.wait()


def test_without_certificates_an_archive_with_tls_is_not_called_in_the_clear(
    workplace: Workplace, boss: Actor, tmp_path: Path
) -> None:
    let_in(workplace)
    workplace.runner.run(
        boss, add_archive, "Vault", ArchiveKind.CLASSIC, "127.0.0.1", free_port(), "VAULT", tls=True, is_default=True
    )  # fmt: skip
    with gateway(workplace) as served:
        assert len(served.doors) == 1, "the port with TLS stays closed"
        run("storescu", *CALL, "127.0.0.1", served.doors[0].port, *films(tmp_path / "given", 1))
        until(lambda: workplace.runner.ask(boss, archives)[0].failure is Failure.REJECTED)

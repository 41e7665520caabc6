"""A server that got another address is found by what it announces, and believed by its pinned authority alone."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from app.patients.commands import create_patient
from sync.client import finding
from sync.client.connection import read_connection
from sync.client.files_service import FilesService
from sync.client.finding import Announced, moved
from sync.client.service import SyncService
from sync.server.certificates import ensure_certificates, fingerprint
from tests.sync.served import Chairs
from tests.sync.test_transport import ENOUGH, patients, until


def announced(chairs: Chairs, monkeypatch: pytest.MonkeyPatch, *others: Announced) -> None:
    here = Announced("127.0.0.1", chairs.serving.port, fingerprint(chairs.serving.authority)[: finding.PIN_DIGITS])
    monkeypatch.setattr(finding, "announced_servers", lambda: [*others, here])


def test_the_server_is_found_at_its_new_address(chairs: Chairs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.client.engine.FIRST_WAIT", 20)
    monkeypatch.setattr("sync.client.engine.LONGEST_WAIT", 40)
    gone = msgspec.structs.replace(chairs.connection("A"), url="https://127.0.0.1:9")
    service = SyncService(chairs.places["A"].runner, gone, chairs.keys["A"])
    files = FilesService(chairs.places["A"].runner, gone, chairs.keys["A"])
    announced(chairs, monkeypatch)
    chairs.run("A", create_patient, "Lavoie", "Olivia")
    service.start()
    try:
        assert service.board.wait(lambda status: status.is_done, ENOUGH)
    finally:
        service.stop()
    until(lambda: patients(chairs, "S") == {"Olivia"})
    kept = read_connection(chairs.places["A"].folder)
    assert kept is not None
    assert kept.url.endswith(f":{chairs.serving.port}"), "the next start knows it"
    assert files.fetcher.channel().ask("GET", "/health").status == 200, "files follow"


def test_only_the_pinned_authority_is_followed(chairs: Chairs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    here = chairs.connection("A")
    stranger = fingerprint(ensure_certificates(tmp_path / "stranger"))[: finding.PIN_DIGITS]
    claims_to_be = fingerprint(chairs.serving.authority)[: finding.PIN_DIGITS]
    monkeypatch.setattr(
        finding, "announced_servers",
        lambda: [Announced("127.0.0.1", chairs.serving.port, stranger), Announced("127.0.0.1", 9, claims_to_be)],
    )  # fmt: skip
    assert moved(here) is None
    false = msgspec.structs.replace(here, authority=ensure_certificates(tmp_path / "stranger"))
    announced(chairs, monkeypatch, Announced("127.0.0.1", chairs.serving.port, stranger))
    assert moved(false) is None, "it says so, and its certificate is another's"
    assert moved(msgspec.structs.replace(here, embedded=True)) is None

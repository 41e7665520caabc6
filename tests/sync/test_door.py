"""Who gets through the server's door, over real TLS."""

from __future__ import annotations

import gzip
import http.client
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import zstandard

from app.core.ids import new_id
from sync.client.channel import Answer, Channel, ServerClock, Unanswered
from sync.protocol.messages import Hello, HelloReply
from sync.protocol.signing import NONCE, Signer
from sync.server.certificates import ensure_certificates, fingerprint
from sync.server.http.application import endpoints
from sync.server.http.endpoint import Access
from tests.sync.served import Served, Station, served, station


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("door")) as running:
        yield running


@pytest.fixture(scope="module")
def alice(server: Served) -> Iterator[Station]:
    with station(server, "alice") as workstation:
        yield workstation


def greet(server: Served, channel: Channel, hello: Hello, headers: dict[str, str] | None = None) -> Answer:
    return channel.ask("POST", f"{server.base}/sync/hello", msgspec.json.encode(hello), headers)


def hello_of(place: Station) -> Hello:
    return Hello(place.workplace.device, place.connection.practice, 1)


def test_a_device_is_let_in(server: Served, alice: Station) -> None:
    answer = greet(server, alice.channel(), hello_of(alice))
    assert answer.status == 200, answer
    assert msgspec.json.decode(answer.body, type=HelloReply).epoch


@pytest.mark.parametrize("endpoint", endpoints(), ids=lambda it: f"{it.method} {it.path}")
def test_nobody_gets_in_without_credentials(server: Served, alice: Station, endpoint: object) -> None:
    path = endpoint.path.replace("{practice}", server.practice.id)
    answer = Channel(alice.connection, None, ServerClock()).ask(endpoint.method, path)
    is_open = endpoint.access is Access.OPEN
    assert answer.status == 200 if is_open else answer.status in {401, 403}


def test_a_stranger_and_another_practice_get_the_same_answer(server: Served, alice: Station) -> None:
    stranger = Channel(alice.connection, Signer(new_id(), alice.signer.key), ServerClock())
    first = greet(server, stranger, hello_of(alice))
    second = alice.channel().ask("POST", f"/v1/practices/{new_id()}/sync/hello", b"{}")
    assert (first.status, first.code) == (second.status, second.code) == (401, "credentials")


def test_a_device_speaks_for_itself_only(server: Served, alice: Station) -> None:
    answer = greet(server, alice.channel(), Hello(new_id(), server.practice.id, 1))
    assert (answer.status, answer.code) == (403, "another_device")


def test_a_signature_serves_once(server: Served, alice: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    body, target = msgspec.json.encode(hello_of(alice)), f"{server.base}/sync/hello"
    kept = alice.signer.headers("POST", target, body, ServerClock().millis())
    bare = Channel(alice.connection, None, ServerClock())
    assert bare.ask("POST", target, body, kept).status == 200
    again = bare.ask("POST", target, body, kept)
    assert (again.status, again.code) == (401, "replayed")
    other = bare.ask("POST", target, body + b" ", kept | {NONCE: "another"})
    assert (other.status, other.code) == (401, "credentials")


def test_a_wrong_clock_learns_the_right_one(server: Served, alice: Station) -> None:
    clock = ServerClock()
    clock.learn(0, 0, 4 * 365 * 86_400_000)  # four years ahead
    channel = Channel(alice.connection, alice.signer, clock)
    assert greet(server, channel, hello_of(alice)).status == 200
    assert abs(clock.offset()) < 2_000


def test_a_revoked_device_is_told_so(server: Served) -> None:
    with station(server, "mallory") as mallory:
        assert greet(server, mallory.channel(), hello_of(mallory)).status == 200
        server.practice.revoke(mallory.workplace.device)
        answer = greet(server, mallory.channel(), hello_of(mallory))
        assert msgspec.json.decode(answer.body)["must"] == "revoked"
        answer = mallory.channel().ask("GET", f"{server.base}/sync/stream")
    assert (answer.status, answer.code) == (403, "revoked")


@pytest.mark.parametrize("encoding", ["zstd", "gzip", "identity"])
def test_a_body_that_grows_beyond_memory_is_refused(server: Served, alice: Station, encoding: str) -> None:
    content = b" " * (17 << 20)
    pack = {"zstd": zstandard.compress, "gzip": gzip.compress, "identity": lambda text: text}[encoding]
    try:
        answer = alice.channel().ask("POST", f"{server.base}/sync/push", pack(content), {"Content-Encoding": encoding})
    except Unanswered:  # the door shut while we were still talking: what was sent is lost, and so is the answer
        assert encoding == "identity"
        return
    assert (answer.status, answer.code) == (413, "too_large")


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{}", {}, 422),
        (b"[[[[", {}, 422),
        (b"\xff\xfe", {}, 422),
        (b"{}", {"Content-Encoding": "zstd"}, 400),
        (b"{}", {"Content-Encoding": "gzip"}, 400),
        (b"{}", {"Content-Encoding": "br"}, 415),
    ],
)
def test_nonsense_is_refused_and_never_a_fault(
    server: Served, alice: Station, body: bytes, headers: dict[str, str], status: int
) -> None:
    for name in ("hello", "push"):
        assert alice.channel().ask("POST", f"{server.base}/sync/{name}", body, headers).status == status


def test_only_the_pinned_authority_is_believed(server: Served, alice: Station, tmp_path: Path) -> None:
    other = msgspec.structs.replace(alice.connection, authority=ensure_certificates(tmp_path))
    assert fingerprint(other.authority) != fingerprint(alice.connection.authority)
    with pytest.raises(Unanswered, match="SSLCertVerificationError"):
        Channel(other, alice.signer, ServerClock()).ask("GET", "/health")


def test_plain_http_gets_nothing(server: Served) -> None:
    plain = http.client.HTTPConnection("127.0.0.1", server.serving.port, timeout=5)
    plain.request("GET", "/health")
    with pytest.raises((http.client.HTTPException, OSError)):
        plain.getresponse()

"""What a device that was let in may send, made up from the description of the routes: never a fault, nothing changed.

The generator reads the OpenAPI document, as a stranger's tool would: paths, parameters and messages come from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.journal.digest import digest
from app.journal.queries import SYSTEM
from app.patients.commands import create_patient
from sync.client.channel import Channel, ServerClock, Unanswered
from sync.protocol.enrolment import ENROLMENT
from sync.protocol.packing import run_of
from sync.protocol.signing import Signer
from sync.server.http.openapi import description
from tests.sync.served import Chairs

DOCUMENT = description()
ROUTES = [
    (method.upper(), path, said)
    for path, methods in sorted(DOCUMENT["paths"].items())
    for method, said in sorted(methods.items())
]
FOR_DEVICES = [
    route
    for route in ROUTES
    if {"device": []} in route[2]["security"] and "text/event-stream" not in str(route[2]["responses"])
]
"""Without the stream, which takes nothing but its practice and never ends."""
TEXTS = st.one_of(
    st.sampled_from(["", "x", "0", "-1", "9" * 30, "é\u0000", "../..", "%2e%2e", "thumbnail", "a" * 64, "' OR 1=1 --"]),
    st.text(max_size=30),
)


@pytest.fixture(scope="module")
def chairs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chairs]:
    made = Chairs(tmp_path_factory.mktemp("described"))
    made.serving.server.devices.refill(rate=100_000, burst=100_000)
    made.run("A", create_patient, "Lavoie", "Olivia")
    assert made.sync("A").done
    yield made
    made.close()


def instances(schema: dict[str, Any], depth: int = 4) -> st.SearchStrategy[Any]:
    """Messages of a JSON schema of the document, mostly; and things that are none."""
    return st.one_of(_fitting(schema, depth), st.none(), TEXTS, st.integers(), st.lists(st.integers(), max_size=2))


def _fitting(schema: dict[str, Any], depth: int) -> st.SearchStrategy[Any]:
    if "$ref" in schema:
        return _fitting(DOCUMENT["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], depth)
    if "anyOf" in schema:
        return st.one_of([_fitting(it, depth) for it in schema["anyOf"]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    return _typed(schema, depth, str(schema.get("type")))


def _typed(schema: dict[str, Any], depth: int, kind: str) -> st.SearchStrategy[Any]:
    if kind == "object" and "properties" in schema:
        made = {name: _fitting(it, depth - 1) for name, it in schema["properties"].items()}
        needed = {name: made[name] for name in schema.get("required", ())}
        return st.fixed_dictionaries(needed, optional={name: it for name, it in made.items() if name not in needed})
    if kind == "object":
        return st.dictionaries(TEXTS, st.one_of(TEXTS, st.integers(), st.none()), max_size=3)
    if kind == "array":
        item = schema.get("items", schema.get("prefixItems", [{}])[0])
        return st.lists(_fitting(item or {}, depth - 1), max_size=3) if depth else st.just([])
    if kind == "integer":
        return st.one_of(st.integers(-3, 300), st.integers(-(1 << 70), 1 << 70))
    return {
        "boolean": st.booleans(), "null": st.none(), "number": st.floats(allow_nan=False, allow_infinity=False),
        "string": TEXTS,
    }.get(kind, st.one_of(TEXTS, st.integers(), st.none()))  # fmt: skip


def asked(chairs: Chairs, route: tuple[str, str, Any], data: st.DataObject) -> tuple[str, str, bytes, dict[str, str]]:
    """A request to a route, to this practice; now and then everything about it is made up."""
    method, path, said = route
    query = {}
    for parameter in said["parameters"]:
        if parameter["name"] == "practice":
            text = chairs.practice.id
        else:
            text = data.draw(TEXTS, label=parameter["name"]) or "x"
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", quote(text, safe=""))
        else:
            query[parameter["name"]] = text
    body = b""
    if "requestBody" in said:
        schema = next(iter(said["requestBody"]["content"].values())).get("schema", {})
        body = msgspec.json.encode(data.draw(instances(schema), label="body"))
    elif method in {"PUT", "POST"}:
        body = data.draw(st.binary(max_size=40), label="body")
    headers = data.draw(
        st.dictionaries(
            st.sampled_from(["Range", "Content-Encoding", "Accept-Encoding", "Content-Type", "Archwire-Rendition"]),
            st.sampled_from(["", "bytes=5-2", "bytes=0-", "gzip", "zstd", "identity", "text/html", "{}", "[1]"]),
            max_size=2,
        ),
        label="headers",
    )
    return method, path + (f"?{urlencode(query)}" if query else ""), body, headers


def digest_of(chairs: Chairs) -> str:
    with chairs.practice.workplace.runner.read(SYSTEM) as read:
        return digest(run_of(read))


@pytest.mark.parametrize("route", FOR_DEVICES, ids=lambda route: f"{route[0]} {route[1]}")
def test_whatever_a_device_sends_is_no_fault_and_changes_nothing(chairs: Chairs, route: Any) -> None:
    before, faults = digest_of(chairs), []
    channel = Channel(chairs.connection("B"), Signer(chairs.places["B"].device, chairs.keys["B"]), ServerClock())

    @settings(max_examples=40, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def send(data: st.DataObject) -> None:
        method, target, body, headers = asked(chairs, route, data)
        try:
            answer = channel.ask(method, target, body, headers)
        except Unanswered as error:
            raise AssertionError(f"{method} {target}: no answer ({error})") from error
        if answer.status >= 500:
            faults.append((method, target, body, answer.status))
        assert answer.status < 500, (method, target, body)
        assert str(answer.status) in route[2]["responses"], f"{answer.status} is not described"

    send()
    channel.close()
    assert faults == []
    assert digest_of(chairs) == before
    assert chairs.practice.workplace.verify().sound


def test_every_route_is_described_and_says_whom_it_is_for() -> None:
    from sync.server.http.application import endpoints

    described = {(method, path) for method, path, _said in ROUTES}
    assert {(it.method, it.path) for it in endpoints()} == described
    is_open = {path for _method, path, said in ROUTES if not said["security"]}
    assert is_open == {"/health", ENROLMENT}, "the second asks for its one-time code"

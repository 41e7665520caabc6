"""The OpenAPI 3.1 description of the routes, made of what the routes themselves declare."""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

from sync.protocol.messages import PROTOCOL
from sync.protocol.signing import DATE, DEVICE, NONCE, SIGNATURE
from sync.server.http.endpoint import Access, Endpoint

DEVICE_SCHEME: Final = {
    "type": "apiKey", "in": "header", "name": SIGNATURE,
    "description": (
        f"Ed25519 over method, target, {DATE}, {NONCE} and the SHA-256 of the body, one a line after “archwire 1”;"
        f" with {DEVICE}, {DATE} (ms) and {NONCE}."
    ),
}  # fmt: skip
SCHEMES: Final = {"device": DEVICE_SCHEME, "operator": {"type": "http", "scheme": "bearer"}}
REFUSALS: Final = {
    "400": "The body is damaged.", "401": "Nobody that is known has signed this.", "403": "Not allowed.",
    "404": "There is no such thing here, or not yet.", "409": "Not as things stand.", "416": "No such range.",
    "413": "The body is too large.", "415": "The encoding is not known.", "422": "The body is not such a message.",
    "429": "Too much at once: come back later.",
}  # fmt: skip
_PLACE = re.compile(r"\{(\w+)(?::\w+)?\}")


def description() -> dict[str, Any]:
    """The description of every route that there is."""
    from sync.server.http.application import endpoints

    found = endpoints()
    kinds = [kind for it in found for kind in (it.takes, it.gives) if kind is not None]
    _refs, components = msgspec.json.schema_components(kinds, ref_template="#/components/schemas/{name}")
    paths: dict[str, Any] = {}
    for endpoint in found:
        paths.setdefault(_PLACE.sub(r"{\1}", endpoint.path), {})[endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Archwire server", "version": str(PROTOCOL)},
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": SCHEMES},
    }


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    made: dict[str, Any] = {
        "summary": endpoint.summary,
        "operationId": f"{endpoint.method.lower()}_{re.sub(r'[^a-z0-9]+', '_', endpoint.path.lower()).strip('_')}",
        "parameters": [*_places(endpoint), *_queries(endpoint)],
        "responses": {
            str(endpoint.status): {"description": "The answer.", "content": _content(endpoint.gives, endpoint.media)}
        },
        "security": [{endpoint.access.value: []}] if endpoint.access.value in SCHEMES else [],
    }
    if endpoint.access is not Access.OPEN:
        made["responses"] |= {code: {"description": text} for code, text in REFUSALS.items()}
    if endpoint.takes is not None:
        made["requestBody"] = {"required": True, "content": _content(endpoint.takes, "application/json")}
    return made


def _places(endpoint: Endpoint) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _PLACE.findall(endpoint.path)
    ]


def _queries(endpoint: Endpoint) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "query", "description": text, "schema": {"type": "string"}}
        for name, text in endpoint.queries
    ]


def _content(kind: type[Any] | None, media: str) -> dict[str, Any]:
    if kind is None:
        return {media: {}}
    (schema,), _components = msgspec.json.schema_components([kind], ref_template="#/components/schemas/{name}")
    return {media: {"schema": schema}}

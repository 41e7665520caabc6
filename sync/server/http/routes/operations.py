"""How the server does: alive, what it counts, and the description of its routes."""

from __future__ import annotations

from typing import Final

import msgspec
from starlette.responses import PlainTextResponse, Response

from app.archives.server_folder import TLS_FOLDER
from sync.server.certificates import AUTHORITY
from sync.server.http.endpoint import Access, Call, Endpoint


class Health(msgspec.Struct, frozen=True):
    """The server answers. `authority` is its own authority's certificate (PEM), which a code pins."""

    status: str = "ok"
    authority: str = ""


async def health(call: Call) -> Health:
    """Whether the server answers, and its public certificate. Says nothing else: anybody may ask."""
    return Health(authority=(call.server.practices.folder / TLS_FOLDER / AUTHORITY).read_text("ascii"))


async def metrics(call: Call) -> Response:
    """What is counted, for monitoring."""
    server = call.server
    gauges = []
    for practice in server.practices:
        labels = f'practice="{practice.id}"'
        gauges.append(("archwire_streams", labels, float(practice.pokes.count())))
        gauges.append(("archwire_waiting_pushes", labels, float(practice.pushes.waiting())))
    gauges.sort()
    return PlainTextResponse(server.metrics.text(gauges), media_type="text/plain; version=0.0.4")


ROUTES: Final = (
    Endpoint("GET", "/health", health, "Say that the server answers", gives=Health, access=Access.OPEN),
    Endpoint("GET", "/metrics", metrics, "What is counted, for monitoring", access=Access.OPERATOR, media="text/plain"),
)

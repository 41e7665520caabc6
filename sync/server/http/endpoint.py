"""A route as data: where it is, who may use it, what it takes and gives. The OpenAPI description is made of these."""

from __future__ import annotations

import enum
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from sync.server.devices import DeviceStanding
from sync.server.http.bodies import packed
from sync.server.http.refusals import Refused
from sync.server.http.server import Server
from sync.server.practices import Practice
from sync.server.settings import MAXIMUM_BODY

T = TypeVar("T")


class Access(enum.Enum):
    """Who may use a route. What is not said is for devices only: no route is open by having been forgotten."""

    DEVICE = "device"
    """A device that the practice has let in, by its signature; the path holds `{practice}`."""
    OPERATOR = "operator"
    """Whoever watches the server, by the token of its settings."""
    OWN = "own"
    """The route asks for a credential of its own (a one-time code) and refuses with 401 without one."""
    OPEN = "open"
    """Anybody. Says nothing about anybody."""


@dataclass(slots=True)
class Call:
    """One request at its route. `body` is unpacked; `device` is there where one is asked for."""

    server: Server
    request: Request
    body: bytes = b""
    _device: DeviceStanding | None = None

    @property
    def device(self) -> DeviceStanding:
        """Who sent it."""
        assert self._device is not None
        return self._device

    @property
    def practice(self) -> Practice:
        """The practice in the path."""
        return self.server.practices.get(self.request.path_params["practice"])

    def encoded(self, text: bytes) -> Response:
        """An answer in JSON, packed if that is worth it and the other side takes it."""
        body, encoding = packed(text, self.request.headers.get("accept-encoding", ""))
        headers = {"Content-Encoding": encoding} if encoding else None
        return Response(body, media_type="application/json", headers=headers)

    def read(self, kind: type[T]) -> T:
        """The body as a message; `Refused` 422 when it is not one."""
        try:
            return msgspec.json.decode(self.body, type=kind)
        except msgspec.DecodeError as error:
            raise Refused(422, "not_understood") from error


Handler = Callable[[Call], Awaitable["msgspec.Struct | Response"]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One route. `takes` and `gives` are messages (JSON); a route that streams says its media type instead.

    `limit` is the longest body, as sent, in bytes. `queries` are {name: what it is} of the query string.
    """

    method: str
    path: str
    handler: Handler
    summary: str
    takes: type[Any] | None = None
    gives: type[Any] | None = None
    access: Access = Access.DEVICE
    limit: int = MAXIMUM_BODY
    media: str = "application/json"
    queries: tuple[tuple[str, str], ...] = ()
    status: int = 200
    """What it answers when all is well."""
    for_revoked: bool = False
    """Whether a device that was shut out may use it: to hear so, and to hand over what it wrote."""

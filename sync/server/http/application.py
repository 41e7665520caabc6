"""The ASGI application: finds the routes, lets in who may come, answers, counts and notes. No framework's magic.

Order for each request: rate of the address → length of the body → signature → rate of the device → unpacking →
route. Whatever goes wrong inside a route is a 500 without a word of it; the log has its kind and place, no content.
"""

from __future__ import annotations

import importlib
import logging
import pkgutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

import msgspec
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from app.core.fault_log import note_fault
from sync.protocol.signing import NOW
from sync.server.http import routes
from sync.server.http.authentication import device_of, is_operator
from sync.server.http.bodies import received, unpacked
from sync.server.http.endpoint import Access, Call, Endpoint
from sync.server.http.logs import LOGGER
from sync.server.http.openapi import description
from sync.server.http.refusals import Refused, busy, unauthenticated
from sync.server.http.server import Server
from sync.server.practices import PracticeStores
from sync.server.settings import MAXIMUM_INFLATED, ServerSettings

JSON: Final = "application/json"
_log = logging.getLogger(LOGGER)
_encode = msgspec.json.Encoder().encode


def endpoints() -> list[Endpoint]:
    """`ROUTES` of every module in `routes`."""
    names = sorted(module.name for module in pkgutil.iter_modules(routes.__path__))
    return [
        endpoint
        for name in names
        for endpoint in importlib.import_module(f"{routes.__name__}.{name}").ROUTES
    ]  # fmt: skip


def application(practices: PracticeStores, settings: ServerSettings) -> Starlette:
    """The application over open practices; whoever opened them closes them."""
    server = Server(practices, settings)

    @asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        yield
        for practice in practices:
            practice.pokes.close()

    shown = _encode(description())

    async def described(request: Request) -> Response:
        """The description of the routes: what stands in the program that everybody may have is no secret."""
        return Response(shown, media_type=JSON)

    served = [Route(it.path, _serving(server, it), methods=[it.method]) for it in endpoints()]
    made = Starlette(
        routes=[*served, Route("/openapi.json", described)],
        lifespan=life,
        exception_handlers={404: _absent, 405: _absent},
    )
    made.state.server = server
    return made


def _serving(server: Server, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        began = time.perf_counter()
        call = Call(server, request)
        try:
            response = await _answer(call, endpoint)
        except Refused as refused:
            response = refusal(refused)
        except ClientDisconnect:
            response = Response(status_code=499)
        except Exception as error:
            note_fault(server.practices.folder, error, endpoint.path)
            _log.error("fault", extra={"route": endpoint.path, "kind": type(error).__name__})
            response = refusal(Refused(500, "fault"))
        if response.status_code in {401, 403}:
            server.strangers.take(_address(request))
        response.headers[NOW] = str(now_millis())
        seconds = time.perf_counter() - began
        server.metrics.answered(endpoint.path, response.status_code, seconds)
        _note(call, endpoint, response.status_code, seconds)
        return response

    return serve


async def _answer(call: Call, endpoint: Endpoint) -> Response:
    request, server = call.request, call.server
    if endpoint.access is not Access.OPEN and server.strangers.is_empty(_address(request)):
        raise busy(5)
    body = await received(request, endpoint.limit)
    if endpoint.access is Access.DEVICE:
        call._device = device_of(server.practices, server.replays, request, body, for_revoked=endpoint.for_revoked)
        if not server.devices.take(call.device.id):
            raise busy()
    elif endpoint.access is Access.OPERATOR and not is_operator(request, server.settings.operator_token):
        raise unauthenticated()
    call.body = unpacked(body, request.headers.get("content-encoding", ""), MAXIMUM_INFLATED)
    answer = await endpoint.handler(call)
    if isinstance(answer, Response):
        return answer
    return call.encoded(_encode(answer))


def refusal(refused: Refused) -> Response:
    """The answer of a door that stays shut."""
    body = _encode({"error": refused.code, "now": now_millis()})
    return Response(body, refused.status, refused.headers, JSON)


async def _absent(request: Request, error: Exception) -> Response:
    return refusal(Refused(getattr(error, "status_code", 404), "no_such_route"))


def now_millis() -> int:
    """The server's clock."""
    return round(time.time() * 1000)


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _note(call: Call, endpoint: Endpoint, status: int, seconds: float) -> None:
    if _log.isEnabledFor(logging.INFO):
        device = call._device.id if call._device is not None else ""
        _log.info(
            "request",
            extra={
                "route": f"{endpoint.method} {endpoint.path}", "status": status, "ms": round(seconds * 1000, 1),
                "device": device, "address": _address(call.request),
            },
        )  # fmt: skip

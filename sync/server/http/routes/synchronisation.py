"""Hello, push, pull, and the stream that pokes. A refusal of an operation is an answer like any other: 200."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Final

from starlette.responses import Response, StreamingResponse

from sync.protocol.messages import CATCH_UP_OPERATIONS, Hello, HelloReply, Page, Pull, Push, PushReply
from sync.server.group_commit import Full
from sync.server.http.endpoint import Call, Endpoint
from sync.server.http.refusals import Refused, busy

BASE: Final = "/v1/practices/{practice}/sync"


async def hello(call: Call) -> HelloReply:
    """Where the workstation stands, and what it must do first."""
    message = call.read(Hello)
    _own(call, message.device, message.practice)
    return await asyncio.to_thread(call.practice.store.hello, message)


async def push(call: Call) -> PushReply:
    """Take operations in, in order, each whole."""
    message = call.read(Push)
    _own(call, message.device)
    try:
        reply = await call.practice.pushes.take(message)
    except Full as error:
        raise busy() from error
    for verdict in reply.verdicts:
        call.server.metrics.operations[verdict.result.value] += 1
    return reply


async def pull(call: Call) -> Page | Response:
    """The operations after a cursor, whole ones only."""
    query = call.request.query_params
    cursor, maximum, epoch = _number(call, "cursor", 0), _number(call, "max", 250), query.get("epoch", "")
    whole = _number(call, "whole", 0) > 0
    message = Pull(call.device.id, epoch, cursor, max(1, min(maximum, CATCH_UP_OPERATIONS)), whole)
    kept = call.practice.page(message, round(time.time() * 1000))
    return await asyncio.to_thread(call.practice.store.pull, message) if kept is None else call.encoded(kept)


async def stream(call: Call) -> Response:
    """Say the newest sequence, and each newer one as it comes (Server-Sent Events, WHATWG HTML §9.2)."""
    practice = call.practice

    async def events() -> AsyncIterator[bytes]:
        async for head in practice.pokes.heads(practice.store.head):
            yield b":\n\n" if head is None else f"data:{head}\n\n".encode()

    return StreamingResponse(events(), media_type="text/event-stream", headers={"Cache-Control": "no-store"})


def _own(call: Call, device: str, practice: str | None = None) -> None:
    """A device speaks for itself only, and to the practice that it names."""
    if device != call.device.id:
        raise Refused(403, "another_device")
    if practice is not None and practice != call.practice.id:
        raise Refused(403, "another_practice")


def _number(call: Call, name: str, default: int) -> int:
    text = call.request.query_params.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise Refused(422, "not_understood")
    return int(text)


ROUTES: Final = (
    Endpoint("POST", f"{BASE}/hello", hello, "Say where the workstation stands", Hello, HelloReply, for_revoked=True),
    Endpoint("POST", f"{BASE}/push", push, "Send operations", Push, PushReply, for_revoked=True),
    Endpoint(
        "GET", f"{BASE}/pull", pull, "Get the operations after a cursor", gives=Page,
        for_revoked=True,
        queries=(
            ("cursor", "the last sequence that is applied"), ("max", "how many"), ("epoch", "of the last hello"),
            ("whole", "1: own operations with their changes"),
        ),
    ),
    Endpoint("GET", f"{BASE}/stream", stream, "Be told when there is something to pull", media="text/event-stream"),
)  # fmt: skip

"""Carries the engine's messages over HTTPS and its answers back. Decides nothing but what a status means.

A refusal of the door is no answer to a message: 413 asks for a shorter push, 401 and 403 stop until somebody enrols
this device anew (nothing is dropped, P7 of the design), all else is tried again later.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode

import msgspec

from sync.client.channel import Answer, Channel, Unanswered
from sync.client.engine import Engine
from sync.protocol.messages import Hello, HelloReply, Page, Pull, Push, PushReply, Reply, Request

SHUT: Final = frozenset({401, 403})
TOO_LARGE: Final = 413
LONGEST_PUSH: Final = 12 << 20
"""Bytes of a push before packing: what is longer is halved before the server has to say so."""
GREETING_SECONDS: Final = 8.0
"""How long a greeting is waited for: it costs the server nothing, and the person sees the line only after it."""
_encode = msgspec.json.Encoder().encode
_hello = msgspec.json.Decoder(HelloReply).decode
_push = msgspec.json.Decoder(PushReply).decode
_page = msgspec.json.Decoder(Page).decode


def monotonic_millis() -> int:
    """The engine's clock."""
    return time.monotonic_ns() // 1_000_000


class Carrier:
    """Used by the engine's thread."""

    def __init__(self, engine: Engine, channel: Channel, practice: str, contact: Callable[[], None]) -> None:
        self._engine, self._channel, self._contact = engine, channel, contact
        self._base = f"/v1/practices/{practice}/sync"

    def carry(self, request: Request) -> None:
        """Send one request, and tell the engine what came of it."""
        try:
            answer = self._ask(request)
            reply = _read(request, answer) if answer is not None and answer.status == 200 else None
        except (Unanswered, msgspec.DecodeError):
            self._engine.failed(request, monotonic_millis())
            return
        if answer is None or answer.status == TOO_LARGE:
            self._engine.failed(request, monotonic_millis(), too_large=True)
            return
        self._contact()
        if reply is not None:
            self._engine.received(request, reply, monotonic_millis())
        elif answer.status in SHUT:
            self._engine.shut_out(request, monotonic_millis())
        else:
            self._engine.failed(request, monotonic_millis())

    def _ask(self, request: Request) -> Answer | None:
        """The answer; None for a push that is too long to be sent."""
        if isinstance(request, Pull):
            asked = {"cursor": request.cursor, "max": request.maximum, "epoch": request.epoch}
            query = urlencode(asked | ({"whole": 1} if request.whole else {}))
            return self._channel.ask("GET", f"{self._base}/pull?{query}")
        body = _encode(request)
        if len(body) > LONGEST_PUSH and isinstance(request, Push) and len(request.operations) > 1:
            return None
        name = "hello" if isinstance(request, Hello) else "push"
        stall = GREETING_SECONDS if isinstance(request, Hello) else None
        return self._channel.ask("POST", f"{self._base}/{name}", body, {"Content-Type": "application/json"}, stall)


def _read(request: Request, answer: Answer) -> Reply:
    if isinstance(request, Hello):
        return _hello(answer.body)
    return _push(answer.body) if isinstance(request, Push) else _page(answer.body)

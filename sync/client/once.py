"""Bringing a folder in step with its server once, in the caller's thread: the command line, and tests."""

from __future__ import annotations

import time
from dataclasses import dataclass
from random import Random
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.journal.runner import Runner
from sync.client.carrier import Carrier, monotonic_millis
from sync.client.channel import Channel, ServerClock
from sync.client.connection import Connection
from sync.client.engine import Engine, Standing
from sync.client.service import attention_of, follow_server
from sync.client.store import ClientStore
from sync.protocol.signing import Signer

LONGEST_NAP: Final = 0.5
"""Seconds: somebody waits for this, so that no waiting time of the engine is waited to its end."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended. `done`: nothing waits in either direction; `must`: what a person or a snapshot has to do first."""

    done: bool
    standing: str
    must: str
    sent: int
    received: int
    waiting: int
    attention: int
    cursor: int
    head: int
    clock_offset_millis: int


def synchronise(
    runner: Runner, connection: Connection, key: Ed25519PrivateKey, seconds: float, *, patient: bool = True
) -> Outcome:
    """Send and receive until nothing waits, at most `seconds`. Without `patience`, a first failure ends it."""
    store, clock = ClientStore(runner), ServerClock()
    engine = Engine(store, Random())
    channel = Channel(connection, Signer(connection.device, key), clock)
    carrier = Carrier(engine, channel, connection.practice, lambda: follow_server(runner.clock, clock))
    deadline = time.monotonic() + seconds
    waiting, cursor = store.waiting(), store.cursor()
    done = False
    try:
        while not done and time.monotonic() < deadline:
            requests = engine.next(monotonic_millis())
            for request in requests:
                carrier.carry(request)
            if engine.standing is Standing.STOPPED or (engine.has_failed and not patient):
                break
            done = not requests and engine.standing is Standing.LIVE and _is_level(engine)
            if not requests and not done:
                time.sleep(min((engine.rest(monotonic_millis()) or 0) / 1000, LONGEST_NAP))
                engine.retry_now()
    finally:
        channel.close()
    return Outcome(
        done, engine.standing.value, engine.must.value if engine.must is not None else "",
        max(0, waiting - store.waiting()), max(0, store.cursor() - cursor), store.waiting(), attention_of(runner),
        store.cursor(), engine.head, clock.offset(),
    )  # fmt: skip


def _is_level(engine: Engine) -> bool:
    return not engine.store.waiting() and engine.store.cursor() >= engine.head

"""The threads that keep a workstation in step with its server while it works. Nothing ever waits for them.

One thread asks and answers, one listens for pokes. A stream that breaks or falls silent makes the first one greet the
server again, so that the status is true within a minute even of a cable that was cut without a word.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.core.clock import Clock, is_system_clock
from app.core.fault_log import note_fault
from app.journal.changes import ChangeSet
from app.journal.queries import SYSTEM
from app.journal.runner import Runner
from sync.client.carrier import Carrier, monotonic_millis
from sync.client.channel import Channel, ServerClock, Unanswered
from sync.client.connection import Connection, read_connection, write_connection
from sync.client.engine import Engine, Standing
from sync.client.finding import moved
from sync.client.status import FAULT, Link, StatusBoard, SyncStatus
from sync.client.store import ClientStore
from sync.client.wiping import wipe
from sync.protocol.messages import Must
from sync.protocol.signing import Signer

SILENCE_SECONDS: Final = 35.0
"""A stream that says nothing for so long is taken for broken; the server says something every 15 s."""
REOPEN_SECONDS: Final = 3.0
"""The longest wait before a broken stream is opened again, of which a random part is waited."""
QUICK_SECONDS: Final = 5.0
POLL_SECONDS: Final = 5.0
"""How often the server is asked when streams to it do not last (a proxy that cannot keep them open)."""
AGAIN_SECONDS: Final = 60.0
"""How often a workstation that was shut out, or is too old, looks whether that is still so."""
CLOCK_STEP: Final = timedelta(milliseconds=250)
LINKS: Final = {Standing.OFFLINE: Link.OFFLINE, Standing.LIVE: Link.LIVE, Standing.STOPPED: Link.STOPPED}
STOP_SECONDS: Final = 10.0
TRIES_BEFORE_LOOKING: Final = 3
LOOK_SECONDS: Final = 60.0
"""How often a server that does not answer is looked for on the local network."""


class SyncService:
    """Start it once the folder is open; stop it before the folder is closed."""

    def __init__(self, runner: Runner, connection: Connection, key: Ed25519PrivateKey, random: Random | None = None):
        self.board = StatusBoard(SyncStatus(Link.CONNECTING, datetime.now(UTC), server=connection.url))
        self._runner, self._connection = runner, connection
        self._random = random or Random()
        self._clock = ServerClock()
        self._signer = Signer(connection.device, key)
        self._store = ClientStore(runner)
        self._engine = Engine(self._store, self._random)
        self._channel = Channel(connection, self._signer, self._clock)
        self._stream = Channel(connection, self._signer, self._clock)
        self._carrier = Carrier(self._engine, self._channel, connection.practice, self._contacted)
        self._happened: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._live, self._stopping = threading.Event(), threading.Event()
        self._last_contact: datetime | None = None
        self._look_at = 0.0
        self._threads = [
            threading.Thread(target=self._guarded, args=(work,), name=name, daemon=True)
            for work, name in ((self._talk, "archwire-sync"), (self._listen, "archwire-sync-stream"))
        ]
        self._unsubscribe: Callable[[], None] = lambda: None

    # -- life -------------------------------------------------------------------------------------------------------
    def start(self) -> SyncService:
        """Begin; returns at once."""
        self._unsubscribe = self._runner.subscribe(self._committed)
        for thread in self._threads:
            thread.start()
        return self

    def stop(self) -> None:
        """End both threads; what is being waited for is broken off."""
        self._unsubscribe()
        self._stopping.set()
        self._live.set()
        self._happened.put(lambda: None)
        for thread, channel in zip(self._threads, (self._channel, self._stream), strict=True):
            deadline = time.monotonic() + STOP_SECONDS
            while thread.is_alive() and time.monotonic() < deadline:
                channel.interrupt()
                thread.join(0.05)

    def retry_now(self) -> None:
        """The person asked, or the network came back: wait no longer."""
        self._happened.put(self._retry)

    def _retry(self) -> None:
        self._engine.retry_now()
        if self._engine.standing is Standing.STOPPED and self._engine.must is not Must.BOOTSTRAP:
            self._engine.resume()

    def _guarded(self, work: Callable[[], None]) -> None:
        """A fault of ours is noted and the work begun again: a workstation must not stay silent until tomorrow."""
        while not self._stopping.is_set():
            try:
                work()
            except Exception as error:
                if self._stopping.is_set():
                    return
                note_fault(self._runner.place.folder, error, "sync")
                if work == self._talk:
                    self._tell_fault()
                self._stopping.wait(POLL_SECONDS)

    def _tell_fault(self) -> None:
        """What the server says cannot be kept here: a full disk, a folder that may not be written."""
        before = self.board.status
        since = before.since if before.must == FAULT else datetime.now(UTC)
        self.board.publish(replace(before, link=Link.STOPPED, must=FAULT, since=since))

    # -- the thread that asks -----------------------------------------------------------------------------------
    def _talk(self) -> None:
        while not self._stopping.is_set():
            for request in self._engine.next(monotonic_millis()):
                self._carrier.carry(request)
                if self._stopping.is_set():
                    return
            self._publish()
            self._look_around()
            if self._engine.must is Must.REVOKED and self._engine.standing is Standing.STOPPED:
                wipe(self._runner.place.folder)
                self._stopping.set()
                self._live.set()
                return
            self._wait()

    def _look_around(self) -> None:
        """A server that has not answered for a while may have got another address: it says so on the network."""
        if self._engine.hello_failures < TRIES_BEFORE_LOOKING or time.monotonic() < self._look_at:
            return
        self._look_at = time.monotonic() + LOOK_SECONDS
        found = moved(self._connection)
        known = read_connection(self._runner.place.folder)
        if found is None:
            return
        if known is not None:
            write_connection(self._runner.place.folder, msgspec.structs.replace(known, url=found.url))
        self._connection = found
        for channel in (self._channel, self._stream):
            channel.move(found)
        self._engine.retry_now()

    def _wait(self) -> None:
        """Until something happens, or a waiting time is over; then take in all that has happened."""
        rest = self._engine.rest(monotonic_millis())
        seconds = AGAIN_SECONDS if rest is None else rest / 1000
        if seconds > 0 or not self._happened.empty():
            try:
                self._happened.get(timeout=max(seconds, 0.001))()
            except queue.Empty:
                if self._engine.standing is Standing.STOPPED:
                    self._retry()
        while not self._happened.empty():
            self._happened.get()()

    def _committed(self, changes: ChangeSet) -> None:
        if changes.origin != "remote":
            self._happened.put(self._engine.written)
        elif changes.touches({"conflict"}):
            self._happened.put(lambda: None)

    def _contacted(self) -> None:
        self._last_contact = datetime.now(UTC)
        follow_server(self._runner.clock, self._clock)

    def _publish(self) -> None:
        engine = self._engine
        link = LINKS[engine.standing]
        self._live.set() if link is Link.LIVE else self._live.clear()
        if link is Link.LIVE and engine.is_refused_again:
            link = Link.OFFLINE  # it greets and does nothing: a full disk over there
        before = self.board.status
        if link is Link.OFFLINE and before.link is Link.CONNECTING and not engine.has_failed:
            link = Link.CONNECTING
        waiting, attention = self._store.waiting(), attention_of(self._runner)
        self.board.publish(
            SyncStatus(
                link, before.since if link is before.link else datetime.now(UTC), waiting,
                max(0, engine.head - self._store.cursor()) if link is Link.LIVE else 0, self._last_contact, attention,
                engine.must.value if engine.must is not None and link is Link.STOPPED else "", self._connection.url,
                -round(self._clock.offset(), -3),
            )
        )  # fmt: skip

    # -- the thread that listens --------------------------------------------------------------------------------
    def _listen(self) -> None:
        quick = 0
        while not self._stopping.is_set():
            self._live.wait()
            if self._stopping.is_set():
                return
            began = time.monotonic()
            try:
                for head in self._stream.events(
                    f"/v1/practices/{self._connection.practice}/sync/stream", SILENCE_SECONDS
                ):
                    if head:
                        self._happened.put(partial(self._engine.poked, int(head)))
            except Unanswered:
                pass
            if self._stopping.is_set():
                return
            quick = quick + 1 if time.monotonic() - began < QUICK_SECONDS else 0
            self._happened.put(lambda: self._engine.lost(monotonic_millis()))
            self._stopping.wait(POLL_SECONDS if quick >= 3 else self._random.uniform(0, REOPEN_SECONDS))


def follow_server(clock: Clock, server: ServerClock) -> None:
    """Let the workplace's clock go by the server's; one that was set to a moment on purpose is left alone."""
    wanted = timedelta(milliseconds=server.offset())
    if is_system_clock(clock) and abs(wanted - clock.offset) > CLOCK_STEP:
        clock.offset = wanted


def attention_of(runner: Runner) -> int:
    """How many refused operations and open conflicts wait for a person."""
    with runner.read(SYSTEM) as read:
        rows = read.sql(
            "SELECT (SELECT count(*) FROM inbox_item WHERE settled_at IS NULL)"
            " + (SELECT count(*) FROM conflict WHERE state = 'open')"
        )
    return int(rows[0][0])

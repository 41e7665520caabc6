"""Workstations without a window and without a database: they sign, chain, push, pull and listen as real ones do.

Twenty-nine real databases on one computer would measure that computer's disk, not the server.
"""

from __future__ import annotations

import http.client
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from app.core.ids import new_id
from app.journal.chain import GENESIS, argument_commitment, change_commitment, link
from sync.client.channel import Answer, Channel, ServerClock, Unanswered
from sync.client.connection import Connection
from sync.protocol.messages import Change, Hello, HelloReply, Operation, Page, Push, PushReply, Result
from sync.protocol.packing import header_of
from sync.protocol.signing import Signer

SCHEMA: Final = 1
_encode = msgspec.json.Encoder().encode


@dataclass(slots=True)
class Headless:
    """One workstation. `told` counts the operations that it has received."""

    connection: Connection
    signer: Signer
    actor: str
    clock: ServerClock = field(default_factory=ServerClock)
    epoch: str = ""
    number: int = 0
    previous: bytes = GENESIS
    cursor: int = 0
    head: int = 0
    told: int = 0
    statuses: list[int] = field(default_factory=list)
    live: threading.Event = field(default_factory=threading.Event)
    _channels: dict[int, Channel] = field(default_factory=dict)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _poked: threading.Event = field(default_factory=threading.Event)
    _stream: Channel | None = None

    @property
    def base(self) -> str:
        """The path of its practice."""
        return f"/v1/practices/{self.connection.practice}/sync"

    def channel(self) -> Channel:
        """The connection of the calling thread."""
        return self._channels.setdefault(threading.get_ident(), Channel(self.connection, self.signer, self.clock))

    def ask(self, method: str, target: str, message: Any = None) -> Answer:
        """One signed request; its status is kept."""
        answer = self.channel().ask(method, f"{self.base}/{target}", b"" if message is None else _encode(message))
        self.statuses.append(answer.status)
        return answer

    def greet(self) -> HelloReply:
        """Say hello."""
        message = Hello(self.signer.device, self.connection.practice, SCHEMA, self.cursor, self.number)
        reply = msgspec.json.decode(self.ask("POST", "hello", message).body, type=HelloReply)
        self.epoch, self.head = reply.epoch, reply.head
        return reply

    # -- writing --------------------------------------------------------------------------------------------
    def operation(self, command: str, changes: tuple[Change, ...]) -> Operation:
        """The next operation of its chain."""
        self.number += 1
        salt = secrets.token_bytes(16)
        salted = tuple(msgspec.structs.replace(it, salt=secrets.token_bytes(16)) for it in changes)
        commitments = argument_commitment(salt, None, None) + b"".join(
            change_commitment(it.salt or b"", it.table, it.key, it.subject, it.kind, _encode(it.delta).decode())
            for it in salted
        )
        hlc = self.clock.millis() << 16 | (self.number & 0xFFFF)
        made = Operation(
            new_id(), self.signer.device, self.number, "here", command, hlc, SCHEMA, salted, self.actor,
            salt=salt, commitments=commitments,
        )  # fmt: skip
        self.previous = link(self.previous, header_of(made), commitments)
        return msgspec.structs.replace(made, hash=self.previous)

    def renamed(self, patient: str, before: str, after: str) -> Operation:
        """Somebody corrects a family name."""
        change = Change("patient", patient, "upd", patient, {"family_name": (before, after)})
        return self.operation("change_patient", (change,))

    def push(self, operations: list[Operation]) -> PushReply:
        """Push; raises when it is not taken in whole."""
        answer = self.ask("POST", "push", Push(self.signer.device, self.epoch, tuple(operations)))
        if answer.status != 200:
            raise Unanswered(f"{answer.status} {answer.code}")
        reply = msgspec.json.decode(answer.body, type=PushReply)
        taken = [it for it in reply.verdicts if it.result is not Result.REJECTED]
        if len(taken) != len(operations):
            raise Unanswered(str([it.why for it in reply.verdicts if it.why][:3] or reply.must))
        return reply

    def pull(self, most: int = 250) -> Page:
        """The next page."""
        answer = self.ask("GET", f"pull?cursor={self.cursor}&max={most}&epoch={self.epoch}")
        page = msgspec.json.decode(answer.body, type=Page)
        self.cursor = max(self.cursor, page.next)
        self.told += len(page.operations)
        return page

    # -- being there ----------------------------------------------------------------------------------------
    def start(self, seen: Callable[[Page], None] = lambda page: None) -> None:
        """Listen, and pull whenever poked; `seen` is told each page."""
        self._threads = [
            threading.Thread(target=self._listen, daemon=True),
            threading.Thread(target=self._follow, args=(seen,), daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End both threads."""
        self._stopping.set()
        self._poked.set()
        if self._stream is not None:
            self._stream.interrupt()
        for thread in self._threads:
            thread.join(5)

    def _listen(self) -> None:
        while not self._stopping.is_set():
            try:
                self.greet()
                self._stream = Channel(self.connection, self.signer, self.clock)
                for head in self._stream.events(f"{self.base}/stream", 35.0):
                    self.live.set()
                    if head:
                        self.head = max(self.head, int(head))
                        self._poked.set()
            except (Unanswered, msgspec.DecodeError, http.client.HTTPException):
                pass
            self.live.clear()
            self._stopping.wait(0.05 + secrets.randbelow(1000) / 4000)

    def _follow(self, seen: Callable[[Page], None]) -> None:
        while not self._stopping.is_set():
            self._poked.wait()
            self._poked.clear()
            try:
                while self.cursor < self.head and not self._stopping.is_set():
                    seen(self.pull())
            except (Unanswered, msgspec.DecodeError):
                time.sleep(0.05)
                self._poked.set()

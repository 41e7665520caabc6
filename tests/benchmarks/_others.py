"""The other workstations of the practice, in a process of their own, as they would be on computers of their own.

Each keeps a stream open and pulls whenever it is poked, like a real one; together they write so many times a second.
They keep no database and draw nothing: what theirs would cost is the business of computers that are not here, and the
two cores of a development machine belong to the server and to the workstation that is watched. For the same reason
they are one thread, and give way to both (`nice`); how much they have pulled is told, so that a fleet that falls behind
is seen. Reads what to do from its input (JSON), says `{"ready": …}` once all are poked, and what was done at the end.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path
from typing import Any, Final

sys.path[:0] = [str(Path(__file__).resolve().parents[2])]

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.client.channel import SERVER_NAME, pinned
from sync.client.connection import Connection
from sync.protocol.messages import Push, PushReply, Result
from sync.protocol.signing import Signer
from tests.benchmarks._fleet import Headless

NICE: Final = 5
_encode = msgspec.json.Encoder().encode


class Member(msgspec.Struct):
    """One workstation: its key, how far its chain and its cursor have come, and the names that its patients have."""

    device: str
    key: str
    number: int
    previous: str
    cursor: int
    names: dict[str, str]


class Task(msgspec.Struct):
    """What the process is asked to do; `writes` a second, of all together, for so many `seconds`."""

    connection: Connection
    actor: str
    epoch: str
    writes: float
    seconds: float
    members: list[Member]


class Reached(msgspec.Struct):
    """What of a page moves the cursor; the operations themselves are left as they came."""

    next: int
    head: int


class Line:
    """One kept-open TLS connection: HTTP/1.1, as much of it as the server's answers need."""

    def __init__(self, connection: Connection, signer: Signer, context: Any) -> None:
        self._connection, self._signer, self._context = connection, signer, context
        self._host, _colon, port = connection.url.removeprefix("https://").rpartition(":")
        self._port = int(port)
        self._reader: asyncio.StreamReader | None = None
        self._free = asyncio.Lock()

    async def ask(self, method: str, target: str, body: bytes = b"") -> bytes:
        """One signed request; the body of its answer. `RuntimeError` unless it is 200."""
        async with self._free:
            await self.send(method, target, body)
            assert self._reader is not None
            head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
            length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
            answer = await self._reader.readexactly(length)
        if not head.startswith(b"http/1.1 200"):
            raise RuntimeError(answer.decode())
        return answer

    async def send(self, method: str, target: str, body: bytes = b"") -> asyncio.StreamReader:
        """Send a signed request."""
        if self._reader is None:
            self._reader, self._writer = await asyncio.open_connection(
                self._host, self._port, ssl=self._context, server_hostname=SERVER_NAME
            )
        signed = self._signer.headers(method, target, body, round(time.time() * 1000))
        fields = "".join(f"{name}: {value}\r\n" for name, value in signed.items())
        head = f"{method} {target} HTTP/1.1\r\nHost: {SERVER_NAME}\r\nContent-Length: {len(body)}\r\n{fields}\r\n"
        self._writer.write(head.encode() + body)
        return self._reader


class Other:
    """One of them."""

    def __init__(self, task: Task, member: Member, context: Any) -> None:
        signer = Signer(member.device, Ed25519PrivateKey.from_private_bytes(bytes.fromhex(member.key)))
        self._chain = Headless(
            task.connection, signer, task.actor, number=member.number, previous=bytes.fromhex(member.previous)
        )
        self._line, self._stream = (Line(task.connection, signer, context) for _it in range(2))
        self._base, self._epoch = self._chain.base, task.epoch
        self.cursor, self.head, self.pulls = member.cursor, member.cursor, 0
        self._names, self._turn = member.names, 0
        self._poked = asyncio.Event()
        self.ready = asyncio.Event()

    async def listen(self) -> None:
        """Note the head of every poke."""
        reader = await self._stream.send("GET", f"{self._base}/stream")
        async for line in reader:
            if line.startswith(b"data:"):
                self.head = max(self.head, int(line[5:]))
                self.ready.set()
                self._poked.set()

    async def follow(self) -> None:
        """Pull whenever there is something."""
        while True:
            await self._poked.wait()
            self._poked.clear()
            while self.cursor < self.head:
                target = f"{self._base}/pull?cursor={self.cursor}&max=250&epoch={self._epoch}"
                reached = msgspec.json.decode(await self._line.ask("GET", target), type=Reached)
                self.cursor, self.head = max(self.cursor, reached.next), max(self.head, reached.head)
                self.pulls += 1

    async def write(self, place: int) -> None:
        """Correct the next family name; the new one says when it was typed."""
        patient = list(self._names)[self._turn % len(self._names)]
        self._turn += 1
        before, self._names[patient] = self._names[patient], f"{place}-{time.perf_counter_ns()}"
        made = self._chain.renamed(patient, before, self._names[patient])
        push = Push(self._chain.signer.device, self._epoch, (made,))
        reply = msgspec.json.decode(await self._line.ask("POST", f"{self._base}/push", _encode(push)), type=PushReply)
        if [it.result for it in reply.verdicts] != [Result.ACCEPTED]:
            raise RuntimeError(str(reply))


async def work(task: Task) -> dict[str, Any]:
    """Listen and pull; once all are poked, write."""
    context = pinned(task.connection.authority)
    others = [Other(task, member, context) for member in task.members]
    async with asyncio.TaskGroup() as group:
        running = [group.create_task(do()) for other in others for do in (other.listen, other.follow)]
        for other in others:
            await other.ready.wait()
        print('{"ready": true}', flush=True)
        began, count = time.perf_counter(), 0
        while (due := count / task.writes) < task.seconds:
            await asyncio.sleep(max(0.0, began + due - time.perf_counter()))
            group.create_task(others[count % len(others)].write(count % len(others)))
            count += 1
        await asyncio.sleep(1)
        took = time.perf_counter() - began
        behind = max(other.head - other.cursor for other in others)
        for it in running:
            it.cancel()
    pulls = sum(other.pulls for other in others)
    return {"writes": count, "pulls_per_second": round(pulls / took, 1), "behind": behind, "cpu": time.process_time()}


def main() -> None:
    """Do what the input says."""
    os.nice(NICE) if hasattr(os, "nice") else None
    print(msgspec.json.encode(asyncio.run(work(msgspec.json.decode(sys.stdin.read(), type=Task)))).decode(), flush=True)


if __name__ == "__main__":
    main()

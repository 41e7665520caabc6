"""Sealed files in the simulation: taken in, sent in pieces, fetched, given up, while everything around them fails.

What carries them is the real code (`client/sending_files`, `client/fetching_files`, `client/making_room`,
`server/files`); only the wire and the disks are others. A clinic of its own, beside that of the operations: files wait
for a server's answer, and messages of operations do not stand behind them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from random import Random
from typing import Any, Final
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.core import ids
from app.core.errors import ClinicError, IntegrityFailure, RuleViolation
from sync.client.channel import Answer, Unanswered
from sync.client.connection import Connection
from sync.client.engine import Standing
from sync.client.fetching_files import Fetcher
from sync.client.making_room import make_room
from sync.client.sending_files import Refusal, Sender
from sync.protocol.files import Asked, Standings
from sync.server.files import PracticeFiles, Unwanted
from sync.simulation.memory import PRACTICE, MemoryFiles, let_run, stop_after
from sync.simulation.people import ACTORS, Node, insert
from sync.simulation.world import World

PIECE: Final = 16
"""Bytes: a file has several."""
KEPT_MILLIS: Final = 100_000
"""How long a workstation keeps what it took in once the server holds it; no backup that is put back is older."""
LOST: Final = 0.06
STOPS: Final = 0.04


class FileWorld(World):
    """Workstations that take images in, and their server."""

    def __init__(self, seed: int, workstations: int = 3) -> None:
        self._disks: dict[str, MemoryFiles] = {}
        self._kept: dict[str, bytes] = {}
        self.taken: dict[str, bytes] = {}
        """Every file whose row was committed somewhere, with its bytes."""
        self._small = ExitStack()
        for module in ("client.sending_files", "client.fetching_files", "server.files"):
            self._small.enter_context(patch(f"sync.{module}.PIECE", PIECE))
        self._small.enter_context(patch("sync.client.sending_files.KEPT_DAYS", KEPT_MILLIS / 86_400_000))
        super().__init__(seed, workstations)
        for node in self.nodes.values():
            node.skew = 0  # a workstation goes by its server's clock, and this is not about clocks
            node.runner.clock.source = self._clock().source

    def files_of(self, name: str) -> MemoryFiles:
        """The disk of a machine, which outlives its processes."""
        return self._disks.setdefault(name, MemoryFiles())

    def back_up(self) -> None:
        """Keep an image of the server, and its files."""
        super().back_up()
        self._kept = dict(self.files_of("S").held)

    def restore_server(self) -> None:
        """Put both back, if the backup is not too old."""
        if self.backups and self.now - self.backups[-1][1] < KEPT_MILLIS:
            self._disks["S"] = MemoryFiles(self._kept)
            super().restore_server()
            self.note("server restored")

    # -- the schedule -----------------------------------------------------------------------------------------------
    def step(self) -> None:
        """One thing happens."""
        node = self.random.choice(list(self.nodes.values()))
        self.now += self.random.randrange(1, 200) if self.random.random() < 0.93 else self.random.randrange(60_000)
        acts: tuple[Callable[[Node], None], ...] = (
            self._take_in, self._send, self._fetch, self._make_room, self.speak, lambda _node: self.deliver(),
            self._something_breaks,
        )  # fmt: skip
        self.random.choices(acts, (10, 18, 8, 10, 22, 26, 6))[0](node)

    def _something_breaks(self, node: Node) -> None:
        kind = self.random.choices(("cable", "restart", "server", "backup", "restore"), (6, 3, 2, 3, 2))[0]
        self.note(kind, node.name)
        if kind == "cable":
            node.connected = not node.connected
            node.engine.retry_now()
        elif kind == "restart":
            self.start(node)
        elif kind == "server":
            self.restart_server()
        elif kind == "backup":
            self.back_up()
        else:
            self.restore_server()

    # -- what machines do -------------------------------------------------------------------------------------------
    @contextmanager
    def _maybe_stopped(self, node: Node) -> Iterator[None]:
        """The machine may go off on the way; what the line or the server refuses is tried again another time."""
        stops = self.random.random() < STOPS
        if stops:
            stop_after(node.image, self.random.randrange(100, 20_000))
        try:
            yield
        except (Unanswered, Refusal, ClinicError) as error:
            self.note("not done", node.name, type(error).__name__)
        except Exception as error:
            if not stops:
                raise
            self.note("stopped", node.name, type(error).__name__)
            self.start(node)
        let_run(node.image)

    def _take_in(self, node: Node) -> None:
        """An image: its bytes first, then its row."""
        content = f"{self.fresh()} ".encode() * self.random.randrange(1, 12)
        with self._maybe_stopped(node):
            name = node.runner.files.put(content)
            values = {"id": ids.new_id(), "sha256": name}
            try:
                self._commit(node, self.random.choice(ACTORS), "sim_file", partial(insert, "sim_file", values))
            finally:
                let_run(node.image)
                if node.image.execute("SELECT 1 FROM sim_file WHERE sha256 = ?", (name,)).fetchone():
                    self.taken[name] = content
            node.engine.written()
            self.note("took in", node.name, name)

    def _send(self, node: Node) -> None:
        """Some of what waits goes to the server, a piece at a time."""
        with self._maybe_stopped(node):
            sender, channel = Sender(node.runner, PRACTICE), Wire(self, node)
            waiting = sender.waiting()
            sender.note(waiting)
            for name in waiting[: self.random.randrange(1, 4)]:
                self.note("sent", node.name, name, sender.send(channel, name))  # type: ignore[arg-type]  # a channel without a network

    def _fetch(self, node: Node) -> None:
        """Somebody looks at an image that is elsewhere."""
        rows = node.image.execute("SELECT sha256 FROM sim_file ORDER BY id").fetchall()
        missing = [name for (name,) in rows if not node.runner.files.exists(name)]
        if missing:
            with self._maybe_stopped(node):
                WireFetcher(self, node).bring(self.random.choice(missing), lambda part: None)
                self.note("fetched", node.name)

    def _make_room(self, node: Node) -> None:
        """The disk is full: everything that may be given up goes."""
        with self._maybe_stopped(node):
            won = make_room(node.runner, Sender(node.runner, PRACTICE), Wire(self, node), 0)  # type: ignore[arg-type]  # a channel without a network
            self.note("made room", node.name, won)

    def settle(self, limit: int = 4_000) -> bool:
        """Operations first, then every file that waits."""
        if not super().settle(limit):
            return False
        for node in self.living():
            sender, channel = Sender(node.runner, PRACTICE), Wire(self, node, whole=True)
            waiting = sender.waiting()
            sender.note(waiting)
            for name in waiting:
                sender.send(channel, name)  # type: ignore[arg-type]  # a channel without a network
        return True

    def living(self) -> list[Node]:
        """The workstations that the server still knows."""
        return [node for node in self.nodes.values() if node.engine.standing is not Standing.STOPPED]

    def close(self) -> None:
        """Pieces are as large as ever again."""
        self._small.close()
        super().close()


class Wire:
    """What `Channel` is to those who send and fetch files: a question and its answer, either of which may be lost."""

    def __init__(self, world: FileWorld, node: Node, *, whole: bool = False) -> None:
        self._world, self._node, self._whole = world, node, whole

    def ask(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        stall: float | None = None,
    ) -> Answer:
        """See `sync.client.channel.Channel.ask`."""
        chance = self._world.random
        if not self._node.connected or self._is_lost(chance):
            raise Unanswered("lost")
        answer = self._served(chance, method, target, body, headers or {})
        if self._is_lost(chance):
            raise Unanswered("lost")
        return answer

    def close(self) -> None:
        """There is nothing to close."""

    def _is_lost(self, chance: Random) -> bool:
        return not self._whole and chance.random() < LOST

    def _served(
        self, chance: Random, method: str, target: str, body: bytes, headers: Mapping[str, str]
    ) -> Answer:  # fmt: skip
        world = self._world
        stops = not self._whole and chance.random() < STOPS
        if stops:
            stop_after(world.server_image, chance.randrange(100, 20_000))
        try:
            return _answer(PracticeFiles(world.server_runner), method, target, body, headers)
        except Exception as error:
            if not stops:
                raise
            world.restart_server()
            raise Unanswered("the server stopped") from error
        finally:
            let_run(world.server_image)


class WireFetcher(Fetcher):
    """Fetches over the simulated wire, and never waits."""

    def __init__(self, world: FileWorld, node: Node) -> None:
        key = Ed25519PrivateKey.from_private_bytes(bytes(32))
        super().__init__(node.runner, Connection("", PRACTICE, node.name, ""), key)
        self.patience = -1.0
        self._wire = Wire(world, node)

    def channel(self) -> Any:
        """The wire."""
        return self._wire


def _answer(files: PracticeFiles, method: str, target: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """As the routes of files answer (`server/http/routes/files`)."""
    parts = urlsplit(target)
    if method == "POST":
        asked = msgspec.json.decode(body, type=Asked)
        return _said(200, Standings(files.standings(asked.names)))
    name = parts.path.rpartition("/")[2]
    if method == "PUT":
        query = {key: int(found[0]) for key, found in parse_qs(parts.query).items()}
        try:
            return _said(200, files.take(name, query["offset"], query["size"], body))
        except Unwanted:
            return Answer(409, {}, b'{"error":"no_row"}')
        except (IntegrityFailure, RuleViolation):
            return Answer(422, {}, b'{"error":"no_piece"}')
    known = files.standings([name])[0]
    if not known.is_held and not files.hold_if_shared(name):
        return _said(404, known)
    start = int(headers["Range"].removeprefix("bytes=").partition("-")[0])
    piece, size = files.read(name, start, PIECE)
    return Answer(206, {"content-range": f"bytes {start}-{start + len(piece) - 1}/{size}"}, piece)


def _said(status: int, message: msgspec.Struct) -> Answer:
    return Answer(status, {}, msgspec.json.encode(message))

"""The simulated clinic: workstations, a server, a network that loses, doubles, delays and reorders, and a clock.

One random generator decides everything, so that a seed is a schedule. What every person saw and wrote is kept in a
ledger outside the databases: the invariants are judged against it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any, Final

from app.core import ids
from app.core.clock import HLC_COUNTER_BITS, Clock
from app.core.sealed import SealedStore
from app.journal.queries import Reading
from sync.client.engine import Engine, Standing
from sync.client.store import ClientStore
from sync.protocol.messages import Hello, Operation, Push, Reply, Request
from sync.server.store import ServerStore
from sync.simulation.memory import copy_of, let_run, new_image, open_runner, stop_after
from sync.simulation.people import ACTORS, Edit, Node, People, Written
from sync.simulation.versions import after_upgrade, knowing, old_image, upgrade

BEGINNING: Final = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
SKEWS: Final = (-3_600_000, -5_000, 0, 0, 0, 30_000, 126_000_000_000)
"""Milliseconds by which a workstation's clock is wrong; the last is four years."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A machine goes off at the `event`th thing that is done with a database, before its statement `statement`."""

    event: int
    statement: int


@dataclass(slots=True)
class Letter:
    """A message on its way: a request to the server, or with a reply, the way back."""

    at: int
    node: str
    engine: Engine
    request: Request
    reply: Reply | None = None


class World(People):
    """Everything, moved by `step`."""

    def __init__(self, seed: int, workstations: int = 3, stop: Stop | None = None) -> None:
        self.random = Random(seed)
        self.stop = stop
        self.statements: list[int] = []
        """How many statements each thing that was done with a database took."""
        self.now = 0
        self.letters: list[Letter] = []
        self.edits: list[Edit] = []
        self.unjudged: list[Edit] = []
        """Those of which the server had given no verdict when the invariants were last looked at."""
        self.written: dict[str, Written] = {}
        self.disabled: dict[str, list[tuple[int, int | None]]] = {}
        self.restored = False
        self.made: dict[tuple[str, str], str] = {}
        """The operation that made each row of those that are never taken back once they were accepted."""
        self.pairs: dict[str, int] = {}
        """The amount of each pair of entries that somebody wrote."""
        self.seen: dict[str, tuple[int, int]] = {}
        """What each disk held when the invariants were last looked at."""
        self.trace = sha256()
        self.counter = 0
        ids.use_source(self.millis, Random(seed ^ 0x5EED).getrandbits)
        self.server_image = new_image()
        self.backups: list[tuple[Any, int]] = []
        self._start_server()
        self.nodes: dict[str, Node] = {}
        for number in range(workstations):
            old = self.random.random() < 0.2
            image = old_image() if old else new_image()
            node = Node(f"W{number + 1}", image, self.random.choice(SKEWS) if number else 0, old=old)
            self.nodes[node.name] = node
            self.server.enrol(node.name, node.name)
            self.start(node)

    # -- machines -------------------------------------------------------------------------------------------
    def millis(self) -> int:
        """The right time, in milliseconds since 1970."""
        return round(BEGINNING.timestamp() * 1000) + self.now

    def _clock(self, skew: int = 0) -> Clock:
        return Clock(source=lambda: BEGINNING + timedelta(milliseconds=self.now + skew))

    def _start_server(self) -> None:
        self.server_runner = open_runner(self.server_image, "S", self._clock(), self.files_of("S"))
        self.server = ServerStore(self.server_runner, self._authorise, self._poke)

    def start(self, node: Node) -> None:
        """Start the workstation's process over what its disk holds."""
        let_run(node.image)
        if node.image.in_transaction:
            node.image.rollback()
        with knowing(node.old):
            node.runner = open_runner(node.image, node.name, self._clock(node.skew), self.files_of(node.name))
        node.engine = Engine(ClientStore(node.runner), Random(self.random.randrange(1 << 30)))

    def files_of(self, name: str) -> SealedStore | None:
        """The sealed files on the disk of a machine; None where nobody has any."""
        return None

    def update(self, node: Node) -> None:
        """Install the newer version: what was parked is taken in when it is first opened."""
        if node.old:
            let_run(node.image)
            if node.image.in_transaction:
                node.image.rollback()
            upgrade(node.image)
            node.old = False
            self.start(node)
            after_upgrade(node.runner)
            self.note("updated", node.name)

    def restart_server(self) -> None:
        """The server's process dies and starts over its disk."""
        let_run(self.server_image)
        if self.server_image.in_transaction:
            self.server_image.rollback()
        self._start_server()

    def back_up(self) -> None:
        """Keep an image of the server."""
        self.backups = [(copy_of(self.server_image), self.now)]

    def restore_server(self) -> None:
        """Put the server back to its backup, as the restore tool does: in a new epoch."""
        if self.backups:
            self.restored = True
            self.server_image = copy_of(self.backups[-1][0])
            self.restart_server()
            self.server.begin_epoch()
            self.restart_server()

    def _poke(self, head: int) -> None:
        for node in self.nodes.values():
            if node.connected and self.random.random() < 0.7:
                node.engine.poked(head)

    def _authorise(self, reading: Reading, operation: Operation) -> str:
        return "revoked_actor" if self.may_not(operation.actor or "", operation.hlc) else ""

    @contextmanager
    def planned(self, image: Any) -> Iterator[bool]:
        """One thing that is done with a database; whether the machine is to go off on the way."""
        planned = self.stop is not None and self.stop.event == len(self.statements)
        before = image.count
        image.left = self.stop.statement if planned and self.stop is not None else None
        yield planned
        self.statements.append(image.count - before)

    # -- the network ----------------------------------------------------------------------------------------
    def speak(self, node: Node) -> None:
        """The workstation's engine says what it has to say."""
        with knowing(node.old):
            said = node.engine.next(self.now)
        for request in said:
            self.note("says", node.name, type(request).__name__, _size(request))
            self._post(Letter(self.now + self._delay(), node.name, node.engine, request))

    def _post(self, letter: Letter) -> None:
        chance = self.random.random()
        if chance < 0.08:
            return
        self.letters.append(letter)
        if chance > 0.92:
            self.letters.append(Letter(self.now + self._delay() * 3, *_rest(letter)))

    def _delay(self) -> int:
        return self.random.randrange(1, 400)

    def deliver(self) -> None:
        """One letter, any of those that are due, arrives; without a cable it is lost."""
        due = [letter for letter in self.letters if letter.at <= self.now] or self.letters[:1]
        if not due:
            return
        letter = self.random.choice(due)
        self.letters.remove(letter)
        self.now = max(self.now, letter.at)
        node = self.nodes[letter.node]
        if not node.connected:
            return
        if letter.reply is None:
            self._serve(letter)
        else:
            self.note("hears", node.name, type(letter.reply).__name__)
            self._hear(node, letter, letter.reply)

    def _hear(self, node: Node, letter: Letter, reply: Reply) -> None:
        crash = self.random.random() < 0.03
        if crash:
            stop_after(node.image, self.random.randrange(100, 30_000))
        with self.planned(node.image) as planned:
            try:
                if letter.engine is node.engine:  # a process that was restarted hears nothing any more
                    with knowing(node.old):
                        letter.engine.received(letter.request, reply, self.now)
            except Exception:
                if not crash and not planned:
                    raise
                self.note("stopped", node.name)
                self.start(node)
        let_run(node.image)

    def _serve(self, letter: Letter) -> None:
        crash = self.random.random() < 0.03
        if crash:
            stop_after(self.server_image, self.random.randrange(100, 60_000))
        reply = None
        with self.planned(self.server_image) as planned:
            try:
                reply = self.answer(letter.request)
            except Exception:
                if not crash and not planned:
                    raise
                self.note("server stopped")
                self.restart_server()
        let_run(self.server_image)
        if reply is None:
            return
        self.note("answers", letter.node, type(reply).__name__)
        self._post(Letter(self.now + self._delay(), letter.node, letter.engine, letter.request, reply))

    def answer(self, request: Request) -> Reply:
        """The server's answer."""
        if isinstance(request, Hello):
            return self.server.hello(request)
        return self.server.push(request) if isinstance(request, Push) else self.server.pull(request)

    # -- the schedule ---------------------------------------------------------------------------------------
    def step(self) -> None:
        """One thing happens."""
        chance = self.random.random()
        node = self.random.choice(list(self.nodes.values()))
        self.now += self.random.randrange(1, 200) if chance < 0.97 else self.random.randrange(1_000, 90_000)
        if chance < 0.30:
            self.work(node)
        elif chance < 0.55:
            self.speak(node)
        elif chance < 0.90:
            self.deliver()
        else:
            self._mishap(node, self.random.random())

    def _mishap(self, node: Node, chance: float) -> None:
        if chance < 0.45:
            node.connected = not node.connected
            node.engine.retry_now()
            self.note("cable", node.name, node.connected)
        elif chance < 0.65:
            self.start(node)
            self.note("restarted", node.name)
        elif chance < 0.75:
            self.restart_server()
            self.note("server restarted")
        elif chance < 0.85:
            self.back_up()
        elif chance < 0.89:
            self.restore_server()
            self.note("server restored")
        elif chance < 0.92:
            self._change_role()
        elif chance < 0.94:
            self.update(node)
        else:
            node.skew = self.random.choice(SKEWS)
            node.runner.clock.source = self._clock(node.skew).source
            self.note("clock", node.name, node.skew)

    def _change_role(self) -> None:
        """Somebody loses the right to write, or has it back; what counts is the moment of the writing."""
        now = self.millis() << HLC_COUNTER_BITS
        spans = self.disabled.setdefault(ACTORS[1], [])
        if spans and spans[-1][1] is None:
            spans[-1] = (spans[-1][0], now)
        else:
            spans.append((now, None))
        self.note("role", ACTORS[1], len(spans), spans[-1][1])

    def may_not(self, actor: str, hlc: int, tolerance: int = 0) -> bool:
        """Whether the right was missing at a clock; within `tolerance` of its loss nobody is blamed."""
        return any(
            since + tolerance < hlc and (until is None or hlc <= until - tolerance)
            for since, until in self.disabled.get(actor, ())
        )

    def settle(self, limit: int = 1_000) -> bool:
        """Mend the network and let everything drain; False when it does not within `limit` steps (liveness)."""
        for node in self.nodes.values():
            self.update(node)
            node.connected = True
            node.engine.retry_now()
        for _step in range(limit):
            self.now += 50
            for node in self.nodes.values():
                self.speak(node)
            self.deliver()
            if not self.letters and all(self._is_done(node) for node in self.nodes.values()):
                return True
            if not self.letters:
                self.now += 1_000
                for node in self.nodes.values():
                    node.engine.poked(self.server.head())
        return False

    def _is_done(self, node: Node) -> bool:
        if node.engine.standing is Standing.STOPPED:
            return True
        store = node.engine.store
        return node.engine.standing is Standing.LIVE and not store.waiting() and store.cursor() >= self.server.head()

    def note(self, *what: Any) -> None:
        """Add to the trace: two runs of one seed have one hash."""
        self.trace.update(repr((self.now, *what)).encode())

    def close(self) -> None:
        """Put back what the seed replaced, and give the memory of the disks back."""
        ids.use_source()
        for image in (
            self.server_image,
            *(node.image for node in self.nodes.values()),
            *(it for it, _ in self.backups),
        ):
            image.close()


def _rest(letter: Letter) -> tuple[str, Engine, Request, Reply | None]:
    return letter.node, letter.engine, letter.request, letter.reply


def _size(request: Request) -> int:
    return len(request.operations) if isinstance(request, Push) else 0

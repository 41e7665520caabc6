"""The simulated clinic: workstations, a server, a network that loses, doubles, delays and reorders, and a clock.

One random generator decides everything, so that a seed is a schedule. What every person saw and wrote is kept in a
ledger outside the databases: the invariants are judged against it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from random import Random
from typing import Any, Final

from app.core import ids
from app.core.clock import HLC_COUNTER_BITS, Clock
from app.core.sealed import SealedStore
from app.journal.operations import Draft
from app.journal.queries import Actor, Reading
from app.journal.runner import Runner
from app.journal.transaction import Transaction
from sync.client.engine import Engine, Standing
from sync.client.store import ClientStore
from sync.protocol.messages import Hello, Operation, Push, Reply, Request
from sync.server.store import ServerStore
from sync.simulation.memory import copy_of, let_run, new_image, open_runner, stop_after
from sync.simulation.versions import after_upgrade, knowing, old_image, upgrade

BEGINNING: Final = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
CARDS: Final = ("c1", "c2", "c3")
RULES: Final = ("r1", "r2")
LATE: Final = ("l1", "l2")
CHAIRS: Final = ("1", "2")
ACTORS: Final = ("amelie", "karim")
SKEWS: Final = (-3_600_000, -5_000, 0, 0, 0, 30_000, 126_000_000_000)
"""Milliseconds by which a workstation's clock is wrong; the last is four years."""


@dataclass(slots=True)
class Edit:
    """What somebody wrote into one field, and what stood there when it was done."""

    operation: str
    node: str
    table: str
    key: str
    column: str
    seen: Any
    value: Any
    made: bool = False
    """Whether it made the row: what was pending of a row that had been taken back is over with it."""


@dataclass(slots=True)
class Written:
    """One operation that was committed on a workstation; `cents` is the sum of the amounts that it entered."""

    operation: str
    node: str
    number: int
    actor: str
    hlc: int
    cents: int = 0


@dataclass(slots=True)
class Node:
    """A workstation: its disk (an image), the process over it, its wrong clock and its cable."""

    name: str
    image: Any
    skew: int = 0
    connected: bool = True
    old: bool = False
    """Whether it still runs the version before."""
    runner: Runner = field(init=False)
    engine: Engine = field(init=False)
    last_cursor: tuple[str, int] = ("", 0)


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


class World:
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
    def _planned(self, image: Any) -> Iterator[bool]:
        """One thing that is done with a database; whether the machine is to go off on the way."""
        planned = self.stop is not None and self.stop.event == len(self.statements)
        before = image.count
        image.left = self.stop.statement if planned and self.stop is not None else None
        yield planned
        self.statements.append(image.count - before)

    # -- people ---------------------------------------------------------------------------------------------
    def fresh(self) -> str:
        """A value that nobody else writes: it names its writer."""
        self.counter += 1
        return f"v{self.counter}"

    def work(self, node: Node) -> None:
        """Somebody does something at a workstation; the machine may be switched off meanwhile."""
        actor = self.random.choice(ACTORS)
        kind = self.random.choices(("edit", "pair", "rule", "slot", "card", "raw", "late"), (8, 4, 2, 3, 2, 1, 2))[0]
        crash = self.random.random() < 0.03
        if crash:
            stop_after(node.image, self.random.randrange(100, 20_000))
        with self._planned(node.image) as planned:
            try:
                with knowing(node.old):
                    getattr(self, f"_{kind}")(node, actor)
                self.note("did", node.name, kind)
                node.engine.written()
            except Exception as error:
                if not crash and not planned:
                    raise
                self.note("stopped", node.name, kind, type(error).__name__)
                self.start(node)
        let_run(node.image)

    def _commit(
        self,
        node: Node,
        actor: str,
        name: str,
        write: Any,
        *,
        edit: Edit | None = None,
        cents: int = 0,
    ) -> None:
        """Commit, and put it into the ledger if the disk has it, also when the machine went off right after."""
        draft = Draft(name, actor, id=ids.new_id())
        try:
            node.runner.commit(Actor(actor, actor, everything=True), draft, write, undoable=lambda rows: False)
        finally:
            let_run(node.image)
            if node.image.in_transaction:
                node.image.rollback()
            row = node.image.execute("SELECT number, hlc FROM operation WHERE id = ?", (draft.id,)).fetchone()
            if row is not None:
                self.written[draft.id] = Written(draft.id, node.name, row[0], actor, row[1], cents)
                self.made |= dict.fromkeys(_made(node.image, draft.id), draft.id)
                if edit is not None:
                    edit.operation = draft.id
                    self._note_edit(edit)

    def _note_edit(self, edit: Edit) -> None:
        self.edits.append(edit)
        self.unjudged.append(edit)

    def _edit(self, node: Node, actor: str) -> None:
        key, column = self.random.choice(CARDS), self.random.choice(("name", "phone", "extra"))
        if node.old and column == "extra":
            column = "phone"
        row = node.image.execute(f"SELECT {column} FROM sim_card WHERE id = ?", (key,)).fetchone()
        if row is not None:
            value = self.fresh()
            edit = Edit("", node.name, "sim_card", key, column, row[0], value)
            self._commit(node, actor, "sim_edit", partial(_set, "sim_card", key, column, value), edit=edit)

    def _late(self, node: Node, actor: str) -> None:
        """A row of a table that older workstations do not know, or an edit of one."""
        if node.old:
            return
        key, value = self.random.choice(LATE), self.fresh()
        row = node.image.execute("SELECT value FROM sim_late WHERE id = ?", (key,)).fetchone()
        edit = Edit("", node.name, "sim_late", key, "value", row[0] if row else None, value, row is None)
        work = partial(_set, "sim_late", key, "value", value)
        if row is None:
            work = partial(insert, "sim_late", {"id": key, "value": value})
        self._commit(node, actor, "sim_late", work, edit=edit)

    def _card(self, node: Node, actor: str) -> None:
        key = self.random.choice(CARDS)
        if node.image.execute("SELECT 1 FROM sim_card WHERE id = ?", (key,)).fetchone() is None:
            value = self.fresh()
            edit = Edit("", node.name, "sim_card", key, "name", None, value, made=True)
            self._commit(node, actor, "sim_card", partial(insert, "sim_card", {"id": key, "name": value}), edit=edit)

    def _pair(self, node: Node, actor: str) -> None:
        pair, amount = self.fresh(), self.random.randrange(1, 10_000)
        card = self.random.choice(CARDS)
        self.pairs[pair] = amount

        def write(tx: Transaction) -> None:
            for half in ("a", "b"):
                insert("sim_entry", {"id": f"{pair}{half}", "card_id": card, "pair": pair, "amount": amount}, tx)

        self._commit(node, actor, "sim_pair", write, cents=2 * amount)

    def _rule(self, node: Node, actor: str) -> None:
        key = self.random.choice(RULES)
        row = node.image.execute("SELECT value FROM sim_rule WHERE id = ?", (key,)).fetchone()
        value = self.fresh()
        edit = Edit("", node.name, "sim_rule", key, "value", row[0] if row else None, value, row is None)
        work = partial(_set, "sim_rule", key, "value", value)
        if row is None:
            work = partial(insert, "sim_rule", {"id": key, "value": value})
        self._commit(node, actor, "sim_rule", work, edit=edit)

    def _slot(self, node: Node, actor: str) -> None:
        values = {
            "id": self.fresh(), "chair": self.random.choice(CHAIRS), "start": self.random.randrange(0, 600, 15),
            "minutes": 20,
        }  # fmt: skip
        self._commit(node, actor, "sim_slot", partial(insert, "sim_slot", values))

    def _raw(self, node: Node, actor: str) -> None:
        """Somebody writes with a database browser; the next commit takes it in under an operation of its own."""
        value, key = self.fresh(), self.random.choice(CARDS)
        row = node.image.execute("SELECT phone FROM sim_card WHERE id = ?", (key,)).fetchone()
        node.image.execute("UPDATE sim_card SET phone = ? WHERE id = ?", (value, key))
        node.runner.adopt_raw()
        found = node.image.execute(
            "SELECT o.id, o.number, o.hlc FROM operation o JOIN change c ON c.operation = o.n"
            " WHERE o.origin = 'raw' AND o.device = ? AND c.pk = ? ORDER BY o.n DESC LIMIT 1",
            (node.name, key),
        ).fetchone()
        if row is not None and found is not None:
            self.written[found[0]] = Written(found[0], node.name, found[1], "raw", found[2])
            self._note_edit(Edit(found[0], node.name, "sim_card", key, "phone", row[0], value))

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
        with self._planned(node.image) as planned:
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
        with self._planned(self.server_image) as planned:
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


def _made(image: Any, operation: str) -> list[tuple[str, str]]:
    query = "SELECT c.tbl, c.pk FROM change c JOIN operation o ON o.n = c.operation WHERE o.id = ? AND c.kind = 'ins'"
    return [(table, key) for table, key in image.execute(query, (operation,))]


def _rest(letter: Letter) -> tuple[str, Engine, Request, Reply | None]:
    return letter.node, letter.engine, letter.request, letter.reply


def _size(request: Request) -> int:
    return len(request.operations) if isinstance(request, Push) else 0


def _set(table: str, key: str, column: str, value: Any, tx: Transaction) -> None:
    tx.raw.execute(f"UPDATE {table} SET {column} = ? WHERE id = ?", (value, key))


def insert(table: str, values: dict[str, Any], tx: Transaction) -> None:
    """Write a new row."""
    names = ", ".join(values)
    tx.raw.execute(f"INSERT INTO {table}({names}) VALUES({', '.join('?' * len(values))})", tuple(values.values()))


__all__ = ["Edit", "Letter", "Node", "Stop", "World", "Written", "insert"]

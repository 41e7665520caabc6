"""The people of the simulated clinic, what they do at a workstation, and the ledger of what they saw and wrote."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from random import Random
from typing import Any, Final

from app.core import ids
from app.journal.operations import Draft
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.journal.transaction import Transaction
from sync.client.engine import Engine
from sync.simulation.memory import let_run, stop_after
from sync.simulation.versions import knowing

BEGINNING: Final = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
CARDS: Final = ("c1", "c2", "c3")
RULES: Final = ("r1", "r2")
LATE: Final = ("l1", "l2")
CHAIRS: Final = ("1", "2")
ACTORS: Final = ("amelie", "karim")


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


class People(ABC):
    """What somebody does at a workstation; the world that they live in says the rest."""

    random: Random
    counter: int
    edits: list[Edit]
    unjudged: list[Edit]
    written: dict[str, Written]
    made: dict[tuple[str, str], str]
    pairs: dict[str, int]

    @abstractmethod
    def start(self, node: Node) -> None:
        """Start the workstation's process over what its disk holds."""

    @abstractmethod
    def note(self, *what: Any) -> None:
        """Add to the trace."""

    @abstractmethod
    def planned(self, image: Any) -> AbstractContextManager[bool]:
        """One thing that is done with a database; whether the machine is to go off on the way."""

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
        with self.planned(node.image) as planned:
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
            self._commit(node, actor, "sim_edit", partial(assign, "sim_card", key, column, value), edit=edit)

    def _late(self, node: Node, actor: str) -> None:
        """A row of a table that older workstations do not know, or an edit of one."""
        if node.old:
            return
        key, value = self.random.choice(LATE), self.fresh()
        row = node.image.execute("SELECT value FROM sim_late WHERE id = ?", (key,)).fetchone()
        edit = Edit("", node.name, "sim_late", key, "value", row[0] if row else None, value, row is None)
        work = partial(assign, "sim_late", key, "value", value)
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
        work = partial(assign, "sim_rule", key, "value", value)
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


def _made(image: Any, operation: str) -> list[tuple[str, str]]:
    query = "SELECT c.tbl, c.pk FROM change c JOIN operation o ON o.n = c.operation WHERE o.id = ? AND c.kind = 'ins'"
    return [(table, key) for table, key in image.execute(query, (operation,))]


def assign(table: str, key: str, column: str, value: Any, tx: Transaction) -> None:
    tx.raw.execute(f"UPDATE {table} SET {column} = ? WHERE id = ?", (value, key))


def insert(table: str, values: dict[str, Any], tx: Transaction) -> None:
    """Write a new row."""
    names = ", ".join(values)
    tx.raw.execute(f"INSERT INTO {table}({names}) VALUES({', '.join('?' * len(values))})", tuple(values.values()))

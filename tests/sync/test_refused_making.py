"""A row whose making was refused, and that somebody else makes: what was written into it meanwhile is not lost."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from app.journal.detectors import DETECTORS
from app.journal.digest import digest
from app.journal.projections import PROJECTIONS
from app.journal.queries import SYSTEM
from app.journal.records import REGISTRY
from app.journal.verify import Report, verify_tables
from sync.protocol.messages import Pull, Push
from sync.simulation.people import Node, assign, insert
from sync.simulation.world import World

NAMES = ("name", "extra")
PLACES: tuple[dict[str, Any], ...] = (REGISTRY._rows, DETECTORS, PROJECTIONS)
ADDED: tuple[dict[str, Any], ...] = ({}, {}, {})
"""What the simulation adds to these when its first image is made; the folders of other tests know nothing of it."""


@pytest.fixture(autouse=True)
def records_of_the_simulation() -> Iterator[None]:
    for place, added in zip(PLACES, ADDED, strict=True):
        place.update(added)
    yield
    for place, added in zip(PLACES, ADDED, strict=True):
        added.update({name: it for name, it in place.items() if name.startswith("sim_")})
        for name in added:
            place.pop(name, None)


@pytest.fixture
def world(records_of_the_simulation: None) -> Iterator[World]:
    """Two workstations of this version, and a person who may write nothing."""
    made = World(1)
    for node in made.nodes.values():
        made.update(node)
        made.server.enrol(node.name, node.name)
        reply = made.server.hello(node.engine.store.hello())
        node.engine.store.join_epoch(reply)
    made.disabled["karim"] = [(0, None)]
    yield made
    made.close()


def make(world: World, node: Node, actor: str, name: str) -> None:
    world._commit(node, actor, "sim_card", partial(insert, "sim_card", {"id": "c1", "name": name}))


def write(world: World, node: Node, column: str, value: str) -> None:
    world._commit(node, "amelie", "sim_edit", partial(assign, "sim_card", "c1", column, value))


def push(world: World, node: Node, limit: int = 10) -> None:
    operations = node.engine.store.unsent(limit)
    epoch = world.server.ensure_epoch()
    node.engine.store.acknowledge(world.server.push(Push(node.name, epoch, tuple(operations))))


def pull(world: World, node: Node) -> None:
    epoch = world.server.ensure_epoch()
    node.engine.store.apply(world.server.pull(Pull(node.name, epoch, node.engine.store.cursor(), 100)))


def card(node: Node) -> dict[str, object]:
    with node.runner.read(SYSTEM) as read:
        rows = read.sql("SELECT name, extra FROM sim_card WHERE id = 'c1'")
        return dict(zip(NAMES, tuple(next(iter(rows))), strict=True))


@pytest.mark.parametrize("column", NAMES)
def test_an_unanswered_edit_stands_on_a_row_that_somebody_else_makes(world: World, column: str) -> None:
    """The maker’s row is refused; the edit of it by another person waits; the same row comes from elsewhere."""
    first, other = world.nodes["W1"], world.nodes["W2"]
    make(world, other, "amelie", "theirs")
    world.now += 5_000_000
    make(world, first, "karim", "refused")
    write(world, first, column, "mine")
    push(world, first, limit=1)
    push(world, other)
    pull(world, first)
    assert card(first)[column] == "mine"
    push(world, first)
    pull(world, first)
    pull(world, other)
    assert card(first) == card(other) == {"name": "theirs", "extra": None} | {column: "mine"}
    assert digest(first.image) == digest(other.image) == digest(world.server_image)
    report = Report()
    verify_tables(first.image, report)
    assert report.sound


def test_an_unanswered_edit_stands_on_a_row_that_an_answer_puts_back(world: World) -> None:
    """The second refusal brings the row that somebody made after the first: the edit that waits stays on it."""
    first, other = world.nodes["W1"], world.nodes["W2"]
    make(world, other, "amelie", "theirs")
    world.now += 5_000_000
    make(world, first, "karim", "refused")
    world._commit(first, "karim", "sim_edit", partial(assign, "sim_card", "c1", "phone", "refused too"))
    write(world, first, "name", "mine")
    push(world, first, limit=1)
    push(world, other)
    push(world, first, limit=1)
    assert card(first)["name"] == "mine"
    push(world, first)
    pull(world, first)
    pull(world, other)
    assert card(first) == card(other) == {"name": "mine", "extra": None}
    assert digest(first.image) == digest(other.image) == digest(world.server_image)

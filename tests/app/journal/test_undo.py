"""Undo is judged by the journal, not by values, and runs the slice's rules again: the cases of the design, and more."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.core.errors import NotFound, PermissionDenied, RuleViolation, StaleRecord
from app.core.money import Money
from app.journal.commands import COMMANDS, Command
from app.journal.digest import digest
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.journal.transaction import Transaction
from app.journal.undo import UNDO_OTHERS
from app.journal.workplace import Workplace
from tests.sample.commands import (
    add_sample_pet,
    change_sample_owner,
    create_sample_owner,
    record_sample_visit,
)
from tests.sample.model import Owner, OwnerId, Pet, Rate
from tests.sample.permissions import EDIT_OWNERS
from tests.sample.queries import sample_owners

DESK = Actor("desk", "Front desk", frozenset({EDIT_OWNERS.name}))
OTHER = Actor("other", "Somebody else", frozenset({EDIT_OWNERS.name}))
LEADER = Actor("leader", "A leader", frozenset({EDIT_OWNERS.name, UNDO_OTHERS.name}))


class Bench:
    """One owner, and the commands on it with their operations."""

    def __init__(self, runner: Runner, raw: Any) -> None:
        self.runner, self.raw = runner, raw
        self.owner = OwnerId(runner.run(DESK, create_sample_owner, "Ada", "0"))

    def change(self, actor: Actor = DESK, **values: str) -> str:
        return self.runner.submit(actor, change_sample_owner, self.owner, **values).result(20).operation_id

    def undo(self, operation: str, actor: Actor = DESK) -> str:
        return self.runner.undo(actor, operation).operation_id

    def row(self) -> tuple[str, str | None]:
        row: tuple[str, str | None] = self.raw.execute(
            "SELECT name, phone FROM sample_owner WHERE id = ?", (self.owner,)
        ).fetchone()
        return row

    def first(self) -> str:
        return str(self.raw.execute("SELECT id FROM operation ORDER BY n").fetchone()[0])


@pytest.fixture
def bench(runner: Runner, raw: Any) -> Bench:
    return Bench(runner, raw)


@pytest.fixture
def declared() -> Iterator[Callable[..., Command[..., Any]]]:
    """Commands of a test's own, known to undo by name for its time."""
    names: list[str] = []

    def declare(function: Callable[..., Any], **options: Any) -> Command[..., Any]:
        made = Command(function, EDIT_OWNERS, "A test’s own command", **options)
        COMMANDS[made.name] = made
        names.append(made.name)
        return made

    yield declare
    for name in names:
        del COMMANDS[name]


def test_the_last_edit(bench: Bench) -> None:
    operation = bench.change(name="Ada B", phone="1")
    bench.undo(operation)
    assert bench.row() == ("Ada", "0")
    assert [line.line for line in bench.runner.ask(Actor("x", "x", everything=True), sample_owners)] == ["Ada 0"]


def test_an_edit_when_other_fields_were_edited_since(bench: Bench) -> None:
    operation = bench.change(name="Ada B")
    bench.change(OTHER, phone="1")
    bench.undo(operation)
    assert bench.row() == ("Ada", "1")


def test_an_edit_of_a_field_that_somebody_changed_since(bench: Bench) -> None:
    operation = bench.change(phone="1")
    bench.change(OTHER, phone="2")
    with pytest.raises(StaleRecord) as refused:
        bench.undo(operation)
    assert refused.value.values == {"name": "other"}
    assert bench.row() == ("Ada", "2")


def test_a_value_that_others_changed_and_changed_back(bench: Bench) -> None:
    """A comparison of values would let this through and overwrite the colleague."""
    operation = bench.change(phone="1")
    bench.change(OTHER, phone="2")
    bench.change(OTHER, phone="1")
    with pytest.raises(StaleRecord):
        bench.undo(operation)
    assert bench.row() == ("Ada", "1")


def test_my_own_later_edit_stands_in_the_way_too(bench: Bench) -> None:
    first, second = bench.change(phone="1"), bench.change(phone="2")
    with pytest.raises(StaleRecord):
        bench.undo(first)
    bench.undo(second)
    bench.undo(first)
    assert bench.row() == ("Ada", "0")


def test_a_raw_write_stands_in_the_way(bench: Bench) -> None:
    operation = bench.change(phone="1")
    bench.raw.execute("UPDATE sample_owner SET phone = 'raw'")
    with pytest.raises(StaleRecord):
        bench.undo(operation)


def test_redo_and_undo_again(bench: Bench) -> None:
    operation = bench.change(phone="1")
    undone = bench.undo(operation)
    redone = bench.undo(undone)
    assert bench.row() == ("Ada", "1")
    bench.undo(redone)
    assert bench.row() == ("Ada", "0")


def test_nothing_is_undone_twice(bench: Bench) -> None:
    operation = bench.change(phone="1")
    undone = bench.undo(operation)
    with pytest.raises(RuleViolation, match="already been undone"):
        bench.undo(operation)
    bench.undo(undone)
    with pytest.raises(RuleViolation, match="already been undone"):
        bench.undo(undone)
    bench.undo(operation)
    assert bench.row() == ("Ada", "0")


def test_an_undo_out_of_order_does_not_overwrite_a_redo(bench: Bench) -> None:
    """0 →a→ 1 →b→ 2, both undone, b redone: redoing a now would put 1 over the 2 that b has just set."""
    a, b = bench.change(phone="1"), bench.change(phone="2")
    undone_b, undone_a = bench.undo(b), bench.undo(a)
    with pytest.raises(StaleRecord):
        bench.undo(undone_b)
    assert bench.row() == ("Ada", "0")
    bench.undo(undone_a)
    bench.undo(undone_b)
    assert bench.row() == ("Ada", "2")


def test_an_undone_insert_is_withdrawn_by_its_opposite(bench: Bench) -> None:
    undone = bench.undo(bench.first())
    assert bench.raw.execute("SELECT withdrawn_at IS NULL FROM sample_owner").fetchall() == [(0,)]
    assert bench.runner.ask(Actor("x", "x", everything=True), sample_owners) == ()
    bench.undo(undone)
    assert len(bench.runner.ask(Actor("x", "x", everything=True), sample_owners)) == 1


def test_an_insert_without_an_opposite_is_not_undone(bench: Bench) -> None:
    done = bench.runner.submit(DESK, add_sample_pet, bench.owner, "Rex").result(20)
    assert not done.undoable
    with pytest.raises(RuleViolation, match="correction"):
        bench.undo(done.operation_id)
    assert bench.raw.execute("SELECT name FROM sample_pet").fetchall() == [("Rex",)]


def test_an_event_is_not_undone(bench: Bench) -> None:
    done = bench.runner.submit(DESK, record_sample_visit, bench.owner).result(20)
    assert not done.undoable
    with pytest.raises(RuleViolation, match="correction"):
        bench.undo(done.operation_id)


def test_a_delete_is_not_undone_without_an_opposite(bench: Bench, declared: Callable[..., Command[..., Any]]) -> None:
    pet = bench.runner.run(DESK, add_sample_pet, bench.owner, "Rex")

    def delete_pet(tx: Transaction, pet_id: str) -> None:
        tx.session.delete(tx.get(Pet, pet_id))

    done = bench.runner.submit(DESK, declared(delete_pet), pet).result(20)
    with pytest.raises(RuleViolation, match="correction"):
        bench.undo(done.operation_id)


def test_what_the_reference_of_a_child_forbids_is_a_sentence(
    bench: Bench, declared: Callable[..., Command[..., Any]]
) -> None:
    """An opposite that deletes fails at commit once somebody refers to the row; nothing of it stays."""

    def delete_owner(tx: Transaction, owner_id: OwnerId) -> None:
        tx.session.delete(tx.get(Owner, owner_id))

    def make_owner(tx: Transaction) -> str:
        return str(tx.add(Owner(name="Child")).id)

    opposite = declared(delete_owner)
    from app.journal.commands import Opposite

    done = bench.runner.submit(DESK, declared(make_owner, undo=Opposite(opposite, Owner))).result(20)
    bench.runner.run(DESK, add_sample_pet, OwnerId(done.result), "Rex")
    with pytest.raises(RuleViolation, match="refers"):
        bench.undo(done.operation_id)
    assert bench.raw.execute("SELECT count(*) FROM sample_owner").fetchone() == (2,)
    bench.change(phone="the next command works")


def test_the_rules_are_run_again(bench: Bench) -> None:
    """The name that an undo would give back has been taken meanwhile."""
    operation = bench.change(name="Bea")
    bench.runner.run(DESK, create_sample_owner, "Ada")
    with pytest.raises(RuleViolation, match="Two owners are called"):
        bench.undo(operation)
    assert bench.row() == ("Bea", "0")


def test_somebody_elses_needs_the_right(bench: Bench) -> None:
    operation = bench.change(phone="1")
    with pytest.raises(PermissionDenied) as refused:
        bench.undo(operation, OTHER)
    assert refused.value.permission == UNDO_OTHERS.name
    bench.undo(operation, LEADER)
    assert bench.row() == ("Ada", "0")


def test_the_command_s_own_right_is_needed(bench: Bench) -> None:
    operation = bench.change(phone="1")
    with pytest.raises(PermissionDenied) as refused:
        bench.undo(operation, dataclasses.replace(DESK, permissions=frozenset({UNDO_OTHERS.name})))
    assert refused.value.permission == EDIT_OWNERS.name


def test_redo_needs_the_command_s_own_right_too(bench: Bench) -> None:
    undone = bench.undo(bench.change(phone="1"))
    with pytest.raises(PermissionDenied):
        bench.undo(undone, dataclasses.replace(DESK, permissions=frozenset()))
    assert bench.row() == ("Ada", "0")


def test_another_workstation_s_is_refused(workplace: Workplace, bench: Bench) -> None:
    operation = bench.change(phone="1")
    workplace.runner.place = dataclasses.replace(workplace.runner.place, device="another")
    with pytest.raises(RuleViolation, match="another workstation"):
        bench.undo(operation)


def test_an_unknown_operation_is_not_found(bench: Bench) -> None:
    with pytest.raises(NotFound):
        bench.undo("nothing")


def test_an_undo_is_an_operation_of_its_own(workplace: Workplace, bench: Bench) -> None:
    operation = bench.change(phone="1")
    undone = bench.undo(operation)
    rows = bench.raw.execute("SELECT id, command, undoes, actor FROM operation ORDER BY n").fetchall()
    assert rows[-1] == (undone, "undo", operation, "desk")
    assert workplace.verify().sound


# -- groups ----------------------------------------------------------------------------------------------------------


def test_a_group_of_a_thousand_rows_is_restored_exactly(workplace: Workplace, bench: Bench) -> None:
    def make(tx: Transaction, start: int) -> None:
        for index in range(start, start + 250):
            tx.add(Rate(id=f"r{index:04}", amount=Money(index)))

    def raise_rates(tx: Transaction, start: int, by: int) -> None:
        for index in range(start, start + 250):
            rate = tx.get(Rate, f"r{index:04}")
            rate.amount = rate.amount * by + Money(1)

    for start in range(0, 1000, 250):
        bench.runner.run(DESK, Command(make, None, "Make"), start)
    before = digest(bench.raw)
    with bench.runner.group(DESK, "Raise the rates") as group:
        for by in (2, 3):
            for start in range(0, 1000, 250):
                group.run(Command(raise_rates, None, "Raise"), start, by)
    after = digest(bench.raw)
    assert after != before
    undone = bench.runner.undo_group(DESK, group.id)
    assert digest(bench.raw) == before
    with pytest.raises(RuleViolation, match="already been undone"):
        bench.runner.undo_group(DESK, group.id)
    assert undone.group_id is not None
    bench.runner.undo_group(DESK, undone.group_id)
    assert digest(bench.raw) == after
    assert workplace.verify().sound


def test_a_group_is_undone_wholly_or_not_at_all(bench: Bench) -> None:
    with bench.runner.group(DESK, "Both") as group:
        group.run(change_sample_owner, bench.owner, "Ada B")
        group.run(change_sample_owner, bench.owner, None, "1")
    bench.change(OTHER, name="Eve")
    with pytest.raises(StaleRecord):
        bench.runner.undo_group(DESK, group.id)
    assert bench.row() == ("Eve", "1")


def test_the_rest_of_a_group_is_undone_when_one_part_was(bench: Bench) -> None:
    with bench.runner.group(DESK, "Both") as group:
        group.run(change_sample_owner, bench.owner, "Ada B")
        group.run(change_sample_owner, bench.owner, None, "1")
    last = bench.raw.execute("SELECT id FROM operation ORDER BY n DESC").fetchone()[0]
    bench.undo(last)
    assert bench.row() == ("Ada B", "0")
    bench.runner.undo_group(DESK, group.id)
    assert bench.row() == ("Ada", "0")


# -- against a model -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(8))
def test_random_undo_and_redo_never_overwrite_what_stands(bench: Bench, seed: int) -> None:
    """What an undo writes over was always written by the operation that it undoes."""
    chance, operations = random.Random(seed), [bench.change(phone="start")]
    wrote: dict[str, tuple[str | None, str | None]] = {operations[0]: ("0", "start")}
    refused = 0
    for step in range(80):
        before = bench.row()[1]
        if chance.random() < 0.25:
            made = bench.change(phone=f"{step}")
        else:
            target = chance.choice(operations[-5:])
            try:
                made = bench.undo(target)
            except RuleViolation:
                refused += 1
                assert bench.row()[1] == before
                continue
            assert (wrote[target][1], wrote[target][0]) == (before, bench.row()[1])
        operations.append(made)
        wrote[made] = (before, bench.row()[1])
    assert 0 < refused < 70


def test_done_tells_what_can_be_undone(bench: Bench) -> None:
    assert bench.runner.submit(DESK, change_sample_owner, bench.owner, "Ada B").result(20).undoable
    assert bench.runner.submit(DESK, create_sample_owner, "Bob").result(20).undoable
    assert not bench.runner.submit(DESK, record_sample_visit, bench.owner).result(20).undoable

"""Rules and projections run when a column that they look at changes, and only then."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import pytest

from app.journal.changes import change_set_of
from app.journal.projections import PROJECTIONS, projection
from app.journal.queries import Actor, Reading
from app.journal.rules import RULES, rule
from app.journal.runner import Runner
from app.journal.transaction import Transaction
from tests.sample.commands import change_sample_owner, create_sample_owner
from tests.sample.model import Owner, OwnerLine


def test_a_rule_is_run_for_its_columns_for_inserts_and_for_undo(runner: Runner, boss: Actor) -> None:
    seen: list[frozenset[str]] = []

    def look(tx: Transaction, ids: frozenset[str]) -> None:
        seen.append(ids)

    rule(Owner, columns=("phone",))(look)
    try:
        owner = runner.run(boss, create_sample_owner, "Ann")
        runner.run(boss, change_sample_owner, owner, name="Béa")
        assert len(seen) == 1, "an insert is looked at, an update of another column is not"
        done = runner.submit(boss, change_sample_owner, owner, phone="1").result()
        assert len(seen) == 2
        runner.undo(boss, done.operation_id)
        assert len(seen) == 3
    finally:
        RULES["sample_owner"].pop()


def test_a_projection_is_computed_for_its_columns(runner: Runner, boss: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    computed: list[Collection[str] | None] = []
    former = PROJECTIONS["sample_owner_line"]

    def rows(read: Reading, keys: Collection[str] | None) -> Iterable[dict[str, Any]]:
        computed.append(keys)
        return former.compute(read, keys)

    projection(target=OwnerLine, of=(Owner,), columns={Owner: ("name",)})(rows)
    try:
        owner = runner.run(boss, create_sample_owner, "Ann")
        runner.run(boss, change_sample_owner, owner, phone="1")
        assert computed == [[owner]]
        runner.run(boss, change_sample_owner, owner, name="Béa")
        assert computed == [[owner], [owner]]
    finally:
        PROJECTIONS["sample_owner_line"] = former


def test_a_column_that_does_not_exist_is_refused() -> None:
    with pytest.raises(KeyError):
        rule(Owner, columns=("no_such",))
    with pytest.raises(KeyError):
        projection(target=OwnerLine, of=(Owner,), columns={Owner: ("no_such",)})(lambda read, keys: ())


def test_what_is_known_of_columns() -> None:
    rows = [
        ("a", "1", None, "upd", '{"x":[1,2]}', b""),
        ("a", "2", None, "upd", '{"y":[1,2]}', b""),
        ("b", "1", None, "ins", '{"x":[null,2]}', b""),
        ("b", "1", None, "upd", '{"x":[2,3]}', b""),
        ("c", "1", None, "upd", None, None),
    ]
    changes = change_set_of(rows, ("o",), "here")
    assert changes.columns == {"a": {"x", "y"}}
    assert changes.writes("a", {"x"})
    assert not changes.writes("a", {"z"})
    assert changes.writes("a", None)
    assert changes.writes("b", {"z"})
    assert changes.writes("c", {"z"})
    assert not changes.writes("d", None)
    assert changes.joined({"p": ["1"]}).columns == changes.columns

"""Every sensitive field can be settled: the value that is kept is written as any other change, and undone like one."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.errors import RuleViolation
from app.journal.changes import ChangeSet
from app.journal.detectors import SENSITIVE
from app.journal.discovery import load_slices
from app.journal.queries import SYSTEM, Actor
from app.journal.records import REGISTRY, Cents, Flag, Instant, Int, Json, Merge
from app.journal.runner import Runner, Step
from app.journal.settling import Side, close_conflict, reopen_conflict, settle_edit

load_slices()
FIELDS = [
    (row.table, column)
    for row in REGISTRY
    if row.merge is Merge.FIELD and row.record.__module__.startswith("app.")
    for column in row.sensitive
]


def value_for(column: Any, number: int) -> Any:
    """Something that a column can hold; another for another number."""
    kind = column.type
    if getattr(kind, "choices", None) is not None:
        members = [member.value for member in kind.choices]
        return members[number % len(members)]
    if isinstance(kind, Flag):
        return number % 2
    if isinstance(kind, Int | Instant | Cents):
        return 1_700_000_000_000 + number
    if isinstance(kind, Json):
        return f'{{"n":{number}}}'
    return f"2026-01-0{number + 1}"


def make_row(runner: Runner, table: str, column: str, values: tuple[Any, Any, Any]) -> None:
    """A row with the last value, and the conflict of the other two."""
    columns = REGISTRY[table].record.__table__.c
    given = {
        str(it.name): value_for(it, 0) for it in columns if not it.nullable or it.name == column
    } | {"id": "row", column: values[2]}  # fmt: skip
    details = {"column": column, "base": values[0], "mine": values[1], "theirs": values[2], "operation": "x"}

    def work(step: Step) -> ChangeSet:
        import msgspec

        names = ", ".join(f'"{name}"' for name in given)
        step.raw.execute(f'INSERT INTO "{table}"({names}) VALUES({", ".join("?" * len(given))})', tuple(given.values()))
        step.raw.execute(
            "INSERT INTO conflict(id, kind, table_name, row_id, details, state, opened_at)"
            " VALUES('it', ?, ?, 'row', ?, 'open', 1)",
            (SENSITIVE, table, msgspec.json.encode(details).decode()),
        )
        step.wrote = True
        return ChangeSet()

    runner.transact(work, foreign_keys=False)


def read(runner: Runner, table: str, column: str) -> Any:
    with runner.read(SYSTEM) as reading:
        return reading.sql(f'SELECT "{column}" FROM "{table}" WHERE id = \'row\'')[0][0]


def state_of(runner: Runner) -> str:
    with runner.read(SYSTEM) as reading:
        return str(reading.sql("SELECT state FROM conflict WHERE id = 'it'")[0][0])


@pytest.mark.parametrize(("table", "column"), FIELDS, ids=[".".join(it) for it in FIELDS])
def test_every_sensitive_field_can_be_settled(runner: Runner, boss: Actor, table: str, column: str) -> None:
    kind = REGISTRY[table].record.__table__.c[column]
    values = (value_for(kind, 0), value_for(kind, 1), value_for(kind, 2))
    make_row(runner, table, column, values)
    done = runner.submit(boss, settle_edit, "it", Side.MINE).result()
    assert (read(runner, table, column), state_of(runner)) == (values[1], "resolved")
    assert values[1] != values[2]
    with pytest.raises(RuleViolation):
        runner.run(boss, settle_edit, "it", Side.THEIRS)
    assert done.undoable
    runner.undo(boss, done.operation_id)
    assert (read(runner, table, column), state_of(runner)) == (values[2], "open")


def test_what_stands_is_kept_without_writing_it(runner: Runner, boss: Actor) -> None:
    make_row(runner, "person", "family_name", ("a", "b", "c"))
    done = runner.submit(boss, settle_edit, "it", Side.STANDING).result()
    assert set(done.changes.tables) == {"conflict"}
    assert read(runner, "person", "family_name") == "c"


def test_erased_values_are_not_written(runner: Runner, boss: Actor) -> None:
    make_row(runner, "person", "family_name", ("a", "b", "c"))
    runner.database.raw().execute("UPDATE conflict SET details = 'null'")
    with pytest.raises(RuleViolation):
        runner.run(boss, settle_edit, "it", Side.MINE)
    runner.run(boss, settle_edit, "it", Side.STANDING)
    assert state_of(runner) == "resolved"


def test_a_note_is_not_a_letter(runner: Runner, boss: Actor) -> None:
    make_row(runner, "person", "family_name", ("a", "b", "c"))
    with pytest.raises(RuleViolation):
        runner.run(boss, close_conflict, "it", "x" * 500)
    runner.run(boss, close_conflict, "it", "  vu  ")
    with pytest.raises(RuleViolation):
        runner.run(boss, close_conflict, "it")
    runner.run(boss, reopen_conflict, "it")
    with pytest.raises(RuleViolation):
        runner.run(boss, reopen_conflict, "it")
    assert state_of(runner) == "open"

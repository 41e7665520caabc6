"""Whatever path writes a captured row, a change row is written with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.dialects.sqlite import insert as upsert

from tests.app.journal.replay import changes, replay, stored
from tests.app.journal.trial import ROWS, Desk
from tests.sample.model import Mood, Owner


def orm_add(desk: Desk) -> None:
    with desk.session() as session:
        session.add(Owner(id="c", name="Cy"))


def orm_modify(desk: Desk) -> None:
    with desk.session() as session:
        session.get_one(Owner, "a").phone = "514 555-0199"


def orm_delete(desk: Desk) -> None:
    with desk.session() as session:
        session.delete(session.get_one(Owner, "b"))


def orm_enabled_update(desk: Desk) -> None:
    with desk.session() as session:
        session.execute(update(Owner).where(Owner.mood == Mood.WILD).values(vip=False))


def orm_bulk_insert(desk: Desk) -> None:
    with desk.session() as session:
        session.execute(insert(Owner), [{"id": "c", "name": "Cy"}, {"id": "d", "name": "Di"}])


def orm_mixed(desk: Desk) -> None:
    with desk.session() as session:
        session.add(Owner(id="c", name="Cy"))
        session.get_one(Owner, "a").name = "Ada B"
        session.delete(session.get_one(Owner, "b"))


def core_text(desk: Desk) -> None:
    desk.connection.execute(text("UPDATE sample_owner SET phone = :phone WHERE id = 'a'"), {"phone": "1"})


def core_upsert(desk: Desk) -> None:
    statement = upsert(Owner).values(id="a", name="Ada C", mood=Mood.CALM, vip=False)
    desk.connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_={"name": "Ada C"}))


def raw_insert(desk: Desk) -> None:
    desk.raw.execute(ROWS + " ('c', 'Cy', NULL, 'calm', 0, 0)")


def executemany(desk: Desk) -> None:
    desk.raw.executemany("UPDATE sample_owner SET height_um = ? WHERE id = ?", [(1, "a"), (2, "b")])


def with_clause(desk: Desk) -> None:
    desk.raw.execute(
        "WITH tall(id) AS (SELECT id FROM sample_owner) UPDATE sample_owner SET height_um = 9"
        " WHERE id IN (SELECT id FROM tall)"
    )


def update_from(desk: Desk) -> None:
    desk.raw.execute(
        "UPDATE sample_owner SET phone = pet.name FROM sample_pet AS pet WHERE pet.owner_id = sample_owner.id"
    )


def update_returning(desk: Desk) -> None:
    rows = desk.raw.execute("UPDATE sample_owner SET balance = balance + 1 RETURNING id").fetchall()
    assert len(rows) == 2


def insert_select(desk: Desk) -> None:
    desk.raw.execute(
        "INSERT INTO sample_owner(id, name, mood, vip, balance) SELECT id || '2', name || ' 2', mood, vip, balance"
        " FROM sample_owner"
    )


def delete_everything(desk: Desk) -> None:
    desk.raw.execute("DELETE FROM sample_pet")


def utils_insert(desk: Desk) -> None:
    desk.utils["sample_owner"].insert({"id": "c", "name": "Cy", "mood": "calm", "vip": 0, "balance": 0})


def utils_insert_all(desk: Desk) -> None:
    rows = [{"id": f"c{n}", "name": f"C {n}", "mood": "calm", "vip": 0, "balance": n} for n in range(250)]
    desk.utils["sample_owner"].insert_all(rows, batch_size=100)


def utils_upsert(desk: Desk) -> None:
    row = {"id": "a", "name": "Ada", "mood": "calm", "vip": 0, "balance": 0, "phone": "2"}
    desk.utils["sample_owner"].upsert(row, pk="id")


def utils_replace(desk: Desk) -> None:
    row = {"id": "b", "name": "Bea", "mood": "calm", "vip": 0, "balance": 0}
    desk.utils["sample_owner"].insert(row, pk="id", replace=True)


def utils_update(desk: Desk) -> None:
    desk.utils["sample_owner"].update("a", {"extra": '{"a":1}'})


def by_another_trigger(desk: Desk) -> None:
    desk.raw.execute("CREATE TABLE plain(x TEXT)")
    desk.raw.execute("CREATE TRIGGER outside AFTER INSERT ON plain BEGIN UPDATE sample_owner SET phone = NEW.x; END")
    desk.raw.execute("INSERT INTO plain VALUES('from a trigger')")


def insert_or_replace(desk: Desk) -> None:
    desk.raw.execute(
        "INSERT OR REPLACE INTO sample_owner(id, name, mood, vip, balance) VALUES('a', 'Eve', 'wild', 1, 7)"
    )


def set_to_null_and_back(desk: Desk) -> None:
    desk.raw.execute("UPDATE sample_owner SET phone = NULL WHERE id = 'a'")
    desk.raw.execute("UPDATE sample_owner SET phone = '' WHERE id = 'a'")


def delete_and_insert_again(desk: Desk) -> None:
    desk.raw.execute("DELETE FROM sample_owner WHERE id = 'b'")
    desk.raw.execute(ROWS + " ('b', 'Bis', NULL, 'calm', 0, 0)")


CASES: tuple[tuple[Callable[[Desk], None], list[str]], ...] = (
    (orm_add, ["ins c"]),
    (orm_modify, ["upd a"]),
    (orm_delete, ["del b"]),
    (orm_enabled_update, ["upd b"]),
    (orm_bulk_insert, ["ins c", "ins d"]),
    (orm_mixed, ["del b", "ins c", "upd a"]),
    (core_text, ["upd a"]),
    (core_upsert, ["upd a"]),
    (raw_insert, ["ins c"]),
    (executemany, ["upd a", "upd b"]),
    (with_clause, ["upd a", "upd b"]),
    (update_from, ["upd a"]),
    (update_returning, ["upd a", "upd b"]),
    (insert_select, ["ins a2", "ins b2"]),
    (delete_everything, ["del p"]),
    (utils_insert, ["ins c"]),
    (utils_insert_all, sorted(f"ins c{n}" for n in range(250))),
    (utils_upsert, ["upd a"]),
    (utils_replace, ["del b", "ins b"]),
    (utils_update, ["upd a"]),
    (by_another_trigger, ["upd a", "upd b"]),
    (insert_or_replace, ["del a", "ins a"]),
    (set_to_null_and_back, ["upd a", "upd a"]),
    (delete_and_insert_again, ["del b", "ins b"]),
)


@pytest.mark.parametrize(("write", "expected"), CASES, ids=lambda item: getattr(item, "__name__", ""))
def test_every_kind_of_write_is_captured(desk: Desk, write: Callable[[Desk], None], expected: list[str]) -> None:
    write(desk)
    assert sorted(f"{kind} {key}" for _table, key, kind, _delta in desk.written()) == expected
    assert replay(changes(desk.raw)) | {"sample_visit": {}} == stored(
        desk.raw, ("sample_owner", "sample_pet", "sample_visit")
    )


def test_a_tool_that_knows_only_the_key_is_captured(stranger: Any, raw: Any) -> None:
    stranger.execute(ROWS + " ('a', 'Ada', NULL, 'calm', 0, 0)")
    stranger.execute("UPDATE sample_owner SET name = 'Ada B', vip = 1")
    assert [row[2] for row in changes(raw)] == ["ins", "upd"]
    assert replay(changes(raw)) == stored(raw, ["sample_owner"])


NOTHING = (
    "UPDATE sample_owner SET name = name, phone = phone",
    "UPDATE sample_owner SET name = 'Ada' WHERE id = 'a'",
    "UPDATE sample_owner SET name = 'x' WHERE id = 'nobody'",
    "DELETE FROM sample_owner WHERE id = 'nobody'",
    "INSERT OR IGNORE INTO sample_owner(id, name, mood, vip, balance) VALUES('a', 'Eve', 'calm', 0, 0)",
)


@pytest.mark.parametrize("statement", NOTHING)
def test_a_write_that_changes_nothing_writes_nothing(desk: Desk, statement: str) -> None:
    desk.raw.execute(statement)
    assert desk.written() == []


def test_a_rollback_leaves_nothing(desk: Desk) -> None:
    desk.raw.execute("SAVEPOINT inner")
    desk.raw.execute("UPDATE sample_owner SET phone = '1'")
    assert len(desk.written()) == 2
    desk.raw.execute("ROLLBACK TO inner")
    assert desk.written() == []
    desk.raw.execute("UPDATE sample_owner SET phone = '1'")
    desk.raw.execute("ROLLBACK")
    assert desk.written() == []


def test_deltas_hold_each_value_before_and_after(desk: Desk) -> None:
    desk.raw.execute("UPDATE sample_owner SET phone = NULL, vip = 1, height_um = 9007199254740993 WHERE id = 'a'")
    desk.raw.execute("DELETE FROM sample_owner WHERE id = 'b'")
    update_row, delete_row = desk.written()
    assert update_row[3] == {"phone": ["514 555-0100", None], "vip": [0, 1], "height_um": [None, 9007199254740993]}
    assert delete_row[3] == {
        "id": ["b", None], "name": ["Bob", None], "mood": ["wild", None], "vip": [1, None], "balance": [500, None],
    }  # fmt: skip


def test_the_subject_is_the_person_concerned(desk: Desk) -> None:
    desk.raw.execute("UPDATE sample_pet SET name = 'Max'")
    desk.raw.execute("INSERT INTO sample_visit(id, owner_id, note) VALUES('v', 'b', '')")
    desk.raw.execute("INSERT INTO sample_rate(id, amount) VALUES('r', 1)")
    rows = desk.raw.execute("SELECT tbl, subject FROM change WHERE n > ? ORDER BY n", (desk.n,)).fetchall()
    assert rows == [("sample_pet", "a"), ("sample_visit", "b"), ("sample_rate", None)]

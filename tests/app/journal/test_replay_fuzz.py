"""Random writes by random paths: what the change rows replay to is what the tables hold, and no mutant survives it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any, Final

import pytest
import sqlalchemy
import sqlcipher3.dbapi2 as sqlcipher
import sqlite_utils
from sqlalchemy import insert, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool
from sqlalchemy.schema import CreateTable

from app.core.money import Money
from app.journal.capture import capture_triggers
from app.journal.discovery import load_slices
from app.journal.records import REGISTRY, Record
from app.journal.schema import JOURNAL_GUARDS, JOURNAL_TABLES
from app.journal.schema_steps import run_script
from tests.app.journal.replay import ReplayError, changes, replay, stored
from tests.sample.model import Mood, Owner

load_slices()
TABLES: Final = ("sample_owner", "sample_pet", "sample_visit", "sample_rate")
SUBJECT: Final = {"sample_owner": "id", "sample_pet": "owner_id", "sample_visit": "owner_id", "sample_rate": None}
KEYS: Final = [f"k{n}" for n in range(9)]
TEXTS: Final = (
    None, "", " ", "a", "A", "é", "e\u0301", "'", '"', "\\", "\n", "\x7f", "\u2028", "😀", "[1,2]", "null", "5", "%s",
    "{}", "2026-11-24", "x" * 300,
)  # fmt: skip
WHOLE: Final = (None, 0, 1, -1, 2**53 + 1, -(2**63), 2**63 - 1)
INSTANTS: Final = (None, 0, 1, -1, 253402300799999)
COLUMNS: Final = {
    "phone": TEXTS, "photo_sha256": TEXTS, "height_um": WHOLE, "withdrawn_at": INSTANTS, "seen_at": INSTANTS,
    "extra": (None, "null", "{}", "[1]", '"é"'), "name": TEXTS[1:], "vip": (0, 1), "balance": WHOLE[1:],
    "born_on": (None, "1999-02-28"), "mood": ("calm", "wild"),
}  # fmt: skip
Mutation = Callable[[str, str], str | None]


class World:
    """A database in memory with the sample's tables and, maybe, spoilt triggers."""

    def __init__(self, mutate: Mutation, seed: int, recursive: bool = True) -> None:
        self.chance = random.Random(seed)
        self.recursive = recursive
        self.raw: Any = sqlcipher.connect(":memory:", isolation_level=None)
        self.raw.execute(f"PRAGMA recursive_triggers = {int(recursive)}")
        run_script(self.raw, JOURNAL_TABLES)
        for table in TABLES:
            self.raw.execute(str(CreateTable(Record.metadata.tables[table]).compile(dialect=sqlite.dialect())))
        triggers = dict(JOURNAL_GUARDS)
        for table in TABLES:
            triggers |= capture_triggers(REGISTRY[table])
        for name, sql in triggers.items():
            mutated = mutate(name, sql)
            if mutated is not None:
                self.raw.execute(mutated)
        engine = sqlalchemy.create_engine("sqlite://", module=sqlcipher, creator=lambda: self.raw, poolclass=StaticPool)
        self.engine = engine

    def key(self) -> str:
        return self.chance.choice(KEYS)

    def values(self, most: int) -> dict[str, Any]:
        names = self.chance.sample(sorted(COLUMNS), self.chance.randint(1, most))
        return {name: self.chance.choice(COLUMNS[name]) for name in names}

    def row(self) -> dict[str, Any]:
        return {"id": self.key(), "name": "", "mood": "calm", "vip": 0, "balance": 0} | self.values(4)

    def write(self, verb: str, row: dict[str, Any], table: str = "sample_owner", tail: str = "") -> None:
        places = ", ".join("?" * len(row))
        self.raw.execute(f"{verb} INTO {table}({', '.join(row)}) VALUES({places}) {tail}", tuple(row.values()))


def do_update(world: World) -> None:
    values = world.values(3)
    places = ", ".join(f"{name} = ?" for name in values)
    world.raw.execute(f"UPDATE sample_owner SET {places} WHERE id = ?", (*values.values(), world.key()))


def do_update_many(world: World) -> None:
    name, value = world.values(1).popitem()
    world.raw.execute(f"UPDATE sample_owner SET {name} = ? WHERE id > ?", (value, world.key()))


def do_executemany(world: World) -> None:
    rows = [(world.chance.choice(TEXTS), world.key()) for _ in range(3)]
    world.raw.executemany("UPDATE sample_owner SET phone = ? WHERE id = ?", rows)


def do_insert(world: World) -> None:
    world.write("INSERT OR IGNORE", world.row())


def do_replace(world: World) -> None:
    world.write("INSERT OR REPLACE", world.row())


def do_upsert(world: World) -> None:
    row = world.row()
    changed = ", ".join(f"{name} = excluded.{name}" for name in row if name != "id")
    world.write("INSERT", row, tail=f"ON CONFLICT(id) DO UPDATE SET {changed}")


def do_delete(world: World) -> None:
    world.raw.execute("DELETE FROM sample_owner WHERE id = ?", (world.key(),))


def do_delete_many(world: World) -> None:
    if world.chance.random() < 0.2:
        world.raw.execute("DELETE FROM sample_pet")


def do_pet(world: World) -> None:
    world.write("INSERT OR REPLACE", {"id": world.key(), "owner_id": world.key(), "name": "Rex"}, "sample_pet")


def do_give_pet(world: World) -> None:
    world.raw.execute("UPDATE sample_pet SET owner_id = ? WHERE id = ?", (world.key(), world.key()))


def do_visit(world: World) -> None:
    world.write("INSERT", {"id": str(world.chance.random()), "owner_id": world.key(), "note": "n"}, "sample_visit")


def do_forge(world: World) -> None:
    for statement in (
        "UPDATE sample_visit SET note = 'forged'",
        "DELETE FROM sample_visit",
        "INSERT OR REPLACE INTO sample_visit SELECT id, owner_id, 'forged' FROM sample_visit",
        "UPDATE OR REPLACE sample_owner SET id = 'k1' WHERE id = 'k2'",
    ):
        try:
            world.raw.execute(statement)
        except sqlcipher.IntegrityError:
            continue


def do_rate(world: World) -> None:
    world.write("INSERT OR REPLACE", {"id": world.key(), "amount": world.chance.choice(WHOLE[1:])}, "sample_rate")


def do_utils(world: World) -> None:
    database = sqlite_utils.Database(world.raw, recursive_triggers=world.recursive)
    if world.chance.random() < 0.5:
        database["sample_owner"].insert_all([world.row() for _ in range(3)], pk="id", replace=True)
    else:
        database["sample_owner"].insert_all([world.row() for _ in range(3)], pk="id", ignore=True)


def do_orm(world: World) -> None:
    with world.engine.connect() as connection, Session(bind=connection) as session:
        found = session.get(Owner, world.key())
        if found is None:
            session.add(Owner(id=new_key(world), name="orm", mood=Mood.WILD))
        elif world.chance.random() < 0.3:
            session.delete(found)
        else:
            found.balance = Money(world.chance.randint(-9, 9))
            found.phone = world.chance.choice(TEXTS)
        session.commit()


def new_key(world: World) -> str:
    taken = {row[0] for row in world.raw.execute("SELECT id FROM sample_owner")}
    return next((key for key in KEYS if key not in taken), f"n{len(taken)}{world.chance.random()}")


def do_core(world: World) -> None:
    with world.engine.connect() as connection:
        if world.chance.random() < 0.5:
            connection.execute(update(Owner).where(Owner.vip.is_(True)).values(phone=world.chance.choice(TEXTS)))
        else:
            connection.execute(insert(Owner), [{"id": new_key(world), "name": "core"}])
        connection.commit()


def do_rolled_back(world: World) -> None:
    world.raw.execute("SAVEPOINT inner")
    world.chance.choice(RAW_WRITES)(world)
    world.raw.execute("ROLLBACK TO inner")
    world.raw.execute("RELEASE inner")


RAW_WRITES: Final = (
    do_update, do_update, do_update_many, do_executemany, do_insert, do_replace, do_upsert, do_delete, do_delete_many,
    do_pet, do_give_pet, do_visit, do_forge, do_rate,
)  # fmt: skip
WRITES: Final = (*RAW_WRITES, do_utils, do_orm, do_core, do_rolled_back)


def judge(world: World) -> None:
    """Raise `ReplayError` unless the change rows give the tables, name the persons and leave events alone."""
    replayed = replay(changes(world.raw))
    found = stored(world.raw, TABLES)
    if {name: replayed.get(name, {}) for name in TABLES} != found:
        raise ReplayError("the replay is not what the tables hold")
    if any(table == "sample_visit" and kind != "ins" for table, _key, kind, _delta in changes(world.raw)):
        raise ReplayError("an event row was changed")
    owners: dict[tuple[str, str], str | None] = {}
    for table, key, subject, delta in world.raw.execute("SELECT tbl, pk, subject, delta FROM change ORDER BY n"):
        column = SUBJECT[table]
        if column is not None:
            before, after = json.loads(delta).get(column, (None, None))
            owners[table, key] = after or before or owners.get((table, key))
            if subject != owners[table, key]:
                raise ReplayError(f"{table} {key}: the subject is {subject}")
        elif subject is not None:
            raise ReplayError(f"{table}: a subject where there is none")


def schedule(mutate: Mutation, seed: int, writes: int, recursive: bool = True) -> None:
    world = World(mutate, seed, recursive)
    for step in range(writes):
        world.chance.choice(WRITES)(world)
        if step % 40 == 39:
            judge(world)
    judge(world)
    assert len(changes(world.raw)) > writes // 2
    world.engine.dispose()
    world.raw.close()


def unchanged(name: str, sql: str) -> str:
    return sql


@pytest.mark.parametrize("seed", range(12))
def test_replay_gives_the_tables(seed: int) -> None:
    schedule(unchanged, seed, 120)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(150))
def test_replay_gives_the_tables_in_150_schedules(seed: int) -> None:
    schedule(unchanged, 1000 + seed, 120)


# -- mutants: each spoils the triggers in one way, and the fuzz must notice ------------------------------------------


def replaced(part: str, old: str, new: str, most: int = -1) -> Mutation:
    """Spoil the triggers whose name ends in `part`; the old text must stand there."""

    def mutate(name: str, sql: str) -> str:
        if name not in named(part):
            return sql
        assert old in sql, f"{name} holds no {old}"
        return sql.replace(old, new, most)

    return mutate


def named(part: str) -> set[str]:
    return {f"capture_{table}{part}" for table in TABLES}


def dropped(part: str) -> Mutation:
    return lambda name, sql: None if name in named(part) else sql


def only(table: str, mutation: Mutation) -> Mutation:
    return lambda name, sql: mutation(name, sql) if f"_{table}_" in name else sql


def swapped(name: str, sql: str) -> str:
    if name not in named("_update"):
        return sql
    return sql.replace("v(k, a, b)", "v(k, b, a)")


MUTANTS: Final[dict[str, Mutation]] = {
    "<> in place of IS NOT": replaced("_update", "a IS NOT b", "a <> b"),
    "a column is missing from updates": only(
        "sample_owner", replaced("_update", """('phone', OLD."phone", NEW."phone"), """, "")
    ),
    "a column is missing from inserts": only("sample_owner", replaced("_insert", """, ('phone', NEW."phone")""", "")),
    "a column is missing from deletes": only("sample_owner", replaced("_delete", """, ('phone', OLD."phone")""", "")),
    "before and after are swapped": swapped,
    "no delete trigger": dropped("_delete"),
    "no insert trigger": dropped("_insert"),
    "no update trigger": dropped("_update"),
    "no key guard": dropped("_key"),
    "no guard against event updates": dropped("_no_update"),
    "inserts keep their NULL columns only": replaced("_insert", "b IS NOT NULL", "b IS NULL"),
    "updates to NULL are left out": replaced("_update", "a IS NOT b", "a IS NOT b AND b IS NOT NULL"),
    "updates from NULL are left out": replaced("_update", "a IS NOT b", "a IS NOT b AND a IS NOT NULL"),
    "a kind is wrong": replaced("_delete", "'del'", "'upd'"),
    "an update calls itself an insert": replaced("_update", "'upd'", "'ins'"),
    "the key is another column": only("sample_owner", replaced("_update", "NEW.id, NEW.id", "NEW.name, NEW.id")),
    "the table is another": only("sample_pet", replaced("_insert", "'sample_pet',", "'sample_owner',")),
    "the subject is missing": only("sample_owner", replaced("_update", "NEW.id, NEW.id", "NEW.id, NULL")),
    "the subject is the old one": only(
        "sample_pet", replaced("_update", "NEW.id, NEW.owner_id", "NEW.id, OLD.owner_id")
    ),
    "only updates of one column fire": replaced("_update", "AFTER UPDATE ON", "AFTER UPDATE OF id ON"),
    "changes of nothing are written": replaced("_update", "WHERE d <> '{}'", ""),
    "erasing is the normal case": replaced("_update", "iif(o.e, NULL, a)", "iif(o.e, a, NULL)"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(MUTANTS))
def test_no_mutant_of_the_triggers_survives(name: str) -> None:
    assert killed(MUTANTS[name])


def test_replace_without_the_pragma_is_killed_in_every_schedule() -> None:
    assert all(survives_not(unchanged, seed, recursive=False) for seed in range(4))


def killed(mutation: Mutation) -> bool:
    return any(survives_not(mutation, seed) for seed in range(4))


def survives_not(mutation: Mutation, seed: int, recursive: bool = True) -> bool:
    try:
        schedule(mutation, seed, 120, recursive)
    except ReplayError:
        return True
    return False

"""The registry refuses what the mechanism cannot carry, and every column type reads back what was written."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    BigInteger,
    Boolean,
    DateTime,
    Float,
    LargeBinary,
    Numeric,
    String,
    UniqueConstraint,
    Uuid,
    select,
)
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Mapped, mapped_column

from app.core.ids import derived_id
from app.core.money import Money
from app.journal.queries import Actor
from app.journal.records import (
    COLUMN_TYPES,
    REGISTRY,
    Json,
    Merge,
    Record,
    RegistryError,
    flag,
    integer,
    key,
    reference,
    text,
)  # fmt: skip
from app.journal.runner import Runner
from app.journal.transaction import Transaction
from tests.app.journal.trial import plain
from tests.sample.model import Mood, Owner


@pytest.fixture
def fresh() -> Iterator[Callable[..., type[Record]]]:
    """Declares a record class from its columns; whatever came of it is forgotten afterwards."""
    names = set(Record.metadata.tables)

    def declare(columns: dict[str, Any], **keywords: Any) -> type[Record]:
        bases = {"merge": Merge.FIELD, "stream": "trial"} | keywords
        given = {"__tablename__": "trial_record", "id": key(), **columns}
        given["__annotations__"] = {name: Mapped[Any] for name in given if not name.startswith("__")}
        return type(f"TrialRecord{next(NUMBERS)}", (Record,), given, **bases)

    yield declare
    for name in set(Record.metadata.tables) - names:
        if name in REGISTRY:
            REGISTRY.remove(name)
        else:
            Record.metadata.remove(Record.metadata.tables[name])


NUMBERS = itertools.count()
FOREIGN_TYPES = (Float(), LargeBinary(), Numeric(10, 2), Boolean(), DateTime(), String(5), Uuid(), BigInteger())


@pytest.mark.parametrize("kind", FOREIGN_TYPES, ids=lambda kind: type(kind).__name__)
def test_a_native_type_is_refused(fresh: Callable[..., type[Record]], kind: Any) -> None:
    with pytest.raises(RegistryError, match=r"trial_record\.x: a column is one of"):
        fresh({"x": mapped_column(kind)})
    assert "trial_record" not in REGISTRY


REFUSED: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "a composite key": ({"x": mapped_column(COLUMN_TYPES[0](), primary_key=True)}, {}, "one key column"),
    "a key of another name": (
        {"id": text(), "other": mapped_column(COLUMN_TYPES[0](), primary_key=True)}, {}, "one key column",
    ),
    "UNIQUE on FIELD": ({"x": text(), "__table_args__": (UniqueConstraint("x"),)}, {}, "no UNIQUE"),
    "UNIQUE on CONFIG": (
        {"x": text(), "__table_args__": (UniqueConstraint("x"),)}, {"merge": Merge.CONFIG}, "no UNIQUE",
    ),
    "an unknown subject": ({"x": text()}, {"subject": "y"}, "no column y"),
    "an unknown sensitive column": ({"x": text()}, {"sensitive": ("y",)}, "no column y"),
    "no stream": ({"x": text()}, {"stream": ""}, "names its stream"),
    "table options": ({"x": text(), "__table_args__": {"sqlite_strict": False}}, {}, "set by the registry"),
    "table options behind a rule": (
        {"x": text(), "__table_args__": (UniqueConstraint("x"), {"sqlite_strict": False})}, {}, "set by the registry",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_carried_is_refused(fresh: Callable[..., type[Record]], name: str) -> None:
    columns, keywords, message = REFUSED[name]
    with pytest.raises(RegistryError, match=message):
        fresh(columns, **keywords)
    assert "trial_record" not in REGISTRY


def test_a_unique_column_of_a_merged_table_is_refused(fresh: Callable[..., type[Record]]) -> None:
    with pytest.raises(RegistryError, match="no UNIQUE"):
        fresh({"x": mapped_column(COLUMN_TYPES[0](), unique=True)})


def test_a_unique_index_of_a_merged_table_is_refused(fresh: Callable[..., type[Record]]) -> None:
    with pytest.raises(RegistryError, match="no UNIQUE"):
        fresh({"x": mapped_column(COLUMN_TYPES[0](), unique=True, index=True)})


def test_one_table_is_one_class(fresh: Callable[..., type[Record]]) -> None:
    fresh({"x": text()})
    with pytest.raises(Exception, match=r"already defined|twice"):
        fresh({"x": text()})


def test_a_lawful_class_is_registered(fresh: Callable[..., type[Record]]) -> None:
    made = fresh({"owner_id": reference("sample_owner"), "x": text(), "n": integer(), "f": flag()}, subject="owner_id")
    row = REGISTRY["trial_record"]
    assert (row.record, row.columns, row.captured) == (made, ("id", "owner_id", "x", "n", "f"), True)
    assert row.kept_at_erasure == ("id", "owner_id", "n", "f")
    assert all(type(name) is str for name in (row.table, *row.columns, *row.kept_at_erasure))


def violations() -> list[str]:
    """Columns of any table of the application that hold what two databases do not read back alike."""
    return [
        f"{table.name}.{column.name}"
        for table in Record.metadata.tables.values()
        for column in table.columns
        if not isinstance(column.type, COLUMN_TYPES)
    ]


def test_no_table_holds_a_blob_or_a_float_and_a_planted_one_is_seen(fresh: Callable[..., type[Record]]) -> None:
    assert violations() == []
    with pytest.raises(RegistryError):
        fresh({"x": mapped_column(Float()), "y": mapped_column(LargeBinary())})
    assert violations() == ["trial_record.x", "trial_record.y"]


def test_every_captured_table_is_strict(workplace: Any) -> None:
    with workplace.database.readers.connect() as reader:
        rows = reader.exec_driver_sql("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'").fetchall()
    strict = {name for name, is_strict in rows if is_strict}
    assert {row.table for row in REGISTRY} | {"operation", "change", "access_log"} <= strict


# -- round trips -----------------------------------------------------------------------------------------------------

TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=40)
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=8,
)  # fmt: skip
INSTANTS = st.datetimes(datetime(1900, 1, 1), datetime(9999, 1, 1), timezones=st.just(UTC)).map(
    lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000)
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=TEXTS, phone=st.none() | TEXTS, born_on=st.none() | st.dates(), mood=st.sampled_from(Mood), vip=st.booleans(),
    height_um=st.none() | st.integers(-(2**63), 2**63 - 1), balance=st.integers(-(2**60), 2**60).map(Money),
    extra=JSONS, seen_at=st.none() | INSTANTS,
)  # fmt: skip
def test_every_type_reads_back_what_was_written(runner: Runner, boss: Actor, **values: Any) -> None:
    import unicodedata

    identity = derived_id(repr(sorted(values.items(), key=str)))

    def write(tx: Transaction) -> Any:
        found = tx.find(Owner, identity)
        if found is None:
            tx.session.execute(Owner.__table__.insert(), {"id": identity, **values})
        tx.session.expire_all()
        owner = tx.get(Owner, identity)
        return {name: getattr(owner, name) for name in values}

    from app.journal import rules

    kept, rules.RULES["sample_owner"] = rules.RULES["sample_owner"], []
    try:
        read = runner.run(boss, plain(write))
    finally:
        rules.RULES["sample_owner"] = kept
    for name in ("name", "phone"):
        values[name] = values[name] and unicodedata.normalize("NFC", values[name])
    values["extra"] = normalised(values["extra"])
    assert {name: value for name, value in read.items() if name != "extra"} == {
        name: value for name, value in values.items() if name != "extra"
    }
    assert read["extra"] == values["extra"]
    assert type(read["mood"]) is Mood
    assert type(read["vip"]) is bool


def normalised(value: Any) -> Any:
    import unicodedata

    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [normalised(item) for item in value]
    if isinstance(value, dict):
        return {unicodedata.normalize("NFC", name): normalised(item) for name, item in value.items()}
    return value


@dataclasses.dataclass(frozen=True)
class Part:
    share: float


BAD_VALUES: dict[str, tuple[str, Any]] = {
    "U+0000": ("name", "a\x00b"),
    "a lone surrogate": ("name", "\ud800"),
    "a lone surrogate in Json": ("extra", {"a": "\udfff"}),
    "a number as a text": ("name", 5),
    "a float": ("height_um", 1.0),
    "a flag as a number": ("height_um", True),
    "a number beyond 64 bits": ("height_um", 2**63),
    "a text as a flag": ("vip", "no"),
    "a number as an amount": ("balance", 5),
    "a naive instant": ("seen_at", datetime(2026, 1, 1)),
    "a day as an instant": ("seen_at", date(2026, 1, 1)),
    "an instant as a day": ("born_on", datetime(2026, 1, 1, tzinfo=UTC)),
    "a word that is no member": ("mood", "furious"),
    "a float in Json": ("extra", {"a": [1, {"b": 1.5}]}),
    "not a number in Json": ("extra", float("nan")),
    "a float in a dataclass in Json": ("extra", [Part(1.5)]),
}


@pytest.mark.parametrize("name", BAD_VALUES)
def test_what_would_read_back_otherwise_is_refused(runner: Runner, boss: Actor, raw: Any, name: str) -> None:
    column, value = BAD_VALUES[name]

    def write(tx: Transaction) -> None:
        tx.add(Owner(**{"name": "x", column: value}))

    with pytest.raises((StatementError, OverflowError, TypeError, ValueError)) as refused:
        runner.run(boss, plain(write))
    assert raw.execute("SELECT count(*) FROM sample_owner").fetchone() == (0,)
    assert "a\x00b" not in str(refused.value)


def test_json_is_kept_in_one_form(runner: Runner, boss: Actor, raw: Any) -> None:
    def write(tx: Transaction) -> None:
        tx.add(Owner(name="x", extra={"b": 1, "a": ["é", None]}))

    runner.run(boss, plain(write))
    assert raw.execute("SELECT extra FROM sample_owner").fetchall() == [('{"a":["é",null],"b":1}',)]
    assert Json().process_result_value("", None) is None


def test_ids_are_minted_when_a_record_is_added(runner: Runner, boss: Actor) -> None:
    def write(tx: Transaction) -> tuple[str, str]:
        given, minted = tx.add(Owner(id="given", name="a")), tx.add(Owner(name="b"))
        assert tx.all(select(Owner.name).order_by(Owner.name)) == ["a", "b"]
        return given.id, minted.id

    given_id, minted_id = runner.run(boss, plain(write))
    assert given_id == "given"
    assert len(minted_id) == 36

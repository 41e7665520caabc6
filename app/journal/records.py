"""The record registry: what a table is, how it merges, who it is about.

A record class is one table with one text key. Its class keywords are its row of the registry::

    class Patient(Record, merge=Merge.FIELD, stream="patients", subject="id", sensitive=("nam",)):
        __tablename__ = "patient"
        __noun__ = N_("patient")
        id: Mapped[PatientId] = key()
        born_on: Mapped[date | None] = day()

Seven column types exist, all TEXT or INTEGER on every database: Text, Int, Flag, Instant, Day, Cents, Json.
The registry refuses anything else, because native types do not read back alike on two databases.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

import msgspec
from sqlalchemy import BigInteger, Dialect, ForeignKey, Index, Integer, MetaData, Table, UniqueConstraint
from sqlalchemy import Text as SqlText
from sqlalchemy.orm import DeclarativeBase, MappedColumn, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.core.clock import from_millis, to_millis
from app.core.ids import new_id
from app.core.money import Money
from app.core.text import canonical_text


class Merge(enum.StrEnum):
    """How two workstations' writes to one row become one (sync.md §4.3)."""

    EVENT = "event"
    """Immutable, append-only; corrections are new rows."""
    FIELD = "field"
    """Last writer by hybrid logical clock, for each field."""
    CONFIG = "config"
    """Compare-and-set on the row."""
    PROJECTION = "projection"
    """Derived, rebuildable, never synced."""
    LOCAL = "local"
    """Stays on this workstation, not captured."""


CAPTURED = frozenset({Merge.EVENT, Merge.FIELD, Merge.CONFIG})


class RegistryError(TypeError):
    """A record declaration that the mechanism cannot carry; raised when the class is made."""


WHOLE = Integer().with_variant(BigInteger(), "postgresql")
"""64 bits on both databases: SQLite's INTEGER already is, and its STRICT tables know no BIGINT."""


class Text(TypeDecorator[str]):
    """Unicode in NFC; with `choices`, a member of that StrEnum."""

    impl = SqlText
    cache_ok = True

    def __init__(self, choices: type[enum.StrEnum] | None = None) -> None:
        super().__init__()
        self.choices = choices

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if self.choices is not None:
            return self.choices(value).value
        return canonical_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return value if value is None or self.choices is None else self.choices(value)


class Int(TypeDecorator[int]):
    """A 64-bit integer; a length or an angle carries its unit in the column's name."""

    impl = WHOLE
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            raise TypeError(f"an Int column takes a whole number, not {type(value).__name__}")
        return value


class Flag(TypeDecorator[bool]):
    """True or false, kept as 1 or 0."""

    impl = WHOLE
    cache_ok = True

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> int | None:
        if value not in {None, True, False}:
            raise TypeError(f"a Flag column takes True or False, not {type(value).__name__}")
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> bool | None:
        return None if value is None else bool(value)


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept as milliseconds UTC."""

    impl = WHOLE
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else to_millis(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else from_millis(value)


class Day(TypeDecorator[date]):
    """A calendar day, kept as ISO text."""

    impl = SqlText
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        if isinstance(value, datetime):
            raise TypeError("a Day column takes a day, not an instant")
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:
        return date.fromisoformat(value) if value else None


class Cents(TypeDecorator[Money]):
    """An amount of money, kept as whole cents."""

    impl = WHOLE
    cache_ok = True

    def process_bind_param(self, value: Money | None, dialect: Dialect) -> int | None:
        return None if value is None else value.cents

    def process_result_value(self, value: int | None, dialect: Dialect) -> Money | None:
        return None if value is None else Money(value)


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("a Json column holds no floating-point number: write an integer with its unit")
    if isinstance(value, dict):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_floats(item)


class Json(TypeDecorator[Any]):
    """A structure of texts, whole numbers, flags, lists and mappings, kept as canonical text. No float."""

    impl = SqlText
    cache_ok = True
    _encoder: ClassVar[msgspec.json.Encoder] = msgspec.json.Encoder(order="sorted")

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        if value is None:
            return None
        _refuse_floats(value)
        encoded = self._encoder.encode(value)
        _refuse_floats(msgspec.json.decode(encoded))  # those inside a dataclass or a set
        return canonical_text(encoded.decode())

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return msgspec.json.decode(value) if value else None


COLUMN_TYPES: tuple[type[TypeEngine[Any]], ...] = (Text, Int, Flag, Instant, Day, Cents, Json)


def key() -> MappedColumn[Any]:
    """The record's own id: UUIDv7 text, minted here unless given."""
    return mapped_column(Text(), primary_key=True, default=new_id)


def reference(table: str, *, index: bool = True) -> MappedColumn[Any]:
    """The id of a row of another table of the same or a lower slice; checked at commit."""
    target = ForeignKey(f"{table}.id", deferrable=True, initially="DEFERRED")
    return mapped_column(Text(), target, index=index)


def link(*, index: bool = True) -> MappedColumn[Any]:
    """The id of a row of another slice, unchecked by the database."""
    return mapped_column(Text(), index=index)


def text(*, index: bool = False, default: str | None = None) -> MappedColumn[Any]:
    """A Text column."""
    return mapped_column(Text(), index=index, **_default(default))


def choice(
    choices: type[enum.StrEnum], *, default: enum.StrEnum | None = None, index: bool = False
) -> MappedColumn[Any]:
    """A Text column that holds a member of an enumeration."""
    return mapped_column(Text(choices), index=index, **_default(default))


def integer(*, index: bool = False, default: int | None = None) -> MappedColumn[Any]:
    """An Int column."""
    return mapped_column(Int(), index=index, **_default(default))


def flag(*, default: bool | None = None, index: bool = False) -> MappedColumn[Any]:
    """A Flag column."""
    return mapped_column(Flag(), index=index, **_default(default))


def instant(*, index: bool = False) -> MappedColumn[Any]:
    """An Instant column."""
    return mapped_column(Instant(), index=index)


def day(*, index: bool = False) -> MappedColumn[Any]:
    """A Day column."""
    return mapped_column(Day(), index=index)


def cents(*, default: Money | None = None) -> MappedColumn[Any]:
    """A Cents column."""
    return mapped_column(Cents(), **_default(default))


def json() -> MappedColumn[Any]:
    """A Json column."""
    return mapped_column(Json())


def _default(value: Any) -> dict[str, Any]:
    return {} if value is None else {"default": value}


@dataclass(frozen=True, slots=True)
class Registered:
    """The registry's row of one table."""

    table: str
    merge: Merge
    stream: str
    subject: str | None
    sensitive: tuple[str, ...]
    columns: tuple[str, ...]
    uniques: tuple[tuple[str, ...], ...]
    kept_at_erasure: tuple[str, ...]
    noun: str
    record: type[Record]

    @property
    def captured(self) -> bool:
        """Whether triggers write change rows for this table."""
        return self.merge in CAPTURED


class Registry:
    """Every record class that has been imported, by table name, in order of the names."""

    def __init__(self) -> None:
        self._rows: dict[str, Registered] = {}

    def add(self, row: Registered) -> None:
        """Take in a table; a second class for one name is refused."""
        if row.table in self._rows:
            raise RegistryError(f"table {row.table} is declared twice")
        self._rows[row.table] = row

    def remove(self, table: str) -> None:
        """Forget a table (a slice that a test added)."""
        row = self._rows.pop(table)
        Record.metadata.remove(row.record.__table__)  # type: ignore[arg-type]  # declared as FromClause by SQLAlchemy

    def __iter__(self) -> Iterator[Registered]:
        return iter([self._rows[name] for name in sorted(self._rows)])

    def __getitem__(self, table: str) -> Registered:
        return self._rows[table]

    def get(self, table: str) -> Registered | None:
        """The row of a table, None for one that this version does not know."""
        return self._rows.get(table)

    def __contains__(self, table: str) -> bool:
        return table in self._rows

    def captured(self) -> list[Registered]:
        """The tables that triggers watch."""
        return [row for row in self if row.captured]


REGISTRY = Registry()


class Record(DeclarativeBase):
    """Base of every record class; the class keywords are its registry row."""

    __abstract__ = True
    __noun__: ClassVar[str] = ""
    """What people call one row, in the middle of a sentence (a msgid)."""
    metadata = MetaData()
    id: Any

    def __init_subclass__(
        cls,
        *,
        merge: Merge | None = None,
        stream: str = "",
        subject: str | None = None,
        sensitive: tuple[str, ...] = (),
        **keywords: Any,
    ) -> None:
        if merge is not None:
            cls.__table_args__ = (*_given_arguments(cls), {"sqlite_strict": True})
        super().__init_subclass__(**keywords)
        if merge is not None:
            REGISTRY.add(_registered(cls, merge, stream, subject, sensitive))


def _given_arguments(cls: type) -> tuple[Any, ...]:
    given = cls.__dict__.get("__table_args__", ())
    if isinstance(given, dict) or (given and isinstance(given[-1], dict)):
        raise RegistryError(f"{cls.__name__}: table options are set by the registry")
    return tuple(given)


def _registered(
    cls: type[Record], merge: Merge, stream: str, subject: str | None, sensitive: tuple[str, ...]
) -> Registered:
    table = cls.__table__
    assert isinstance(table, Table)
    names = tuple(str(column.name) for column in table.columns)  # a plain str: SQLAlchemy’s own class is not JSON
    if [column.name for column in table.primary_key] != ["id"]:
        raise RegistryError(f"{table.name}: a record has one key column, named id")
    for column in table.columns:
        if not isinstance(column.type, COLUMN_TYPES):
            raise RegistryError(f"{table.name}.{column.name}: a column is one of Text Int Flag Instant Day Cents Json")
    for name in (*sensitive, *([subject] if subject else [])):
        if name not in names:
            raise RegistryError(f"{table.name}: there is no column {name}")
    rules: list[UniqueConstraint | Index] = [rule for rule in table.constraints if isinstance(rule, UniqueConstraint)]
    rules += sorted((index for index in table.indexes if index.unique), key=lambda index: str(index.name))
    uniques = tuple(tuple(str(column.name) for column in rule.columns) for rule in rules)
    if uniques and merge in {Merge.FIELD, Merge.CONFIG}:
        raise RegistryError(f"{table.name}: a merged table has no UNIQUE besides its key; write a detector")
    if merge in CAPTURED and not stream:
        raise RegistryError(f"{table.name}: a captured table names its stream")
    kept = tuple(str(column.name) for column in table.columns if _kept_at_erasure(column))
    noun = cls.__noun__ or str(table.name).replace("_", " ")
    return Registered(str(table.name), merge, stream, subject, sensitive, names, uniques, kept, noun, cls)


def _kept_at_erasure(column: Any) -> bool:
    """Ids, states, counts, amounts and instants say nothing of a person once the texts are gone; texts and days do."""
    if column.name == "id" or column.name.endswith("_id") or column.foreign_keys:
        return True
    if isinstance(column.type, Text):
        return column.type.choices is not None
    return isinstance(column.type, Flag | Instant | Int | Cents)

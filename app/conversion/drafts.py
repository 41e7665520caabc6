"""What rows should become, compared with what is here: new, changed or already so.

Each row says which records it wants, with ids that follow from its number in the old system. A record that is not
here is inserted, one that was withdrawn with an undone conversion comes back, one that differs is changed; a column
that somebody has edited here since is left as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any, Final, TypeVar

import msgspec
from sqlalchemy.dialects import sqlite

from app.conversion.model import LegacyRow
from app.conversion.rows import GivenRow, Problem
from app.conversion.vocabulary import ConversionRunId, LegacyRowId, Outcome, RowKind
from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.ids import derived_id
from app.journal.queries import Reading
from app.journal.records import Merge, Record

T = TypeVar("T")
PATIENT_UNKNOWN: Final = N_("No patient of the old system with the number “{number}” is here.")
ERASED: Final = N_("The data of this person has been erased here; it is not taken in again.")
EDITED_HERE: Final = N_("Somebody has changed this here since: what stands here is kept.")
_DIALECT = sqlite.dialect()


def our_id(system: str, kind: str, number: str) -> str:
    """The id here of a row of the old system."""
    return derived_id("conversion", system, kind, number)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A record as a row of the old system would have it; `values` without the id, `first` only for a new one."""

    record: type[Record]
    id: str
    values: dict[str, Any]
    first: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Draft:
    """What a row asks for, before it is compared."""

    row: GivenRow
    wanted: list[Wanted] = field(default_factory=list)
    dropped: list[tuple[type[Record], str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    target_id: str = ""
    subject_id: str | None = None
    household: str | None = None

    def take(self, name: str, read: Callable[[], T]) -> T | None:
        """What `read` gives; a rule that it breaks is a problem of the field."""
        try:
            return read()
        except RuleViolation as error:
            self.problems.append(Problem(name, error.message_id, dict(error.values)))
            return None

    def want(self, record: type[Record], key: str, first: dict[str, Any] | None = None, **values: Any) -> None:
        """Ask for a record."""
        self.wanted.append(Wanted(record, key, values, first or {}))


@dataclass(frozen=True, slots=True)
class Change:
    """Columns of a row that is here, as they are to be stored."""

    record: type[Record]
    id: str
    values: dict[str, Any]


@dataclass(slots=True)
class Plan:
    """What becomes of a row, and the writes that make it so."""

    row: GivenRow
    outcome: Outcome
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    inserts: list[Change] = field(default_factory=list)
    returns: list[Change] = field(default_factory=list)
    """Updates that bring back what was withdrawn: they belong to the operation that inserts."""
    changes: list[Change] = field(default_factory=list)


@dataclass(slots=True)
class Work:
    """What planning needs to know. `expected` are the patients that a dry run has read and not written."""

    read: Reading
    system: str
    run_id: ConversionRunId
    kind: RowKind
    now: datetime
    area_code: int
    expected: dict[str, str | None] | None = None

    @property
    def today(self) -> date:
        """The clinic’s day."""
        return self.read.clock.day_of(self.now)

    def rows(self, statement: str, keys: Iterable[str], **places: Any) -> list[Any]:
        """Rows of a SQL text with `:keys`, a JSON list."""
        return list(self.read.sql(statement, keys=msgspec.json.encode(list(keys)).decode(), **places))

    def legacy_id(self, number: str, kind: RowKind | None = None) -> LegacyRowId:
        """The id of the row that remembers a number of the old system."""
        return LegacyRowId(derived_id("legacy", self.system, (kind or self.kind).value, number))


@dataclass(frozen=True, slots=True)
class Legacy:
    """What is remembered of a row of the old system."""

    target_id: str
    subject_id: str | None
    digest: str
    run_id: str
    withdrawn: bool


def remembered(work: Work, numbers: Iterable[str], kind: RowKind | None = None) -> dict[str, Legacy]:
    """What is remembered of these numbers."""
    ids = {work.legacy_id(number, kind): number for number in numbers}
    found = work.rows(
        "SELECT id, target_id, subject_id, digest, run_id, withdrawn_at FROM legacy_row"
        " WHERE id IN (SELECT value FROM json_each(:keys))",
        ids,
    )
    return {ids[row[0]]: Legacy(row[1], row[2], row[3], row[4], row[5] is not None) for row in found}


def patients_of(work: Work, numbers: Iterable[str]) -> dict[str, str]:
    """Old number → patient, for those who are here (or would be, in a dry run) and were not withdrawn or erased."""
    wanted = {number for number in numbers if number}
    legacy = {n: one for n, one in remembered(work, wanted, RowKind.PATIENTS).items() if not one.withdrawn}
    living = work.rows(
        "SELECT id FROM patient WHERE id IN (SELECT value FROM json_each(:keys)) AND withdrawn_at IS NULL"
        " AND file_number > ''",
        {one.target_id for one in legacy.values()},
    )
    here = {row[0] for row in living}
    found = {number: one.target_id for number, one in legacy.items() if one.target_id in here}
    expected = work.expected or {}
    return found | {n: our_id(work.system, "patients", n) for n in wanted if n in expected and n not in found}


@cache
def _columns(record: type[Record]) -> dict[str, tuple[Callable[[Any], Any] | None, Any]]:
    """How each column is bound and what it holds by default, looked up once."""
    found: dict[str, tuple[Callable[[Any], Any] | None, Any]] = {}
    for column in record.__table__.c:
        default = column.default.arg if column.default is not None and column.default.is_scalar else None
        found[str(column.name)] = (column.type.bind_processor(_DIALECT), default)
    return found


def stored(record: type[Record], values: dict[str, Any]) -> dict[str, Any]:
    """Values as the database keeps them."""
    columns = _columns(record)
    return {name: bind(value) if (bind := columns[name][0]) else value for name, value in values.items()}


def full_row(record: type[Record], key: str, values: dict[str, Any]) -> dict[str, Any]:
    """Every column of a new row, defaults included, as the database keeps them."""
    whole = {name: values.get(name, default) for name, (_bind, default) in _columns(record).items()}
    return stored(record, whole | {"id": key})


class Comparing:
    """Compares drafts with what is here, and with what earlier drafts of the same batch ask for."""

    def __init__(self, work: Work, drafts: Sequence[Draft]) -> None:
        self.work = work
        self.legacy = remembered(work, [draft.row.number for draft in drafts])
        self._here: dict[str, dict[str, dict[str, Any]]] = {}
        for draft in drafts:
            for one in draft.wanted:
                self._here.setdefault(one.record.__tablename__, {})
        records = {one.record for draft in drafts for one in draft.wanted}
        records |= {record for draft in drafts for record, _key in draft.dropped}
        for record in records:
            keys = {one.id for draft in drafts for one in draft.wanted if one.record is record}
            keys |= {key for draft in drafts for kind, key in draft.dropped if kind is record}
            self._here[record.__tablename__] = self._load(record, keys)

    def _load(self, record: type[Record], keys: Collection[str]) -> dict[str, dict[str, Any]]:
        names = [str(column.name) for column in record.__table__.c]
        listed = ", ".join(f'"{name}"' for name in names)
        statement = f'SELECT {listed} FROM "{record.__tablename__}" WHERE id IN (SELECT value FROM json_each(:keys))'
        return {row[names.index("id")]: dict(zip(names, row, strict=True)) for row in self.work.rows(statement, keys)}

    def plan(self, draft: Draft) -> Plan:
        """What becomes of a draft."""
        row = draft.row
        if draft.problems:
            return Plan(row, Outcome.REJECTED, tuple(draft.problems), tuple(draft.warnings))
        legacy = self.legacy.get(row.number)
        if legacy is not None and not legacy.withdrawn and legacy.digest == row.digest:
            again = legacy.run_id == self.work.run_id
            return Plan(row, Outcome.IN if again else Outcome.ALREADY)
        made = Plan(row, Outcome.IN if legacy is None or legacy.withdrawn else Outcome.CHANGED)
        edited: list[Problem] = []
        for one in draft.wanted:
            self._compare(one, made, edited)
        for record, key in draft.dropped:
            self._drop(record, key, made)
        self._remember(draft, made)
        made.warnings = (*draft.warnings, *edited)
        return made

    def _compare(self, one: Wanted, made: Plan, edited: list[Problem]) -> None:
        here = self._here[one.record.__tablename__]
        now = here.get(one.id)
        if now is None:
            new = full_row(one.record, one.id, one.values | one.first)
            here[one.id] = new
            made.inserts.append(Change(one.record, one.id, new))
            return
        if _registered_merge(one.record) is Merge.EVENT:
            return
        values = stored(one.record, one.values)
        back = now.get("withdrawn_at") is not None
        differing = {name: value for name, value in values.items() if now.get(name) != value}
        if back:
            differing["withdrawn_at"] = None
        elif differing:
            ours = self._edited(one.record, one.id)
            if ours & set(differing):
                edited.append(Problem("", EDITED_HERE))
            differing = {name: value for name, value in differing.items() if name not in ours}
        if differing:
            now.update(differing)
            (made.returns if back else made.changes).append(Change(one.record, one.id, differing))

    def _edited(self, record: type[Record], key: str) -> set[str]:
        """Columns that anybody but a conversion has written."""
        found: set[str] = set()
        for delta, _command in self.work.read.sql(
            "SELECT c.delta, o.command FROM change c JOIN operation o ON o.n = c.operation WHERE c.tbl = :tbl"
            " AND c.pk = :pk AND c.kind = 'upd' AND o.command NOT IN ('take_in_rows', 'change_rows', 'undo')",
            tbl=record.__tablename__, pk=key,
        ):  # fmt: skip
            found |= set(msgspec.json.decode(delta)) if delta else set()
        return found

    def _drop(self, record: type[Record], key: str, made: Plan) -> None:
        """Withdraw what the row no longer says, unless somebody works with it here."""
        now = self._here.get(record.__tablename__, {}).get(key)
        if now is not None and now.get("withdrawn_at") is None and not self._edited(record, key):
            values = stored(record, {"withdrawn_at": self.work.now})
            now.update(values)
            made.changes.append(Change(record, key, values))

    def _remember(self, draft: Draft, made: Plan) -> None:
        work, legacy = self.work, self.legacy.get(draft.row.number)
        values = {
            "system": work.system, "kind": work.kind, "legacy_number": draft.row.number,
            "household": draft.household, "target_id": draft.target_id, "subject_id": draft.subject_id,
            "digest": draft.row.digest, "run_id": work.run_id, "withdrawn_at": None,
        }  # fmt: skip
        key = work.legacy_id(draft.row.number)
        if legacy is None:
            made.inserts.append(Change(LegacyRow, key, full_row(LegacyRow, key, values)))
        elif legacy.withdrawn:
            made.returns.append(Change(LegacyRow, key, stored(LegacyRow, values)))
        else:
            kept = {name: values[name] for name in ("household", "digest")}
            made.changes.append(Change(LegacyRow, key, stored(LegacyRow, kept)))


def _registered_merge(record: type[Record]) -> Merge:
    from app.journal.records import REGISTRY

    return REGISTRY[record.__tablename__].merge

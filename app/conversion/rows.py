"""The rows of a file as they would be taken in: numbers, canonical values, and what is wrong with them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from app.conversion.cells import MISSING, CellError, date_orders, read_cell
from app.conversion.fields import FIELDS, FieldSpec, Form
from app.conversion.mapping import FileMapping, GivenFile
from app.conversion.sheets import UNREADABLE, Record, Sheet
from app.conversion.vocabulary import DateOrder, RowKind
from app.core.errors import RuleViolation
from app.core.i18n import N_

CELLS_DIFFER: Final = N_("This row has {count} cells, the heads are {expected}.")
TWICE: Final = N_("The number of this row is also that of line {line}.")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row: at which field (empty: the whole row), a msgid and its values."""

    at: str
    message: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GivenRow:
    """A row that can be read. `number` is its number in the old system, `values` are canonical texts by field."""

    line: int
    number: str
    values: dict[str, str]

    @property
    def digest(self) -> str:
        """What tells a changed row from the same row."""
        return hashlib.sha256(msgspec.json.encode(self.values, order="sorted")).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read."""

    line: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class DateQuestion:
    """A column of dates that can be read in two orders, with some of them. It is asked, never guessed."""

    file: str
    field: str
    column: str
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What a first pass over a file found: how many rows, and in which order each field of days is read."""

    rows: int
    orders: dict[str, DateOrder | None]
    questions: tuple[DateQuestion, ...]


def survey(given: GivenFile) -> Surveyed:
    """Read a whole file once: count the rows and look at every date."""
    places = [(spec.name, _place(given, spec)) for spec in FIELDS[given.mapping.kind] if spec.form is Form.DAY]
    seen: dict[str, dict[str, None]] = {name: {} for name, place in places if place is not None}
    count = 0
    for record in given.sheet.records():
        count += 1
        for name, place in places:
            if place is not None and place < len(record.cells) and len(seen[name]) < 5000:
                seen[name].setdefault(record.cells[place].strip()[:30])
    orders: dict[str, DateOrder | None] = {}
    questions = []
    for name, values in seen.items():
        dates = date_orders(value for value in values if value)
        orders[name] = dates.order or given.mapping.dates
        if orders[name] is None:
            examples = tuple(value for value in values if value)[:3]
            questions.append(DateQuestion(given.name, name, given.mapping.columns[name], examples))
    return Surveyed(count, orders, tuple(questions))


def _place(given: GivenFile, spec: FieldSpec) -> int | None:
    head = given.mapping.columns.get(spec.name)
    return given.sheet.headings.index(head) if head in given.sheet.headings else None


class RowReader:
    """Reads the rows of one file."""

    def __init__(self, given: GivenFile, orders: dict[str, DateOrder | None]) -> None:
        missing = given.missing()
        if missing:
            raise RuleViolation(
                N_("In {file}, say which column is “{column}”."), field=missing[0].name, file=given.name,
                column=missing[0].label,
            )  # fmt: skip
        self.sheet: Sheet = given.sheet
        self.mapping: FileMapping = given.mapping
        self._orders = orders
        self._fields = [(spec, _place(given, spec)) for spec in FIELDS[given.mapping.kind]]
        self._seen: dict[str, int] = {}

    def column_of(self, name: str) -> str:
        """The head of a field; empty for the whole row."""
        return self.mapping.columns.get(name, "")

    def __iter__(self) -> Iterator[GivenRow | BadRow]:
        for record in self.sheet.records():
            yield self.read(record)

    def read(self, record: Record) -> GivenRow | BadRow:
        """One row."""
        if not record.cells:
            return BadRow(record.line, (Problem("", UNREADABLE),))
        if len(record.cells) != len(self.sheet.headings):
            counts = {"count": len(record.cells), "expected": len(self.sheet.headings)}
            return BadRow(record.line, (Problem("", CELLS_DIFFER, counts),))
        values, problems = self._values(record)
        number = number_of(self.mapping.kind, values)
        if not problems and number in self._seen:
            problems.append(Problem("number", TWICE, {"line": self._seen[number]}))
        if problems:
            return BadRow(record.line, tuple(problems))
        self._seen[number] = record.line
        return GivenRow(record.line, number, values)

    def _values(self, record: Record) -> tuple[dict[str, str], list[Problem]]:
        values: dict[str, str] = {}
        problems = []
        for spec, place in self._fields:
            text = record.cells[place] if place is not None else ""
            try:
                value = read_cell(self.mapping, spec, text, self._orders.get(spec.name))
            except CellError as error:
                problems.append(Problem(spec.name, error.message, dict(error.values)))
                continue
            value = value or self.mapping.defaults.get(spec.name, "")
            if value:
                values[spec.name] = value
            elif spec.needed:
                problems.append(Problem(spec.name, MISSING))
        _part_names(values)
        return values, problems


def _part_names(values: dict[str, str]) -> None:
    """“Tremblay, Léa” is a family name and a given name; columns of their own win."""
    full = values.pop("full_name", "")
    family, _comma, given = full.partition(",")
    for name, part in (("family_name", family), ("given_name", given)):
        if part.strip():
            values.setdefault(name, part.strip())


def number_of(kind: RowKind, values: dict[str, str]) -> str:
    """What a row is known by: its number; a responsible person’s with each patient or household; a balance’s patient.

    A patient may have several contracts, and several files number them.
    """
    number = values.get("number", "")
    if kind is RowKind.RESPONSIBLE:
        return "\x1f".join((number, values.get("patient", ""), values.get("household", "")))
    return number or values.get("patient", "")

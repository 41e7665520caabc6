"""What the patient list can be narrowed to and which columns it can show: a registry to which higher slices add.

What is booked or owed is not the chart’s to know: the slice that knows adds `@patient_filter` and `@patient_column`.
Filters are written as words, `status=active age_from=12`, so that they can be saved, typed and read again.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, func, select

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.money import Money
from app.core.permissions import Permission
from app.journal.queries import Reading
from app.patients.model import PatientSearch

Value = str | int | date | datetime | Money | None


@dataclass(frozen=True, slots=True)
class Trait:
    """A condition on a table that has at most one row a chart, `chart` its column of ids.

    `absent`: a chart without a row is meant too. Traits of one table are asked together, in one look at it: asked one
    by one, of which each leaves many and both together leave few, every chart of the clinic would be looked up.
    """

    chart: Any
    holds: ColumnElement[bool]
    absent: bool = False


Condition = Callable[[Reading, str], "ColumnElement[bool] | Trait"]
Options = Callable[[Reading], Sequence[tuple[str, str]]]
Values = Callable[[Reading, Sequence[str]], dict[str, Value]]


@dataclass(frozen=True, slots=True)
class PatientFilter:
    """One way to narrow the list. `options` gives (value, word); without them a whole number is typed, 0 to 130."""

    name: str
    label: str
    condition: Condition
    options: Options | None = None
    permission: Permission | None = None


@dataclass(frozen=True, slots=True)
class PatientColumn:
    """One column of the list beyond those of the chart. `labels` are the words (msgids) of coded values."""

    name: str
    label: str
    values: Values
    labels: tuple[tuple[str, str], ...] = ()
    permission: Permission | None = None


FILTERS: Final[dict[str, PatientFilter]] = {}
COLUMNS: Final[dict[str, PatientColumn]] = {}


def patient_filter(
    name: str, label: str, options: Options | None = None, permission: Permission | None = None
) -> Callable[[Condition], Condition]:
    """Add a filter; its condition is written over `PatientSearch`, or is a `Trait`."""

    def add(condition: Condition) -> Condition:
        if name in FILTERS:
            raise ValueError(f"the filter {name} is declared twice")
        FILTERS[name] = PatientFilter(name, label, condition, options, permission)
        return condition

    return add


def patient_column(
    name: str, label: str, labels: tuple[tuple[str, str], ...] = (), permission: Permission | None = None
) -> Callable[[Values], Values]:
    """Add a column; its values are asked for the rows of one page only."""

    def add(values: Values) -> Values:
        if name in COLUMNS:
            raise ValueError(f"the column {name} is declared twice")
        COLUMNS[name] = PatientColumn(name, label, values, labels, permission)
        return values

    return add


def read_filters(text: str) -> dict[str, str]:
    """The filters of a text like `status=active age_from=12`; `RuleViolation` when it is not one."""
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise RuleViolation(N_("These filters cannot be read."), field="filters") from error
    found = {}
    for word in words:
        name, sign, value = word.partition("=")
        if not sign or name not in FILTERS or not value:
            raise RuleViolation(N_("“{word}” is not a filter of the list."), field="filters", word=word)
        found[name] = value
    return found


def write_filters(chosen: dict[str, str]) -> str:
    """The text of chosen filters, in the order in which they are declared."""
    return " ".join(f"{name}={shlex.quote(chosen[name])}" for name in FILTERS if chosen.get(name))


def conditions_of(read: Reading, text: str) -> list[ColumnElement[bool]]:
    """What the filters of a text ask of `PatientSearch`; a filter whose right the reader lacks is refused."""
    found: list[ColumnElement[bool]] = []
    traits: dict[Any, list[Trait]] = {}
    for name, value in read_filters(text).items():
        chosen = FILTERS[name]
        if chosen.permission is not None:
            read.require(chosen.permission)
        if chosen.options is not None and value not in {option for option, _word in chosen.options(read)}:
            raise RuleViolation(N_("“{word}” is not a filter of the list."), field="filters", word=f"{name}={value}")
        condition = chosen.condition(read, value)
        if isinstance(condition, Trait):
            traits.setdefault(condition.chart, []).append(condition)
        else:
            found.append(condition)
    return [*found, *(_together(read, of_one) for of_one in traits.values())]


def _together(read: Reading, traits: Sequence[Trait]) -> ColumnElement[bool]:
    """The charts that have all traits of one table."""
    charts, holds = select(traits[0].chart), and_(*(trait.holds for trait in traits))
    if all(trait.absent for trait in traits):
        return ~whoever(read, charts.where(~holds))
    return whoever(read, charts.where(holds))


FEW: Final = 1_000
"""Charts up to which it is quicker to start from those who are meant than to look at each chart of the list."""


def whoever(read: Reading, charts: Select[Any]) -> ColumnElement[bool]:
    """The charts whose ids a select of one column gives. It may give an id several times.

    SQLite cannot know how many there are. Of a few, each is looked up; of many, the list is read in its order and each
    chart looked for among them, so that a page is full after some hundred charts and not after all of them.
    """
    among = select(func.count()).select_from(charts.limit(FEW + 1).subquery())
    if read.execute(among).scalar_one() <= FEW:
        return PatientSearch.id.in_(charts)
    return charts.where(charts.selected_columns[0] == PatientSearch.id).correlate(PatientSearch).exists()


def whole_years(value: str) -> int:
    """A number of years that somebody typed; `RuleViolation` beyond a human life."""
    if not value.isdecimal() or int(value) > 130:
        raise RuleViolation(N_("“{word}” is not a filter of the list."), field="filters", word=value)
    return int(value)


def columns_of(read: Reading, names: Sequence[str], ids: Sequence[str]) -> list[tuple[Any, ...]]:
    """The values of the named columns for each of these patients; a column whose right is missing stays empty."""
    asked: list[dict[str, Value]] = []
    for name in names:
        column = COLUMNS.get(name)
        if column is None:
            raise RuleViolation(N_("“{word}” is not a column of the list."), field="columns", word=name)
        allowed = column.permission is None or read.may(column.permission)
        asked.append(column.values(read, ids) if allowed else {})
    return [tuple(values.get(patient) for values in asked) for patient in ids]

"""Finding a patient: instant search and the sorted list."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, func, literal, select, text, tuple_, type_coerce

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.ids import PatientId
from app.core.text import fold
from app.journal.commands import query
from app.journal.queries import Reading
from app.journal.records import Int, Text
from app.patients.charts import kept_id
from app.patients.list_filters import FEW, Value, columns_of, conditions_of
from app.patients.model import PatientSearch
from app.patients.permissions import VIEW_PATIENTS
from app.patients.search import MERGED_CLASS, SLOT_BITS, Wanted, wanted
from app.patients.vocabulary import FileStatus, Language, PatientSort

MAXIMUM_ROWS: Final = 500
MERGED_SLOT: Final = MERGED_CLASS << SLOT_BITS
"""From this slot on stand merged charts."""
_COLUMNS: Final = (
    PatientSearch.id, PatientSearch.family_name, PatientSearch.given_name, PatientSearch.preferred_name,
    PatientSearch.file_number, PatientSearch.born_on, PatientSearch.status, PatientSearch.phone,
    PatientSearch.responsible, PatientSearch.merged_into_id,
)  # fmt: skip
_LINE: Final = (
    *_COLUMNS[:6], PatientSearch.language, PatientSearch.status, PatientSearch.opened_at, PatientSearch.phone,
    PatientSearch.responsible,
)  # fmt: skip
_SHOWN: Final = (
    "p.id, p.family_name, p.given_name, p.preferred_name, p.file_number, p.born_on, p.status, p.phone, p.responsible,"
    " p.merged_into_id"
)
WEIGHED: Final = 1000
"""So many charts that have the words somewhere are put in order; who is called so by family name is never among the
others that are left out, since those are asked for by themselves."""
_NAMED: Final = text(
    f"SELECT {_SHOWN} FROM patient_search p WHERE sort_key >= :word AND sort_key < :end AND slot < {MERGED_SLOT}"
    f" ORDER BY slot >> {SLOT_BITS}, sort_key, id LIMIT :rows"
).columns(*_COLUMNS)
_FOUND: Final = text(
    f"SELECT {_SHOWN} FROM (SELECT rowid AS slot FROM patient_fts WHERE patient_fts MATCH :match"
    " ORDER BY rowid LIMIT :weighed) f JOIN patient_search p ON p.slot = f.slot ORDER BY"
    " (SELECT sum(instr(' ' || p.family_key || ' ' || p.given_key, ' ' || value) > 0) FROM json_each(:words)) DESC,"
    f" p.slot >> {SLOT_BITS}, p.sort_key, p.id LIMIT :rows"
).columns(*_COLUMNS)


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A chart that was found. `through_number` is the old number of a merged chart that led here."""

    id: PatientId
    family_name: str
    given_name: str
    preferred_name: str | None
    file_number: str
    born_on: date | None
    status: FileStatus
    phone: str | None
    responsible: str | None
    through_number: str | None = None


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What was found: by the patient’s own name, then through others; active files first. With `more`, go on typing."""

    rows: tuple[SearchHit, ...]
    more: bool


@query(permission=VIEW_PATIENTS, label=N_("Search patients"))
def search_patients(read: Reading, words: str, limit: int = 50) -> SearchPage:
    """Find patients by the beginnings of names, telephone, birth date or file number, in any order.

    The names and telephones of responsible persons count. A whole NAM finds its chart.
    """
    limit = max(1, min(limit, MAXIMUM_ROWS))
    asked = wanted(words)
    rows: list[Any] = []
    if asked.nam is not None:
        rows = list(read.execute(select(*_COLUMNS).where(PatientSearch.nam_key == asked.nam).limit(limit + 1)))
    if not rows and asked.words:
        rows = _worded(read, asked, limit + 1)
    hits = {hit.id: hit for hit in reversed([_hit(read, row) for row in rows[:limit]]) if hit is not None}
    return SearchPage(tuple(reversed(hits.values())), len(rows) > limit)


def _worded(read: Reading, asked: Wanted, rows: int) -> list[Any]:
    """Charts with all these words: who is called so first, then children of who is, or found by a number."""
    named: list[Any] = []
    if len(asked.words) == 1:
        (word,) = asked.words
        named = list(read.execute(_NAMED, {"word": word, "end": word + "\U0010ffff", "rows": rows}))
    if len(named) < rows:
        words = json.dumps(asked.words)
        known = {row.id for row in named}
        found = read.execute(_FOUND, {"match": asked.match, "weighed": WEIGHED, "words": words, "rows": rows})
        named += [row for row in found if row.id not in known]
    return named[:rows]


def _hit(read: Reading, row: Any) -> SearchHit | None:
    if row.merged_into_id is None:
        return _shown(row)
    kept = read.execute(select(*_COLUMNS).where(PatientSearch.id == kept_id(read, row.id))).first()
    return None if kept is None else _shown(kept, row.file_number)


def _shown(row: Any, through_number: str | None = None) -> SearchHit:
    return SearchHit(*[*row[:-1], through_number])


@dataclass(frozen=True, slots=True)
class PatientLine:
    """A row of the patient list."""

    id: PatientId
    family_name: str
    given_name: str
    preferred_name: str | None
    file_number: str
    born_on: date | None
    language: Language
    status: FileStatus
    opened_at: datetime
    phone: str | None
    responsible: str | None
    extra: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class PatientListPage:
    """One page of the list, how many rows the filters leave, and where the next page starts.

    `total` is empty when it was not asked for and they are more than a few: `count_patients` tells it.
    """

    rows: tuple[PatientLine, ...]
    total: int | None
    next: str | None


@dataclass(frozen=True, slots=True)
class PatientName:
    """What a patient is called, for lists of other things."""

    id: PatientId
    family_name: str
    given_name: str
    file_number: str


@query(permission=VIEW_PATIENTS, label=N_("Names of patients"))
def patient_names(read: Reading, patient_ids: list[PatientId]) -> tuple[PatientName, ...]:
    """The names of these patients, in no order; ids that are no living chart are left out."""
    columns = (PatientSearch.id, PatientSearch.family_name, PatientSearch.given_name, PatientSearch.file_number)
    wanted_ids = list(dict.fromkeys(patient_ids))[:MAXIMUM_ROWS]
    found = read.execute(select(*columns).where(PatientSearch.id.in_(wanted_ids)))
    return tuple(PatientName(row.id, row.family_name, row.given_name, row.file_number) for row in found)


_SORTS: Final[dict[PatientSort, tuple[Any, str]]] = {
    PatientSort.NAME: (PatientSearch.sort_key, "patient_search_by_name"),
    PatientSort.FILE_NUMBER: (PatientSearch.file_order, "patient_search_by_number"),
    PatientSort.BORN_ON: (PatientSearch.born_key, "patient_search_by_birth"),
    PatientSort.OPENED_AT: (type_coerce(PatientSearch.opened_at, Int()), "patient_search_by_opening"),
}
"""The column of an order, and the index that stands in it."""
_AMONG: Final = text("patient_search.id IN (SELECT value FROM json_each(:few))")
_LISTED: Final = PatientSearch.slot < MERGED_SLOT


@query(permission=VIEW_PATIENTS, label=N_("List of patients"))
def patient_list(
    read: Reading,
    sort: PatientSort = PatientSort.NAME,
    descending: bool = False,
    status: FileStatus | None = None,
    language: Language | None = None,
    born_from: date | None = None,
    born_to: date | None = None,
    initial: str = "",
    limit: int = 200,
    after: str | None = None,
    filters: str = "",
    columns: list[str] | None = None,
    counted: bool = True,
) -> PatientListPage:
    """The charts in order, a page at a time; `after` is the `next` of the page before.

    `filters` is a text like `stage=treatment next_visit=none`; `columns` name what each line brings in `extra`. Without
    `counted`, the total is left out where it would take longer than the page.
    """
    conditions = _conditions(status, language, born_from, born_to, initial) + conditions_of(read, filters)
    column, index = _SORTS[sort]
    statement = select(*_LINE, column.label("place")).where(_LISTED)
    few = _few(read, conditions) if conditions else None
    if few is None:  # in the order of its index, a page is full after some hundred rows
        statement = statement.with_hint(PatientSearch, f"INDEXED BY {index}", "sqlite").where(*conditions)
    else:
        statement = statement.where(_AMONG.bindparams(few=msgspec.json.encode(few).decode()))
    if after is not None:
        place, start = tuple_(column, PatientSearch.id), tuple_(*_place(after, column))
        statement = statement.where(place < start if descending else place > start)
    order = (column.desc(), PatientSearch.id.desc()) if descending else (column, PatientSearch.id)
    limit = max(1, min(limit, MAXIMUM_ROWS))
    rows = read.execute(statement.order_by(*order).limit(limit + 1)).all()
    last = rows[limit - 1] if len(rows) > limit else None
    following = None if last is None else msgspec.json.encode([last.place, last.id]).decode()
    shown = rows[:limit]
    extras = columns_of(read, columns or [], [row.id for row in shown])
    total = len(few) if few is not None else _count(read, conditions) if counted else None
    return PatientListPage(tuple(_line(*both) for both in zip(shown, extras, strict=True)), total, following)


@query(permission=VIEW_PATIENTS, label=N_("Number of patients of the list"))
def count_patients(read: Reading, filters: str = "") -> int:
    """How many charts filters like `stage=treatment next_visit=none` leave."""
    return _count(read, conditions_of(read, filters))


def _count(read: Reading, conditions: list[ColumnElement[bool]]) -> int:
    found = read.execute(select(func.count()).select_from(PatientSearch).where(_LISTED, *conditions))
    return int(found.scalar_one())


def _few(read: Reading, conditions: list[ColumnElement[bool]]) -> list[str] | None:
    """The charts that conditions leave, None when they are more than a few.

    A page of a few, looked for in the order of the list, would mean to look at every chart there is.
    """
    found = read.execute(select(PatientSearch.id).where(_LISTED, *conditions).limit(FEW + 1)).scalars().all()
    return list(found) if len(found) <= FEW else None


def _line(row: Any, extra: tuple[Value, ...]) -> PatientLine:
    return PatientLine(*[*row[:-1], extra])


def _conditions(
    status: FileStatus | None, language: Language | None, born_from: date | None, born_to: date | None, initial: str
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if status is not None:
        found.append(PatientSearch.status == status)
    if language is not None:
        found.append(PatientSearch.language == language)
    if born_from is not None:
        found.append(PatientSearch.born_key >= born_from.isoformat())
    if born_to is not None:
        found += [PatientSearch.born_key <= born_to.isoformat(), PatientSearch.born_key > ""]
    start = fold(initial)
    if start:
        found += [PatientSearch.sort_key >= start, PatientSearch.sort_key < start + "\U0010ffff"]
    return found


def _place(after: str, column: Any) -> tuple[Any, Any]:
    try:
        value, key = msgspec.json.decode(after, type=tuple[str | int, str])
    except msgspec.MsgspecError as error:
        raise RuleViolation(N_("The list cannot go on from there."), field="after") from error
    return literal(value, column.type), literal(key, Text())

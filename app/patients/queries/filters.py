"""Which filters and columns the patient list has for this reader, and the filters that were saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

import app.patients.chart_filters  # noqa: F401  adds the chart’s own filters
from app.core.i18n import N_
from app.core.ids import StaffId, derived_id
from app.core.text import fold
from app.journal.commands import query
from app.journal.queries import Reading
from app.patients.list_filters import COLUMNS, FILTERS
from app.patients.model import SavedFilter
from app.patients.permissions import VIEW_PATIENTS
from app.patients.vocabulary import PatientSort, SavedFilterId


@dataclass(frozen=True, slots=True)
class FilterChoice:
    """A filter: `options` are values with their words (msgids, or names as they are); none asks for a whole number."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A column; `labels` are the words (msgids) of coded values."""

    name: str
    label: str
    labels: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SavedFilterLine:
    """A saved filter; `mine` tells that the reader saved it."""

    id: SavedFilterId
    name: str
    owner_id: StaffId
    shared: bool
    filters: str
    columns: tuple[str, ...]
    sort: PatientSort
    descending: bool
    mine: bool


@dataclass(frozen=True, slots=True)
class ListTools:
    """All that the patient list offers this reader; `columns_kept` is empty until columns were chosen."""

    filters: tuple[FilterChoice, ...]
    columns: tuple[ColumnChoice, ...]
    saved: tuple[SavedFilterLine, ...]
    columns_kept: tuple[str, ...] | None


@query(permission=VIEW_PATIENTS, label=N_("Filters and columns of the patient list"))
def patient_list_tools(read: Reading) -> ListTools:
    """The filters, the columns, one’s own and the shared saved filters, and the columns last chosen."""
    filters = tuple(
        FilterChoice(found.name, found.label, tuple(found.options(read)) if found.options is not None else ())
        for found in FILTERS.values()
        if found.permission is None or read.may(found.permission)
    )
    columns = tuple(
        ColumnChoice(found.name, found.label, found.labels)
        for found in COLUMNS.values()
        if found.permission is None or read.may(found.permission)
    )
    rows = _rows(read)
    own = derived_id("patient_list", read.actor.id)
    kept = next((tuple(row.columns or ()) for row in rows if row.id == own), None)
    saved = sorted((_line(read, row) for row in rows if row.name), key=lambda line: (line.shared, fold(line.name)))
    return ListTools(filters, columns, tuple(saved), kept)


def _rows(read: Reading) -> list[Any]:
    statement = select(*SavedFilter.__table__.c).where(
        SavedFilter.withdrawn_at.is_(None),
        or_(SavedFilter.owner_id == read.actor.id, SavedFilter.shared.is_(True)),
    )
    return list(read.execute(statement))


def _line(read: Reading, row: Any) -> SavedFilterLine:
    return SavedFilterLine(
        row.id, row.name, row.owner_id, row.shared, row.filters, tuple(row.columns or ()), row.sort, row.descending,
        row.owner_id == read.actor.id,
    )  # fmt: skip

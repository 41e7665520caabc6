"""Saved filters of the patient list: one’s own, or everybody’s."""

from __future__ import annotations

from app.core.errors import PermissionDenied, RuleViolation
from app.core.i18n import N_
from app.core.ids import StaffId, derived_id
from app.journal.commands import command
from app.journal.transaction import Transaction
from app.patients.entry import clean_text, needed_text
from app.patients.list_filters import read_filters, write_filters
from app.patients.model import SavedFilter
from app.patients.permissions import SHARE_FILTERS, VIEW_PATIENTS
from app.patients.vocabulary import PatientSort, SavedFilterId

MOST_COLUMNS = 12


def standing_filter(tx: Transaction, filter_id: SavedFilterId) -> SavedFilter:
    """A saved filter that the actor may change: one’s own, or a shared one with the right to share."""
    row = tx.get(SavedFilter, filter_id)
    if row.withdrawn_at is not None:
        raise RuleViolation(N_("This saved filter was withdrawn."), field="filter_id")
    if row.shared:
        tx.require(SHARE_FILTERS)
    elif row.owner_id != tx.actor.id:
        raise PermissionDenied(SHARE_FILTERS.name, SHARE_FILTERS.label)
    return row


def _clean_columns(columns: list[str]) -> list[str]:
    kept = list(dict.fromkeys(clean_text(name, "columns", limit=40) or "" for name in columns))
    if len(kept) > MOST_COLUMNS or "" in kept:
        raise RuleViolation(N_("At most {count} columns."), field="columns", count=MOST_COLUMNS)
    return kept


@command(permission=VIEW_PATIENTS, label=N_("Withdraw the saved filter"), hidden=True)
def withdraw_filter(tx: Transaction, filter_id: SavedFilterId) -> None:
    """Take a saved filter out of the list; what it found is untouched."""
    standing_filter(tx, filter_id).withdrawn_at = tx.now


@command(
    permission=VIEW_PATIENTS,
    label=N_("Save the filter"),
    undo=(withdraw_filter, SavedFilter),
    icon="funnel",
    hidden=True,
)
def save_filter(
    tx: Transaction,
    name: str,
    filters: str = "",
    columns: list[str] | None = None,
    sort: PatientSort = PatientSort.NAME,
    descending: bool = False,
    shared: bool = False,
) -> SavedFilterId:
    """Keep filters, columns and order of the patient list under a name, for oneself or for everybody."""
    if shared:
        tx.require(SHARE_FILTERS)
    row = SavedFilter(
        name=needed_text(name, "name"), owner_id=StaffId(tx.actor.id), shared=shared,
        filters=write_filters(read_filters(filters)), columns=_clean_columns(columns or []), sort=sort,
        descending=descending, saved_at=tx.now,
    )  # fmt: skip
    return tx.add(row).id


@command(permission=VIEW_PATIENTS, label=N_("Rename the saved filter"), hidden=True)
def rename_filter(tx: Transaction, filter_id: SavedFilterId, name: str) -> None:
    """Give a saved filter another name."""
    standing_filter(tx, filter_id).name = needed_text(name, "name")


@command(permission=VIEW_PATIENTS, label=N_("Change the saved filter"), hidden=True)
def change_filter(
    tx: Transaction,
    filter_id: SavedFilterId,
    filters: str,
    columns: list[str] | None = None,
    sort: PatientSort = PatientSort.NAME,
    descending: bool = False,
) -> None:
    """Keep other filters, columns or another order under the same name."""
    row = standing_filter(tx, filter_id)
    row.filters, row.columns = write_filters(read_filters(filters)), _clean_columns(columns or [])
    row.sort, row.descending = sort, descending


@command(permission=VIEW_PATIENTS, label=N_("Keep the columns of the list"), hidden=True)
def keep_columns(tx: Transaction, columns: list[str]) -> None:
    """Show these columns to this person, in this order, from now on."""
    row_id = SavedFilterId(derived_id("patient_list", tx.actor.id))
    row = tx.find(SavedFilter, row_id)
    if row is None:
        row = tx.add(SavedFilter(id=row_id, name="", owner_id=StaffId(tx.actor.id), filters="", saved_at=tx.now))
    row.columns = _clean_columns(columns)

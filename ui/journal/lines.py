"""The lines of the journal as a table model: pages are added as one scrolls, nothing is sorted or filtered here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.access.queries import AuditLine, AuditPage
from app.core.clock import Clock
from app.core.i18n import N_, _
from ui.shell.formats import counted, moment
from ui.shell.growing import GrowingModel
from ui.widgets.paged_model import Column, Row

ORIGIN_WORDS = {"here": N_("Here"), "remote": N_("Elsewhere"), "raw": N_("Outside"), "erasure": N_("Erasure")}
"""Short, for a column; the panel beside it says the whole."""
ORIGIN_ICONS = {"raw": ("warning", "text"), "remote": ("hard-drives", "muted"), "erasure": ("eraser", "text")}


def columns(clock: Clock | None, narrow: bool = False) -> list[Column]:
    """Heads, in the language in force; in a narrow window the first four."""

    def when(value: Any) -> str:
        return moment(value, clock) if clock is not None and isinstance(value, datetime) else ""

    def where(key: Any) -> str:
        return _(ORIGIN_WORDS.get(str(key), str(key)))

    def mark(key: Any) -> tuple[str, str]:
        return ORIGIN_ICONS.get(str(key), ("desktop", "muted"))

    found = [
        Column("at", _(N_("When")), when, 186, sortable=False),
        Column("who", _(N_("Person")), width=126, sortable=False),
        Column("what", _(N_("What")), strong=True, sortable=False),
        Column("patient", _(N_("Patient")), width=138, sortable=False),
        Column("changes", _(N_("Changes")), width=134, sortable=False),
        Column("origin", _(N_("Origin")), where, 124, sortable=False, icon=mark),
    ]
    return found[:4] if narrow else found


def what_of(line: AuditLine) -> str:
    """The command's label, and whether it was taken back."""
    label = _(line.label)
    return _(N_("{label} (undone)"), label=label) if line.is_undone else label


def changes_of(line: AuditLine) -> str:
    """How many rows, by kind."""
    parts = [
        (line.inserted, N_("1 added"), N_("{n} added")), (line.updated, N_("1 changed"), N_("{n} changed")),
        (line.deleted, N_("1 deleted"), N_("{n} deleted")), (line.erased, N_("1 erased"), N_("{n} erased")),
    ]  # fmt: skip
    return ", ".join(counted(one, many, count) for count, one, many in parts if count)


class Lines(GrowingModel[AuditLine]):
    """What has been read so far."""

    def __init__(self) -> None:
        super().__init__(columns(None))
        self.next_before: int | None = None
        self.names: dict[str, str] = {}
        self.narrow = False

    def patients_of(self, line: AuditLine) -> str:
        """The patient concerned; of several, the first and how many more."""
        named = [self.names[subject] for subject in line.subjects if subject in self.names]
        return named[0] if len(named) == 1 else f"{named[0]} +{len(named) - 1}" if named else ""

    def unknown(self) -> list[str]:
        """Subjects whose name has not been asked for yet."""
        found = dict.fromkeys(subject for line in self.items for subject in line.subjects)
        return [subject for subject in found if subject not in self.names]

    def name_patients(self, names: dict[str, str]) -> None:
        """Show the names that have arrived."""
        self.names |= names
        self._pages.clear()
        if self.items:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.items) - 1, len(self.columns) - 1))

    def row_of(self, item: AuditLine) -> Row:
        """The cells of an operation."""
        return item.at, item.actor_name, what_of(item), self.patients_of(item), changes_of(item), item.origin

    def begin(self, page: AuditPage, clock: Clock) -> None:
        """The newest page."""
        self.next_before = page.next_before
        self.start(page.lines, columns(clock, self.narrow))

    def go_on(self, page: AuditPage) -> None:
        """An older page."""
        self.next_before = page.next_before
        self.add(page.lines)

    def place_of(self, operation_id: str) -> int:
        """The row of an operation, -1 when it is not there."""
        return next((n for n, line in enumerate(self.items) if line.operation_id == operation_id), -1)

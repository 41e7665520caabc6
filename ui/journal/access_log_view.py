"""The access log: who signed in, opened, printed, exported or was refused, newest first, with filters and export."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from app.access.permissions import EXPORT_AUDIT
from app.access.queries import (
    ACCESS_LABELS,
    AccessFilter,
    AccessLine,
    AccessPage,
    StaffLine,
    access_log_entries,
    export_access_log,
    staff_list,
    titled,
)
from app.core.clock import Clock
from app.core.i18n import N_, _
from app.core.ids import PatientId
from app.patients.queries import PatientName, patient_names
from ui.journal.access_words import detail_words
from ui.journal.filter_row import FilterRow
from ui.shell.formats import moment
from ui.shell.growing import GrowingModel
from ui.shell.screen import Screen
from ui.shell.table_card import TableCard
from ui.theme.style import theme
from ui.widgets.cards import EmptyState
from ui.widgets.fields import Choice
from ui.widgets.layout import effective_width
from ui.widgets.paged_model import Column, Row
from ui.widgets.tables import Table

NARROW_BELOW = 900
TIGHT_BELOW = 700


class AccessLines(GrowingModel[AccessLine]):
    """What has been read so far."""

    def __init__(self) -> None:
        super().__init__(columns(None))
        self.next_before: int | None = None
        self.names: dict[str, str] = {}
        self.people: dict[str, str] = {}

    def row_of(self, item: AccessLine) -> Row:
        """The cells of an entry."""
        detail = detail_words(item.detail, self.people)
        return item.at, item.actor_name, _(item.label), self.names.get(item.subject, ""), detail

    def unknown(self) -> list[str]:
        """Patients whose name has not been asked for yet."""
        found = dict.fromkeys(line.subject for line in self.items if line.subject)
        return [subject for subject in found if subject not in self.names]

    def name_patients(self, names: dict[str, str]) -> None:
        """Show the names that have arrived."""
        self.names |= names
        self.say_again()

    def name_people(self, people: dict[str, str]) -> None:
        """Write the staff by name from now on."""
        if people != self.people:
            self.people = people
            self.say_again()

    def say_again(self) -> None:
        """What stands there has other words now."""
        self._pages.clear()
        if self.items:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.items) - 1, len(self.columns) - 1))


def columns(clock: Clock | None, width: float = NARROW_BELOW) -> list[Column]:
    """Heads, in the language in force; in a narrow window without the detail, in a tight one when, who and what."""

    def when(value: Any) -> str:
        return moment(value, clock) if clock is not None and isinstance(value, datetime) else ""

    tight = width < TIGHT_BELOW
    found = [
        Column("at", _(N_("When")), when, 96 if tight else 190, sortable=False),
        Column("who", _(N_("Person")), width=84 if tight else 130, sortable=False),
        Column("what", _(N_("What")), strong=True, sortable=False, share=2),
        Column("patient", _(N_("Patient")), sortable=False),
        Column("detail", _(N_("Detail")), width=280, sortable=False),
    ]
    return found[:3] if tight else found[:4] if width < NARROW_BELOW else found


class AccessLogView(Screen):
    """Entries of this workstation's access log."""

    def build(self) -> None:
        """Filters and table."""
        self._width = float(NARROW_BELOW)
        self._lines = AccessLines()
        self._lines.setParent(self)
        self._table = Table("", self._lines)
        self._table.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._none = EmptyState("shield-check", "", "")
        card = TableCard()
        card.add(self._table, 1)
        card.add(self._none)
        column = QVBoxLayout(self.body)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(10)
        column.addLayout(self._filters())
        column.addWidget(card, 1)
        self.words.put(self._table.setAccessibleName, N_("Access log"))

    def _filters(self) -> FilterRow:
        self._who, self._kind = Choice(), Choice()
        choices = ((self._who, N_("Person")), (self._kind, N_("What")))
        row = FilterRow(self, choices, self.reload, self._save)
        self._from, self._to, self._export = row.since, row.until, row.export
        return row

    def subheading(self) -> str:
        """What is listed."""
        return _(N_("Who signed in, looked, printed or exported at this workstation"))

    def focus_first(self) -> None:
        """The table."""
        self._table.setFocus(self.focus_reason)

    def filter_field(self) -> QWidget:
        """The first filter."""
        return self._from

    # -- reading --------------------------------------------------------------------------------------------
    def chosen_filter(self) -> AccessFilter:
        """What the filter row asks for."""
        who, kind = self._who.value(), self._kind.value()
        return AccessFilter(self._from.value(), self._to.value(), actor=str(who or ""), kind=str(kind or ""))

    def reload(self) -> None:
        """Read the newest page for the filters."""
        kinds = sorted((_(word), key) for key, word in ACCESS_LABELS.items())
        self._kind.set_options([("", _(N_("Everything"))), *((key, word) for word, key in kinds)])
        self._export.set_available(self.bench.may(EXPORT_AUDIT), "")
        chosen = self.chosen_filter()
        self.ask(staff_list, self._show_staff, include_inactive=True)
        self.ask(access_log_entries, self.show_page, chosen.from_day, chosen.to_day, chosen.actor, chosen.kind)

    def _show_staff(self, staff: tuple[StaffLine, ...]) -> None:
        people = [(line.staff_id, titled(line.title, line.display_name)) for line in staff]
        self._who.set_options([("", _(N_("Everybody"))), *people])
        self._lines.name_people(dict(people))

    def show_page(self, page: AccessPage) -> None:
        """The newest entries."""
        self._lines.next_before = page.next_before
        self._lines.start(page.lines, columns(self.bench.runner.clock, self._width))
        self._table.setVisible(bool(page.lines))
        self._none.setVisible(not page.lines)
        self._none.tell(_(N_("Nothing was noted in this time")), _(N_("Choose other days or everybody.")))
        self._ask_names()
        self.show_body()

    def _scrolled(self, value: int) -> None:
        bar, before = self._table.verticalScrollBar(), self._lines.next_before
        if value >= bar.maximum() - theme.row_height * 5 and before is not None:
            chosen = self.chosen_filter()
            self._lines.next_before = None
            days = chosen.from_day, chosen.to_day
            self.ask(access_log_entries, self._more, *days, chosen.actor, chosen.kind, before=before)

    def _more(self, page: AccessPage) -> None:
        self._lines.next_before = page.next_before
        self._lines.add(page.lines)
        self._ask_names()

    def _ask_names(self) -> None:
        if self.bench.may(patient_names):
            self.ask(patient_names, self._show_names, [PatientId(subject) for subject in self._lines.unknown()])

    def _show_names(self, names: tuple[PatientName, ...]) -> None:
        self._lines.name_patients({name.id: f"{name.given_name} {name.family_name}" for name in names})

    # -- export ---------------------------------------------------------------------------------------------
    def _save(self) -> None:
        name = f"{_(N_('access-log'))}-{self.bench.runner.clock.today().isoformat()}.csv"
        path, _kind = QFileDialog.getSaveFileName(self, _(N_("Export the access log")), name, "CSV (*.csv)")
        if path:
            self.export_to(Path(path))

    def export_to(self, path: Path) -> None:
        """Write the filtered access log as CSV; the export is itself an entry of it."""
        runner, actor, chosen = self.bench.runner, self.bench.actor, self.chosen_filter()

        def work() -> None:
            path.write_bytes(export_access_log(runner, actor, chosen))

        self.bench.background(work, self._saved)

    def _saved(self, future: Future[None]) -> None:
        error = future.exception()
        if error is not None:
            self.bench.presenter.present(error, "export_access_log")
            return
        self.bench.note_done(None, _(N_("The access log has been exported.")))

    # -- room -----------------------------------------------------------------------------------------------
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fewer columns when narrow: nothing here scrolls sideways."""
        super().resizeEvent(event)
        before, self._width = self._width, effective_width(self)
        if len(columns(None, before)) != len(columns(None, self._width)):
            self._lines.start(self._lines.items, columns(self.bench.runner.clock, self._width))

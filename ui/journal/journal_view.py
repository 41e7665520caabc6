"""The journal screen: operations newest first, a row of filters, and one operation in detail at the right."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QVBoxLayout, QWidget

from app.access.permissions import EXPORT_AUDIT
from app.access.queries import (
    ORIGIN_LABELS,
    AuditFilter,
    AuditPage,
    StaffLine,
    audit_trail,
    export_audit,
    operation_detail,
    staff_list,
    titled,
)
from app.core.i18n import N_, _
from app.core.ids import OperationId, PatientId
from app.patients.queries import PatientName, patient_names
from ui.journal.detail import OperationPanel
from ui.journal.filter_row import FilterRow
from ui.journal.lines import Lines, columns
from ui.shell.screen import Screen
from ui.shell.table_card import TableCard
from ui.theme.style import theme
from ui.widgets.cards import EmptyState
from ui.widgets.fields import Choice
from ui.widgets.layout import effective_width
from ui.widgets.tables import Table

STACKED_BELOW = 1050
PANEL = 352
_EVERYBODY = ""


class JournalView(Screen):
    """Operations of this workstation's journal."""

    def build(self) -> None:
        """Filters, table, detail."""
        self._lines = Lines()
        self._lines.setParent(self)
        self._table = Table("", self._lines)
        self._table.row_changed.connect(self._choose)
        self._table.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._detail = OperationPanel(self.bench, self._read_detail)
        self._detail.taken_back.connect(lambda: self._table.setFocus(Qt.FocusReason.OtherFocusReason))
        self._none = EmptyState("clock-counter-clockwise", "", "")
        card = TableCard()
        card.add(self._table, 1)
        card.add(self._none)
        self._whole = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._whole.setSpacing(12)
        self._whole.addWidget(card, 1)
        self._whole.addWidget(self._detail)
        column = QVBoxLayout(self.body)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(10)
        column.addLayout(self._filters())
        column.addLayout(self._whole, 1)
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self.reload)
        self.words.put(self._table.setAccessibleName, N_("Operations"))

    def _filters(self) -> FilterRow:
        self._who, self._origin = Choice(), Choice()
        choices = ((self._who, N_("Person")), (self._origin, N_("Origin")))
        row = FilterRow(self, choices, self._refilter, self._save)
        self._from, self._to, self._export = row.since, row.until, row.export
        return row

    def _refilter(self) -> None:
        self._later.start()

    def subheading(self) -> str:
        """What is listed."""
        return _(N_("Everything that was done at this workstation"))

    def focus_first(self) -> None:
        """The table."""
        self._table.setFocus(self.focus_reason)

    def filter_field(self) -> QWidget:
        """The first filter."""
        return self._from

    # -- reading --------------------------------------------------------------------------------------------
    def chosen_filter(self) -> AuditFilter:
        """What the filter row asks for."""
        who, origin = self._who.value(), self._origin.value()
        return AuditFilter(self._from.value(), self._to.value(), actor=str(who or ""), origin=str(origin or ""))

    def reload(self) -> None:
        """Read the newest page for the filters."""
        self._origin.set_options(
            [("", _(N_("Every origin"))), *((key, _(word)) for key, word in ORIGIN_LABELS.items())]
        )
        chosen = self.chosen_filter()
        self._export.set_available(self.bench.may(EXPORT_AUDIT), "")
        self.ask(staff_list, self._show_staff, include_inactive=True)
        self.ask(audit_trail, self.show_page, chosen.from_day, chosen.to_day, chosen.actor, origin=chosen.origin)

    def _show_staff(self, staff: tuple[StaffLine, ...]) -> None:
        people = [(line.staff_id, titled(line.title, line.display_name)) for line in staff]
        self._who.set_options([(_EVERYBODY, _(N_("Everybody"))), *people])
        self._detail.name_people(dict(people))

    def show_page(self, page: AuditPage) -> None:
        """The newest lines; the chosen one stays chosen."""
        line = self._lines.item(self._table.currentIndex().row())
        held = line.operation_id if line else ""
        self._lines.begin(page, self.bench.runner.clock)
        self._table.setVisible(bool(page.lines))
        self._none.setVisible(not page.lines)
        self._none.tell(_(N_("Nothing was done in this time")), _(N_("Choose other days or everybody.")))
        self._table.choose(max(self._lines.place_of(held), 0))
        self._ask_names()
        self.show_body()

    def _scrolled(self, value: int) -> None:
        bar = self._table.verticalScrollBar()
        if value >= bar.maximum() - theme.row_height * 5 and self._lines.next_before is not None:
            chosen, before = self.chosen_filter(), self._lines.next_before
            self._lines.next_before = None
            self.ask(
                audit_trail,
                self._more,
                chosen.from_day,
                chosen.to_day,
                chosen.actor,
                origin=chosen.origin,
                before=before,
            )

    def _more(self, page: AuditPage) -> None:
        self._lines.go_on(page)
        self._ask_names()

    def _ask_names(self) -> None:
        if self.bench.may(patient_names):
            self.ask(patient_names, self._show_names, [PatientId(subject) for subject in self._lines.unknown()])

    def _show_names(self, names: tuple[PatientName, ...]) -> None:
        self._lines.name_patients({name.id: f"{name.given_name} {name.family_name}" for name in names})

    def _choose(self, row: int) -> None:
        self._detail.show_line(self._lines.item(row))

    def _read_detail(self, operation_id: str) -> None:
        self.ask(operation_detail, self._detail.show_detail, OperationId(operation_id))

    # -- export ---------------------------------------------------------------------------------------------
    def _save(self) -> None:
        name = f"{_(N_('journal'))}-{self.bench.runner.clock.today().isoformat()}.csv"
        path, _kind = QFileDialog.getSaveFileName(self, _(N_("Export the journal")), name, "CSV (*.csv)")
        if path:
            self.export_to(Path(path))

    def export_to(self, path: Path) -> None:
        """Write the filtered journal as CSV; the export is itself an entry of the access log."""
        runner, actor, chosen = self.bench.runner, self.bench.actor, self.chosen_filter()

        def work() -> None:
            path.write_bytes(export_audit(runner, actor, chosen))

        self.bench.background(work, self._saved)

    def _saved(self, future: Future[None]) -> None:
        error = future.exception()
        if error is not None:
            self.bench.presenter.present(error, "export_audit")
            return
        self.bench.note_done(None, _(N_("The journal has been exported.")))

    # -- room -----------------------------------------------------------------------------------------------
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Detail under the table when narrow."""
        super().resizeEvent(event)
        narrow = effective_width(self) < STACKED_BELOW
        self._whole.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        self._whole.setStretch(1, 1 if narrow else 0)
        self._detail.setMaximumWidth(16777215 if narrow else theme.px(PANEL))
        self._detail.setMinimumWidth(0 if narrow else theme.px(PANEL))
        if narrow != self._lines.narrow:
            self._lines.narrow = narrow
            self._lines.start(self._lines.items, columns(self.bench.runner.clock, narrow))
            self._table.choose(0)

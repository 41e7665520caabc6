"""The patients: a field that answers at every keystroke, and the list with its filters and columns."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.patients.commands import create_patient, keep_columns
from app.patients.permissions import SHARE_FILTERS
from app.patients.queries import (
    ListTools,
    PatientLine,
    PatientListPage,
    PatientSort,
    SavedFilterLine,
    SearchHit,
    SearchPage,
    count_patients,
    patient_list,
    patient_list_tools,
    search_patients,
)
from ui.patients.list_columns import SORTS, STANDARD, PatientRows, columns_menu
from ui.patients.list_filters import FilterBar, Looks
from ui.shell.formats import counted
from ui.shell.screen import Screen
from ui.shell.table_card import TableCard
from ui.theme.style import theme
from ui.widgets.buttons import Button
from ui.widgets.cards import EmptyState
from ui.widgets.fields import Choice, SearchField
from ui.widgets.labels import Label
from ui.widgets.layout import effective_width
from ui.widgets.tables import Table

LIMIT = 100
NARROW = 1000


class PatientsView(Screen):
    """Search and list; Enter opens the chart."""

    def build(self) -> None:
        """Field, filter, table."""
        self._narrow = False
        self._after: str | None = None
        self._sort, self._falling = PatientSort.NAME, False
        self._field = SearchField("")
        self._field.changed.connect(lambda _text: self._read_list())
        self._field.installEventFilter(self)
        self._asked: tuple[str, ...] = ()
        self._build_tools()
        self._new = Button("", "primary", "user-plus")
        self._new.clicked.connect(self._create)
        self._model = PatientRows(lambda: self.bench.runner.clock)
        self._model.setParent(self)
        self._model.sort_asked.connect(self._sort_by)
        self._table = Table("", self._model)
        self._table.opened.connect(self._open)
        self._table.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._count = Label("", "small", "muted")
        self._none = EmptyState("users", "", "")
        self._none.activated.connect(self._create)
        self._lay_out()

    def _build_tools(self) -> None:
        self._tools: ListTools | None = None
        self._saved = Choice()
        self._saved.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._saved.changed.connect(self._use)
        self._funnel = Button("", "secondary", "funnel")
        self._funnel.setCheckable(True)
        self._funnel.toggled.connect(self._fold_filters)
        self._columns = Button("", "secondary", "columns")
        self._columns.clicked.connect(self._show_columns)
        self._bar = FilterBar(self.bench, self._looks)
        self._bar.changed.connect(self._read_list)
        self._bar.hide()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._field, 1)
        for part in (self._saved, self._funnel, self._columns):
            row.addWidget(part)
        row.addWidget(self._new)
        card = TableCard()
        card.add(self._table, 1)
        card.add(self._none, 1)
        column = QVBoxLayout(self.body)
        column.setContentsMargins(14, 12, 14, 10)
        column.setSpacing(10)
        column.addLayout(row)
        column.addWidget(self._bar)
        column.addWidget(card, 1)
        column.addWidget(self._count)
        self._count.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.words.put(self._field.setPlaceholderText, N_("Name, phone, birth date or file number"))
        self.words.put(self._field.setAccessibleName, N_("Search patients"))
        self.words.put(self._saved.setAccessibleName, N_("Saved filters"))
        self.words.put(self._columns.setText, N_("Columns"))
        self.words.put(self._new.setText, N_("New patient"))
        self.words.put(self._table.setAccessibleName, N_("Patients"))

    def focus_first(self) -> None:
        """The field."""
        self._field.setFocus(self.focus_reason)
        self._field.selectAll()

    def filter_field(self) -> QWidget:
        """The field."""
        return self._field

    # -- reading --------------------------------------------------------------------------------------------
    def reload(self) -> None:
        """Ask for what is typed, or for the list."""
        self._new.set_available(self.bench.may(create_patient), self.bench.reason(create_patient))
        self.ask(patient_list_tools, self._show_tools)
        if self._tools is not None:
            self._read_list()

    def _read_list(self) -> None:
        words = self._field.text().strip()
        for part in (self._saved, self._funnel, self._columns):
            part.setVisible(not words)
        self._bar.setVisible(not words and self._funnel.isChecked())
        self._say_filters()
        if words:
            self.ask(search_patients, self.show_hits, words, LIMIT)
        else:
            self._ask_list(self.show_list, None)

    def _fold_filters(self, shown: bool) -> None:
        self._bar.setVisible(shown and not self._field.text().strip())

    def _ask_list(self, then: Callable[[PatientListPage], None], after: str | None) -> None:
        filters, columns = self._bar.text(), self._model.extras()
        self._asked = tuple(columns)
        self.ask(
            patient_list, then, self._sort, self._falling, limit=LIMIT, after=after, filters=filters, columns=columns,
            counted=False,
        )  # fmt: skip

    def _show_tools(self, tools: ListTools) -> None:
        first, self._tools = self._tools is None, tools
        self._model.offered = {choice.name: choice for choice in tools.columns}
        if first:
            self._model.names = tools.columns_kept or STANDARD
        self._bar.offer(tools.filters, self.bench.may(SHARE_FILTERS))
        shared = _(N_("{name} (everybody)"))
        named = [(one.id, shared.format(name=one.name) if one.shared else one.name) for one in tools.saved]
        self._saved.set_options([("", _(N_("All patients"))), *named])
        self._bar.use(self._saved_line())
        if first:
            self._read_list()
        self._say_filters()

    def _say_filters(self) -> None:
        count = self._bar.count()
        self._funnel.setText(counted(N_("{n} filter"), N_("{n} filters"), count) if count else _(N_("Filters")))

    def _saved_line(self) -> SavedFilterLine | None:
        saved = self._tools.saved if self._tools is not None else ()
        return next((line for line in saved if line.id == self._saved.value()), None)

    def _use(self, _value: object) -> None:
        line = self._saved_line()
        self._bar.use(line)
        if line is None:
            self._bar.set_text("")
            return
        self._sort, self._falling = line.sort, line.descending
        self._model.names = line.columns or self._model.names
        self._bar.set_text(line.filters)

    def _looks(self) -> Looks:
        return self._bar.text(), self._model.names, self._sort, self._falling

    def _show_columns(self) -> None:
        menu = columns_menu(self, self._model.names, self._model.offered, self._choose_columns)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._columns.mapToGlobal(QPoint(0, self._columns.height())))

    def _choose_columns(self, names: tuple[str, ...]) -> None:
        self._model.names = names
        self.bench.run(keep_columns, list(names)).say("")
        self._read_list()

    def show_hits(self, page: SearchPage) -> None:
        """What was found."""
        if not self._field.text().strip():
            return
        self._after = None
        self._fill(page.rows, searching=True)
        found = counted(N_("{n} patient found"), N_("{n} patients found"), len(page.rows))
        self._count.setText(
            _(N_("The first {count} are shown: type more to narrow."), count=len(page.rows)) if page.more else found
        )
        text = self._field.text().strip()
        self._none.tell(
            _(N_("No patient matches “{text}”."), text=text),
            _(N_("Try a name, phone or file number.")),
            _(N_("New patient")) if self.bench.may(create_patient) else "",
        )

    def show_list(self, page: PatientListPage) -> None:
        """The first page of the list."""
        if self._field.text().strip():
            return
        self._after, self._model.brought = page.next, self._asked
        self._fill(page.rows)
        if page.total is None:
            self.ask(count_patients, self._show_count, self._bar.text())
        else:
            self._show_count(page.total)
        if self._bar.count():
            self._none.tell(_(N_("No patient matches these filters.")), _(N_("Change or remove a filter.")), "")
        else:
            self._none.tell(
                _(N_("There is no patient here yet.")),
                _(N_("Charts that you open stand in this list.")),
                _(N_("New patient")) if self.bench.may(create_patient) else "",
            )

    def _show_count(self, total: int) -> None:
        if not self._field.text().strip():
            self._count.setText(counted(N_("{n} patient"), N_("{n} patients"), total))

    def _fill(self, rows: tuple[PatientLine, ...] | tuple[SearchHit, ...], *, searching: bool = False) -> None:
        held = self._model.item(self._table.currentIndex().row())
        self._model.start(rows, self._model.heads(searching=searching, narrow=self._narrow))
        self._table.setVisible(bool(rows))
        self._none.setVisible(not rows)
        ids = [row.id for row in rows]
        place = ids.index(held.id) if held is not None and held.id in ids else 0
        if rows:
            self._table.choose(place)
        self.show_body()

    def _scrolled(self, value: int) -> None:
        if self._after is not None and value >= self._table.verticalScrollBar().maximum() - 5 * theme.row_height:
            after, self._after = self._after, None
            self._ask_list(self._more, after)

    def _more(self, page: PatientListPage) -> None:
        self._after = page.next
        self._model.add(page.rows)

    def _sort_by(self, key: str, falling: bool) -> None:
        self._sort, self._falling = SORTS[key], falling
        self._read_list()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fewer columns when narrow."""
        super().resizeEvent(event)
        narrow = effective_width(self) < NARROW
        if narrow != self._narrow:
            self._narrow = narrow
            held = max(self._table.currentIndex().row(), 0)
            searching = bool(self._field.text().strip())
            self._model.start(self._model.items, self._model.heads(searching=searching, narrow=narrow))
            self._table.choose(held)

    # -- going on -------------------------------------------------------------------------------------------
    def _open(self, row: int) -> None:
        item = self._model.item(row)
        if item is not None:
            self.open_screen.emit("patient", {"patient_id": item.id})

    def _create(self) -> None:
        self.open_screen.emit("patient_form", {"patient_id": "", "typed": self._field.text().strip()})

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the field, arrows move in the table and Enter opens, so that the hands stay where they are."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        step = {Qt.Key.Key_Down.value: 1, Qt.Key.Key_Up.value: -1}.get(event.key(), 0)
        row = self._table.currentIndex().row()
        if step and self._model.rowCount():
            self._table.choose(min(max(row + step, 0), self._model.rowCount() - 1))
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row >= 0 and self._table.isVisible():
            self._open(row)
            return True
        return False

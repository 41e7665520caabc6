"""The patients: a field that answers at every keystroke, and the list."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.patients.commands import create_patient
from app.patients.queries import (
    STATUS_LABELS,
    FileStatus,
    PatientLine,
    PatientListPage,
    PatientSort,
    SearchHit,
    SearchPage,
    patient_list,
    search_patients,
)
from ui.patients.words import STATUS_ICONS, born, full_name
from ui.shell.formats import counted, phone
from ui.shell.growing import GrowingModel
from ui.shell.screen import Screen
from ui.shell.table_card import TableCard
from ui.theme.style import theme
from ui.widgets.buttons import Button
from ui.widgets.cards import EmptyState
from ui.widgets.fields import Choice, SearchField
from ui.widgets.labels import Label
from ui.widgets.layout import effective_width
from ui.widgets.paged_model import Column, Row
from ui.widgets.tables import Table

LIMIT = 100
NARROW = 1000
SORTS = {"name": PatientSort.NAME, "number": PatientSort.FILE_NUMBER, "born": PatientSort.BORN_ON}


def columns(narrow: bool = False) -> list[Column]:
    """Heads, in the language in force; in a narrow window the first four."""
    found = [
        Column("name", _(N_("Name")), strong=True),
        Column("born", _(N_("Birth and age")), width=190),
        Column("number", _(N_("File no.")), width=96),
        Column("phone", _(N_("Phone")), width=130, sortable=False),
        Column("responsible", _(N_("Responsible person")), width=190, sortable=False),
        Column("status", _(N_("File")), lambda value: _(STATUS_LABELS[value]), 160, sortable=False,
               icon=lambda value: (STATUS_ICONS[value], "muted")),
    ]  # fmt: skip
    return found[:4] if narrow else found


class PatientRows(GrowingModel[PatientLine | SearchHit]):
    """The patients shown."""

    def __init__(self, view: PatientsView) -> None:
        super().__init__(columns())
        self._view = view

    def row_of(self, item: PatientLine | SearchHit) -> Row:
        """The cells of a patient."""
        today = self._view.bench.runner.clock.today()
        called = phone(item.phone) if item.phone else None
        return full_name(item), born(item.born_on, today), item.file_number, called, item.responsible, item.status


class PatientsView(Screen):
    """Search and list; Enter opens the chart."""

    def build(self) -> None:
        """Field, filter, table."""
        self._narrow = False
        self._after: str | None = None
        self._total = 0
        self._sort, self._falling = PatientSort.NAME, False
        self._field = SearchField("")
        self._field.changed.connect(lambda _text: self.reload())
        self._field.installEventFilter(self)
        self._status = Choice()
        self._status.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._status.changed.connect(lambda _value: self.reload())
        self._new = Button("", "primary", "user-plus")
        self._new.clicked.connect(self._create)
        self._model = PatientRows(self)
        self._model.setParent(self)
        self._model.sort_asked.connect(self._sort_by)
        self._table = Table("", self._model)
        self._table.opened.connect(self._open)
        self._table.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._count = Label("", "small", "muted")
        self._none = EmptyState("users", "", "")
        self._none.activated.connect(self._create)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._field, 1)
        row.addWidget(self._status)
        row.addWidget(self._new)
        card = TableCard()
        card.add(self._table, 1)
        card.add(self._none, 1)
        column = QVBoxLayout(self.body)
        column.setContentsMargins(14, 12, 14, 10)
        column.setSpacing(10)
        column.addLayout(row)
        column.addWidget(card, 1)
        column.addWidget(self._count)
        self._count.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.words.put(self._field.setPlaceholderText, N_("Name, phone, birth date or file number"))
        self.words.put(self._field.setAccessibleName, N_("Search patients"))
        self.words.put(self._status.setAccessibleName, N_("File status"))
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
        self._status.set_options(
            [("", _(N_("All files"))), *((key.value, _(word)) for key, word in STATUS_LABELS.items())]
        )
        self._new.set_available(self.bench.may(create_patient), self.bench.reason(create_patient))
        words = self._field.text().strip()
        self._status.setVisible(not words)
        if words:
            self.ask(search_patients, self.show_hits, words, LIMIT)
        else:
            self.ask(patient_list, self.show_list, self._sort, self._falling, self._wanted_status(), limit=LIMIT)

    def _wanted_status(self) -> FileStatus | None:
        value = self._status.value()
        return FileStatus(str(value)) if value else None

    def show_hits(self, page: SearchPage) -> None:
        """What was found."""
        if not self._field.text().strip():
            return
        self._after = None
        self._fill(page.rows)
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
        self._after, self._total = page.next, page.total
        self._fill(page.rows)
        self._count.setText(counted(N_("{n} patient"), N_("{n} patients"), page.total))
        self._none.tell(
            _(N_("There is no patient here yet.")),
            _(N_("Charts that you open stand in this list.")),
            _(N_("New patient")) if self.bench.may(create_patient) else "",
        )

    def _fill(self, rows: tuple[PatientLine, ...] | tuple[SearchHit, ...]) -> None:
        held = self._model.item(self._table.currentIndex().row())
        self._model.start(rows, columns(self._narrow))
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
            self.ask(
                patient_list, self._more, self._sort, self._falling, self._wanted_status(), limit=LIMIT, after=after
            )

    def _more(self, page: PatientListPage) -> None:
        self._after = page.next
        self._model.add(page.rows)

    def _sort_by(self, key: str, falling: bool) -> None:
        self._sort, self._falling = SORTS[key], falling
        self.reload()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fewer columns when narrow."""
        super().resizeEvent(event)
        narrow = effective_width(self) < NARROW
        if narrow != self._narrow:
            self._narrow = narrow
            held = max(self._table.currentIndex().row(), 0)
            self._model.start(self._model.items, columns(narrow))
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

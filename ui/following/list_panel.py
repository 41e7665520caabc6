"""What the parts of the lists screen share: a table to choose several rows of, verbs under it, a form between."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QFileDialog, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.core.ids import PatientId
from app.core.spreadsheet import spreadsheet
from app.journal.commands import Command
from ui.patients.facts import empty
from ui.patients.inline_form import InlineForm
from ui.shell.formats import counted
from ui.shell.growing import GrowingModel
from ui.shell.screen import Screen
from ui.shell.screens import discover
from ui.shell.table_card import TableCard
from ui.theme.style import theme
from ui.widgets.buttons import Button, Kind
from ui.widgets.cards import Card, EmptyState
from ui.widgets.labels import Label
from ui.widgets.layout import Flow
from ui.widgets.paged_model import Column, Row
from ui.widgets.tables import Table

T = TypeVar("T")
FORM_WIDTH = 760


@cache
def is_offered(screen: str) -> bool:
    """Whether this installation has a screen."""
    return any(spec.name == screen for spec in discover())


class Lines(GrowingModel[T], Generic[T]):
    """Answers as rows; the panel makes the cells."""

    def __init__(self, cells: Callable[[T], Row], heads: Sequence[Column]) -> None:
        self._make = cells
        super().__init__(heads)

    def row_of(self, item: T) -> Row:
        """The cells of an item."""
        return self._make(item)


@dataclass(slots=True)
class Act:
    """One verb under the table. `single` needs exactly one row; `key` works while the table has the keyboard."""

    button: Button
    command: Command[..., Any] | None
    single: bool
    ready: Callable[[], bool] | None


class ListPanel(QWidget, Generic[T]):
    """A table with its verbs. Subclasses give columns and cells, and fill `show_rows`."""

    changed = Signal()
    narrow = False

    def __init__(self, screen: Screen, name: str, nothing: tuple[str, str]) -> None:
        super().__init__()
        self.screen_of, self.bench = screen, screen.bench
        self._nothing = nothing
        self._all: list[T] = []
        self._known = False
        self._order: tuple[str, bool] | None = None
        self._acts: list[Act] = []
        self.lines: Lines[T] = Lines(self.cells, self.columns())
        self.lines.setParent(self)
        self.lines.sort_asked.connect(self._sort_by)
        self.table = Table("", self.lines)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.opened.connect(lambda _row: self.open_row())
        self.table.selectionModel().selectionChanged.connect(lambda *_args: self._refresh_acts())
        self.count = Label("", "small", "muted")
        self.none = EmptyState("check-circle", "", "")
        self.none.hide()
        self.filters = Flow(gap=8)
        self.form_place = QVBoxLayout()
        self.verbs = Flow(gap=8)
        self._lay_out()
        screen.words.put(self.table.setAccessibleName, name)

    def _lay_out(self) -> None:
        card = TableCard()
        card.add(self.table, 1)
        card.add(self.none, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.filters)
        column.addWidget(card, 1)
        column.addLayout(self.form_place)
        column.addWidget(self.verbs)
        column.addWidget(self.count)

    # -- for subclasses -------------------------------------------------------------------------------------
    def columns(self) -> list[Column]:
        """Heads, in the language in force."""
        return []

    def cells(self, item: T) -> Row:
        """The cells of an item."""
        return (item,)

    def sort_value(self, item: T, key: str) -> Any:
        """What a column is sorted by."""
        keys = [column.key for column in self.lines.columns]
        return self.cells(item)[keys.index(key)]

    def patient_of(self, item: T) -> PatientId | None:
        """Whose row it is, if anybody’s."""
        raise LookupError(str(item))

    def key_of(self, item: T) -> object:
        """What stays the same of a row when it is read again."""
        return self.patient_of(item)

    def wanted(self, item: T) -> bool:
        """Whether the filters leave an item."""
        return True

    # -- rows -----------------------------------------------------------------------------------------------
    def show_rows(self, items: Sequence[T]) -> None:
        """Show what was read, as filtered and sorted; the row that was chosen stays chosen when it is still there."""
        self._all, self._known = list(items), True
        self.filter_rows()

    def forget(self) -> None:
        """Another list is being read: show neither the rows of the one before nor that there are none."""
        self._known = False
        self.lines.start([], self.columns())
        self.table.show()
        self.none.hide()
        self.count.setText("")
        self._refresh_acts()

    def filter_rows(self) -> None:
        """Show what the filters leave."""
        if not self._known:
            return
        held = self.current()
        shown = [item for item in self._all if self.wanted(item)]
        if self._order is not None:
            by, falling = self._order
            values = [(self.sort_value(item, by), item) for item in shown]
            known = sorted((pair for pair in values if pair[0] is not None), key=lambda pair: pair[0], reverse=falling)
            shown = [item for _value, item in known] + [item for value, item in values if value is None]
        self.lines.start(shown, self.columns())
        self.table.setVisible(bool(shown))
        self.none.setVisible(not shown)
        self.none.tell(_(self._nothing[0]), _(self._nothing[1]))
        self.count.setText(counted(N_("{n} line"), N_("{n} lines"), len(shown)))
        keys = [self.key_of(item) for item in shown]
        if shown:
            key = None if held is None else self.key_of(held)
            self.table.choose(keys.index(key) if key in keys else 0)
        self._refresh_acts()

    def _sort_by(self, key: str, falling: bool) -> None:
        self._order = (key, falling)
        self.filter_rows()

    def chosen(self) -> list[T]:
        """The rows that are selected, from above to below."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return [item for row in rows if (item := self.lines.item(row)) is not None]

    def current(self) -> T | None:
        """The row that has the keyboard."""
        return self.lines.item(self.table.currentIndex().row())

    def current_patient(self) -> PatientId:
        """Whose row it is; empty without one."""
        item = self.current()
        return (None if item is None else self.patient_of(item)) or PatientId("")

    # -- verbs ----------------------------------------------------------------------------------------------
    def add_act(
        self, text: str, icon: str, act: Callable[[], object], command: Command[..., Any] | None = None, *,
        kind: Kind = "secondary", key: str = "", single: bool = True, ready: Callable[[], bool] | None = None,
    ) -> Button:  # fmt: skip
        """A verb under the table: disabled with its reason when it may not be done or nothing is chosen."""
        button = Button("", kind, icon)
        button.clicked.connect(lambda *_args: act())
        self.screen_of.words.put(button.setText, text)
        if key:
            shortcut = QShortcut(QKeySequence(key), self.table)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(button.click)
            self.screen_of.words.put(lambda _text: button.set_help(_(N_("Key {key} in the table"), key=key)), text)
        self._acts.append(Act(button, command, single, ready))
        self.verbs.add(button)
        return button

    def _refresh_acts(self) -> None:
        count = len(self.chosen())
        for act in self._acts:
            reason = self.bench.reason(act.command) if act.command is not None else ""
            if not reason and not count:
                reason = _(N_("Nothing is chosen."))
            if not reason and act.single and count > 1:
                reason = _(N_("Choose one line only."))
            if not reason and act.ready is not None and not act.ready():
                reason = _(N_("This does not apply to the chosen line."))
            act.button.set_available(not reason, reason)

    def show_form(self, title: str, form: InlineForm) -> None:
        """A form under the table, in place of another; closing it gives the keyboard back to the table."""
        empty(self.form_place)
        card = Card(title)
        card.setMaximumWidth(theme.px(FORM_WIDTH))
        card.add(form)
        self.form_place.addWidget(card)

        def closed() -> None:
            empty(self.form_place)
            self.table.setFocus()

        form.closed.connect(closed)
        form.open()

    def open_row(self) -> None:
        """What Enter does: the file of the patient."""
        self.open_chart()

    def open_chart(self) -> None:
        """Go to the file of the chosen patient."""
        patient = self.current_patient()
        if patient:
            self.screen_of.open_screen.emit("patient", {"patient_id": patient})

    def book(self) -> None:
        """Book a visit for the chosen patient."""
        patient = self.current_patient()
        if patient:
            self.screen_of.open_screen.emit("appointment", {"patient_id": patient})

    # -- export ---------------------------------------------------------------------------------------------
    def save(self) -> None:
        """Ask for a place and write what the table shows."""
        name = f"{_(N_('list'))}-{self.bench.runner.clock.today().isoformat()}.csv"
        path, _kind = QFileDialog.getSaveFileName(self, _(N_("Export the list")), name, "CSV (*.csv)")
        if path:
            self.export_to(Path(path))

    def export_to(self, path: Path) -> None:
        """Write the shown rows as CSV; the access log is told before the file is there."""
        heads = [column.title for column in self.lines.columns]
        texts = [column.text for column in self.lines.columns]
        rows = [
            [text(value) for text, value in zip(texts, self.cells(item), strict=False)] for item in self.lines.items
        ]
        data, count = spreadsheet(heads, rows)
        bench, what = self.bench, self.export_name()

        def work() -> None:
            bench.runner.access(bench.actor, "export", detail=f"{what}: {count}")
            bench.runner.flush()
            path.write_bytes(data)

        def saved(future: Future[None]) -> None:
            error = future.exception()
            if error is not None:
                bench.presenter.present(error, "export")
            else:
                bench.note_done(None, _(N_("The list has been exported.")))

        bench.background(work, saved)

    def export_name(self) -> str:
        """What the access log calls the list."""
        return "list"

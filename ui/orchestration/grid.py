"""The grid: every visit of the day in a table that sorts and filters, takes several a step further, and is exported."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPixmap
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.core.spreadsheet import spreadsheet, workbook
from app.orchestration.permissions import EXPORT_DAY
from app.orchestration.queries import DayVisitLine
from ui.orchestration.bulk import BulkBar
from ui.orchestration.grid_columns import BY_KEY, STANDARD, offered, ordered
from ui.orchestration.picture import OVER, DayPicture
from ui.shell.bench import Bench
from ui.shell.formats import counted
from ui.shell.growing import GrowingModel
from ui.theme.icons import IconWeight
from ui.theme.style import theme
from ui.theme.tokens import STATUSES
from ui.widgets.buttons import Button
from ui.widgets.cards import EmptyState
from ui.widgets.labels import Label
from ui.widgets.paged_model import Column, Row, as_text
from ui.widgets.tables import Table

Index = QModelIndex | QPersistentModelIndex
PICK = "pick"


class DayRows(GrowingModel[DayVisitLine]):
    """The visits shown; `picked` are those that will go a step further together."""

    def __init__(self) -> None:
        self.picture: DayPicture | None = None
        self.names: tuple[str, ...] = STANDARD
        self.picked: set[str] = set()
        super().__init__([])

    def heads(self) -> list[Column]:
        """Heads in the language in force."""
        picture = self.picture
        if picture is None:
            return []
        known = {column.key for column in offered(picture)}
        found = [Column(PICK, "", lambda _value: "", 40, sortable=False)]
        for name in self.names:
            if name in known:
                column = BY_KEY[name]
                words = partial(column.words, picture)
                found.append(
                    Column(name, _(column.title), words, column.width, column.right, name == "patient",
                           share=6 if name == "patient" else 5)
                )  # fmt: skip
        return found

    def row_of(self, item: DayVisitLine) -> Row:
        """The same visit for each column."""
        return (item,) * len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Cells as text; the status with its shape; the whole visit in one sentence for who cannot see the row."""
        item, picture = self.item(index.row()), self.picture
        if item is None or picture is None:
            return None
        key = self.columns[index.column()].key
        if key == PICK and role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if item.id in self.picked else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.AccessibleTextRole:
            picked = _(N_("chosen")) if item.id in self.picked else _(N_("not chosen"))
            return picked if key == PICK else super().data(index) or as_text(None)
        if key == "stage" and role == Qt.ItemDataRole.DecorationRole:
            return self._shape(item)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._ink(picture, item, key)
        described = role == Qt.ItemDataRole.AccessibleDescriptionRole
        return picture.sentence(item) if described else super().data(index, role)

    @staticmethod
    def _shape(item: DayVisitLine) -> QPixmap:
        entry, colours = STATUSES[item.stage.value], theme.status(item.stage.value)
        cut: IconWeight = "bold" if entry.weight == "bold" else "fill"
        return theme.pixmap(entry.icon, colours.fg, 16, cut)

    @staticmethod
    def _ink(picture: DayPicture, item: DayVisitLine, key: str) -> QColor | None:
        if key == "stage":
            return QColor(theme.status(item.stage.value).fg)
        age = picture.age(item) if key == "wait" else None
        if age is not None and age.severity:
            return QColor(theme.status("late" if age.severity == "warn" else "missed").fg)
        return QColor(theme.status("late").fg) if key == "delay" and item.delay >= picture.ages.late[0] else None


class DayGrid(QWidget):
    """The table with its tools. Space picks a visit, Ctrl A all of them, Enter opens the file."""

    chosen = Signal(str)
    opened = Signal(str)
    menu_asked = Signal(str, QPoint)
    arranged = Signal()
    """Order or columns have changed."""

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self.sort, self.falling = "time", False
        self.rows = DayRows()
        self.rows.setParent(self)
        self.table = Table("", self.rows)
        self.table.installEventFilter(self)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._context)
        self.table.row_changed.connect(self._tell)
        self.table.opened.connect(lambda row: self.opened.emit(self.rows.items[row].id))
        self.table.clicked.connect(self._clicked)
        self.rows.sort_asked.connect(self._sort_by)
        self.bulk = BulkBar(bench)
        self.bulk.cleared.connect(self.clear)
        self.columns, self.export = Button("", "secondary", "columns"), Button("", "secondary", "download-simple")
        self.columns.clicked.connect(self._show_columns)
        self.export.clicked.connect(self._show_export)
        self.count = Label("", "small", "muted")
        self._none = EmptyState("calendar-blank", "", "")
        self._quiet = False
        self._lay_out()

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setContentsMargins(12, 0, 12, 8)
        tools.setSpacing(8)
        tools.addWidget(self.count)
        tools.addStretch(1)
        tools.addWidget(self.columns)
        tools.addWidget(self.export)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(0)
        column.addLayout(tools)
        column.addWidget(self.bulk)
        column.addWidget(self.table, 1)
        column.addWidget(self._none, 1)

    # -- showing --------------------------------------------------------------------------------------------
    def show_day(self, picture: DayPicture) -> None:
        """Draw the visits that are looked for; what was picked and has gone is picked no more."""
        held = self.rows.item(self.table.currentIndex().row())
        self.rows.picture = picture
        shown = ordered(picture, picture.shown, self.sort, self.falling)
        self.rows.picked &= {visit.id for visit in shown}
        self._quiet = True
        self.rows.start(shown, self.rows.heads())
        self.table.setVisible(bool(shown))
        self._none.setVisible(not shown)
        if not shown:
            wanted = _(N_("No visit of this day matches the filters."))
            nothing = _(N_("No visit is booked on this day."))
            self._none.tell(wanted if picture.wanted.count else nothing, "", "")
        if held is not None:
            self.choose_visit(held.id)
        elif shown:
            self.table.choose(next((place for place, visit in enumerate(shown) if visit.stage not in OVER), 0))
        self._quiet = False
        self._say()

    def _say(self) -> None:
        total = len(self.rows.items)
        self.count.setText(counted(N_("{n} visit"), N_("{n} visits"), total))
        self.columns.setText(_(N_("Columns")))
        self.export.setText(_(N_("Export")))
        self.export.set_available(
            self._bench.may(EXPORT_DAY), "" if self._bench.may(EXPORT_DAY) else _(N_("You may not export the day."))
        )
        picked = [visit for visit in self.rows.items if visit.id in self.rows.picked]
        self.bulk.show_visits(picked)

    def choose_visit(self, visit_id: str) -> bool:
        """Stand on a visit."""
        ids: list[str] = [visit.id for visit in self.rows.items]
        if visit_id not in ids:
            return False
        place = ids.index(visit_id)
        if self.table.currentIndex().row() != place:
            quiet, self._quiet = self._quiet, True
            self.table.choose(place)
            self._quiet = quiet
        return True

    def setAccessibleName(self, name: str) -> None:
        """It is the table that is read."""
        self.table.setAccessibleName(name)

    def _tell(self, row: int) -> None:
        item = self.rows.item(row)
        if item is not None and not self._quiet:
            self.chosen.emit(item.id)

    def _context(self, at: QPoint) -> None:
        item = self.rows.item(self.table.indexAt(at).row())
        if item is not None:
            self.menu_asked.emit(item.id, self.table.viewport().mapToGlobal(at))

    # -- picking --------------------------------------------------------------------------------------------
    def _clicked(self, index: QModelIndex) -> None:
        if self.rows.columns[index.column()].key == PICK:
            self.pick(index.row())

    def pick(self, row: int) -> None:
        """Pick a visit, or let it go."""
        item = self.rows.item(row)
        if item is not None:
            self.rows.picked ^= {item.id}
            self._repaint()

    def pick_all(self) -> None:
        """Pick all, or none when all are."""
        every = {str(visit.id) for visit in self.rows.items}
        self.rows.picked = set() if self.rows.picked == every else every
        self._repaint()

    def clear(self) -> None:
        """Pick none."""
        self.rows.picked = set()
        self._repaint()

    def _repaint(self) -> None:
        last = self.rows.index(self.rows.rowCount() - 1, 0)
        self.rows.dataChanged.emit(self.rows.index(0, 0), last, [Qt.ItemDataRole.CheckStateRole])
        self._say()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Space and Ctrl A pick."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Space and self.table.currentIndex().isValid():
                self.pick(self.table.currentIndex().row())
                return True
            if event.key() == Qt.Key.Key_A and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
                self.pick_all()
                return True
        return super().eventFilter(watched, event)

    # -- order and columns ----------------------------------------------------------------------------------
    def _sort_by(self, key: str, falling: bool) -> None:
        self.sort, self.falling = key, falling
        self._again()

    def set_columns(self, names: Sequence[str]) -> None:
        """Show these columns, in this order."""
        self.rows.names = tuple(name for name in names if name in BY_KEY) or STANDARD
        self._again()

    def _again(self) -> None:
        if self.rows.picture is not None:
            self.show_day(self.rows.picture)
        self.arranged.emit()

    def _show_columns(self) -> None:
        if self.rows.picture is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName(_(N_("Columns")))
        shown = self.rows.names
        for column in offered(self.rows.picture):
            action = menu.addAction(_(column.title))
            action.setCheckable(True)
            action.setChecked(column.key in shown)
            kept = tuple(name for name in shown if name != column.key)
            names = kept if column.key in shown else (*shown, column.key)
            action.triggered.connect(partial(self._take_columns, names))
        menu.addSeparator()
        menu.addAction(_(N_("Standard columns"))).triggered.connect(partial(self._take_columns, STANDARD))
        menu.popup(self.columns.mapToGlobal(QPoint(0, self.columns.height())))

    def _take_columns(self, names: tuple[str, ...], *_checked: object) -> None:
        self.set_columns(names)

    # -- export ---------------------------------------------------------------------------------------------
    def _show_export(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName(_(N_("Export")))
        for kind, words in (("csv", N_("As CSV, for any program")), ("xlsx", N_("As a workbook (XLSX)"))):
            menu.addAction(_(words)).triggered.connect(partial(self._save, kind))
        menu.popup(self.export.mapToGlobal(QPoint(0, self.export.height())))

    def _save(self, kind: str, *_checked: object) -> None:
        picture = self.rows.picture
        if picture is None:
            return
        name = f"{_(N_('day'))}-{picture.shot.on.isoformat()}.{kind}"
        path, _chosen = QFileDialog.getSaveFileName(self, _(N_("Export the day")), name, f"*.{kind}")
        if path:
            self.export_to(Path(path))

    def export_to(self, path: Path) -> None:
        """Write what the table shows as CSV or XLSX, by the ending; the access log is told before the file is there."""
        columns = [column for column in self.rows.columns if column.key != PICK]
        lines = [[column.text(item) for column in columns] for item in self.rows.items]
        make = workbook if path.suffix.lower() == ".xlsx" else spreadsheet
        data, count = make([column.title for column in columns], lines)
        bench, picture = self._bench, self.rows.picture
        detail = f"day {picture.shot.on.isoformat() if picture is not None else ''}: {count}"

        def work() -> None:
            bench.runner.access(bench.actor, "export", detail=detail)
            bench.runner.flush()
            path.write_bytes(data)

        def saved(future: Future[None]) -> None:
            error = future.exception()
            if error is not None:
                bench.presenter.present(error, "export")
            else:
                bench.note_done(None, _(N_("The day has been exported.")))

        bench.background(work, saved)

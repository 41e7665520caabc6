"""A table model that reads its rows page by page from SQL, so that 100 000 rows cost as much as a screenful."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFont

from ui.theme.style import theme
from ui.theme.tokens.metrics import Weight

Row = tuple[Any, ...]
Fetch = Callable[[int, int], Sequence[Row]]
Index = QModelIndex | QPersistentModelIndex
PAGE = 100
PAGES_KEPT = 12
_ROOT = QModelIndex()
_VALUE_ROLES = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.UserRole, Qt.ItemDataRole.DecorationRole)


def as_text(value: object) -> str:
    """Plain text of a value; nothing is a dash."""
    return "–" if value is None or value == "" else str(value)


@dataclass(frozen=True, slots=True)
class Column:
    """One column as data. `text` writes the value; `width` in px at 100 % text, 0 takes a `share` of what is left."""

    key: str
    title: str
    text: Callable[[Any], str] = as_text
    width: int = 0
    right: bool = False
    strong: bool = False
    sortable: bool = True
    icon: Callable[[Any], tuple[str, str]] | None = None
    share: int = 1


class PagedModel(QAbstractTableModel):
    """Rows from `fetch(offset, limit)`, as many as `count()` says. A row is a tuple in the order of the columns.

    Sorting and filtering belong to the query: a click on a head emits `sort_asked`, whoever owns the query changes it
    and calls `refresh()`. Values beyond the columns are kept in the row (`row()`), for ids.
    """

    sort_asked = Signal(str, bool)

    def __init__(
        self, columns: Sequence[Column], fetch: Fetch, count: Callable[[], int], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._fetch, self._count = fetch, count
        self._pages: OrderedDict[int, Sequence[Row]] = OrderedDict()
        self._rows = count()
        self._sorted: tuple[int, bool] | None = None

    def refresh(self) -> None:
        """Read again, after the data or the query changed."""
        self.beginResetModel()
        self._pages.clear()
        self._rows = self._count()
        self.endResetModel()

    def set_titles(self, titles: Sequence[str]) -> None:
        """Change the heads, for instance with the language."""
        self.columns = tuple(replace(c, title=title) for c, title in zip(self.columns, titles, strict=True))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    def row(self, number: int) -> Row | None:
        """The row at a place, None when it has gone since the count."""
        page, place = divmod(number, PAGE)
        if page in self._pages:
            self._pages.move_to_end(page)
        else:
            self._pages[page] = self._fetch(page * PAGE, PAGE)
            if len(self._pages) > PAGES_KEPT:
                self._pages.popitem(last=False)
        rows = self._pages[page]
        return rows[place] if place < len(rows) else None

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Rows as of the last refresh."""
        return 0 if parent.isValid() else self._rows

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Columns."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What the view asks for a cell."""
        column = self.columns[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return alignment(column)
        if role == Qt.ItemDataRole.FontRole:
            return self._font() if column.strong else None
        row = self.row(index.row()) if role in _VALUE_ROLES else None
        return None if row is None else self._value(column, row[index.column()], role)

    @staticmethod
    def _value(column: Column, value: Any, role: int) -> Any:
        if role == Qt.ItemDataRole.UserRole:
            return value
        if role == Qt.ItemDataRole.DecorationRole:
            return theme.icon(*column.icon(value), 16) if column.icon else None
        return column.text(value)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles; their alignment is that of the cells. A sorted column says so with an arrow."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return alignment(self.columns[section])
        if role == Qt.ItemDataRole.FontRole:
            return theme.font("small", Weight.SEMIBOLD)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        title = self.columns[section].title
        if self._sorted and self._sorted[0] == section:
            return f"{title} {'↓' if self._sorted[1] else '↑'}"
        return title

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Ask whoever owns the query to sort it; nothing is sorted here."""
        if 0 <= column < len(self.columns) and self.columns[column].sortable:
            falling = order == Qt.SortOrder.DescendingOrder
            self._sorted = (column, falling)
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)
            self.sort_asked.emit(self.columns[column].key, falling)

    @staticmethod
    def _font() -> QFont:
        return theme.font("body", Weight.SEMIBOLD)


def alignment(column: Column) -> Qt.AlignmentFlag:
    """Numbers to the right, everything else to the left."""
    side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter

"""Table: head and cells on the same line, hairlines, no zebra, one line per row, the whole of a cut cell as tooltip."""

from typing import cast

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QHelpEvent, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from ui.theme.qss import HEAD_CELL
from ui.theme.style import on_theme_change, theme
from ui.theme.tokens.metrics import Weight
from ui.widgets.paged_model import PagedModel

_DEFAULT_WIDTH = 120
_ICON = 16


class CellDelegate(QStyledItemDelegate):
    """Shows a cut cell's text as tooltip, and marks the current row of a focused table in high contrast too."""

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """Give the whole text while it is cut."""
        if event.type() != QEvent.Type.ToolTip:
            return super().helpEvent(event, view, option, index)
        cut = self.sizeHint(option, index).width() > view.visualRect(cast(QModelIndex, index)).width()
        QToolTip.showText(event.globalPos(), str(index.data() or "") if cut else "", view)
        return True

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The cell, and over the current row of the table that has the focus a line above and below."""
        super().paint(painter, option, index)
        view = self.parent()
        if not isinstance(view, QTableView) or not view.hasFocus() or view.currentIndex().row() != index.row():
            return
        painter.save()
        painter.setPen(QPen(theme.colour("focus"), 2))
        rect = option.rect
        painter.drawLine(rect.left(), rect.top() + 1, rect.right() + 1, rect.top() + 1)
        painter.drawLine(rect.left(), rect.bottom() - 1, rect.right() + 1, rect.bottom() - 1)
        painter.restore()


class Table(QTableView):
    """A PagedModel as rows to choose from: one stop of the Tab key, arrows move, Enter opens."""

    opened = Signal(int)
    row_changed = Signal(int)

    def __init__(self, name: str, model: PagedModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setItemDelegate(CellDelegate(self))
        self.setShowGrid(False)
        self.setAlternatingRowColors(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        head.setAccessibleName(name)
        head.setSectionsClickable(True)
        head.setSortIndicatorShown(False)
        head.sectionClicked.connect(self._sort)
        self._falling = False
        self._sorted = -1
        self._least_rows = 0
        self._head_measure = self.fontMetrics()
        self.doubleClicked.connect(self._open)
        self.setModel(model)
        on_theme_change(self._restyle)

    def setModel(self, model: QAbstractItemModel | None) -> None:
        """Show another model."""
        super().setModel(model)
        if model is not None:
            model.modelReset.connect(self._widths)  # a model may come back with other columns
        if self.selectionModel() is not None:
            self.selectionModel().currentRowChanged.connect(self._tell_row)

    def keep_rows(self, rows: int) -> None:
        """Never show fewer rows than these: the page round the table scrolls before that."""
        self._least_rows = rows
        self._restyle()

    def choose(self, row: int) -> None:
        """Make a row the current one."""
        self.selectRow(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the current row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the room that is left to the columns without a width."""
        super().resizeEvent(event)
        self._widths()

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(index.row())

    def _tell_row(self, current: QModelIndex, previous: QModelIndex) -> None:
        self.row_changed.emit(current.row())

    def _sort(self, section: int) -> None:
        self._falling = not self._falling if section == self._sorted else False
        self._sorted = section
        order = Qt.SortOrder.DescendingOrder if self._falling else Qt.SortOrder.AscendingOrder
        self.model().sort(section, order)

    def _restyle(self) -> None:
        self.setFont(theme.font("body"))
        self.setIconSize(QSize(theme.px(_ICON), theme.px(_ICON)))
        self._head_measure = QFontMetrics(theme.font("small", Weight.SEMIBOLD))
        self.horizontalHeader().setFixedHeight(theme.row_height)
        self.setMinimumHeight((self._least_rows + 1) * theme.row_height if self._least_rows else 0)
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(theme.row_height)
        self._widths()

    def _widths(self) -> None:
        model = self.model()
        if not isinstance(model, PagedModel):
            return
        fixed = {i: max(theme.px(c.width), self._head_width(i)) for i, c in enumerate(model.columns) if c.width}
        free = {i: c.share for i, c in enumerate(model.columns) if not c.width}
        rest, shares = self.viewport().width() - sum(fixed.values()), sum(free.values())
        for column in range(len(model.columns)):
            share = max(theme.px(_DEFAULT_WIDTH), rest * free.get(column, 0) // max(shares, 1))
            self.setColumnWidth(column, fixed.get(column, share))

    def _head_width(self, column: int) -> int:
        """What the word over a column needs: a head is never cut."""
        words = str(self.model().headerData(column, Qt.Orientation.Horizontal) or "")
        return self._head_measure.horizontalAdvance(words) + 2 * HEAD_CELL + 2

"""The table of permissions and roles: arrows move among the cells, Space changes one, a screen reader tells each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from app.access.queries import Cell, PermissionRow
from app.core.i18n import N_, _
from app.core.permissions import ROLE_LABELS, Role
from ui.access.subjects import subject_order, subjects_of
from ui.theme import paint
from ui.theme.style import on_theme_change, theme
from ui.theme.tokens.metrics import Weight

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_ROLES = tuple(Role)
_MARK = 18
_LEAST = 92
_WORDS = 440


class MatrixModel(QAbstractTableModel):
    """Rows are subjects (a text) and the permissions of each; the first column is the words."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str | PermissionRow] = []
        self.allowed = False

    def show_rows(self, rows: Sequence[PermissionRow]) -> None:
        """Group them by subject."""
        subjects = subjects_of()
        self.beginResetModel()
        self.lines = []
        for subject in subject_order():
            mine = sorted((r for r in rows if subjects.get(r.permission) == subject), key=lambda r: _(r.label))
            self.lines += [subject, *mine] if mine else []
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Subjects and permissions."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Words and roles."""
        return 0 if parent.isValid() else 1 + len(_ROLES)

    def cell(self, index: Index) -> tuple[PermissionRow, Cell] | None:
        """The permission and what a role's decision is; None for words."""
        line = self.lines[index.row()]
        if isinstance(line, str) or index.column() == 0:
            return None
        return line, line.cells[index.column() - 1]

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Everything can be gone to, so that every cell can be read."""
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words of the first column; of the others what assistive technology reads."""
        line = self.lines[index.row()]
        if index.column() == 0:
            if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
                return _(line) if isinstance(line, str) else _(line.label)
            if role == Qt.ItemDataRole.FontRole:
                return theme.font("small" if isinstance(line, str) else "body", Weight.SEMIBOLD)
            return None
        found = self.cell(index)
        if found is None:
            return _(str(line)) if role == Qt.ItemDataRole.AccessibleTextRole else None
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return told(*found)
        return found[1] if role == Qt.ItemDataRole.UserRole else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The roles."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return _(ROLE_LABELS[_ROLES[section - 1]]) if section else _(N_("Permission"))
        if role == Qt.ItemDataRole.TextAlignmentRole and not section:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None


def told(row: PermissionRow, cell: Cell) -> str:
    """One cell in a sentence."""
    state = N_("granted") if cell.is_granted else N_("not granted")
    whose = N_("the clinic decided so") if cell.is_decided else N_("as in the preset")
    values = {"permission": row.label, "role": ROLE_LABELS[cell.role], "state": state, "whose": whose}
    return _(N_("{permission}, {role}: {state}, {whose}"), **values)


class _MarkCell(QStyledItemDelegate):
    """A box with a check mark or without; a ring where the clinic decided otherwise than the preset."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view, model = self.parent(), index.model()
        assert isinstance(view, QTableView)
        assert isinstance(model, MatrixModel)
        area = QRectF(option.rect)
        paint.ready(painter)
        heading = isinstance(model.lines[index.row()], str)
        if heading:
            painter.fillRect(area, theme.colour("sunken"))
        found = model.cell(index)
        if found is not None:
            _mark(painter, area, found[1], model.allowed)
        elif index.column() == 0:
            painter.setFont(index.data(Qt.ItemDataRole.FontRole))
            painter.setPen(theme.colour("muted" if heading else "text"))
            words = painter.fontMetrics().elidedText(
                index.data(), Qt.TextElideMode.ElideRight, int(area.width()) - 2 * theme.density.pad
            )
            inner = area.adjusted(theme.density.pad, 0, -theme.density.pad, 0)
            painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, words)
        if not heading:
            painter.setPen(QPen(theme.colour("border"), 1))
            painter.drawLine(area.bottomLeft(), area.bottomRight())
        if view.hasFocus() and view.currentIndex() == index:
            paint.rounded(painter, area.adjusted(2, 2, -2, -2), 6, None, theme.colour("focus"), width=2)


def _mark(painter: QPainter, area: QRectF, cell: Cell, allowed: bool) -> None:
    side = theme.px(_MARK)
    box = QRectF(0, 0, side, side)
    box.moveCenter(area.center())
    fill = ("accent" if allowed else "control") if cell.is_granted else "surface" if allowed else "sunken"
    edge = "accent" if cell.is_granted and allowed else "control"
    paint.rounded(painter, box, 5, theme.colour(fill), theme.colour(edge), width=1.5)
    if cell.is_granted:
        paint.tick(painter, box.center(), side * 0.55, theme.colour("on_accent" if allowed else "surface"))
    if cell.is_decided:
        paint.rounded(painter, box.adjusted(-5, -5, 5, 5), 9, None, theme.colour("accent"), width=1.5)


class Matrix(QTableView):
    """One stop of the Tab key."""

    def __init__(self, toggled: Callable[[str, Role], None]) -> None:
        super().__init__()
        self._toggled = toggled
        self._reason = ""
        self._model = MatrixModel()
        self._model.setParent(self)
        self.setModel(self._model)
        self.setItemDelegate(_MarkCell(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionsClickable(False)
        head.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        head.setMinimumSectionSize(1)
        on_theme_change(self._restyle)

    def setAccessibleName(self, name: str) -> None:
        """Name the head too."""
        super().setAccessibleName(name)
        self.horizontalHeader().setAccessibleName(name)

    def set_allowed(self, allowed: bool, reason: str) -> None:
        """Whether cells can be changed; the reason is what assistive technology says of the table."""
        self._model.allowed, self._reason = allowed, reason
        self.setAccessibleDescription(reason or _(N_("Space changes a permission.")))
        self.viewport().update()

    def show_rows(self, rows: Sequence[PermissionRow]) -> None:
        """Show these; the mark stays where it was."""
        here = self.currentIndex()
        row, column = max(here.row(), 1), max(here.column(), 1)
        place = self.verticalScrollBar().value()
        self._model.show_rows(rows)
        if self._model.rowCount():
            self.setCurrentIndex(self._model.index(min(row, self._model.rowCount() - 1), column))
        self._restyle()
        self.verticalScrollBar().setValue(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Enter change the cell; Home and End go along the row."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._change(self.currentIndex())
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a mark changes it."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index == self.currentIndex():
            self._change(index)

    def _change(self, index: QModelIndex) -> None:
        found = self._model.cell(index) if index.isValid() else None
        if found is not None and self._model.allowed:
            self._toggled(found[0].permission, found[1].role)

    def _restyle(self) -> None:
        head = self.horizontalHeader()
        head.setFont(theme.font("small", Weight.SEMIBOLD))
        head.setFixedHeight(theme.row_height)
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(theme.row_height)
        metrics = head.fontMetrics()
        wide = [metrics.horizontalAdvance(_(ROLE_LABELS[role])) + 2 * theme.density.pad + 12 for role in _ROLES]
        least = max(theme.px(_LEAST), *wide)
        room = max(self.viewport().width(), 1)
        words = min(theme.px(_WORDS), max(room - least * len(_ROLES), theme.px(_LEAST) * 2))
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setColumnWidth(0, words)
        for column in range(1, 1 + len(_ROLES)):
            self.setColumnWidth(column, max(least, (room - words) // len(_ROLES)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The roles share the room that the words leave."""
        super().resizeEvent(event)
        self._restyle()

"""People by days: a table of which a screen reader tells every cell, and arrows move."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from app.core.i18n import N_, _
from ui.shell.formats import day
from ui.theme import paint
from ui.theme.style import on_theme_change, theme
from ui.theme.tokens.metrics import Weight

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_NAME = 150
_LEAST = 22
MOST_ROWS = 12


class _Days(QAbstractTableModel):
    def __init__(self) -> None:
        super().__init__()
        self.people: Sequence[tuple[str, str]] = ()
        self.first, self.days = date(2000, 1, 3), 0
        self.away: dict[tuple[str, date], str] = {}

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.people)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else self.days

    def on(self, column: int) -> date:
        return self.first + timedelta(days=column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        key, name = self.people[index.row()]
        on = self.on(index.column())
        why = self.away.get((key, on))
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            state = (why or _(N_("away"))) if why is not None else _(N_("not away"))
            return f"{name}, {day(on, weekday=True)}{_(N_(': '))}{state}"
        return why if role == Qt.ItemDataRole.UserRole else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return self.people[section][1] if role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.DisplayRole:
            return str(self.on(section).day)
        return day(self.on(section), weekday=True) if role == Qt.ItemDataRole.ToolTipRole else None


class _DayCell(QStyledItemDelegate):
    """Away: a filled bar with a mark in it, so that colour is not alone. Weekends are sunken."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        view = self.parent()
        assert isinstance(model, _Days)
        paint.ready(painter)
        area = QRectF(option.rect)
        if model.on(index.column()).weekday() >= 5:
            painter.fillRect(area, theme.colour("sunken"))
        if index.data(Qt.ItemDataRole.UserRole) is not None:
            bar = area.adjusted(1, 5, -1, -5)
            paint.rounded(painter, bar, 4, theme.colour("accent_soft"), theme.colour("accent"), width=1)
            paint.tick(painter, bar.center(), min(bar.width(), bar.height()) * 0.45, theme.colour("accent"))
        current = isinstance(view, QTableView) and view.hasFocus() and view.currentIndex() == index
        if current:
            paint.rounded(painter, area.adjusted(1, 1, -1, -1), 4, None, theme.colour("focus"), width=2)


class _Head(QHeaderView):
    """The day of the month: a sheet leaves no room for them in so narrow a section."""

    def __init__(self, parent: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        model = self.model()
        assert isinstance(model, _Days)
        on = model.on(logicalIndex)
        painter.save()
        painter.fillRect(rect, theme.colour("sunken" if on.weekday() >= 5 else "surface"))
        painter.setFont(theme.font("caption", Weight.MEDIUM))
        painter.setPen(theme.colour("text"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, str(on.day))
        painter.restore()


class _Names(QHeaderView):
    """Who: elided with an ellipsis, where a plain header cuts in the middle of a letter."""

    def __init__(self, parent: QTableView) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        model = self.model()
        assert isinstance(model, _Days)
        painter.save()
        painter.fillRect(rect, theme.colour("surface"))
        painter.setPen(theme.colour("border"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        font = theme.font("small", Weight.SEMIBOLD)
        painter.setFont(font)
        painter.setPen(theme.colour("text"))
        room = rect.adjusted(12, 0, -6, 0)
        name = QFontMetrics(font).elidedText(model.people[logicalIndex][1], Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)
        painter.restore()


class AbsenceCalendar(QTableView):
    """Enter or a double click on a day opens the absence that covers it, or begins one."""

    def __init__(self, opened: Callable[[str, date], None]) -> None:
        super().__init__()
        self._opened = opened
        self._days = _Days()
        self._days.setParent(self)
        self.setModel(self._days)
        self.setHorizontalHeader(_Head(self))
        self.setVerticalHeader(_Names(self))
        self.setItemDelegate(_DayCell(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for head in (self.horizontalHeader(), self.verticalHeader()):
            head.setSectionsClickable(False)
            head.setHighlightSections(False)
            head.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            head.setMinimumSectionSize(1)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.doubleClicked.connect(self._open)
        on_theme_change(self._restyle)

    def show_days(
        self,
        people: Sequence[tuple[str, str]],
        first: date,
        days: int,
        away: Sequence[tuple[str, date, date, str]],
    ) -> None:
        """`people` are (id, name); `away` are (id, first day, last day, why)."""
        here = (self.currentIndex().row(), self.currentIndex().column())
        self._days.beginResetModel()
        self._days.people, self._days.first, self._days.days = people, first, days
        self._days.away = {
            (who, since + timedelta(days=ahead)): why
            for who, since, until, why in away
            for ahead in range((until - since).days + 1)
        }
        self._days.endResetModel()
        if self._days.people:
            self.setCurrentIndex(self._days.index(max(here[0], 0) % len(people), max(here[1], 0)))
        self._restyle()

    def setAccessibleName(self, name: str) -> None:
        """Name the heads too."""
        super().setAccessibleName(name)
        self.horizontalHeader().setAccessibleName(name)
        self.verticalHeader().setAccessibleName(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the day."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        self._opened(self._days.people[index.row()][0], self._days.on(index.column()))

    def _restyle(self) -> None:
        self.setFont(theme.font("small"))
        self.horizontalHeader().setFont(theme.font("caption", Weight.MEDIUM))
        self.verticalHeader().setFont(theme.font("small", Weight.SEMIBOLD))
        self.verticalHeader().setFixedWidth(theme.px(_NAME))
        height = theme.height(30, "small")
        self.verticalHeader().setDefaultSectionSize(height)
        self.horizontalHeader().setFixedHeight(height)
        rows = min(max(len(self._days.people), 1), MOST_ROWS)
        self.setFixedHeight(height * (rows + 1) + 4)

"""List of words to choose one from: settings index, people, destinations."""

from collections.abc import Mapping, Sequence
from typing import cast

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QIcon, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ui.theme.focus import focus_in, hide_ring
from ui.theme.style import on_theme_change, theme
from ui.theme.tokens.metrics import RADII, Weight

_ICON = 17
_PAD = 8
_COUNT = 28
COUNT = Qt.ItemDataRole.UserRole + 1
"""The role under which an entry says how many it stands for."""


class CountedDelegate(QStyledItemDelegate):
    """Shape, words on as many lines as they need, and at the right how many there are (`COUNT`)."""

    def _words_width(self, view: QWidget) -> int:
        count = theme.px(_COUNT)
        return max(view.width() - theme.px(_ICON) - count - 4 * _PAD, theme.px(60))

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """As high as the words."""
        view = cast(QListWidget, self.parent())
        box = QRect(0, 0, self._words_width(view.viewport()), 10_000)
        needs = QFontMetrics(view.font()).boundingRect(box, Qt.TextFlag.TextWordWrap.value, str(index.data()))
        return QSize(box.width(), max(theme.control_height, needs.height() + 12))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The ground as of any list, then the three parts."""
        view = cast(QListWidget, self.parent())
        words, icon = str(index.data()), index.data(Qt.ItemDataRole.DecorationRole)
        plain = QStyleOptionViewItem(option)
        self.initStyleOption(plain, index)
        plain.text, plain.icon = "", QIcon()
        view.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, plain, painter, view)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        side, area = theme.px(_ICON), option.rect.adjusted(_PAD, 0, -_PAD, 0)
        if isinstance(icon, QIcon):
            icon.paint(painter, QRect(area.left(), area.center().y() - side // 2, side, side))
        painter.save()
        painter.setFont(view.font())
        painter.setPen(theme.colour("accent" if chosen else "text"))
        room = QRect(area.left() + side + _PAD, area.top(), self._words_width(view.viewport()), area.height())
        painter.drawText(room, Qt.TextFlag.TextWordWrap.value | Qt.AlignmentFlag.AlignVCenter.value, words)
        count = str(index.data(COUNT) or "")
        painter.setFont(theme.font("body", Weight.SEMIBOLD if count != "0" else Weight.REGULAR))
        painter.setPen(theme.colour("accent" if chosen else "text" if count != "0" else "faint"))
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, count)
        painter.restore()


class List(QListWidget):
    """One stop of the Tab key; arrows choose. `name` says what is listed, entries are (value, word, icon)."""

    changed = Signal(object)

    def __init__(
        self, name: str, entries: Sequence[tuple[object, str, str]] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        # Rows laid out before the sheet is known keep the height that they had without it.
        self.ensurePolished()
        self.set_entries(entries)
        self.currentRowChanged.connect(self._tell)
        on_theme_change(self._restyle)

    def set_entries(self, entries: Sequence[tuple[object, str, str]]) -> None:
        """Replace the list, keeping the choice when it is still there."""
        kept = self.value()
        self.blockSignals(True)
        self.clear()
        for value, word, icon in entries:
            item = QListWidgetItem(word)
            item.setData(Qt.ItemDataRole.UserRole, (value, icon))
            item.setToolTip(word)
            self.addItem(item)
        self.blockSignals(False)
        self.set_value(kept)
        self._restyle()

    def show_counts(self, counts: Mapping[object, str]) -> None:
        """Beside the words, how many each entry stands for, by value."""
        if not isinstance(self.itemDelegate(), CountedDelegate):
            self.setItemDelegate(CountedDelegate(self))
        for row in range(self.count()):
            item = self.item(row)
            count = counts.get(item.data(Qt.ItemDataRole.UserRole)[0], "")
            item.setData(COUNT, count)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, " ".join(part for part in (item.text(), count) if part))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words that wrap need other heights."""
        super().resizeEvent(event)
        if isinstance(self.itemDelegate(), CountedDelegate):
            self.scheduleDelayedItemsLayout()

    def value(self) -> object:
        """What the chosen word stands for, None when there is none."""
        item = self.currentItem()
        return item.data(Qt.ItemDataRole.UserRole)[0] if item is not None else None

    def set_value(self, value: object) -> None:
        """Choose by value; one that is not in the list leaves the first chosen."""
        values = [self.item(row).data(Qt.ItemDataRole.UserRole)[0] for row in range(self.count())]
        self.setCurrentRow(values.index(value) if value in values else min(0, self.count() - 1))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        focus_in(self, event, RADII.control)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        hide_ring(self)

    def _tell(self, row: int) -> None:
        self._restyle()
        self.changed.emit(self.value())

    def _restyle(self) -> None:
        self.setFont(theme.font("body", Weight.MEDIUM))
        self.setIconSize(QSize(theme.px(_ICON), theme.px(_ICON)))
        for row in range(self.count()):
            icon = self.item(row).data(Qt.ItemDataRole.UserRole)[1]
            if icon:
                chosen = row == self.currentRow()
                shape = theme.icon(icon, "accent" if chosen else "muted", _ICON, "fill" if chosen else None)
                self.item(row).setIcon(shape)

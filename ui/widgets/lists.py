"""List of words to choose one from: settings index, people, destinations."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListWidget, QListWidgetItem, QWidget

from ui.theme.focus import focus_in, hide_ring
from ui.theme.style import on_theme_change, theme
from ui.theme.tokens.metrics import RADII, Weight

_ICON = 17


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

"""Filters of the day: a button whose menu stays open while several entries are ticked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QWidget

from app.core.i18n import N_, _
from ui.theme.style import theme
from ui.widgets.buttons import Button


class TickMenu(QMenu):
    """A menu of ticks: click, Space and Enter tick without closing it; Escape closes."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tick under the mouse."""
        if not self._tick(self.actionAt(event.position().toPoint())):
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tick the current entry."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._tick(self.activeAction()):
            return
        super().keyPressEvent(event)

    @staticmethod
    def _tick(action: QAction | None) -> bool:
        if action is None or not action.isCheckable():
            return False
        action.trigger()
        return True


class FilterButton(Button):
    """`Fauteuil`, or `Fauteuil : 1, 2` while some are ticked; `changed` at each tick."""

    changed = Signal()

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(" ", "secondary", icon, size="compact", parent=parent)
        self._title = ""
        self._entries: list[tuple[str, str]] = []
        self._ticked: set[str] = set()
        self.clicked.connect(self._open)

    def set_title(self, title: str) -> None:
        """What is filtered by."""
        self._title = title
        self._say()

    def set_entries(self, entries: Sequence[tuple[str, str]]) -> None:
        """(value, word) of everything that can be ticked; ticks on what is gone are dropped."""
        self._entries = list(entries)
        self._ticked &= {value for value, _word in entries}
        self._say()

    def values(self) -> list[str]:
        """What is ticked, in the order of the menu."""
        return [value for value, _word in self._entries if value in self._ticked]

    def clear(self) -> None:
        """Nothing is ticked."""
        self.tick([])

    def tick(self, values: Sequence[str]) -> None:
        """Tick these and nothing else, without telling."""
        self._ticked = set(values)
        self._say()

    def menu_now(self) -> TickMenu:
        """The menu, made anew."""
        menu = TickMenu(self)
        menu.setAccessibleName(self._title)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for value, word in self._entries:
            action = menu.addAction(word.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(value in self._ticked)
            action.toggled.connect(lambda on, value=value: self._tick(value, on))
        menu.addSeparator()
        every = menu.addAction(theme.icon("x"), _(N_("Show all")))
        every.triggered.connect(lambda *_args: self._clear())
        return menu

    def _open(self) -> None:
        self.menu_now().popup(self.mapToGlobal(QPoint(0, self.height() + 4)))

    def _clear(self) -> None:
        self.clear()
        self.changed.emit()

    def _tick(self, value: str, on: bool) -> None:
        (self._ticked.add if on else self._ticked.discard)(value)
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        words = [word for value, word in self._entries if value in self._ticked]
        shown = words[0] if len(words) == 1 else str(len(words))
        self.setText(_(N_("{name}: {value}"), name=self._title, value=shown) if words else self._title)
        self.set_help(", ".join(words))

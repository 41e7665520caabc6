"""What is painted for assistive technology: a list whose items are what one can choose of the picture.

Qt keeps every interface in its cache and deletes it there, while Python believes that what it made is its own. What
Python lets go before Qt does stays in the cache as a dangling pointer, and the process ends at some later look into it.
Therefore every interface is held here until Qt has deleted it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final, Protocol

from PySide6.QtCore import QObject, QPoint, QPointF, QRect, QRectF, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface, QWindow
from PySide6.QtWidgets import QAbstractScrollArea, QAccessibleWidget
from shiboken6 import isValid

Role, Text = QAccessible.Role, QAccessible.Text
MOST_GONE: Final = 400
"""Items of other days that are kept beside those on show."""


class Keyed(Protocol):
    """Something that is painted; `key` stays the same when it is read again."""

    @property
    def key(self) -> str: ...


class PaintedItems(QAbstractScrollArea):
    """A painted view whose items are in the accessibility tree. Subclasses paint, and answer where things are."""

    chosen = Signal(object)
    """The item that is now chosen, or None."""
    cursor_key: str = ""

    @property
    def items(self) -> Sequence[Keyed]:
        """Every item, in the order in which they are read."""
        return ()

    @property
    def cursor_item(self) -> Keyed | None:
        """The item on which the keyboard stands."""
        return None

    def spoken(self, item: Any) -> str:
        """An item for those who hear it, with its state."""
        return ""

    def item_rect(self, item: Any) -> QRectF:
        """Where an item is in the viewport."""
        return QRectF()

    def field_rect(self) -> QRectF:
        """Where items show in the viewport."""
        return QRectF(self.viewport().rect())

    def item_at(self, point: QPointF) -> Any:
        """The item under a point of the viewport, or None."""
        return None


class ItemInterface(QAccessibleInterface):
    """One item: its sentence, its place on the screen, whether the keyboard stands on it."""

    def __init__(self, grid: PaintedItems, key: str, owner: GridInterface) -> None:
        super().__init__()
        self._grid, self._key, self._owner = grid, key, owner

    @property
    def _item(self) -> Keyed | None:
        return next((item for item in self._grid.items if item.key == self._key), None)

    def isValid(self) -> bool:
        """Whether it is still shown."""
        return self._item is not None

    def object(self) -> QObject | None:  # type: ignore[override]  # the stub says never None, Qt says maybe
        """No widget of its own."""
        return None

    def window(self) -> QWindow | None:  # type: ignore[override]  # the stub says never None, Qt says maybe
        """That of the picture."""
        return self._grid.window().windowHandle()

    def role(self) -> QAccessible.Role:
        """An item of a list."""
        return Role.ListItem

    def text(self, kind: QAccessible.Text) -> str:
        """What it is, with its state."""
        item = self._item
        return self._grid.spoken(item) if item is not None and kind == Text.Name else ""

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """Nothing is renamed here."""

    def state(self) -> QAccessible.State:
        """Selectable; focused when the keyboard stands on it."""
        state = QAccessible.State()
        item = self._item
        state.selectable = state.focusable = True
        if item is None:
            state.invalid = True
            return state
        here = item.key == self._grid.cursor_key
        state.selected = here
        state.focused = here and self._grid.hasFocus()
        state.offscreen = not self._grid.item_rect(item).intersects(self._grid.field_rect())
        return state

    def rect(self) -> QRect:
        """On the screen."""
        item = self._item
        if item is None:
            return QRect()
        box = self._grid.item_rect(item).toRect()
        return QRect(self._grid.viewport().mapToGlobal(box.topLeft()), box.size())

    def parent(self) -> QAccessibleInterface | None:  # type: ignore[override]  # the stub says never None, Qt says maybe
        """The list."""
        return self._owner

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]  # the stub says never None, Qt says maybe
        """None."""
        return None

    def childCount(self) -> int:
        """None."""
        return 0

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]  # the stub says never None, Qt says maybe
        """None."""
        return None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """None."""
        return -1


class GridInterface(QAccessibleWidget):
    """The picture as a list; its items are made when they are asked for and kept by what they stand for."""

    def __init__(self, grid: PaintedItems) -> None:
        super().__init__(grid, Role.List, "")
        self._grid = grid
        self._made: dict[str, ItemInterface] = {}
        self._ids: dict[str, int] = {}

    def text(self, kind: QAccessible.Text) -> str:
        """The name of the picture, and as its value what the keyboard stands on."""
        if kind == Text.Name:
            return self._grid.accessibleName()
        item = self._grid.cursor_item
        return self._grid.spoken(item) if kind == Text.Value and item is not None else ""

    def childCount(self) -> int:
        """Every item."""
        return len(self._grid.items)

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]  # the stub says never None, Qt says maybe
        """The item of a place."""
        items = self._grid.items
        if not 0 <= index < len(items):
            return None
        key = items[index].key
        if key not in self._made:
            if len(self._made) > MOST_GONE + len(items):
                self.let_go({item.key for item in items})
            made = self._made[key] = ItemInterface(self._grid, key, self)
            self._ids[key] = QAccessible.registerAccessibleInterface(made)
        return self._made[key]

    def let_go(self, but: Collection[str] = ()) -> None:
        """Have Qt delete the items but these: those of other days, or all of them when the schedule goes."""
        for key in [key for key in self._made if key not in but]:
            QAccessible.deleteAccessibleInterface(self._ids.pop(key))
            del self._made[key]

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """The place of an item."""
        key = getattr(child, "_key", "")
        return next((place for place, item in enumerate(self._grid.items) if item.key == key), -1)

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]  # the stub says never None, Qt says maybe
        """The item at a point of the screen."""
        point = self._grid.viewport().mapFromGlobal(QPoint(x, y))
        item = self._grid.item_at(QPointF(point))
        return self.child(list(self._grid.items).index(item)) if item is not None else None

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]  # the stub says never None, Qt says maybe
        """The item on which the keyboard stands."""
        item = self._grid.cursor_item
        return self.child(list(self._grid.items).index(item)) if item is not None else None


_installed: list[Any] = []


def make_accessible(grid: PaintedItems) -> None:
    """Let assistive technology see the items of every such view, and hear where the keyboard goes."""
    if not _installed:
        _installed.append(_interface)
        QAccessible.installFactory(_interface)
    grid.chosen.connect(lambda item: _tell_focus(grid, item))


def _interface(_class: str, thing: QObject | None) -> QAccessibleInterface | None:
    """Asked again for a picture whose metaobject Python has extended, Qt caches another interface beside the first."""
    if not isinstance(thing, PaintedItems):
        return None
    made = GridInterface(thing)
    _kept[:] = [*(one for one in _kept if isValid(one)), made]
    thing.destroyed.connect(lambda _gone: made.let_go())
    return made


_kept: list[GridInterface] = []


def _tell_focus(grid: PaintedItems, item: Keyed | None) -> None:
    if item is None or not QAccessible.isActive():
        return
    event = QAccessibleEvent(grid, QAccessible.Event.Focus)
    event.setChild(list(grid.items).index(item))
    QAccessible.updateAccessibility(event)

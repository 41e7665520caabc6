"""The keys of the day, the same in every view."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from ui.orchestration.day_bar import BOARD, FLOOR, GRID, TIMELINE
from ui.scheduling.ghost import Deed
from ui.scheduling.schedule_acts import KEYS, act_of_key

if TYPE_CHECKING:
    from ui.orchestration.day_view import DayView


def take_key(view: DayView, event: QKeyEvent) -> bool:
    """Do what a key stands for; False when it stands for nothing here."""
    visit, key = view.visit(), Qt.Key(event.key())
    if key == Qt.Key.Key_F4:
        return view.panels.alerts.take_first()
    if key in KEYS:
        if visit is not None:
            shift = "Shift+" if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else ""
            act = act_of_key(shift + KEYS[key], visit.line)
            if act is not None:
                view.hands.act(act, visit.id)
            else:
                view.hands.not_now(visit)
        return True
    if event.modifiers() & Qt.KeyboardModifier.AltModifier and Qt.Key.Key_1 <= key <= Qt.Key.Key_9:
        return view.choose_chair(int(key) - int(Qt.Key.Key_1))
    return _plain_key(view, key, event.modifiers())


def _plain_key(view: DayView, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
    if modifiers & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier):
        return False
    visit = view.visit()
    letters: dict[Qt.Key, Callable[[], object]] = {
        Qt.Key.Key_T: lambda: view.step(0), Qt.Key.Key_PageUp: lambda: view.step(-1),
        Qt.Key.Key_PageDown: lambda: view.step(1), Qt.Key.Key_1: lambda: view.bar.take({"view": TIMELINE}),
        Qt.Key.Key_2: lambda: view.bar.take({"view": GRID}), Qt.Key.Key_3: lambda: view.bar.take({"view": BOARD}),
        Qt.Key.Key_4: lambda: view.bar.take({"view": FLOOR}), Qt.Key.Key_N: lambda: view.book({"day": view.day()}),
        Qt.Key.Key_Plus: lambda: view.timeline.grid.set_zoom(1),
        Qt.Key.Key_Minus: lambda: view.timeline.grid.set_zoom(-1),
    }  # fmt: skip
    if visit is not None:
        letters |= {
            Qt.Key.Key_M: lambda: view.hands.begin(Deed.MOVE), Qt.Key.Key_R: lambda: view.hands.begin(Deed.RESIZE),
            Qt.Key.Key_E: lambda: view.hands.edit(visit.id), Qt.Key.Key_Space: view.menu_of_chosen,
            Qt.Key.Key_Delete: view.menu_of_chosen,
        }  # fmt: skip
    if key not in letters:
        return False
    letters[key]()
    return True

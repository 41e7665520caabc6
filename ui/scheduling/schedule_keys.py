"""The keys of the schedule."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from ui.scheduling.ghost import Deed
from ui.scheduling.schedule_acts import KEYS, act_of_key
from ui.scheduling.schedule_bar import DAY, WEEK
from ui.scheduling.schedule_lanes import By

if TYPE_CHECKING:
    from ui.scheduling.schedule_view import ScheduleView


def take_key(view: ScheduleView, event: QKeyEvent) -> bool:
    """Do what a key stands for; False when it stands for nothing here."""
    visit, key = view.chosen_visit(), Qt.Key(event.key())
    if event.matches(QKeySequence.StandardKey.Cut) and visit is not None:
        view.clip.take(visit)
    elif event.matches(QKeySequence.StandardKey.Paste):
        view.clip.paste()
    elif key in KEYS and visit is not None:
        shift = "Shift+" if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else ""
        act = act_of_key(shift + KEYS[key], visit)
        if act is not None:
            view.act(act, visit)
    else:
        return _plain_key(view, key, event.modifiers())
    return True


def _plain_key(view: ScheduleView, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
    if modifiers & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier):
        return False
    visit = view.chosen_visit()
    letters: dict[Qt.Key, Callable[[], object]] = {
        Qt.Key.Key_T: lambda: view.step(0), Qt.Key.Key_PageUp: lambda: view.step(-1),
        Qt.Key.Key_PageDown: lambda: view.step(1), Qt.Key.Key_D: lambda: view.bar.set_value("span", DAY),
        Qt.Key.Key_W: lambda: view.bar.set_value("span", WEEK),
        Qt.Key.Key_C: lambda: view.bar.set_value("by", By.CHAIR),
        Qt.Key.Key_P: lambda: view.bar.set_value("by", By.PROVIDER), Qt.Key.Key_N: view.book_new,
        Qt.Key.Key_Plus: lambda: view.grid.set_zoom(1), Qt.Key.Key_Minus: lambda: view.grid.set_zoom(-1),
    }  # fmt: skip
    if visit is not None:
        letters |= {
            Qt.Key.Key_M: lambda: view.begin(Deed.MOVE), Qt.Key.Key_R: lambda: view.begin(Deed.RESIZE),
            Qt.Key.Key_E: lambda: view.edit(visit), Qt.Key.Key_Space: view.menu_of_chosen,
            Qt.Key.Key_Delete: view.menu_of_chosen,
        }  # fmt: skip
    if key not in letters:
        return False
    letters[key]()
    return True

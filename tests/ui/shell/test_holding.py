"""A finger that rests opens what a right click opens, and says what a hovering pointer would be told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from ui.shell import holding
from ui.shell.holding import HOLD_MS, SLACK
from ui.shell.offscreen import settle
from ui.shell.window import Window

FINGER = QTest.createTouchDevice()


class _Noted(QObject):
    """The menus and tooltips that are asked of widgets, and where."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, QWidget]] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kinds = {QEvent.Type.ContextMenu: "menu", QEvent.Type.ToolTip: "tooltip"}
        if event.type() in kinds and isinstance(watched, QWidget):
            self.asked.append((kinds[event.type()], watched))
            if isinstance(event, QContextMenuEvent):
                event.ignore()
                return True
        return False


@pytest.fixture
def noted(window: Window) -> Iterator[_Noted]:
    listener = _Noted()
    app = QApplication.instance()
    assert app is not None
    app.installEventFilter(listener)
    yield listener
    app.removeEventFilter(listener)


def place_on(window: Window, target: QWidget) -> QPoint:
    return target.mapTo(window, target.rect().center())


def rest_on(window: Window, target: QWidget, milliseconds: int = HOLD_MS + 150, *, wander: int = 0) -> None:
    """Put a finger down, let it rest or wander, and lift it."""
    handle = window.windowHandle()
    at = place_on(window, target)
    QTest.touchEvent(handle, FINGER).press(0, at).commit()
    if wander:
        QTest.touchEvent(handle, FINGER).move(0, at + QPoint(wander, 0)).commit()
    QTest.qWait(milliseconds)
    QTest.touchEvent(handle, FINGER).release(0, at + QPoint(wander, 0)).commit()
    settle(window)


def test_press_and_hold_asks_for_the_menu_and_then_the_tooltip(window: Window, noted: _Noted) -> None:
    window.open("schedule")
    settle(window)
    button = window.screens["schedule"].bar.larger
    rest_on(window, button)
    assert [kind for kind, widget in noted.asked if widget is button] == ["menu", "tooltip"]


def test_the_button_under_a_finger_that_rested_is_not_pressed(window: Window, noted: _Noted) -> None:
    window.open("schedule")
    settle(window)
    grid, button = window.screens["schedule"].grid, window.screens["schedule"].bar.larger
    before = grid.zoom
    rest_on(window, button)
    assert grid.zoom == before
    assert not button.isDown()
    rest_on(window, button, 30)
    assert grid.zoom == before + 1, "a tap still presses"


def test_the_menu_of_a_visit_opens_under_a_finger(window: Window) -> None:
    window.open("schedule")
    settle(window)
    grid = window.screens["schedule"].grid
    item = next(one for one in grid.items if one.visit and grid.field_rect().contains(grid.item_rect(one).center()))
    asked: list[object] = []
    grid.menu_asked.disconnect()
    grid.menu_asked.connect(lambda one, _place: asked.append(one))
    at = grid.viewport().mapTo(window, grid.item_rect(item).center().toPoint())
    QTest.touchEvent(window.windowHandle(), FINGER).press(0, at).commit()
    QTest.qWait(HOLD_MS + 150)
    QTest.touchEvent(window.windowHandle(), FINGER).release(0, at).commit()
    settle(window)
    assert asked == [item]


@pytest.mark.parametrize(("milliseconds", "wander"), [(60, 0), (HOLD_MS + 150, round(SLACK) + 8)])
def test_a_tap_and_a_finger_that_wanders_ask_for_nothing(
    window: Window, noted: _Noted, milliseconds: int, wander: int
) -> None:
    window.open("schedule")
    settle(window)
    button = window.screens["schedule"].bar.smaller
    rest_on(window, button, milliseconds, wander=wander)
    assert [kind for kind, _widget in noted.asked if kind == "menu"] == []
    assert holding.HOLD_MS == 450, "the design says so"

"""Who may read but not write: no control of any screen, no key, no line of the palette and no `do` writes anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QFileDialog,
    QMenu,
    QMessageBox,
    QPushButton,
    QToolButton,
)
from shiboken6 import isValid

from app.core.errors import PermissionDenied
from app.journal.commands import COMMANDS, QUERIES, Command
from app.journal.queries import Actor
from tests.ui.shell.test_accessible import SCREENS, TABS
from ui.shell.faces import shown_patient
from ui.shell.offscreen import go, settle
from ui.shell.palette_entries import command_entries
from ui.shell.screens import discover, patient_tabs
from ui.shell.window import Window

KEYS: tuple[tuple[Qt.Key, Qt.KeyboardModifier], ...] = (
    *((Qt.Key(Qt.Key.Key_F2 + number), Qt.KeyboardModifier.NoModifier) for number in range(11)),
    (Qt.Key.Key_F7, Qt.KeyboardModifier.ShiftModifier),
    (Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier),
    (Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier),
    *((key, Qt.KeyboardModifier.ControlModifier) for key in (Qt.Key.Key_N, Qt.Key.Key_R, Qt.Key.Key_E, Qt.Key.Key_S)),
    (Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier),
    (Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier),
)

MOMENT = 0.5
"""Seconds in which a press has sent what it sends; images that are still read are not waited for."""


def reader(window: Window) -> Actor:
    """The manager with the rights of questions and screens only."""
    asked = {query.permission.name for query in QUERIES.values() if query.permission}
    shown = {spec.permission for spec in (*discover(), *patient_tabs()) if spec.permission}
    actor = window.bench.actor
    return Actor(actor.id, actor.name, frozenset(asked | shown), actor.session)


def refused(actor: Actor) -> list[Command[..., Any]]:
    """The commands that this person may not give."""
    return [command for command in COMMANDS.values() if not actor.may(command.permission)]


@pytest.fixture
def attempts(window: Window, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What was sent to the runner in spite of the missing right, from where; dialogs answer nothing."""
    window.bench.actor = reader(window)
    found: list[str] = []
    for name in ("submit_bound", "run_bound"):
        kept = getattr(window.bench.runner, name)

        def send(actor: Actor, command: Any, *given: Any, kept: Any = kept, **named: Any) -> Any:
            if not actor.may(command.permission):
                found.append(command.name)
            return kept(actor, command, *given, **named)

        monkeypatch.setattr(window.bench.runner, name, send)
    for name in ("getOpenFileName", "getOpenFileNames", "getSaveFileName"):
        monkeypatch.setattr(QFileDialog, name, staticmethod(lambda *_given, **_named: ("", "")))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", staticmethod(lambda *_given, **_named: ""))
    for modal in (QDialog, QFileDialog, QMessageBox, QPrintDialog):
        monkeypatch.setattr(modal, "exec", lambda _dialog: 0)
    monkeypatch.setattr(QMenu, "exec", lambda *_given: None)
    yield found
    for popup in (QApplication.activePopupWidget(), QApplication.activeModalWidget()):
        if popup is not None:
            popup.close()


def places() -> Iterator[tuple[str, str]]:
    """Every screen, and every tab of the chart.

    The reading room is left to tests/ui/imaging: its buttons open the viewer’s menus, which wait for a choice.
    """
    for name in (name for name in SCREENS if name != "reading"):
        yield from ((name, tab) for tab in (TABS if name == "patient" else [""]))


def show(window: Window, name: str, tab: str) -> list[QAbstractButton]:
    """Open it anew; the buttons that can be pressed."""
    go(window, name)
    if tab:
        window.open("patient", patient_id=shown_patient(window), tab=tab)
    settle(window)
    buttons = window.screens[name].findChildren(QAbstractButton)
    return [button for button in buttons if ready(button)]


def press(button: QAbstractButton) -> None:
    """Press it; of one that opens a menu, which would wait for a hand, everything that the menu offers."""
    menu = button.menu() if isinstance(button, QToolButton | QPushButton) else None
    if menu is None:
        button.click()
        return
    menu.aboutToShow.emit()
    for action in menu.actions():
        if isValid(action) and action.isEnabled() and action.menu() is None:
            action.trigger()


def ready(button: QAbstractButton) -> bool:
    """Whether it is still there to be pressed."""
    return isValid(button) and button.isVisible() and button.isEnabled()


def close_popups() -> None:
    for _layer in range(6):  # one that does not let itself be closed is hidden with its window
        popup = QApplication.activePopupWidget()
        if popup is not None:
            popup.close()


@pytest.mark.parametrize(("name", "tab"), list(places()))
def test_no_control_and_no_key_of_a_screen_writes(window: Window, attempts: list[str], name: str, tab: str) -> None:
    faults = []
    buttons = show(window, name, tab)
    for place in range(len(buttons)):
        gone = place >= len(buttons) or not ready(buttons[place])
        if gone or window.current is None or window.current.name != name:
            buttons = show(window, name, tab)
        if place >= len(buttons):
            continue
        button, told = buttons[place], len(attempts)
        words = button.text() or button.accessibleName()
        press(button)
        close_popups()
        settle(window, MOMENT)
        faults += [f"button {words!r}: {command}" for command in attempts[told:]]
    show(window, name, tab)
    for key, modifier in KEYS:
        if window.current is None or window.current.name != name:
            show(window, name, tab)
        told = len(attempts)
        QTest.keyClick(QApplication.focusWidget() or window, key, modifier)
        close_popups()
        settle(window, MOMENT)
        faults += [f"key {key.name}: {command}" for command in attempts[told:]]
    assert faults == []


def test_the_palette_says_who_may_and_gives_no_form(window: Window, attempts: list[str]) -> None:
    entries = {entry.key: entry for entry in command_entries(window)}
    for command in refused(window.bench.actor):
        if not command.hidden:
            assert entries[f"command:{command.name}"].reason, command.name


def test_do_refuses_before_it_reads_the_arguments(window: Window, attempts: list[str]) -> None:
    actor = window.bench.actor
    denied = refused(actor)
    assert len(denied) > 100
    for command in denied:
        with pytest.raises(PermissionDenied):
            window.bench.runner.submit_bound(actor, command, {}).result()


def test_a_planted_attempt_is_seen(window: Window, attempts: list[str]) -> None:
    command = refused(window.bench.actor)[0]
    window.bench.run_bound(None, command, {})
    settle(window)
    assert attempts == [command.name]

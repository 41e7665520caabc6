"""The menu of the person: lock, switch user, language, theme, text size, sign out. Made when it opens."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from app.core.i18n import N_, _, language
from app.core.settings import Setting
from app.journal.own_work import own_work
from ui.shell.formats import moment
from ui.shell.paper import print_evacuation, print_from
from ui.shell.preferences import LANGUAGE, TEXT_SIZE, THEME, next_size
from ui.shell.shortcuts import key_words
from ui.theme.style import theme

if TYPE_CHECKING:
    from ui.shell.window import Window


def person_menu(window: Window) -> QMenu:
    """The menu under the person's name."""
    menu = QMenu(window)
    menu.setAccessibleName(_(N_("Person")))
    _add(menu, "lock", _(N_("Lock")), window.lock, "Ctrl+L")
    _add(menu, "user-switch", _(N_("Switch user")), window.lock)
    menu.addSeparator()
    menu.addMenu(undo_history(window, menu))
    menu.addMenu(_panels(window, menu))
    _add(menu, "arrow-square-out", _(N_("Open in a new window")), window.open_new_window, "Ctrl+Shift+N")
    _add(menu, "printer", _(N_("Print")), partial(print_from, window), "Ctrl+P")
    _add(menu, "users-three", _(N_("Evacuation list")), partial(print_evacuation, window), "Ctrl+Shift+E")
    menu.addSeparator()
    menu.addMenu(_choices(menu, "translate", LANGUAGE, language(), window.prefer))
    menu.addMenu(_choices(menu, "palette", THEME, theme.choice, window.prefer))
    menu.addMenu(_sizes(menu, window))
    menu.addSeparator()
    _add(menu, "question", _(N_("Help for this screen")), window.toggle_help, "F1")
    _add(menu, "keyboard", _(N_("Keyboard shortcuts")), partial(window.open, "shortcuts"), "Ctrl+F1")
    _add(menu, "sparkle", _(N_("What’s new")), partial(window.show_help, "whats-new"))
    _add(menu, "info", _(N_("About Archwire")), partial(window.open, "about"))
    menu.addSeparator()
    _add(menu, "sign-out", _(N_("Sign out")), window.sign_out)
    return menu


def workspace_menu(window: Window) -> QMenu:
    """The workspaces that the person may choose."""
    menu = QMenu(window)
    menu.setAccessibleName(_(N_("Workspaces")))
    group = QActionGroup(menu)
    for spec in window.workspaces():
        action = _add(menu, spec.icon, _(spec.title), partial(window.choose_workspace, spec.name))
        action.setCheckable(True)
        action.setChecked(spec is window.workspace)
        group.addAction(action)
    return menu


def pop_person_menu(window: Window) -> None:
    """Open it under the name, its right edge under that of the name."""
    menu = person_menu(window)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    corner = window.top.person.mapToGlobal(window.top.person.rect().bottomRight())
    menu.popup(corner - QPoint(menu.sizeHint().width(), -4))


def pop_workspace_menu(window: Window) -> None:
    """Open it beside the head of the rail."""
    menu = workspace_menu(window)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.popup(window.rail.head.mapToGlobal(QPoint(window.rail.head.width() - 8, 8)))


def _panels(window: Window, parent: QWidget) -> QMenu:
    menu = QMenu(_(N_("Panels")), parent)
    menu.setIcon(theme.icon("sidebar-simple"))
    for panel in window.docks.panels.values():
        action = _add(menu, panel.spec.icon, _(panel.spec.title), partial(window.docks.toggle, panel.spec.name))
        action.setCheckable(True)
        action.setChecked(not panel.isHidden())
    menu.addSeparator()
    _add(menu, "layout", _(N_("Reset the layout of the panels")), window.docks.reset)
    return menu


def undo_history(window: Window, parent: QWidget) -> QMenu:
    """What the person did last, the newest first; each can be taken back, the journal says when it cannot."""
    menu = QMenu(_(N_("Undo history")), parent)
    menu.setIcon(theme.icon("clock-counter-clockwise"))
    bench = window.bench
    for line in bench.runner.ask(bench.actor, own_work):
        words = f"{_(line.label)} · {moment(line.at, bench.runner.clock)}"
        if line.is_undone:
            words += f" · {_(N_('taken back'))}"
        action = _add(menu, "arrow-u-up-left", words, partial(bench.undo, line.operation_id, line.group_id))
        action.setEnabled(not line.is_undone)
    menu.setEnabled(not menu.isEmpty())
    return menu


def _add(menu: QMenu, icon: str, text: str, act: Callable[[], Any], keys: str = "") -> QAction:
    action = menu.addAction(theme.icon(icon), text)
    if keys:  # shown only: the window owns the shortcut itself
        action.setText(f"{text}\t{key_words(keys)}")
    action.triggered.connect(lambda *_: act())
    return action


def _choices(
    parent: QWidget, icon: str, setting: Setting[Any], now: str, prefer: Callable[[Setting[Any], str], None]
) -> QMenu:
    menu = QMenu(_(setting.label), parent)
    menu.setIcon(theme.icon(icon))
    group = QActionGroup(menu)
    for value, label in setting.labels:
        action = menu.addAction(_(label))
        action.setCheckable(True)
        action.setChecked(value == now)
        group.addAction(action)
        action.triggered.connect(lambda _on=False, value=value: prefer(setting, value))
    return menu


def _sizes(parent: QWidget, window: Window) -> QMenu:
    menu = QMenu(_(TEXT_SIZE.label), parent)
    menu.setIcon(theme.icon("text-aa"))
    now = str(round(theme.text_scale * 100))
    for text, step, keys in (
        (N_("Larger"), 1, "Ctrl+Shift+Up"), (N_("Smaller"), -1, "Ctrl+Shift+Down"), (N_("Normal size"), 0, "Ctrl+0"),
    ):  # fmt: skip
        _add(menu, "text-aa", _(text), partial(window.prefer, TEXT_SIZE, next_size(now, step)), keys)
    return menu

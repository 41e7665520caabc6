"""The menu of the person: lock, switch user, language, theme, text size, sign out. Made when it opens."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from app.core.i18n import N_, _, language
from app.core.settings import Setting
from ui.shell.preferences import LANGUAGE, TEXT_SIZE, THEME, next_size
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
    menu.addMenu(_choices(menu, "translate", LANGUAGE, language(), window.prefer))
    menu.addMenu(_choices(menu, "palette", THEME, theme.choice, window.prefer))
    menu.addMenu(_sizes(menu, window))
    menu.addSeparator()
    _add(menu, "question", _(N_("Help for this screen")), window.toggle_help, "F1")
    _add(menu, "sign-out", _(N_("Sign out")), window.sign_out)
    return menu


def _add(menu: QMenu, icon: str, text: str, act: Callable[[], Any], keys: str = "") -> QAction:
    action = menu.addAction(theme.icon(icon), text)
    if keys:  # shown only: the window owns the shortcut itself
        action.setText(f"{text}\t{QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)}")
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

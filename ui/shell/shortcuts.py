"""The keys that hold in the whole window. None depends on punctuation or AltGr (the Canadian layouts move them)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

from ui.shell.paper import print_evacuation, print_from

if TYPE_CHECKING:
    from ui.shell.window import Window


def install_shortcuts(window: Window) -> None:
    """Bind the keys; they hold while the workbench is shown, wherever the keyboard is, and never over the gate."""
    table: list[tuple[str, Callable[[], Any]]] = [
        ("Ctrl+K", window.open_palette),
        ("Ctrl+F", window.go_to_filter),
        ("Ctrl+P", partial(print_from, window)),
        ("Ctrl+Shift+E", partial(print_evacuation, window)),
        ("F1", window.toggle_help),
        ("Ctrl+L", window.lock),
        ("Ctrl+Z", window.undo_last),
        ("Ctrl+Y", window.redo_last),
        ("Ctrl+Shift+Z", window.redo_last),
        ("Ctrl+Shift+N", window.open_new_window),
        ("Ctrl+Shift+W", window.list_workspaces),
        ("Alt+Left", window.back),
        ("Ctrl+Shift+Up", partial(window.resize_text, 1)),
        ("Ctrl+Shift+Down", partial(window.resize_text, -1)),
        ("Ctrl+0", partial(window.resize_text, 0)),
        *((f"Ctrl+{number}", partial(window.open_number, number)) for number in range(1, 10)),
    ]
    for keys, act in table:
        shortcut = QShortcut(QKeySequence(keys), window.workbench)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)  # Qt refuses it while the workbench is hidden
        shortcut.activated.connect(act)

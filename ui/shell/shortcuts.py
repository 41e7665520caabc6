"""The keys that hold in the whole window, as data: bound here, listed on the page of shortcuts.

None depends on AltGr; the one with punctuation (Ctrl /, as elsewhere) has another beside it, for layouts that move it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

from app.core.i18n import N_, _
from ui.shell.paper import print_evacuation, print_from
from ui.shell.screens import discover

if TYPE_CHECKING:
    from ui.shell.window import Window


@dataclass(frozen=True, slots=True)
class WindowKey:
    """What a key does; `title` is a msgid."""

    keys: str
    title: str
    act: Callable[[Window], Any]


def _open_number(number: int, window: Window) -> None:
    window.open_number(number)


def _open_named(name: str, window: Window) -> None:
    window.open_by_keys(name)


WINDOW_KEYS: Final = (
    WindowKey("Ctrl+K", N_("Find a patient, a command, a screen or a setting"), lambda w: w.open_palette()),
    WindowKey("Ctrl+F", N_("Search in this screen"), lambda w: w.go_to_filter()),
    WindowKey("Ctrl+P", N_("Print this"), print_from),
    WindowKey("Ctrl+Shift+E", N_("Who is in the building, on paper"), print_evacuation),
    WindowKey("F1", N_("Help for this screen"), lambda w: w.toggle_help()),
    WindowKey("Ctrl+F1", N_("Keyboard shortcuts"), lambda w: w.open("shortcuts")),
    WindowKey("Ctrl+/", N_("Keyboard shortcuts"), lambda w: w.open("shortcuts")),
    WindowKey("Ctrl+L", N_("Lock"), lambda w: w.lock()),
    WindowKey("Ctrl+Z", N_("Undo"), lambda w: w.undo_last()),
    WindowKey("Ctrl+Y", N_("Do again"), lambda w: w.redo_last()),
    WindowKey("Ctrl+Shift+Z", N_("Do again"), lambda w: w.redo_last()),
    WindowKey("Ctrl+Shift+N", N_("Open in a new window"), lambda w: w.open_new_window()),
    WindowKey("Ctrl+Shift+W", N_("Workspaces"), lambda w: w.list_workspaces()),
    WindowKey("Alt+Left", N_("Screen before"), lambda w: w.back()),
    WindowKey("Ctrl+Shift+Up", N_("Larger text"), lambda w: w.resize_text(1)),
    WindowKey("Ctrl+Shift+Down", N_("Smaller text"), lambda w: w.resize_text(-1)),
    WindowKey("Ctrl+0", N_("Text at 100%"), lambda w: w.resize_text(0)),
    *(
        WindowKey(f"Ctrl+{number}", N_("Screen at this place of the list"), partial(_open_number, number))
        for number in range(1, 10)
    ),
    *(WindowKey(spec.keys, spec.title, partial(_open_named, spec.name)) for spec in discover() if spec.keys),
)


def install_shortcuts(window: Window) -> None:
    """Bind the keys; they hold while the workbench is shown, wherever the keyboard is, and never over the gate."""
    for item in WINDOW_KEYS:
        shortcut = QShortcut(QKeySequence(item.keys), window.workbench)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)  # Qt refuses it while the workbench is hidden
        shortcut.activated.connect(partial(item.act, window))


def key_words(keys: str) -> str:
    """A key as people say it: “Ctrl Maj N” in French."""
    names = {
        "Shift": N_("Shift (key)"), "Return": N_("Enter (key)"), "Left": "←", "Right": "→", "Up": "↑", "Down": "↓",
        "Delete": N_("Del (key)"), "Escape": N_("Esc (key)"), "Home": N_("Home (key)"), "End": N_("End (key)"),
        "Space": N_("Space bar (key)"),
    }  # fmt: skip
    return " ".join(_(names.get(part, part)) for part in keys.split("+"))

"""What the keys of the window print from the screen that is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from ui.shell.window import Window

PRINT_SCREEN: Final = "print"


def to_print(window: Window) -> dict[str, Any]:
    """What is shown: its ids, its day, and the document that fits it."""
    shown = window.screens[window.current.name].printed() if window.current is not None else {}
    return window.context() | shown


def print_from(window: Window) -> None:
    """Choose and print a document of what is shown."""
    if window.current is not None and window.current.name != PRINT_SCREEN:
        open_print(window, **to_print(window))


def print_evacuation(window: Window) -> None:
    """Who is in the building: two keystrokes to paper, this one and Enter."""
    open_print(window, document="evacuation")


def open_print(window: Window, **chosen: Any) -> None:
    """The print screen, where it is installed and allowed."""
    if PRINT_SCREEN in window.allowed():
        window.open(PRINT_SCREEN, **chosen)

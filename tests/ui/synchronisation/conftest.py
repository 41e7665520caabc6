"""The window of the shell’s tests."""

from tests.ui.shell.conftest import demonstration, gate, rest, window

__all__ = ["demonstration", "gate", "rest", "window"]

"""The window of the set-up."""

from tests.ui.set_up_window import gate, practice_folder, window

__all__ = ["gate", "practice_folder", "window"]

"""Verbs that need a window."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEventLoop

if TYPE_CHECKING:
    from ui.shell.window import Window


def settle(window: Window, seconds: float = 5.0) -> None:
    """Let answers arrive and layouts come to rest."""
    end = time.monotonic() + seconds
    quiet = 0
    while time.monotonic() < end and quiet < 3:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        quiet = 0 if window.bench.busy else quiet + 1
        time.sleep(0.005)

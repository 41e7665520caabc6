"""Calls from worker threads, run on the thread of the screen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot


class Post(QObject):
    """`post(call)` from any thread runs `call()` on the thread that made the Post; in order, until `close()`."""

    _sent = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open = True
        self._sent.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def post(self, call: Callable[[], None]) -> None:
        """Run it soon."""
        if self._open:
            self._sent.emit(call)

    def close(self) -> None:
        """Run nothing more."""
        self._open = False

    @Slot(object)
    def _run(self, call: Callable[[], None]) -> None:
        if self._open:
            call()

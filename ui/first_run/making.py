"""The making, in a thread: it says how far it is, can be stopped, and ends in the main thread."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from app.cli.first_run import Notices, Plan, Stopped, make_clinic, make_demonstration
from app.core.i18n import _


class Making(QObject):
    """One making. `said`, `made`, `failed` and `stopped` are emitted in the main thread."""

    said = Signal(str)
    made = Signal(list)
    failed = Signal(object)
    stopped = Signal()
    _ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._ended.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def start(self, folder: Path, plan: Plan | None) -> None:
        """Make a clinic of a plan, or the demonstration without one."""
        self._stop.clear()
        self._thread = threading.Thread(target=self._work, args=(folder, plan), name="first run")
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether something is being made."""
        return self._thread is not None

    def stop(self) -> None:
        """Ask it to stop at its next step."""
        self._stop.set()

    def _say(self, message: str, **values: Any) -> None:
        if self._stop.is_set():
            raise Stopped
        self.said.emit(_(message, **values))

    def _work(self, folder: Path, plan: Plan | None) -> None:
        try:
            self._ended.emit(
                make_demonstration(folder, self._say) if plan is None else make_clinic(folder, plan, self._say)
            )
        except Exception as error:  # said on the page; nothing was made
            self._ended.emit(error)

    def _tell(self, end: Notices | Exception) -> None:
        if self._thread is not None:
            self._thread.join()
        self._thread = None
        if isinstance(end, Stopped):
            self.stopped.emit()
        elif isinstance(end, Exception):
            self.failed.emit(end)
        else:
            self.made.emit(end)

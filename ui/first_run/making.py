"""The making, in a thread: it says how far it is, can be stopped, and ends in the main thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from app.cli.first_run import Notices, Plan, Says, Stopped, make_clinic, make_demonstration
from app.core.i18n import N_, _


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
        self._begin(
            lambda: make_demonstration(folder, self._say) if plan is None else make_clinic(folder, plan, self._say)
        )

    def join(self, folder: Path, code: str) -> None:
        """Make the folder this computer's copy of the practice that the code is for."""
        self._begin(lambda: _join(folder, code, self._say))

    def _begin(self, work: Callable[[], Notices]) -> None:
        self._stop.clear()
        self._thread = threading.Thread(target=self._work, args=(work,), name="first run")
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

    def _work(self, work: Callable[[], Notices]) -> None:
        try:
            self._ended.emit(work())
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


def _join(folder: Path, code: str, say: Says) -> Notices:
    """What follows, with the recovery key of this computer's copy: it is shown once."""
    from sync.client.joining import join_practice

    joined = join_practice(folder, code, "", say)
    key = N_("Print this recovery key and keep it in a safe: {key}")
    return [(key, {"key": joined.recovery_key}), *joined.notices]

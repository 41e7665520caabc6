"""Asking archives without waiting: a thread looks, each answer arrives in the main thread as it comes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.archives.queries import ArchiveId, Copy, Ended, Moved, Question
from app.core.errors import ClinicError

if TYPE_CHECKING:
    from ui.shell.bench import Bench


class AcrossSearch(QObject):
    """One at a time: a new question gives the one before up. Lives in the main thread."""

    came = Signal(object)
    """A `Copy` or an `Ended`."""
    finished = Signal()
    refused = Signal(object)
    moved = Signal(object)
    _arrived = Signal(int, object)

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench, self._turn = bench, 0
        self._thread: threading.Thread | None = None
        self._arrived.connect(self._take, Qt.ConnectionType.QueuedConnection)
        bench.closing.connect(self.stop)

    def ask(self, asked: Question) -> None:
        """Look in all archives."""
        self._turn += 1
        turn, runner, actor = self._turn, self._bench.runner, self._bench.actor

        def work() -> None:
            from sync.dicom.reaching import look_across  # the network’s libraries are loaded when somebody calls

            try:
                for one in look_across(runner, actor, asked):
                    if turn != self._turn:
                        return
                    self._arrived.emit(turn, one)
                self._arrived.emit(turn, None)
            except (ClinicError, OSError) as error:
                self._arrived.emit(turn, error)

        self._start(work)

    def move(self, source: ArchiveId, destination: ArchiveId, study: str) -> None:
        """Bring a study over; `moved` tells what is there afterwards."""
        turn, runner, actor = self._turn, self._bench.runner, self._bench.actor

        def work() -> None:
            from sync.dicom.reaching import bring_over  # as above

            try:
                self._arrived.emit(turn, bring_over(runner, actor, source, destination, study))
            except (ClinicError, OSError) as error:
                self._arrived.emit(turn, error)

        self._start(work)

    def stop(self) -> None:
        """Give up: answers that still come are dropped."""
        self._turn += 1

    def _start(self, work: Callable[[], None]) -> None:
        self._thread = threading.Thread(target=work, name="archives-across", daemon=True)
        self._thread.start()

    @Slot(int, object)
    def _take(self, turn: int, one: object) -> None:
        if turn != self._turn:
            return
        if isinstance(one, Copy | Ended):
            self.came.emit(one)
        elif isinstance(one, Moved):
            self.moved.emit(one)
        elif one is None:
            self.finished.emit()
        else:
            self.refused.emit(one)

"""The hand on a running import: pause it, let it go on, cancel it, from any thread."""

from __future__ import annotations

import enum
import threading


class ImportState(enum.StrEnum):
    """What an import has been told."""

    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"


class ImportControl:
    """Given to `import_paths`. While it is paused, nothing new is read, and what was read has its rows.

    A paused import may be cancelled; a cancelled one does not go on.
    """

    def __init__(self) -> None:
        self._may_go = threading.Event()
        self._may_go.set()
        self._cancelled = False

    @property
    def state(self) -> ImportState:
        """What it has been told last."""
        if self._cancelled:
            return ImportState.CANCELLED
        return ImportState.RUNNING if self._may_go.is_set() else ImportState.PAUSED

    def pause(self) -> None:
        """Stop after the files that are being read."""
        if not self._cancelled:
            self._may_go.clear()

    def resume(self) -> None:
        """Go on."""
        self._may_go.set()

    def cancel(self) -> None:
        """Stop for good; what has been taken in stays, and can be undone as a whole."""
        self._cancelled = True
        self._may_go.set()

    def wait(self) -> None:
        """Return when the import may go on, or is cancelled."""
        self._may_go.wait()

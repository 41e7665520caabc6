"""Long work in one place: imports, exports, scrubs tell how far they are; people see it, pause it and stop it.

A handle may be used from any thread; what it tells arrives in the main thread, at most once for each turn of the event
loop however often the work advances.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.core.i18n import N_, _
from ui.shell.formats import counted, percent

SURE_AFTER: Final = 2.0
"""Seconds of work before a time left is told: the first steps say little about the rest."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one work stands. `total` is None while nobody knows it; `seconds_left` while nobody can say."""

    title: str
    done: int
    total: int | None
    paused: bool
    cancelled: bool
    seconds_left: float | None

    @property
    def fraction(self) -> float:
        """Done part, 0-1; 0 without a total."""
        return min(self.done / self.total, 1.0) if self.total else 0.0

    def words(self) -> str:
        """Amount and time left, in the language in force: `62 % · 2 min left`."""
        if self.cancelled:
            return _(N_("Stopping…"))
        amount = percent(round(self.fraction * 100)) if self.total else (counted_steps(self.done) if self.done else "")
        if self.paused:
            return " · ".join(part for part in (amount, _(N_("paused"))) if part)
        left = "" if self.seconds_left is None else time_left(self.seconds_left)
        return " · ".join(part for part in (amount, left) if part) or _(N_("Under way"))


def counted_steps(done: int) -> str:
    """What is done of a work whose end nobody knows."""
    return counted(N_("{n} step done"), N_("{n} steps done"), done)


def time_left(seconds: float) -> str:
    """Whole minutes, rounded up; under a minute, so."""
    if seconds < 60:
        return _(N_("less than a minute left"))
    return counted(N_("about {n} min left"), N_("about {n} min left"), int(-(-seconds // 60)))


class Work:
    """The handle of one long work. `cancelled` and `wait_while_paused()` are for the thread that works."""

    def __init__(
        self, centre: ProgressCentre, title: str, total: int | None,
        cancel: Callable[[], None] | None, pause: Callable[[bool], None] | None, clock: Callable[[], float],
    ) -> None:  # fmt: skip
        self.title, self.can_cancel, self.can_pause = title, cancel is not None, pause is not None
        self._centre, self._cancel, self._pause, self._clock = centre, cancel, pause, clock
        self._lock = threading.Lock()
        self._going = threading.Event()
        self._going.set()
        self._done, self._total, self._worked, self._since = 0, total, 0.0, clock()
        self._cancelled = self._ended = False

    # -- for the work -------------------------------------------------------------------------------------------
    def advance(self, steps: int = 1) -> None:
        """So many steps more are done."""
        with self._lock:
            self._done += steps
        self._centre.tell()

    def set_total(self, total: int) -> None:
        """The amount has become known."""
        with self._lock:
            self._total = total
        self._centre.tell()

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked to stop; the work looks at it between two steps."""
        return self._cancelled

    def wait_while_paused(self) -> None:
        """Rest until somebody resumes (or stops) the work. Never call it in the main thread."""
        self._going.wait()

    def finish(self, sentence: str = "") -> None:
        """The work has ended; a toast says `sentence`, else that the work named by the title is done."""
        self._end(sentence or _(N_("Done: {label}"), label=self.title), None)

    def fail(self, error: BaseException) -> None:
        """The work has ended badly; the presenter says why."""
        self._end("", error)

    def _end(self, sentence: str, error: BaseException | None) -> None:
        with self._lock:
            if self._ended:
                return
            self._ended = True
        self._going.set()
        self._centre.leave(self, "" if self._cancelled else sentence, error)

    def __enter__(self) -> Work:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _t: TracebackType | None) -> None:
        if error is None:
            self.finish()
        else:
            self.fail(error)

    # -- for people ---------------------------------------------------------------------------------------------
    def cancel(self) -> None:
        """Ask the work to stop."""
        if self._cancel is None or self._cancelled:
            return
        self._cancelled = True
        self._going.set()
        self._cancel()
        self._centre.tell()

    def set_paused(self, paused: bool) -> None:
        """Rest, or go on."""
        if self._pause is None or paused is self.paused:
            return
        with self._lock:
            now = self._clock()
            if paused:
                self._worked += now - self._since
                self._going.clear()
            else:
                self._since = now
                self._going.set()
        self._pause(paused)
        self._centre.tell()

    @property
    def paused(self) -> bool:
        """Whether it rests."""
        return not self._going.is_set()

    def standing(self) -> Standing:
        """How it stands now."""
        with self._lock:
            spent = self._worked + (self._clock() - self._since if self._going.is_set() else 0.0)
            left = None
            if self._total and 0 < self._done <= self._total and spent >= SURE_AFTER:
                left = spent / self._done * (self._total - self._done)
            return Standing(self.title, self._done, self._total, self.paused, self._cancelled, left)


class ProgressCentre(QObject):
    """All long work of this program. Lives in the main thread; `start` may be called from any."""

    changed = Signal()
    """Something has advanced, begun or ended; in the main thread."""
    finished = Signal(str)
    """The sentence of a work that has ended well."""
    failed = Signal(object, str)
    """(the error, the title) of a work that has ended badly."""
    _told = Signal()
    _left = Signal(str, object, str)

    def __init__(self, parent: QObject | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._clock = clock
        self._lock = threading.Lock()
        self._works: list[Work] = []
        self._telling = False
        self._told.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self._left.connect(self._say_end, Qt.ConnectionType.QueuedConnection)

    def start(
        self, title: str, total: int | None = None,
        cancel: Callable[[], None] | None = None, pause: Callable[[bool], None] | None = None,
    ) -> Work:  # fmt: skip
        """Register a long work. `title` is already in the language in force; `total` counts its steps, None: unknown.

        With `cancel` it can be stopped, with `pause` (called with True, then False) it can rest; both are called in the
        main thread. A work that only looks at `cancelled` and `wait_while_paused()` gives functions that do nothing.
        """
        work = Work(self, title, total, cancel, pause, self._clock)
        with self._lock:
            self._works.append(work)
        self.tell()
        return work

    def works(self) -> list[Work]:
        """What goes on, the oldest first."""
        with self._lock:
            return list(self._works)

    def tell(self) -> None:
        """Have the listeners look again, once for each turn of the event loop."""
        with self._lock:
            if self._telling:
                return
            self._telling = True
        self._told.emit()

    def leave(self, work: Work, sentence: str, error: BaseException | None) -> None:
        """A work has ended."""
        with self._lock:
            if work in self._works:
                self._works.remove(work)
        self.tell()
        self._left.emit(sentence, error, work.title)

    @Slot()
    def _tell(self) -> None:
        with self._lock:
            self._telling = False
        self.changed.emit()

    @Slot(str, object, str)
    def _say_end(self, sentence: str, error: BaseException | None, title: str) -> None:
        if error is not None:
            self.failed.emit(error, title)
        elif sentence:
            self.finished.emit(sentence)

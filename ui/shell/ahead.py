"""Screens that are made before anybody asks for them, while nobody touches the workstation.

Making a screen takes up to a tenth of a second, most of it until its widgets have learnt how they look. Whoever opens
one should wait for its answers only. A step is one screen or a few widgets, and none is taken while somebody types,
so that a hand which comes back is answered at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from app.journal.queries import NOBODY

if TYPE_CHECKING:
    from ui.shell.screen import Screen
    from ui.shell.window import Window
    from ui.shell.window_group import WindowGroup

CALM_SECONDS: Final = 0.7
"""How long nobody has touched anything before a step is taken."""
STEP_MS: Final = 25
LOOK_AGAIN_MS: Final = 400
SLICE_MS: Final = 6.0
"""Milliseconds of one step among the widgets of a screen."""
OPENED_FROM_OTHERS: Final = ("patient", "appointment")
"""Screens that are not in the rail and that everybody opens all day."""


class ScreensAhead(QObject):
    """Makes the screens of the rail, then those that everybody opens from them, in every window of a group.

    `ready` says whether their modules are imported: a module that is imported here would hold the window up.
    """

    def __init__(self, group: WindowGroup, ready: Callable[[], bool]) -> None:
        super().__init__(group.first)
        self._group, self._ready = group, ready
        self._work: Iterator[None] | None = None
        self._timer = QTimer(self, interval=LOOK_AGAIN_MS)
        self._timer.timeout.connect(self._step)
        self._timer.start()

    def stop(self) -> None:
        """Make no more."""
        self._timer.stop()
        self._work = None

    @property
    def done(self) -> bool:
        """Whether nothing is left to be made."""
        return self._work is None and self._wanted() is None

    def _wanted(self) -> tuple[Window, str] | None:
        """The next screen to make; those that the person may not open never."""
        for window in self._group.open:
            allowed = window.allowed()
            names = [*(spec.name for spec in window.rail_specs()), *OPENED_FROM_OTHERS]
            missing = next((name for name in names if name in allowed and name not in window.screens), None)
            if missing is not None:
                return window, missing
        return None

    def _step(self) -> None:
        session, bench = self._group.first.session, self._group.first.bench
        if bench.actor is NOBODY or bench.busy or session.idle_seconds() < CALM_SECONDS or not self._ready():
            self._timer.setInterval(LOOK_AGAIN_MS)
            return
        if self._work is None:
            wanted = self._wanted()
            self._work = None if wanted is None else _made(*wanted)
        if self._work is None or next(self._work, self) is self:
            self._work = None
        self._timer.setInterval(LOOK_AGAIN_MS if self._work is None and self._wanted() is None else STEP_MS)


def _made(window: Window, name: str) -> Iterator[None]:
    """Make a screen, and have its widgets polished a few at a time; each `yield` lets the window breathe."""
    screen: Screen = window.screen_named(name)
    yield
    if isValid(screen):
        screen.prepare()
    yield
    if not isValid(screen):
        return
    end = time.perf_counter() + SLICE_MS / 1000
    for widget in screen.findChildren(QWidget):
        if not isValid(screen):
            return
        if isValid(widget):
            widget.ensurePolished()
        if time.perf_counter() > end:
            yield
            end = time.perf_counter() + SLICE_MS / 1000

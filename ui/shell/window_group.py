"""The windows of this program: one bench and one session, each window with its own screen, on any monitor."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from app.access.settings import WINDOW_PLACES
from app.journal.queries import Actor

if TYPE_CHECKING:
    from ui.shell.window import Window

MOST: Final = 8
"""Windows at once: one for each monitor of a generous front desk, and room to spare."""
OFFSET: Final = 32


class WindowGroup:
    """All windows that are open, in the order in which they were opened."""

    def __init__(self, first: Window) -> None:
        self.first = first
        self.open = [first]
        self._last = first
        self._ended = False

    def active(self) -> Window:
        """The window that somebody works in: toasts and banners are said there."""
        now = QApplication.activeWindow()
        parent = now.parentWidget() if now is not None else None
        host = parent.window() if parent is not None else now  # a panel that floats belongs to its window
        for window in self.open:
            if window is host:
                self._last = window
        return self._last if self._last in self.open else self.open[0]

    def add(self, beside: Window) -> Window | None:
        """Another window over the same bench and session, a little lower; None when there are enough."""
        from ui.shell.window import Window

        if len(self.open) >= MOST:
            return None
        window = Window(beside.bench, beside.session, list(beside.specs.values()), group=self)
        self.open.append(window)
        window.resize(beside.size())
        window.move(beside.pos().x() + OFFSET, beside.pos().y() + OFFSET)
        window.restoreGeometry(QByteArray.fromBase64(self.place_of(beside.bench.actor, len(self.open) - 1).encode()))
        window.show()
        self._last = window
        return window

    def leave(self, window: Window) -> bool:
        """A window is closed; True when it was the last, and the session ends with it."""
        if window in self.open and len(self.open) > 1:
            self.open.remove(window)
            window.session.detach(window)
            window.give_up_screens()
            self._bury(window)
            return False
        self._bury(window)
        return self.open == [window]

    def _bury(self, window: Window) -> None:
        """The first window owns the bench and lives as long as the program; the others go when they are closed."""
        if window is not self.first:
            window.deleteLater()

    def close_all(self) -> None:
        """Close every window, and end what only windows need; a second call does nothing."""
        for window in list(self.open):
            if isValid(window):
                window.close()
        self.end()

    def end(self) -> None:
        """End the session and the threads."""
        if not self._ended:
            self._ended = True
            self.first.session.close()
            self.first.bench.close()

    # -- where they stand -----------------------------------------------------------------------------------------
    def keep_places(self, actor: Actor) -> None:
        """Remember where the windows stand on these monitors."""
        places = self._kept(actor)
        now = [bytes(window.saveGeometry().toBase64().data()).decode() for window in self.open]
        if places.get(monitors()) != now:
            self.first.bench.remember(WINDOW_PLACES, json.dumps(places | {monitors(): now}, sort_keys=True), actor)

    def restore_places(self, actor: Actor) -> None:
        """Put the windows where this person keeps them on these monitors; those that are open, none more."""
        for window, place in zip(self.open, self._kept(actor).get(monitors(), []), strict=False):
            window.restoreGeometry(QByteArray.fromBase64(place.encode()))

    def place_of(self, actor: Actor, number: int) -> str:
        """Where the window of this number was kept, empty when nowhere."""
        kept = self._kept(actor).get(monitors(), [])
        return kept[number] if number < len(kept) else ""

    def _kept(self, actor: Actor) -> dict[str, list[str]]:
        try:
            kept = json.loads(self.first.bench.runner.setting(actor, WINDOW_PLACES) or "{}")
        except ValueError:
            return {}
        return kept if isinstance(kept, dict) else {}


def monitors() -> str:
    """The monitors that are connected, as the key under which places are kept."""
    areas = [(screen.name(), screen.geometry()) for screen in QGuiApplication.screens()]
    return " ".join(sorted(f"{name}:{a.width()}x{a.height()}+{a.x()}+{a.y()}" for name, a in areas))

"""What waits for attention: asked once for all windows, counted on the bell, told once when something grave comes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.access.settings import NOTICES_PUT_AWAY
from app.core.i18n import N_, _
from app.journal.notices import Gravity, Notice, notifications, read_put_away, with_put_away
from app.journal.queries import NOBODY
from ui.shell.bench import Bench
from ui.widgets.announce import announce
from ui.widgets.buttons import IconButton
from ui.widgets.pills import Badge

AGAIN_MS: Final = 60_000
"""Automatic work writes rows of this workstation only, which no commit announces."""


class NoticeCentre(QObject):
    """The notifications of whoever is signed in, without those that the person has put away."""

    changed = Signal()

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self._bench = bench
        self.notices: tuple[Notice, ...] = ()
        self._here: list[Notice] = []
        self._found: tuple[Notice, ...] = ()
        self._timer = QTimer(self, interval=AGAIN_MS)
        self._timer.timeout.connect(self.freshen)
        bench.actor_changed.connect(self._somebody_else)

    def add_here(self, sentences: Sequence[str]) -> None:
        """What was found when the folder was opened; it stands until the program ends or it is put away."""
        self._here += [Notice(f"start:{text}", Gravity.INFO, text) for text in sentences]

    def _somebody_else(self, _actor: object) -> None:
        self._found = self.notices = ()
        self.changed.emit()
        if self._bench.actor is NOBODY:
            self._timer.stop()
        else:
            self._timer.start()
            self.freshen()

    def freshen(self) -> None:
        """Look again."""
        if self._bench.actor is not NOBODY:
            self._bench.ask_for(self, notifications, self._take)

    def show_error(self, error: BaseException) -> None:
        """A look that failed leaves what was known; the next one may do better."""
        self._bench.presenter.present(error, "notifications")

    def _take(self, found: tuple[Notice, ...]) -> None:
        self._found = found
        self._sift()

    def _sift(self) -> None:
        if self._bench.actor is NOBODY:
            return
        away = frozenset(read_put_away(self._bench.setting(NOTICES_PUT_AWAY)))
        known = {notice.key for notice in self.notices}
        self.notices = tuple(notice for notice in (*self._found, *self._here) if notice.key not in away)
        for notice in self.notices:
            if notice.gravity is Gravity.DANGER and notice.key not in known:
                announce(self, _(notice.title, **notice.values), urgent=True)
        self.changed.emit()

    def put_away(self, keys: Sequence[str]) -> None:
        """The person has dealt with these; colleagues still see them."""
        kept = self._bench.setting(NOTICES_PUT_AWAY)
        gone = frozenset(keys)
        self.notices = tuple(notice for notice in self.notices if notice.key not in gone)
        self.changed.emit()
        self._bench.remember(NOTICES_PUT_AWAY, with_put_away(kept, keys))

    def stop(self) -> None:
        """The program ends."""
        self._timer.stop()


class Bell(QWidget):
    """The bell of the top bar with the count; pressed, it shows the panel of notifications."""

    pressed = Signal()

    def __init__(self, centre: NoticeCentre, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._centre = centre
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.button = IconButton("bell", "")
        self.button.clicked.connect(self.pressed)
        self._badge = Badge(0, "")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.button)
        row.addWidget(self._badge)
        centre.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Count anew."""
        count = len(self._centre.notices)
        self._badge.set_count(count)
        self.button.set_name(_(N_("Notifications: {count}"), count=count))
        self._badge.setAccessibleName(self.button.accessibleName())

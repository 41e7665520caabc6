"""Long work as people see it: a chip with how far it is, and a list in which it is paused and stopped."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from ui.shell.formats import counted
from ui.shell.popover import Popover
from ui.shell.progress import ProgressCentre, Work
from ui.theme.tokens.metrics import Weight
from ui.widgets.buttons import Button, IconButton
from ui.widgets.cards import ProgressRow
from ui.widgets.labels import Label

WIDTH: Final = 380
REFRESH_MS: Final = 1000
"""The time left is told anew although nothing advances."""


class WorkRow(QWidget):
    """One work: title, amount and time left, bar, pause, stop."""

    def __init__(self, work: Work) -> None:
        super().__init__()
        self.work = work
        self._bar = ProgressRow(work.title)
        self._pause, self._stop = IconButton("pause", "", size="compact"), IconButton("x", "", size="compact")
        self._pause.setVisible(work.can_pause)
        self._stop.setVisible(work.can_cancel)
        self._pause.clicked.connect(self._rest)
        self._stop.clicked.connect(self._give_up)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._bar, 1)
        row.addWidget(self._pause)
        row.addWidget(self._stop)
        self.refresh()

    def _rest(self) -> None:
        self.work.set_paused(not self.work.paused)
        self.refresh()

    def _give_up(self) -> None:
        self.work.cancel()
        self.refresh()

    def refresh(self) -> None:
        """Look how it stands."""
        standing = self.work.standing()
        self._bar.set_progress(standing.fraction, standing.words())
        self._pause.set_icon("play" if standing.paused else "pause")
        words = N_("Resume “{title}”") if standing.paused else N_("Pause “{title}”")
        self._pause.set_name(_(words, title=self.work.title))
        self._stop.set_name(_(N_("Stop “{title}”"), title=self.work.title))
        self._stop.setEnabled(not standing.cancelled)


class ProgressChip(Button):
    """Shown while something goes on; pressed, it lists all of it."""

    def __init__(self, centre: ProgressCentre, parent: QWidget | None = None) -> None:
        super().__init__("", "quiet", "circle-notch", size="compact", parent=parent)
        self._centre = centre
        self._sheet: WorkSheet | None = None
        self._ticker = QTimer(self, interval=REFRESH_MS)
        self._ticker.timeout.connect(self.refresh)
        self.clicked.connect(self.toggle)
        centre.changed.connect(self.refresh)
        self.hide()

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        self.refresh()

    def refresh(self) -> None:
        """Look how everything stands."""
        works = self._centre.works()
        self.setVisible(bool(works))
        if not works:
            self._ticker.stop()
            if self._sheet is not None and self._sheet.isVisible():
                self._sheet.close_now()
            return
        if not self._ticker.isActive():
            self._ticker.start()
        words = works[0].standing().words()
        self.setText(f"{works[0].title} · {words}" if len(works) == 1 else self._count(len(works)))
        if self._sheet is not None and self._sheet.isVisible():
            self._sheet.fill(works)

    @staticmethod
    def _count(number: int) -> str:
        return counted(N_("{n} work in progress"), N_("{n} works in progress"), number)

    def toggle(self) -> None:
        """Show the list, or put it away."""
        sheet = self._sheet = self._sheet or WorkSheet(self)
        if sheet.isVisible():
            sheet.close_now()
            return
        sheet.fill(self._centre.works())
        sheet.open()
        first = next((button for button in sheet.findChildren(IconButton) if button.isVisibleTo(sheet)), None)
        (first or sheet).setFocus(Qt.FocusReason.PopupFocusReason)


class WorkSheet(Popover):
    """Every work, one below the other."""

    def __init__(self, anchor: QWidget) -> None:
        super().__init__(anchor, WIDTH)
        self._rows: list[WorkRow] = []
        self._head = Label("", "name", weight=Weight.SEMIBOLD)
        self._list = QVBoxLayout()
        self.column.addWidget(self._head)
        self.column.addLayout(self._list)
        self.setAccessibleName(_(N_("Work in progress")))

    def fill(self, works: list[Work]) -> None:
        """Show these; rows of the same works stay, and the keyboard in them."""
        self._head.setText(_(N_("Work in progress")))
        if [row.work for row in self._rows] != works:
            for row in self._rows:
                self._list.removeWidget(row)
                row.hide()
                row.deleteLater()
            self._rows = [WorkRow(work) for work in works]
            for row in self._rows:
                self._list.addWidget(row)
            if self.isVisible():
                self.place()
        for row in self._rows:
            row.refresh()

"""The line at the foot of the window: how this workstation stands, long work, marks, its name, the hour, the lock."""

from __future__ import annotations

import platform
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.core.clock import Clock
from app.core.i18n import N_, _
from ui.shell.formats import hour
from ui.shell.progress import ProgressCentre
from ui.shell.progress_list import ProgressChip
from ui.shell.server_link import ServerLink, said
from ui.theme.style import on_theme_change, theme
from ui.widgets.buttons import IconButton
from ui.widgets.cards import Hairline, ThemedIcon
from ui.widgets.labels import ElidedLabel, Label

HEIGHT: Final = 30
CLOCK_MS: Final = 5000


class StatusBar(QWidget):
    """`add_mark(widget)` puts a mark (demonstration, training) where everybody sees it in every screen."""

    lock_asked = Signal()

    def __init__(self, progress: ProgressCentre, clock: Clock, link: ServerLink, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock, self._link = clock, link
        self.setProperty("surface", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._sync_icon, self._sync = ThemedIcon("desktop", 15), ElidedLabel("", "small", "muted")
        self.progress = ProgressChip(progress)
        self._name = Label(platform.node().split(".")[0], "small", "muted")
        self._hour = Label("", "small")
        self._lock = IconButton("lock", "", size="compact")
        self._lock.clicked.connect(self.lock_asked)
        self._marks = QHBoxLayout()
        self._marks.setSpacing(6)
        row = QHBoxLayout()
        row.setContentsMargins(14, 0, 8, 0)
        row.setSpacing(8)
        row.addWidget(self._sync_icon)
        row.addWidget(self._sync, 1)
        row.addLayout(self._marks)
        row.addWidget(self.progress)
        row.addWidget(self._name)
        row.addWidget(self._hour)
        row.addWidget(self._lock)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Hairline())
        column.addLayout(row, 1)
        self._unreachable = ""
        self._ticker = QTimer(self, interval=CLOCK_MS)
        self._ticker.timeout.connect(self.tick)
        self._ticker.start()
        self.retranslate()
        on_theme_change(self._restyle)
        link.changed.connect(self._say_link)

    def _restyle(self) -> None:
        self.setFixedHeight(max(theme.height(HEIGHT, "small"), self._lock.sizeHint().height() + 3))

    def retranslate(self) -> None:
        """Say everything in the language in force. Without a server the line says so, and that nothing is lost."""
        self._say_link()
        self._name.setAccessibleName(_(N_("Workstation {name}"), name=self._name.text()))
        self._name.setToolTip(_(N_("Workstation {name}"), name=self._name.text()))
        self._lock.set_name(_(N_("Lock (Ctrl L)")))
        self.progress.retranslate()
        self.tick()

    def _say_link(self) -> None:
        if self._unreachable:
            self._sync_icon.set_icon("cloud-slash", severity="warn")
            self._sync.setText(_(N_("Offline. Everything is saved on this workstation.")))
            self._sync.setToolTip(self._unreachable)
            return
        words = said(self._link.status, self._clock)
        severity = {} if words.severity in {"ok", "info"} else {"severity": words.severity}
        self._sync_icon.set_icon(words.icon, **severity)
        self._sync.setText(words.line)
        self._sync.setToolTip(words.line)

    def tick(self) -> None:
        """Show the hour."""
        self._hour.setText(hour(self._clock.now(), self._clock))

    def show_unreachable(self, sentence: str) -> None:
        """A machine does not answer; an empty sentence: it does again."""
        self._unreachable = sentence
        self.retranslate()

    def add_mark(self, mark: QWidget) -> None:
        """Show a mark in every screen; the caller keeps its words in the language in force."""
        self._marks.addWidget(mark)

    def stop(self) -> None:
        """The window goes."""
        self._ticker.stop()

"""The page while a volume is read: how far it is, what it will take, a way to stop; and why it could not be opened."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from viewer.errors import N_
from viewer.volume.assembling import BUDGET
from viewer.widgets.look import Look
from viewer.widgets.texts import TileTexts

READING = N_("Reading the volume…")
MEMORY = N_("It takes {megabytes} MB of memory; up to {budget} MB may be used.")
STOP, AGAIN = N_("Stop"), N_("Try again")
WIDE_PX, HEAD_PX = 420, 66


class LoadingPage(QWidget):
    """`told(part)`, `refuse(sentence)`, `begin()`."""

    stopped = Signal()
    again = Signal()

    def __init__(self, texts: TileTexts, look: Look, megabytes: int) -> None:
        super().__init__()
        self._texts = texts
        self.setObjectName("panel")
        self.head = QLabel()
        self.head.setObjectName("heading")
        self.head.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.head.setWordWrap(True)
        self.head.setFixedWidth(look.px(WIDE_PX))
        self.head.setMinimumHeight(look.px(HEAD_PX))
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(look.px(WIDE_PX))
        self.bar.setFixedHeight(look.px(8))
        self.bar.setAccessibleName(texts.say(READING))
        self.bar.setStyleSheet(
            f"QProgressBar {{ background: {look.border}; border: none; border-radius: 4px; }}"
            f"QProgressBar::chunk {{ background: {look.accent}; border-radius: 4px; }}"
        )
        self.memory = QLabel(texts.say(MEMORY, megabytes=megabytes, budget=BUDGET >> 20) if megabytes else "")
        self.memory.setObjectName("muted")
        self.button = QPushButton()
        self.button.clicked.connect(lambda _on=False: self._pressed())
        column = QVBoxLayout(self)
        column.setSpacing(look.px(12))
        column.addStretch(2)
        for part in (self.head, self.bar, self.memory, self.button):
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self.begin()

    def begin(self) -> None:
        """From the start."""
        self._failed = False
        self.head.setText(self._texts.say(READING))
        self.button.setText(self._texts.say(STOP))
        self.bar.setValue(0)
        self.bar.show()
        self.memory.show()

    def told(self, part: float) -> None:
        """So much is read."""
        self.bar.setValue(round(part * 1000))

    def refuse(self, sentence: str) -> None:
        """It could not be opened, and why."""
        self._failed = True
        self.head.setText(sentence)
        self.button.setText(self._texts.say(AGAIN))
        self.bar.hide()
        self.memory.hide()
        self.button.setFocus()

    def _pressed(self) -> None:
        (self.again if self._failed else self.stopped).emit()

"""What stands before a workstation that was revoked while somebody worked at it: a sentence, and the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.i18n import N_
from ui.shell.words import Words
from ui.widgets.buttons import Button
from ui.widgets.labels import WrapLabel

if TYPE_CHECKING:
    from ui.shell.window import Window


SENTENCE: Final = N_("This workstation was revoked. What it wrote was handed over; its data is unreadable now.")


class ShutOut(QWidget):
    """Covers a window for good: its data is unreadable, and nobody can sign in here any more."""

    def __init__(self, window: Window) -> None:
        super().__init__()
        self.words = Words()
        self.setProperty("surface", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setContentsMargins(56, 40, 56, 40)
        column.setSpacing(12)
        self._title, self._sentence = WrapLabel("", "figure"), WrapLabel("", "body")
        self._leave = Button("", "primary", "sign-out", size="touch")
        self._leave.clicked.connect(window.group.close_all)
        column.addStretch(2)
        for widget in (self._title, self._sentence):
            widget.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(widget)
        column.addSpacing(12)
        column.addWidget(self._leave, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self.words.put(self._title.setText, N_("This workstation is shut out"))
        self.words.put(self._sentence.setText, SENTENCE)
        self.words.put(self._leave.setText, N_("Close Archwire"))
        self.words.put(self.setAccessibleName, N_("This workstation is shut out"))
        self.setFocusProxy(self._leave)

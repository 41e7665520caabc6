"""Barcode scanners: they type as a keyboard does, much faster than a person, and end with Enter.

Our own Code 128 and QR marks hold `AW`, a letter for what they name, and the file number: `AWP20418`. A bare file
number counts where the keyboard is in no field. Letters may come in lower case from a scanner on another layout.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

GAP_SECONDS: Final = 0.04
"""Between two keys of a scanner; the fastest typists leave 60 ms."""
LEAST: Final = 4
_MARK: Final = re.compile(r"^AWP-?([0-9A-Z][0-9A-Z.-]{0,19})$", re.IGNORECASE)
_NUMBER: Final = re.compile(r"^\d{3,10}$")


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a mark names: a patient's file number. `ours` when it carries our prefix."""

    file_number: str
    ours: bool


def read_mark(text: str) -> Scanned | None:
    """The patient that a mark names; None for anything else."""
    plain = text.strip()
    if (found := _MARK.match(plain)) is not None:
        return Scanned(found.group(1).upper(), True)
    return Scanned(plain, False) if _NUMBER.match(plain) else None


def mark_of(file_number: str) -> str:
    """What the barcode of a patient holds."""
    return f"AWP{file_number}"


class ScanWatch(QObject):
    """Looks at every key of the program; `scanned(file number)` when a scanner has read one of our marks.

    `clock` gives seconds. What a scanner typed into a field before Enter came is taken out of it again.
    """

    scanned = Signal(str)

    def __init__(self, parent: QObject | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._clock = clock
        self._typed, self._last = "", 0.0
        self._field: QLineEdit | None = None
        self._before, self._cursor = "", 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Collect quick keys; Enter after them decides."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent) or not isinstance(watched, QWidget):
            return False
        if watched is not (QApplication.focusWidget() or watched):  # the same key on its way to the parents
            return False
        now = self._clock()
        quick, self._last = now - self._last <= GAP_SECONDS, now
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            typed, self._typed = self._typed, ""
            return quick and len(typed) >= LEAST and self._decide(typed, watched)
        letter = event.text()
        if not letter or not letter.isprintable():
            return False
        if not quick:
            self._begin(watched)
        self._typed += letter
        return False

    def _begin(self, watched: QWidget) -> None:
        self._typed = ""
        self._field = watched if isinstance(watched, QLineEdit) else None
        if self._field is not None:
            self._before, self._cursor = self._field.text(), self._field.cursorPosition()

    def _decide(self, typed: str, watched: QWidget) -> bool:
        mark = read_mark(typed)
        in_field = isinstance(watched, QLineEdit | QPlainTextEdit | QTextEdit | QComboBox)
        if mark is None or (in_field and not mark.ours):
            return False
        if self._field is not None and self._field is watched:
            self._field.setText(self._before)
            self._field.setCursorPosition(self._cursor)
        self.scanned.emit(mark.file_number)
        return True

"""The PIN pad: six dots, ten keys, by finger or keyboard. The digits themselves are never shown nor read out."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from ui.shell.formats import counted
from ui.theme import paint
from ui.theme.style import on_theme_change, theme
from ui.widgets.announce import announce
from ui.widgets.buttons import Button, IconButton

LENGTH = 6
_DOT = 18
_GAP = 18
_KEY = (96, 76)


class Dots(QWidget):
    """How many digits have been given."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.count = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        on_theme_change(self._restyle)

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def set_count(self, count: int) -> None:
        """Fill this many dots."""
        self.count = count
        self.update()

    def sizeHint(self) -> QSize:
        """Six dots in a row."""
        return QSize(LENGTH * _DOT + (LENGTH - 1) * _GAP + 4, _DOT + 16)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Filled or hollow."""
        painter = QPainter(self)
        paint.ready(painter)
        for number in range(LENGTH):
            dot = QRectF(2 + number * (_DOT + _GAP), 8, _DOT, _DOT)
            ink = theme.colour("text") if number < self.count else None
            paint.rounded(
                painter, dot, _DOT / 2, ink, theme.colour("text" if number < self.count else "control"), width=2
            )


class Key(Button):
    """A large key."""

    def sizeHint(self) -> QSize:
        """For a finger."""
        return QSize(*_KEY)

    def minimumSizeHint(self) -> QSize:
        """Never smaller."""
        return self.sizeHint()

    def _restyle(self) -> None:
        super()._restyle()
        self.setFont(theme.font("figure"))
        self.setFixedSize(*_KEY)


class PinPad(QWidget):
    """`entered(pin)` when six digits have been given."""

    entered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pin = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(14)
        self._dots = Dots()
        column.addWidget(self._dots, 0, Qt.AlignmentFlag.AlignHCenter)
        grid = QGridLayout()
        grid.setSpacing(12)
        self._keys = [Key(str(digit), "secondary", size="touch") for digit in range(10)]
        for digit, key in enumerate(self._keys):
            key.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the pad itself takes the keyboard: one stop, ten digits
            key.clicked.connect(lambda _on=False, digit=digit: self._add(str(digit)))
            row, at = divmod(digit - 1, 3) if digit else (3, 1)
            grid.addWidget(key, row, at)
        self._back = IconButton("backspace", "", size="touch")
        self._back.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._back.clicked.connect(self._drop)
        grid.addWidget(self._back, 3, 2, Qt.AlignmentFlag.AlignCenter)
        column.addLayout(grid)
        self._retranslate()

    def clear(self) -> None:
        """Forget the digits."""
        self._pin = ""
        self._tell()

    def _add(self, digit: str) -> None:
        if len(self._pin) == LENGTH:
            return
        self._pin += digit
        self._tell()
        if len(self._pin) == LENGTH:
            self.entered.emit(self._pin)

    def _drop(self) -> None:
        self._pin = self._pin[:-1]
        self._tell()

    def _tell(self) -> None:
        self._dots.set_count(len(self._pin))
        given = counted(N_("{n} digit given"), N_("{n} digits given"), len(self._pin))
        self.setAccessibleDescription(given)
        if self._pin:
            announce(self, given)

    def _retranslate(self) -> None:
        self.setAccessibleName(_(N_("PIN pad")))
        self._back.set_name(_(N_("Take back the last digit")))
        self._tell()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits and Backspace."""
        if event.text() in set("0123456789") and event.text():
            self._add(event.text())
        elif event.key() == Qt.Key.Key_Backspace:
            self._drop()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A ring round the pad while it has the keyboard."""
        if self.hasFocus():
            painter = QPainter(self)
            paint.ready(painter)
            area = QRectF(self._dots.geometry()).adjusted(-10, -2, 10, 2)
            paint.rounded(painter, area, 10, None, theme.colour("focus"), width=2)

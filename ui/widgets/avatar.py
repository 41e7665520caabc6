"""A person as initials on a soft colour; never a photo of a mouth, and never the only sign of who it is."""

import zlib

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui.theme import paint
from ui.theme.fonts import sized_font
from ui.theme.style import on_theme_change, theme
from ui.theme.tokens.metrics import TYPE, Weight

_TITLES = {"dr", "dre", "dr.", "dre.", "m.", "mme", "mr", "mr.", "mrs", "ms"}


def initials_of(name: str) -> str:
    """First letters of the first and last words of a name, without the title: "Dre Marie Gagnon" gives "MG"."""
    words = [word for word in name.split() if word.lower() not in _TITLES]
    letters = [next((sign for sign in word if sign.isalnum()), "") for word in words]
    found = [letter for letter in letters if letter]
    return "".join(found[:1] + found[-1:] if len(found) > 1 else found).upper()


class Avatar(QLabel):
    """Initials of `name` in a circle of `size` px at 100 % text. The colour follows from `key` (or the name) alone."""

    def __init__(self, name: str, size: int = 32, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size = size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_person(name, key)
        on_theme_change(self._restyle)

    def set_person(self, name: str, key: str = "") -> None:
        """Show another person."""
        self._letters = initials_of(name)
        # Not hash(): a person must keep the colour from one start to the next.
        self._pair = zlib.crc32((key or name).encode())
        self.setAccessibleName(name)
        self.update()

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """A circle."""
        return QSize(theme.px(self._size), theme.px(self._size))

    def minimumSizeHint(self) -> QSize:
        """The same circle."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground and letters."""
        painter = QPainter(self)
        paint.ready(painter)
        side = min(self.width(), self.height())
        font = sized_font(max(TYPE["caption"].px, round(side * 0.36)), Weight.SEMIBOLD)
        paint.initials(painter, QRectF(0, 0, side, side), self._letters, self._pair, font)

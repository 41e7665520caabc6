"""What lies behind something that covers a window: a picture of it under a scrim."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from ui.shell.bench import Bench
from ui.theme.style import theme
from ui.theme.tokens import FIXED


class Backdrop(QObject):
    """The window behind `cover`, a child of it that fills it. Seen through, it would be drawn anew at every letter.

    When somebody commits something meanwhile, and the screens have read it, the picture is taken again.
    """

    def __init__(self, cover: QWidget, bench: Bench) -> None:
        super().__init__(cover)
        self._cover, self._picture, self._outdated = cover, QPixmap(), False
        cover.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        bench.changed.connect(self._note_change)
        bench.idle.connect(self._look_again)

    def look(self) -> None:
        """Take the picture now."""
        ratio, cover = self._cover.devicePixelRatioF(), self._cover
        self._picture = QPixmap(cover.size() * ratio)
        self._picture.setDevicePixelRatio(ratio)
        self._picture.fill(theme.colour("canvas"))
        painter = QPainter(self._picture)
        window = cover.parentWidget()
        for part in window.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly) if window else ():
            if part is not cover and part.isVisible() and not part.isWindow():
                painter.drawPixmap(part.pos(), part.grab())
        scrim = QColor(FIXED.shadow)
        scrim.setAlpha(200 if theme.tokens.high_contrast else 115)
        painter.fillRect(cover.rect(), scrim)
        painter.end()
        self._outdated = False
        cover.update()

    def forget(self) -> None:
        """The cover is put away."""
        self._picture = QPixmap()

    def paint(self) -> None:
        """On the cover, in its paint event."""
        QPainter(self._cover).drawPixmap(0, 0, self._picture)

    def _note_change(self, _changes: object) -> None:
        self._outdated = self._cover.isVisible()

    def _look_again(self) -> None:
        if self._outdated and self._cover.isVisible():
            self.look()

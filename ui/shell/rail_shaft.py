"""The part of the rail that scrolls when text is large: no bar, and a caret where there is more."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QLinearGradient, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from ui.shell.rail_button import ICON, RailButton
from ui.theme import paint
from ui.theme.style import theme

_CARET = 22
_ARROW = 14


class Shaft(QScrollArea):
    """A column that scrolls without a bar; a caret at its edge says that there is more above or below."""

    def __init__(self, inner: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setWidget(inner)
        self._carets = [Caret(self, above=above) for above in (True, False)]
        bar = self.verticalScrollBar()
        bar.valueChanged.connect(self._show_carets)
        bar.rangeChanged.connect(self._show_carets)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what is open in sight."""
        super().resizeEvent(event)
        opened = next((b for b in self.findChildren(RailButton) if b.isChecked()), None)
        if opened is not None:
            self.ensureWidgetVisible(opened, 0, theme.px(ICON) + ICON)
        self._show_carets()

    def _show_carets(self, *_what: int) -> None:
        bar = self.verticalScrollBar()
        for caret, more in zip(self._carets, (bar.value() > 0, bar.value() < bar.maximum()), strict=True):
            caret.place(more)


class Caret(QWidget):
    """More above, or more below; clicked, it scrolls there."""

    def __init__(self, area: Shaft, *, above: bool) -> None:
        super().__init__(area)
        self._area, self._above = area, above
        self.hide()

    def place(self, shown: bool) -> None:
        """At its edge of the column."""
        height = theme.px(_CARET)
        self.setGeometry(0, 0 if self._above else self._area.height() - height, self._area.width(), height)
        self.setVisible(shown)
        self.raise_()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go on by most of what is seen."""
        bar, step = self._area.verticalScrollBar(), round(self._area.height() * 0.8)
        bar.setValue(bar.value() + (-step if self._above else step))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fade what goes on underneath, and point there."""
        painter = QPainter(self)
        paint.ready(painter)
        solid, clear = theme.colour("rail"), theme.colour("rail")
        clear.setAlpha(0)
        fade = QLinearGradient(0, 0, 0, self.height())
        fade.setColorAt(0, solid if self._above else clear)
        fade.setColorAt(0.5, solid)
        fade.setColorAt(1, clear if self._above else solid)
        painter.fillRect(self.rect(), fade)
        shape = "caret-up" if self._above else "caret-down"
        side = theme.px(_ARROW)
        pixmap = theme.pixmap(shape, theme.colour("rail_text"), _ARROW, "bold", ratio=self.devicePixelRatioF())
        top = 0 if self._above else self.height() - side
        paint.shape(painter, pixmap, (self.width() - side) / 2, top)

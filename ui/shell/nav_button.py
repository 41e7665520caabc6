"""A line of a list that one goes by: shape, word, and a tint on the one that is open."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QRadioButton, QSizePolicy, QWidget

from ui.theme import paint
from ui.theme.focus import from_keyboard
from ui.theme.style import on_theme_change, theme
from ui.theme.tokens.metrics import Weight

_ICON = 18
_PAD = 12


class NavButton(QRadioButton):
    """Arrows move between the lines of one group; the group is one stop of the Tab key."""

    def __init__(self, text: str, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(text.replace("&", "&&"), parent)
        self._word, self._icon, self._ring = text, icon, False
        self.setAccessibleName(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        on_theme_change(self._restyle)

    def _restyle(self) -> None:
        self.setFont(theme.font("body", Weight.MEDIUM))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Shape and word."""
        bold = self.font()
        bold.setWeight(bold.weight().DemiBold)
        from PySide6.QtGui import QFontMetrics

        return QSize(
            2 * _PAD + theme.px(_ICON) + 10 + QFontMetrics(bold).horizontalAdvance(self._word), theme.control_height
        )

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def hitButton(self, point: object) -> bool:
        """The whole line is the target."""
        return True

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Draw the ring."""
        self._ring = from_keyboard(event.reason())
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        self._ring = False
        super().focusOutEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, shape, word."""
        painter = QPainter(self)
        paint.ready(painter)
        on, area = self.isChecked(), QRectF(self.rect())
        if on:
            edge = theme.colour("accent") if theme.tokens.high_contrast else None
            paint.rounded(painter, area, 7, theme.colour("accent_soft"), edge)
        elif self.underMouse():
            paint.rounded(painter, area, 7, theme.colour("sunken"))
        if self._ring:
            paint.rounded(painter, area, 7, None, theme.colour("focus"), width=2)
        ink = theme.colour("accent" if on else "text")
        side = theme.px(_ICON)
        pixmap = theme.pixmap(self._icon, ink, _ICON, "fill" if on else "regular", ratio=self.devicePixelRatioF())
        paint.shape(painter, pixmap, _PAD, (self.height() - side) / 2)
        font = self.font()
        font.setWeight(font.weight().DemiBold if on else font.weight().Medium)
        painter.setFont(font)
        painter.setPen(ink)
        words = QRectF(_PAD + side + 10, 0, self.width(), self.height())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self._word)

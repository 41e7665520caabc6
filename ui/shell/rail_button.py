"""What stands in the rail: the screens, and at its head the workspace under the arch of the product."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.core.i18n import N_, _
from ui.shell.formats import number
from ui.shell.screens import ScreenSpec
from ui.shell.shortcuts import key_words
from ui.theme import paint
from ui.theme.focus import from_keyboard
from ui.theme.style import on_theme_change, theme
from ui.theme.tokens.metrics import TYPE, Weight

WIDTH = 80
ICON = 20
_MARGIN = 6
_INSET = 4
_AIR = 15
"""Px above, below and between shape and word: an item is 52 px high at 100 % text."""
_MARK = 30


class RailButton(QAbstractButton):
    """One screen in the rail: shape above word; the one on show is filled. A long name takes two lines."""

    def __init__(self, spec: ScreenSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spec, self._number, self._count = spec, 0, 0
        self._ring = False
        self.setCheckable(True)
        self.setAutoExclusive(True)  # one of several: told as a choice, not as a box to tick
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.retranslate()
        on_theme_change(self._restyle)

    def retranslate(self) -> None:
        """Say the title in the language in force, the key that opens the screen, and what waits there."""
        title = _(self.spec.title)
        self.setText(title)
        self.setAccessibleName(title)
        waits = _(N_("{count} waiting"), count=number(self._count)) if self._count else ""
        self.setAccessibleDescription(waits)
        keys = f"Ctrl+{self._number}" if 1 <= self._number <= 9 else self.spec.keys
        words = f"{title} ({key_words(keys)})" if keys else title
        self.setToolTip(" · ".join(part for part in (words, waits) if part))
        self.updateGeometry()

    def set_number(self, number: int) -> None:
        """The place in the rail, which Ctrl and the number open."""
        self._number = number
        self.retranslate()

    def show_count(self, count: int) -> None:
        """How much waits there; 0 shows nothing."""
        if count != self._count:
            self._count = count
            self.retranslate()
            self.update()

    def _restyle(self) -> None:
        self.setFont(theme.font("small", Weight.SEMIBOLD))
        self.updateGeometry()
        self.update()

    def lines(self) -> list[str]:
        """The name on one line, or on the two that are least wide when it is wider than the rail."""
        text, measure = self.text(), self.fontMetrics().horizontalAdvance
        words = text.split(" ")
        if len(words) == 1 or measure(text) <= theme.px(WIDTH) - 2 * (_MARGIN + _INSET):
            return [text]
        breaks = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
        return list(min(breaks, key=lambda pair: max(measure(line) for line in pair)))

    def sizeHint(self) -> QSize:
        """As wide as the widest line, at least a thumb high."""
        lines = self.lines()
        width = max(self.fontMetrics().horizontalAdvance(line) for line in lines) + 2 * (_MARGIN + _INSET)
        height = theme.px(ICON) + len(lines) * theme.px(TYPE["small"].line) + _AIR
        return QSize(max(WIDTH, width), height)

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Draw the ring inside, for the rail clips at its edge."""
        self._ring = from_keyboard(event.reason())
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        self._ring = False
        super().focusOutEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tile, shape, word."""
        painter = QPainter(self)
        paint.ready(painter)
        on = self.isChecked()
        tile = QRectF(self.rect()).adjusted(_MARGIN, 1, -_MARGIN, -1)
        if on or self.underMouse():
            edge = theme.colour("rail_on") if on and theme.tokens.high_contrast else None
            paint.rounded(painter, tile, 8, theme.colour("rail_active"), edge, width=2)
        if self._ring:
            paint.rounded(painter, tile, 8, None, theme.colour("rail_on"), width=2)
        ink = theme.colour("rail_on" if on else "rail_text")
        icon, line, lines = theme.px(ICON), theme.px(TYPE["small"].line), self.lines()
        top = (self.height() - icon - line * len(lines) - 2) / 2
        pixmap = theme.pixmap(self.spec.icon, ink, ICON, "fill" if on else "regular", ratio=self.devicePixelRatioF())
        paint.shape(painter, pixmap, (self.width() - icon) / 2, top)
        painter.setPen(ink)
        for place, words in enumerate(lines):
            area = QRectF(0, top + icon + 2 + place * line, self.width(), line)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, words)
        if self._count:
            self._paint_count(painter, QPointF((self.width() + icon) / 2, top))

    def _paint_count(self, painter: QPainter, corner: QPointF) -> None:
        """A pill at the upper right corner of the shape."""
        font = theme.font("caption", Weight.BOLD)
        painter.setFont(font)
        text = str(self._count) if self._count <= 99 else "99+"
        side = theme.px(TYPE["caption"].line)
        width = max(side, QFontMetrics(font).horizontalAdvance(text) + 8)
        pill = QRectF(corner.x() - 4, corner.y() - 3, width, side)
        paint.rounded(painter, pill, side / 2, theme.colour("danger"))
        painter.setPen(theme.colour("on_danger"))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)


class Mark(QWidget):
    """The arch of the product, at the head of the rail."""

    def __init__(self, ink: str, size: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ink, self._size = ink, size
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        on_theme_change(self._restyle)

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(theme.px(self._size), theme.px(self._size))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The arch, centred."""
        painter = QPainter(self)
        pixmap = theme.pixmap("logo", theme.colour(self._ink), self._size, ratio=self.devicePixelRatioF())
        side = theme.px(self._size)
        paint.shape(painter, pixmap, (self.width() - side) / 2, (self.height() - side) / 2)


class WorkspaceButton(QAbstractButton):
    """The head of the rail: the arch, and the word of the workspace; pressed, it lists the others."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ring = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        on_theme_change(self._restyle)

    def show_workspace(self, title: str) -> None:
        """Say which workspace is on."""
        self.setText(title)
        self.setAccessibleName(_(N_("Workspace: {name}"), name=title))
        self.setToolTip(_(N_("Workspace: {name}"), name=title))
        self.updateGeometry()

    def _restyle(self) -> None:
        self.setFont(theme.font("caption"))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Arch above word."""
        width = self.fontMetrics().horizontalAdvance(self.text()) + 2 * (_MARGIN + 4)
        return QSize(max(WIDTH, width), theme.px(_MARK + TYPE["caption"].line) + 12)

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Draw the ring inside, for the rail clips at its edge."""
        self._ring = from_keyboard(event.reason())
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        self._ring = False
        super().focusOutEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Arch, word."""
        painter = QPainter(self)
        paint.ready(painter)
        tile = QRectF(self.rect()).adjusted(_MARGIN, 1, -_MARGIN, -1)
        if self.underMouse() or self.isDown():
            paint.rounded(painter, tile, 8, theme.colour("rail_active"))
        if self._ring:
            paint.rounded(painter, tile, 8, None, theme.colour("rail_on"), width=2)
        side, line = theme.px(_MARK), theme.px(TYPE["caption"].line)
        top = (self.height() - side - line - 2) / 2
        pixmap = theme.pixmap("logo", theme.colour("rail_on"), _MARK, ratio=self.devicePixelRatioF())
        paint.shape(painter, pixmap, (self.width() - side) / 2, top)
        painter.setPen(theme.colour("rail_text"))
        painter.drawText(QRectF(0, top + side + 2, self.width(), line), Qt.AlignmentFlag.AlignCenter, self.text())

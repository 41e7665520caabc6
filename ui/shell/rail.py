"""The navigation rail: the screens in order, each with its shape and its word; the foot holds the settings."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from ui.shell.screens import Group, ScreenSpec
from ui.theme import paint
from ui.theme.focus import from_keyboard
from ui.theme.style import on_theme_change, theme
from ui.theme.tokens.metrics import TYPE, Weight

WIDTH = 80
_ITEM_HEIGHT = 52
_MARGIN = 6
_ICON = 20
_MARK = 30


class RailButton(QAbstractButton):
    """One screen in the rail: shape above word; the one on show is filled."""

    def __init__(self, spec: ScreenSpec, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spec, self._number = spec, number
        self._ring = False
        self.setCheckable(True)
        self.setAutoExclusive(True)  # one of several: told as a choice, not as a box to tick
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.retranslate()
        on_theme_change(self._restyle)

    def retranslate(self) -> None:
        """Say the title in the language in force."""
        title = _(self.spec.title)
        self.setText(title)
        self.setAccessibleName(title)
        if self._number <= 9:
            self.setToolTip(f"{title} (Ctrl {self._number})")
        self.updateGeometry()

    def _restyle(self) -> None:
        self.setFont(theme.font("small", Weight.SEMIBOLD))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as the word, at least a thumb high."""
        width = self.fontMetrics().horizontalAdvance(self.text()) + 2 * (_MARGIN + 4)
        return QSize(max(WIDTH, width), theme.px(_ITEM_HEIGHT))

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
        icon, line = theme.px(_ICON), theme.px(TYPE["small"].line)
        top = (self.height() - icon - line - 2) / 2
        pixmap = theme.pixmap(self.spec.icon, ink, _ICON, "fill" if on else "regular", ratio=self.devicePixelRatioF())
        paint.shape(painter, pixmap, (self.width() - icon) / 2, top)
        painter.setPen(ink)
        painter.drawText(QRectF(0, top + icon + 2, self.width(), line), Qt.AlignmentFlag.AlignCenter, self.text())


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


class Rail(QWidget):
    """All screens that the person may open; `chosen(name)` when one is pressed."""

    chosen = Signal(str)

    def __init__(self, specs: Sequence[ScreenSpec], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self._group = QButtonGroup(self)
        self.buttons = [RailButton(spec, n) for n, spec in enumerate(specs, 1) if spec.group is not Group.INNER]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 14, 0, 10)
        column.setSpacing(4)
        column.addWidget(Mark("rail_on", _MARK))
        column.addSpacing(6)
        column.addWidget(self._scroll([b for b in self.buttons if b.spec.group is Group.MAIN]), 1)
        for button in self.buttons:
            self._group.addButton(button)
            button.clicked.connect(self._press)
            if button.spec.group is Group.FOOT:
                column.addWidget(button)
        self.retranslate()

    def _scroll(self, buttons: list[RailButton]) -> QScrollArea:
        """At 200 % text the list may be higher than the window; the focused item is then scrolled to."""
        inner = QWidget()
        inner.setProperty("surface", "rail")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for button in buttons:
            column.addWidget(button)
        column.addStretch()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        area.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        return area

    def retranslate(self) -> None:
        """Say the words in the language in force; the rail is as wide as its longest word."""
        self.setAccessibleName(_(N_("Screens")))
        for button in self.buttons:
            button.retranslate()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """80 px, or the longest word."""
        return QSize(
            max((button.sizeHint().width() for button in self.buttons), default=WIDTH), super().sizeHint().height()
        )

    def minimumSizeHint(self) -> QSize:
        """The same width."""
        return QSize(self.sizeHint().width(), 0)

    def mark(self, name: str | None) -> None:
        """Show which screen is open; None for one that is not in the rail."""
        for button in self.buttons:
            if button.spec.name == name:
                button.setChecked(True)

    def offer(self, allowed: frozenset[str]) -> None:
        """Hide the screens that the person may not open."""
        for button in self.buttons:
            button.setVisible(button.spec.name in allowed)

    def name_at(self, number: int) -> str | None:
        """The screen that Ctrl and this number open."""
        shown = [button.spec.name for button in self.buttons if not button.isHidden()]
        return shown[number - 1] if number <= len(shown) else None

    def _press(self) -> None:
        pressed = self.sender()
        if isinstance(pressed, RailButton):
            self.chosen.emit(pressed.spec.name)

"""The navigation rail: the workspace at its head, then its screens in order; the settings at the foot."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

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

    def __init__(self, spec: ScreenSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spec, self._number = spec, 0
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
        self.setToolTip(f"{title} (Ctrl {self._number})" if 1 <= self._number <= 9 else title)
        self.updateGeometry()

    def set_number(self, number: int) -> None:
        """The place in the rail, which Ctrl and the number open."""
        self._number = number
        self.retranslate()

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


class Rail(QWidget):
    """The screens of a workspace that the person may open; `chosen(name)` when one is pressed."""

    chosen = Signal(str)

    def __init__(self, specs: Sequence[ScreenSpec], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self._group = QButtonGroup(self)
        self.buttons = [RailButton(spec) for spec in specs if spec.group is not Group.INNER]
        self.head = WorkspaceButton()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 10)
        column.setSpacing(4)
        column.addWidget(self.head)
        column.addSpacing(4)
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
        self._column = column = QVBoxLayout(inner)
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
            max(
                part.sizeHint().width()
                for part in (self.head, *self.buttons)
                if part is self.head or not part.isHidden()
            ),
            super().sizeHint().height(),
        )

    def minimumSizeHint(self) -> QSize:
        """The same width."""
        return QSize(self.sizeHint().width(), 0)

    def mark(self, name: str | None) -> None:
        """Show which screen is open; None for one that is not in the rail."""
        for button in self.buttons:
            if button.spec.name == name:
                button.setChecked(True)

    def offer(self, offered: Sequence[ScreenSpec]) -> None:
        """Show these screens in this order, and hide the others."""
        places = {spec.name: place for place, spec in enumerate(offered)}
        self.buttons.sort(key=lambda button: places.get(button.spec.name, len(places)))
        for number, button in enumerate(self.buttons, 1):
            shown = button.spec.name in places
            button.set_number(number if shown else 0)
            button.setVisible(shown)
        for place, button in enumerate(b for b in self.buttons if b.spec.group is Group.MAIN):
            self._column.insertWidget(place, button)
        self.updateGeometry()
        for before, after in pairwise([self.head, *self.buttons]):
            QWidget.setTabOrder(before, after)

    def name_at(self, number: int) -> str | None:
        """The screen that Ctrl and this number open."""
        shown = [button.spec.name for button in self.buttons if not button.isHidden()]
        return shown[number - 1] if number <= len(shown) else None

    def _press(self) -> None:
        pressed = self.sender()
        if isinstance(pressed, RailButton):
            self.chosen.emit(pressed.spec.name)

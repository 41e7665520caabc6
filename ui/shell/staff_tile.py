"""A person of the gate: initials, name, roles."""

from __future__ import annotations

import zlib

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QRadioButton, QSizePolicy, QWidget

from ui.theme import paint
from ui.theme.focus import from_keyboard, hide_ring, show_ring
from ui.theme.fonts import sized_font
from ui.theme.style import on_theme_change, theme
from ui.theme.tokens.metrics import TYPE, Weight
from ui.widgets.avatar import initials_of
from ui.widgets.buttons import is_plain_enter

_SIZE = (176, 152)
_AVATAR = 70
_RADIUS = 12
_PAD = 12


class StaffTile(QRadioButton):
    """One of the people; arrows move between them."""

    def __init__(self, name: str, roles: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._roles, self.key = name, roles, key
        self.setAccessibleName(name)
        self.setAccessibleDescription(roles)
        self.setToolTip(f"{name} · {roles}" if roles else name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        on_theme_change(self._restyle)

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Circle and two lines."""
        words = theme.px(TYPE["touch_label"].line + TYPE["small"].line)
        base = TYPE["touch_label"].line + TYPE["small"].line
        return QSize(
            round(_SIZE[0] * min(theme.text_scale, 1.75)), _SIZE[1] - base + words + theme.px(_AVATAR) - _AVATAR
        )

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def hitButton(self, point: object) -> bool:
        """The whole tile is the target."""
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses too: whoever found themselves with the arrows goes on with it."""
        if is_plain_enter(event):
            self.click()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring when focus came from the keyboard."""
        super().focusInEvent(event)
        if from_keyboard(event.reason()):
            show_ring(self, _RADIUS)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        hide_ring(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Frame, circle, name, roles; long words end in an ellipsis and the tooltip has them whole."""
        painter = QPainter(self)
        paint.ready(painter)
        on, whole = self.isChecked(), QRectF(self.rect())
        edge = theme.colour("focus" if on else "control" if self.underMouse() else "border")
        paint.rounded(painter, whole, _RADIUS, theme.colour("surface"), edge, width=2 if on else theme.tokens.line)
        side = float(theme.px(_AVATAR))
        circle = QRectF((whole.width() - side) / 2, 16, side, side)
        font = sized_font(round(side * 0.34), Weight.SEMIBOLD)
        paint.initials(painter, circle, initials_of(self._name), zlib.crc32(self.key.encode()), font)
        top = circle.bottom() + 8
        for text, role, ink, weight in (
            (self._name, "touch_label", "text", Weight.SEMIBOLD),
            (self._roles, "small", "muted", None),
        ):
            painter.setFont(theme.font(role, weight))
            painter.setPen(theme.colour(ink))
            line = theme.px(TYPE[role].line) + 2
            room = whole.width() - 2 * _PAD
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, round(room))
            painter.drawText(QRectF(_PAD, top, room, line), Qt.AlignmentFlag.AlignCenter, shown)
            top += line

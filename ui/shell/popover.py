"""A raised sheet under a button of the chrome: a child of the window, so that the gate covers it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QFrame, QGraphicsDropShadowEffect, QVBoxLayout, QWidget

from ui.theme.style import on_theme_change, theme
from ui.theme.tokens import FIXED
from ui.theme.tokens.metrics import POPOVER

GAP: Final = 6
EDGE: Final = 12


class Popover(QFrame):
    """`open_at(anchor)` shows it above or below a button; Escape, a click beside it, or another focus closes it."""

    def __init__(self, anchor: QWidget, width: int) -> None:
        super().__init__(anchor.window())
        self._anchor, self._width = anchor, width
        self.setProperty("kind", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(14, 12, 14, 12)
        self.column.setSpacing(10)
        self.hide()
        on_theme_change(self._restyle)

    def _restyle(self) -> None:
        shadow, tint = QGraphicsDropShadowEffect(self), QColor(FIXED.shadow)
        high = theme.tokens.high_contrast
        tint.setAlpha(0 if high else POPOVER.alpha_dark if theme.tokens.dark else POPOVER.alpha)
        shadow.setColor(tint)
        shadow.setBlurRadius(POPOVER.blur)
        shadow.setOffset(0, POPOVER.y)
        self.setGraphicsEffect(shadow)

    def open(self) -> None:
        """Show it at the anchor, the keyboard in it."""
        host = self._anchor.window()
        if self.parentWidget() is not host:
            self.setParent(host)
        self.place()
        self.show()
        self.raise_()
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def place(self) -> None:
        """Stand inside the window, at the side of the anchor where there is more room."""
        host = self._anchor.window()
        self.setFixedWidth(min(theme.px(self._width), host.width() - 2 * EDGE))
        self.adjustSize()
        corner = self._anchor.mapTo(host, QPoint(0, 0))
        below = host.height() - corner.y() - self._anchor.height()
        room = max(below, corner.y()) - GAP - EDGE
        height = min(self.sizeHint().height(), room)
        self.resize(self.width(), height)
        left = min(max(EDGE, corner.x() + self._anchor.width() - self.width()), host.width() - self.width() - EDGE)
        top = corner.y() + self._anchor.height() + GAP if below >= corner.y() else corner.y() - GAP - height
        self.move(left, top)

    def close_now(self) -> None:
        """Hide, and give the keyboard back to the anchor when it was in here."""
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        inside = self.isAncestorOf(focused) if (focused := QApplication.focusWidget()) is not None else False
        self.hide()
        if inside and self._anchor.isVisible():
            self._anchor.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click beside it closes it; so does Escape."""
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonPress:
            here = QRect(self.mapToGlobal(QPoint(0, 0)), self.size())
            button = QRect(self._anchor.mapToGlobal(QPoint(0, 0)), self._anchor.size())
            place = event.globalPosition().toPoint()
            if not here.contains(place) and not button.contains(place) and not _in_menu(watched):
                self.close_now()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() != Qt.Key.Key_Escape or not self.isVisible() or _in_menu(watched):
                return False
            self.close_now()
            return True
        return False


def _in_menu(watched: QObject) -> bool:
    """Whether an event belongs to a menu that was opened from here."""
    popup = QApplication.activePopupWidget()
    return popup is not None and (watched is popup or (isinstance(watched, QWidget) and popup.isAncestorOf(watched)))

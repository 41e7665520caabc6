"""Toast with undo: bottom centre, one at a time, ten seconds, resting while one points at it or is in it."""

import time
from collections.abc import Callable
from math import ceil

from PySide6.QtCore import QEasingCurve, QEvent, QObject, QPoint, QPropertyAnimation, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QShowEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QFrame,
    QGraphicsDropShadowEffect,
    QHBoxLayout,
    QLineEdit,
    QWidget,
)

from app.core.i18n import _
from ui.theme.style import on_theme_change, theme
from ui.theme.tokens import FIXED
from ui.theme.tokens.metrics import POPOVER, Weight
from ui.widgets.announce import announce
from ui.widgets.buttons import Button
from ui.widgets.cards import ThemedIcon
from ui.widgets.labels import Label, WrapLabel
from ui.widgets.pills import KeyCap

LIFETIME_S = 10.0
_TICK_MS = 250
_BOTTOM = 24
_SIDE = 12
_MOST_STEPS = 4


class Toast(QFrame):
    """What just happened, with the way back. Not for errors that need an answer.

    It is a child of `host`, usually the window, over everything else in it. `clock` gives seconds of a steady clock.
    """

    undone = Signal()
    closed = Signal()

    def __init__(self, host: QWidget, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(host)
        self._clock, self._left, self._last = clock, 0.0, 0.0
        self.setProperty("kind", "toast")
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(14, 4, 12, 4)
        row.setSpacing(10)
        self._icon = ThemedIcon("check-circle", 18, weight="fill")
        self._words = WrapLabel("", "body", "toast", weight=Weight.MEDIUM)
        self._words.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._undo = Button("", "toast", size="compact")
        self._undo.clicked.connect(self.undo)
        self._undo.installEventFilter(self)
        self._cap = KeyCap("Ctrl Z", dark=True)
        self._seconds = Label("", "small", "toast_hint")
        for widget in (self._icon, self._words, self._undo, self._cap, self._seconds):
            row.addWidget(widget)
        self._ticker = QTimer(self)
        self._ticker.setInterval(_TICK_MS)
        self._ticker.timeout.connect(self.tick)
        self._slide = QPropertyAnimation(self, b"pos", self)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        host.installEventFilter(self)
        on_theme_change(self._restyle)
        self.hide()

    def tell(self, text: str, *, undo: bool = True) -> None:
        """Show `text` for ten seconds in place of what was shown. Without `undo` there is nothing to take back."""
        self._words.setText(text)
        self._undo.setText(_("Undo"))
        for widget in (self._undo, self._cap):
            widget.setVisible(undo)
        self._left, self._last = LIFETIME_S, self._clock()
        self._count()
        self._ticker.start()
        self._place()
        self.show()
        self.raise_()
        announce(self, text)

    def undo(self) -> None:
        """Take back what happened, once."""
        if self.isVisible() and not self._undo.isHidden():
            self.close_now()
            self.undone.emit()

    def close_now(self) -> None:
        """Go before the time is up."""
        self._ticker.stop()
        self.hide()
        self.closed.emit()

    @property
    def resting(self) -> bool:
        """Whether the time stands still, because one points at the toast or is in it."""
        return self.underMouse() or self._undo.hasFocus() or self._undo.underMouse()

    @property
    def seconds_left(self) -> float:
        """Seconds until it goes."""
        return self._left

    def tick(self) -> None:
        """Let the time pass since the last tick."""
        now = self._clock()
        passed, self._last = now - self._last, now
        if not self.resting:
            self._left -= passed
        self._count()
        if self._left <= 0:
            self.close_now()

    def _count(self) -> None:
        self._seconds.setText(_("{count}\u00a0s", count=max(0, ceil(self._left))))

    def _restyle(self) -> None:
        shadow = QGraphicsDropShadowEffect(self)
        tint = QColor(FIXED.shadow)
        high = theme.tokens.high_contrast
        tint.setAlpha(0 if high else POPOVER.alpha_dark if theme.tokens.dark else POPOVER.alpha)
        shadow.setColor(tint)
        shadow.setBlurRadius(POPOVER.blur)
        shadow.setOffset(0, POPOVER.y)
        self.setGraphicsEffect(shadow)
        ratio = self.devicePixelRatioF()
        self._icon.setPixmap(theme.pixmap("check-circle", FIXED.toast_ok, 18, "fill", ratio=ratio))
        # The widest count keeps the toast from moving as the seconds go.
        self._seconds.setMinimumWidth(self._seconds.fontMetrics().horizontalAdvance("00\u00a0s"))
        self._place()

    def _place(self) -> None:
        host = self.parentWidget()
        if host is None:
            return
        room = host.width() - 2 * _SIDE
        self._words.set_wrapping(False)
        self._row.activate()
        width = self.sizeHint().width()
        if width > room:
            width = room
            self._words.set_wrapping(True)
            self.resize(width, self.height())
            self._row.activate()
        self.resize(width, max(self.minimumSizeHint().height(), theme.height(40)))
        bottom = QPoint((host.width() - width) // 2, host.height() - self.height() - _BOTTOM)
        self.move(self._clear(host, bottom))

    def _clear(self, host: QWidget, at: QPoint) -> QPoint:
        """That place, or as far above it as leaves what can be pressed, and the keyboard, in sight."""
        pressed: list[QWidget] = [b for b in host.findChildren(QAbstractButton) if b.isVisible() and b.isEnabled()]
        focused = QApplication.focusWidget()
        if isinstance(focused, QLineEdit | QComboBox) and host.isAncestorOf(focused):
            pressed.append(focused)
        under = [QRect(b.mapTo(host, QPoint()), b.size()) for b in pressed if not self.isAncestorOf(b)]
        place = at
        for _step in range(_MOST_STEPS):
            hidden = [rect.top() for rect in under if rect.intersects(QRect(place, self.size()))]
            if not hidden:
                return place
            place = QPoint(at.x(), min(hidden) - self.height() - _BOTTOM // 2)
        return at

    def showEvent(self, event: QShowEvent) -> None:
        """Come up from a little below."""
        super().showEvent(event)
        duration = theme.duration("panel")
        if duration:
            end = self.pos()
            self._slide.stop()
            self._slide.setDuration(duration)
            self._slide.setStartValue(end + end.__class__(0, 8))
            self._slide.setEndValue(end)
            self._slide.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the bottom centre of the host."""
        if event.type() == QEvent.Type.Resize and watched is self.parentWidget() and self.isVisible():
            self._place()
        return False

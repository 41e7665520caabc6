"""Switch and chip: painted, because a sheet cannot draw them, and operated by keyboard."""

from PySide6.QtCore import QEasingCurve, QPointF, QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QPushButton, QSizePolicy, QWidget

from app.core.i18n import _
from ui.theme import paint
from ui.theme.focus import focus_in, hide_ring
from ui.theme.style import on_theme_change, theme
from ui.theme.tokens.metrics import RADII, Weight

_CHIP_PAD = 9
_CROSS = 12


class Switch(QCheckBox):
    """On or off, at once. Space or Enter toggles; the word, if any, stands at the right."""

    def __init__(self, name: str, *, show_name: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = name if show_name else ""
        self._position, self._radius = 0.0, 0.0
        self.setAccessibleName(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._motion = QVariantAnimation(self)
        self._motion.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._motion.valueChanged.connect(self._move)
        self.toggled.connect(self._slide)
        on_theme_change(self._restyle)

    def _restyle(self) -> None:
        self.setFont(theme.font("body", Weight.MEDIUM))
        self._radius = self._track().height() / 2
        self.updateGeometry()

    def _slide(self, on: bool) -> None:
        duration = theme.duration("hover") if self.isVisible() else 0
        self._motion.stop()
        if not duration:
            self._move(float(on))
            return
        self._motion.setDuration(duration)
        self._motion.setStartValue(self._position)
        self._motion.setEndValue(float(on))
        self._motion.start()

    def _move(self, position: object) -> None:
        self._position = float(position) if isinstance(position, (int, float)) else 0.0
        self.update()

    def _track(self) -> QRectF:
        height = theme.px(30 if theme.touch else 24)
        return QRectF(1, 1, height * 1.8, height)

    def sizeHint(self) -> QSize:
        """Track and word; in touch density as high as a finger."""
        track = self._track()
        width = track.width() + 2
        if self._shown:
            width += 8 + self.fontMetrics().horizontalAdvance(self._shown) + 2
        least = theme.control_height if theme.touch else 0
        return QSize(round(width), max(round(track.height()) + 2, least))

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def hitButton(self, point: object) -> bool:
        """Track and word are the target."""
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter toggles too, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        focus_in(self, event, self._radius)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        hide_ring(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Track, knob, check mark and word."""
        painter = QPainter(self)
        paint.ready(painter)
        track = self._track()
        track.moveTop((self.height() - track.height()) / 2)
        paint.switch(painter, track, self._position, self.isEnabled())
        painter.setPen(theme.of(self).colour("text" if self.isEnabled() else "faint"))
        area = QRectF(track.right() + 8, 0, self.width(), self.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self._shown)


class Chip(QPushButton):
    """A filter in force. Click or Space uses it; its cross, Delete or Backspace removes it."""

    removed = Signal()

    def __init__(
        self,
        text: str,
        icon: str = "",
        *,
        removable: bool = False,
        checkable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._shown, self._shape, self._removable = text, icon, removable
        self._radius = float(RADII.chip + 1)
        self.setProperty("kind", "painted")
        self.setCheckable(checkable)
        self.setAutoDefault(False)
        self.setAccessibleName(text)
        if removable:
            self.setAccessibleDescription(_("Delete removes this filter"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        on_theme_change(self._restyle)

    def _restyle(self) -> None:
        self.setFont(theme.font("small", Weight.MEDIUM))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Icon, word and cross; for a finger, no narrower than high."""
        height = theme.control_height if theme.touch else theme.height(28, "small")
        return QSize(max(self._inner(), height if theme.touch else 0), height)

    def _inner(self) -> int:
        width = 2 * theme.px(_CHIP_PAD) + self.fontMetrics().horizontalAdvance(self._shown) + 1
        width += theme.px(14) + 5 if self._shape else 0
        width += theme.px(_CROSS) + 6 if self._removable else 0
        return width

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def _cross_left(self) -> int:
        return self.width() - theme.px(_CHIP_PAD) - theme.px(_CROSS) - 3

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The cross removes; the rest is a button."""
        place = event.position().toPoint()
        if self._removable and place.x() >= self._cross_left() and self.rect().contains(place):
            self.setDown(False)
            self.removed.emit()
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete and Backspace remove, Enter is a click."""
        if self._removable and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        focus_in(self, event, self._radius)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        hide_ring(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A soft ground with a control edge; checked or removable means in force, in accent."""
        painter = QPainter(self)
        paint.ready(painter)
        active = self._removable or self.isChecked()
        ink = theme.of(self).colour("accent" if active else "muted")
        ground = theme.of(self).colour("accent_soft" if active else "surface")
        edge = QColor(ink) if active else theme.of(self).colour("control")
        paint.rounded(painter, QRectF(self.rect()), RADII.chip + 1, ground, edge, width=theme.tokens.line)
        left = theme.px(_CHIP_PAD) + max(0, self.width() - self._inner()) / 2
        ratio, middle = self.devicePixelRatioF(), self.height() / 2
        if self._shape:
            pixmap = theme.pixmap(self._shape, ink, 14, ratio=ratio)
            paint.shape(painter, pixmap, left, middle - theme.px(14) / 2)
            left += theme.px(14) + 5
        painter.setPen(ink)
        painter.drawText(QPointF(left, middle + self._baseline()), self._shown)
        if self._removable:
            cross = theme.pixmap("x", ink, _CROSS, ratio=ratio)
            paint.shape(painter, cross, self._cross_left() + 3, middle - theme.px(_CROSS) / 2)

    def _baseline(self) -> float:
        metrics = self.fontMetrics()
        return (metrics.ascent() - metrics.descent()) / 2

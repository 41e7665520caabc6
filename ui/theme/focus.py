"""The keyboard focus ring: 2 px wide, 2 px away, following the corner radius of what it surrounds."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget
from shiboken6 import isValid

from ui.theme import paint
from ui.theme.style import theme

GAP = 2
RING = 2
REACH = GAP + RING
_KEYBOARD = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
    Qt.FocusReason.OtherFocusReason,
    Qt.FocusReason.MenuBarFocusReason,
)
_MOVES = (
    QEvent.Type.Move,
    QEvent.Type.Resize,
    QEvent.Type.Show,
    QEvent.Type.Hide,
    QEvent.Type.ParentChange,
    QEvent.Type.ZOrderChange,
)


def from_keyboard(reason: Qt.FocusReason) -> bool:
    """Whether focus came by a way that must be seen; a click shows where it went by itself."""
    return reason in _KEYBOARD


class FocusRing(QWidget):
    """A frame over the neighbours of one widget, transparent to the mouse and to assistive technology.

    QFocusFrame ignores corner radii, and so does the sheet's `outline`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._target: QWidget | None = None
        self._watched: list[QWidget] = []
        self._radius = 0.0
        theme.changed.connect(self.update)
        self.hide()

    @property
    def target(self) -> QWidget | None:
        """The widget surrounded."""
        return self._target

    def surround(self, target: QWidget, radius: float) -> None:
        """Draw round `target`, whose own corners have `radius` px."""
        self.release()
        self._target, self._radius = target, radius
        target.installEventFilter(self)
        self._watched = [target]
        host = self._host(target)
        walker = target.parentWidget()
        while walker is not None and walker is not host:
            walker.installEventFilter(self)
            self._watched.append(walker)
            walker = walker.parentWidget()
        self.setParent(host)
        self._follow()

    def release(self) -> None:
        """Leave the widget and hide."""
        for widget in self._watched:
            if isValid(widget):
                widget.removeEventFilter(self)
        self._watched, self._target = [], None
        self.hide()

    @staticmethod
    def _host(target: QWidget) -> QWidget:
        """Nearest ancestor with room for the ring; never past the viewport of a scroll area, which must clip it."""
        host = target.parentWidget() or target
        area = target.rect().adjusted(-REACH, -REACH, REACH, REACH)
        while not host.isWindow():
            parent = host.parentWidget()
            inside = host.rect().contains(QRect(target.mapTo(host, area.topLeft()), area.size()))
            if inside or parent is None or isinstance(parent, QAbstractScrollArea):
                break
            host = parent
        return host

    def _follow(self) -> None:
        target, host = self._target, self.parentWidget()
        if target is None or host is None or not isValid(target) or not target.isVisible():
            self.hide()
            return
        origin = target.mapTo(host, QPoint(0, 0))
        self.setGeometry(QRect(origin, target.size()).adjusted(-REACH, -REACH, REACH, REACH))
        self.raise_()
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the widget and what carries it."""
        if event.type() in _MOVES and self._target is not None:
            self._follow()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """One rounded outline."""
        painter = QPainter(self)
        paint.ready(painter)
        ink = theme.of(self).colour("focus")
        paint.rounded(painter, QRectF(self.rect()), self._radius + REACH, None, ink, width=RING)


_ring: list[FocusRing] = []


def show_ring(target: QWidget, radius: float) -> None:
    """Show the ring round a widget. There is one, because there is one focus."""
    if not _ring or not isValid(_ring[0]):
        _ring[:] = [FocusRing()]
    _ring[0].surround(target, radius)


def hide_ring(target: QWidget) -> None:
    """Take the ring away when `target` loses focus."""
    if _ring and isValid(_ring[0]) and _ring[0].target is target:
        _ring[0].release()


def focus_in(target: QWidget, event: QFocusEvent, radius: float) -> None:
    """For a widget's focusInEvent: show the ring when focus came from the keyboard."""
    if from_keyboard(event.reason()):
        show_ring(target, radius)

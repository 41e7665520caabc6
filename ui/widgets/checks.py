"""Check box and radio button: painted, because a sheet can only take their marks from files of one colour."""

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QRadioButton, QSizePolicy, QWidget

from ui.theme import paint
from ui.theme.focus import focus_in, hide_ring
from ui.theme.style import on_theme_change, theme

_BOX = 18
_GAP = 8
_BOX_RADIUS = 5


def _set_up(button: QAbstractButton, words: str) -> None:
    button.setText(words.replace("&", "&&"))
    button.setAccessibleName(words)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)


def _size(button: QAbstractButton) -> QSize:
    metrics, box = button.fontMetrics(), theme.px(_BOX)
    height = theme.control_height if theme.touch else max(box + 4, metrics.height())
    return QSize(box + _GAP + 2 + metrics.horizontalAdvance(button.accessibleName()), height)


def _mark(button: QAbstractButton) -> QRectF:
    side = theme.px(_BOX)
    return QRectF(1, (button.height() - side) / 2, side, side)


def _words(painter: QPainter, button: QAbstractButton) -> None:
    painter.setPen(theme.colour("text" if button.isEnabled() else "faint"))
    left = theme.px(_BOX) + 1 + _GAP
    area = QRectF(left, 0, button.width() - left, button.height())
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, button.accessibleName())


def _ground(button: QAbstractButton, filled: bool) -> tuple[str, str]:
    """Roles of the ground and of the edge."""
    if not button.isEnabled():
        return ("control" if filled else "sunken"), "control"
    return ("accent" if filled else "surface"), ("accent" if filled else "control")


class CheckBox(QCheckBox):
    """One of several facts that may hold together; unlike a switch, it takes effect with the form."""

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _set_up(self, words)
        on_theme_change(self._restyle)

    def _restyle(self) -> None:
        self.setFont(theme.font("body"))
        self.updateGeometry()

    def hitButton(self, point: QPoint) -> bool:
        """Box and words are the target."""
        return self.rect().contains(point)

    def sizeHint(self) -> QSize:
        """Box and words."""
        return _size(self)

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return _size(self)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        focus_in(self, event, _BOX_RADIUS)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        hide_ring(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A box with a check mark, or a dash when only some hold."""
        painter = QPainter(self)
        paint.ready(painter)
        box, state = _mark(self), self.checkState()
        ground, edge = _ground(self, state != Qt.CheckState.Unchecked)
        paint.rounded(painter, box, _BOX_RADIUS, theme.colour(ground), theme.colour(edge), width=1.5)
        ink = theme.colour("on_accent" if self.isEnabled() else "surface")
        if state == Qt.CheckState.Checked:
            paint.tick(painter, box.center(), box.width() * 0.55, ink)
        elif state == Qt.CheckState.PartiallyChecked:
            bar = QRectF(0, 0, box.width() * 0.5, 2)
            bar.moveCenter(box.center())
            paint.rounded(painter, bar, 1, ink)
        _words(painter, self)


class Radio(QRadioButton):
    """One of a few alternatives that are all in sight; arrows move among those of the same parent."""

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _set_up(self, words)
        on_theme_change(self._restyle)

    def _restyle(self) -> None:
        self.setFont(theme.font("body"))
        self.updateGeometry()

    def hitButton(self, point: QPoint) -> bool:
        """Mark and words are the target."""
        return self.rect().contains(point)

    def sizeHint(self) -> QSize:
        """Mark and words."""
        return _size(self)

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return _size(self)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        focus_in(self, event, self.height() / 2)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        hide_ring(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A disc with a check mark when chosen, a ring otherwise."""
        painter = QPainter(self)
        paint.ready(painter)
        disc = _mark(self)
        ground, edge = _ground(self, self.isChecked())
        paint.rounded(painter, disc, disc.width() / 2, theme.colour(ground), theme.colour(edge), width=1.5)
        if self.isChecked():
            ink = theme.colour("on_accent" if self.isEnabled() else "surface")
            paint.tick(painter, disc.center(), disc.width() * 0.5, ink)
        _words(painter, self)

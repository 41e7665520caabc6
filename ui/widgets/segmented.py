"""Segmented control: two to five exclusive views, one of them always chosen."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QRadioButton, QSizePolicy, QWidget

from ui.theme import paint
from ui.theme.focus import focus_in, hide_ring
from ui.theme.icons import IconWeight
from ui.theme.style import on_theme_change, theme
from ui.theme.tokens.metrics import Weight

_SEGMENT_PAD = 12
_TRACK_PAD = 3
_ICON = 16


@dataclass(frozen=True, slots=True)
class Segment:
    """One view of a segmented control: what it stands for, its word and its icon."""

    value: object
    text: str
    icon: str = ""


class _SegmentButton(QRadioButton):
    """A radio button drawn as a segment; arrow keys and the single tab stop are Qt's own for radio buttons."""

    def __init__(self, segment: Segment, parent: QWidget) -> None:
        super().__init__(segment.text.replace("&", "&&"), parent)
        self.segment = segment
        self._icon_only = False
        self.setAccessibleName(segment.text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        on_theme_change(self._restyle)

    def set_icon_only(self, icon_only: bool) -> None:
        """Show the icon with the word as tooltip; a segment without icon keeps its word."""
        self._icon_only = icon_only and bool(self.segment.icon)
        self.setToolTip(self.segment.text if self._icon_only else "")
        self.updateGeometry()
        self.update()

    def _restyle(self) -> None:
        self.setFont(theme.font("body", Weight.SEMIBOLD))
        self.updateGeometry()

    def hitButton(self, point: object) -> bool:
        """The whole segment is the target."""
        return True

    def sizeHint(self) -> QSize:
        """Wide enough for the bold word, so that nothing moves when the choice changes."""
        width = 2 * theme.px(_SEGMENT_PAD)
        if self.segment.icon:
            width += theme.px(_ICON)
        if not self._icon_only:
            words = QFontMetrics(
                theme.font("body", Weight.SEMIBOLD)
            )  # not the widget's: one made anew has its parent's
            width += words.horizontalAdvance(self.segment.text) + (6 if self.segment.icon else 0)
        if theme.touch:  # the segment itself is the target of a finger, not the track round it
            return QSize(max(width, theme.control_height), theme.control_height)
        return QSize(width, theme.control_height - 2 * _TRACK_PAD)

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Chosen: a surface tile with a control edge. Others: the word on the track."""
        painter = QPainter(self)
        paint.ready(painter)
        chosen = self.isChecked()
        if chosen:
            edge = theme.colour("control") if self.isEnabled() else theme.colour("border")
            paint.rounded(painter, QRectF(self.rect()), 6, theme.colour("surface"), edge, width=theme.tokens.line)
        ink = theme.colour("text" if chosen and self.isEnabled() else "muted")
        font = theme.font("body")
        font.setWeight(QFont.Weight.DemiBold if chosen else QFont.Weight.Medium)
        painter.setFont(font)
        painter.setPen(ink)
        area = QRectF(self.rect())
        text = "" if self._icon_only else self.segment.text
        advance = painter.fontMetrics().horizontalAdvance(text)
        icon = theme.px(_ICON) if self.segment.icon else 0
        gap = 6 if icon and text else 0
        left = (area.width() - icon - gap - advance) / 2
        if icon:
            weight: IconWeight = "bold" if chosen else "regular"
            pixmap = theme.pixmap(self.segment.icon, ink, _ICON, weight, ratio=self.devicePixelRatioF())
            paint.shape(painter, pixmap, left, (area.height() - icon) / 2)
        painter.drawText(QRectF(left + icon + gap, 0, advance + 2, area.height()), Qt.AlignmentFlag.AlignVCenter, text)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring when focus came from the keyboard."""
        super().focusInEvent(event)
        focus_in(self, event, 6)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        hide_ring(self)


class SegmentedControl(QWidget):
    """Two to five exclusive views. `name` says what is chosen; arrows move the choice."""

    changed = Signal(object)

    def __init__(self, name: str, segments: Sequence[Segment], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(_TRACK_PAD, _TRACK_PAD, _TRACK_PAD, _TRACK_PAD)
        row.setSpacing(2)
        self._buttons = [_SegmentButton(segment, self) for segment in segments]
        for button in self._buttons:
            row.addWidget(button)
            button.toggled.connect(self._toggled)
        self._buttons[0].setChecked(True)
        theme.changed.connect(self.update)

    def value(self) -> object:
        """What the chosen segment stands for."""
        return next(button.segment.value for button in self._buttons if button.isChecked())

    def set_value(self, value: object) -> None:
        """Choose a segment; raises StopIteration for a value that is none of them."""
        next(button for button in self._buttons if button.segment.value == value).setChecked(True)

    def set_icon_only(self, icon_only: bool) -> None:
        """For narrow windows: icons with the words as tooltips."""
        for button in self._buttons:
            button.set_icon_only(icon_only)

    def _toggled(self, on: bool) -> None:
        if on:
            self.changed.emit(self.value())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The sunken track."""
        painter = QPainter(self)
        paint.ready(painter)
        paint.rounded(painter, QRectF(self.rect()), 8, theme.colour("sunken"))

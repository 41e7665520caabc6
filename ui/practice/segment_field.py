"""The minutes of a visit: a strip to work on with the keyboard or the mouse, the same as text, and the totals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QVBoxLayout, QWidget

from app.core.errors import ClinicError
from app.core.i18n import N_, _
from app.scheduling.queries import LONGEST_VISIT, SEGMENT_LABELS, Segment, SegmentKind, read_segments, segments_text
from ui.shell.formats import counted
from ui.theme import paint
from ui.theme.contrast import mixed
from ui.theme.focus import focus_in, hide_ring
from ui.theme.style import on_theme_change, theme
from ui.theme.tokens.metrics import STRIP_OPACITY, Weight
from ui.widgets.announce import announce
from ui.widgets.buttons import Button
from ui.widgets.fields import TextField
from ui.widgets.labels import WrapLabel
from ui.widgets.layout import Flow

ROLES: Final = {
    SegmentKind.ASSISTANT: "assistant", SegmentKind.DOCTOR: "doctor", SegmentKind.COORDINATOR: "tc",
    SegmentKind.XRAY: "xray",
}  # fmt: skip
LETTERS: Final = {
    Qt.Key.Key_A: SegmentKind.ASSISTANT, Qt.Key.Key_D: SegmentKind.DOCTOR, Qt.Key.Key_T: SegmentKind.COORDINATOR,
    Qt.Key.Key_X: SegmentKind.XRAY, Qt.Key.Key_C: SegmentKind.CHAIR,
}  # fmt: skip
NEW_MINUTES = 5
_HEIGHT = 40
_EDGE = 6


def ground_of(kind: SegmentKind) -> QColor:
    """The fill of a stretch: doctor minutes are ink, the others tints of the surface."""
    surface = theme.colour("surface")
    if kind is SegmentKind.CHAIR:
        return theme.colour("sunken")
    role = ROLES[kind]
    opacity = 1.0 if theme.tokens.high_contrast else STRIP_OPACITY[role][1 if theme.tokens.dark else 0]
    return mixed(theme.colour(role), surface, opacity)


class _Stretch(QAbstractButton):
    """One stretch, in the tree of assistive technology with its words and whether it is chosen."""

    def __init__(self, strip: QWidget) -> None:
        super().__init__(strip)
        self.segment = Segment(SegmentKind.CHAIR, 1)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.show()

    def show_segment(self, segment: Segment, chosen: bool) -> None:
        self.segment = segment
        minutes = counted(N_("{n} minute"), N_("{n} minutes"), segment.minutes)
        self.setAccessibleName(f"{_(SEGMENT_LABELS[segment.kind])}, {minutes}")
        self.setToolTip(self.accessibleName())
        self.setChecked(chosen)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.ready(painter)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        ground = ground_of(self.segment.kind)
        edge = theme.colour("control") if self.segment.kind is SegmentKind.CHAIR else None
        paint.rounded(painter, area, 4, ground, edge, width=1)
        if self.isChecked():
            paint.rounded(painter, area, 4, None, theme.colour("focus"), width=2)
        painter.setFont(self.font())
        painter.setPen(paint.ink_on(ground))
        letter = segments_text([self.segment])
        if painter.fontMetrics().horizontalAdvance(letter) + 4 > self.width():
            letter = letter[0]
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, letter)


class SegmentStrip(QWidget):
    """One stop of the Tab key. Left and right choose, up and down change the minutes, letters the kind, Insert adds."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.segments: list[Segment] = []
        self.chosen = 0
        self._stretches: list[_Stretch] = []
        self._dragged: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        on_theme_change(self._restyle)

    def _restyle(self) -> None:
        self.setFixedHeight(theme.px(_HEIGHT))
        self.setFont(theme.font("small", Weight.SEMIBOLD))
        self.place()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(200, theme.px(_HEIGHT))

    def show_segments(self, segments: Sequence[Segment]) -> None:
        """Show these; the choice stays where it was."""
        self.segments = list(segments)
        self.chosen = min(self.chosen, max(len(self.segments) - 1, 0))
        self.place()

    def place(self) -> None:
        """Lay the stretches out by their minutes; none becomes too narrow to be hit."""
        while len(self._stretches) < len(self.segments):
            self._stretches.append(_Stretch(self))
        for spare in self._stretches[len(self.segments) :]:
            spare.setParent(None)
            spare.deleteLater()
        del self._stretches[len(self.segments) :]
        left = 0.0
        for number, (segment, stretch) in enumerate(zip(self.segments, self._stretches, strict=True)):
            stretch.setFont(self.font())
            stretch.show_segment(segment, number == self.chosen)
            width = self._width(segment)
            stretch.setGeometry(round(left), 0, round(left + width) - round(left) - 1, self.height())
            left += width
        self.update()

    def _width(self, segment: Segment) -> float:
        total = sum(item.minutes for item in self.segments)
        least = min(theme.px(22), self.width() / max(len(self.segments), 1))
        rest = self.width() - least * len(self.segments)
        return least + rest * segment.minutes / max(total, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out again."""
        super().resizeEvent(event)
        self.place()

    def event(self, event: QEvent) -> bool:
        """Alt with an arrow moves a stretch here and is not the window's way back."""
        ours = (Qt.Key.Key_Left, Qt.Key.Key_Right)
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in ours:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Everything that can be done to the minutes."""
        key, alt = Qt.Key(event.key()), bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        step = 5 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            ahead = 1 if key == Qt.Key.Key_Right else -1
            self.move_chosen(ahead) if alt else self.choose(self.chosen + ahead)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.lengthen(step if key == Qt.Key.Key_Up else -step)
        elif key == Qt.Key.Key_Insert:
            self.add(SegmentKind.ASSISTANT)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove()
        elif key in LETTERS and self.segments:
            self.segments[self.chosen] = Segment(LETTERS[key], self.segments[self.chosen].minutes)
            self._tell()
        else:
            super().keyPressEvent(event)

    def choose(self, number: int) -> None:
        """Make another stretch the chosen one."""
        self.chosen = min(max(number, 0), max(len(self.segments) - 1, 0))
        self.place()
        if self._stretches:
            announce(self, self._stretches[self.chosen].accessibleName())

    def move_chosen(self, ahead: int) -> None:
        """Change places with a neighbour."""
        place = self.chosen + ahead
        if 0 <= place < len(self.segments):
            self.segments[self.chosen], self.segments[place] = self.segments[place], self.segments[self.chosen]
            self.chosen = place
            self._tell()

    def lengthen(self, minutes: int) -> None:
        """Give the chosen stretch more or fewer minutes, one at least."""
        if not self.segments:
            return
        old = self.segments[self.chosen]
        free = LONGEST_VISIT - sum(item.minutes for item in self.segments)
        self.segments[self.chosen] = Segment(old.kind, max(1, old.minutes + min(minutes, free)))
        self._tell()

    def add(self, kind: SegmentKind) -> None:
        """Put a stretch after the chosen one."""
        self.chosen = min(self.chosen + 1, len(self.segments))
        self.segments.insert(self.chosen, Segment(kind, NEW_MINUTES))
        self._tell()

    def remove(self) -> None:
        """Take the chosen stretch out."""
        if self.segments:
            del self.segments[self.chosen]
            self.chosen = min(self.chosen, max(len(self.segments) - 1, 0))
            self._tell()

    def _tell(self) -> None:
        self.place()
        self.changed.emit()
        if self._stretches:
            announce(self, self._stretches[self.chosen].accessibleName())

    def _edge_at(self, x: float) -> int | None:
        for number, stretch in enumerate(self._stretches):
            if abs(x - stretch.geometry().right()) <= _EDGE:
                return number
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press on the right edge of a stretch begins to drag it; elsewhere it chooses."""
        x = event.position().x()
        self._dragged = self._edge_at(x)
        hit = next((n for n, item in enumerate(self._stretches) if item.geometry().contains(int(x), 1)), self.chosen)
        self.choose(self._dragged if self._dragged is not None else hit)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag an edge: whole minutes."""
        x = event.position().x()
        if self._dragged is None:
            over = self._edge_at(x) is not None
            self.setCursor(Qt.CursorShape.SplitHCursor if over else Qt.CursorShape.ArrowCursor)
            return
        total = sum(item.minutes for item in self.segments)
        by_minute = max(self.width() / max(total, 20), 1.0)
        more = round((x - self._stretches[self._dragged].geometry().right()) / by_minute)
        if more:
            self.lengthen(more)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The drag has ended."""
        self._dragged = None

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        focus_in(self, event, 5)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        hide_ring(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The track on which the stretches lie."""
        painter = QPainter(self)
        paint.ready(painter)
        paint.rounded(painter, QRectF(self.rect()), 5, theme.colour("sunken"))


class SegmentField(QWidget):
    """Strip, buttons, text and totals; the value is the text."""

    changed = Signal(str)
    problem_changed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.strip = SegmentStrip()
        self.text = TextField()
        self._total = WrapLabel("", "small", "muted")
        self._adders = [(kind, Button("", size="compact", icon="plus")) for kind in SegmentKind]
        flow = Flow(gap=6, row_gap=6)
        for kind, button in self._adders:
            button.clicked.connect(lambda _on=False, kind=kind: self.strip.add(kind))
            flow.add(button)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.text, 2)
        row.addWidget(self._total, 3)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.strip)
        column.addWidget(flow)
        column.addLayout(row)
        self.setFocusProxy(self.strip)
        self.strip.changed.connect(self._from_strip)
        self.text.textEdited.connect(self._from_text)
        self.renew()

    def renew(self) -> None:
        """Say everything in the language in force."""
        self.strip.setAccessibleDescription(
            _(N_("Arrows choose and change the minutes, A D T X C change the kind, Insert adds, Delete removes."))
        )
        self.strip.setToolTip(self.strip.accessibleDescription())
        self.text.setPlaceholderText(_(N_("E.g. A8 D4 A8")))
        self.text.setAccessibleName(_(N_("Minutes as text")))
        for kind, button in self._adders:
            button.setText(_(SEGMENT_LABELS[kind]))
            button.setAccessibleName(_(N_("Add minutes of: {kind}"), kind=SEGMENT_LABELS[kind]))
        self._sum()

    def setAccessibleName(self, name: str) -> None:
        """Name the strip too."""
        super().setAccessibleName(name)
        self.strip.setAccessibleName(name)

    def value(self) -> str:
        """As text; what is typed when it cannot be read."""
        return self.text.text().strip() if self.problem() else segments_text(self.strip.segments)

    def set_value(self, value: object) -> None:
        """Show the minutes of a text."""
        self.text.setText(str(value or ""))
        self._read()

    def problem(self) -> str:
        """Why the text cannot be read, empty when it can."""
        try:
            read_segments(self.text.text())
        except ClinicError as error:
            return str(error) if self.text.text().strip() else ""
        return ""

    def _read(self) -> None:
        if not self.problem():
            self.strip.show_segments(read_segments(self.text.text()) if self.text.text().strip() else ())
        self._sum()

    def _from_text(self, _typed: str) -> None:
        self._read()
        self.problem_changed.emit(self.problem())
        self.changed.emit(self.value())

    def _from_strip(self) -> None:
        self.text.setText(segments_text(self.strip.segments))
        self.problem_changed.emit("")
        self._sum()
        self.changed.emit(self.value())

    def _sum(self) -> None:
        total = sum(item.minutes for item in self.strip.segments)
        doctor = sum(item.minutes for item in self.strip.segments if item.kind is SegmentKind.DOCTOR)
        self._total.setText(
            _(N_("{total} in all, {doctor} of the doctor"),
              total=counted(N_("{n} minute"), N_("{n} minutes"), total),
              doctor=counted(N_("{n} minute"), N_("{n} minutes"), doctor))
        )  # fmt: skip

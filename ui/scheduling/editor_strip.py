"""The minutes of a visit as a strip: who is needed when. Dragged at an edge, moved by keys, or typed like A8 D4 A8."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.core.errors import RuleViolation
from app.core.i18n import N_, _
from app.scheduling.queries import SEGMENT_LABELS, Segment, SegmentKind, read_segments, segments_text
from ui.scheduling.today_words import minutes_words
from ui.theme import paint
from ui.theme.contrast import mixed
from ui.theme.focus import focus_in, hide_ring
from ui.theme.style import on_theme_change, theme
from ui.theme.tokens.metrics import STRIP_OPACITY, Weight
from ui.widgets.buttons import Button
from ui.widgets.fields import TextField
from ui.widgets.form import Field
from ui.widgets.labels import Label
from ui.widgets.layout import Flow

HEIGHT = 46
TEXT_WIDTH = 150
EDGE = 7
"""Pixels at the right of a piece that change its length when they are dragged."""
ROLES = {
    SegmentKind.ASSISTANT: "assistant", SegmentKind.DOCTOR: "doctor", SegmentKind.COORDINATOR: "tc",
    SegmentKind.XRAY: "xray", SegmentKind.CHAIR: "sunken",
}  # fmt: skip
MOST = 12 * 60


def ground_of(kind: SegmentKind) -> QColor:
    """The colour of a kind of minutes, as the strips of the schedule draw it."""
    role = ROLES[kind]
    solid = theme.colour(role)
    if role not in STRIP_OPACITY or role == "assistant" or theme.tokens.high_contrast:
        return solid
    return mixed(solid, theme.colour("surface"), STRIP_OPACITY[role][1 if theme.tokens.dark else 0])


class Piece(QAbstractButton):
    """Some minutes of one kind. Up and down change them by one, with Ctrl by five; Delete takes them away."""

    def __init__(self, place: int, segment: Segment, strip: SegmentStrip) -> None:
        super().__init__(strip)
        self.place, self._segment, self._strip = place, segment, strip
        self._from: float | None = None
        self._minutes = segment.minutes
        self.setMouseTracking(True)
        name = _(N_("{kind}, {minutes}"), kind=SEGMENT_LABELS[segment.kind], minutes=minutes_words(segment.minutes))
        self.setAccessibleName(name)
        self.setAccessibleDescription(_(N_("Up and down arrows change the minutes, Delete removes them.")))
        self.setToolTip(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Minutes, place and removal by keys."""
        step = {Qt.Key.Key_Up.value: 1, Qt.Key.Key_Down.value: -1}.get(event.key(), 0)
        side = {Qt.Key.Key_Left.value: -1, Qt.Key.Key_Right.value: 1}.get(event.key(), 0)
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if step:
            self._strip.lengthen(self.place, step * (5 if control else 1))
        elif side and control:
            self._strip.swap(self.place, side)
        elif side:
            self._strip.focus_piece(self.place + side)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._strip.remove(self.place)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the right edge."""
        if event.position().x() >= self.width() - EDGE:
            self._from, self._minutes = event.globalPosition().x(), self._segment.minutes
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag: whole minutes."""
        on_edge = self._from is not None or event.position().x() >= self.width() - EDGE
        self.setCursor(Qt.CursorShape.SizeHorCursor if on_edge else Qt.CursorShape.ArrowCursor)
        if self._from is not None:
            moved = round((event.globalPosition().x() - self._from) / self._strip.pixels_a_minute)
            self._strip.preview(self.place, max(1, self._minutes + moved))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go: the minutes stand."""
        if self._from is not None:
            self._from = None
            self._strip.settle()
            return
        super().mouseReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self._strip.held = self.place
        focus_in(self, event, 4)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        hide_ring(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, minutes, and the word where there is room."""
        painter = QPainter(self)
        paint.ready(painter)
        segment = self._strip.segments[self.place]
        ground = ground_of(segment.kind)
        rect = QRectF(self.rect())
        paint.rounded(painter, rect, 4, ground, theme.colour("control") if theme.tokens.high_contrast else None)
        painter.setPen(paint.ink_on(ground))
        half = rect.height() / 2
        painter.setFont(theme.font("small", Weight.SEMIBOLD))
        painter.drawText(QRectF(0, 2, rect.width(), half), Qt.AlignmentFlag.AlignCenter, str(segment.minutes))
        painter.setFont(theme.font("caption", Weight.MEDIUM))
        metrics = painter.fontMetrics()
        label = _(SEGMENT_LABELS[segment.kind])
        for words in (label, f"{label[:4]}.", label[:1]):
            if metrics.horizontalAdvance(words) <= rect.width() - 4:
                painter.drawText(QRectF(0, half - 3, rect.width(), half), Qt.AlignmentFlag.AlignCenter, words)
                return


class SegmentStrip(QWidget):
    """The pieces side by side, as wide as their minutes. One stop of the Tab key."""

    changed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.segments: tuple[Segment, ...] = ()
        self.held = 0
        self._pieces: list[Piece] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        on_theme_change(self._restyle)

    def _restyle(self) -> None:
        self.updateGeometry()
        self._place()

    def sizeHint(self) -> QSize:
        """One row."""
        return QSize(theme.px(240), theme.px(HEIGHT))

    @property
    def pixels_a_minute(self) -> float:
        """The scale; a long visit is drawn smaller."""
        return max(1.0, (self.width() - 2) / max(45, sum(item.minutes for item in self.segments)))

    def show_segments(self, segments: tuple[Segment, ...]) -> None:
        """Draw these minutes."""
        focused = any(piece.hasFocus() for piece in self._pieces)
        self.segments = segments
        for piece in self._pieces:
            piece.hide()
            piece.deleteLater()
        self._pieces = [Piece(place, segment, self) for place, segment in enumerate(segments)]
        for piece in self._pieces:
            piece.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            piece.show()
        self.held = min(self.held, max(len(segments) - 1, 0))
        if self._pieces:
            self._pieces[self.held].setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._place()
        if focused:
            self.focus_piece(self.held)

    def focus_piece(self, place: int) -> None:
        """Put the keyboard on a piece."""
        if not self._pieces:
            return
        place = min(max(place, 0), len(self._pieces) - 1)
        for piece in self._pieces:
            stop = piece.place == place
            piece.setFocusPolicy(Qt.FocusPolicy.StrongFocus if stop else Qt.FocusPolicy.ClickFocus)
        self._pieces[place].setFocus(Qt.FocusReason.TabFocusReason)

    def _place(self) -> None:
        left = 0.0
        for piece, segment in zip(self._pieces, self.segments, strict=True):
            width = max(14.0, segment.minutes * self.pixels_a_minute)
            piece.setGeometry(round(left), 0, max(round(width) - 1, 10), theme.px(HEIGHT))
            left += width

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the pieces out anew."""
        super().resizeEvent(event)
        self._place()

    # -- changing -------------------------------------------------------------------------------------------
    def _take(self, segments: tuple[Segment, ...]) -> None:
        if segments and sum(item.minutes for item in segments) <= MOST:
            self.show_segments(segments)
            self.changed.emit(segments_text(segments))

    def lengthen(self, place: int, minutes: int) -> None:
        """Change the minutes of a piece; at least one stays."""
        segment = self.segments[place]
        longer = replace(segment, minutes=max(1, segment.minutes + minutes))
        self._take((*self.segments[:place], longer, *self.segments[place + 1 :]))

    def swap(self, place: int, side: int) -> None:
        """Change places with the neighbour."""
        other = place + side
        if 0 <= other < len(self.segments):
            found = list(self.segments)
            found[place], found[other] = found[other], found[place]
            self.held = other
            self._take(tuple(found))

    def remove(self, place: int) -> None:
        """Take a piece away; the last one stays."""
        self._take((*self.segments[:place], *self.segments[place + 1 :]))

    def append(self, kind: SegmentKind, minutes: int = 5) -> None:
        """Add minutes at the end."""
        self.held = len(self.segments)
        self._take((*self.segments, Segment(kind, minutes)))

    def preview(self, place: int, minutes: int) -> None:
        """While one drags: drawn, not told."""
        changed = replace(self.segments[place], minutes=minutes)
        self.segments = (*self.segments[:place], changed, *self.segments[place + 1 :])
        self._place()
        self.update()

    def settle(self) -> None:
        """What was dragged stands."""
        self._take(self.segments)


class SegmentEditor(QWidget):
    """Strip, text and total in one; `changed` with the text."""

    changed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._locked = False
        self.strip, self.text = SegmentStrip(), TextField("A8 D4 A8")
        self._total = Label("", "body", weight=Weight.SEMIBOLD)
        self.field = Field(" ", self.text)
        self._adds = [Button(" ", "quiet", "plus", size="compact") for _kind in tuple(SegmentKind)[:4]]
        for kind, button in zip(SegmentKind, self._adds, strict=False):
            button.clicked.connect(lambda *_args, kind=kind: self.strip.append(kind))
        self.strip.changed.connect(self._from_strip)
        self.text.editingFinished.connect(self._from_text)
        self._title = Label("", "small", weight=Weight.SEMIBOLD)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._total)
        self.field.setMinimumWidth(theme.px(TEXT_WIDTH))
        row = QHBoxLayout()
        row.setSpacing(12)
        left = QVBoxLayout()
        left.setSpacing(4)
        left.addLayout(head)
        left.addWidget(self.strip)
        row.addLayout(left, 1)
        row.addWidget(self.field, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(Flow(*self._adds, gap=4, row_gap=4))

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        self._title.setText(_(N_("Minutes of the visit")))
        self.strip.setAccessibleName(_(N_("Minutes of the visit")))
        self.field.set_label(_(N_("Minutes as text")))
        letters = _(N_("A assistant, D doctor, T coordinator, X imaging, C chair only."))
        self.text.setToolTip(letters)
        self.text.setAccessibleDescription(letters)
        for kind, button in zip(SegmentKind, self._adds, strict=False):
            button.setText(_(SEGMENT_LABELS[kind]))
            button.setAccessibleName(_(N_("Add minutes: {kind}"), kind=SEGMENT_LABELS[kind]))
        self._say()

    def show_text(self, text: str, locked: bool = False) -> None:
        """Show these minutes; locked ones cannot be changed."""
        self._locked = locked
        self.text.setText(text)
        self.field.set_error("")
        try:
            segments = read_segments(text) if text else ()
        except RuleViolation:
            segments = ()
        self.strip.show_segments(segments)
        self.strip.setEnabled(not locked)
        self.text.setReadOnly(locked)
        for button in self._adds:
            button.set_available(not locked, _(N_("The length of this type is locked.")) if locked else "")
        self._say()

    def value(self) -> object:
        """The text."""
        return self.text.text().strip()

    def _say(self) -> None:
        minutes = sum(item.minutes for item in self.strip.segments)
        doctor = sum(item.minutes for item in self.strip.segments if item.kind is SegmentKind.DOCTOR)
        words = _(N_("{total}, doctor {doctor}"), total=minutes_words(minutes), doctor=minutes_words(doctor))
        self._total.setText(words if minutes else "")

    def _from_strip(self, text: str) -> None:
        self.text.setText(text)
        self.field.set_error("")
        self._say()
        self.changed.emit(text)

    def _from_text(self) -> None:
        text = self.text.text().strip()
        if text.upper() == segments_text(self.strip.segments):
            return
        try:
            segments = read_segments(text)
        except RuleViolation as error:
            self.field.set_error(error)
            return
        self.strip.show_segments(segments)
        self._from_strip(segments_text(segments))

"""The simple day: one lane a chair, a block a visit, as wide as its minutes; each block is a button with its state."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QScrollArea, QSizePolicy, QWidget

from app.core.clock import Clock
from app.core.i18n import N_, _
from app.practice.queries import OperatoryLine
from app.scheduling.queries import DayRow
from ui.scheduling.today_words import row_sentence, type_name, who
from ui.shell.formats import hour
from ui.theme import paint
from ui.theme.focus import focus_in, hide_ring
from ui.theme.icons import IconWeight
from ui.theme.style import on_theme_change, theme
from ui.theme.tokens import STATUSES
from ui.theme.tokens.metrics import RADII, TYPE, Weight
from ui.widgets.avatar import initials_of

LANE = 58
HEAD = 26
NAMES = 112
LEAST_SPAN = 4 * 60
TARGET = 44
"""Px of what a finger hits."""
SHORTEST = 10
"""Minutes below which a visit is not made a target: the day would be too wide to be seen."""
RAIL = 4


class VisitBlock(QAbstractButton):
    """One visit in its lane."""

    def __init__(self, row: DayRow, clock: Clock, lanes: Lanes) -> None:
        super().__init__(lanes)
        self.row, self._lanes = row, lanes
        self.setCheckable(True)
        sentence = row_sentence(row, clock)
        self.setAccessibleName(sentence)
        self.setToolTip(sentence)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go to the neighbours, Enter opens the chart."""
        steps = {
            Qt.Key.Key_Left.value: (-1, 0), Qt.Key.Key_Right.value: (1, 0), Qt.Key.Key_Up.value: (0, -1),
            Qt.Key.Key_Down.value: (0, 1),
        }  # fmt: skip
        if event.key() in steps:
            self._lanes.go(self, *steps[event.key()])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._lanes.opened.emit(self.row)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring, and choose the visit."""
        super().focusInEvent(event)
        focus_in(self, event, RADII.block)
        self._lanes.choose(self.row.visit.id, tell=True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        hide_ring(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, rail of the status, shape, name, type; a short visit keeps its initials."""
        painter = QPainter(self)
        paint.ready(painter)
        status, entry = theme.status(self.row.stage.value), STATUSES[self.row.stage.value]
        acts = self.row.stage.value in {"late", "waiting", "needed", "checkout"}
        ground = QColor(status.soft) if acts else theme.colour("surface")
        chosen = self.isChecked()
        edge = theme.colour("focus") if chosen else QColor(status.solid) if acts else theme.colour("control")
        rect = QRectF(self.rect())
        paint.rounded(painter, rect, RADII.block, ground, edge, width=2 if chosen else theme.tokens.line)
        painter.save()
        paint.card_clip(painter, rect.adjusted(1, 1, -1, -1), RADII.block - 1)
        painter.fillRect(QRectF(0, 0, RAIL, rect.height()), QColor(status.solid))
        painter.restore()
        cut: IconWeight = "bold" if entry.weight == "bold" else "fill"
        icon = theme.px(14)
        pixmap = theme.pixmap(entry.icon, status.fg, 14, cut, ratio=self.devicePixelRatioF())
        line = theme.px(TYPE["small"].line)
        left, room = RAIL + 4, self.width() - RAIL - 8
        if room >= icon:
            paint.shape(painter, pixmap, left, 5 + (line - icon) / 2)
        else:
            paint.shape(painter, pixmap, RAIL + (self.width() - RAIL - icon) / 2, 5 + (line - icon) / 2)
        self._words(painter, left, room, icon, line)

    def _words(self, painter: QPainter, left: float, room: float, icon: int, line: int) -> None:
        font = theme.font("small", Weight.SEMIBOLD)
        font.setStrikeOut(STATUSES[self.row.stage.value].struck)
        painter.setFont(font)
        painter.setPen(theme.colour("text"))
        beside = room - icon - 4
        metrics = painter.fontMetrics()
        short = f"{self.row.visit.given_name} {self.row.visit.family_name[:1]}."
        letters = initials_of(f"{self.row.visit.given_name} {self.row.visit.family_name}")
        fitting = next((w for w in (who(self.row), short) if metrics.horizontalAdvance(w) <= beside), "")
        middle = Qt.AlignmentFlag.AlignVCenter
        if fitting:
            painter.drawText(QRectF(left + icon + 4, 5, beside, line), middle, fitting)
        elif metrics.horizontalAdvance(letters) <= room:
            painter.drawText(QRectF(left, 5 + line, room, line), middle, letters)
            return
        painter.setFont(theme.font("caption", Weight.MEDIUM))
        painter.setPen(theme.colour("muted"))
        metrics = painter.fontMetrics()
        for words in (type_name(self.row.visit), self.row.visit.type_code):
            if metrics.horizontalAdvance(words) <= room:
                painter.drawText(QRectF(left, 5 + line, room, line), middle, words)
                return


class Lanes(QWidget):
    """The lanes of one day between its first and its last minute. One stop of the Tab key; arrows move inside."""

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._blocks: list[VisitBlock] = []
        self._chairs: list[tuple[str, str]] = []
        self._first = self._last = clock.now()
        self._held = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
        on_theme_change(self._restyle)

    def show_day(
        self, rows: Sequence[DayRow], chairs: Sequence[OperatoryLine], openings: Sequence[tuple[datetime, datetime]]
    ) -> None:
        """Draw a day; lanes are the clinic's chairs in their order."""
        with_focus = next((block.row.visit.id for block in self._blocks if block.hasFocus()), "")
        for block in self._blocks:
            block.hide()
            block.deleteLater()
        used = {row.visit.seated_operatory_id or row.visit.operatory_id for row in rows}
        self._chairs = [(chair.id, chair.name) for chair in chairs if not chair.virtual or chair.id in used]
        times = [row.visit.starts_at for row in rows if row.visit.starts_at is not None]
        ends = [row.visit.ends_at for row in rows if row.visit.ends_at is not None]
        bounds = [*times, *ends, *(edge for opening in openings for edge in opening)]
        if bounds:
            self._first, self._last = min(bounds), max(bounds)
        self._blocks = [VisitBlock(row, self._clock, self) for row in rows if row.visit.starts_at is not None]
        for block in self._blocks:
            block.clicked.connect(lambda *_args, block=block: self.choose(block.row.visit.id, tell=True))
            block.show()
        self._place()
        self.choose(self._held)
        held = next((block for block in self._blocks if block.row.visit.id == with_focus), None)
        if held is not None:
            held.setFocus(Qt.FocusReason.OtherFocusReason)
        self.updateGeometry()
        self.update()

    def choose(self, visit_id: str, *, tell: bool = False) -> None:
        """Mark a visit; the Tab key leads to it."""
        self._held = visit_id
        known = any(block.row.visit.id == visit_id for block in self._blocks)
        for place, block in enumerate(self._blocks):
            on = block.row.visit.id == visit_id
            block.setChecked(on)
            stop = on or (place == 0 and not known)
            block.setFocusPolicy(Qt.FocusPolicy.StrongFocus if stop else Qt.FocusPolicy.ClickFocus)
            if on and tell:
                self.chosen.emit(block.row)
        self._bring_held()

    def _bring_held(self) -> None:
        """Have what holds the lanes show the visit that is chosen."""
        held = next((block for block in self._blocks if block.row.visit.id == self._held), None)
        place = self.parentWidget()
        while place is not None and not isinstance(place, QScrollArea):
            place = place.parentWidget()
        if held is not None and place is not None:
            place.ensureWidgetVisible(held, 3 * TARGET, 0)

    def go(self, block: VisitBlock, side: int, lane: int) -> None:
        """To the block beside, or to the nearest one in the lane above or below."""
        here = block.geometry().center()
        lanes = [key for key, _name in self._chairs]
        places = {other: lanes.index(self._lane_of(other)) for other in self._blocks if self._lane_of(other) in lanes}
        if block not in places:
            return
        if side:
            row = sorted((b for b in places if places[b] == places[block]), key=lambda b: b.x())
            target = row[min(max(row.index(block) + side, 0), len(row) - 1)]
        else:
            beyond = [b for b in places if (places[b] - places[block]) * lane > 0]
            if not beyond:
                return
            target = min(
                beyond, key=lambda b: (abs(places[b] - places[block]), abs(b.geometry().center().x() - here.x()))
            )
        target.setFocus(Qt.FocusReason.TabFocusReason)

    @staticmethod
    def _lane_of(block: VisitBlock) -> str:
        return str(block.row.visit.seated_operatory_id or block.row.visit.operatory_id)

    # -- room -----------------------------------------------------------------------------------------------
    def _restyle(self) -> None:
        self.updateGeometry()
        self._place()
        self.update()

    def sizeHint(self) -> QSize:
        """All lanes high, and wide enough for a short visit to keep its shape."""
        width = theme.px(NAMES) + 8 + round(self._minutes() * self._least_scale())
        return QSize(width, theme.px(HEAD) + theme.px(LANE) * len(self._chairs) + 8)

    def minimumSizeHint(self) -> QSize:
        """The same: what holds the lanes scrolls."""
        return self.sizeHint()

    def _least_scale(self) -> float:
        """Px a minute; for fingers, as many as make the shortest visit a target."""
        spans = [b.row.visit.ends_at - b.row.visit.starts_at for b in self._blocks if b.row.visit.ends_at is not None
                 and b.row.visit.starts_at is not None]  # fmt: skip
        shortest = max(SHORTEST, min((int(span.total_seconds() // 60) for span in spans), default=SHORTEST))
        return max(1.5 * theme.text_scale, (TARGET + 2) / shortest if theme.touch else 0.0)

    def _minutes(self) -> int:
        return max(LEAST_SPAN, int((self._last - self._first).total_seconds() // 60))

    def x_of(self, at: datetime) -> float:
        """Where an instant stands, in px."""
        room = self.width() - theme.px(NAMES) - 8
        return theme.px(NAMES) + room * (at - self._first).total_seconds() / 60 / self._minutes()

    def _place(self) -> None:
        lanes = {key: place for place, (key, _name) in enumerate(self._chairs)}
        for block in self._blocks:
            visit = block.row.visit
            lane = lanes.get(self._lane_of(block))
            block.setVisible(lane is not None)
            if lane is None or visit.starts_at is None or visit.ends_at is None:
                continue
            left, right = round(self.x_of(visit.starts_at)), round(self.x_of(visit.ends_at))
            top = theme.px(HEAD) + theme.px(LANE) * lane + 4
            block.setGeometry(QRect(left + 1, top, max(right - left - 2, theme.px(16) + RAIL), theme.px(LANE) - 8))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the blocks out anew."""
        super().resizeEvent(event)
        self._place()
        self._bring_held()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Hours, names of the chairs, hairlines, and the line of now."""
        painter = QPainter(self)
        paint.ready(painter)
        painter.fillRect(self.rect(), theme.colour("surface"))
        self._paint_hours(painter)
        painter.setFont(theme.font("small", Weight.SEMIBOLD))
        for place, (_key, name) in enumerate(self._chairs):
            top = theme.px(HEAD) + theme.px(LANE) * place
            painter.setPen(QPen(theme.colour("border"), 1))
            painter.drawLine(0, top, self.width(), top)
            painter.setPen(theme.colour("text"))
            area = QRectF(12, top, theme.px(NAMES) - 18, theme.px(LANE))
            shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(area.width()))
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, shown)
        now = self._clock.now()
        if self._first <= now <= self._last:
            painter.setPen(QPen(theme.colour("now"), 2))
            painter.drawLine(round(self.x_of(now)), theme.px(HEAD), round(self.x_of(now)), self.height())

    def _paint_hours(self, painter: QPainter) -> None:
        painter.setFont(theme.font("caption", Weight.MEDIUM))
        start = self._first.astimezone(self._clock.zone)
        mark = start.replace(minute=0, second=0, microsecond=0)
        while mark <= self._last:
            if mark >= self._first:
                x = self.x_of(mark)
                painter.setPen(QPen(theme.colour("grid"), 1))
                painter.drawLine(round(x), theme.px(HEAD), round(x), self.height())
                painter.setPen(theme.colour("muted"))
                area = QRectF(x + 3, 0, theme.px(60), theme.px(HEAD))
                painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, hour(mark, self._clock))
            mark += timedelta(hours=1)


def lanes_name(day: str) -> str:
    """What the lanes show, for assistive technology."""
    return _(N_("Visits by chair, {day}"), day=day)

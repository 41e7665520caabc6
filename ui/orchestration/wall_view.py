"""The wall: read at two metres, initials and chairs only, every chair always in its place."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QPainter, QScreen
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.core.clock import Clock
from app.core.i18n import N_, _
from app.orchestration.queries import WallBoard, WallChair, WallDoctor, day_wall
from app.orchestration.settings import CALL_CHIME
from app.scheduling.queries import CLASS_LABELS
from ui.orchestration.card_space import CardSpace, Spot
from ui.orchestration.thresholds import ages_of
from ui.scheduling.block_look import minutes_words
from ui.shell.formats import hour
from ui.shell.screen import Screen
from ui.theme import paint
from ui.theme.fonts import sized_font
from ui.theme.icons import IconWeight
from ui.theme.style import theme
from ui.theme.tokens import STATUSES
from ui.theme.tokens.metrics import RADII, Weight

READ_AT_MM: Final = 12.8
"""Millimetres of an em whose capitals are 9.3 mm high: 16 minutes of arc at two metres (design §4.9)."""
LEAST_PX: Final = 26
MOST_PX: Final = 96
LOOK_EVERY: Final = 5_000
GAP: Final = 14
_RIGHT: Final = 0.275
_ICONS: Final = {"free": "circle", "maintenance": "pause-circle"}
_COLOURS: Final = {"maintenance": "paused"}


def em_of(screen: QScreen | None, height: float) -> int:
    """Px of the smallest words on a wall: legible at two metres, and never too large for the room there is."""
    dots = screen.physicalDotsPerInch() if screen is not None else 72.0
    legible = READ_AT_MM * dots / 25.4
    return round(max(LEAST_PX, min(legible, height / 20, MOST_PX)))


def status_words(status: str) -> str:
    """The word of a chair."""
    if status == "free":
        return _(N_("Free"))
    return _(N_("Out of use")) if status == "maintenance" else _(STATUSES[status].label)


class Wall(CardSpace):
    """The painted wall; each chair, patient and doctor is in the tree."""

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._board: WallBoard | None = None
        self._alarm = 10
        self._em = LEAST_PX
        for policy in (self.setHorizontalScrollBarPolicy, self.setVerticalScrollBarPolicy):
            policy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_board(self, board: WallBoard, alarm: int) -> None:
        """Draw the answer; `alarm` are the minutes from which a wait for the doctor is said on top."""
        self._board, self._alarm = board, alarm
        self.arrange()

    def place(self, width: float, height: float) -> tuple[list[Spot], float, float]:
        """Chairs in a fixed grid at the left, who waits and the doctors at the right."""
        board = self._board
        if board is None:
            return [], width, height
        self._em = em_of(self.screen(), height)
        top, side = self._em * 2.4, max(width * _RIGHT, self._em * 9)
        room = QRectF(GAP, top, width - side - 3 * GAP, height - top - GAP)
        count = max(len(board.chairs), 1)
        columns = max(1, min(count, round((count * room.width() / max(room.height(), 1)) ** 0.5)))
        rows = -(-count // columns)
        wide, high = (room.width() - GAP * (columns - 1)) / columns, (room.height() - GAP * (rows - 1)) / rows
        spots = []
        for number, chair in enumerate(board.chairs):
            rect = QRectF(room.left() + number % columns * (wide + GAP), room.top() + number // columns * (high + GAP),
                          wide, high)  # fmt: skip
            spots.append(Spot(chair.key, rect, self._chair_words(chair), thing=chair))
        column = QRectF(width - side - GAP, top, side, height - top - GAP)
        spots += self._column_spots(board, column)
        return spots, width, height

    def _column_spots(self, board: WallBoard, column: QRectF) -> list[Spot]:
        line = self._em * 1.45
        found, at = [], column.top() + line * 1.1
        most = max(1, int((column.height() * 0.42 - line) / line))
        for patient in board.waiting[:most]:
            rect = QRectF(column.left() + GAP, at, column.width() - 2 * GAP, line)
            call = _(N_("called to {chair}"), chair=patient.chair) if patient.chair else ""
            parts = [_(N_("In the waiting room")), patient.initials, minutes_words(patient.minutes), call]
            words = ", ".join(part for part in parts if part)
            found.append(Spot(patient.key, rect, words, thing=patient))
            at += line
        at = max(at + line * 1.2, column.top() + column.height() * 0.32)
        for doctor in board.doctors:
            rect = QRectF(column.left() + GAP, at, column.width() - 2 * GAP, line * 1.9)
            if rect.bottom() > column.bottom() - line * 2.4:
                break
            found.append(Spot(doctor.key, rect, self._doctor_words(doctor), thing=doctor))
            at += line * 1.9
        return found

    def _chair_words(self, chair: WallChair) -> str:
        parts = [chair.name, status_words(chair.status), chair.initials]
        if chair.minutes is not None:
            parts.append(minutes_words(chair.minutes))
        if chair.until is not None:
            parts.append(_(N_("free until {time}"), time=self._hour(chair.until)))
        return ", ".join(part for part in parts if part)

    def _doctor_words(self, doctor: WallDoctor) -> str:
        late = _(N_("{time} behind"), time=minutes_words(doctor.late)) if doctor.late else _(N_("on time"))
        return ", ".join(part for part in (doctor.name, doctor.chair, doctor.next_chair, late) if part)

    def _hour(self, minute: int) -> str:
        return hour(datetime.fromtimestamp(minute * 60, self._clock.zone), self._clock)

    # -- painting -------------------------------------------------------------------------------------------
    def _font(self, times: float, weight: Weight = Weight.SEMIBOLD) -> QFont:
        return sized_font(round(self._em * times), weight)

    def paint_content(self, painter: QPainter, shown: QRectF) -> None:
        """The clock, the longest call of a doctor, and the ground of the column."""
        board = self._board
        if board is None:
            return
        em, width = self._em, float(self.viewport().width())
        font = self._font(1.6, Weight.BOLD)
        words = self._hour(board.now)
        head = QRectF(GAP + 4, 0, width, em * 2.3)
        self._say(painter, head, words, font, theme.colour("text"))
        left = head.left() + QFontMetricsF(font).horizontalAdvance(words) + em * 0.7
        calls = [chair for chair in board.chairs if chair.status == "needed"]
        worst = max(calls, key=lambda chair: chair.minutes or 0, default=None)
        if worst is not None:
            said = _(
                N_("{chair} waits for the doctor: {time}"), chair=worst.name, time=minutes_words(worst.minutes or 0)
            )
            ink = QColor(theme.status("needed").fg)
            self._say(painter, QRectF(left, 0, width - left - GAP, em * 2.3), said, self._font(1.1), ink)
        column = self._column_rect()
        paint.rounded(painter, column, RADII.card, theme.colour("surface"))
        line = em * 1.45
        title = QRectF(column.left() + GAP, column.top(), column.width() - 2 * GAP, line * 1.1)
        count = len(board.waiting)
        heading = f"{_(N_('Waiting room'))} · {count}" if count else _(N_("Nobody waits."))
        self._say(painter, title, heading, self._font(0.85), theme.colour("muted"))
        self._paint_left(painter, board, column)

    def _column_rect(self) -> QRectF:
        width, height = float(self.viewport().width()), float(self.viewport().height())
        side, top = max(width * _RIGHT, self._em * 9), self._em * 2.4
        return QRectF(width - side - GAP, top, side, height - top - GAP)

    def _paint_left(self, painter: QPainter, board: WallBoard, column: QRectF) -> None:
        """What is still to come, by class."""
        line = self._em * 1.25
        parts = [f"{count} × {_(CLASS_LABELS[kind]).lower()}" for kind, count in board.left[:3]]
        metrics = QFontMetricsF(self._font(0.85))
        while len(parts) > 1 and metrics.horizontalAdvance(" · ".join(parts)) > column.width() - 2 * GAP:
            parts.pop()
        words = " · ".join(parts)
        rect = QRectF(column.left() + GAP, column.bottom() - line * 1.3, column.width() - 2 * GAP, line)
        title = QRectF(rect.left(), rect.top() - line, rect.width(), line)
        painter.fillRect(QRectF(rect.left(), title.top() - 4, rect.width(), 1), theme.colour("border"))
        self._say(painter, title, _(N_("To come")), self._font(0.85), theme.colour("muted"))
        self._say(painter, rect, words or "–", self._font(0.85), theme.colour("text"))

    def paint_spot(self, painter: QPainter, spot: Spot, rect: QRectF) -> None:
        """A chair, somebody who waits, a doctor."""
        if isinstance(spot.thing, WallChair):
            self._paint_chair(painter, rect, spot.thing)
        elif isinstance(spot.thing, WallDoctor):
            self._paint_doctor(painter, rect, spot.thing)
        else:
            ink = theme.colour("text")
            if spot.thing.chair:
                paint.rounded(painter, rect.adjusted(-6, 1, 6, -1), RADII.card, theme.colour("accent_soft"))
                said = f"{spot.thing.initials} → {spot.thing.chair}"
                self._say(painter, rect, said, self._font(1, Weight.BOLD), theme.colour("accent"))
                return
            self._say(painter, rect, spot.thing.initials, self._font(1), ink)
            warned = QColor(theme.status("late").fg) if spot.thing.minutes >= self._alarm else ink
            self._say(painter, rect, minutes_words(spot.thing.minutes), self._font(1), warned, right=True)

    def _paint_chair(self, painter: QPainter, rect: QRectF, chair: WallChair) -> None:
        free = chair.status == "free"
        key = _COLOURS.get(chair.status, chair.status)
        ink = QColor(theme.severity("ok").fg) if free else QColor(theme.status(key).fg)
        called = chair.status == "needed"
        ground = QColor(theme.status("needed").soft) if called else theme.colour("surface")
        edge = QColor(theme.status("needed").solid) if called else theme.colour("control")
        paint.rounded(painter, rect, RADII.card, ground, edge, width=5 if called else 1.5)
        em, pad = self._em, self._em * 0.5
        area = rect.adjusted(pad, pad * 0.6, -pad, -pad * 0.8)
        big = self._font(min(2.4, max(1.2, rect.height() / em / 4)), Weight.BOLD)
        high = QFontMetricsF(big).height()
        self._say(painter, QRectF(area.left(), area.top(), area.width() - em * 1.6, high), chair.name, big,
                  theme.colour("text"))  # fmt: skip
        icon = _ICONS.get(chair.status) or STATUSES[chair.status].icon
        cut: IconWeight = "bold" if free else "fill"
        pixmap = theme.pixmap(icon, ink, round(em * 1.2 / theme.text_scale), cut, ratio=self.devicePixelRatioF())
        paint.shape(painter, pixmap, area.right() - em * 1.2, area.top() + 4)
        line, bar = em * 1.25, max(8.0, em * 0.24)
        bottom = area.bottom() - bar - 6
        word = QRectF(area.left(), bottom - line, area.width(), line)
        words = status_words(chair.status)
        if chair.until is not None:
            words = _(N_("Free → {time}"), time=self._hour(chair.until))
            if (
                QFontMetricsF(self._font(0.95)).horizontalAdvance(words) > word.width()
            ):  # the shape says that it is free
                words = f"→ {self._hour(chair.until)}"
        self._say(painter, word, words, self._font(0.95), ink)
        above = QRectF(area.left(), word.top() - line, area.width(), line)
        if above.top() > area.top() + high * 0.6:
            self._say(painter, above, chair.initials, self._font(1.1), theme.colour("text"))
            if chair.minutes is not None:
                self._say(painter, above, minutes_words(chair.minutes), self._font(1.1), ink, right=True)
        whole = chair.of_minutes if chair.of_minutes is not None else self._alarm if called else None
        if whole and chair.minutes is not None:
            part = chair.minutes / whole if chair.status != "cleaning" else 1 - chair.minutes / whole
            solid = QColor(theme.status(key).solid)
            paint.progress_bar(painter, QRectF(area.left(), area.bottom() - bar, area.width(), bar), part, solid)

    def _paint_doctor(self, painter: QPainter, rect: QRectF, doctor: WallDoctor) -> None:
        line = rect.height() / 1.9
        top = QRectF(rect.left(), rect.top(), rect.width(), line)
        where = " → ".join(part for part in (doctor.chair, doctor.next_chair) if part)
        self._say(painter, top, where, self._font(1), theme.colour("text"), right=True)
        room = top.width() - QFontMetricsF(self._font(1)).horizontalAdvance(where) - self._em * 0.4
        self._say(painter, QRectF(top.left(), top.top(), room, line), doctor.name, self._font(1), theme.colour("text"))
        late = doctor.late >= 3
        ink = QColor(theme.status("late").fg) if late else QColor(theme.severity("ok").fg)
        words = _(N_("{time} behind"), time=minutes_words(doctor.late)) if late else _(N_("on time"))
        self._say(
            painter, QRectF(rect.left(), top.bottom() - 4, rect.width(), line * 0.9), words, self._font(0.85), ink
        )

    @staticmethod
    def _say(painter: QPainter, rect: QRectF, words: str, font: QFont, ink: QColor, *, right: bool = False) -> None:
        painter.setFont(font)
        painter.setPen(ink)
        shown = QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideRight, max(rect.width(), 0))
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(rect, side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)


class WallView(Screen):
    """Takes the whole window; Escape goes back."""

    chimed = Signal()
    """Somebody is called who was not before."""

    def build(self) -> None:
        """Nothing but the wall."""
        self.wall = Wall(self.bench.runner.clock)
        column = QVBoxLayout(self.body)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.wall)
        self._minute, self._called = 0, frozenset[tuple[str, str]]()
        self._ticker = QTimer(self, interval=LOOK_EVERY)
        self._ticker.timeout.connect(self._tick)
        self.words.put(self.wall.setAccessibleName, N_("Wall of the day"))

    def choose(self, **chosen: Any) -> None:
        """Nothing is chosen on a wall."""

    def reload(self) -> None:
        """Ask for the wall."""
        self._ticker.start()
        self.ask(day_wall, self.show_board)

    def show_board(self, board: WallBoard) -> None:
        """Draw the answer."""
        self._minute = board.now
        called = frozenset((patient.key, patient.chair) for patient in board.waiting if patient.chair)
        chimes: bool = self.bench.setting(CALL_CHIME)
        if chimes and called - self._called:
            self.chimed.emit()
            QApplication.beep()
        self._called = called
        self.wall.show_board(board, ages_of(self.bench).doctor[1])
        self.show_body()

    def focus_first(self) -> None:
        """The wall, so that Escape works at once."""
        self.wall.setFocus(self.focus_reason)

    def _tick(self) -> None:
        if not self.isVisible():
            self._ticker.stop()
            self.stale = True
        elif int(self.bench.runner.clock.now().timestamp()) // 60 != self._minute:
            self.freshen()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back to the day."""
        if event.key() == Qt.Key.Key_Escape:
            self.open_screen.emit("day", {})
        else:
            super().keyPressEvent(event)

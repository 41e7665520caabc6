"""The board: a column for each state, cards that age, limits that are said, a drag that is the command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import QWidget

from app.core.i18n import N_, _
from app.core.permissions import ROLE_LABELS
from app.journal.commands import Command
from app.orchestration.queries import AlertKind, AlertLine, DayVisitLine
from app.scheduling.commands import (
    call_doctor,
    check_in_patient,
    check_out_patient,
    complete_appointment,
    mark_doctor_here,
    resume_visit,
    seat_patient,
)
from app.scheduling.queries import SegmentKind, Stage
from ui.orchestration.card_paint import CardLook, card_height, card_of, column_ground, paint_card
from ui.orchestration.card_space import CardSpace, Spot
from ui.orchestration.picture import AT_CHAIR, DayPicture, in_order
from ui.shell.formats import counted, hour
from ui.theme import paint
from ui.theme.icons import IconWeight
from ui.theme.style import theme
from ui.theme.tokens import STATUSES
from ui.theme.tokens.metrics import RADII, TYPE, Weight

GAP: Final = 8
MARGIN: Final = 10
CARD_GAP: Final = 8
LEAST: Final = 148
HEAD: Final = 40
FOLDED: Final = 7
"""Cards that the columns of those to come and those who are done show at first."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `label` is a msgid; `steps` are the commands that bring a visit here, by the stage that it leaves."""

    key: str
    status: str
    label: str
    stages: frozenset[Stage]
    steps: Mapping[Stage, Command[..., Any]]


def _from(command: Command[..., Any], *stages: Stage) -> dict[Stage, Command[..., Any]]:
    return dict.fromkeys(stages, command)


_CHAIR: Final = (Stage.SEATED, Stage.HERE, Stage.PAUSED)
COLUMNS: Final = (
    Column("expected", "expected", N_("Expected"), frozenset({Stage.EXPECTED}), {}),
    Column("late", "late", N_("Late"), frozenset({Stage.LATE}), {}),
    Column("waiting", "waiting", N_("In the waiting room"), frozenset({Stage.WAITING}),
           _from(check_in_patient, Stage.EXPECTED, Stage.LATE, Stage.MISSED)),
    Column("seated", "seated", N_("At a chair"), frozenset(_CHAIR),
           _from(seat_patient, Stage.EXPECTED, Stage.LATE, Stage.WAITING, Stage.CHECKOUT)
           | _from(mark_doctor_here, Stage.NEEDED) | _from(resume_visit, Stage.PAUSED)),
    Column("needed", "needed", N_("Dr needed"), frozenset({Stage.NEEDED}), _from(call_doctor, *_CHAIR)),
    Column("checkout", "checkout", N_("Checkout"), frozenset({Stage.CHECKOUT}),
           _from(complete_appointment, *_CHAIR, Stage.NEEDED)),
    Column("done", "done", N_("Done"), frozenset({Stage.DONE, Stage.MISSED}),
           _from(check_out_patient, Stage.CHECKOUT)),
)  # fmt: skip
"""The columns in the order of a visit. Those who wait for the doctor are a queue of their own."""


def column_of(stage: Stage) -> int | None:
    """The place of the column in which a visit stands; None for one that was called off."""
    return next((place for place, column in enumerate(COLUMNS) if stage in column.stages), None)


class Board(CardSpace):
    """Seven columns; `stepped` says that a card goes to a column, by hand or by key."""

    stepped = Signal(str, int)
    """A visit, and the place of the column to which it goes."""
    turned_back = Signal(str)
    """A visit goes a stage back."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: DayPicture | None = None
        self._looks: dict[str, CardLook] = {}
        self._told: list[AlertLine] = []
        self._open: set[str] = set()
        self._columns: list[QRectF] = []
        self._counts: list[int] = [0] * len(COLUMNS)
        self.dropped.connect(lambda spot, place: self.stepped.emit(spot.visit_id, place))
        self.opened.connect(self._unfold)

    def show_day(self, picture: DayPicture, alerts: tuple[AlertLine, ...] = ()) -> None:
        """Draw the day; `alerts` tell who was told of a limit."""
        self._picture = picture
        self._told = [line for line in alerts if line.kind is AlertKind.TOO_MANY]
        self._looks = {visit.id: card_of(picture, visit) for visit in picture.shown}
        self.arrange()

    def limit_of(self, column: Column) -> int:
        """How many should be in a column at most; 0 for no limit."""
        if self._picture is None:
            return 0
        return max((self._picture.limits.get(stage, 0) for stage in column.stages), default=0)

    # -- layout ---------------------------------------------------------------------------------------------
    def place(self, width: float, height: float) -> tuple[list[Spot], float, float]:
        """Equal columns; the longest one says how high the board is."""
        if self._picture is None:
            return [], width, height
        count = len(COLUMNS)
        wide = max((width - 2 * MARGIN - GAP * (count - 1)) / count, theme.px(LEAST))
        spots: list[Spot] = []
        bottom = 0.0
        for place, column in enumerate(COLUMNS):
            left = MARGIN + place * (wide + GAP)
            visits = self._of(column)
            self._counts[place] = len(visits)
            top = self._head_height(column, len(visits), wide)
            shown = visits if column.key in self._open else visits[: self._most(column)]
            for visit in shown:
                high = card_height(self._looks[visit.id])
                rect = QRectF(left + CARD_GAP, top, wide - 2 * CARD_GAP, high)
                spots.append(Spot(visit.id, rect, self._picture.sentence(visit), visit.id, visit))
                top += high + CARD_GAP
            if len(shown) < len(visits) or (column.key in self._open and len(visits) > self._most(column)):
                spots.append(self._fold_spot(column, left, top, wide, len(visits) - len(shown)))
                top += theme.px(48)
            bottom = max(bottom, top + CARD_GAP)
        bottom = max(bottom, height - MARGIN)
        self._columns = [QRectF(MARGIN + place * (wide + GAP), 0, wide, bottom) for place in range(count)]
        return spots, count * (wide + GAP) - GAP + 2 * MARGIN, bottom + MARGIN

    def _of(self, column: Column) -> list[DayVisitLine]:
        picture = self._picture
        assert picture is not None
        visits = [visit for visit in picture.shown if visit.stage in column.stages]
        if column.key == "done":
            return sorted(visits, key=lambda visit: (visit.since is None, -(visit.since or 0), visit.id))
        if column.key in {"waiting", "needed", "checkout", "late"}:
            first = [visit for visit in visits if visit.urgent or visit.doctor_first]
            rest = [visit for visit in visits if visit not in first]
            return first + sorted(rest, key=lambda visit: (visit.since or 0, visit.id))
        return in_order(visits)

    @staticmethod
    def _most(column: Column) -> int:
        return FOLDED if column.key in {"expected", "done"} else 999

    def _fold_spot(self, column: Column, left: float, top: float, wide: float, more: int) -> Spot:
        words = counted(N_("{n} other"), N_("{n} others"), more) if more else _(N_("Fewer"))
        sentence = ", ".join([words, _(column.label)])
        return Spot(f"more/{column.key}", QRectF(left + CARD_GAP, top, wide - 2 * CARD_GAP, theme.px(40)), sentence,
                    thing=(column.key, words, more))  # fmt: skip

    def _unfold(self, spot: Spot) -> None:
        if spot.key.startswith("more/"):
            self._open ^= {spot.thing[0]}
            self.arrange()

    def mouseReleaseEvent(self, event: Any) -> None:
        """A tap on “11 others” shows them."""
        spot = self.item_at(event.position())
        tapped = spot is not None and spot.key.startswith("more/") and self.dragged is None
        super().mouseReleaseEvent(event)
        if tapped and spot is not None:
            self._unfold(spot)

    def _head_height(self, column: Column, count: int, wide: float) -> float:
        high = float(theme.px(HEAD) + 12)
        words = self._limit_words(column, count)
        if words:
            font = theme.font("small", Weight.SEMIBOLD)
            box = QFontMetricsF(font).boundingRect(
                QRectF(0, 0, wide - 2 * CARD_GAP, 999), Qt.TextFlag.TextWordWrap, words
            )
            high += box.height() + 8
        return high

    def _limit_words(self, column: Column, count: int) -> str:
        """What is said over a column that holds more than its limit, and who was told of it."""
        limit = self.limit_of(column)
        if not limit or count <= limit:
            return ""
        told = next((line for line in self._told if _speaks_of(column, line.message)), None)
        if told is None:
            return _(N_("Limit of {n} exceeded."), n=limit)
        assert self._picture is not None
        at = hour(told.fired_at, self._picture.clock)
        return _(N_("Limit of {n} exceeded. {role} told at {time}."), n=limit, role=_(ROLE_LABELS[told.role]), time=at)

    def target_at(self, point: Any) -> int | None:
        """The column under a point."""
        return next(
            (place for place, rect in enumerate(self._columns) if rect.left() <= point.x() < rect.right()), None
        )

    # -- painting -------------------------------------------------------------------------------------------
    def paint_content(self, painter: QPainter, shown: QRectF) -> None:
        """Columns with their heads."""
        over = self.target_at(self.pointer) if self.dragged is not None else None
        for place, (column, rect) in enumerate(zip(COLUMNS, self._columns, strict=False)):
            if not rect.intersects(shown):
                continue
            limit = self.limit_of(column)
            ground, edge = column_ground(bool(limit) and self._counts[place] > limit)
            if place == over:
                ground = theme.colour("accent_soft")
            paint.rounded(painter, rect, RADII.card, ground, edge, width=1.5 if edge is not None else 1)
            self._paint_head(painter, column, rect, self._counts[place])

    def _paint_head(self, painter: QPainter, column: Column, rect: QRectF, count: int) -> None:
        status, entry = theme.status(column.status), STATUSES[column.status]
        cut: IconWeight = "bold" if entry.weight == "bold" else "fill"
        side, head = theme.px(17), QRectF(rect.left() + 10, rect.top(), rect.width() - 20, theme.px(HEAD))
        pixmap = theme.pixmap(entry.icon, status.fg, 17, cut, ratio=self.devicePixelRatioF())
        paint.shape(painter, pixmap, head.left(), head.center().y() - side / 2)
        limit = self.limit_of(column)
        over = bool(limit) and count > limit
        words = f"{count} / {limit}" if limit else str(count)
        font = theme.font("small", Weight.SEMIBOLD)
        width = QFontMetricsF(font).horizontalAdvance(words) + 10
        chip = QRectF(head.right() - width, head.center().y() - theme.px(11), width, theme.px(22))
        severity = theme.severity("danger")
        rim = QColor(severity.fg) if over else theme.colour("border")
        paint.pill(painter, chip, QColor(severity.soft) if over else theme.colour("surface"), rim, 5)
        painter.setFont(font)
        painter.setPen(QColor(severity.fg) if over else theme.colour("text"))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, words)
        name = QRectF(head.left() + side + 6, head.top(), chip.left() - head.left() - side - 10, head.height())
        painter.setFont(font)
        painter.setPen(theme.colour("text"))
        shown = painter.fontMetrics().elidedText(_(column.label), Qt.TextElideMode.ElideRight, int(name.width()))
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, shown)
        if limit:
            bar = QRectF(head.left(), head.bottom(), head.width(), 3)
            ink = QColor(severity.fg) if over else theme.colour("control")
            paint.progress_bar(painter, bar, count / limit, ink)
        warning = self._limit_words(column, count)
        if warning:
            painter.setFont(font)
            painter.setPen(QColor(severity.fg))
            area = QRectF(rect.left() + CARD_GAP, head.bottom() + 8, rect.width() - 2 * CARD_GAP, 400)
            painter.drawText(area, Qt.TextFlag.TextWordWrap, warning)

    def paint_spot(self, painter: QPainter, spot: Spot, rect: QRectF) -> None:
        """A card, or the line that says how many others there are."""
        look = self._looks.get(spot.visit_id)
        if look is not None:
            paint_card(painter, rect, look, self.devicePixelRatioF())
            return
        _key, words, more = spot.thing
        painter.setFont(theme.font("small", Weight.MEDIUM))
        painter.setPen(theme.colour("muted"))
        side = theme.px(14)
        width = painter.fontMetrics().horizontalAdvance(words)
        left = rect.center().x() - (width + side + 6) / 2
        icon = theme.pixmap("caret-down" if more else "caret-up", theme.colour("muted"), 14, "bold",
                            ratio=self.devicePixelRatioF())  # fmt: skip
        paint.shape(painter, icon, left, rect.center().y() - side / 2)
        area = QRectF(left + side + 6, rect.top(), width + 4, theme.px(TYPE["small"].line))
        area.moveTop(rect.center().y() - area.height() / 2)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, words)

    # -- keyboard -------------------------------------------------------------------------------------------
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Shift with an arrow sends the chosen card a stage on or back."""
        steps = {Qt.Key.Key_Left.value: -1, Qt.Key.Key_Right.value: 1}
        spot = self.cursor_item
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if shift and event.key() in steps and spot is not None and spot.visit_id:
            if steps[event.key()] < 0:
                self.turned_back.emit(spot.visit_id)
            else:
                self.stepped.emit(spot.visit_id, self._next_place(spot.thing))
            return
        super().keyPressEvent(event)

    @staticmethod
    def _next_place(visit: DayVisitLine) -> int:
        """The column that comes next for a visit: nobody is brought to *Late*, and not everybody needs the doctor."""
        here = column_of(visit.stage) or 0
        if visit.stage in AT_CHAIR:
            wants = visit.stage is Stage.SEATED and visit.line.doctor == "none" and _has_doctor(visit)
            return column_of(Stage.NEEDED if wants else Stage.CHECKOUT) or here
        places = range(here + 1, len(COLUMNS))
        return next((place for place in places if visit.stage in COLUMNS[place].steps), here + 1)


def _has_doctor(visit: DayVisitLine) -> bool:
    return any(part.kind is SegmentKind.DOCTOR for part in visit.line.segments)


def _speaks_of(column: Column, told: str) -> bool:
    """Whether an alert about too many speaks of a column: of those who wait for a chair, or for the doctor."""
    return ("{count} chairs" in told) == (column.key == "needed")

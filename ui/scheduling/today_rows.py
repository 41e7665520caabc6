"""The rows of the day's list: model, columns, and how name, status, flags and the next step are painted."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from types import MappingProxyType

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from app.core.clock import Clock
from app.core.i18n import N_, _
from app.scheduling.queries import DayRow, Stage
from ui.scheduling.today_steps import Step, next_step, refusal
from ui.scheduling.today_words import (
    WAITS,
    flags_of,
    row_sentence,
    short_person,
    stage_words,
    type_name,
    wait_words,
    waited,
    who,
)
from ui.shell.bench import Bench
from ui.shell.formats import hour
from ui.shell.growing import GrowingModel
from ui.theme import paint
from ui.theme.fonts import sized_font
from ui.theme.icons import IconWeight
from ui.theme.style import theme
from ui.theme.tokens import STATUSES
from ui.theme.tokens.metrics import RADII, Weight
from ui.widgets.avatar import initials_of
from ui.widgets.paged_model import Column, Row, as_text
from ui.widgets.tables import CellDelegate

AVATAR = 26
PAD = 12
LEAST = MappingProxyType({"patient": 176, "type": 146})
"""Px at 100 % text below which a column that takes the room that is left says nothing any more."""
FOLDS = ("provider", "type", "chair", "next", "flags", "wait")
"""What goes first when room is short; the next step becomes its shape, then the panel tells what is gone."""
SHAPE = 48
WIDE = 10_000.0
Index = QModelIndex | QPersistentModelIndex


def columns(clock: Clock, room: float = WIDE) -> list[Column]:
    """Heads in the language in force, as many as fit into `room` px at 100 % text."""

    def at(row: DayRow) -> str:
        return hour(row.visit.starts_at, clock) if row.visit.starts_at else ""

    found = [
        Column("time", _(N_("Time")), at, 92),
        Column("patient", _(N_("Patient")), who, strong=True, share=6),
        Column("type", _(N_("Type")), lambda row: type_name(row.visit), share=5),
        Column("chair", _(N_("Chair")), lambda row: row.operatory, 94),
        Column("provider", _(N_("Provider")), lambda row: short_person(row.doctor or row.assistant), 114),
        Column("stage", _(N_("Status")), stage_words, 148),
        Column("wait", _(N_("Wait")), lambda row: wait_words(row, clock.now()), 80),
        Column("flags", _(N_("To mind")), lambda row: ", ".join(f[2] for f in flags_of(row)), 76, sortable=False),
        Column("next", _(N_("Next step")), _next_words, 152, sortable=False),
    ]
    return fitting(found, room)


def fitting(found: list[Column], room: float) -> list[Column]:
    """The columns that fit, the least of each counted."""
    for key in FOLDS:
        if sum(LEAST.get(column.key, 0) or column.width for column in found) <= room:
            break
        if key == "next":
            shape = Column("next", "", _next_words, SHAPE, sortable=False)
            found = [shape if column.key == key else column for column in found]
        else:
            found = [column for column in found if column.key != key]
    return found


def first_open(rows: tuple[DayRow, ...]) -> int:
    """The place of the first visit that is not over; the first of all when every one is."""
    over = {Stage.DONE, Stage.MISSED, Stage.CANCELLED}
    return next((place for place, row in enumerate(rows) if row.stage not in over), 0)


def _next_words(row: DayRow) -> str:
    step = next_step(row)
    return _(step.label) if step else ""


class DayModel(GrowingModel[DayRow]):
    """The visits shown. Each cell holds its whole row, so that a delegate can paint what it needs of it."""

    def __init__(self, bench: Bench) -> None:
        self.clock = bench.runner.clock
        super().__init__(columns(self.clock))

    def fit(self, room: float) -> bool:
        """Show the columns that fit into `room`; whether they are others than before."""
        wanted = columns(self.clock, room)
        if [(item.key, item.width) for item in wanted] == [(item.key, item.width) for item in self.columns]:
            return False
        self.start(self.items, wanted)
        return True

    def row_of(self, item: DayRow) -> Row:
        """The same row for each column."""
        return (item,) * len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Cells as text; the whole visit in one sentence for who cannot see the row."""
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            item = self.item(index.row())
            return row_sentence(item, self.clock) if item else ""
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return super().data(index) or as_text(None)
        return super().data(index, role)


def wait_severity(row: DayRow, clock: Clock, warns: int, alarms: int) -> str:
    """`warn` from the first threshold on, `danger` from the second; only where somebody must act."""
    minutes = waited(row, clock.now())
    if minutes is None or row.stage not in WAITS:
        return ""
    return "danger" if minutes >= alarms else "warn" if minutes >= warns else ""


class DayDelegate(CellDelegate):
    """Paints the cells of the day. A click on the next step emits `acted`."""

    acted = Signal(int)

    def __init__(
        self, bench: Bench, model: DayModel, thresholds: Callable[[], tuple[int, int]], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._bench, self._model, self._thresholds = bench, model, thresholds

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The ground by the style, then the cell's own painting."""
        key = self._model.columns[index.column()].key
        row = self._model.item(index.row())
        painters = {
            "patient": self._patient, "stage": self._stage, "wait": self._wait, "flags": self._flags,
            "next": self._next,
        }  # fmt: skip
        if row is None or key not in painters:
            super().paint(painter, option, index)
            return
        self._blank(painter, option, index)
        painter.save()
        paint.ready(painter)
        painters[key](painter, QRectF(option.rect).adjusted(PAD, 0, -PAD / 2, -1), row)
        painter.restore()

    def _blank(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The cell without its words: ground, hairline and the lines of the current row."""
        self._wordless = True
        super().paint(painter, option, index)
        self._wordless = False

    _wordless = False

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """No words of the style where the delegate writes them itself."""
        super().initStyleOption(option, index)
        if self._wordless:
            option.text = ""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As wide as the words with what stands beside them, so that the tooltip knows when they are cut."""
        hint = super().sizeHint(option, index)
        key = self._model.columns[index.column()].key
        extra = {"patient": AVATAR + 8, "stage": 44, "next": 40}.get(key, 0)
        return QSize(10_000 if key == "flags" else hint.width() + theme.px(extra), hint.height())

    # -- cells ----------------------------------------------------------------------------------------------
    @staticmethod
    def _text(painter: QPainter, area: QRectF, words: str, ink: QColor, font: QFont) -> None:
        painter.setFont(font)
        painter.setPen(ink)
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(area.width()))
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)

    def _patient(self, painter: QPainter, area: QRectF, row: DayRow) -> None:
        side = theme.px(AVATAR)
        circle = QRectF(area.left(), area.center().y() - side / 2, side, side)
        font = sized_font(max(11, round(side * 0.4)), Weight.SEMIBOLD)
        name = f"{row.visit.given_name} {row.visit.family_name}"
        paint.initials(painter, circle, initials_of(name), zlib.crc32(row.visit.patient_id.encode()), font)
        font = theme.font("body", Weight.SEMIBOLD)
        font.setStrikeOut(STATUSES[row.stage.value].struck)
        self._text(painter, area.adjusted(side + 8, 0, 0, 0), who(row), theme.colour("text"), font)

    def _stage(self, painter: QPainter, area: QRectF, row: DayRow) -> None:
        entry, colours = STATUSES[row.stage.value], theme.status(row.stage.value)
        ink = QColor(colours.fg)
        font = theme.font("small", Weight.SEMIBOLD)
        painter.setFont(font)
        words = stage_words(row)
        height, icon = theme.height(22, "small"), theme.px(14)
        wanted = painter.fontMetrics().horizontalAdvance(words) + icon + 5 + 2 * theme.px(9)
        pill = QRectF(area.left(), area.center().y() - height / 2, min(wanted, area.width()), height)
        paint.pill(painter, pill, QColor(colours.soft), ink)
        cut: IconWeight = "bold" if entry.weight == "bold" else "fill"
        pixmap = theme.pixmap(entry.icon, ink, 14, cut, ratio=painter.device().devicePixelRatio())
        paint.shape(painter, pixmap, pill.left() + theme.px(9), pill.center().y() - icon / 2)
        self._text(painter, pill.adjusted(theme.px(9) + icon + 5, 0, -theme.px(5), 0), words, ink, font)

    def _wait(self, painter: QPainter, area: QRectF, row: DayRow) -> None:
        severity = wait_severity(row, self._model.clock, *self._thresholds())
        words = wait_words(row, self._model.clock.now())
        ink = QColor(theme.severity(severity).fg) if severity else theme.colour("muted")
        if severity:
            icon = "warning-octagon" if severity == "danger" else "clock-countdown"
            pixmap = theme.pixmap(icon, ink, 14, "fill", ratio=painter.device().devicePixelRatio())
            paint.shape(painter, pixmap, area.left(), area.center().y() - theme.px(14) / 2)
            area = area.adjusted(theme.px(14) + 4, 0, 0, 0)
        self._text(painter, area, words, ink, theme.font("body", Weight.BOLD if severity == "danger" else None))

    def _flags(self, painter: QPainter, area: QRectF, row: DayRow) -> None:
        left = area.left()
        for icon, severity, _words in flags_of(row):
            if left + theme.px(17) > area.right():
                break
            pixmap = theme.pixmap(
                icon, theme.severity(severity).fg, 17, "fill", ratio=painter.device().devicePixelRatio()
            )
            paint.shape(painter, pixmap, left, area.center().y() - theme.px(17) / 2)
            left += theme.px(17) + 5

    def _next(self, painter: QPainter, area: QRectF, row: DayRow) -> None:
        step = next_step(row)
        if step is None:
            return
        allowed = not refusal(self._bench, step, row)
        rect, words = self._button(area, step)
        ground = theme.colour("surface" if allowed else "sunken")
        paint.rounded(painter, rect, RADII.control, ground, theme.colour("control"), width=theme.tokens.line)
        ink = theme.colour("text" if allowed else "muted")
        pixmap = theme.pixmap(step.icon, ink, 15, ratio=painter.device().devicePixelRatio())
        if rect.width() < theme.px(SHAPE):
            paint.shape(painter, pixmap, rect.center().x() - theme.px(15) / 2, rect.center().y() - theme.px(15) / 2)
            return
        paint.shape(painter, pixmap, rect.left() + 9, rect.center().y() - theme.px(15) / 2)
        inside = rect.adjusted(9 + theme.px(15) + 6, 0, -6, 0)
        self._text(painter, inside, words, ink, theme.font("small", Weight.MEDIUM))

    @staticmethod
    def _button(area: QRectF, step: Step) -> tuple[QRectF, str]:
        height = min(theme.height(28, "small"), int(area.height()) - 4)
        return QRectF(area.left(), area.center().y() - height / 2, area.width(), height), _(step.label)

    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index) -> bool:
        """A click on the painted button takes the step; everything else chooses the row."""
        released = event.type() == QEvent.Type.MouseButtonRelease and isinstance(event, QMouseEvent)
        if released and self._model.columns[index.column()].key == "next":
            self.acted.emit(index.row())
            return True
        return super().editorEvent(event, model, option, index)

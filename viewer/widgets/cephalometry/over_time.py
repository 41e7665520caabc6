"""Several tracings of one patient: the table of T0, T1, T2, and the tracings laid over each other with differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from viewer.errors import N_
from viewer.model.cephalometry import LANDMARKS, METHODS, CephError, Superimposition, Tracing, changes, superimpose
from viewer.model.cephalometry.analysis import Change
from viewer.model.cephalometry.functions import Point
from viewer.model.cephalometry.superimposition import STAGE_COLOURS
from viewer.widgets.cephalometry.board import Cephalometry
from viewer.widgets.cephalometry.layer import paint_outlines
from viewer.widgets.cephalometry.measures import MEASURE
from viewer.widgets.cephalometry.words import DECIMALS, NONE, signed, unit_words
from viewer.widgets.marking.panel import dress, heading
from viewer.widgets.marking.words import UNIT_NAMES, number

OVER_TIME, SUPERIMPOSITION = N_("Change over time"), N_("Superimposition")
CHANGE = N_("Change {first}–{second}")
TWO_NEEDED = N_("Trace at least two cephalograms of this patient to compare them.")
METHOD, LANDMARK, FORWARD, UP = N_("Registered on"), N_("Landmark"), N_("Forward"), N_("Up")
UNTRUSTED = N_("Without calibrated millimetres on both images a difference may be enlargement, not growth.")
CLOSE = N_("Close")
STAGE = N_("T{number}")
PAPER_MARGIN = 24.0


@dataclass(frozen=True)
class Stage:
    """One tracing of the series: its name (T0…), the words of its day, its colour."""

    key: str
    name: str
    when: str
    colour: str
    tracing: Tracing


def stages(cephalometry: Cephalometry) -> tuple[Stage, ...]:
    """The traced images from the oldest to the newest, in the colours that boards ask for."""
    texts, catalogue = cephalometry.texts, cephalometry.workspace.catalogue
    found = []
    for key in cephalometry.tracings:
        place = catalogue.find(key)
        day = (place[1].taken_on or place[0].day) if place else None
        found.append(
            (day.isoformat() if day else "", place[0].stage if place else "", key, texts.day(day) if day else "")
        )
    colours = STAGE_COLOURS
    return tuple(
        Stage(
            key, stage or texts.say(STAGE, number=place), when, colours[min(place, len(colours) - 1)],
            cephalometry.tracing(key),
        )
        for place, (_order, stage, key, when) in enumerate(sorted(found))
    )  # fmt: skip


class TracingsView(QWidget):
    """Tracings on white, as on acetate over a light box: only outlines and landmarks, each stage in its colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawn: tuple[tuple[Mapping[str, Point], str], ...] = ()
        self.names: tuple[str, ...] = ()
        """What each tracing is, written in its colour."""
        self.setMinimumSize(320, 320)

    def show_tracings(self, drawn: Sequence[tuple[Mapping[str, Point], str]], description: str) -> None:
        """Points (y up, facing right) with their colour."""
        self._drawn = tuple(drawn)
        self.setAccessibleName(description)
        self.setVisible(bool(drawn))  # an empty sheet of white would only dazzle
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_tracings(painter, QRectF(self.rect()), self._drawn)
        line = painter.fontMetrics().height()
        for place, (name, (_points, colour)) in enumerate(zip(self.names, self._drawn, strict=False)):
            painter.setPen(QColor(colour))
            painter.drawText(QPointF(12, self.height() - 10 - line * (len(self._drawn) - 1 - place)), f"●  {name}")
        painter.end()


def paint_tracings(painter: QPainter, area: QRectF, drawn: Sequence[tuple[Mapping[str, Point], str]]) -> None:
    """Tracings as large as fit; also for the report."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(area, QColor("#FFFFFF"))
    every = [point for points, _colour in drawn for point in points.values()]
    if not every:
        return
    left, right = min(p[0] for p in every), max(p[0] for p in every)
    low, high = min(p[1] for p in every), max(p[1] for p in every)
    wide, tall = max(right - left, 1e-6), max(high - low, 1e-6)
    scale = min((area.width() - 2 * PAPER_MARGIN) / wide, (area.height() - 2 * PAPER_MARGIN) / tall)

    def place(point: Point) -> QPointF:
        return area.center() + QPointF((point[0] - (left + right) / 2) * scale, -(point[1] - (low + high) / 2) * scale)

    for points, colour in drawn:
        paint_outlines(painter, points, place, colour, 1.5, halo=False)
        painter.setPen(QPen(QColor(colour), 1))
        painter.setBrush(QColor(colour))
        for point in points.values():
            painter.drawEllipse(place(point), 2.2, 2.2)


class OverTime(QDialog):
    """Left the measures of every stage and their changes, right one superimposition with its differences."""

    def __init__(self, cephalometry: Cephalometry) -> None:
        super().__init__(cephalometry.workspace)
        self._ceph = cephalometry
        self._say, look = cephalometry.texts.say, cephalometry.look
        self.stages = stages(cephalometry)
        self.setWindowTitle(self._say(OVER_TIME))
        self.resize(look.px(1180), look.px(720))
        self.table, self.moves = QTableWidget(), QTableWidget()
        self.view, self.method, self.note = TracingsView(), QComboBox(), QLabel()
        self.note.setWordWrap(True)
        self.view.names = tuple(f"{stage.name} · {stage.when}".strip(" ·") for stage in self.stages)
        self.method.setAccessibleName(self._say(METHOD))
        for name, method in METHODS.items():
            self.method.addItem(self._say(method.label), name)
        self.method.currentIndexChanged.connect(lambda _place: self.lay_over())
        row = QHBoxLayout()
        row.addLayout(self._left(), 3)
        row.addLayout(self._right(), 3)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setText(self._say(CLOSE))
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addLayout(row, 1)
        column.addWidget(buttons)
        self._fill()
        self.lay_over()

    def _left(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.addWidget(heading(self._say(OVER_TIME)))
        column.addWidget(self.table, 1)
        return column

    def _right(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.addWidget(heading(self._say(SUPERIMPOSITION)))
        column.addWidget(self.method)
        column.addWidget(self.view, 3)
        column.addWidget(self.note)
        column.addWidget(self.moves, 2)
        return column

    def _fill(self) -> None:
        names = [stage.name for stage in self.stages]
        heads = [
            self._say(MEASURE),
            *names,
            *(self._say(CHANGE, first=a, second=b) for a, b in pairwise(names)),
        ]
        self.table.setColumnCount(len(heads))
        dress(self.table, heads, self._say(OVER_TIME), self._ceph.look)
        lines = self.changes()
        self.table.setRowCount(len(lines))
        for row, line in enumerate(lines):
            for place, words in enumerate(self._words(line)):
                item = QTableWidgetItem(words)
                if place:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(row, place, item)

    def changes(self) -> tuple[Change, ...]:
        """The measures of the analysis in force, stage by stage."""
        return changes([self._ceph.readings(stage.key) for stage in self.stages]) if self.stages else ()

    def _words(self, line: Change) -> list[str]:
        locale, measure = self._ceph.workspace.locale(), line.measure
        decimals = DECIMALS.get(measure.dimension, 1)
        unit = unit_words(measure.dimension, self.stages[-1].tracing.size.unit.value, self._ceph.texts)
        values = [NONE if value is None else f"{number(locale, value, decimals)}{unit}" for value in line.values]
        steps = [NONE if step is None else signed(locale, step, decimals) for step in line.steps]
        return [self._say(measure.label), *values, *steps]

    def superimposed(self) -> tuple[Superimposition, ...]:
        """Every later stage over the first. Raises CephError where a landmark or the size is missing."""
        method = METHODS[str(self.method.currentData())]
        first = self.stages[0].tracing
        return tuple(superimpose(first, stage.tracing, method) for stage in self.stages[1:])

    def lay_over(self) -> None:
        """Draw the superimposition that is chosen and list how far each landmark has moved."""
        say = self._say
        if len(self.stages) < 2:
            self.note.setText(say(TWO_NEEDED))
            self.moves.setRowCount(0)
            self.view.show_tracings([], say(TWO_NEEDED))
            return
        try:
            found = self.superimposed()
        except CephError as error:
            self.note.setText(self._ceph.texts.sentence(error))
            self.moves.setRowCount(0)
            self.view.show_tracings([], self.note.text())
            return
        first = self.stages[0]
        drawn = [(first.tracing.oriented, first.colour), *(
            (over.moved, stage.colour) for over, stage in zip(found, self.stages[1:], strict=True)
        )]  # fmt: skip
        self.view.show_tracings(drawn, f"{say(SUPERIMPOSITION)}: {self.method.currentText()}")
        self.note.setText("" if all(over.trusted for over in found) else say(UNTRUSTED))
        self._show_moves(found[-1])

    def _show_moves(self, over: Superimposition) -> None:
        locale, unit = self._ceph.workspace.locale(), self._say(UNIT_NAMES[over.unit])
        self.moves.setColumnCount(3)
        heads = [self._say(LANDMARK), f"{self._say(FORWARD)} ({unit})", f"{self._say(UP)} ({unit})"]
        dress(self.moves, heads, self._say(SUPERIMPOSITION), self._ceph.look)
        self.moves.setRowCount(len(over.moves))
        for row, (name, (forward, up)) in enumerate(over.moves.items()):
            cells = (
                f"{LANDMARKS[name].symbol} · {self._say(LANDMARKS[name].name)}",
                signed(locale, forward),
                signed(locale, up),
            )
            for place, words in enumerate(cells):
                item = QTableWidgetItem(words)
                if place:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.moves.setItem(row, place, item)

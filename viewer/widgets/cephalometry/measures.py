"""The live table of measures: value, norm, deviation. A norm row without a source is never in it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem

from viewer.errors import N_
from viewer.model.cephalometry import Reading
from viewer.widgets.cephalometry.board import Cephalometry
from viewer.widgets.cephalometry.deviations import DEVIATION_ROLE, DeviationDelegate, Shades, WiggleLine, standing
from viewer.widgets.cephalometry.words import DECIMALS, deviation_words, norm_words, signed, value_words
from viewer.widgets.marking.panel import dress

MEASURE, VALUE, NORM, DEVIATION, MEASURES = (
    N_("Measure"), N_("Value"), N_("Norm"), N_("Deviation"), N_("Measures of the analysis"),
)  # fmt: skip
SOURCE_OF = N_("{population}. {source}")
NO_NORM = N_("No norm with a source.")
DEVIATION_PX = 84


class MeasureTable(QTableWidget):
    """Measures of the analysis in force, as the landmarks allow."""

    def __init__(self, cephalometry: Cephalometry) -> None:
        super().__init__(0, 4)
        self._ceph = cephalometry
        say, look = cephalometry.texts.say, cephalometry.look
        dress(self, [say(text) for text in (MEASURE, VALUE, NORM, DEVIATION)], say(MEASURES), look)
        self.verticalHeader().setDefaultSectionSize(look.px(26))
        self.setItemDelegateForColumn(3, DeviationDelegate(self))
        self.horizontalHeader().setSectionResizeMode(3, QHeaderView.ResizeMode.Fixed)
        self.setColumnWidth(3, look.px(DEVIATION_PX))
        self.setTextElideMode(Qt.TextElideMode.ElideRight)

    def show_readings(self, readings: Sequence[Reading]) -> None:
        """Values as they are now; the row that is chosen stays chosen."""
        row = self.currentRow()
        self.setRowCount(len(readings))
        for place, reading in enumerate(readings):
            self._show(place, reading)
        if 0 <= row < len(readings):
            self.setCurrentCell(row, 0)

    def _show(self, row: int, reading: Reading) -> None:
        texts, locale = self._ceph.texts, self._ceph.workspace.locale()
        name = texts.say(reading.measure.label)
        deviation = deviation_words(reading, texts, locale)
        difference = reading.difference if standing(reading) is None else None
        decimals = DECIMALS.get(reading.measure.dimension, 1)
        cells = (
            name,
            value_words(reading, texts, locale),
            norm_words(reading.norm, reading.expected, locale),
            "" if difference is None else signed(locale, difference, decimals),
        )
        why = texts.sentence(reading.problem) if reading.problem else ""
        tip = "\n".join(filter(None, (name, deviation, why, source_words(reading, self._ceph))))
        sd = standing(reading)
        for place, words in enumerate(cells):
            item = QTableWidgetItem(words)
            if not words:
                item.setData(Qt.ItemDataRole.AccessibleTextRole, "—")
            item.setToolTip(tip)
            if place:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            if place == 1 and sd is not None and abs(sd) > 1:
                item.setForeground(QColor(Shades().of(sd)))
            if place == 3:
                item.setData(DEVIATION_ROLE, sd)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, deviation or why or words or "—")
            self.setItem(row, place, item)


def source_words(reading: Reading, cephalometry: Cephalometry) -> str:
    """Whose norm it is and where it stands; or that there is none."""
    say = cephalometry.texts.say
    if reading.norm is None or not reading.norm.shown:
        return say(NO_NORM)
    return say(SOURCE_OF, population=say(reading.norm.population), source=reading.norm.source)


def wiggle_lines(cephalometry: Cephalometry, readings: Sequence[Reading]) -> list[WiggleLine]:
    """The rows of the wiggle chart: the measures that stand somewhere against a norm."""
    texts, locale = cephalometry.texts, cephalometry.workspace.locale()
    found = []
    for reading in readings:
        sd = standing(reading)
        if sd is not None:
            value, norm = value_words(reading, texts, locale), norm_words(reading.norm, reading.expected, locale)
            found.append(WiggleLine(texts.say(reading.measure.label), value, norm, sd))
    return found

"""Bars: for each kind of object what it takes in the bucket, beside what its pixels would take unpacked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import paint
from ui.theme.style import on_theme_change, theme

BAR: Final = 9
ROW: Final = 34


@dataclass(frozen=True, slots=True)
class Bar:
    """One line: its words, the amount drawn, and the amount behind it."""

    words: str
    amount: int
    whole: int
    said: str


class BarChart(QWidget):
    """Horizontal bars under each other, each with its words and its figure; read aloud as one sentence a line."""

    def __init__(self) -> None:
        super().__init__()
        self._bars: tuple[Bar, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        on_theme_change(self._restyle)

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Draw others."""
        self._bars = tuple(bars)
        self.setAccessibleName(". ".join(f"{bar.words} {bar.said}" for bar in self._bars))
        self.updateGeometry()
        self.update()

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """A row for each bar."""
        return QSize(theme.px(260), theme.px(ROW) * max(1, len(self._bars)))

    def minimumSizeHint(self) -> QSize:
        """As high as the rows."""
        return QSize(theme.px(160), self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Words at the left, the figure at the right, the bars under both."""
        painter = QPainter(self)
        paint.ready(painter)
        most = max((bar.whole for bar in self._bars), default=1) or 1
        height, thick = theme.px(ROW), theme.px(BAR)
        for number, bar in enumerate(self._bars):
            top = number * height
            line = QRectF(0, top, self.width(), height - thick - theme.px(4))
            painter.setFont(theme.font("small"))
            painter.setPen(theme.colour("muted"))
            painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, bar.said)
            room = self.width() - painter.fontMetrics().horizontalAdvance(bar.said) - theme.px(12)
            painter.setPen(theme.colour("text"))
            words = painter.fontMetrics().elidedText(bar.words, Qt.TextElideMode.ElideRight, room)
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
            ground = QRectF(0, line.bottom() + theme.px(1), self.width() * bar.whole / most, thick)
            edge = theme.colour("control") if theme.tokens.high_contrast else None
            paint.rounded(painter, ground, thick / 2, theme.colour("sunken"), edge)
            done = QRectF(ground)
            done.setWidth(max(thick / 2, self.width() * bar.amount / most) if bar.amount else 0)
            paint.rounded(painter, done, thick / 2, theme.colour("accent"))
        painter.end()

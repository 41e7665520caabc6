"""The two visits of a double booking on one line of time each; what they share is hatched."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.core.clock import Clock
from ui.shell.formats import hour
from ui.theme import paint
from ui.theme.style import on_theme_change, theme

_ROW, _HEAD, _GAP = 26, 22, 5
_QUARTER = timedelta(minutes=15)


class OverlapStrip(QWidget):
    """Says in its accessible name what it shows; the cards beside it hold the same facts as text."""

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._bars: list[tuple[str, datetime, datetime]] = []
        self._shared: tuple[datetime, datetime] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        on_theme_change(self._restyle)

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def show_bars(self, bars: list[tuple[str, datetime, datetime]], shared: tuple[datetime, datetime] | None) -> None:
        """(name, from, to) of each visit, and what they share."""
        self._bars, self._shared = bars, shared
        words = [f"{name}: {hour(start, self._clock)} – {hour(end, self._clock)}" for name, start, end in bars]
        self.setAccessibleName(". ".join(words))
        self._restyle()

    def sizeHint(self) -> QSize:
        """As high as its lines."""
        return QSize(320, theme.px(_HEAD) + len(self._bars) * (theme.px(_ROW) + _GAP))

    def minimumSizeHint(self) -> QSize:
        """Narrow, as high as its lines."""
        return QSize(200, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Quarter lines with their hours, a bar for each visit, the hatching over both."""
        if not self._bars:
            return
        painter = QPainter(self)
        paint.ready(painter)
        first = min(start for _name, start, _end in self._bars) - _QUARTER
        last = max(end for _name, _start, end in self._bars) + _QUARTER
        scale = self.width() / max(1.0, (last - first).total_seconds())
        self._paint_hours(painter, first, last, scale)
        top = float(theme.px(_HEAD))
        for number, (name, start, end) in enumerate(self._bars):
            left, right = self._x(start, first, scale), self._x(end, first, scale)
            area = QRectF(left + 0.5, top + 0.5, right - left - 1, theme.px(_ROW) - 1)
            edge = theme.colour("accent") if number == 0 else QColor(theme.severity("warn").fg)
            paint.rounded(painter, area, 6, theme.colour("surface"), edge, width=1.5)
            if self._shared is not None:
                self._hatch(painter, area, [self._x(it, first, scale) for it in self._shared])
            painter.setPen(theme.colour("text"))
            painter.setFont(theme.font("small"))
            inner = area.adjusted(8, 0, -6, 0)
            text = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(inner.width()))
            painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
            top += theme.px(_ROW) + _GAP

    @staticmethod
    def _x(at: datetime, first: datetime, scale: float) -> float:
        return (at - first).total_seconds() * scale

    def _paint_hours(self, painter: QPainter, first: datetime, last: datetime, scale: float) -> None:
        painter.setFont(theme.font("caption"))
        at = first.replace(minute=first.minute // 15 * 15, second=0, microsecond=0)
        free = 0.0
        while at <= last:
            x = self._x(at, first, scale)
            text = hour(at, self._clock)
            width = painter.fontMetrics().horizontalAdvance(text)
            if x >= free and x + width <= self.width():
                painter.setPen(QPen(theme.colour("border"), 1))
                painter.drawLine(int(x), theme.px(_HEAD) - 4, int(x), self.height())
                painter.setPen(theme.colour("muted"))
                painter.drawText(int(x) + 3, theme.px(_HEAD) - 7, text)
                free = x + width + 14
            at += _QUARTER

    @staticmethod
    def _hatch(painter: QPainter, area: QRectF, ends: list[float]) -> None:
        shared = QRectF(ends[0], area.top(), ends[1] - ends[0], area.height()).intersected(area)
        painter.fillRect(
            shared.adjusted(1, 1, -1, -1), QBrush(QColor(theme.severity("danger").fg), Qt.BrushStyle.BDiagPattern)
        )

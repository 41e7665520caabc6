"""Deviations as the eye reads them: a track in the table, and the wiggle chart. Shape and place say what colour says.

Within one SD a circle, up to two a square, beyond a diamond.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from viewer.model.cephalometry import Reading

GREATEST_SD = 3.0
DEVIATION_ROLE = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True)
class Shades:
    """Colours of a chart: on the screen those of the reading room, on paper darker ones."""

    inside: str = "#27A899"
    beyond: str = "#D3A615"
    far: str = "#EE7F3B"
    track: str = "#252B33"
    band: str = "#4A535E"
    line: str = "#74808D"
    text: str = "#D5DBE2"
    muted: str = "#A2ACB7"

    def of(self, sd: float) -> str:
        """The colour of a deviation."""
        return self.inside if abs(sd) <= 1 else self.beyond if abs(sd) <= 2 else self.far


PAPER = Shades("#0A857B", "#8A6800", "#A83C05", "#EDEEEF", "#D3D6D9", "#83878A", "#1A2129", "#4F5863")


def standing(reading: Reading) -> float | None:
    """Where a value stands, in SD; a published range counts as one SD on each side of its middle."""
    if reading.deviation_sd is not None:
        return reading.deviation_sd
    norm = reading.norm
    if norm is None or reading.value is None or reading.uncalibrated or norm.low is None or norm.high is None:
        return None
    half = (norm.high - norm.low) / 2
    return (reading.value - (norm.low + half)) / half if half else None


def marker(painter: QPainter, at: QPointF, sd: float, shades: Shades, size: float = 5.0) -> None:
    """Circle, square or diamond."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(shades.of(sd)))
    if abs(sd) <= 1:
        painter.drawEllipse(at, size, size)
    elif abs(sd) <= 2:
        painter.drawRect(QRectF(at.x() - size + 0.5, at.y() - size + 0.5, 2 * size - 1, 2 * size - 1))
    else:
        path = QPainterPath(at + QPointF(0, -size - 1.5))
        for corner in (QPointF(size + 1.5, 0), QPointF(0, size + 1.5), QPointF(-size - 1.5, 0)):
            path.lineTo(at + corner)
        painter.drawPath(path)


def track(painter: QPainter, area: QRectF, sd: float, shades: Shades) -> None:
    """A value on a line from −3 to +3 SD whose middle third is the norm."""
    middle, half = area.center(), area.width() / 2
    line = QRectF(area.left(), middle.y() - 2, area.width(), 4)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(shades.track))
    painter.drawRoundedRect(line, 2, 2)
    painter.setBrush(QColor(shades.band))
    painter.drawRect(QRectF(middle.x() - half / GREATEST_SD, line.top(), 2 * half / GREATEST_SD, 4))
    kept = max(-GREATEST_SD, min(GREATEST_SD, sd))
    marker(painter, QPointF(middle.x() + half * kept / GREATEST_SD, middle.y()), sd, shades)


class DeviationDelegate(QStyledItemDelegate):
    """Paints the track in a cell; the words of the cell stay for screen readers and as tool tip."""

    shades = Shades()

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        sd = index.data(DEVIATION_ROLE)
        area = QRectF(getattr(option, "rect"))  # noqa: B009  # the stubs lack the field
        if sd is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track(painter, area.adjusted(10, 0, -10, 0), float(sd), self.shades)
        painter.restore()


@dataclass(frozen=True)
class WiggleLine:
    """A measure of the wiggle chart: its name, value and norm in words, and where it stands."""

    name: str
    value: str
    norm: str
    sd: float


def wiggle(
    painter: QPainter, area: QRectF, lines: Sequence[WiggleLine], shades: Shades, row: float, text_px: int
) -> None:
    """The wiggle chart: one row a measure, −3 to +3 SD across, the values joined by a line."""
    font = painter.font()
    font.setPixelSize(text_px)
    painter.setFont(font)
    names, values = area.width() * 0.32, area.width() * 0.24
    plot = QRectF(area.left() + names, area.top() + row, area.width() - names - values, row * len(lines))
    _scale(painter, plot, shades, row)
    places = []
    for place, line in enumerate(lines):
        y = plot.top() + row * (place + 0.5)
        kept = max(-GREATEST_SD, min(GREATEST_SD, line.sd))
        places.append(QPointF(plot.center().x() + plot.width() / 2 * kept / GREATEST_SD, y))
        _row_words(painter, QRectF(area.left(), y - row / 2, names - 10, row), line.name, shades.text)
        right = QRectF(plot.right() + 10, y - row / 2, values - 10, row)
        _row_words(painter, right, f"{line.value}   {line.norm}".strip(), shades.muted)
    painter.setPen(QPen(QColor(shades.line), 1.5))
    for one, other in pairwise(places):
        painter.drawLine(one, other)
    for at, line in zip(places, lines, strict=True):
        marker(painter, at, line.sd, shades, 4.5)


def _scale(painter: QPainter, plot: QRectF, shades: Shades, row: float) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    third = plot.width() / 2 / GREATEST_SD
    painter.setBrush(QColor(shades.track))
    painter.drawRect(plot)
    painter.setBrush(QColor(shades.band))
    painter.drawRect(QRectF(plot.center().x() - third, plot.top(), 2 * third, plot.height()))
    for step in range(-3, 4):
        x = plot.center().x() + third * step
        painter.setPen(QPen(QColor(shades.line), 1, Qt.PenStyle.SolidLine if not step else Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
        words = "0" if not step else f"{'+' if step > 0 else '−'}{abs(step)}"
        painter.setPen(QColor(shades.muted))
        painter.drawText(QRectF(x - 20, plot.top() - row, 40, row), Qt.AlignmentFlag.AlignCenter, words)


def _row_words(painter: QPainter, area: QRectF, words: str, colour: str) -> None:
    painter.setPen(QColor(colour))
    shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(area.width()))
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)

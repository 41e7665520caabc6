"""A stretch of time in a grid of hours: what it is, and its picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton

from ui.practice.words import clock_words, span_words
from ui.theme import paint
from ui.theme.style import theme
from ui.theme.tokens.metrics import Weight

if TYPE_CHECKING:
    from ui.practice.span_grid import SpanGrid


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch in a column, in minutes after midnight; `inner` are breaks, `fault` says what is wrong with it.

    `soft` blocks cannot be moved (an absence, a shift at another clinic).
    """

    key: str
    column: int
    start: int
    end: int
    words: str
    detail: str = ""
    inner: tuple[tuple[int, int, str], ...] = ()
    fault: str = ""
    soft: bool = False


class Tile(QAbstractButton):
    """A block in the tree of assistive technology: when, what, what is wrong, whether it is chosen."""

    def __init__(self, grid: SpanGrid) -> None:
        super().__init__(grid)
        self._grid = grid
        self.block = Block("", 0, 0, 0, "")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.show()

    def show_block(self, block: Block, chosen: bool, column: str) -> None:
        """Show it under its column."""
        self.block = block
        parts = [column, span_words(block.start, block.end), block.words, block.detail]
        parts += [f"{words} {span_words(start, end)}" for start, end, words in block.inner]
        self.setAccessibleName(", ".join(part for part in (*parts, block.fault) if part))
        self.setToolTip(self.accessibleName())
        self.setChecked(chosen)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, breaks, words."""
        painter = QPainter(self)
        paint.ready(painter)
        area, block = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), self.block
        ground = theme.colour("sunken" if block.soft else "accent_soft")
        edge = QColor(theme.severity("danger").fg) if block.fault else theme.colour("accent")
        paint.rounded(painter, area, 6, ground, theme.colour("control") if block.soft else edge, width=1)
        for start, end, _words in block.inner:
            top = self._grid.y_of(start) - self.y()
            hole = QRectF(3, top, self.width() - 6, self._grid.y_of(end) - self._grid.y_of(start))
            paint.rounded(painter, hole, 3, theme.colour("surface"), theme.colour("control"), width=1)
        if self.isChecked():
            paint.rounded(painter, area, 6, None, theme.colour("focus"), width=2)
        self._write(painter, area)

    def _write(self, painter: QPainter, area: QRectF) -> None:
        left = area.left() + 6
        if self.block.fault:
            side = theme.px(13)
            mark = theme.pixmap("warning", theme.severity("danger").fg, 13, "fill", ratio=self.devicePixelRatioF())
            paint.shape(painter, mark, left, area.top() + 4)
            left += side + 3
        block, room = self.block, area.right() - left - 3
        times = f"{clock_words(block.start)}–{clock_words(block.end)}"
        lines = [times, block.words, block.detail]
        painter.setPen(theme.colour("text"))
        painter.setFont(theme.font("caption", Weight.SEMIBOLD))
        if painter.fontMetrics().horizontalAdvance(times) > room:
            lines[0] = clock_words(block.start)
        height, top = painter.fontMetrics().height(), area.top() + 3
        free = [(self._grid.y_of(s) - self.y(), self._grid.y_of(e) - self.y()) for s, e, _w in self.block.inner]
        for line in (line for line in lines if line):
            while any(top < low and top + height > high for high, low in free):
                top += 4
            if top + height > area.bottom():
                return
            cut = painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, int(area.right() - left - 3))
            painter.drawText(QPointF(left, top + painter.fontMetrics().ascent()), cut)
            top, left = top + height, area.left() + 6
            painter.setFont(theme.font("caption", Weight.MEDIUM))

"""What the time of a template is kept for, written in the part of it that shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from app.core.i18n import _
from ui.scheduling.timegrid import Grid, Run
from ui.scheduling.timegrid_paint import Field
from ui.theme.style import theme
from ui.theme.tokens.metrics import TYPE, Weight

_LEAST_WORDS: Final = 56
"""Px at 100 % text of words that may be elided; less says nothing."""
_TWO_LINES: Final = 3.6
"""Lines of text that a lane must be high for the class of its kept time to stand over what else is in it."""


def paint_kept_words(painter: QPainter, grid: Grid, field: Field) -> None:
    """What time is kept for: at the beginning of the part that shows, beside the visits that stand there.

    In a low lane the free time is said there instead.
    """
    least = _TWO_LINES * theme.px(TYPE["caption"].line)
    for number, lane in enumerate(grid.lanes):
        whole = field.place(grid.lane_box(number))
        if not lane.kept or not whole.intersects(field.rect):
            continue
        busy = [field.place(grid.item_box(item)) for item in lane.items if item.visit is not None]
        for kept in lane.kept:
            box = field.place(grid.span_box(number, kept.span)).intersected(whole).adjusted(1, 1, -1, -1)
            if box.height() >= least:
                _kept_words(painter, box.intersected(field.rect), _(kept.words), busy, across=grid.run is Run.RIGHT)


def _kept_words(painter: QPainter, seen: QRectF, words: str, busy: Sequence[QRectF], *, across: bool) -> None:
    """In the first gap along the clock that holds the words, or a good part of them."""
    font = theme.font("caption", Weight.MEDIUM)
    metrics = QFontMetricsF(font)
    width, height = metrics.horizontalAdvance(words) + 4, float(theme.px(TYPE["caption"].line + 2))
    patch = QRectF(seen.left() + 7, seen.top() + 2, width, height)
    for block in sorted(busy, key=lambda block: block.left() if across else block.top()):
        if block.intersects(patch):
            patch.moveTo(block.right() + 7 if across else patch.left(), patch.top() if across else block.bottom() + 2)
    patch.setRight(min(patch.right(), seen.right() - 2))
    if patch.width() < min(width, theme.px(_LEAST_WORDS)) or patch.bottom() > seen.bottom():
        return
    painter.setFont(font)
    painter.setPen(theme.colour("muted"))
    shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, patch.width())
    painter.drawText(patch, Qt.AlignmentFlag.AlignVCenter, shown)

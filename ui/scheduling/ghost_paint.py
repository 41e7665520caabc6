"""Painting what is dragged: the lane and the line that it would take, and the visit itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ui.scheduling import timegrid_paint as under
from ui.scheduling.block_paint import paint_block
from ui.scheduling.timegrid import Item, Run
from ui.theme import paint
from ui.theme.contrast import mixed
from ui.theme.style import theme
from ui.theme.tokens.metrics import RADII

if TYPE_CHECKING:
    from ui.scheduling.timegrid_view import TimegridView


def paint_target(view: TimegridView, painter: QPainter, field: under.Field) -> None:
    """Under the blocks: the lane that would take the visit, the line that it snaps to, free time being selected."""
    ghost = view.ghost
    if view.stretch is not None:
        lane, start, end = view.stretch
        box = field.place(view.grid.span_box(lane, (min(start, end), max(start, end))))
        paint.rounded(
            painter, box.adjusted(1, 3, -1, -3), RADII.block, theme.colour("accent_soft"), theme.colour("accent")
        )
    if ghost is None or not ghost.moved:
        return
    tint = mixed(theme.colour("accent_soft"), theme.colour("surface"), 0.7)
    box = field.place(view.grid.lane_box(ghost.lane))
    if theme.tokens.high_contrast:
        ring(painter, box, theme.colour("focus"), 2, Qt.PenStyle.DashLine)
    else:
        painter.fillRect(box, tint)
    line = view.grid.box(view.grid.along(ghost.lane, ghost.start), 0, 0, view.grid.breadth)
    place = field.place(line)
    painter.setPen(QPen(theme.colour("accent"), 2, Qt.PenStyle.DashLine))
    painter.drawLine(place.topLeft(), place.bottomRight())


def paint_ghost(view: TimegridView, painter: QPainter) -> None:
    """The visit where it would stand, with a red edge where something stands against it."""
    ghost = view.ghost
    if ghost is None or not ghost.moved:
        return
    box, item = view.ghost_rect(), Item(ghost.lane, ghost.span, ghost.visit)
    paint_block(painter, box, view.scene.look(item), view.fonts, vertical=view.grid.run is Run.DOWN,
                ratio=view.devicePixelRatioF())  # fmt: skip
    bad = ghost.preview is not None and (ghost.preview.refusal or ghost.preview.serious)
    ink = QColor(theme.severity("danger").fg) if bad else theme.colour("focus")
    ring(painter, box, ink, 2, Qt.PenStyle.SolidLine)


def ring(painter: QPainter, box: QRectF, ink: QColor, width: int, style: Qt.PenStyle) -> None:
    """An edge round a block: outside it when solid, inside when dashed."""
    painter.setPen(QPen(ink, width, style))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    out = box.adjusted(-1.5, -1.5, 1.5, 1.5) if style is Qt.PenStyle.SolidLine else box.adjusted(0.5, 0.5, -0.5, -0.5)
    painter.drawRoundedRect(out, RADII.block + 1, RADII.block + 1)

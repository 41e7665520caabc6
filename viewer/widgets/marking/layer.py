"""The layer that draws the marks of an image on every tile that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from viewer.errors import N_
from viewer.model.calibration import effective_size
from viewer.model.marks import Mark, Sheet
from viewer.model.spacing import Origin, PixelSize, Unit
from viewer.widgets import colours
from viewer.widgets.marking.painting import Labels, label_anchor, paint_mark
from viewer.widgets.marking.words import label_words, mark_name, value_words
from viewer.widgets.tile_board import TileBoard
from viewer.widgets.tile_painting import caption_areas

if TYPE_CHECKING:
    from viewer.widgets.marking.board import Marking

MARGIN = 30.0
CLEAR = QPointF(5.0, 5.0)
DESCRIBED = 12
UNKNOWN_SIZE = PixelSize(1.0, 1.0, Unit.PX, Origin.NONE)
MARKS_HERE = N_("{count} marks: {list}")


def size_of(tile: TileBoard, sheet: Sheet) -> PixelSize:
    """The pixel size with which the figures on a tile are shown: a drawn ruler before the header."""
    header = tile.picture.header if tile.picture is not None else None
    return effective_size(header.pixel_size if header is not None else UNKNOWN_SIZE, sheet.calibration)


def frame_of(tile: TileBoard) -> int:
    """The number of the frame that is shown, from 0."""
    return tile.picture.frame.index if tile.picture is not None else 0


class MarkLayer:
    """Draws `tile.history.sheet`; one layer serves all tiles."""

    def __init__(self, marking: Marking) -> None:
        self._marking = marking

    def visible(self, tile: TileBoard) -> list[Mark]:
        """The marks of the frame, the one that is being dragged as it stands under the hand."""
        moved = self._marking.moving
        found = tile.history.sheet.visible(frame_of(tile))
        return [moved if moved is not None and moved.mark_id == mark.mark_id else mark for mark in found]

    def paint(self, painter: QPainter, tile: TileBoard) -> None:
        """All strokes first, then all labels: a line never runs through words."""
        sheet, marks = tile.history.sheet, self.visible(tile)
        size = size_of(tile, sheet)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for mark in marks:
            paint_mark(painter, tile, mark, self._colour(sheet, mark), mark.mark_id == self._marking.chosen)
        room = QRectF(tile.rect()).adjusted(MARGIN / 3, MARGIN, -MARGIN / 3, -MARGIN)
        dots = [QRectF(tile.to_widget(p) - CLEAR, tile.to_widget(p) + CLEAR) for mark in marks for p in mark.points[:8]]
        labels = Labels(painter, room, dots, caption_areas(tile))
        for mark in marks:
            if words := label_words(mark, size, tile.texts, tile.locale()):
                labels.put(words, label_anchor(tile, mark), self._colour(sheet, mark))

    def describe(self, tile: TileBoard) -> str:
        """The marks in words, for a screen reader."""
        sheet, marks = tile.history.sheet, self.visible(tile)
        if not marks:
            return ""
        size = size_of(tile, sheet)
        lines = [
            " ".join(filter(None, (mark_name(m, tile.texts), value_words(m, size, tile.texts, tile.locale()))))
            for m in marks[:DESCRIBED]
        ]
        return tile.texts.say(MARKS_HERE, count=len(marks), list="; ".join(lines))

    @staticmethod
    def _colour(sheet: Sheet, mark: Mark) -> str:
        colour = sheet.layer(mark.layer).colour
        # The layer's default of the file format is the design's measurement yellow on the screen.
        return colours.MEASUREMENT if colour == "#FFD54A" else colour

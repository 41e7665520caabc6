"""Placing landmarks: with the mouse under a magnifier, or with the keys alone."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPainterPath, QPen

from viewer.model.cephalometry import LANDMARKS
from viewer.model.cephalometry.functions import Point
from viewer.model.cephalometry.template import predicted
from viewer.model.view import View
from viewer.widgets import colours
from viewer.widgets.cephalometry.board import Cephalometry
from viewer.widgets.lettering import draw_text
from viewer.widgets.marking.drawing import ENTER, image_step, key_step
from viewer.widgets.marking.painting import crosshair
from viewer.widgets.tile import Tile
from viewer.widgets.tools import IdleTool, Pointer

REACH = 9.0
GLASS, GLASS_FACTOR, GLASS_MARGIN = 84.0, 4.0, 36.0


class CephTool(IdleTool):
    """A click places the landmark that is asked for; a landmark that stands can be dragged.

    Keys: Enter begins a crosshair where the landmark probably lies, arrows move it (Shift: ten pixels), Enter places
    it; without a crosshair arrows nudge the landmark placed last. Space confirms a proposal, Escape drops it, Page Down
    skips, Page Up goes back, Delete takes away, Ctrl+Z and Ctrl+Shift+Z undo and redo.
    """

    name = "ceph"
    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, cephalometry: Cephalometry) -> None:
        self._ceph = cephalometry
        self._at: QPointF | None = None
        self._cross: Point | None = None
        self._dragged = ""

    # -- mouse

    def press(self, at: Pointer) -> bool:
        if at.tile is not self._ceph.pane:
            return False
        self._cross = None
        self._at = at.position
        self._dragged = self._near(at)
        if self._dragged:
            self._ceph.choose(self._dragged)
        elif self._ceph.current:
            name = self._ceph.current
            self._ceph.place(name, at.image)
            self._dragged = name
        return True

    def move(self, at: Pointer) -> None:
        self._at = at.position
        if self._dragged and (at.position - at.tile.to_widget(self._place(at))).manhattanLength() > 2:
            self._ceph.place(self._dragged, at.image)
        at.tile.update()

    def _place(self, at: Pointer) -> Point:
        return self._ceph.placed().points.get(self._dragged, at.image)

    def release(self, at: Pointer) -> None:
        self._dragged = ""

    def double(self, at: Pointer) -> bool:
        return True

    def hover(self, at: Pointer) -> None:
        self._at = at.position
        at.tile.update()

    def leave(self, tile: Tile) -> None:
        self._at, self._dragged = None, ""
        tile.update()

    def _near(self, at: Pointer) -> str:
        """The landmark under the pointer, unless a new one is to be placed beside it."""
        points = self._ceph.placed().points
        away = {name: (at.tile.to_widget(p) - at.position).manhattanLength() for name, p in points.items()}
        found = min(away, key=away.__getitem__, default="")
        return found if found and away[found] <= REACH else ""

    # -- keys

    def key(self, tile: Tile, event: QKeyEvent) -> bool:
        if tile is not self._ceph.pane:
            return False
        if event.matches(QKeySequence.StandardKey.Undo):
            self._ceph.undo()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self._ceph.redo()
        elif (step := key_step(event)) is not None and tile.view is not None:
            self._step(tile, step)
        else:
            return self._act(tile, event.key())
        tile.update()
        return True

    def _step(self, tile: Tile, step: Point) -> None:
        dx, dy = image_step(tile, step)
        if self._cross is not None:
            self._cross = self._cross[0] + dx, self._cross[1] + dy
        elif not self._ceph.nudge(dx, dy):
            self._begin(tile)

    def _begin(self, tile: Tile) -> None:
        if tile.view is not None and self._ceph.current:
            expected = predicted(self._ceph.placed().points, self._ceph.current)
            self._cross = expected or tile.view.center

    def _act(self, tile: Tile, key: int) -> bool:
        if key in ENTER:
            self._enter(tile)
        elif key == Qt.Key.Key_Space:
            self._ceph.accept()
        elif key == Qt.Key.Key_Escape:
            if self._cross is None:
                return self._ceph.refuse()
            self._cross = None
        elif key == Qt.Key.Key_PageDown:
            self._ceph.skip()
        elif key == Qt.Key.Key_PageUp:
            self._ceph.back()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._ceph.remove()
        else:
            return False
        tile.update()
        return True

    def _enter(self, tile: Tile) -> None:
        if self._cross is None:
            self._begin(tile)
            return
        place, self._cross = self._cross, None
        self._ceph.place(self._ceph.current, place)

    # -- painting

    def paint(self, painter: QPainter, tile: Tile) -> None:
        """The crosshair of the keys, and the glass in a corner that the pointer is not in."""
        if not self._ceph.pane or self._ceph.pane is not tile or tile.view is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        at = self._at
        if self._cross is not None:
            at = tile.to_widget(self._cross)
            crosshair(painter, at, colours.MEASUREMENT)
        if at is not None and min(tile.width(), tile.height()) > 4 * GLASS:
            paint_glass(painter, tile, tile.view, at, self._caption(tile))

    def _caption(self, tile: Tile) -> str:
        name = self._dragged or self._ceph.current
        return f"{LANDMARKS[name].symbol} · {tile.texts.say(LANDMARKS[name].name)}" if name else ""


def paint_glass(painter: QPainter, tile: Tile, view: View, at: QPointF, caption: str) -> None:
    """The place under the pointer four times as large, in a corner: the glass never hides what is looked at."""
    left = at.x() > tile.width() / 2
    x = GLASS_MARGIN + GLASS if left else tile.width() - GLASS_MARGIN - GLASS
    clear = 3.0 * painter.fontMetrics().height()
    y = clear + GLASS if at.y() > tile.height() / 2 else tile.height() - clear - GLASS
    middle = QPointF(x, y)
    circle = QPainterPath()
    circle.addEllipse(middle, GLASS, GLASS)
    painter.save()
    painter.setClipPath(circle)
    tile.paint_pixels(painter, centred(view, at, middle, tile.devicePixelRatioF()), circle.boundingRect())
    painter.restore()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((colours.HALO, 4), (colours.MEASUREMENT, 2)):
        painter.setPen(QPen(QColor(colour), width))
        painter.drawEllipse(middle, GLASS, GLASS)
    crosshair(painter, middle, colours.MEASUREMENT)
    if caption:
        room = QRectF(middle.x() - GLASS - GLASS_MARGIN, middle.y() + GLASS + 4, 2 * (GLASS + GLASS_MARGIN), 20)
        words = painter.fontMetrics().elidedText(caption, Qt.TextElideMode.ElideRight, int(room.width()))
        across = (room.width() - painter.fontMetrics().horizontalAdvance(words)) / 2
        draw_text(painter, room.topLeft() + QPointF(across, 0), words, colours.MEASUREMENT)


def centred(view: View, at: QPointF, middle: QPointF, ratio: float) -> View:
    """The view enlarged so that the image point under `at` stands at `middle`, both in logical pixels."""
    point = view.to_image((at.x() * ratio, at.y() * ratio))
    larger = replace(view, scale=view.scale * GLASS_FACTOR, center=(0.0, 0.0))
    shift = larger.to_image((middle.x() * ratio, middle.y() * ratio))
    return replace(larger, center=(point[0] - shift[0], point[1] - shift[1]))

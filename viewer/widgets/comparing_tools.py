"""What the hand does while two images are compared: the curtain, the other image by the keys, two points on each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen

from viewer.errors import N_
from viewer.model.view import Point
from viewer.widgets import colours
from viewer.widgets.comparing_layer import Mode
from viewer.widgets.gestures import Gesture
from viewer.widgets.lettering import draw_text
from viewer.widgets.tools import GestureTool, IdleTool, Pointer

if TYPE_CHECKING:
    from viewer.widgets.comparing import Comparison
    from viewer.widgets.tile import Tile

GRIP_PX = 12
STEP, FINE_STEP = 0.05, 0.01
CURSOR_PX, FINE_CURSOR_PX = 10.0, 1.0
PICK = {
    (0, 0): N_("Point 1 of 2 on this image: click, or move the cross with the arrows and press Enter"),
    (0, 1): N_("Point 2 of 2 on this image"),
    (1, 0): N_("The same point 1 on the other image"),
    (1, 1): N_("The same point 2 on the other image"),
}
_ARROWS = {
    Qt.Key.Key_Left.value: (-1, 0), Qt.Key.Key_Right.value: (1, 0),
    Qt.Key.Key_Up.value: (0, -1), Qt.Key.Key_Down.value: (0, 1),
}  # fmt: skip


class ComparisonTool(IdleTool):
    """Drags the curtain, else pans. Left and Right change the amount (Shift: finely), Enter accepts, Escape ends.

    Ctrl+arrows move the other image by a pixel of the screen, Ctrl+comma and Ctrl+period turn it by half a degree.
    """

    name = "compare"
    cursor = Qt.CursorShape.OpenHandCursor

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison
        self._pan = GestureTool(Gesture.PAN)
        self._on_curtain = False

    def press(self, at: Pointer) -> bool:
        layer = self._comparison.layer
        self._on_curtain = (
            layer is not None and layer.mode is Mode.SWIPE and abs(at.position.x() - layer.curtain(at.tile)) <= GRIP_PX
        )
        return self._on_curtain or self._pan.press(at)

    def move(self, at: Pointer) -> None:
        if self._on_curtain:
            self._comparison.set_amount(at.position.x() / max(1, at.tile.width()))
        else:
            self._pan.move(at)

    def release(self, at: Pointer) -> None:
        self._on_curtain = False
        self._pan.release(at)

    def key(self, tile: Tile, event: QKeyEvent) -> bool:
        comparison, modifiers = self._comparison, event.modifiers()
        arrow = _ARROWS.get(event.key())
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            return self._shift(event.key(), arrow)
        if arrow is not None and arrow[0]:
            fine = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
            comparison.change_amount(arrow[0] * (FINE_STEP if fine else STEP))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and comparison.proposed:
            comparison.accept()
        elif event.key() == Qt.Key.Key_Escape:
            comparison.stop()
        else:
            return False
        return True

    def _shift(self, key: int, arrow: tuple[int, int] | None) -> bool:
        turn = {Qt.Key.Key_Comma.value: -0.5, Qt.Key.Key_Period.value: 0.5}.get(key)
        if arrow is not None:
            self._comparison.nudge(complex(*arrow), 0.0)
        elif turn is not None:
            self._comparison.nudge(0j, turn)
        return arrow is not None or turn is not None


class TwoPointTool(IdleTool):
    """Two points on the tile's own image, then the same two on the other, which is shown alone meanwhile."""

    name = "two_points"
    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, comparison: Comparison, done: Callable[[list[Point], list[Point]], None]) -> None:
        self._comparison, self._done = comparison, done
        self.fixed: list[Point] = []
        self.moving: list[Point] = []
        self._cross: QPointF | None = None
        self._tell()

    def _tell(self) -> None:
        place = (0, len(self.fixed)) if len(self.fixed) < 2 else (1, len(self.moving))
        self._comparison.workspace.say(self._comparison.workspace.texts.say(PICK[place]))

    def press(self, at: Pointer) -> bool:
        self._set(at.tile, at.image)
        return True

    def _set(self, tile: Tile, point: Point) -> None:
        layer = self._comparison.layer
        if layer is None:
            return
        if len(self.fixed) < 2:
            self.fixed.append(point)
            layer.alone = len(self.fixed) == 2
        else:
            self.moving.append(layer.to_moving(point))
        tile.update()
        if len(self.moving) == 2:
            layer.alone = False
            self._done(self.fixed, self.moving)
        else:
            self._tell()

    def key(self, tile: Tile, event: QKeyEvent) -> bool:
        arrow = _ARROWS.get(event.key())
        if arrow is not None:
            fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            step = FINE_CURSOR_PX if fine else CURSOR_PX
            start = self._cross or QPointF(tile.rect().center())
            x = min(max(0.0, start.x() + arrow[0] * step), float(tile.width()))
            y = min(max(0.0, start.y() + arrow[1] * step), float(tile.height()))
            self._cross = QPointF(x, y)
            tile.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            point = tile.image_point(self._cross or QPointF(tile.rect().center()))
            if point is not None:
                self._set(tile, point)
        elif event.key() == Qt.Key.Key_Escape:
            self._comparison.put_points_away()
        else:
            return False
        return True

    def paint(self, painter: QPainter, tile: Tile) -> None:
        """The points of the image that is shown, and the cross of the keys."""
        layer = self._comparison.layer
        if layer is None or tile.view is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on_other = len(self.fixed) == 2
        places = [layer.to_widget(tile, p) for p in self.moving] if on_other else map(tile.to_widget, self.fixed)
        for number, place in enumerate(places, 1):
            _cross(painter, place, 9.0)
            draw_text(painter, place + QPointF(8, -20), str(number), colours.MEASUREMENT)
        if self._cross is not None:
            _cross(painter, self._cross, 16.0)


def _cross(painter: QPainter, at: QPointF, arm: float) -> None:
    for colour, width in ((colours.HALO, 4.0), (colours.MEASUREMENT, 1.6)):
        painter.setPen(QPen(QColor(colour), width))
        painter.drawLine(at - QPointF(arm, 0), at + QPointF(arm, 0))
        painter.drawLine(at - QPointF(0, arm), at + QPointF(0, arm))

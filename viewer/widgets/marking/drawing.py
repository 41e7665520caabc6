"""Drawing a mark with the mouse or with the keys: one tool for every kind."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPainterPath

from viewer.model.marks import LEAST_MOST, Kind, MarkError, Point, new_mark
from viewer.widgets import colours
from viewer.widgets.marking.board import Marking
from viewer.widgets.marking.layer import frame_of, size_of
from viewer.widgets.marking.painting import Labels, crosshair, label_anchor, mark_path, stroke
from viewer.widgets.marking.words import label_words
from viewer.widgets.texts import WAIT_FOR_ORIGINAL
from viewer.widgets.tile import Tile
from viewer.widgets.tile_painting import caption_areas
from viewer.widgets.tools import IdleTool, Pointer

STEPS = {
    Qt.Key.Key_Left.value: (-1, 0), Qt.Key.Key_Right.value: (1, 0),
    Qt.Key.Key_Up.value: (0, -1), Qt.Key.Key_Down.value: (0, 1),
}  # fmt: skip
LARGE_STEP = 10
ENTER = (Qt.Key.Key_Return.value, Qt.Key.Key_Enter.value)
CLICK_PX = 4.0
"""A press and release closer together is a click, whose second point comes with the next click."""
STROKE_PX = 2.0


def key_step(event: QKeyEvent) -> Point | None:
    """Screen steps of an arrow key: 1 pixel, with Shift 10; None for other keys."""
    step = STEPS.get(event.key())
    if step is None or event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
        return None
    size = LARGE_STEP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
    return float(step[0] * size), float(step[1] * size)


def image_step(tile: Tile, step: Point) -> Point:
    """The step in pixels of the image as it is turned and mirrored: the right arrow goes right on the screen."""
    view = tile.view
    if view is None:
        return 0.0, 0.0
    m11, m12, m21, m22 = view.matrix
    across, down = m11 / view.scale, m12 / view.scale
    along, below = m21 / (view.scale * view.aspect), m22 / (view.scale * view.aspect)
    return step[0] * across + step[1] * down, step[0] * along + step[1] * below


class DrawTool(IdleTool):
    """Click by click, or by dragging what has two points; Enter or a double click ends an open line.

    Without a mouse: arrows move a crosshair (Shift: ten pixels), Enter or Space sets a point, Escape gives up.
    """

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, marking: Marking, kind: Kind) -> None:
        self._marking, self.kind = marking, kind
        self.name = kind.value
        self._points: list[Point] = []
        self._at: Point | None = None
        self._pressed = (0.0, 0.0)
        self._by_keys = False

    @property
    def _most(self) -> int | None:
        return LEAST_MOST[self.kind][1]

    # -- mouse

    def press(self, at: Pointer) -> bool:
        self._by_keys = False
        self._pressed = at.position.x(), at.position.y()
        self._at = at.image
        self._set_point(at.tile, at.image)
        return True

    def move(self, at: Pointer) -> None:
        if self.kind is Kind.FREEHAND and self._points:
            last = at.tile.to_widget(self._points[-1])
            if (last - at.position).manhattanLength() >= STROKE_PX:
                self._points.append(at.image)
        self.hover(at)

    def release(self, at: Pointer) -> None:
        moved = abs(at.position.x() - self._pressed[0]) + abs(at.position.y() - self._pressed[1]) > CLICK_PX
        if self.kind is Kind.FREEHAND:
            self._finish(at.tile)
        elif moved and self._most == 2 and len(self._points) == 1:
            self._set_point(at.tile, at.image)
        at.tile.update()

    def double(self, at: Pointer) -> bool:
        if not self._points and self._most is not None:
            return True
        self._finish(at.tile)
        return True

    def hover(self, at: Pointer) -> None:
        self._at = at.image
        at.tile.update()

    def leave(self, tile: Tile) -> None:
        """What is half drawn waits while the pointer is away; another tool in hand is another object without it."""
        self._at = self._at if self._by_keys else None
        tile.update()

    # -- keys

    def key(self, tile: Tile, event: QKeyEvent) -> bool:
        step = key_step(event)
        if step is not None and tile.view is not None:
            self._move_cross(tile, step)
        elif event.key() in (*ENTER, Qt.Key.Key_Space.value) and (self._by_keys or self._points):
            self._enter(tile, event.key() in ENTER)
        elif event.key() == Qt.Key.Key_Backspace and self._points:
            self._points.pop()
        elif event.key() == Qt.Key.Key_Escape and (self._points or self._by_keys):
            self._points, self._by_keys, self._at = [], False, None
        else:
            return False
        tile.update()
        return True

    def _move_cross(self, tile: Tile, step: Point) -> None:
        assert tile.view is not None
        start = self._at if self._at is not None else tile.view.center
        dx, dy = image_step(tile, step)
        self._at, self._by_keys = (start[0] + dx, start[1] + dy), True

    def _enter(self, tile: Tile, ends: bool) -> None:
        """Space sets a point; Enter sets it too, and ends an open line where it stands already."""
        if not tile.may_measure:
            tile.refused.emit(tile.texts.say(WAIT_FOR_ORIGINAL))
        elif ends and self._most is None and self._points and (not self._by_keys or self._points[-1] == self._at):
            self._finish(tile)
        elif self._at is not None:
            self._set_point(tile, self._at)

    # -- points

    def _set_point(self, tile: Tile, point: Point) -> None:
        if not self._points or point != self._points[-1]:
            self._points.append(point)
        if len(self._points) == self._most:
            self._finish(tile)
        tile.update()

    def _finish(self, tile: Tile) -> None:
        points, self._points = self._points, []
        self._at = None if self._by_keys else self._at
        least, most = LEAST_MOST[self.kind]
        if len(points) >= least and (most is None or len(points) <= most):
            self._marking.draw(tile, self.kind, points)

    def paint(self, painter: QPainter, tile: Tile) -> None:
        """What is being drawn, with its figure, and the crosshair of the keys."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._at is not None and self._by_keys:
            crosshair(painter, tile.to_widget(self._at), colours.MEASUREMENT)
        if not self._points:
            return
        points = [*self._points, *([self._at] if self._at is not None else [])]
        least, most = LEAST_MOST[self.kind]
        points = points[: most or len(points)]
        if len(points) >= least and self.kind not in (Kind.TOOTH, Kind.RULER):
            self._paint_whole(painter, tile, points)
            return
        path = QPainterPath(tile.to_widget(points[0]))
        path.addEllipse(tile.to_widget(points[0]), 2, 2)
        path.moveTo(tile.to_widget(points[0]))
        for point in points[1:]:
            path.lineTo(tile.to_widget(point))
        stroke(painter, path, colours.MEASUREMENT)

    def _paint_whole(self, painter: QPainter, tile: Tile, points: list[Point]) -> None:
        try:
            mark = new_mark(self.kind, points, frame=frame_of(tile))
        except MarkError:
            return
        stroke(painter, mark_path(tile, mark), colours.MEASUREMENT)
        words = label_words(mark, size_of(tile, tile.history.sheet), tile.texts, tile.locale())
        if words:
            labels = Labels(painter, tile.rect().toRectF(), barred=caption_areas(tile))
            labels.put(words, label_anchor(tile, mark), colours.MEASUREMENT)


class SelectTool(IdleTool):
    """Chooses, moves and reshapes marks. Keys: arrows nudge by a pixel, Shift by ten; Delete; Ctrl+D copies; F2."""

    name = "select"
    cursor = Qt.CursorShape.ArrowCursor
    REACH = 8.0

    def __init__(self, marking: Marking) -> None:
        self._marking = marking
        self._handle: int | None = None
        self._from: Point = (0.0, 0.0)

    def press(self, at: Pointer) -> bool:
        from viewer.model.mark_editing import grip_at

        tile, view = at.tile, at.tile.view
        if view is None:
            return False
        reach = self.REACH * tile.devicePixelRatioF()
        found = grip_at(tile.history.sheet, frame_of(tile), view.to_screen, at.device, reach, self._marking.chosen)
        self._marking.choose(found.mark.mark_id if found else "")
        if found is None or tile.history.sheet.layer(found.mark.layer).locked:
            return found is not None
        self._handle, self._from = found.handle, at.image
        self._marking.moving = found.mark
        return True

    def move(self, at: Pointer) -> None:
        from viewer.model.mark_editing import shifted, with_handle

        mark = self._marking.moving
        if mark is None:
            return
        if self._handle is not None:
            self._marking.moving = with_handle(mark, self._handle, at.image)
        else:
            self._marking.moving = shifted(mark, at.image[0] - self._from[0], at.image[1] - self._from[1])
            self._from = at.image
        at.tile.update()

    def release(self, at: Pointer) -> None:
        mark, self._marking.moving = self._marking.moving, None
        if mark is not None and mark not in at.tile.history.sheet.marks:
            self._marking.replace(at.tile, mark)
        at.tile.update()

    def leave(self, tile: Tile) -> None:
        self._marking.moving = None

    def key(self, tile: Tile, event: QKeyEvent) -> bool:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if self._marking.mark() is None:
            return False
        step = key_step(event)
        if step is not None:
            self._marking.nudge(tile, *image_step(tile, step))
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._marking.delete()
        elif event.key() == Qt.Key.Key_D and control:
            self._marking.duplicate()
        elif event.key() == Qt.Key.Key_F2:
            self._marking.rename()
        elif event.key() == Qt.Key.Key_Escape:
            self._marking.choose("")
        else:
            return False
        return True

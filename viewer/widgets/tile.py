"""A tile that shows one image: mouse, wheel and keys on top of `tile_board`. No VTK, no pyqtgraph."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHoverEvent, QKeyEvent, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QWidget

from viewer.widgets.gestures import WHEEL_STEP, Gesture, dragged_voi
from viewer.widgets.texts import WAIT_FOR_ORIGINAL, TileTexts
from viewer.widgets.tile_board import TileBoard, TileState
from viewer.widgets.tools import GestureTool, Pointer, Tool

__all__ = ["Tile", "TileState"]

PAN_STEP = 40
WINDOW_STEP = 15


class Tile(TileBoard):
    """One image with its controls.

    Mouse: left button the tool (pan at first), right button the window, middle button pan, wheel zoom about the
    cursor, with Ctrl frames, double click between fit and 1:1. Keys: arrows pan, with Shift the window; + and - zoom;
    Home fit; End 1:1; I invert; R rotate; M mirror; H, Z, W choose pan, zoom or window; Space held pans; Page Up and
    Page Down step frames.
    """

    maximise_wanted = Signal()
    refused = Signal(str)
    """A sentence about why the tool in hand does nothing here."""

    def __init__(self, parent: QWidget | None = None, texts: TileTexts | None = None) -> None:
        super().__init__(parent, texts)
        self.wheel_steps = False
        """In a workspace the wheel goes to the next image, and with Ctrl zooms."""
        self.double_maximises = False
        self._tool: Tool = GestureTool(Gesture.PAN)
        self._measures = False
        self._dragging: Tool | None = None
        self._space_held = False
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    # -- the tool

    @property
    def tool(self) -> Tool:
        """What the left button does."""
        return self._tool

    def take_tool(self, tool: Tool, measures: bool = False) -> None:
        """Take a tool in hand; one that `measures` is refused while a preview is shown."""
        self._tool.leave(self)
        self._tool, self._measures = tool, measures
        self.setCursor(tool.cursor) if self.state is TileState.SHOWN else self.unsetCursor()
        self.update()

    def take_gesture(self, gesture: Gesture) -> None:
        """Pan, zoom or window with the left button."""
        self.take_tool(GestureTool(gesture))

    def paint_tool(self, painter: QPainter) -> None:
        self._tool.paint(painter, self)

    def _pointer(self, event: QMouseEvent | QHoverEvent) -> Pointer | None:
        image = self.image_point(event.position())
        if image is None:
            return None
        button = event.button() if isinstance(event, QMouseEvent) else Qt.MouseButton.NoButton
        return Pointer(self, image, self._device(event.position()), event.position(), button, event.modifiers())

    # -- events

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange):
            self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._space_held = False
        super().focusOutEvent(event)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._pointer(event)
        if at is None:
            return
        gestures = {Qt.MouseButton.RightButton: Gesture.WINDOW, Qt.MouseButton.MiddleButton: Gesture.PAN}
        gesture = gestures.get(event.button(), Gesture.PAN if self._space_held else None)
        tool = GestureTool(gesture) if gesture is not None else self._tool
        if tool is self._tool and self._measures and not self.may_measure:
            self.refused.emit(self.texts.say(WAIT_FOR_ORIGINAL))
            return
        if tool.press(at):
            self._dragging = tool
            closed = isinstance(tool, GestureTool) and tool.gesture is Gesture.PAN
            self.setCursor(Qt.CursorShape.ClosedHandCursor if closed else tool.cursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self._pointer(event)
        if at is None:
            return
        if self._dragging is not None:
            self._dragging.move(at)
        else:
            self._tool.hover(at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        dragging, self._dragging = self._dragging, None
        if dragging is not None and (at := self._pointer(event)) is not None:
            dragging.release(at)
        self.unsetCursor() if self.state is not TileState.SHOWN else self.setCursor(self._tool.cursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        at = self._pointer(event)
        if at is not None and self._tool.double(at):
            return
        if self.double_maximises:
            self.maximise_wanted.emit()
        elif self._view is not None and self._view.is_fitted:
            self.zoom(1.0 / self._view.scale, self._device(event.position()))
        else:
            self.fit()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        if self._dragging is None:
            self._tool.leave(self)

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = (event.angleDelta().y() or event.angleDelta().x()) / 120
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control != self.wheel_steps:
            self.step(-1 if notches > 0 else 1)
        else:
            self.zoom(WHEEL_STEP**notches, self._device(QPointF(event.position())))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._tool.key(self, event):
            return
        if event.key() == Qt.Key.Key_Space:
            self._space_held = True
        elif not self._press(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space_held = False
        else:
            super().keyReleaseEvent(event)

    def _press(self, event: QKeyEvent) -> bool:
        """Act on a key; False when it is not one of the tile's."""
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            return False
        if (arrow := _ARROWS.get(event.key())) is not None:
            self._arrow(arrow, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif (gesture := _GESTURES.get(event.key())) is not None and not self.double_maximises:
            self.take_gesture(gesture)
        elif (action := _ACTIONS.get(event.key())) is not None:
            action(self)
        else:
            return False
        return True

    def _arrow(self, direction: tuple[int, int], on_window: bool) -> None:
        if on_window and self._voi is not None:
            self.set_voi(dragged_voi(self._voi, direction[0] * WINDOW_STEP, direction[1] * WINDOW_STEP))
        else:
            self.pan(-direction[0] * PAN_STEP, -direction[1] * PAN_STEP)


_ARROWS = {
    Qt.Key.Key_Left.value: (-1, 0),
    Qt.Key.Key_Right.value: (1, 0),
    Qt.Key.Key_Up.value: (0, -1),
    Qt.Key.Key_Down.value: (0, 1),
}
_GESTURES = {Qt.Key.Key_H.value: Gesture.PAN, Qt.Key.Key_Z.value: Gesture.ZOOM, Qt.Key.Key_W.value: Gesture.WINDOW}
_ACTIONS: dict[int, Callable[[Tile], None]] = {
    Qt.Key.Key_Plus.value: lambda tile: tile.zoom(1.25),
    Qt.Key.Key_Equal.value: lambda tile: tile.zoom(1.25),
    Qt.Key.Key_Minus.value: lambda tile: tile.zoom(0.8),
    Qt.Key.Key_Home.value: Tile.fit,
    Qt.Key.Key_End.value: Tile.one_to_one,
    Qt.Key.Key_I.value: Tile.invert,
    Qt.Key.Key_R.value: Tile.rotate,
    Qt.Key.Key_M.value: Tile.mirror,
    Qt.Key.Key_PageUp.value: lambda tile: tile.step(-1),
    Qt.Key.Key_PageDown.value: lambda tile: tile.step(1),
}

"""A tile that shows one image: window, zoom, pan, turn, mirror, and the words over it. No VTK, no pyqtgraph."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum, auto

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewer.model.view import Point, View
from viewer.pixels.errors import PixelError
from viewer.pixels.picture import Picture, prepare
from viewer.pixels.source import PixelSource
from viewer.pixels.voi import Voi
from viewer.widgets.gestures import WHEEL_STEP, Drag, Tool, dragged_voi
from viewer.widgets.raster import Raster
from viewer.widgets.texts import TileTexts
from viewer.widgets.tile_painting import Captions, describe, paint_image, paint_state

PAN_STEP = 40
WINDOW_STEP = 15


class TileState(Enum):
    EMPTY = auto()
    LOADING = auto()
    ERROR = auto()
    SHOWN = auto()


class Tile(QWidget):
    """One image with its controls.

    Mouse: left button the tool (pan at first), right button the window, middle button pan, wheel zoom about the
    cursor, with Ctrl frames, double click between fit and 1:1. Keys: arrows pan, with Shift the window; + and - zoom;
    Home fit; End 1:1; I invert; R rotate; M mirror; H, Z, W choose pan, zoom or window; Space held pans; Page Up and
    Page Down step frames.
    """

    view_changed = Signal()
    voi_changed = Signal(object)
    frame_wanted = Signal(int)
    """The number of the frame to show next, from 0."""

    def __init__(self, parent: QWidget | None = None, texts: TileTexts | None = None) -> None:
        super().__init__(parent)
        self.texts = texts or TileTexts()
        self.state = TileState.EMPTY
        self.captions = Captions()
        self.tool = Tool.PAN
        self._sentence = self.texts.empty
        self._picture: Picture | None = None
        self._raster: Raster | None = None
        self._view: View | None = None
        self._voi: Voi | None = None
        self._inverted = False
        self._drag: Drag | None = None
        self._space_held = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(96, 96)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.texts.image)
        self._describe()

    # -- what is shown

    @property
    def picture(self) -> Picture | None:
        return self._picture

    @property
    def view(self) -> View | None:
        return self._view

    @property
    def voi(self) -> Voi | None:
        return self._voi

    @property
    def inverted(self) -> bool:
        return self._inverted

    def show_picture(self, picture: Picture, title: str = "") -> None:
        """Show a frame that a worker has prepared; another frame of the same size keeps view and window."""
        before = self._picture
        self._picture, self._raster = picture, Raster(picture)
        same_series = before is not None and before.header is picture.header
        if not same_series or self._view is None:
            self._voi, self._inverted = picture.voi, False
            width, height = self._device_size()
            self._view = View(picture.columns, picture.rows, width, height, picture.aspect).fitted()
        self.setAccessibleName(title or self.texts.image)
        self._enter(TileState.SHOWN, "")

    def show_source(self, source: PixelSource, index: int = 0, title: str = "") -> None:
        """Decode a frame here and now and show it, or say why it cannot be shown."""
        try:
            self.show_picture(prepare(source, index), title)
        except PixelError as error:
            self.show_error(self.texts.sentence(error))

    def show_loading(self, sentence: str = "") -> None:
        """Show that the image is on its way."""
        self._drop()
        self._enter(TileState.LOADING, sentence or self.texts.loading)

    def show_error(self, sentence: str) -> None:
        """Show a sentence instead of an image."""
        self._drop()
        self._enter(TileState.ERROR, sentence)

    def clear(self) -> None:
        """Show nothing."""
        self._drop()
        self._enter(TileState.EMPTY, self.texts.empty)

    def set_captions(self, left: Sequence[str] = (), right: Sequence[str] = (), warnings: Sequence[str] = ()) -> None:
        """Lines at the top left (the patient) and top right (the image), and warnings such as “Preview”."""
        self.captions = Captions(tuple(left), tuple(right), tuple(warnings))
        self._describe()
        self.update()

    def _drop(self) -> None:
        self._picture = self._raster = self._view = self._voi = self._drag = None
        self._inverted = False

    def _enter(self, state: TileState, sentence: str) -> None:
        self.state, self._sentence = state, sentence
        self.unsetCursor()
        self._describe()
        self.update()

    # -- commands

    def set_voi(self, voi: Voi) -> None:
        """Show the image with another window or table."""
        if self._picture is not None and voi != self._voi:
            self._voi = voi
            self._changed()
            self.voi_changed.emit(voi)

    def reset_voi(self) -> None:
        """Back to the window that the image came with."""
        if self._picture is not None:
            self.set_voi(self._picture.voi)

    def set_view(self, view: View) -> None:
        """Show the image at another place, size or turn."""
        if self._view is not None and view != self._view:
            self._view = view
            self._changed()
            self.view_changed.emit()

    def fit(self) -> None:
        """Show the whole image."""
        if self._view is not None:
            self.set_view(self._view.fitted())

    def one_to_one(self) -> None:
        """One image pixel a screen pixel."""
        if self._view is not None:
            self.set_view(self._view.one_to_one())

    def zoom(self, factor: float, about: Point | None = None) -> None:
        """Zoom about a device-pixel position, by default the middle."""
        if self._view is not None:
            self.set_view(self._view.zoomed(factor, about or (self._view.width / 2, self._view.height / 2)))

    def pan(self, dx: float, dy: float) -> None:
        """Move the image by logical pixels."""
        if self._view is not None:
            ratio = self.devicePixelRatioF()
            self.set_view(self._view.panned(dx * ratio, dy * ratio))

    def rotate(self, quarters: int = 1) -> None:
        """Turn clockwise by quarters."""
        if self._view is not None:
            self.set_view(self._view.turned(quarters))

    def mirror(self) -> None:
        """Mirror left to right as seen."""
        if self._view is not None:
            self.set_view(self._view.flipped())

    def invert(self) -> None:
        """Exchange black and white."""
        if self._picture is not None:
            self._inverted = not self._inverted
            self._changed()
            self.view_changed.emit()

    def step(self, frames: int) -> None:
        """Ask for another frame of a multi-frame image."""
        if self._picture is not None:
            wanted = min(max(0, self._picture.frame.index + frames), self._picture.frames - 1)
            if wanted != self._picture.frame.index:
                self.frame_wanted.emit(wanted)

    def image_point(self, position: QPointF) -> Point | None:
        """Image position (x, y) in pixels under a widget position; None without an image."""
        return None if self._view is None else self._view.to_image(self._device(position))

    def _changed(self) -> None:
        self._describe()
        self.update()

    # -- geometry

    def _device_size(self) -> tuple[int, int]:
        ratio = self.devicePixelRatioF()
        return max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))

    def _device(self, position: QPointF) -> Point:
        ratio = self.devicePixelRatioF()
        return position.x() * ratio, position.y() * ratio

    def _describe(self) -> None:
        self.setAccessibleDescription(describe(self, self._sentence))

    # -- events

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._view is not None:
            self.set_view(self._view.resized(*self._device_size()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange):
            self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange and self._view is not None:
            self.set_view(self._view.resized(*self._device_size()))
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._view is not None and self._raster is not None and self._voi is not None:
            paint_image(painter, self, self._raster, self._view, self._voi)
        else:
            paint_state(painter, self, self._sentence)
        painter.end()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._space_held = False
        super().focusOutEvent(event)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._view is None or self._voi is None or self._picture is None:
            return
        tools = {Qt.MouseButton.RightButton: Tool.WINDOW, Qt.MouseButton.MiddleButton: Tool.PAN}
        tool = tools.get(event.button(), Tool.PAN if self._space_held else self.tool)
        light = self._picture.frame.photometric == "MONOCHROME1" or self._picture.frame.inverse_shape
        direction = -1.0 if light != self._inverted else 1.0
        start = self._device(event.position())
        self._drag = Drag(tool, start, self._view, self._voi, direction, self.devicePixelRatioF())
        self.setCursor(Qt.CursorShape.ClosedHandCursor if tool is Tool.PAN else Qt.CursorShape.CrossCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is None:
            return
        position = self._device(event.position())
        if self._drag.tool is Tool.WINDOW:
            self.set_voi(self._drag.to_voi(position))
        else:
            self.set_view(self._drag.to_view(position))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._drag = None
        self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._view is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        if self._view.is_fitted:
            self.zoom(1.0 / self._view.scale, self._device(event.position()))
        else:
            self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = (event.angleDelta().y() or event.angleDelta().x()) / 120
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.step(-1 if notches > 0 else 1)
        else:
            self.zoom(WHEEL_STEP**notches, self._device(event.position()))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
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
        elif (tool := _TOOLS.get(event.key())) is not None:
            self.tool = tool
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
_TOOLS = {Qt.Key.Key_H.value: Tool.PAN, Qt.Key.Key_Z.value: Tool.ZOOM, Qt.Key.Key_W.value: Tool.WINDOW}
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

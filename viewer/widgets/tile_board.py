"""What a tile shows and the commands on it; the events stand in `tile`."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewer.model.marks import History, Sheet
from viewer.model.spacing import Unit
from viewer.model.view import Point, View
from viewer.pixels.errors import PixelError
from viewer.pixels.picture import Picture, prepare
from viewer.pixels.source import PixelSource
from viewer.pixels.voi import Voi
from viewer.widgets.gestures import Drag, Gesture
from viewer.widgets.pseudo_colour import PseudoColour
from viewer.widgets.raster import Raster
from viewer.widgets.texts import TileTexts
from viewer.widgets.tile_painting import Captions, Stage, describe, paint_image, paint_raster, paint_state
from viewer.widgets.tools import Layer

REST_MS = 120
"""So long after the last movement all detail is drawn."""


class TileState(Enum):
    EMPTY = auto()
    LOADING = auto()
    ERROR = auto()
    SHOWN = auto()


class TileBoard(QWidget):
    """One image: its picture, view, window and marks."""

    view_changed = Signal()
    voi_changed = Signal(object)
    history_changed = Signal()
    picture_changed = Signal()
    frame_wanted = Signal(int)
    """The number of the frame to show next, from 0."""
    stepped = Signal(int)
    """A step beyond the frames of this image: by so many images, forwards or backwards."""

    def __init__(self, parent: QWidget | None = None, texts: TileTexts | None = None) -> None:
        super().__init__(parent)
        self.texts = texts or TileTexts()
        self.state = TileState.EMPTY
        self.captions = Captions()
        self.stage = Stage()
        self.layers: list[Layer] = []
        self.history = History()
        self.is_key_image = self.is_active = False
        self.life_size_mm: float | None = None
        """Millimetres of a device pixel while the image is shown life size."""
        self.screen_measured = False
        """Whether somebody measured that on the screen."""
        self._sentence = self.texts.empty
        self._picture: Picture | None = None
        self._raster: Raster | None = None
        self._view: View | None = None
        self._voi: Voi | None = None
        self._inverted = False
        self._pseudo_colour = PseudoColour.NONE
        self._touched_voi = False
        self._at_rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._at_rest.timeout.connect(self.update)
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

    @property
    def pseudo_colour(self) -> PseudoColour:
        return self._pseudo_colour

    @property
    def in_hurry(self) -> bool:
        """Whether view or window are on the move: then a little less detail is drawn, and all of it at rest."""
        return self._at_rest.isActive()

    @property
    def may_measure(self) -> bool:
        """Whether the pixels of the original are there: nobody measures on a preview."""
        return self._picture is not None and not self._picture.is_preview

    def show_picture(self, picture: Picture, title: str = "") -> None:
        """Show a frame that a worker has prepared.

        Another frame of the same image, and the original after its preview, keep view and window.
        """
        before = self._picture
        same = before is not None and (
            (before.header is picture.header and before.header is not None) or (before.key == picture.key != "")
        )
        self._picture, self._raster = picture, Raster(picture)
        if not same or self._view is None:
            self._inverted, self._touched_voi, self.life_size_mm = False, False, None
            width, height = self._device_size()
            self._view = View(picture.columns, picture.rows, width, height, picture.aspect).fitted()
        elif before is not None and (before.is_preview or self._view.aspect != picture.aspect):
            self._view = self._view.reshaped(picture.columns, picture.rows, picture.aspect)
        from_preview = before is not None and before.is_preview and (not self._touched_voi or before.header is None)
        if not same or self._voi is None or from_preview:
            self._voi, self._touched_voi = picture.voi, False
        self.setAccessibleName(title or self.texts.image)
        self._enter(TileState.SHOWN, "")
        self.picture_changed.emit()

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

    def clear(self, sentence: str = "") -> None:
        """Show nothing, or what is missing here."""
        self._drop()
        self._enter(TileState.EMPTY, sentence or self.texts.empty)

    def set_captions(self, left: Sequence[str] = (), right: Sequence[str] = (), warnings: Sequence[str] = ()) -> None:
        """Lines at the top left (the patient) and top right (the image), and warnings such as “Lossy compression”."""
        self.captions = Captions(tuple(left), tuple(right), tuple(warnings))
        self._changed()

    def set_stage(self, stage: Stage) -> None:
        """How much of the original is here."""
        if stage != self.stage:
            self.stage = stage
            self._changed()

    def set_active(self, active: bool) -> None:
        """Whether the tools and keys of the workspace act on this tile."""
        self.is_active = active
        self.update()

    def set_key_image(self, chosen: bool) -> None:
        """Whether this frame is marked as a key image."""
        self.is_key_image = chosen
        self._changed()

    def _drop(self) -> None:
        self._picture = self._raster = self._view = self._voi = self.life_size_mm = None
        self._inverted = self._touched_voi = False
        self.stage, self.history = Stage(), History()

    def _enter(self, state: TileState, sentence: str) -> None:
        self.state, self._sentence = state, sentence
        self._changed()

    # -- layers and marks

    def add_layer(self, layer: Layer) -> None:
        """Draw something over the image from now on."""
        if layer not in self.layers:
            self.layers.append(layer)
            self._changed()

    def remove_layer(self, layer: Layer) -> None:
        """Draw it no more."""
        if layer in self.layers:
            self.layers.remove(layer)
            self._changed()

    def layer_changed(self) -> None:
        """A layer draws or says something else now."""
        self._changed()

    def edit(self, sheet: Sheet) -> None:
        """Take the marks of this image one step forward; the step can be undone."""
        self.set_history(self.history.changed(sheet))

    def set_history(self, history: History) -> None:
        """Another state of the marks: undone, redone, or loaded."""
        if history != self.history:
            self.history = history
            self._changed()
            self.history_changed.emit()

    # -- commands

    def set_voi(self, voi: Voi) -> None:
        """Show the image with another window or table."""
        if self._picture is not None and voi != self._voi:
            self._voi, self._touched_voi = voi, True
            self._at_rest.start()
            self._changed()
            self.voi_changed.emit(voi)

    def reset_voi(self) -> None:
        """Back to the window that the image came with."""
        if self._picture is not None:
            self.set_voi(self._picture.voi)
            self._touched_voi = False

    def set_view(self, view: View) -> None:
        """Show the image at another place, size or turn."""
        if self._view is not None and view != self._view:
            if view.scale != self._view.scale:
                self.life_size_mm = None
            self._view = view
            self._at_rest.start()
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

    def life_size(self, screen_mm: float, measured: bool = False) -> bool:
        """One millimetre of the patient a millimetre of the screen; False for an image without a trusted size.

        `screen_mm` is the width of a device pixel, `measured` on the screen or as the screen says of itself. The size
        at the detector is not the size in the patient.
        """
        header = self._picture.header if self._picture else None
        if self._view is None or header is None or header.pixel_size.unit not in (Unit.MM, Unit.MM_ESTIMATED):
            return False
        wanted = header.pixel_size.column / screen_mm
        self.set_view(self._view.zoomed(wanted / self._view.scale, (self._view.width / 2, self._view.height / 2)))
        self.life_size_mm, self.screen_measured = screen_mm, measured
        self._changed()
        return True

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

    def flip(self) -> None:
        """Mirror top to bottom as seen."""
        if self._view is not None:
            self.set_view(self._view.flipped().turned(2))

    def invert(self) -> None:
        """Exchange black and white."""
        self.set_inverted(not self._inverted)

    def set_inverted(self, inverted: bool) -> None:
        """Show black and white exchanged or not."""
        if self._picture is not None and inverted != self._inverted:
            self._inverted = inverted
            self._changed()
            self.view_changed.emit()

    def set_pseudo_colour(self, kind: PseudoColour) -> None:
        """Show greys as colours."""
        self._pseudo_colour = kind
        self._changed()

    def reset(self, quarter_turns: int = 0, mirrored: bool = False) -> None:
        """The image as it was opened: whole, upright, in its own window, in grey."""
        if self._picture is None:
            return
        self._pseudo_colour = PseudoColour.NONE
        self.set_inverted(False)
        width, height = self._device_size()
        view = View(self._picture.columns, self._picture.rows, width, height, self._picture.aspect).fitted()
        view = view.flipped() if mirrored else view
        self.set_view(view.turned(quarter_turns))
        self.reset_voi()

    def step(self, frames: int) -> None:
        """Ask for another frame of a multi-frame image, or for the neighbour of an image that has no further one."""
        if self._picture is None:
            return
        wanted = min(max(0, self._picture.frame.index + frames), self._picture.frames - 1)
        if wanted != self._picture.frame.index:
            self.frame_wanted.emit(wanted)
        elif self._picture.frames == 1:
            self.stepped.emit(frames)

    # -- geometry

    def image_point(self, position: QPointF) -> Point | None:
        """Image position (x, y) in pixels under a widget position; None without an image."""
        return None if self._view is None else self._view.to_image(self._device(position))

    def to_widget(self, point: Point) -> QPointF:
        """Widget position of an image point. Raises ValueError without an image."""
        if self._view is None:
            raise ValueError("no image")
        x, y = self._view.to_screen(point)
        ratio = self.devicePixelRatioF()
        return QPointF(x / ratio, y / ratio)

    def begin_drag(self, gesture: Gesture, start: Point) -> Drag | None:
        """A drag from a device-pixel position; None without an image."""
        if self._view is None or self._voi is None or self._picture is None:
            return None
        light = self._picture.frame.photometric == "MONOCHROME1" or self._picture.frame.inverse_shape
        direction = -1.0 if light != self._inverted else 1.0
        return Drag(gesture, start, self._view, self._voi, direction, self.devicePixelRatioF())

    def paint_pixels(self, painter: QPainter, view: View, area: QRectF) -> None:
        """Draw the image as `view` shows it into an area (logical pixels): for magnifiers and comparisons."""
        if self._picture is not None and self._voi is not None:
            paint_raster(
                painter, self, Raster(self._picture), view.seen_through(*self._in_device(area)), self._voi, area
            )

    def _in_device(self, area: QRectF) -> tuple[float, float, int, int]:
        ratio = self.devicePixelRatioF()
        size = max(1, round(area.width() * ratio)), max(1, round(area.height() * ratio))
        return area.left() * ratio, area.top() * ratio, *size

    def _changed(self) -> None:
        self._describe()
        self.update()

    def _device_size(self) -> tuple[int, int]:
        ratio = self.devicePixelRatioF()
        return max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))

    def _device(self, position: QPointF) -> Point:
        ratio = self.devicePixelRatioF()
        return position.x() * ratio, position.y() * ratio

    def _describe(self) -> None:
        self.setAccessibleDescription(describe(self, self._sentence))

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._view is not None:
            self.set_view(self._view.resized(*self._device_size()))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange and self._view is not None:
            self.set_view(self._view.resized(*self._device_size()))
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:  # ended after a fault too: Qt ends the process over one that is left open
            if self._view is not None and self._raster is not None and self._voi is not None:
                paint_image(painter, self, self._raster, self._view, self._voi)
            else:
                paint_state(painter, self, self._sentence)

    def paint_tool(self, painter: QPainter) -> None:
        """Draw what the tool in hand shows."""

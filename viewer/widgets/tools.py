"""What the left button does: the `Tool` protocol, its events in image coordinates, and the tools for looking.

A tool of another module (measuring, cephalometry, comparison) is written thus:

    class LengthTool(IdleTool):
        name = "length"
        cursor = Qt.CursorShape.CrossCursor
        def press(self, at: Pointer) -> bool: ...     # True: taken; move and release follow
        def move(self, at: Pointer) -> None: ...
        def release(self, at: Pointer) -> None: ...
        def hover(self, at: Pointer) -> None: ...
        def key(self, tile: Tile, event: QKeyEvent) -> bool: ...
        def paint(self, painter: QPainter, tile: Tile) -> None: ...

and made known as a row of data:

    workspace.tools.add(ToolRow("length", N_("Distance"), "ruler", "D", LengthTool, measures=True))

`paint` draws in logical pixels of the tile; `tile.to_widget(point)` gives the place of an image point. What stays on
the image when the tool is put away is drawn by a `Layer` (`tile.add_layer`). A tool with `measures=True` is refused on
a preview. Undo: `tile.history` holds a `viewer.model.marks.History`; `tile.edit(sheet)` takes a step forward, and the
workspace's Ctrl+Z and Ctrl+Shift+Z walk along it (`tile.history_changed`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPainterPath, QPen

from viewer.errors import N_
from viewer.model.view import Point
from viewer.widgets import colours
from viewer.widgets.gestures import Drag, Gesture

if TYPE_CHECKING:
    from viewer.widgets.tile import Tile
    from viewer.widgets.tile_board import TileBoard

MAGNIFIER_RADIUS = 90
MAGNIFIER_FACTOR = 3.0
STACK_PX = 8
"""A vertical drag of so many pixels goes to the next image of a stack."""


@dataclass(frozen=True)
class Pointer:
    """A mouse event on a tile. `image` is (x, y) in pixels of the image, (0, 0) at the outer corner of the first."""

    tile: Tile
    image: Point
    device: Point
    """Position in device pixels of the tile."""
    position: QPointF
    """Position in logical pixels of the tile."""
    button: Qt.MouseButton = Qt.MouseButton.NoButton
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier


class Tool(Protocol):
    """What the left button and unused keys do on a tile, and what is painted while it is in hand."""

    name: str
    cursor: Qt.CursorShape

    def press(self, at: Pointer) -> bool:
        """True when the tool takes the drag; `move` and `release` follow."""
        ...

    def move(self, at: Pointer) -> None: ...

    def release(self, at: Pointer) -> None: ...

    def double(self, at: Pointer) -> bool:
        """A double click; False leaves it to the tile, which asks to be maximised."""
        ...

    def hover(self, at: Pointer) -> None:
        """The pointer moved with no button held."""
        ...

    def leave(self, tile: Tile) -> None:
        """The pointer left the tile, or the tool is put away: nothing half-done may stay."""
        ...

    def key(self, tile: Tile, event: QKeyEvent) -> bool:
        """A key before the tile's own keys; True when it was used."""
        ...

    def paint(self, painter: QPainter, tile: Tile) -> None:
        """Draw over the image, under the captions, in logical pixels."""
        ...


class Layer(Protocol):
    """Something that stays on an image: marks, a tracing, another image over it."""

    def paint(self, painter: QPainter, tile: TileBoard) -> None:
        """Draw over the image, under the captions, in logical pixels."""
        ...

    def describe(self, tile: TileBoard) -> str:
        """What is drawn, in words for a screen reader; '' for nothing."""
        ...


class IdleTool:
    """A tool that does nothing: the ground of all others."""

    name = "select"
    cursor = Qt.CursorShape.ArrowCursor

    def press(self, at: Pointer) -> bool:
        return False

    def move(self, at: Pointer) -> None:
        return None

    def release(self, at: Pointer) -> None:
        return None

    def double(self, at: Pointer) -> bool:
        return False

    def hover(self, at: Pointer) -> None:
        return None

    def leave(self, tile: Tile) -> None:
        return None

    def key(self, tile: Tile, event: QKeyEvent) -> bool:
        return False

    def paint(self, painter: QPainter, tile: Tile) -> None:
        return None


class GestureTool(IdleTool):
    """Pan, zoom or window by dragging."""

    def __init__(self, gesture: Gesture) -> None:
        self.gesture = gesture
        self.name = gesture.name.lower()
        pan = gesture is Gesture.PAN
        self.cursor = Qt.CursorShape.OpenHandCursor if pan else Qt.CursorShape.CrossCursor
        self._drag: Drag | None = None

    def press(self, at: Pointer) -> bool:
        self._drag = at.tile.begin_drag(self.gesture, at.device)
        return self._drag is not None

    def move(self, at: Pointer) -> None:
        if self._drag is None:
            return
        if self.gesture is Gesture.WINDOW:
            at.tile.set_voi(self._drag.to_voi(at.device))
        else:
            at.tile.set_view(self._drag.to_view(at.device))

    def release(self, at: Pointer) -> None:
        self._drag = None

    def leave(self, tile: Tile) -> None:
        self._drag = None


class StackTool(IdleTool):
    """Goes through the images of a stack by dragging up and down."""

    name = "stack"
    cursor = Qt.CursorShape.SizeVerCursor

    def __init__(self) -> None:
        self._from = 0.0

    def press(self, at: Pointer) -> bool:
        self._from = at.position.y()
        return True

    def move(self, at: Pointer) -> None:
        steps = int((at.position.y() - self._from) / STACK_PX)
        if steps:
            self._from += steps * STACK_PX
            at.tile.step(steps)


class MagnifierTool(IdleTool):
    """A glass that shows the place under the pointer three times as large as it stands there."""

    name = "magnifier"
    cursor = Qt.CursorShape.BlankCursor

    def __init__(self) -> None:
        self._at: QPointF | None = None

    def press(self, at: Pointer) -> bool:
        self.hover(at)
        return True

    def move(self, at: Pointer) -> None:
        self.hover(at)

    def hover(self, at: Pointer) -> None:
        self._at = at.position
        at.tile.update()

    def leave(self, tile: Tile) -> None:
        self._at = None
        tile.update()

    def paint(self, painter: QPainter, tile: Tile) -> None:
        """The part of the image in a circle with a halo; the captions are not magnified."""
        if self._at is None or tile.view is None:
            return
        circle = QPainterPath()
        circle.addEllipse(self._at, MAGNIFIER_RADIUS, MAGNIFIER_RADIUS)
        painter.save()
        painter.setClipPath(circle)
        ratio = tile.devicePixelRatioF()
        about = self._at.x() * ratio, self._at.y() * ratio
        tile.paint_pixels(painter, tile.view.zoomed(MAGNIFIER_FACTOR, about), QRectF(circle.boundingRect()))
        painter.restore()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, width in ((colours.HALO, 4), (colours.MEASUREMENT, 2)):
            painter.setPen(QPen(QColor(colour), width))
            painter.drawEllipse(self._at, MAGNIFIER_RADIUS, MAGNIFIER_RADIUS)


@dataclass(frozen=True)
class ToolRow:
    """A tool as data. `key` is one letter that takes it in hand while a tile has the focus."""

    name: str
    label: str
    """An English message."""
    icon: str
    key: str
    make: Callable[[], Tool]
    measures: bool = False
    """Refused on a preview, whose pixels are not those of the original."""
    group: int = 0
    """Tools of one number stand together in the bar."""
    in_bar: bool = True
    """False for a tool that is reached by its key or through a menu only."""


VIEW_TOOLS = (
    ToolRow("select", N_("Select"), "cursor", "V", IdleTool),
    ToolRow("pan", N_("Pan"), "hand", "H", lambda: GestureTool(Gesture.PAN)),
    ToolRow("zoom", N_("Zoom"), "magnifying-glass-plus", "Z", lambda: GestureTool(Gesture.ZOOM)),
    ToolRow("window", N_("Window"), "circle-half", "W", lambda: GestureTool(Gesture.WINDOW)),
    ToolRow("magnifier", N_("Magnifier"), "magnifying-glass", "L", MagnifierTool),
    ToolRow("stack", N_("Stack"), "stack", "S", StackTool),
)


class ToolSet:
    """The tools that a workspace offers, in the order of their rows."""

    def __init__(self, rows: tuple[ToolRow, ...] = VIEW_TOOLS) -> None:
        self._rows: dict[str, ToolRow] = {row.name: row for row in rows}

    def add(self, row: ToolRow) -> None:
        """Add a row, or put it in the place of the one of its name. Raises ValueError when its key is taken."""
        if row.key and any(other.key == row.key and other.name != row.name for other in self):
            raise ValueError(row.key)
        self._rows[row.name] = row

    def __iter__(self) -> Iterator[ToolRow]:
        return iter(self._rows.values())

    def row(self, name: str) -> ToolRow:
        """Raises KeyError for a name that nobody added."""
        return self._rows[name]

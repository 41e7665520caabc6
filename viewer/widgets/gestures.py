"""What a drag does to a view or a window: arithmetic without a widget."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from viewer.model.view import Point, View
from viewer.pixels.voi import Voi

WHEEL_STEP = 1.15
"""Zoom factor of one wheel notch (120 eighths of a degree)."""
DOUBLING_PX = 150.0
"""A drag of so many pixels doubles the width of the window or the zoom."""
LEVEL_PX = 300.0
"""A vertical drag of so many pixels moves the center by the width of the window."""


class Gesture(Enum):
    """What a drag does."""

    PAN = auto()
    WINDOW = auto()
    ZOOM = auto()


@dataclass(frozen=True)
class Drag:
    """A drag in progress; positions in device pixels, `ratio` device pixels a logical pixel."""

    gesture: Gesture
    start: Point
    view: View
    voi: Voi
    brighter_up: float
    """1.0 when a lower center is brighter, -1.0 for an image that is shown inverted."""
    ratio: float = 1.0

    def to_view(self, position: Point) -> View:
        """The view when the pointer has come to `position`."""
        dx, dy = position[0] - self.start[0], position[1] - self.start[1]
        if self.gesture is Gesture.ZOOM:
            return self.view.zoomed(2.0 ** (-dy / self.ratio / DOUBLING_PX), self.start)
        return self.view.panned(dx, dy)

    def to_voi(self, position: Point) -> Voi:
        """The window: to the right is wider, up is brighter."""
        dx, dy = (position[0] - self.start[0]) / self.ratio, (position[1] - self.start[1]) / self.ratio
        return dragged_voi(self.voi, dx, dy * self.brighter_up)


def dragged_voi(voi: Voi, dx: float, dy: float) -> Voi:
    """`voi` after a drag of logical pixels to the right and downwards."""
    return voi.moved(voi.center + dy * voi.width / LEVEL_PX, voi.width * 2.0 ** (dx / DOUBLING_PX))

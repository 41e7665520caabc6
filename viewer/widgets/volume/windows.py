"""Window presets of a volume, and how cells become grey levels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.errors import N_
from viewer.volume.grid import Cells, Volume
from viewer.volume.levels import value_of

Grey = NDArray[np.uint8]
LEAST_WIDTH = 2.0
SAMPLE = 4


@dataclass(frozen=True, slots=True)
class Window:
    """Centre and width, in the unit of the volume (linear, PS3.3 §C.11.2.1.2)."""

    centre: float
    width: float

    @property
    def ends(self) -> tuple[float, float]:
        """Values that are black and white."""
        return self.centre - self.width / 2, self.centre + self.width / 2

    def moved(self, centre: float, width: float) -> Window:
        """Another centre and width, by differences."""
        return Window(self.centre + centre, max(LEAST_WIDTH, self.width + width))


@dataclass(frozen=True, slots=True)
class WindowPreset:
    """Black and white in Hounsfield units; in a volume without them, at the values that stand in their place."""

    name: str
    black: float
    white: float


PRESETS = (
    WindowPreset(N_("Bone"), -450.0, 1750.0),
    WindowPreset(N_("Teeth"), 200.0, 3000.0),
    WindowPreset(N_("Soft tissue"), -160.0, 240.0),
    WindowPreset(N_("Airway"), -1000.0, 300.0),
)
EVERYTHING = N_("All values")


def window_of(volume: Volume, preset: WindowPreset) -> Window:
    """A preset in the unit of the volume."""
    black, white = value_of(volume, preset.black), value_of(volume, preset.white)
    return Window((black + white) / 2, max(LEAST_WIDTH, white - black))


def whole_range(volume: Volume) -> Window:
    """From the darkest value to the brightest, a thousandth left out at either end."""
    step = max(1, volume.shape[0] // 48)
    values = volume.values(volume.cells[::step, ::SAMPLE, ::SAMPLE])
    low, high = np.percentile(values, [0.1, 99.9])
    return Window(float(low + high) / 2, max(LEAST_WIDTH, float(high - low)))


def opening_window(volume: Volume) -> Window:
    """Bone: what the file offers is made for the scanner's own viewer, and often for none."""
    return window_of(volume, PRESETS[0])


class GreyTable:
    """Cells to 8-bit grey levels by one look-up; the table is made anew when window or volume change."""

    def __init__(self) -> None:
        self._made_for: tuple[float, float, float, float, bool] | None = None
        self._table: Grey = np.zeros(1 << 16, np.uint8)

    def grey(self, volume: Volume, cells: Cells, window: Window, *, inverted: bool = False) -> Grey:
        """(rows, columns) grey levels."""
        wanted = (volume.slope, volume.intercept, window.centre, window.width, inverted)
        if wanted != self._made_for:
            stored = np.arange(1 << 16, dtype=np.uint16).view(np.int16).astype(np.float64)
            low, high = window.ends
            part = np.clip((stored * volume.slope + volume.intercept - low) / (high - low), 0, 1)
            levels = np.floor((1 - part if inverted else part) * 255 + 0.5)
            self._table, self._made_for = levels.astype(np.uint8), wanted
        return np.asarray(self._table.take(np.ascontiguousarray(cells).view(np.uint16)))

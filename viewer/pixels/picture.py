"""Everything that a tile needs to show one frame, made ready in one go by a worker."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from viewer.pixels.display import Frame, to_rgb
from viewer.pixels.form import Array
from viewer.pixels.header import Header
from viewer.pixels.reductions import mask_pyramid, pyramid
from viewer.pixels.shutter import Shutter
from viewer.pixels.source import PixelSource
from viewer.pixels.voi import Voi


@dataclass(frozen=True, eq=False)
class Picture:
    """One decoded frame with its reductions; immutable, so that a worker can hand it to the screen."""

    header: Header
    frame: Frame
    frames: int
    voi: Voi
    """The window to begin with."""
    vois: tuple[Voi, ...]
    """The windows and tables that the file offers."""
    levels: tuple[Array, ...]
    """At 1, 1/2 and 1/4: stored values of a grey image, 8-bit sRGB of a colour one."""
    overlay_levels: tuple[Array, ...]
    """Union of the graphic overlays at the same reductions; empty without overlays."""
    hidden_levels: tuple[Array, ...]
    """Shuttered pixels at the same reductions; empty without a shutter."""
    shutter_grey: int

    @property
    def rows(self) -> int:
        return int(self.levels[0].shape[0])

    @property
    def columns(self) -> int:
        return int(self.levels[0].shape[1])

    @property
    def aspect(self) -> float:
        """Height of a pixel divided by its width."""
        size = self.header.pixel_size
        return size.row / size.column


def prepare(source: PixelSource, index: int = 0) -> Picture:
    """Decode a frame and make it ready to show. Raises a PixelError, or IndexError for a missing frame."""
    frame = source.frame(index)
    levels = pyramid(frame.values if frame.is_grey else to_rgb(frame, frame.values))
    overlays = [overlay.mask for overlay in source.overlays(index)]
    shutter: Shutter | None = source.shutter(index)
    return Picture(
        header=source.header,
        frame=frame,
        frames=source.frames,
        voi=source.default_voi(index),
        vois=source.vois(index),
        levels=levels,
        overlay_levels=mask_pyramid(np.logical_or.reduce(overlays), len(levels)) if overlays else (),
        hidden_levels=mask_pyramid(shutter.hidden, len(levels)) if shutter else (),
        shutter_grey=shutter.grey if shutter else 0,
    )

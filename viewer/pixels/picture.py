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


@dataclass(frozen=True, slots=True)
class Reduction:
    """A picture that stands for a larger original: its size, and the longest side that this copy has."""

    rows: int
    columns: int
    longest_px: int


@dataclass(frozen=True, eq=False)
class Picture:
    """One decoded frame with its reductions; immutable, so that a worker can hand it to the screen."""

    header: Header | None
    """None for a small copy that came without its original."""
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
    key: str = ""
    """The name of the image: pictures of one key and size keep the view of the tile."""
    reduction: Reduction | None = None
    """Set for a preview, on which nobody measures; None for the original."""
    filter_name: str = ""
    """What was done to the levels, as an English message; '' for the original values."""

    @property
    def is_preview(self) -> bool:
        return self.reduction is not None

    @property
    def rows(self) -> int:
        """Rows of the original image."""
        return self.reduction.rows if self.reduction else int(self.levels[0].shape[0])

    @property
    def columns(self) -> int:
        """Columns of the original image."""
        return self.reduction.columns if self.reduction else int(self.levels[0].shape[1])

    @property
    def level_factors(self) -> tuple[float, float]:
        """Rows and columns of the original in one pixel of the first level."""
        height, width = self.levels[0].shape[:2]
        return self.rows / height, self.columns / width

    @property
    def aspect(self) -> float:
        """Height of a pixel divided by its width."""
        if self.header is None:
            return 1.0
        size = self.header.pixel_size
        return size.row / size.column

    @property
    def orientation(self) -> tuple[str, str] | None:
        """Patient directions of rows and columns."""
        return self.header.patient_orientation if self.header else None

    @property
    def nbytes(self) -> int:
        """Memory that the arrays take, what they share counted once."""
        arrays = (self.frame.values, *self.levels, *self.overlay_levels, *self.hidden_levels)
        return sum({id(array): array.nbytes for array in arrays}.values())


def prepare(source: PixelSource, index: int = 0, key: str = "") -> Picture:
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
        key=key,
    )

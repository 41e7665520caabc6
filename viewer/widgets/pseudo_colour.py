"""Colours for grey levels. They help to tell close greys apart; they add no information, and are labelled."""

from __future__ import annotations

from enum import StrEnum
from functools import cache

import numpy as np

from viewer.errors import N_
from viewer.pixels.form import Array

OPAQUE = 0xFF000000


class PseudoColour(StrEnum):
    """NONE shows greys."""

    NONE = "none"
    BONE = "bone"
    HEAT = "heat"


PSEUDO_COLOUR_NAMES = {
    PseudoColour.NONE: N_("Grey"),
    PseudoColour.BONE: N_("Colours: bone"),
    PseudoColour.HEAT: N_("Colours: heat"),
}
_POINTS: dict[PseudoColour, tuple[tuple[int, int, int, int], ...]] = {
    PseudoColour.NONE: ((0, 0, 0, 0), (255, 255, 255, 255)),
    PseudoColour.BONE: ((0, 0, 0, 0), (96, 84, 84, 116), (192, 167, 199, 199), (255, 255, 255, 255)),
    PseudoColour.HEAT: ((0, 0, 0, 0), (96, 160, 20, 40), (176, 240, 140, 20), (232, 250, 230, 90), (255,) * 4),
}
"""(grey, red, green, blue): between the points, straight lines. Brightness grows all the way, so nothing turns over."""


@cache
def ramp(kind: PseudoColour) -> Array:
    """0xFFRRGGBB of each of the 256 grey levels."""
    points = np.array(_POINTS[kind], float)
    red, green, blue = (
        np.rint(np.interp(np.arange(256), points[:, 0], points[:, part])).astype(np.uint32) for part in (1, 2, 3)
    )
    return np.asarray(np.uint32(OPAQUE) | red << 16 | green << 8 | blue)

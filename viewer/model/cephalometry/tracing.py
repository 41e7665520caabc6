"""The landmarks of one image, and the frame in which formulas read them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from viewer.errors import N_
from viewer.model.cephalometry.functions import CephError, Point
from viewer.model.spacing import Origin, PixelSize, Unit

SQUARE_PIXELS = PixelSize(1.0, 1.0, Unit.PX, Origin.NONE)

FORWARD = (("S", "N"), ("Po", "Or"), ("PNS", "ANS"), ("Ba", "N"), ("Go", "Me"), ("Ar", "N"))
_DOWN = (("N", "Me"), ("N", "A"), ("N", "B"), ("N", "Pog"), ("Or", "Me"), ("ANS", "Me"), ("Ns", "Pogs"))
LEAST_CLEAR = 0.05


@dataclass(frozen=True)
class Tracing:
    """Landmarks in pixels of the image (y down), by their ids, and the size of its pixels."""

    points: Mapping[str, Point]
    size: PixelSize = SQUARE_PIXELS
    faces_left: bool | None = field(default=None)
    """Which way the profile looks; None works it out from the landmarks, so that mirrored films need no care."""

    @cached_property
    def oriented(self) -> dict[str, Point]:
        """The points in the unit of `size`, y up, the profile facing right.

        Raises CephError when the landmarks do not say which way the profile looks.
        """
        upright = {name: (x * self.size.column, -y * self.size.row) for name, (x, y) in self.points.items()}
        if not all(math.isfinite(part) for point in upright.values() for part in point):
            raise CephError
        left = looks_left(upright) if self.faces_left is None else self.faces_left
        return {name: (-x if left else x, y) for name, (x, y) in upright.items()}


def looks_left(upright: Mapping[str, Point]) -> bool:
    """Which way a profile looks, for points with y up. Raises CephError when they do not say it.

    Forward turned to down is clockwise on a face that looks right, however the film is turned.
    """
    turns = []
    for (a, b), (c, d) in itertools.product(FORWARD, _DOWN):
        if not {a, b, c, d} <= upright.keys():
            continue
        ux, uy = upright[b][0] - upright[a][0], upright[b][1] - upright[a][1]
        vx, vy = upright[d][0] - upright[c][0], upright[d][1] - upright[c][1]
        if size := math.hypot(ux, uy) * math.hypot(vx, vy):
            turns.append((ux * vy - uy * vx) / size)
    if not turns or abs(sum(turns)) < LEAST_CLEAR * len(turns):
        raise CephError(N_("The landmarks do not say which way the profile looks."))
    return sum(turns) > 0

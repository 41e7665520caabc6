"""Where a landmark may lie: the nearest edge, and the rule of its definition on the contour about a click.

Deterministic and explainable: grey values, their gradient, and a direction such as “most anterior”. A proposal is
never a landmark until a person has confirmed it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewer.errors import N_
from viewer.model.cephalometry.functions import Point

Array = NDArray[Any]

SNAP_PX, CONTOUR_PX = 10.0, 22.0
CLEAR_EDGE = 0.45
"""Part of the strongest gradient in the window from which a pixel counts as contour."""
LEAST_STEP = 0.02
"""An edge below this part of the image's range is noise: nothing is proposed."""
SMOOTH = (0.25, 0.5, 0.25)


@dataclass(frozen=True)
class Proposal:
    """A place for a landmark, in pixels; `confidence` 0 to 1; `origin` says in words (a message) what proposes it."""

    landmark_id: str
    point: Point
    confidence: float
    origin: str


ANTERIOR, POSTERIOR, TOP, BOTTOM = (1.0, 0.0), (-1.0, 0.0), (0.0, -1.0), (0.0, 1.0)

RULES: dict[str, tuple[Point, str]] = {
    **dict.fromkeys(("N", "Pog", "Gs", "Prn", "Ls", "Li", "Pogs", "U1L"), (ANTERIOR, N_("Most anterior point"))),
    **dict.fromkeys(("A", "B", "Ns", "Ss", "Sm", "PTV", "R2", "U6D", "L6D"), (POSTERIOR, N_("Most posterior point"))),
    **dict.fromkeys(("Po", "PoM", "Co", "Id", "L1T", "Stmi", "L4", "L6"), (TOP, N_("Highest point"))),
    **dict.fromkeys(("Or", "Me", "Mes", "Ba", "Ptm", "Pr", "R3"), (BOTTOM, N_("Lowest point"))),
    **dict.fromkeys(("U1T", "Stms", "U4", "U6"), (BOTTOM, N_("Lowest point"))),
    "ANS": (ANTERIOR, N_("Most anterior point")),
    "PNS": (POSTERIOR, N_("Most posterior point")),
    "GoA": ((-0.7071, 0.7071), N_("Most posterior and inferior point")),
    "Gn": ((0.7071, 0.7071), N_("Most anterior and inferior point")),
}  # fmt: skip
"""Direction (forward, down) of the definition of a landmark, and its words."""

EDGE = N_("Nearest edge")


def propose(values: Array, landmark_id: str, near: Point, faces_left: bool = False) -> tuple[Proposal, ...]:
    """Proposals about a click, in pixels of the image; the rule of the landmark's definition before the plain edge.

    `values` is the grey image (rows, columns). Empty where no edge is clear enough.
    """
    found = []
    rule = RULES.get(landmark_id)
    if rule is not None:
        (forward, down), words = rule
        place = extreme(values, near, (-forward if faces_left else forward, down))
        if place is not None:
            found.append(Proposal(landmark_id, place[0], place[1], words))
    edge = snapped(values, near)
    if edge is not None:
        found.append(Proposal(landmark_id, edge[0], edge[1], EDGE))
    return tuple(found)


def snapped(values: Array, near: Point, reach: float = SNAP_PX) -> tuple[Point, float] | None:
    """The strongest edge within `reach` pixels, the closer the better, and how clear it is."""
    window = _window(values, near, reach)
    if window is None:
        return None
    strength, x, y = window
    away = np.hypot(x - near[0], y - near[1])
    weighed = np.where(away <= reach, strength * (1.0 - 0.5 * away / reach), 0.0)
    return _best(weighed, strength, x, y)


def extreme(values: Array, near: Point, direction: Point, reach: float = CONTOUR_PX) -> tuple[Point, float] | None:
    """The point of the contour about a click that lies furthest in a direction (x, y; y down)."""
    window = _window(values, near, reach)
    if window is None:
        return None
    strength, x, y = window
    inside = np.hypot(x - near[0], y - near[1]) <= reach
    if not float(np.where(inside, strength, 0.0).max()) > 0:
        return None
    contour = inside & (strength >= CLEAR_EDGE * float(strength[inside].max())) & _ridge(strength)
    if not contour.any():
        return None
    far = (x - near[0]) * direction[0] + (y - near[1]) * direction[1]
    furthest = float(far[contour].max())
    tip = np.where(contour & (far >= furthest - 1.0), strength, 0.0)
    # The tip of a contour is several pixels wide, and its definition means the middle of it.
    middle = float((x * tip).sum() / tip.sum()), float((y * tip).sum() / tip.sum())
    return _best(np.where(tip > 0, 1.0 / (1.0 + np.hypot(x - middle[0], y - middle[1])), 0.0), strength, x, y)


def _window(values: Array, near: Point, reach: float) -> tuple[Array, Array, Array] | None:
    """Strength of the gradient about a point, as a part of the image's range, and the pixel centres."""
    rows, columns = values.shape[:2]
    margin = math.ceil(reach) + 3
    top, bottom = max(0, int(near[1]) - margin), min(rows, int(near[1]) + margin + 1)
    left, right = max(0, int(near[0]) - margin), min(columns, int(near[0]) + margin + 1)
    if bottom - top < 8 or right - left < 8:
        return None
    part: NDArray[np.float64] = values[top:bottom, left:right].astype(np.float64)
    for axis in (0, 1):
        before, here, after = SMOOTH
        part = before * np.roll(part, -1, axis) + here * part + after * np.roll(part, 1, axis)
    down, across = np.gradient(part)
    strength = np.hypot(down, across)
    # The roll wraps round: what it brought in at the rim is no edge.
    strength[:2], strength[-2:], strength[:, :2], strength[:, -2:] = 0.0, 0.0, 0.0, 0.0
    spread = float(np.ptp(values)) or 1.0
    if float(strength.max()) < LEAST_STEP * spread:
        return None
    y, x = np.mgrid[top:bottom, left:right] + 0.5
    return strength, x, y


def _ridge(strength: Array) -> Array:
    """Pixels that are strongest across the edge, in one of the four directions."""
    found = np.zeros(strength.shape, bool)
    for down, across in ((0, 1), (1, 0), (1, 1), (1, -1)):
        one, other = np.roll(strength, (down, across), (0, 1)), np.roll(strength, (-down, -across), (0, 1))
        found |= (strength >= one) & (strength >= other)
    return found


def _best(weighed: Array, strength: Array, x: Array, y: Array) -> tuple[Point, float] | None:
    if not float(weighed.max()) > 0:
        return None
    at = np.unravel_index(int(weighed.argmax()), weighed.shape)
    confidence = float(strength[at] / strength.max())
    return (float(x[at]), float(y[at])), min(1.0, confidence)

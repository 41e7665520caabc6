"""The geometric functions that formulas are built from.

Points are (x, y) of a profile that faces right, y up, so that "clockwise" turns a forward direction downwards. Degrees.
None of them depends on where the picture lies or how it is turned; lengths scale with it, angles do not.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from viewer.errors import N_, ViewerError

Point = tuple[float, float]


class CephError(ViewerError):
    """A cephalometric value that cannot be computed."""

    message_id = N_("This value cannot be computed.")


def direction(a: Point, b: Point) -> tuple[float, float]:
    dx, dy = b[0] - a[0], b[1] - a[1]
    if not math.hypot(dx, dy):
        raise CephError(N_("Two landmarks lie on the same spot."))
    return dx, dy


def signed(a: Point, b: Point, c: Point, d: Point) -> float:
    """Clockwise turn from the direction a→b to the direction c→d, above −180 to 180."""
    (ux, uy), (vx, vy) = direction(a, b), direction(c, d)
    return -math.degrees(math.atan2(ux * vy - uy * vx, ux * vx + uy * vy)) or 0.0


def between(a: Point, b: Point, c: Point, d: Point) -> float:
    """Angle between the directions a→b and c→d, 0 to 180."""
    return abs(signed(a, b, c, d))


def angle(p: Point, q: Point, r: Point) -> float:
    """Angle at q between p and r, 0 to 180."""
    return between(q, p, q, r)


def inner(p: Point, q: Point, r: Point) -> float:
    """Clockwise sweep at q from p to r, 0 to 360: the inner angle of the Björk polygon."""
    return signed(q, p, q, r) % 360


def distance(a: Point, b: Point) -> float:
    """Length from a to b."""
    return math.hypot(b[0] - a[0], b[1] - a[1])


def offset(p: Point, a: Point, b: Point) -> float:
    """Perpendicular distance of p from the line a→b: positive in front of a line that runs down."""
    dx, dy = direction(a, b)
    return (dx * (p[1] - a[1]) - dy * (p[0] - a[0])) / math.hypot(dx, dy)


def along(p: Point, a: Point, b: Point) -> float:
    """How far p lies along the line a→b from a."""
    dx, dy = direction(a, b)
    return (dx * (p[0] - a[0]) + dy * (p[1] - a[1])) / math.hypot(dx, dy)


def mid(a: Point, b: Point) -> Point:
    """The middle of a and b."""
    return (a[0] + b[0]) / 2, (a[1] + b[1]) / 2


def meet(a: Point, b: Point, c: Point, d: Point) -> Point:
    """Where the lines a–b and c–d cross."""
    (ux, uy), (vx, vy) = direction(a, b), direction(c, d)
    cross = ux * vy - uy * vx
    if abs(cross) < 1e-9 * math.hypot(ux, uy) * math.hypot(vx, vy):
        raise CephError(N_("Two lines that should cross are parallel."))
    part = ((c[0] - a[0]) * vy - (c[1] - a[1]) * vx) / cross
    return a[0] + part * ux, a[1] + part * uy


def foot(p: Point, a: Point, b: Point) -> Point:
    """The point of the line a–b that is closest to p."""
    dx, dy = direction(a, b)
    part = along(p, a, b) / math.hypot(dx, dy)
    return a[0] + part * dx, a[1] + part * dy


def below(p: Point, a: Point, b: Point) -> Point:
    """A second point of the perpendicular to a→b through p, downwards when a→b runs forward."""
    dx, dy = direction(a, b)
    return p[0] + dy, p[1] - dx


def box(r1: Point, r2: Point, r3: Point, r4: Point, a: Point, b: Point) -> Point:
    """Centre of the rectangle with sides along and across a→b through r1, r2 (front, back) and r3, r4 (top, bottom)."""
    dx, dy = direction(a, b)
    size = math.hypot(dx, dy)
    x = (along(r1, a, b) + along(r2, a, b)) / 2 / size
    y = (offset(r3, a, b) + offset(r4, a, b)) / 2 / size
    return a[0] + x * dx - y * dy, a[1] + x * dy + y * dx


def foremost(p: Point, q: Point, a: Point, b: Point) -> Point:
    """Whichever of p and q lies further along a→b."""
    return p if along(p, a, b) >= along(q, a, b) else q


FUNCTIONS: dict[str, tuple[int, Callable[..., float] | Callable[..., Point]]] = {
    "signed": (4, signed),
    "between": (4, between),
    "angle": (3, angle),
    "inner": (3, inner),
    "distance": (2, distance),
    "offset": (3, offset),
    "along": (3, along),
    "mid": (2, mid),
    "meet": (4, meet),
    "foot": (3, foot),
    "below": (3, below),
    "box": (6, box),
    "foremost": (4, foremost),
}
"""Name in formulas: (number of points, function)."""

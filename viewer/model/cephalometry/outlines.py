"""The outlines of a tracing, drawn as smooth curves through landmarks: what a pencil would draw on acetate.

They show where the landmarks say that bone, teeth and skin run; they measure nothing. An outline with too few of its
landmarks is left out. Curves are cubic Bézier pieces of a centripetal Catmull–Rom spline (Catmull and Rom 1974).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from viewer.model.cephalometry.functions import Point
from viewer.model.cephalometry.landmarks import Tissue

Cubic = tuple[Point, Point, Point, Point]


@dataclass(frozen=True)
class Outline:
    """Landmarks in the order of the stroke; `least` of them must stand; `closed` comes back to its start."""

    outline_id: str
    names: tuple[str, ...]
    tissue: Tissue
    least: int = 3
    closed: bool = False


OUTLINES: tuple[Outline, ...] = (
    Outline("cranial base", ("Ba", "S", "N"), Tissue.BONE),
    Outline("orbit floor", ("N", "Or"), Tissue.BONE, 2),
    Outline("palate", ("PNS", "ANS", "A", "Pr"), Tissue.BONE, 2),
    Outline("symphysis", ("Id", "B", "Pm", "Pog", "Gn", "Me"), Tissue.BONE),
    Outline("mandible", ("Me", "MT", "Go", "GoA", "RT", "Ar", "Co"), Tissue.BONE),
    Outline("upper incisor", ("U1A", "U1L", "U1T"), Tissue.TOOTH, 2),
    Outline("lower incisor", ("L1A", "L1T"), Tissue.TOOTH, 2),
    Outline("upper arch", ("U6D", "U6", "U4"), Tissue.TOOTH, 2),
    Outline("lower arch", ("L6D", "L6", "L4"), Tissue.TOOTH, 2),
    Outline(
        "skin",
        ("Gs", "Ns", "Prn", "Cm", "Sn", "Ss", "Ls", "Stms", "Stmi", "Li", "Sm", "Pogs", "Gns", "Mes", "C"),
        Tissue.SKIN,
        4,
    ),
)


def drawn(points: Mapping[str, Point]) -> tuple[tuple[Outline, tuple[Cubic, ...]], ...]:
    """The outlines that these points allow, as Bézier pieces in the coordinates of the points."""
    found = []
    for outline in OUTLINES:
        names = [name for name in outline.names if name in points]
        if len(names) >= outline.least:
            found.append((outline, curve([points[name] for name in names], outline.closed)))
    return tuple(found)


def curve(points: Sequence[Point], closed: bool = False) -> tuple[Cubic, ...]:
    """A smooth curve through all points, one Bézier piece between each two; a straight line for two points."""
    through = [point for place, point in enumerate(points) if not place or point != points[place - 1]]
    if len(through) < 2:
        return ()
    ends = [through[-1], *through, through[0], through[1]] if closed else [through[0], *through, through[-1]]
    return tuple(_piece(*ends[place : place + 4]) for place in range(len(ends) - 3))


def _piece(before: Point, a: Point, b: Point, after: Point) -> Cubic:
    """Centripetal: the tangent at each end is weighed by the root of the distances, so that no loop appears."""
    span = math.sqrt(math.dist(a, b))
    return (
        a,
        _handle(before, a, b, math.sqrt(math.dist(before, a)), span),
        _handle(after, b, a, math.sqrt(math.dist(after, b)), span),
        b,
    )


def _handle(outer: Point, here: Point, inner: Point, outside: float, span: float) -> Point:
    if not outside:
        return (2 * here[0] + inner[0]) / 3, (2 * here[1] + inner[1]) / 3
    scale = 3 * outside * (outside + span)
    x, y = (
        (
            outside**2 * inner[axis]
            - span**2 * outer[axis]
            + (2 * outside**2 + 3 * outside * span + span**2) * here[axis]
        )
        / scale
        for axis in (0, 1)
    )
    return x, y

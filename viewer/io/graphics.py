"""Marks as the graphic types of presentation states and SCOORDs, and back (PS3.3 §C.10.5.1.2, §C.18.6.1.2).

Coordinates are 32-bit floats there: thousandths of a pixel survive up to 16 383 pixels.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from viewer.model.marks import Kind, Mark, Point

Shape = tuple[str, tuple[Point, ...]]
"""Graphic type and points."""

ARROW_HEAD_PX = 12.0


def shapes(mark: Mark) -> tuple[Shape, ...]:
    """What to draw for a mark; nothing for a text."""
    points = mark.points
    if mark.kind in (Kind.TEXT, Kind.TOOTH):
        return (("POINT", points),) if mark.kind is Kind.TOOTH else ()
    if mark.kind in (Kind.COBB, Kind.RATIO):
        return ("POLYLINE", points[:2]), ("POLYLINE", points[2:])
    if mark.kind is Kind.AREA:
        return (("POLYLINE", (*points, points[0])),)
    if mark.kind is Kind.RECTANGLE:
        (x0, y0), (x1, y1) = points
        return (("POLYLINE", ((x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0))),)
    if mark.kind is Kind.ELLIPSE:
        return (("ELLIPSE", _axes(points)),)
    return (("POLYLINE", points),)


def arrow_head(mark: Mark) -> Shape:
    """The two strokes at the end of an arrow."""
    (x0, y0), (x1, y1) = mark.points
    back = math.atan2(y0 - y1, x0 - x1)
    left, right = (
        (x1 + ARROW_HEAD_PX * math.cos(back + turn), y1 + ARROW_HEAD_PX * math.sin(back + turn))
        for turn in (-math.pi / 7, math.pi / 7)
    )
    return "POLYLINE", (left, (x1, y1), right)


def original_points(kind: str, found: Sequence[Shape]) -> tuple[Point, ...]:
    """Points of a mark of ours from the shapes that `shapes` drew, in their order."""
    _, first = found[0]
    if kind in (Kind.COBB, Kind.RATIO):
        return (*first, *found[1][1]) if len(found) > 1 else ()
    if kind == Kind.AREA:
        return tuple(first[:-1])
    if kind == Kind.RECTANGLE:
        return (first[0], first[2]) if len(first) == 5 else ()
    if kind == Kind.ELLIPSE:
        return _corners(first) if len(first) == 4 else ()
    return tuple(first)


def drawing(graphic_type: str, points: Sequence[Point]) -> tuple[Kind, tuple[Point, ...]] | None:
    """The mark that shows a shape of another program: lines stay drawings, because nobody said that they measure."""
    if graphic_type == "CIRCLE" and len(points) == 2:
        (cx, cy), rim = points
        radius = math.dist((cx, cy), rim)
        return Kind.ELLIPSE, ((cx - radius, cy - radius), (cx + radius, cy + radius))
    if graphic_type == "ELLIPSE" and len(points) == 4:
        return _foreign_ellipse(points)
    if graphic_type == "POINT" and len(points) == 1:
        return Kind.TEXT, tuple(points)
    if graphic_type in ("POLYLINE", "INTERPOLATED", "MULTIPOINT") and len(points) >= 2:
        return Kind.FREEHAND, tuple(points)
    return None


def _axes(corners: Sequence[Point]) -> tuple[Point, ...]:
    """End points of the major axis, then of the minor one."""
    (x0, y0), (x1, y1) = corners
    cx, cy = (x0 + x1) / 2, (y0 + y1) / 2
    across, down = ((x0, cy), (x1, cy)), ((cx, y0), (cx, y1))
    return (*across, *down) if abs(x1 - x0) >= abs(y1 - y0) else (*down, *across)


def _corners(axes: Sequence[Point]) -> tuple[Point, ...]:
    a, b, c, d = axes
    across, down = ((a, b), (c, d)) if abs(b[0] - a[0]) >= abs(b[1] - a[1]) else ((c, d), (a, b))
    return (across[0][0], down[0][1]), (across[1][0], down[1][1])


def _foreign_ellipse(axes: Sequence[Point]) -> tuple[Kind, tuple[Point, ...]]:
    a, b, c, d = axes
    if min(abs(b[0] - a[0]), abs(b[1] - a[1])) < 0.01 and min(abs(d[0] - c[0]), abs(d[1] - c[1])) < 0.01:
        return Kind.ELLIPSE, _corners(axes)
    cx, cy = (a[0] + b[0]) / 2, (a[1] + b[1]) / 2
    major, minor = (b[0] - cx, b[1] - cy), (d[0] - cx, d[1] - cy)
    turns = [2 * math.pi * side / 72 for side in range(73)]
    return Kind.FREEHAND, tuple(
        (
            cx + major[0] * math.cos(turn) + minor[0] * math.sin(turn),
            cy + major[1] * math.cos(turn) + minor[1] * math.sin(turn),
        )
        for turn in turns
    )

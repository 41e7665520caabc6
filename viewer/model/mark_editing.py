"""What a hand or a key does to a mark: finding it, moving it or one of its points, copying it. No widget is needed."""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

from viewer.model.marks import REGIONS, Kind, Mark, Point, Sheet
from viewer.model.measures import outline

DUPLICATE_SHIFT_PX = 12.0


@dataclass(frozen=True)
class Grip:
    """What lies under the pointer: a mark, and which of its points; `handle` is None for the mark as a whole."""

    mark: Mark
    handle: int | None


def segments(mark: Mark) -> tuple[tuple[Point, Point], ...]:
    """The strokes of a mark, in pixels; a region is closed, Cobb and ratio are two lines."""
    points = mark.points
    if mark.kind in (Kind.COBB, Kind.RATIO):
        return tuple((points[first], points[first + 1]) for first in range(0, len(points) - 1, 2))
    if mark.kind in REGIONS:
        closed = outline(mark)
        return tuple(pairwise((*closed, closed[0])))
    return tuple(pairwise(points))


def grip_at(
    sheet: Sheet, frame: int, to_screen: Callable[[Point], Point], at: Point, reach: float, chosen: str = ""
) -> Grip | None:
    """The point or mark within `reach` screen pixels of `at`; points before strokes, the chosen mark before others.

    Marks in locked layers are found too: they can be looked at, and the sheet itself refuses to change them.
    """
    newest_first = sheet.visible(frame)[::-1]
    marks = sorted(newest_first, key=lambda mark: mark.mark_id != chosen)
    for mark in marks:
        places = [math.dist(to_screen(point), at) for point in mark.points]
        nearest = min(range(len(places)), key=places.__getitem__)
        if places[nearest] <= reach:
            return Grip(mark, nearest if mark.kind is not Kind.FREEHAND else None)
    for mark in marks:
        if any(_distance(at, to_screen(a), to_screen(b)) <= reach for a, b in segments(mark)):
            return Grip(mark, None)
    return None


def shifted(mark: Mark, dx: float, dy: float) -> Mark:
    """The mark moved as a whole, by pixels of the image."""
    return mark.moved([(x + dx, y + dy) for x, y in mark.points])


def with_handle(mark: Mark, handle: int, to: Point) -> Mark:
    """One point of the mark moved to another place."""
    points = list(mark.points)
    points[handle] = to
    return mark.moved(points)


def duplicate(mark: Mark) -> Mark:
    """A copy beside the mark, with an id of its own."""
    return replace(shifted(mark, DUPLICATE_SHIFT_PX, DUPLICATE_SHIFT_PX), mark_id=str(uuid.uuid4()))


def in_layer(mark: Mark, layer: str) -> Mark:
    """The mark in another layer."""
    return replace(mark, layer=layer)


def _distance(at: Point, a: Point, b: Point) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    square = dx * dx + dy * dy
    part = 0.0 if not square else max(0.0, min(1.0, ((at[0] - a[0]) * dx + (at[1] - a[1]) * dy) / square))
    return math.dist(at, (a[0] + part * dx, a[1] + part * dy))

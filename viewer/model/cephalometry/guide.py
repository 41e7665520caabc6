"""Which landmarks an analysis needs, in the order in which they are placed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from viewer.model.cephalometry.analysis import Analysis
from viewer.model.cephalometry.formula import needed
from viewer.model.cephalometry.functions import CephError, Point
from viewer.model.cephalometry.landmarks import LANDMARKS
from viewer.model.cephalometry.tracing import FORWARD, looks_left

__all__ = ["facing_left", "landmarks_of", "next_landmark"]


def landmarks_of(analyses: Iterable[Analysis], placed: Mapping[str, Point] | None = None) -> tuple[str, ...]:
    """The landmarks of the analyses in placing order.

    A point that may be constructed or placed (gnathion, gonion) is asked for by its own name unless its parts stand.
    """
    there = dict(placed or {})
    wanted: set[str] = set()
    for analysis in analyses:
        for measure in analysis.measures:
            wanted |= needed(measure.formula, there)
    return tuple(name for name in LANDMARKS if name in wanted)


def next_landmark(order: Collection[str], placed: Collection[str], after: str = "") -> str:
    """The next landmark without a place, from the one after `after` and round; '' when all are placed."""
    names = list(order)
    start = names.index(after) + 1 if after in names else 0
    return next((name for name in [*names[start:], *names[:start]] if name not in placed), "")


def facing_left(points: Mapping[str, Point]) -> bool | None:
    """Which way the profile looks, for points in pixels; None while they do not say it."""
    upright = {name: (x, -y) for name, (x, y) in points.items()}
    try:
        return looks_left(upright)
    except CephError:
        forward = [upright[b][0] - upright[a][0] for a, b in FORWARD if {a, b} <= upright.keys()]
        return None if not forward or not sum(forward) else sum(forward) < 0

"""How near something comes to a nerve canal that a person traced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from viewer.model.volume_plan import Canal, Place, Side
from viewer.volume.arrangement import Vectors


@dataclass(frozen=True, slots=True)
class Nearness:
    """The distance to the wall of the nearest canal in mm, negative inside it, and the places that it joins."""

    side: Side
    distance_mm: float
    canal_point: Place
    own_point: Place


def nearness(canals: Mapping[Side, Canal], line: Sequence[Place]) -> Nearness | None:
    """How near a point, or a line through points, comes to a canal; None where none is traced."""
    found = [
        Nearness(side, apart - canal.diameter_mm / 2, there, here)
        for side, canal in canals.items()
        for apart, there, here in [_between(canal.points, line)]
        if canal.points and line
    ]
    return min(found, key=lambda one: one.distance_mm, default=None)


def _between(first: Sequence[Place], second: Sequence[Place]) -> tuple[float, Place, Place]:
    best: tuple[float, Place, Place] = (float("inf"), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
    for a in _pieces(first):
        for b in _pieces(second):
            p, q = _closest(*a, *b)
            apart = float(np.linalg.norm(p - q))
            if apart < best[0]:
                best = apart, _place(p), _place(q)
    return best


def _pieces(line: Sequence[Place]) -> list[tuple[Vectors, Vectors]]:
    points = [np.asarray(point, np.float64) for point in line]
    return list(pairwise(points)) if len(points) > 1 else [(point, point) for point in points]


def _closest(a: Vectors, b: Vectors, c: Vectors, d: Vectors) -> tuple[Vectors, Vectors]:
    """The nearest points of two segments (Ericson, Real-Time Collision Detection 2005, §5.1.9)."""
    first, second, apart = b - a, d - c, a - c
    e, f = float(first @ first), float(second @ second)
    g, h, k = float(first @ apart), float(second @ apart), float(first @ second)
    spread = e * f - k * k
    s = float(np.clip((k * h - g * f) / spread, 0, 1)) if spread > 1e-12 else 0.0
    t = (k * s + h) / f if f > 1e-12 else 0.0
    if not 0 <= t <= 1:
        t = float(np.clip(t, 0, 1))
        s = float(np.clip((k * t - g) / e, 0, 1)) if e > 1e-12 else 0.0
    elif f <= 1e-12:
        s = float(np.clip(-g / e, 0, 1)) if e > 1e-12 else 0.0
    return a + first * s, c + second * t


def _place(vector: Vectors) -> Place:
    return float(vector[0]), float(vector[1]), float(vector[2])

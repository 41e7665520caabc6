"""Two tracings laid over each other on structures that growth and treatment leave alone, as rigid transforms."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from viewer.errors import N_
from viewer.model.cephalometry.formula import point
from viewer.model.cephalometry.functions import CephError, Point, direction
from viewer.model.cephalometry.tracing import Tracing

STAGE_COLOURS = ("#000000", "#0B5FFF", "#D6001C", "#0A8A2A")
"""Initial, progress, final, retention: the colours that boards ask for in case presentations."""


@dataclass(frozen=True)
class Transform:
    """A rotation and a shift, in the unit of the tracings, y up: x' = cos·x − sin·y + dx, y' = sin·x + cos·y + dy."""

    cos: float = 1.0
    sin: float = 0.0
    dx: float = 0.0
    dy: float = 0.0

    def apply(self, p: Point) -> Point:
        """Where a point comes to lie."""
        return self.cos * p[0] - self.sin * p[1] + self.dx, self.sin * p[0] + self.cos * p[1] + self.dy

    @property
    def degrees(self) -> float:
        """Rotation, counter-clockwise."""
        return math.degrees(math.atan2(self.sin, self.cos))


@dataclass(frozen=True)
class Method:
    """Where two tracings are registered and along which line they are turned; formulas of points."""

    method_id: str
    label: str
    origin: str
    line: tuple[str, str]


METHODS: dict[str, Method] = {
    method.method_id: method
    for method in (
        Method("SN", N_("SN at sella"), "S", ("S", "N")),
        Method("BaN", N_("Ba–N at nasion"), "N", ("Ba", "N")),
        Method("BaN-CC", N_("Ba–N at the facial axis"), "meet(Ba, N, Pt, Gn)", ("Ba", "N")),
        Method("FH", N_("Frankfort at the pterygoid vertical"), "foot(PTV, Po, Or)", ("Po", "Or")),
        Method("maxilla", N_("Maxilla: palatal plane at ANS"), "ANS", ("PNS", "ANS")),
        Method("mandible", N_("Mandible: mandibular plane at the symphysis"), "D", ("Go", "Me")),
        Method("mandible-canal", N_("Mandible: canal and symphysis"), "D", ("MC2", "D")),
    )
}


@dataclass(frozen=True)
class Superimposition:
    """The second tracing in the frame of the first. `moves` are (forward, up) per landmark that both hold."""

    method: Method
    transform: Transform
    moved: Mapping[str, Point]
    moves: Mapping[str, Point]
    unit: str
    trusted: bool
    """Both tracings have trusted millimetres, so that the moves are growth and not enlargement."""


def superimpose(first: Tracing, second: Tracing, method: Method) -> Superimposition:
    """Lay the second tracing over the first.

    Nothing is scaled: scaling would hide growth. Raises CephError for tracings in different units, MissingLandmarks.
    """
    if first.size.unit != second.size.unit:
        raise CephError(N_("Tracings in different units cannot be laid over each other."))
    here, there = first.oriented, second.oriented
    return _result(first, second, method, registered(here, there, method))


def registered(here: Mapping[str, Point], there: Mapping[str, Point], method: Method) -> Transform:
    """The transform that brings `there` onto `here`: line on line, origin on origin."""
    a, b = (direction(*(point(end, points) for end in method.line)) for points in (here, there))
    turn = math.atan2(a[1], a[0]) - math.atan2(b[1], b[0])
    return _onto(point(method.origin, here), point(method.origin, there), turn)


def best_fit(here: Mapping[str, Point], there: Mapping[str, Point], names: tuple[str, ...]) -> Transform:
    """The rigid transform of least squares over named landmarks. Raises CephError with fewer than two in common."""
    common = [name for name in names if name in here and name in there]
    if len(common) < 2:
        raise CephError(N_("A best fit needs at least two landmarks that both tracings hold."))
    to, of = (_centre([points[name] for name in common]) for points in (here, there))
    cross = dot = 0.0
    for name in common:
        ux, uy = there[name][0] - of[0], there[name][1] - of[1]
        vx, vy = here[name][0] - to[0], here[name][1] - to[1]
        cross, dot = cross + ux * vy - uy * vx, dot + ux * vx + uy * vy
    return _onto(to, of, math.atan2(cross, dot))


def _onto(here: Point, there: Point, turn: float) -> Transform:
    cos, sin = math.cos(turn), math.sin(turn)
    return Transform(cos, sin, here[0] - cos * there[0] + sin * there[1], here[1] - sin * there[0] - cos * there[1])


def _centre(points: list[Point]) -> Point:
    return sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)


def _result(first: Tracing, second: Tracing, method: Method, transform: Transform) -> Superimposition:
    here = first.oriented
    moved = {name: transform.apply(p) for name, p in second.oriented.items()}
    moves = {n: (moved[n][0] - here[n][0], moved[n][1] - here[n][1]) for n in moved if n in here}
    trusted = first.size.trusted and second.size.trusted
    return Superimposition(method, transform, moved, moves, first.size.unit.value, trusted)

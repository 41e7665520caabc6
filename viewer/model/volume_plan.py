"""What a person drew into a volume: marks in millimetres of the patient, the arch, nerve canals, condyles, the airway.

Positions are millimetres of the patient's system (PS3.3 §C.7.6.2.1.1), never pixels, so that a plan fits however the
planes lie. It is kept as JSON; what another version wrote and this one does not know is refused, not dropped.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from viewer.errors import N_, ViewerError

Place = tuple[float, float, float]
VERSION = 1
MOST_POINTS = 400
FARTHEST_MM = 5000.0
DEFAULT_CANAL_MM = 3.0
DEFAULT_WARNING_MM = 2.0
"""Safety distance to the mandibular canal that surgical texts ask for (Greenstein and Tarnow, J Periodontol 2006)."""


class PlanError(ViewerError):
    """A plan that cannot be read."""

    message_id = N_("What was drawn into this volume cannot be read.")


class MarkKind(StrEnum):
    """What is measured between the points."""

    LENGTH = "length"
    ANGLE = "angle"
    REGION = "region"


POINTS = {MarkKind.LENGTH: 2, MarkKind.ANGLE: 3, MarkKind.REGION: 3}
"""Of a region: the middle of an ellipse, and the ends of its two half axes."""


class Side(StrEnum):
    """Of the patient."""

    RIGHT = "right"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class SpatialMark:
    """One measurement."""

    kind: MarkKind
    points: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Canal:
    """A nerve canal as a polyline through its middle; a tube of `diameter_mm` is drawn."""

    points: tuple[Place, ...]
    diameter_mm: float = DEFAULT_CANAL_MM


@dataclass(frozen=True, slots=True)
class Condyle:
    """The middle of a condyle, and how many degrees its long axis is turned from the left-right line, seen from below.

    Positive where the medial pole lies further back, as it usually does.
    """

    middle: Place
    degrees: float = 0.0


@dataclass(frozen=True, slots=True)
class AirwayPlan:
    """A place in the airway, the value below which cells are air, and the heights between which it is measured."""

    seed: Place
    below: float
    low_mm: float
    high_mm: float


@dataclass(frozen=True, slots=True)
class VolumePlan:
    """All that was drawn into one volume."""

    marks: tuple[SpatialMark, ...] = ()
    arch: tuple[tuple[float, float], ...] = ()
    arch_z_mm: float = 0.0
    thickness_mm: float = 12.0
    canals: Mapping[Side, Canal] = field(default_factory=dict)
    warning_mm: float = DEFAULT_WARNING_MM
    condyles: Mapping[Side, Condyle] = field(default_factory=dict)
    airway: AirwayPlan | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was drawn."""
        return not (self.marks or self.arch or self.canals or self.condyles or self.airway)

    def with_mark(self, mark: SpatialMark) -> VolumePlan:
        """One more measurement."""
        return replace(self, marks=(*self.marks, mark))

    def without_mark(self, index: int) -> VolumePlan:
        """One measurement less."""
        return replace(self, marks=tuple(mark for place, mark in enumerate(self.marks) if place != index))

    def with_canal(self, side: Side, canal: Canal | None) -> VolumePlan:
        """Another canal of a side, or none."""
        rest = {key: value for key, value in self.canals.items() if key is not side}
        return replace(self, canals=rest if canal is None or not canal.points else {**rest, side: canal})

    def with_condyle(self, side: Side, condyle: Condyle) -> VolumePlan:
        """Another condyle of a side."""
        return replace(self, condyles={**self.condyles, side: condyle})


def plan_to_json(plan: VolumePlan) -> str:
    """The same plan is always the same text."""
    body = asdict(plan)
    body["canals"] = {side.value: asdict(canal) for side, canal in plan.canals.items()}
    body["condyles"] = {side.value: asdict(condyle) for side, condyle in plan.condyles.items()}
    return json.dumps({"version": VERSION, **_rounded(body)}, sort_keys=True, separators=(",", ":"))


def plan_from_json(text: str) -> VolumePlan:
    """Read a plan. Raises PlanError for anything that is none."""
    try:
        body = json.loads(text)
        if not isinstance(body, dict) or body.get("version") != VERSION:
            raise PlanError
        airway = body["airway"]
        return VolumePlan(
            marks=tuple(_mark(item) for item in body["marks"]),
            arch=tuple((_number(x), _number(y)) for x, y in _few(body["arch"])),
            arch_z_mm=_number(body["arch_z_mm"]),
            thickness_mm=_number(body["thickness_mm"]),
            canals={Side(side): Canal(_places(item["points"]), _number(item["diameter_mm"]))
                    for side, item in body["canals"].items()},
            warning_mm=_number(body["warning_mm"]),
            condyles={Side(side): Condyle(_place(item["middle"]), _number(item["degrees"]))
                      for side, item in body["condyles"].items()},
            airway=None if airway is None else AirwayPlan(
                _place(airway["seed"]), _number(airway["below"]), _number(airway["low_mm"]), _number(airway["high_mm"])
            ),
        )  # fmt: skip
    except PlanError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise PlanError from None


def _mark(item: Any) -> SpatialMark:
    kind = MarkKind(item["kind"])
    points = _places(item["points"])
    if len(points) != POINTS[kind]:
        raise PlanError
    return SpatialMark(kind, points)


def _places(items: Any) -> tuple[Place, ...]:
    return tuple(_place(item) for item in _few(items))


def _few(items: Any) -> Iterable[Any]:
    if not isinstance(items, list) or len(items) > MOST_POINTS:
        raise PlanError
    return items


def _place(item: Any) -> Place:
    x, y, z = (_number(part) for part in item)
    return x, y, z


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise PlanError
    if abs(value) > FARTHEST_MM * 20:  # values of cells pass through here too
        raise PlanError
    return float(value)


def _rounded(value: Any) -> Any:
    """Millimetres to the micrometre: what is drawn is no finer, and the same drawing is the same text."""
    if isinstance(value, float):
        return round(value, 3) + 0.0
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return [_rounded(item) for item in value] if isinstance(value, list | tuple) else value

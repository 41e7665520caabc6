"""Points that a person placed on a study model, in mm of the model as its file has them, and where it stands since it
was aligned. Kept as JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from viewer.errors import N_, ViewerError

Place = tuple[float, float, float]
Placement = tuple[float, ...]
"""Three rows of a rotation and a shift in mm: x' = a x + b y + c z + d, and so on. Empty: as the file has it."""
VERSION = 1
MOST_POINTS = 200
FARTHEST_MM = 5000.0
AS_FILED: Placement = (1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0)
RIGID = 1e-4
"""How far rounding may take a rotation from a rotation."""


class ModelPlanError(ViewerError):
    """Points that cannot be read."""

    message_id = N_("The points on this model cannot be read.")


@dataclass(frozen=True, slots=True)
class ModelPlan:
    """Points by name. Of a crown `16m` and `16d` are its mesial and distal point; `line` is the line of the arch.

    `jaw` is `upper`, `lower` or '' where nobody said so. Names: `incisor` the edge of the incisor that overjet and
    overbite are read at, `contact 43 42 a` and `… b` the two anatomic contact points between two teeth.
    """

    jaw: str = ""
    points: Mapping[str, Place] = field(default_factory=dict)
    line: tuple[Place, ...] = ()
    placement: Placement = ()

    @property
    def matrix(self) -> list[list[float]]:
        """(4, 4): millimetres of the file to where the model stands."""
        rows = self.placement or AS_FILED
        return [list(rows[0:4]), list(rows[4:8]), list(rows[8:12]), [0.0, 0.0, 0.0, 1.0]]

    def standing(self, matrix: Sequence[Sequence[float]]) -> ModelPlan:
        """With the model where a (4, 4) motion brings it; the identity is no placement."""
        rows = tuple(float(part) for row in list(matrix)[:3] for part in row)
        return replace(self, placement=() if rows == AS_FILED else rows)

    def placed(self, name: str, place: Place | None) -> ModelPlan:
        """With a point placed, or taken away."""
        rest = {key: value for key, value in self.points.items() if key != name}
        return replace(self, points=rest if place is None else {**rest, name: place})


def model_plan_to_json(plan: ModelPlan) -> str:
    """The same plan is always the same text."""
    body = {
        "version": VERSION,
        "jaw": plan.jaw,
        "points": {name: [round(part, 3) + 0.0 for part in place] for name, place in plan.points.items()},
        "line": [[round(part, 3) + 0.0 for part in place] for place in plan.line],
    }
    if plan.placement:  # plans of before it was kept stay the text that they were
        body["placement"] = [round(part, 9) + 0.0 for part in plan.placement]
    return json.dumps(body, sort_keys=True, separators=(",", ":"))


def model_plan_from_json(text: str) -> ModelPlan:
    """Read points. Raises ModelPlanError."""
    try:
        body = json.loads(text)
        if not isinstance(body, dict) or body.get("version") != VERSION or body["jaw"] not in ("", "upper", "lower"):
            raise ModelPlanError
        if len(body["points"]) > MOST_POINTS or len(body["line"]) > MOST_POINTS:
            raise ModelPlanError
        points = {_name(name): _place(place) for name, place in body["points"].items()}
        placement = _placement(body.get("placement") or [])
        return ModelPlan(body["jaw"], points, tuple(_place(place) for place in body["line"]), placement)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise ModelPlanError from None


def _name(name: str) -> str:
    if not 0 < len(name) <= 40:
        raise ModelPlanError
    return name


def _placement(values: Any) -> Placement:
    """Twelve numbers that turn and move; a placement that bends, mirrors or enlarges would falsify every figure."""
    parts = [_number(value) for value in values]
    if not parts:
        return ()
    if len(parts) != 12:
        raise ModelPlanError
    a, b, c = (parts[start : start + 3] for start in (0, 4, 8))
    across = (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])
    lengths = (math.hypot(*a) - 1, math.hypot(*b) - 1, math.dist(across, c))
    if max(abs(apart) for apart in lengths) > RIGID:
        raise ModelPlanError
    return tuple(parts)


def _place(value: Any) -> Place:
    x, y, z = value
    return _number(x), _number(y), _number(z)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ModelPlanError
    if abs(value) > FARTHEST_MM:
        raise ModelPlanError
    return float(value)

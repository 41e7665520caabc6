"""Points that a person placed on a study model, in millimetres of the model as its file has them. Kept as JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from viewer.errors import N_, ViewerError

Place = tuple[float, float, float]
VERSION = 1
MOST_POINTS = 200
FARTHEST_MM = 5000.0


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
        return ModelPlan(body["jaw"], points, tuple(_place(place) for place in body["line"]))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise ModelPlanError from None


def _name(name: str) -> str:
    if not 0 < len(name) <= 40:
        raise ModelPlanError
    return name


def _place(value: Any) -> Place:
    x, y, z = value
    for part in (x, y, z):
        if isinstance(part, bool) or not isinstance(part, int | float) or not math.isfinite(part):
            raise ModelPlanError
        if abs(part) > FARTHEST_MM:
            raise ModelPlanError
    return float(x), float(y), float(z)

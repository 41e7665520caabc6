"""The points of a model analysis by name, in the order in which they are placed, and the figures that follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from viewer.errors import N_
from viewer.mesh.mesh import Points
from viewer.mesh.model_analysis import (
    LOWER,
    LOWER_FRONT,
    UPPER,
    AnalysisError,
    Bite,
    Bolton,
    Crown,
    Space,
    bite,
    bolton,
    irregularity,
    space,
)
from viewer.model.model_plan import ModelPlan, Place

MESIAL, DISTAL, EDGE = "m", "d", "incisor"
LINE_POINTS = 5
MOLARS = (36, 46)


def point_names(jaw: str) -> tuple[str, ...]:
    """What is placed on a model of a jaw: crowns from right to left, an incisal edge, lower contacts."""
    teeth = UPPER if jaw == "upper" else LOWER
    names = [f"{tooth}{end}" for tooth in teeth for end in _ends(tooth)]
    names.append(EDGE)
    names += [f"line {number}" for number in range(1, LINE_POINTS + 1)]
    if jaw == "lower":
        names += [f"contact {a} {b} {side}" for a, b in pairwise(LOWER_FRONT) for side in "ab"]
    return tuple(names)


def _ends(tooth: int) -> tuple[str, str]:
    """On the right side the distal end comes first, going from right to left."""
    return (DISTAL, MESIAL) if tooth // 10 in (1, 4) else (MESIAL, DISTAL)


def crowns(plans: Mapping[str, ModelPlan]) -> dict[int, Crown]:
    """The crowns of both jaws whose two points are placed."""
    found = {}
    for plan in plans.values():
        for tooth in (*UPPER, *LOWER):
            mesial, distal = plan.points.get(f"{tooth}{MESIAL}"), plan.points.get(f"{tooth}{DISTAL}")
            if mesial is not None and distal is not None:
                found[tooth] = Crown(mesial, distal)
    return found


@dataclass(frozen=True, slots=True)
class Figures:
    """What can be told of the points that are placed; None for what still lacks one. `lacking` says what is first."""

    overall: Bolton | None
    anterior: Bolton | None
    spaces: Mapping[str, Space]
    little: float | None
    bite: Bite | None
    lacking: tuple[AnalysisError, ...]


def figures(plans: Mapping[str, ModelPlan], matrices: Mapping[str, Points]) -> Figures:
    """Of an `upper` and a `lower` model; `matrices` bring their points into one space, the teeth in occlusion."""
    known, lacking = crowns(plans), []
    ratios: dict[bool, Bolton | None] = {}
    for anterior in (False, True):
        try:
            ratios[anterior] = bolton(known, anterior=anterior)
        except AnalysisError as error:
            ratios[anterior] = None
            lacking.append(error)
    spaces = {}
    for jaw, plan in plans.items():
        line = [plan.points[name] for name in point_names(jaw) if name.startswith("line ") and name in plan.points]
        try:
            spaces[jaw] = space(line, known, upper=jaw == "upper")
        except AnalysisError as error:
            lacking.append(error)
    return Figures(ratios[False], ratios[True], spaces, _little(plans), _bite(plans, matrices), tuple(lacking))


def _little(plans: Mapping[str, ModelPlan]) -> float | None:
    """Contacts dropped onto the occlusal plane of the lower molars and the incisor, as the index is defined."""
    plan = plans.get("lower")
    plane = _occlusal(plan) if plan is not None else None
    if plan is None or plane is None:
        return None
    flat = []
    for a, b in pairwise(LOWER_FRONT):
        one, two = (plan.points.get(f"contact {a} {b} {side}") for side in "ab")
        if one is not None and two is not None:
            flat.append((_dropped(one, plane[1]), _dropped(two, plane[1])))
    return irregularity(flat) if len(flat) == 5 else None


def _dropped(place: Place, normal: Points) -> Place:
    vector = np.asarray(place, np.float64)
    x, y, z = (vector - normal * float(vector @ normal)).tolist()
    return x, y, z


def _occlusal(plan: ModelPlan) -> tuple[Points, Points] | None:
    """(forward, upward) of the lower arch from its first molars and its incisor; None where they are not placed."""
    molars = [plan.points.get(f"{tooth}{MESIAL}") for tooth in MOLARS]
    edge = plan.points.get(EDGE)
    if edge is None or molars[0] is None or molars[1] is None:
        return None
    left, right, front = (np.asarray(place, np.float64) for place in (molars[0], molars[1], edge))
    upward = np.cross(right - left, front - left)  # seen from above, left, right, front run against the clock
    forward = front - (left + right) / 2
    forward = forward - (right - left) * float(forward @ (right - left)) / float((right - left) @ (right - left))
    lengths = float(np.linalg.norm(upward)), float(np.linalg.norm(forward))
    return None if min(lengths) < 1e-6 else (forward / lengths[1], upward / lengths[0])


def _bite(plans: Mapping[str, ModelPlan], matrices: Mapping[str, Points]) -> Bite | None:
    upper, lower = plans.get("upper"), plans.get("lower")
    if upper is None or lower is None or EDGE not in upper.points or EDGE not in lower.points:
        return None
    plane = _occlusal(lower)
    if plane is None:
        return None
    turn = matrices["lower"][:3, :3]
    ahead, above = (turn @ side for side in plane)
    return bite(_moved(upper, matrices["upper"]), _moved(lower, matrices["lower"]), _three(ahead), _three(above))


def _moved(plan: ModelPlan, matrix: Points) -> Place:
    return _three(matrix[:3, :3] @ np.asarray(plan.points[EDGE]) + matrix[:3, 3])


def _three(vector: Points) -> Place:
    x, y, z = vector.tolist()
    return x, y, z


NAMES = {
    MESIAL: N_("{tooth} mesial"), DISTAL: N_("{tooth} distal"), EDGE: N_("Edge of the incisor"),
    "line": N_("Line of the arch, point {number}"), "contact": N_("Contact {first}–{second}, {side}"),
}  # fmt: skip

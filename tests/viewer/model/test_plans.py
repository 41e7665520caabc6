"""What is drawn into volumes and placed on models: written, read back, and refused where it is none."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from viewer.errors import ViewerError
from viewer.model.model_plan import ModelPlan, model_plan_from_json, model_plan_to_json
from viewer.model.volume_plan import (
    AirwayPlan,
    Canal,
    Condyle,
    MarkKind,
    Side,
    SpatialMark,
    VolumePlan,
    plan_from_json,
    plan_to_json,
)

PLAN = VolumePlan(
    marks=(SpatialMark(MarkKind.LENGTH, ((0.0, 1.0, 2.0), (3.5, 4.0, 5.0))),),
    arch=((-30.0, 5.0), (0.0, -40.0), (30.0, 5.0)),
    arch_z_mm=-12.5,
    canals={Side.LEFT: Canal(((1.0, 2.0, 3.0),), 2.5)},
    condyles={Side.RIGHT: Condyle((-48.0, 12.0, 30.0), 20.0)},
    airway=AirwayPlan((0.0, 10.0, -5.0), -400.0, -35.0, 25.0),
)


def test_a_plan_is_read_as_it_was_written() -> None:
    text = plan_to_json(PLAN)
    assert plan_from_json(text) == PLAN
    assert plan_to_json(plan_from_json(text)) == text
    assert plan_from_json(plan_to_json(VolumePlan())).is_empty
    assert not PLAN.is_empty


def test_points_of_a_model_are_read_as_they_were_written() -> None:
    plan = ModelPlan("upper", {"16m": (1.0, 2.0, 3.0)}, ((0.0, 0.0, 0.0),)).placed("incisor", (4.0, 5.0, 6.0))
    assert model_plan_from_json(model_plan_to_json(plan)) == plan
    assert plan.placed("16m", None).points == {"incisor": (4.0, 5.0, 6.0)}


TURNED = ((0.6, -0.8, 0.0, 12.5), (0.8, 0.6, 0.0, -3.0), (0.0, 0.0, 1.0, 40.0), (0.0, 0.0, 0.0, 1.0))


def test_where_an_aligned_model_stands_is_kept_and_only_where_it_stands() -> None:
    plan = ModelPlan("lower", {"incisor": (4.0, 5.0, 6.0)}).standing(TURNED)
    again = model_plan_from_json(model_plan_to_json(plan))
    assert again == plan
    assert again.matrix == [list(row) for row in TURNED]
    back = again.standing(ModelPlan().matrix)
    assert back == ModelPlan("lower", {"incisor": (4.0, 5.0, 6.0)})
    assert "placement" not in model_plan_to_json(back), "what was never aligned stays the text that it was"


@pytest.mark.parametrize(
    "bent",
    [
        [1.0] * 12, [1.0] * 11, "abc", 7, [True] * 12,
        [2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0],
        [-1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
        [1, 0.5, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
        [1, 0, 0, 1e9, 0, 1, 0, 0, 0, 0, 1, 0],
    ],
)  # fmt: skip
def test_a_placement_that_is_no_motion_is_refused(bent: object) -> None:
    body = json.loads(model_plan_to_json(ModelPlan("upper")))
    with pytest.raises(ViewerError):
        model_plan_from_json(json.dumps({**body, "placement": bent}))


def spoilt(text: str) -> list[str]:
    body = json.loads(text)
    other = {**body, "version": 2}
    found = ["", "[]", "null", "{", json.dumps(other), text.replace("2.0", "NaN"), text.replace("2.0", "1e300")]
    for name in body:
        found.append(json.dumps({key: value for key, value in body.items() if key != name}))
        found.append(json.dumps({**body, name: "x"}))
        found.append(json.dumps({**body, name: [[True]]}))
    return found


@pytest.mark.parametrize(
    ("read", "text"),
    [
        *((plan_from_json, text) for text in spoilt(plan_to_json(PLAN))),
        *((model_plan_from_json, text) for text in spoilt(model_plan_to_json(ModelPlan("", {"a": (1, 2.0, 3)})))),
    ],
)
def test_anything_else_is_refused_with_a_sentence(read: Callable[[str], object], text: str) -> None:
    with pytest.raises(ViewerError):
        read(text)


def test_a_measurement_has_as_many_points_as_its_kind() -> None:
    text = plan_to_json(VolumePlan(marks=(SpatialMark(MarkKind.ANGLE, ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0))),)))
    with pytest.raises(ViewerError):
        plan_from_json(text)

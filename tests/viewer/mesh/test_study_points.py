"""Points on models: the ray that meets a surface, the figures of an analysis, the colours of distances."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from tests.viewer.mesh.test_meshes import globe
from viewer.mesh.colouring import DIFFERENCE, OCCLUSION, markers
from viewer.mesh.model_analysis import LOWER, LOWER_FRONT, UPPER
from viewer.mesh.picking import hit
from viewer.mesh.study_points import figures, point_names
from viewer.model.model_plan import ModelPlan, Place


def arch(teeth: tuple[int, ...], width: float, back: float = 0.0, z: float = 0.0) -> dict[str, Place]:
    """Crowns of one width side by side on half a circle, and the line through their middles."""
    points: dict[str, Place] = {}
    for number, tooth in enumerate(teeth):
        turn = math.pi * (number + 0.5) / len(teeth)
        x, y = -25 * math.cos(turn), back - 30 * math.sin(turn)
        right = tooth // 10 in (1, 4)
        points[f"{tooth}{'d' if right else 'm'}"] = (x - width / 2, y, z)
        points[f"{tooth}{'m' if right else 'd'}"] = (x + width / 2, y, z)
    return points


def test_every_point_of_an_analysis_has_a_name_of_its_own() -> None:
    for jaw in ("upper", "lower"):
        names = point_names(jaw)
        assert len(set(names)) == len(names)
    assert point_names("upper")[:2] == ("16d", "16m")
    assert point_names("upper")[22:24] == ("26m", "26d")


def test_figures_with_known_answers() -> None:
    lower = {**arch(LOWER, 7.0), "incisor": (0.0, -30.0, 0.0)}
    for number, (a, b) in enumerate(pairwise(LOWER_FRONT)):
        lower[f"contact {a} {b} a"], lower[f"contact {a} {b} b"] = (number, -29.0, 0.0), (number, -28.2, 3.0)
    upper = {**arch(UPPER, 8.0), "incisor": (0.0, -33.0, -2.0)}
    for number in range(1, 6):
        upper[f"line {number}"] = (20.0 * number, 0.0, 0.0)
    plans = {"upper": ModelPlan("upper", upper), "lower": ModelPlan("lower", lower)}
    still = {"upper": np.eye(4), "lower": np.eye(4)}
    found = figures(plans, still)
    assert found.overall is not None
    assert found.anterior is not None
    assert found.overall.ratio == pytest.approx(87.5, abs=0.01)
    assert found.anterior.ratio == pytest.approx(87.5, abs=0.01)
    assert found.overall.excess == pytest.approx(-(96 - 84 / 0.913), abs=0.05)
    assert found.spaces["upper"].available == pytest.approx(80, abs=0.05)
    assert found.spaces["upper"].required == pytest.approx(80, abs=0.05)
    assert found.little == pytest.approx(5 * 0.8, abs=0.05), "heights do not count: it is measured in the plane"
    assert found.bite is not None
    assert (found.bite.overjet, found.bite.overbite) == (pytest.approx(3, abs=0.05), pytest.approx(2, abs=0.05))
    assert not [error for error in found.lacking if "tooth" in error.values]


def test_an_alignment_moves_the_bite_and_no_width() -> None:
    lower = ModelPlan("lower", {**arch(LOWER, 7.0), "incisor": (0.0, -30.0, 0.0)})
    upper = ModelPlan("upper", {**arch(UPPER, 8.0), "incisor": (0.0, -33.0, -2.0)})
    moved = np.eye(4)
    moved[:3, 3] = (0, 1, 5)
    found = figures({"upper": upper, "lower": lower}, {"upper": moved, "lower": np.eye(4)})
    assert found.bite is not None
    assert (found.bite.overjet, found.bite.overbite) == (pytest.approx(2), pytest.approx(-3))
    assert found.overall is not None
    assert found.overall.ratio == pytest.approx(87.5)


def test_what_lacks_is_told_and_nothing_is_made_up() -> None:
    found = figures({"upper": ModelPlan("upper", {"16m": (0, 0, 0)})}, {"upper": np.eye(4)})
    assert (found.overall, found.anterior, found.little, found.bite) == (None, None, None, None)
    assert found.lacking[0].values == {"tooth": 16}


def test_a_line_of_sight_meets_the_near_side_of_a_globe() -> None:
    ball = globe(10, (1, 2, 3))
    place = hit(ball, np.array([1.0, -50, 3.0]), np.array([0.0, 1, 0]))
    assert place == pytest.approx((1, -8, 3), abs=0.05)
    assert hit(ball, np.array([30.0, -50, 3.0]), np.array([0.0, 1, 0])) is None
    assert hit(ball, np.array([1.0, 50, 3.0]), np.array([0.0, 1, 0])) is None, "nothing behind the eye"


def test_colours_run_from_near_to_far() -> None:
    near, contact, far = OCCLUSION.colours(np.array([-5.0, 0.2, 9.0])).tolist()
    assert near == [178, 24, 43]
    assert contact == [253, 174, 97]
    assert far == [226, 222, 214]
    assert DIFFERENCE.colours(np.array([0.0])).tolist() == [[247, 247, 247]]


def test_a_marker_is_a_closed_ball_at_each_place() -> None:
    balls = markers([(0, 0, 0), (10, 0, 0)], 1.0)
    assert balls is not None
    assert balls.closed
    assert balls.volume_mm3 == pytest.approx(2 * 4 / 3 * math.pi, rel=0.15)
    assert markers([]) is None

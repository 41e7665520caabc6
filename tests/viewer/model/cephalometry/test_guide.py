"""Which landmarks are asked for, where they may lie, what is kept, how outlines run, how proposals are scored."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.viewer.model.cephalometry.face import FACE
from viewer.model.cephalometry import ANALYSES, DERIVED, LANDMARKS, Dimension, Measure, Norm, Subject, Tracing
from viewer.model.cephalometry.analysis import Analysis, read, read_measure
from viewer.model.cephalometry.guide import facing_left, landmarks_of, next_landmark
from viewer.model.cephalometry.kept import Placed, TracingError, tracing_from_json, tracing_to_json
from viewer.model.cephalometry.outlines import OUTLINES, curve, drawn
from viewer.model.cephalometry.proposals import EDGE, RULES, propose, snapped
from viewer.model.cephalometry.scoring import errors, score, scores
from viewer.model.cephalometry.store import CLINIC, Fleeting, offered, with_measure, with_norm, without_measure
from viewer.model.cephalometry.template import PLACES, predicted

DOWN = {name: (x, -y) for name, (x, y) in FACE.items()}


@pytest.mark.parametrize("analysis", ANALYSES.values())
def test_what_is_asked_for_is_enough_for_every_measure(analysis: Analysis) -> None:
    names = landmarks_of([analysis])
    placed = {name: DOWN[name] if name in DOWN else PLACES[name] for name in names}
    assert list(names) == sorted(names, key=list(LANDMARKS).index)
    assert all(reading.problem is None for reading in read(analysis, Tracing(placed, faces_left=False)))


def test_a_constructed_point_is_not_asked_for_once_its_parts_stand() -> None:
    assert "Go" in landmarks_of([ANALYSES["tweed"]])
    parts = {name: PLACES[name] for name in ("Ar", "RT", "Me", "MT")}
    assert "Go" not in landmarks_of([ANALYSES["tweed"]], parts)


def test_the_next_landmark_is_the_next_without_a_place_and_begins_anew_at_the_end() -> None:
    order = ("S", "N", "A", "B")
    assert next_landmark(order, {"S"}) == "N"
    assert next_landmark(order, {"S", "A"}, "N") == "B"
    assert next_landmark(order, {"A", "B"}, "B") == "S"
    assert next_landmark(order, order) == ""


def test_facing_is_known_from_two_points_and_unknown_from_one() -> None:
    assert facing_left({"S": (0, 0)}) is None
    assert facing_left({"S": (0, 0), "N": (10, 1)}) is False
    assert facing_left({"S": (0, 0), "N": (-10, 1)}) is True


def test_every_landmark_has_a_place_on_the_schematic_face() -> None:
    assert PLACES.keys() == LANDMARKS.keys()
    assert {name for outline in OUTLINES for name in outline.names} <= LANDMARKS.keys()
    assert RULES.keys() <= LANDMARKS.keys()


@given(
    turn=st.floats(-3, 3), scale=st.floats(0.2, 20), dx=st.floats(-500, 500), mirrored=st.booleans(),
    wanted=st.sampled_from(sorted(LANDMARKS)),
)  # fmt: skip
def test_the_predicted_place_follows_turn_scale_and_mirror(
    turn: float, scale: float, dx: float, mirrored: bool, wanted: str
) -> None:
    def place(point: tuple[float, float]) -> tuple[float, float]:
        x, y = -point[0] if mirrored else point[0], point[1]
        cos, sin = scale * math.cos(turn), scale * math.sin(turn)
        return cos * x - sin * y + dx, sin * x + cos * y

    placed = {name: place(PLACES[name]) for name in ("S", "N", "Me", "ANS", "Or", "Po")}
    found = predicted(placed, wanted)
    assert found == pytest.approx(place(PLACES[wanted]), abs=scale)
    assert predicted({"S": (0, 0)}, wanted) is None


def test_outlines_run_through_their_landmarks_and_leave_out_what_is_not_placed() -> None:
    through = [(0.0, 0.0), (10.0, 5.0), (20.0, 0.0), (25.0, 30.0)]
    pieces = curve(through)
    assert [piece[0] for piece in pieces] + [pieces[-1][3]] == through
    for one, other in itertools.pairwise(pieces):
        ahead = one[3][0] - one[2][0], one[3][1] - one[2][1]
        behind = other[1][0] - other[0][0], other[1][1] - other[0][1]
        assert ahead[0] * behind[1] - ahead[1] * behind[0] == pytest.approx(0, abs=1e-6), "a corner in the curve"
    assert curve([(1.0, 1.0), (1.0, 1.0)]) == ()
    assert {outline.outline_id for outline, _ in drawn({"PNS": (0, 0), "ANS": (9, 0)})} == {"palate"}


def test_a_tracing_comes_back_as_it_was_kept_and_wrong_ones_are_refused() -> None:
    placed = Placed().with_point("S", (1.23456, 2)).with_point("N", (9, 9)).skipping("A").without("N")
    assert placed.points == {"S": (1.235, 2)}
    assert tracing_from_json(tracing_to_json(placed)) == placed
    assert placed.with_point("A", (1, 1)).skipped == frozenset()
    for wrong in (
        "",
        "{}",
        "[1]",
        tracing_to_json(placed).replace('"S"', '"Q"'),
        tracing_to_json(placed).replace("1235", "1.5"),
    ):
        with pytest.raises(TracingError):
            tracing_from_json(wrong)


def disc(radius: float = 30.0, noise: float = 0.0) -> np.ndarray:
    """A bright disc about (60, 60) on black: its foremost point is (60 + radius, 60)."""
    y, x = np.mgrid[0:120, 0:120] + 0.5
    grey = np.where(np.hypot(x - 60, y - 60) < radius, 1000.0, 0.0)
    return grey + np.random.default_rng(5).normal(0, noise, grey.shape)


@pytest.mark.parametrize(
    ("landmark", "near", "left", "expected"),
    [
        ("Pog", (86.0, 68.0), False, (90, 60)), ("Pog", (34.0, 52.0), True, (30, 60)),
        ("Me", (66.0, 86.0), False, (60, 90)), ("Po", (52.0, 34.0), False, (60, 30)),
        ("A", (34.0, 52.0), False, (30, 60)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("noise", [0.0, 40.0])
def test_the_rule_of_a_landmark_finds_the_extreme_of_the_contour(
    landmark: str, near: tuple[float, float], left: bool, expected: tuple[float, float], noise: float
) -> None:
    found = propose(disc(noise=noise), landmark, near, left)[0]
    assert (found.landmark_id, found.origin) == (landmark, RULES[landmark][1])
    assert math.dist(found.point, expected) <= 3.5
    assert 0.4 <= found.confidence <= 1


def test_the_nearest_edge_lies_on_the_edge_and_flat_grey_proposes_nothing() -> None:
    edge = snapped(disc(), (86, 60))
    assert edge is not None
    assert abs(math.dist(edge[0], (60, 60)) - 30) <= 1.5
    assert propose(disc(), "S", (86, 60))[0].origin == EDGE
    assert propose(disc(), "Pog", (60, 60)) == ()
    assert propose(np.zeros((120, 120)), "Pog", (60, 60)) == ()
    assert propose(disc(), "Pog", (500, 500)) == ()


def test_the_figures_of_proposals() -> None:
    truth = {"S": (0.0, 0.0), "N": (10.0, 0.0), "A": (0.0, 10.0), "B": (5.0, 5.0)}
    proposed = {"S": (0.0, 10.0), "N": (22.0, 16.0), "A": (0.0, 35.0)}
    found = errors(truth, proposed, (0.1, 0.1))
    assert found == {"S": pytest.approx(1.0), "N": pytest.approx(2.0), "A": pytest.approx(2.5), "B": None}
    every = scores([found])[0]
    assert (every.n, every.failures) == (4, 1)
    assert every.mre_mm == pytest.approx(5.5 / 3)
    assert every.sdr == (0.5, 0.75, 0.75, 0.75), "a landmark without a proposal is not detected"
    assert errors({"S": (0, 0)}, {"S": (10, 10)}, (0.1, 0.2))["S"] == pytest.approx(math.hypot(1, 2))
    assert score("none", [None]).mre_mm is None


def test_the_clinic_s_norm_stands_before_the_published_one_only_with_a_source() -> None:
    store, steiner = Fleeting(), ANALYSES["steiner"]
    own = Norm("Our 120 adolescents, 2024", "Québec, 12 to 16 years", 81.0, 3.0)
    store.keep(with_norm(steiner, "SNA", own))
    sna = offered(store)["steiner"].measures[0]
    tracing = Tracing(DOWN)
    assert read_measure(sna, tracing, Subject()).norm == own
    store.keep(with_norm(steiner, "SNA", Norm("", "", 99.0, 1.0)))
    hidden = read_measure(offered(store)["steiner"].measures[0], tracing, Subject()).norm
    assert hidden == steiner.measures[0].norms[0]
    store.forget("steiner")
    assert offered(store)["steiner"] == steiner


def test_a_measure_of_the_clinic_is_added_changed_and_taken_away() -> None:
    measure = Measure("Own", "Own", "distance(S, N)", Dimension.LENGTH)
    own = with_measure(Analysis(CLINIC, "Own", ()), measure)
    changed = with_measure(own, Measure("Own", "Own", "distance(S, A)", Dimension.LENGTH))
    assert [line.formula for line in changed.measures] == ["distance(S, A)"]
    assert without_measure(changed, "Own").measures == ()


def test_every_norm_row_that_ships_has_a_source_and_a_population() -> None:
    rows = [norm for analysis in ANALYSES.values() for measure in analysis.measures for norm in measure.norms]
    assert rows
    assert all(norm.shown for norm in rows)
    assert DERIVED.keys() & LANDMARKS.keys() == {"Gn", "Go", "Xi"}

"""Formulas: what they may hold, what they refuse, and how analyses are stored."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.viewer.model.cephalometry.face import face_tracing
from viewer.model.cephalometry import ANALYSES, DERIVED, LANDMARKS, FormulaError, Tissue
from viewer.model.cephalometry.formula import MissingLandmarks, evaluate, needed, parse
from viewer.model.cephalometry.functions import CephError
from viewer.model.cephalometry.storage import AnalysisError, analysis_from_json, analysis_to_json

SQUARE = {"S": (0.0, 0.0), "N": (10.0, 0.0), "A": (10.0, -10.0), "B": (0.0, -10.0), "Po": (5.0, 5.0)}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("distance(S, A)", 200**0.5),
        ("angle(S, N, A)", 90),
        ("inner(S, N, A)", 270),
        ("inner(A, N, S)", 90),
        ("signed(S, N, N, A)", 90),
        ("signed(N, A, S, N)", -90),
        ("between(N, A, S, N)", 90),
        ("offset(Po, S, N)", 5),
        ("offset(N, S, B)", 10),
        ("along(Po, N, S)", 5),
        ("distance(meet(S, A, N, B), mid(S, A))", 0),
        ("offset(foot(Po, S, N), S, N)", 0),
        ("angle(N, S, below(S, S, N))", 90),
        ("offset(N, S, below(S, S, N))", 10),
        ("distance(box(S, N, Po, B, S, N), Po)", 7.5),
        ("along(foremost(S, A, S, N), S, N)", 10),
        ("2 * distance(S, N) - -3 / 1.5", 22),
    ],
)
def test_functions_on_a_square(formula: str, value: float) -> None:
    assert evaluate(formula, SQUARE) == pytest.approx(value)


@pytest.mark.parametrize(
    "formula",
    [
        "",
        "S",
        "mid(S, N)",
        "angle(S, N)",
        "angle(S, N, 3)",
        "distance(S, N) ** 9",
        "__import__('os').system('true')",
        "distance(S, N).real",
        "distance(*[S, N])",
        "distance(S, N, key=A)",
        "nobody(S, N)",
        "distance(S, Nobody)",
        "lambda: 1",
        "1 if 1 else 2",
        "'text'",
        "True",
        "(" * 400 + "1" + ")" * 400,
        "1 + " * 300 + "1",
    ],
)
def test_anything_else_is_refused(formula: str) -> None:
    with pytest.raises(FormulaError):
        parse(formula)


@given(st.text(max_size=60))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    try:
        evaluate(text, SQUARE)
    except CephError:
        return
    assert needed(text) <= LANDMARKS.keys() | DERIVED.keys()


def test_geometry_without_an_answer_is_said_so() -> None:
    for formula in ("angle(S, S, A)", "distance(S, meet(S, N, B, A))", "1 / distance(S, S)", "offset(A, N, N)"):
        with pytest.raises(CephError):
            evaluate(formula, SQUARE)
    with pytest.raises(MissingLandmarks) as missing:
        evaluate("distance(S, Pog)", SQUARE)
    assert missing.value.names == {"Pog"}


def test_landmarks_are_complete() -> None:
    assert len(LANDMARKS) >= 40
    assert len({mark.name for mark in LANDMARKS.values()}) == len(LANDMARKS)
    assert all(mark.definition.endswith(".") for mark in LANDMARKS.values())
    assert {mark.tissue for mark in LANDMARKS.values()} == set(Tissue)
    used = set().union(*(needed(m.formula) for a in ANALYSES.values() for m in a.measures))
    assert used <= LANDMARKS.keys()


@pytest.mark.parametrize("name", ANALYSES)
def test_an_analysis_survives_storage_without_a_float(name: str) -> None:
    text = analysis_to_json(ANALYSES[name])
    json.loads(text, parse_float=pytest.fail)
    assert analysis_from_json(text) == ANALYSES[name]


def test_a_stored_analysis_is_checked() -> None:
    good = analysis_to_json(ANALYSES["wits"])
    for bad in ("", "[]", "{}", good.replace("archwire-analysis-1", "x"), good.replace("-1170", "-1.5")):
        with pytest.raises(AnalysisError):
            analysis_from_json(bad)
    with pytest.raises(FormulaError):
        analysis_from_json(good.replace("along(A, FOPP, FOPA)", "open(A)"))


def test_every_point_of_the_drawn_face_is_a_landmark() -> None:
    assert face_tracing().points.keys() <= LANDMARKS.keys()

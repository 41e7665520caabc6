"""Tracings laid over each other: rigid, registered where the method says, never scaled."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.viewer.model.cephalometry.face import FACE, MM, face_tracing
from viewer.model.cephalometry import METHODS, CephError, Tracing, superimpose
from viewer.model.cephalometry.superimposition import best_fit
from viewer.model.spacing import Origin, PixelSize, Unit

DETECTOR = PixelSize(1.0, 1.0, Unit.MM_DETECTOR, Origin.DETECTOR)
WITH_CANAL = {**face_tracing().points, "MC1": (60.0, 80.0), "MC2": (25.0, 58.0)}


def turned(
    points: dict[str, tuple[float, float]], degrees: float, dx: float, dy: float
) -> dict[str, tuple[float, float]]:
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return {name: (cos * x - sin * y + dx, sin * x + cos * y + dy) for name, (x, y) in points.items()}


@given(st.floats(-170, 170), st.floats(-90, 90), st.floats(-90, 90), st.sampled_from(sorted(METHODS)))
def test_the_same_face_on_a_moved_film_has_not_changed(degrees: float, dx: float, dy: float, method: str) -> None:
    second = Tracing(turned(WITH_CANAL, degrees, dx, dy), MM)
    found = superimpose(Tracing(WITH_CANAL, MM), second, METHODS[method])
    assert found.trusted
    assert all(math.hypot(*move) < 1e-6 for move in found.moves.values())


def test_growth_of_the_chin_shows_as_movement_from_sella() -> None:
    later = dict(face_tracing().points)
    later["Pog"] = (later["Pog"][0] + 3, later["Pog"][1] + 4)
    found = superimpose(face_tracing(), Tracing(turned(later, 25, 7, -3), MM), METHODS["SN"])
    assert found.moves["S"] == pytest.approx((0, 0), abs=1e-9)
    assert found.moves["Pog"] == pytest.approx((3, -4))
    assert found.transform.degrees == pytest.approx(25)


def test_a_longer_cranial_base_is_growth_and_is_not_scaled_away() -> None:
    later = dict(face_tracing().points)
    dx, dy = FACE["N"][0] - FACE["S"][0], FACE["N"][1] - FACE["S"][1]
    later["N"] = (later["N"][0] + dx / 10, later["N"][1] - dy / 10)
    moves = superimpose(face_tracing(), Tracing(later, MM), METHODS["SN"]).moves
    assert moves["N"] == pytest.approx((dx / 10, dy / 10))
    assert moves["Me"] == pytest.approx((0, 0), abs=1e-9)


def test_units_must_agree_and_trust_is_told() -> None:
    with pytest.raises(CephError, match="different units"):
        superimpose(face_tracing(), face_tracing(DETECTOR), METHODS["SN"])
    assert not superimpose(face_tracing(DETECTOR), face_tracing(DETECTOR), METHODS["SN"]).trusted


def test_a_best_fit_finds_the_movement_and_shares_out_the_rest() -> None:
    here = face_tracing().oriented
    there = turned(here, 12, 5, -8)
    fit = best_fit(here, there, ("S", "N", "Ba", "Or", "nobody"))
    assert fit.degrees == pytest.approx(-12)
    assert fit.apply(there["Me"]) == pytest.approx(here["Me"])
    with pytest.raises(CephError, match="at least two"):
        best_fit(here, there, ("S",))

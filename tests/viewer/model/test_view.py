"""The geometry of a view."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.model.view import Edges, View, edges, opposite

VIEW = View(columns=200, rows=100, width=400, height=400).fitted()

views = st.builds(
    View,
    columns=st.integers(1, 4000),
    rows=st.integers(1, 4000),
    width=st.integers(1, 3000),
    height=st.integers(1, 3000),
    aspect=st.floats(0.25, 4),
    scale=st.floats(0.02, 50),
    center=st.tuples(st.floats(0, 4000), st.floats(0, 4000)),
    turns=st.integers(0, 3),
    mirrored=st.booleans(),
)
points = st.tuples(st.floats(-3000, 3000), st.floats(-3000, 3000))


def test_fit_shows_the_whole_image_in_the_middle() -> None:
    assert VIEW.scale == 2
    assert VIEW.to_screen((0, 0)) == (0, 100)
    assert VIEW.to_screen((200, 100)) == (400, 300)
    assert VIEW.turned().fit_scale == 2
    assert View(200, 100, 400, 100).fitted().turned().scale == pytest.approx(0.5)


def test_pixels_that_are_not_square_are_stretched() -> None:
    tall = View(100, 100, 400, 400, aspect=2.0).fitted()
    assert tall.to_screen((0, 100)) == (100, 400)


@given(views, points)
def test_screen_and_image_are_inverse(view: View, point: tuple[float, float]) -> None:
    assert view.to_image(view.to_screen(point)) == pytest.approx(point, abs=1e-5)


@given(views, st.floats(0.5, 2), points)
def test_zoom_keeps_the_point_under_the_cursor(view: View, factor: float, about: tuple[float, float]) -> None:
    zoomed = view.zoomed(factor, about)
    inside = 0 < zoomed.center[0] < view.columns and 0 < zoomed.center[1] < view.rows
    if inside:
        assert zoomed.to_screen(view.to_image(about)) == pytest.approx(about, abs=1e-5)
    assert 0 <= zoomed.center[0] <= view.columns


@given(views)
def test_flipping_mirrors_what_is_seen(view: View) -> None:
    flipped = view.flipped()
    x, y = view.to_screen((view.center[0] + 10, view.center[1] + 7))
    assert flipped.to_screen((view.center[0] + 10, view.center[1] + 7)) == pytest.approx((view.width - x, y), abs=1e-6)
    assert flipped.flipped() == view


@given(views)
def test_four_quarter_turns_are_none(view: View) -> None:
    assert view.turned().turned().turned().turned() == view


def test_turning_is_clockwise() -> None:
    assert VIEW.turned().to_screen((0, 50)) == (200, 0)


def test_panning_stops_when_the_middle_would_leave_the_image() -> None:
    assert VIEW.panned(10, 0).center == (95, 50)
    assert VIEW.panned(9999, -9999).center == (0, 100)


def test_one_to_one_is_one_device_pixel_a_pixel() -> None:
    assert VIEW.one_to_one().scale == 1


def test_a_fitted_view_stays_fitted_in_another_size() -> None:
    assert VIEW.resized(100, 100).scale == 0.5
    assert VIEW.zoomed(2, (0, 0)).resized(100, 100).scale == 4


def test_visible_part_is_cut_to_the_image() -> None:
    assert VIEW.visible() == (0, 100, 0, 200)
    first_row, end_row, first_column, end_column = VIEW.zoomed(4, (0, 100)).visible()
    assert (first_row, first_column) == (0, 0)
    assert end_row < 60
    assert end_column < 60


def test_letters_follow_turns_and_mirror() -> None:
    assert edges(VIEW, ("L", "F")) == Edges("R", "H", "L", "F")
    assert edges(VIEW.flipped(), ("L", "F")) == Edges("L", "H", "R", "F")
    assert edges(VIEW.turned(), ("L", "F")) == Edges("F", "R", "H", "L")
    assert edges(VIEW.turned(2), ("A", "F")) == Edges("A", "F", "P", "H")
    assert opposite("LAH") == "RPF"

"""Finding, moving, reshaping and copying marks without a widget."""

from __future__ import annotations

import pytest

from viewer.model.mark_editing import duplicate, grip_at, segments, shifted, with_handle
from viewer.model.marks import Kind, Layer, Point, Sheet, new_mark

LENGTH = new_mark(Kind.LENGTH, [(10, 10), (50, 10)])
COBB = new_mark(Kind.COBB, [(0, 0), (10, 0), (0, 20), (10, 30)])


def doubled(point: Point) -> Point:
    return point[0] * 2, point[1] * 2


@pytest.mark.parametrize(
    ("at", "handle"), [((20, 20), 0), ((100, 22), 1), ((60, 23), None)]
)  # fmt: skip
def test_a_point_is_found_before_the_stroke(at: Point, handle: int | None) -> None:
    found = grip_at(Sheet((LENGTH,)), 0, doubled, at, 8)
    assert found is not None
    assert (found.mark, found.handle) == (LENGTH, handle)


def test_nothing_is_found_far_away_on_another_frame_or_in_a_hidden_layer() -> None:
    sheet = Sheet((LENGTH,))
    assert grip_at(sheet, 0, doubled, (60, 40), 8) is None
    assert grip_at(sheet, 1, doubled, (60, 20), 8) is None
    assert grip_at(sheet.with_layer(Layer("marks", visible=False)), 0, doubled, (60, 20), 8) is None


def test_the_chosen_mark_is_found_before_the_newer_one() -> None:
    newer = new_mark(Kind.ARROW, [(10, 10), (50, 10)])
    sheet = Sheet((LENGTH, newer))
    newest, chosen = (grip_at(sheet, 0, doubled, (60, 20), 8, name) for name in ("", LENGTH.mark_id))
    assert newest is not None
    assert chosen is not None
    assert (newest.mark, chosen.mark) == (newer, LENGTH)


def test_the_two_lines_of_a_cobb_angle_are_not_joined() -> None:
    assert segments(COBB) == (((0, 0), (10, 0)), ((0, 20), (10, 30)))


def test_moving_and_reshaping_keep_the_id_and_a_copy_has_its_own() -> None:
    assert shifted(LENGTH, 1.5, -2).points == ((11.5, 8), (51.5, 8))
    assert with_handle(LENGTH, 1, (60, 70)).points == ((10, 10), (60, 70))
    assert with_handle(LENGTH, 1, (60, 70)).mark_id == LENGTH.mark_id
    assert duplicate(LENGTH).mark_id != LENGTH.mark_id
    assert duplicate(LENGTH).points == ((22, 22), (62, 22))

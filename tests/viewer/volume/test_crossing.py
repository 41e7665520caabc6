"""The crossing of three planes: turned together, always square, and true in millimetres."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.viewer.volume.phantoms import Scan, sphere, write
from viewer.volume.assembling import assemble
from viewer.volume.crossing import Crossing, coarse, inside, letters
from viewer.volume.grid import Volume
from viewer.volume.planes import View, cut
from viewer.volume.series import largest_stack

CENTRE = (2.0, -1.5, 1.0)


@pytest.fixture
def ball(tmp_path: Path) -> Volume:
    return assemble(largest_stack(write(tmp_path / "ball", Scan(), sphere(CENTRE, 5.0))))


def test_turning_one_plane_leaves_it_and_turns_the_others() -> None:
    before = Crossing(np.zeros(3))
    after = before.turned(View.AXIAL, 30)
    assert after.is_oblique
    assert after.normal(View.AXIAL) == pytest.approx(before.normal(View.AXIAL))
    right, down = after.directions(View.CORONAL)
    assert right == pytest.approx((np.cos(np.pi / 6), np.sin(np.pi / 6), 0))
    assert down == pytest.approx((0, 0, -1))
    for _turn in range(500):
        after = after.turned(View.SAGITTAL, 1.7).turned(View.CORONAL, -0.9)
    assert after.turn @ after.turn.T == pytest.approx(np.eye(3), abs=1e-12)
    assert not after.upright().is_oblique


def test_the_lines_of_the_others_stand_square_in_every_view() -> None:
    turned = Crossing(np.zeros(3)).turned(View.AXIAL, 20).turned(View.CORONAL, -35)
    for view in View:
        one, two = (turned.line_of(other, view) for other in View if other is not view)
        assert one[0] * two[0] + one[1] * two[1] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("view", list(View))
@pytest.mark.parametrize("degrees", [0.0, 33.0])
def test_a_ball_is_found_where_it_is_however_the_planes_are_turned(ball: Volume, view: View, degrees: float) -> None:
    crossing = Crossing(np.asarray(CENTRE)).turned(View.CORONAL, degrees).turned(View.AXIAL, degrees / 2)
    plane = crossing.plane(ball, view)
    values = ball.values(cut(ball, plane))
    rows, columns = np.nonzero(values > 500)
    middle = plane.at_mm(float(columns.mean()), float(rows.mean()))
    assert middle == pytest.approx(CENTRE, abs=0.25), "within half a voxel"
    filled = float(np.clip(values / 1000, 0, 1).sum()) * plane.pixel_mm**2  # an edge pixel counts by its part
    assert filled == pytest.approx(np.pi * 25, rel=0.02)
    quick = coarse(plane, 2)
    assert (quick.rows, quick.pixel_mm) == (plane.rows // 2, plane.pixel_mm * 2)


def test_the_crossing_stays_within_the_volume(ball: Volume) -> None:
    low, high = ball.corners_mm.min(0), ball.corners_mm.max(0)
    found = inside(ball, (1000, -1000, 0))
    assert (found >= low).all()
    assert (found <= high).all()


def test_the_edges_say_where_the_patient_lies() -> None:
    straight = Crossing(np.zeros(3))
    assert letters(*straight.directions(View.AXIAL)) == ("R", "L", "A", "P")
    assert letters(*straight.directions(View.SAGITTAL)) == ("A", "P", "H", "F")
    assert letters(*straight.turned(View.AXIAL, 30).directions(View.AXIAL))[1] == "LP"

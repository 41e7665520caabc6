"""Figures in a volume: distances, angles, statistics, canals, joints, and what a session keeps sealed."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from viewer.model.volume_plan import Canal, Condyle, MarkKind, Side, SpatialMark
from viewer.volume.arch import Arch
from viewer.volume.arrangement import Notice
from viewer.volume.canals import nearness
from viewer.volume.condyles import sections, usual
from viewer.volume.curved import Panoramic, cross_section, of_jaws, section_of_jaws
from viewer.volume.errors import VolumeError
from viewer.volume.grid import Volume
from viewer.volume.measuring import angle_degrees, mark_figure, region_statistics, value_at
from viewer.volume.session_cache import SessionCache


def box(step: tuple[float, float, float] = (0.5, 0.5, 1.0)) -> Volume:
    """Values grow by one for each cell to the left; the right half of the columns from 40 on is 1000."""
    cells = np.zeros((30, 40, 50), np.int16)
    cells[:] = np.arange(50)
    cells[:, :, 40:] = 1000
    return Volume(cells, np.diag([*step, 1.0]), window=(10, 20), notices=(Notice("said"),))


def test_lengths_and_angles_are_those_of_space() -> None:
    length = SpatialMark(MarkKind.LENGTH, ((0, 0, 0), (3, 4, 12)))
    assert mark_figure(length) == pytest.approx(13)
    assert angle_degrees((1, 0, 0), (0, 0, 0), (0, 0, 2)) == pytest.approx(90)
    assert angle_degrees((1, 0, 0), (0, 0, 0), (-1, 1e-9, 0)) == pytest.approx(180, abs=1e-4)
    with pytest.raises(VolumeError):
        angle_degrees((0, 0, 0), (0, 0, 0), (1, 0, 0))


def test_the_statistics_of_an_ellipse_are_those_of_its_cells() -> None:
    mark = SpatialMark(MarkKind.REGION, ((12.0, 10.0, 15.0), (19.5, 10.0, 15.0), (12.0, 17.0, 15.0)))
    found = region_statistics(box(), mark)
    assert found.area_mm2 == pytest.approx(math.pi * 7.5 * 7)
    assert found.mean == pytest.approx(24, abs=0.01)
    assert (found.minimum, found.maximum) == (9, 39)
    assert found.count * 0.25 == pytest.approx(found.area_mm2, rel=0.02)
    assert found.deviation == pytest.approx(7.5, rel=0.05), "half of the half axis of 15 cells"
    with pytest.raises(VolumeError):
        region_statistics(box(), SpatialMark(MarkKind.REGION, ((10, 10, 10), (10.01, 10, 10), (10, 10.01, 10))))


def test_a_value_is_that_of_the_nearest_cell() -> None:
    assert value_at(box(), (10.2, 3, 3)) == 20
    assert value_at(box(), (-10, 3, 3)) is None


def test_a_line_is_as_far_from_a_canal_as_space_says() -> None:
    canals = {Side.LEFT: Canal(((0, 0, 0), (10, 0, 0)), 3.0), Side.RIGHT: Canal(((0, 50, 0), (10, 50, 0)), 3.0)}
    over = nearness(canals, ((5, -6, 4), (5, 6, 4)))
    assert over is not None
    assert (over.side, over.distance_mm) == (Side.LEFT, pytest.approx(2.5))
    assert over.canal_point == pytest.approx((5, 0, 0))
    beyond = nearness(canals, ((13, 0, 4),))
    assert beyond is not None
    assert beyond.distance_mm == pytest.approx(5 - 1.5)
    within = nearness(canals, ((2, 1, 0),))
    assert within is not None
    assert within.distance_mm < 0
    assert nearness({}, ((0, 0, 0),)) is None
    assert nearness({Side.LEFT: Canal(((1, 1, 1),), 2.0)}, ((1, 1, 4),)).distance_mm == pytest.approx(2)


def test_the_sections_of_a_joint_follow_the_long_axis_of_its_condyle() -> None:
    volume = box((1, 1, 1))
    for side, sign in ((Side.RIGHT, 1), (Side.LEFT, -1)):
        along, across = sections(volume, side, Condyle((20, 20, 15), 30))
        assert along.right == pytest.approx((math.cos(math.pi / 6), sign * 0.5, 0)), "the medial pole lies further back"
        assert float(along.right @ across.right) == pytest.approx(0)
        assert across.right[1] > 0, "the face looks to the left"
        x, y, depth = along.pixel_of((20, 20, 15))
        assert (x, y, depth) == (pytest.approx(along.columns // 2), pytest.approx(along.rows // 2), pytest.approx(0))
    right, left = usual(volume, Side.RIGHT), usual(volume, Side.LEFT)
    assert right.middle[0] < volume.centre_mm[0] < left.middle[0]


def test_what_is_shown_of_the_jaws_keeps_its_place() -> None:
    arch = Arch(((-30, 20), (0, -20), (30, 20)), 50.0)
    whole = Panoramic(np.arange(200, dtype=np.int16)[:, None] * np.ones((1, 5), np.int16), 1.0, 199.0, arch)
    part = of_jaws(whole, 20)
    assert part.cells.shape == (41, 5)
    assert part.top_mm == 70
    assert part.cells[0, 0] == whole.cells[129, 0]
    plane = cross_section(Volume(np.zeros((200, 100, 100), np.int16), np.eye(4)), arch, 10)
    assert section_of_jaws(plane, arch, 20).origin[2] == pytest.approx(70.5, abs=1)


def test_a_volume_comes_back_from_the_session_as_it_was(tmp_path: Path) -> None:
    cache, volume = SessionCache(tmp_path), box()
    assert cache.find("series") is None
    assert cache.keep("series", volume)
    [sealed] = tmp_path.iterdir()
    assert volume.cells.tobytes()[:64] not in sealed.read_bytes(), "nothing stands there in plain"
    found = cache.find("series")
    assert found is not None
    assert np.array_equal(found.cells, volume.cells)
    assert np.array_equal(found.affine, volume.affine)
    assert (found.window, found.notices) == (volume.window, volume.notices)
    data = bytearray(sealed.read_bytes())
    data[100] ^= 1
    sealed.write_bytes(data)
    assert cache.find("series") is None, "what was tampered with is not shown"
    assert not list(tmp_path.iterdir())


def test_the_session_keeps_no_more_than_it_may_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "left over.volume").write_bytes(b"of a session that ended hard")
    volume = box()
    cache = SessionCache(tmp_path, most_bytes=volume.cells.nbytes * 2)
    assert not list(tmp_path.iterdir())
    for key in ("one", "two"):
        cache.keep(key, volume)
    assert cache.find("one") is not None
    cache.keep("three", volume)
    assert cache.find("two") is None, "the one that was opened longest ago goes"
    assert cache.find("one") is not None
    assert not SessionCache(tmp_path / "small", most_bytes=10).keep("key", volume)
    cache.close()
    assert not list(tmp_path.glob("*.volume"))

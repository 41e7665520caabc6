"""Alignments: two points, fitted, and found by the pictures; planes that are oblong or mirrored."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.viewer.widgets.conftest import skull
from viewer.model.alignment import (
    AlignmentError,
    Origin,
    Plane,
    Similarity,
    by_two_points,
    fitted,
    known_scale,
    plane_of,
    residual,
)
from viewer.model.registration import quality_of, register, resampled, verdict
from viewer.model.spacing import Origin as SizeOrigin
from viewer.model.spacing import PixelSize, Unit

numbers = st.floats(-500, 500)


@given(numbers, numbers, st.floats(-179, 179), st.floats(0.5, 2))
def test_two_points_lie_on_their_partners(x: float, y: float, degrees: float, scale: float) -> None:
    true = Similarity(scale * complex(np.exp(1j * np.radians(degrees))), complex(x, y))
    moving = [10 + 20j, 300 - 40j]
    fixed = [true.apply(point) for point in moving]
    found = by_two_points(fixed, moving)
    assert residual(found, fixed, moving) < 1e-6
    assert found.similarity.scale == pytest.approx(scale)
    assert abs(found.similarity.inverse().apply(fixed[0]) - moving[0]) < 1e-6
    assert not found.accepted


def test_images_of_known_size_keep_their_lengths() -> None:
    found = by_two_points([0j, 100 + 0j], [0j, 0 + 90j], scale=1.0)
    assert found.similarity.scale == pytest.approx(1)
    assert found.similarity.degrees == pytest.approx(-90)
    assert found.similarity.apply(45j) == pytest.approx(50 + 0j)


def test_points_that_fall_together_are_refused() -> None:
    with pytest.raises(AlignmentError):
        by_two_points([5j, 5j], [0j, 10j])


def test_millimetres_before_widths() -> None:
    size = PixelSize(0.1, 0.1, Unit.MM, SizeOrigin.FIDUCIAL)
    fixed, moving = plane_of(1000, 800, size), plane_of(500, 400, PixelSize(0.3, 0.3, Unit.MM, SizeOrigin.FIDUCIAL))
    assert fitted(fixed, moving).similarity.scale == pytest.approx(3)
    assert known_scale(fixed, plane_of(500, 400, None)) is None
    assert fitted(fixed, plane_of(500, 400, None)).similarity.scale == pytest.approx(2)
    turned = fitted(Plane(400, 800), Plane(800, 400), quarters=1).similarity
    assert turned.apply(0j) == pytest.approx(400 + 0j)


def test_planes_are_oblong_and_mirrored() -> None:
    plane = Plane(100, 50, aspect=2.0, mirrored=True)
    assert plane.flat((10, 20)) == 90 + 40j
    assert plane.pixel(plane.flat((10, 20))) == (10, 20)


@pytest.mark.parametrize(("degrees", "scale"), [(0, 1.0), (6, 1.0), (-9, 1.12)])
def test_the_pictures_find_how_they_lie(degrees: float, scale: float) -> None:
    first = skull()
    factor = scale * complex(np.exp(1j * np.radians(degrees)))
    true = Similarity(factor, (130 + 110j) * (1 - factor) + 7 - 5j)
    moving, inside = resampled(first, true.inverse(), first.shape)
    moving = np.where(inside, moving, 0) * 1.4 + 100 + np.random.default_rng(1).normal(0, 60, first.shape)
    found = register(first, moving, Similarity(), keep_size=scale == 1.0)
    corners = [0j, 260 + 0j, 220j, 130 + 110j]
    assert max(abs(found.similarity.apply(p) - true.apply(p)) for p in corners) < 3
    assert found.origin is Origin.PICTURE
    assert not found.accepted
    assert found.quality is not None
    assert verdict(found.quality) == "good"


def test_strangers_are_not_called_good() -> None:
    noise = np.random.default_rng(5).normal(0, 1, (220, 260))
    found = register(skull(), noise, Similarity())
    assert found.quality is not None
    assert verdict(found.quality) == "poor"
    shifted = quality_of(skull(), skull(), register(skull(), skull(), Similarity()))
    assert shifted.quality == pytest.approx(1)


def test_an_empty_picture_is_refused() -> None:
    with pytest.raises(AlignmentError):
        register(skull(), np.zeros((100, 100)), Similarity())

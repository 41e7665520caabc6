"""The millimetre trap: what size a pixel may be said to have, and how sure that is."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from viewer.model.spacing import Origin, SpacingTags, Unit, pixel_size
from viewer.pixels import read_header


def test_a_tomogram_has_plain_millimetres() -> None:
    size = pixel_size(SpacingTags("CT", pixel_spacing=(0.4, 0.3)))
    assert (size.row, size.column, size.unit, size.origin) == (0.4, 0.3, Unit.MM, Origin.TOMOGRAPHIC)
    assert size.trusted


def test_the_detector_spacing_divided_by_the_magnification_is_an_estimate() -> None:
    size = pixel_size(SpacingTags("DX", imager_pixel_spacing=(0.2, 0.2), magnification=1.1))
    assert (size.unit, size.origin) == (Unit.MM_ESTIMATED, Origin.MAGNIFICATION)
    assert size.row == pytest.approx(0.2 / 1.1)


def test_the_geometry_gives_the_magnification_as_well() -> None:
    size = pixel_size(
        SpacingTags("DX", imager_pixel_spacing=(0.2, 0.2), source_to_detector_mm=1650, source_to_patient_mm=1500)
    )
    assert size.unit is Unit.MM_ESTIMATED
    assert size.column == pytest.approx(0.2 / 1.1)


def test_the_detector_spacing_alone_is_at_the_detector() -> None:
    size = pixel_size(SpacingTags("DX", imager_pixel_spacing=(0.2, 0.2)))
    assert (size.row, size.unit, size.trusted) == (0.2, Unit.MM_DETECTOR, False)


def test_a_copy_of_the_detector_spacing_is_no_calibration() -> None:
    size = pixel_size(SpacingTags("CR", pixel_spacing=(0.1, 0.1), imager_pixel_spacing=(0.1, 0.1)))
    assert (size.unit, size.origin) == (Unit.MM_DETECTOR, Origin.DETECTOR)


@pytest.mark.parametrize(
    ("kind", "unit", "origin"),
    [
        ("FIDUCIAL", Unit.MM, Origin.FIDUCIAL),
        ("GEOMETRY", Unit.MM_ESTIMATED, Origin.GEOMETRY),
        ("", Unit.MM_ESTIMATED, Origin.UNTYPED_CALIBRATION),
    ],
)
def test_the_calibration_type_decides_the_trust(kind: str, unit: Unit, origin: Origin) -> None:
    tags = SpacingTags("DX", pixel_spacing=(0.18, 0.18), imager_pixel_spacing=(0.2, 0.2), calibration_type=kind)
    size = pixel_size(tags)
    assert (size.row, size.unit, size.origin) == (0.18, unit, origin)


def test_contradictory_statements_are_not_trusted() -> None:
    own_against_factor = SpacingTags("DX", pixel_spacing=(0.1, 0.1), imager_pixel_spacing=(0.2, 0.2), magnification=1.1)
    factor_against_geometry = SpacingTags(
        "DX",
        imager_pixel_spacing=(0.2, 0.2),
        magnification=1.5,
        source_to_detector_mm=1650,
        source_to_patient_mm=1500,
    )
    for tags in (own_against_factor, factor_against_geometry):
        assert (pixel_size(tags).unit, pixel_size(tags).origin) == (Unit.PX, Origin.CONFLICT)


def test_a_fiducial_outweighs_a_wrong_factor() -> None:
    tags = SpacingTags("DX", (0.1, 0.1), (0.2, 0.2), calibration_type="FIDUCIAL", magnification=1.1)
    assert pixel_size(tags).unit is Unit.MM


@pytest.mark.parametrize("spacing", [(0.0, 0.0), (math.nan, 0.1), (-0.1, -0.1), (1000.0, 1000.0)])
def test_an_impossible_spacing_is_none(spacing: tuple[float, float]) -> None:
    size = pixel_size(SpacingTags("PX", pixel_spacing=spacing, imager_pixel_spacing=spacing))
    assert (size.unit, size.row, size.column) == (Unit.PX, 1.0, 1.0)


def test_a_panoramic_is_never_better_than_estimated_and_says_so() -> None:
    for kind in ("", "GEOMETRY", "FIDUCIAL"):
        size = pixel_size(SpacingTags("PX", (0.09, 0.09), (0.1, 0.1), calibration_type=kind))
        assert (size.unit, size.varies, size.trusted) == (Unit.MM_ESTIMATED, True, False)


def test_a_radiograph_with_pixel_spacing_only_is_at_the_detector() -> None:
    assert pixel_size(SpacingTags("IO", pixel_spacing=(0.02, 0.02))).unit is Unit.MM_DETECTOR
    assert pixel_size(SpacingTags("", pixel_spacing=(0.02, 0.02))).unit is Unit.MM_DETECTOR


def test_a_scanned_film_has_the_size_of_the_film() -> None:
    size = pixel_size(SpacingTags("SC", nominal_scanned_pixel_spacing=(0.17, 0.17)))
    assert (size.unit, size.origin) == (Unit.MM_DETECTOR, Origin.FILM)


def test_the_first_value_is_between_rows() -> None:
    size = pixel_size(SpacingTags("CT", pixel_spacing=(2.0, 1.0)))
    assert size.distance((0, 0), (3, 0)) == 3.0
    assert size.distance((0, 0), (0, 3)) == 6.0
    assert not size.isotropic


def test_pixels_that_are_not_square_change_angles_too() -> None:
    size = pixel_size(SpacingTags("CT", pixel_spacing=(2.0, 1.0)))
    assert size.angle((1, 0), (0, 0), (1, 1)) == pytest.approx(math.degrees(math.atan(2)))
    ratio = pixel_size(SpacingTags("XC", pixel_aspect_ratio=(2, 1)))
    assert ratio.unit is Unit.PX
    assert ratio.angle((1, 0), (0, 0), (1, 1)) == pytest.approx(math.degrees(math.atan(2)))
    with pytest.raises(ValueError, match="two sides"):
        size.angle((0, 0), (0, 0), (1, 1))


def test_real_headers(data: Path) -> None:
    assert read_header(data / "highdicom/dx_image.dcm").pixel_size.unit is Unit.MM_DETECTOR
    assert read_header(data / "derived/px_mono1_no_spacing_jpegll.dcm").pixel_size.unit is Unit.PX
    assert read_header(data / "pydicom/CT_small.dcm").pixel_size.unit is Unit.MM

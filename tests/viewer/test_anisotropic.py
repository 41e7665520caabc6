"""Check 2 on pixels that are not square: the command line against arithmetic written out by hand.

The film has rows 0.3 mm apart and columns 0.2 mm apart (Imager Pixel Spacing states the rows first, PS3.3 §10.7.1.3)
and a stated magnification of 1.25, so that a pixel of the patient is 0.24 mm high and 0.16 mm wide.
"""

from __future__ import annotations

import json
from math import acos, degrees, hypot
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.viewer.conftest import MakeImage
from viewer.command_line import main

HIGH, WIDE = 0.24, 0.16


@pytest.fixture
def film(make_image: MakeImage, tmp_path: Path) -> Path:
    path = tmp_path / "film.dcm"
    path.write_bytes(
        make_image(
            np.zeros((200, 300), np.uint16), Modality="DX", ImagerPixelSpacing=[0.3, 0.2],
            EstimatedRadiographicMagnificationFactor="1.25",
        )
    )  # fmt: skip
    return path


def measured(capsys: pytest.CaptureFixture[str], path: Path, *points: str) -> dict[str, Any]:
    assert main(["measure", str(path), *points, "--json"]) == 0
    figures: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["figures"]
    return {figure["quantity"]: figure for figure in figures}


@pytest.mark.parametrize(
    ("end", "millimetres"),
    [
        ("110,10", 16.0),  # 100 columns of 0.16 mm
        ("10,110", 24.0),  # 100 rows of 0.24 mm
        ("40,30", hypot(30 * WIDE, 20 * HIGH)),  # 4.8 mm across and 4.8 mm down: 6.788 mm
    ],
)
def test_a_length_takes_each_direction_by_its_own_spacing(
    film: Path, capsys: pytest.CaptureFixture[str], end: str, millimetres: float
) -> None:
    length = measured(capsys, film, "10,10", end)["length"]
    assert length["value"] == pytest.approx(millimetres, abs=1e-6)
    assert length["unit"] == "mm (estimated)"


def test_an_angle_is_that_of_the_patient_and_not_of_the_grid(film: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Thirty columns and twenty rows are equally long in the patient: 45° to the rows, where the grid shows 33.7°."""
    angle = measured(capsys, film, "110,10", "10,10", "40,30")["angle"]
    assert angle["value"] == pytest.approx(45.0, abs=1e-6)
    first, second = (100 * WIDE, 0.0), (30 * WIDE, 20 * HIGH)
    cosine = (first[0] * second[0] + first[1] * second[1]) / (hypot(*first) * hypot(*second))
    assert angle["value"] == pytest.approx(degrees(acos(cosine)), abs=1e-6)


def test_a_right_angle_of_the_grid_stays_one(film: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert measured(capsys, film, "110,10", "10,10", "10,90")["angle"]["value"] == pytest.approx(90.0, abs=1e-9)


def test_pixels_of_a_known_shape_and_no_size_give_true_angles_and_no_millimetres(
    make_image: MakeImage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Pixel Aspect Ratio (0028,0034) 3\\2: a pixel is one and a half times as high as wide."""
    path = tmp_path / "shape.dcm"
    path.write_bytes(make_image(np.zeros((200, 300), np.uint16), Modality="DX", PixelAspectRatio=[3, 2]))
    found = measured(capsys, path, "110,10", "10,10", "40,30")
    assert found["angle"]["value"] == pytest.approx(45.0, abs=1e-6)
    assert measured(capsys, path, "10,10", "110,10")["length"]["unit"] == "px"

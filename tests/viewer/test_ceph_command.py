"""The black-box checks of cephalometry by the command line: transforms, identities, hand-worked figures, the bench."""

from __future__ import annotations

import csv
import json
import math
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.viewer.conftest import MakeImage
from tests.viewer.model.cephalometry.face import BY_HAND, FACE
from viewer.command_line import main
from viewer.model.cephalometry import ANALYSES, Dimension

Move = Callable[[float, float], tuple[float, float]]
ROOT = Path(__file__).parents[2]


def turned(degrees: float, scale: float, mirrored: bool) -> Move:
    cos, sin = scale * math.cos(math.radians(degrees)), scale * math.sin(math.radians(degrees))

    def move(x: float, y: float) -> tuple[float, float]:
        x = -x if mirrored else x
        return cos * x - sin * y + 900, sin * x + cos * y + 700

    return move


COPIES = {
    "plain": turned(0, 1, False), "mirrored": turned(0, 1, True), "rotated": turned(37, 1, False),
    "scaled": turned(0, 4.5, False), "all": turned(-112, 0.7, True),
}  # fmt: skip


@pytest.fixture
def points(tmp_path: Path) -> Path:
    """The drawn profile and its copies, as a person would hand them in."""
    path = tmp_path / "points.csv"
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["image", "point", "x", "y"])
        for name, move in COPIES.items():
            for point, (x, y) in FACE.items():
                rows.writerow([name, point, *move(x, -y)])
    return path


def report(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, dict[str, dict[str, float]]]:
    assert main(["ceph", *arguments, "--json"]) == 0
    return {image["image"]: image["values"] for image in json.loads(capsys.readouterr().out)["images"]}


def test_mirrored_rotated_and_scaled_copies_give_the_same_angles(
    points: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = report(capsys, "--points", str(points), "--analysis", "all")
    free = {
        (analysis, measure.measure_id)
        for analysis, each in ANALYSES.items()
        for measure in each.measures
        if measure.dimension is not Dimension.LENGTH
    }
    for name in COPIES:
        for analysis, measure in free:
            plain = found["plain"][analysis][measure]
            assert found[name][analysis][measure] == pytest.approx(plain, abs=1e-6), (name, analysis, measure)


def test_the_sums_that_must_hold_do_and_anb_has_its_sign(points: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for values in report(capsys, "--points", str(points), "--analysis", "tweed,jarabak,steiner").values():
        tweed, jarabak, steiner = values["tweed"], values["jarabak"], values["steiner"]
        assert tweed["FMA"] + tweed["FMIA"] + tweed["IMPA"] == pytest.approx(180)
        assert jarabak["Sum"] == pytest.approx(360 + jarabak["SN-GoMe"])
        assert steiner["ANB"] == pytest.approx(steiner["SNA"] - steiner["SNB"])


def test_anb_is_negative_when_b_lies_in_front_of_a(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "three.csv"
    path.write_text("image,point,x,y\n" + "".join(f"i,{n},{x},{y}\n" for n, x, y in (
        ("S", 0, 0), ("N", 70, -10), ("A", 68, 50), ("B", 76, 90), ("Me", 70, 110),
    )))  # fmt: skip
    assert report(capsys, "--points", str(path), "--analysis", "steiner")["i"]["steiner"]["ANB"] < -3


def test_each_analysis_equals_the_hand_worked_figures_to_a_tenth(
    points: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = report(capsys, "--points", str(points), "--analysis", "all", "--spacing", "1")["plain"]
    for analysis, expected in BY_HAND.items():
        for measure, value in expected.items():
            assert found[analysis][measure] == pytest.approx(value, abs=0.1), (analysis, measure)


@pytest.fixture
def bench() -> Callable[[list[str]], int]:
    loaded: dict[str, Any] = runpy.run_path(str(ROOT / "tests" / "benchmarks" / "ceph.py"), run_name="benchmarks.ceph")
    run: Callable[[list[str]], int] = loaded["main"]
    return run


@pytest.fixture
def discs(make_image: MakeImage, tmp_path: Path) -> Path:
    """A bright disc on black, 0.1 mm a pixel: its foremost point is a chin, its lowest a menton; sella lies in it."""
    y, x = np.mgrid[0:160, 0:160] + 0.5
    grey = np.where(np.hypot(x - 80, y - 80) < 40, 3000, 0).astype(np.uint16)
    spacing = {"PixelSpacing": [0.1, 0.1], "PixelSpacingCalibrationType": "FIDUCIAL", "Modality": "DX"}
    (tmp_path / "disc.dcm").write_bytes(make_image(grey, **spacing))
    rows = "image,point,x,y\ndisc.dcm,Pog,120,80\ndisc.dcm,Me,80,120\ndisc.dcm,S,80,80\nlost.dcm,S,1,1\n"
    (tmp_path / "points.csv").write_text(rows)
    return tmp_path


def test_the_bench_states_errors_rates_numbers_and_failures(
    discs: Path, bench: Callable[[list[str]], int], capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--images", str(discs), "--points", str(discs / "points.csv"), "--off", "4"]
    assert bench([*asked, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    scores = {line["name"]: line for line in found["scores"]}
    assert found["left_out"] == ["lost.dcm: no such file"]
    assert scores["all"]["n"] == 24
    assert scores["S"]["failures"] == 8, "the middle of a flat disc has no edge to propose"
    assert scores["Pog"]["mre_mm"] < 0.35
    assert scores["all"]["sdr"] == dict.fromkeys(("2", "2.5", "3", "4"), pytest.approx(16 / 24, abs=1e-4))
    assert bench(asked) == 0
    assert "contour rules, click 4 px off" in capsys.readouterr().out


def test_the_bench_refuses_what_it_cannot_measure(
    discs: Path, bench: Callable[[list[str]], int], capsys: pytest.CaptureFixture[str]
) -> None:
    (discs / "empty.csv").write_text("a,b\n")
    assert bench(["--images", str(discs), "--points", str(discs / "empty.csv")]) == 3
    (discs / "other.csv").write_text("image,point,x,y\nlost,S,1,1\n")
    assert bench(["--images", str(discs), "--points", str(discs / "other.csv")]) == 3
    capsys.readouterr()

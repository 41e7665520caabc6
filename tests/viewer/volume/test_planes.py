"""Planes show what lies in them, at the right place, whatever way the grid lies."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.viewer.volume.phantoms import Scan, sphere, write
from tests.viewer.volume.test_volumes import CENTRE, RADIUS, SCANS, TURNED, volume_of
from viewer.command_line import main
from viewer.volume.assembling import assemble
from viewer.volume.errors import VolumeError
from viewer.volume.grid import Volume
from viewer.volume.planes import Blend, Plane, View, covering, cut, standard
from viewer.volume.resampling import resampled
from viewer.volume.series import largest_stack


def disc(volume: Volume, plane: Plane) -> tuple[np.ndarray, float]:
    """Centre in mm and area in mm² of the ball in a plane."""
    weight = volume.values(cut(volume, plane)) / 1000.0
    rows, columns = np.indices(weight.shape)
    x, y = (weight * columns).sum() / weight.sum(), (weight * rows).sum() / weight.sum()
    return plane.at_mm(x, y), float(weight.sum() * plane.pixel_mm**2)


@pytest.mark.parametrize("view", View)
@pytest.mark.parametrize("name", SCANS)
def test_each_plane_shows_the_ball_at_its_place(tmp_path: Path, name: str, view: View) -> None:
    volume = volume_of(tmp_path, SCANS[name])
    centre, area = disc(volume, standard(volume, view, CENTRE))
    half = max(volume.steps_mm) / 2
    assert np.abs(centre - CENTRE).max() <= half
    assert area == pytest.approx(np.pi * RADIUS**2, rel=0.02)


@pytest.mark.parametrize("name", ["plain", "anisotropic", "oblique", "gantry tilt"])
def test_an_oblique_plane_and_its_distances(tmp_path: Path, name: str) -> None:
    volume = volume_of(tmp_path, SCANS[name])
    right, down = np.asarray(TURNED[0]), np.asarray(TURNED[1])
    plane = covering(volume, right, down, np.asarray(CENTRE))
    centre, area = disc(volume, plane)
    assert np.abs(centre - CENTRE).max() <= max(volume.steps_mm) / 2
    assert area == pytest.approx(np.pi * RADIUS**2, rel=0.02)
    x, y, behind = plane.pixel_of(CENTRE)
    assert np.linalg.norm(plane.at_mm(x + 10, y) - plane.at_mm(x, y)) == pytest.approx(10 * plane.pixel_mm)
    assert abs(behind) < 1e-9


@pytest.mark.parametrize("view", View)
def test_the_part_of_the_array_is_what_sampling_finds(tmp_path: Path, view: View) -> None:
    volume = volume_of(tmp_path, Scan())
    plane = standard(volume, view, volume.at_mm((20, 21, 22)))
    assert np.array_equal(cut(volume, plane), resampled(volume, plane))


@pytest.mark.parametrize("blend", Blend)
@pytest.mark.parametrize("view", View)
def test_a_slab_blends_what_lies_within_it(tmp_path: Path, view: View, blend: Blend) -> None:
    volume = volume_of(tmp_path, Scan())
    plane = replace(standard(volume, view, volume.at_mm((20, 21, 22))), thickness_mm=2.0, blend=blend)
    axis = {View.AXIAL: 0, View.CORONAL: 1, View.SAGITTAL: 2}[view]
    place = {View.AXIAL: 22, View.CORONAL: 21, View.SAGITTAL: 20}[view]
    slab = volume.cells.take(range(place - 2, place + 3), axis=axis).astype(float)
    expected = {Blend.MEAN: np.mean, Blend.MAXIMUM: np.max, Blend.MINIMUM: np.min}[blend](slab, axis=axis)
    expected = expected if view is View.AXIAL else expected[::-1]
    assert np.abs(cut(volume, plane) - expected).max() <= 0.5


def test_an_oblique_slab_holds_the_whole_ball(tmp_path: Path) -> None:
    volume = volume_of(tmp_path, Scan())
    right, down = np.asarray(TURNED[0]), np.asarray(TURNED[1])
    through = np.asarray(CENTRE) + 2 * np.cross(right, down)
    plane = replace(covering(volume, right, down, through), thickness_mm=2 * RADIUS + 4, blend=Blend.MAXIMUM)
    area = float((volume.values(cut(volume, plane)) >= 500).sum()) * plane.pixel_mm**2
    assert area == pytest.approx(np.pi * RADIUS**2, rel=0.02)


def test_the_patients_right_is_on_the_left_and_the_head_is_up(tmp_path: Path) -> None:
    write(tmp_path, Scan(), lambda at: np.asarray(50 * at[..., 0]))
    volume = assemble(largest_stack([tmp_path]))
    axial = cut(volume, standard(volume, View.AXIAL))
    assert axial[0, 0] < axial[0, -1]  # x grows towards the patient's left
    assert standard(volume, View.CORONAL).down.tolist() == [0, 0, -1]
    assert standard(volume, View.SAGITTAL).right.tolist() == [0, 1, 0]


def test_a_plane_reaching_beyond_the_grid_is_dark_there(tmp_path: Path) -> None:
    volume = volume_of(tmp_path, Scan())
    plane = standard(volume, View.AXIAL, volume.at_mm((0, 0, 22)))
    wide = replace(plane, origin=plane.origin - plane.right * 5, columns=plane.columns + 20)
    shown = cut(volume, wide)
    assert np.all(shown[:, :9] == volume.cells.min())
    assert np.array_equal(shown[:, 10 : 10 + plane.columns], cut(volume, plane))


def test_impossible_planes_are_refused(tmp_path: Path) -> None:
    volume = volume_of(tmp_path, Scan(shape=(3, 8, 8)))
    flat = standard(volume, View.AXIAL)
    for change in ({"right": np.array([2.0, 0, 0])}, {"down": flat.right}, {"pixel_mm": 0.0}, {"rows": 0}):
        with pytest.raises(VolumeError):
            replace(flat, **change)


def test_the_command_tells_centre_distance_and_warnings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "series", SCANS["gantry tilt"], sphere(CENTRE, RADIUS))
    at, out = ",".join(map(str, CENTRE)), tmp_path / "plane.png"
    more = ["--above", "500", "--distance", "0,0,0", "3,4,0", "--window", "500", "1000", "-o", str(out)]
    assert main(["mpr", str(tmp_path / "series"), "--plane", "coronal", f"--at={at}", *more, "--json"]) == 0
    said = capsys.readouterr()
    report = json.loads(said.out)
    assert np.abs(np.asarray(report["above"]["centre_mm"]) - CENTRE).max() <= 0.25
    assert report["above"]["area_mm2"] == pytest.approx(np.pi * RADIUS**2, rel=0.02)
    assert report["distance_mm"] == 5.0
    assert "tilted by 12.0°" in said.err
    assert out.read_bytes().startswith(b"\x89PNG")


def test_the_command_refuses_with_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mpr", str(tmp_path)]) == 3
    assert capsys.readouterr().err == "There are no slices with a known position here.\n"
    write(tmp_path, Scan(shape=(3, 8, 8)), sphere(CENTRE, RADIUS))
    assert main(["mpr", str(tmp_path), "--plane", "oblique", "--right", "1,0,0", "--down", "2,0,0"]) == 3
    assert capsys.readouterr().err == "The directions of a plane must differ.\n"


def test_a_position_may_begin_with_a_minus_sign(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, Scan(), sphere((-1.0, 0.5, -0.5), 5.0))
    ends = ("--distance", "-1,2,3", "-4.5e0,-2,3")
    assert main(["mpr", str(tmp_path), "--at", "-1,0.5,-0.5", *ends, "--above", "500", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["above"]["centre_mm"] == pytest.approx([-1, 0.5, -0.5], abs=0.05)
    assert report["distance_mm"] == pytest.approx(np.hypot(3.5, 4), abs=1e-4)

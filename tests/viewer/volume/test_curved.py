"""Curved pictures and projections: what stands at a known place is drawn there."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from tests.viewer.volume.phantoms import Scan, write
from viewer.command_line import main
from viewer.volume.arch import Arch, NoArch, propose_arch
from viewer.volume.curved import cross_section, panoramic, sections_about
from viewer.volume.errors import VolumeError
from viewer.volume.grid import Volume
from viewer.volume.planes import Blend, cut
from viewer.volume.projection import Beam, Direction, Half, cephalogram
from viewer.volume.upright import upright

STEP = 0.8
HALF_WIDTH, DEPTH, LEVEL = 25.0, 40.0, 20.0


def arch_point(part: float) -> tuple[float, float]:
    """A parabola that opens to the back, from the patient's right (0) to the left (1)."""
    x = (2 * part - 1) * HALF_WIDTH
    return x, 25 - DEPTH * (1 - (x / HALF_WIDTH) ** 2)


COUNT = (100, 110, 90)
FIRST = (-39.6, -43.6, 0.0)


@cache
def ground(teeth: bool) -> np.ndarray:
    """(x, y, z) values: a head of water in air, and a bow of enamel in it."""
    x, y = (FIRST[axis] + np.arange(COUNT[axis]) * STEP for axis in (0, 1))
    x, y = x[:, None], y[None, :]
    flat = np.where((x / 38) ** 2 + (y / 42) ** 2 < 1, 0.0, -1000.0)
    values = np.repeat(flat[..., None], COUNT[2], axis=2).astype(np.int16)
    height = abs(np.arange(COUNT[2]) * STEP - LEVEL) < 8
    for part in np.linspace(0, 1, 60) if teeth else ():
        tooth = np.hypot(x - arch_point(part)[0], y - arch_point(part)[1]) < 3
        values[tooth[..., None] & height] = 1800
    return values


def head(*balls: tuple[tuple[float, float, float], float], teeth: bool = True) -> Volume:
    """The head, with balls of metal (centre, radius) in it."""
    values = ground(teeth).copy()
    axes = [FIRST[axis] + np.arange(COUNT[axis]) * STEP for axis in range(3)]
    for centre, radius in balls:
        apart = [(axis - middle) ** 2 for axis, middle in zip(axes, centre, strict=True)]
        values[apart[0][:, None, None] + apart[1][:, None] + apart[2] < radius**2] = 3000
    affine = np.diag([STEP, STEP, STEP, 1.0])
    affine[:3, 3] = FIRST
    return Volume(np.ascontiguousarray(values.transpose(2, 1, 0)), affine, unit="HU")


DRAWN = Arch(tuple(arch_point(part) for part in np.linspace(0, 1, 9)), LEVEL)


def brightest(cells: np.ndarray, level: float) -> tuple[float, float]:
    rows, columns = np.nonzero(cells >= level)
    return float(columns.mean()), float(rows.mean())


@pytest.mark.parametrize("blend", [Blend.MEAN, Blend.MAXIMUM])
@pytest.mark.parametrize("part", [0.15, 0.5, 0.8])
def test_what_stands_on_the_arch_is_drawn_at_its_place(part: float, blend: Blend) -> None:
    centre = (*arch_point(part), 40.0)
    shown = panoramic(head((centre, 3.0)), DRAWN, 4.0, blend)
    top = shown.cells[: int((shown.top_mm - 30) / STEP)]
    column, row = brightest(top, float(top.max()) * 0.7)
    assert np.abs(shown.at_mm(column, row) - centre).max() < STEP
    assert shown.cells.shape[1] == pytest.approx(DRAWN.length_mm / STEP, abs=1)


def test_the_patients_right_is_on_the_left_of_a_panoramic() -> None:
    shown = panoramic(head(((*arch_point(0.1), 40.0), 3.0)), DRAWN, 4.0)
    column, _row = brightest(shown.cells[: int((shown.top_mm - 30) / STEP)], 1500)
    assert column < shown.cells.shape[1] * 0.3


def test_lengths_along_the_arch_are_true() -> None:
    quarter = Arch(tuple((30 * np.cos(t), -30 * np.sin(t)) for t in np.linspace(np.pi, 0, 15)), 0.0)
    assert quarter.length_mm == pytest.approx(np.pi * 30, rel=1e-3)
    places, normals = quarter.along(np.linspace(0, quarter.length_mm, 7))
    assert np.allclose(np.linalg.norm(places, axis=1), 30, rtol=2e-3)
    assert np.allclose(normals, places / 30, atol=0.02)  # outward
    assert quarter.nearest_mm(0, -40) == pytest.approx(np.pi * 15, abs=0.1)


def test_a_cross_section_stands_upon_the_arch() -> None:
    centre = np.array([*arch_point(0.3), LEVEL])
    volume = head(((float(centre[0]), float(centre[1]), 45.0), 2.5))
    length = DRAWN.nearest_mm(float(centre[0]), float(centre[1]))
    plane = cross_section(volume, DRAWN, length)
    column, row = brightest(cut(volume, plane), 2900)
    assert np.abs(plane.at_mm(column, row) - np.array([centre[0], centre[1], 45.0])).max() < STEP
    assert column == pytest.approx(plane.columns / 2, abs=1.5)
    assert sections_about(DRAWN, 1.0, 3, 2.0) == (1.0, 3.0)


def test_the_proposal_follows_the_teeth() -> None:
    found = propose_arch(head())
    places, _normals = found.along(np.linspace(0, found.length_mm, 50))
    true, _same = DRAWN.along(np.linspace(0, DRAWN.length_mm, 2000))
    apart = np.linalg.norm(places[:, None] - true[None], axis=2).min(1)
    assert np.median(apart) < 1.5
    assert abs(found.z_mm - LEVEL) < 8


def test_without_teeth_nothing_is_proposed() -> None:
    with pytest.raises(NoArch):
        propose_arch(head(teeth=False))
    with pytest.raises(VolumeError):
        Arch(((0, 0), (1, 1)), 0)


@pytest.mark.parametrize(("direction", "beam"), [(d, b) for d in Direction for b in (None, Beam())])
def test_a_ball_in_the_middle_is_drawn_as_large_as_it_is(direction: Direction, beam: Beam | None) -> None:
    centre = (0.0, 0.0, 50.0)
    volume = head((centre, 6.0), teeth=False)
    shown = cephalogram(volume, direction, beam=beam)
    plain = cephalogram(head(teeth=False), direction, beam=beam)
    ratio = shown.cells / np.maximum(plain.cells, 1)
    rows, columns = np.nonzero(ratio > np.median(ratio[ratio > 0.1]) * 1.02)
    at = np.asarray(shown.origin_mm) + np.asarray(shown.right) * columns.mean() * shown.true_pixel_mm
    at = at - np.array([0, 0, rows.mean() * shown.true_pixel_mm])
    assert np.abs(at - centre).max() < STEP
    assert np.ptp(rows) * shown.true_pixel_mm == pytest.approx(12, abs=2 * STEP)
    assert shown.magnification == pytest.approx(1.1 if beam else 1.0)


def test_what_is_nearer_to_the_source_is_thrown_further() -> None:
    """Lateral rays come from the patient's right: a ball there stands further from the middle than one on the left."""
    rows = []
    for x in (-25.0, 25.0):
        shown = cephalogram(head(((x, 0.0, 60.0), 4.0), teeth=False), Direction.LATERAL, beam=Beam(150, 165))
        bare = cephalogram(head(teeth=False), Direction.LATERAL, beam=Beam(150, 165))
        ratio = shown.cells / np.maximum(bare.cells, 1)
        rows.append(float(np.nonzero(ratio > np.median(ratio[ratio > 0.1]) * 1.02)[0].mean()))
    middle = 44.5 * STEP
    expected = [89 - (middle + (60 - middle) * 150 / (150 + x)) / STEP for x in (-25.0, 25.0)]
    assert rows == pytest.approx(expected, abs=1.0)


@pytest.mark.parametrize(("half", "x"), [(Half.LEFT, 15.0), (Half.RIGHT, -15.0)])
def test_half_a_head_shows_only_its_own(half: Half, x: float) -> None:
    own = cephalogram(head(((x, 0, 50.0), 6.0), teeth=False), Direction.LATERAL, half)
    other = cephalogram(head(((-x, 0, 50.0), 6.0), teeth=False), Direction.LATERAL, half)
    bare = cephalogram(head(teeth=False), Direction.LATERAL, half)
    assert np.array_equal(other.cells, bare.cells)
    assert not np.array_equal(own.cells, bare.cells)


def test_the_face_looks_to_the_right_and_the_head_is_up() -> None:
    shown = cephalogram(head(((0, -35.0, 60.0), 5.0), teeth=False), Direction.LATERAL)
    bare = cephalogram(head(teeth=False), Direction.LATERAL)
    rows, columns = np.nonzero(shown.cells > bare.cells * 1.05 + 20)
    assert columns.mean() > shown.cells.shape[1] * 0.8
    assert rows.mean() < shown.cells.shape[0] * 0.3


def test_an_oblique_grid_is_set_upright_first() -> None:
    volume = head()
    turn = np.eye(4)
    turn[:2, :2] = [[np.cos(0.2), -np.sin(0.2)], [np.sin(0.2), np.cos(0.2)]]
    turned = Volume(volume.cells, turn @ volume.affine, unit="HU")
    with pytest.raises(VolumeError):
        panoramic(turned, DRAWN)
    straight = upright(turned)
    assert straight.upright
    assert upright(straight) is straight
    probe = (turn @ np.array([*arch_point(0.5), LEVEL, 1]))[:3]
    column, row, layer = np.rint(straight.index_of(probe)).astype(int)
    assert straight.cells[layer, row, column] > 1500


def test_the_commands_make_the_pictures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    volume = head()

    def body(at: np.ndarray) -> np.ndarray:
        index = np.rint(volume.index_of(at)).astype(int)
        return volume.cells[index[..., 2], index[..., 1], index[..., 0]].astype(float)

    scan = Scan(shape=(90, 110, 100), spacing=(STEP, STEP), step=STEP, first=(-39.6, -43.6, 0))
    write(tmp_path / "series", scan, body)
    assert main(["pano", str(tmp_path / "series"), "--json", "-o", str(tmp_path / "pano.png")]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["arch_proposed"] is True
    assert report["columns"] == pytest.approx(report["arch_length_mm"] / STEP, abs=1)
    asked = ["ceph", "--volume", str(tmp_path / "series"), "--source", "1500", "1650", "--json"]
    assert main([*asked, "-o", str(tmp_path / "ceph.png")]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["magnification"] == 1.1
    assert report["pixel_mm"] == pytest.approx(STEP * 1.1)
    for name in ("pano", "ceph"):
        assert (tmp_path / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(SystemExit):
        main(["ceph", "--json"])

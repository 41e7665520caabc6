"""Meshes with known answers, and the oddities that scanners and programs write."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from viewer.mesh import reading
from viewer.mesh.alignment import NoAlignment, by_points, by_surfaces
from viewer.mesh.distances import distances
from viewer.mesh.mesh import Mesh, MeshError
from viewer.mesh.reading import NotAMesh, NoTriangles, read_mesh, stl_bytes

ODD = Path(__file__).parents[2] / "data" / "odd_meshes"
WITHOUT_SURFACE = {
    "empty.ply",
    "empty.stl",
    "points_ascii.ply",
    "points_ascii_with_lists.ply",
    "points_bin.ply",
    "points_emptyascii.ply",
    "points_emptyface.ply",
}


def globe(radius: float = 10.0, centre: tuple[float, float, float] = (0, 0, 0), count: int = 60) -> Mesh:
    """A sphere of triangles whose corners lie on it."""
    turns, heights = np.arange(2 * count) * np.pi / count, np.linspace(0, np.pi, count + 1)[1:-1]
    ring = np.stack([np.cos(turns), np.sin(turns)], 1)
    rows = [np.c_[ring * np.sin(height), np.full(len(turns), np.cos(height))] for height in heights]
    points = np.concatenate([*rows, [[0, 0, 1.0], [0, 0, -1.0]]]) * radius + np.asarray(centre)
    triangles, wide = [], 2 * count
    for row in range(len(heights) - 1):
        for turn in range(wide):
            a, b = row * wide + turn, row * wide + (turn + 1) % wide
            triangles += [(a, a + wide, b), (b, a + wide, b + wide)]
    last = (len(heights) - 1) * wide
    for turn in range(wide):
        triangles.append((turn, (turn + 1) % wide, len(points) - 2))
        triangles.append((last + (turn + 1) % wide, last + turn, len(points) - 1))
    return Mesh(points, np.array(triangles, np.int32))


def arch() -> Mesh:
    """A bumpy horseshoe without symmetry, as a dental arch is."""
    along, across = np.meshgrid(
        np.linspace(0, np.pi, 160), np.linspace(0, 2 * np.pi, 40, endpoint=False), indexing="ij"
    )
    thick = 4 + 0.8 * np.sin(13 * along) + 0.5 * np.cos(5 * along + across)
    ring = 28 + 3 * np.sin(along) + thick * np.cos(across)
    points = np.stack([ring * np.cos(along), -1.3 * ring * np.sin(along), thick * np.sin(across)], -1).reshape(-1, 3)
    index = np.arange(160 * 40).reshape(160, 40)
    a, b = index[:-1], index[1:]
    c, d = np.roll(a, -1, 1), np.roll(b, -1, 1)
    faces = np.concatenate([np.stack([a, c, b], -1).reshape(-1, 3), np.stack([b, c, d], -1).reshape(-1, 3)])
    return Mesh(points, faces.astype(np.int32))


def motion(turn_degrees: float, shift: tuple[float, float, float]) -> np.ndarray:
    angle, axis = np.radians(turn_degrees), np.array([1.0, 2, 3]) / np.sqrt(14)
    cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    matrix = np.eye(4)
    matrix[:3, :3] += np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross
    matrix[:3, 3] = shift
    return matrix


def test_area_and_volume_of_a_sphere() -> None:
    mesh = globe()
    assert mesh.closed
    assert mesh.area_mm2 == pytest.approx(4 * np.pi * 100, rel=0.002)
    assert mesh.volume_mm3 == pytest.approx(4 / 3 * np.pi * 1000, rel=0.003)
    assert not Mesh(mesh.points, mesh.triangles[:-1]).closed


def test_an_export_is_read_again_as_it_was() -> None:
    mesh = globe(7.5, (3, -4, 12))
    again = read_mesh(stl_bytes(mesh), "stl")
    assert len(again.triangles) == len(mesh.triangles)
    assert len(again.points) == len(mesh.points)
    assert again.closed
    assert again.volume_mm3 == pytest.approx(mesh.volume_mm3, rel=1e-5)
    assert np.abs(np.sort(again.points, 0) - np.sort(mesh.points, 0)).max() < 1e-5


@pytest.mark.parametrize("path", sorted(ODD.iterdir()), ids=lambda path: path.name)
def test_an_oddity_is_a_model_or_a_sentence(path: Path) -> None:
    if path.name in WITHOUT_SURFACE:
        with pytest.raises(NoTriangles):
            read_mesh(path)
        return
    mesh = read_mesh(path)
    assert len(mesh.triangles) > 0
    assert np.isfinite(mesh.points).all()


@pytest.mark.parametrize("cut", [0, 1, 30, 83, 84, 100, 500])
@pytest.mark.parametrize("kind", ["stl", "ply", "obj"])
def test_truncated_and_foreign_bytes_end_in_a_sentence(kind: str, cut: int) -> None:
    data = stl_bytes(globe(count=8))[:cut]
    with pytest.raises(MeshError):
        read_mesh(data, kind)


def test_hostile_counts_and_numbers_end_in_a_sentence() -> None:
    with pytest.raises(MeshError):
        read_mesh(b"x" * 80 + (2**32 - 1).to_bytes(4, "little") + b"\0" * 500, "stl")
    with pytest.raises(MeshError):
        read_mesh(b"v nan 0 0\nv 0 1 0\nv 0 0 1\nf 1 2 3\n", "obj")
    with pytest.raises(MeshError):
        read_mesh(b"v 0 0 0\nv 0 1 0\nv 0 0 1\nf 1 2 9\n", "obj")
    with pytest.raises(NotAMesh):
        read_mesh(b"solid", "exe")


@pytest.mark.parametrize("turn", [5, 90, 170])
def test_pairs_of_points_bring_a_mesh_home(turn: float) -> None:
    fixed = arch().points[[5, 900, 2000, 4000, 6100]]
    matrix = motion(turn, (12, -7, 30))
    moving = fixed @ matrix[:3, :3].T + matrix[:3, 3]
    found = by_points(moving, fixed)
    assert np.abs(found.matrix @ matrix - np.eye(4)).max() < 1e-9
    assert found.rms_mm < 1e-9


def test_points_on_one_line_fix_nothing() -> None:
    line = np.array([[0, 0, 0], [1, 1, 1], [2, 2, 2.0]])
    for moving, fixed in ((line, line), (line[:2], line[:2]), (line, line[:2])):
        with pytest.raises(NoAlignment):
            by_points(moving, fixed)


def test_surfaces_find_one_another_within_a_twentieth_of_a_millimetre() -> None:
    fixed = arch()
    matrix = motion(6, (1.5, -1.0, 0.8))
    found = by_surfaces(fixed.moved(matrix), fixed)
    apart = fixed.moved(found.matrix @ matrix).points - fixed.points
    assert np.linalg.norm(apart, axis=1).max() < 0.05
    assert found.rms_mm < 0.05


def test_teeth_that_moved_do_not_draw_the_rest_along() -> None:
    fixed = arch()
    points = fixed.points.copy()
    points[:300] += np.array([0, 0, 1.2])  # a molar has risen
    found = by_surfaces(Mesh(points, fixed.triangles).moved(motion(3, (0.6, 0.4, -0.5))), fixed, keep=0.85)
    home = Mesh(points, fixed.triangles).moved(found.matrix @ motion(3, (0.6, 0.4, -0.5)))
    assert np.linalg.norm((home.points - fixed.points)[600:], axis=1).max() < 0.05


@pytest.mark.parametrize("gap", [-0.4, 0.15, 1.0])
def test_distances_are_those_to_the_surface(gap: float) -> None:
    inner, outer = globe(10.0), globe(10.0 + gap, count=40)
    found = distances(outer, inner)
    assert np.abs(found.values - gap).max() < 0.02
    assert bool(found.within().all()) is (gap < 0.2)
    assert found.rms_mm == pytest.approx(abs(gap), abs=0.02)


def test_equal_points_are_made_one_whatever_number_stands_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    ball = globe(10)
    whole = read_mesh(stl_bytes(ball), "stl")
    assert len(whole.points) == len(ball.points)
    assert whole.closed
    monkeypatch.setattr(reading, "MIXERS", np.zeros(3, np.uint64))
    met = read_mesh(stl_bytes(ball), "stl")
    assert len(met.points) == len(ball.points), "points that meet in their number are told apart"
    assert met.volume_mm3 == pytest.approx(whole.volume_mm3)

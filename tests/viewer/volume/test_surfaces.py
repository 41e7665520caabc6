"""Surfaces and airways of bodies whose size is known."""

from __future__ import annotations

import numpy as np
import pytest

from viewer.mesh.reading import read_mesh, stl_bytes
from viewer.volume.airway import NoAirway, air_threshold, airway
from viewer.volume.grid import Volume
from viewer.volume.surfaces import PRESETS, NoSurface, Recipe, level_of, surface

RADIUS = 14.0
AFFINES = {
    "plain": np.diag([0.5, 0.5, 0.5, 1.0]),
    "anisotropic": np.diag([0.4, 0.5, 0.7, 1.0]),
    "mirrored": np.array([[-0.5, 0, 0, 40], [0, 0.5, 0, 0], [0, 0, 0.5, 0], [0, 0, 0, 1.0]]),
}


def ball(affine: np.ndarray, inside: float = 1000.0) -> tuple[Volume, np.ndarray]:
    shape = (90, 90, 110)
    layers, rows, columns = np.indices(shape)
    volume = Volume(np.zeros(shape, np.int16), affine, unit="HU")
    at = volume.at_mm(np.stack([columns, rows, layers], -1))
    centre = volume.at_mm((51.3, 44.2, 43.7))
    apart = np.linalg.norm(at - centre, axis=-1)
    cells = (inside * np.clip((RADIUS - apart) / 0.5 + 0.5, 0, 1)).astype(np.int16)
    return Volume(cells, affine, unit="HU"), centre


@pytest.mark.parametrize("name", AFFINES)
@pytest.mark.parametrize("kind", ["plain", "smoothed", "half"])
def test_a_ball_has_its_volume_area_and_place(name: str, kind: str) -> None:
    volume, centre = ball(AFFINES[name])
    mesh = surface(volume, Recipe(500.0, smoothed=kind != "plain", half=kind == "half"))
    assert mesh.closed
    assert mesh.volume_mm3 == pytest.approx(4 / 3 * np.pi * RADIUS**3, rel=0.02)
    assert mesh.area_mm2 == pytest.approx(4 * np.pi * RADIUS**2, rel=0.02)
    low, high = mesh.bounds
    assert np.abs((low + high) / 2 - centre).max() < 0.15
    a, b, c = np.moveaxis(mesh.corners, 1, 0)
    outward = np.einsum("ij,ij->i", np.cross(b - a, c - a), a - centre)
    assert (outward > 0).mean() > 0.99


def test_an_exported_surface_is_read_again_equal() -> None:
    mesh = surface(ball(AFFINES["plain"])[0], Recipe(500.0))
    again = read_mesh(stl_bytes(mesh), "stl")
    assert again.volume_mm3 == pytest.approx(mesh.volume_mm3, rel=1e-4)
    assert again.area_mm2 == pytest.approx(mesh.area_mm2, rel=1e-4)


def test_thinning_keeps_the_shape_with_fewer_triangles() -> None:
    volume, _centre = ball(AFFINES["plain"])
    whole, thin = surface(volume, Recipe(500.0)), surface(volume, Recipe(500.0, thinned=True))
    assert len(thin.triangles) < len(whole.triangles) / 2
    assert thin.volume_mm3 == pytest.approx(whole.volume_mm3, rel=0.02)


def test_only_the_largest_body_where_it_is_asked() -> None:
    volume, _centre = ball(AFFINES["plain"])
    cells = volume.cells.copy()
    cells[2:8, 2:8, 2:8] = 1000
    both = Volume(cells, volume.affine, unit="HU")
    assert surface(both, Recipe(500.0)).bounds[0].min() < 2
    assert surface(both, Recipe(500.0, largest_only=True)).bounds[0].min() > 5


def test_a_value_that_nothing_has_is_a_sentence() -> None:
    with pytest.raises(NoSurface, match="Nothing in this volume has that value"):
        surface(ball(AFFINES["plain"])[0], Recipe(2000.0))


def test_presets_are_in_order_with_and_without_hounsfield_units() -> None:
    volume, _centre = ball(AFFINES["plain"])
    grey = Volume(volume.cells, volume.affine)
    for chosen in (volume, grey):
        levels = [level_of(chosen, preset) for preset in PRESETS]
        assert levels == sorted(levels)
    assert 0 < level_of(grey, PRESETS[1]) < 1000


def waist() -> Volume:
    """A tube of air in water along z, radius 8 mm, narrowed to 4 mm at z = 25."""
    layers, rows, columns = np.indices((100, 60, 60))
    radius = 8 - 4 * np.exp(-(((layers * 0.5 - 25) / 4) ** 2))
    apart = np.hypot(rows * 0.5 - 15.1, columns * 0.5 - 14.9)
    cells = np.where(apart < radius, -1000, 40).astype(np.int16)
    return Volume(cells, np.diag([0.5, 0.5, 0.5, 1.0]), unit="HU")


def test_a_tube_with_a_waist() -> None:
    volume = waist()
    found = airway(volume, (15, 15, 10), -400, (0, 0, 0), (30, 30, 49.5))
    z = np.arange(100) * 0.5
    radius = 8 - 4 * np.exp(-(((z - 25) / 4) ** 2))
    assert found.volume_mm3 == pytest.approx(float((np.pi * radius**2 * 0.5).sum()), rel=0.02)
    assert found.narrowest.z_mm == pytest.approx(25, abs=0.5)
    assert found.narrowest.area_mm2 == pytest.approx(np.pi * 16, rel=0.02)
    boxed = airway(volume, (15, 15, 10), -400, (0, 0, 5), (30, 30, 15))
    assert [boxed.levels[0].z_mm, boxed.levels[-1].z_mm] == [5, 15]
    assert boxed.volume_mm3 < found.volume_mm3 / 3


def test_only_what_hangs_together_with_the_seed_counts() -> None:
    volume = waist()
    cells = volume.cells.copy()
    cells[:, :3, :3] = -1000  # the air before the face
    apart = Volume(cells, volume.affine, unit="HU")
    box = ((0, 0, 0), (30, 30, 49.5))
    assert airway(apart, (15, 15, 10), -400, *box).volume_mm3 == airway(volume, (15, 15, 10), -400, *box).volume_mm3


@pytest.mark.parametrize("seed", [(1, 1, 10), (15, 15, 400)])
def test_a_seed_outside_the_air_is_a_sentence(seed: tuple[float, float, float]) -> None:
    with pytest.raises(NoAirway):
        airway(waist(), seed, -400, (0, 0, 0), (30, 30, 49.5))


def test_the_proposed_level_parts_air_from_tissue() -> None:
    assert -1000 < air_threshold(waist()) < 40

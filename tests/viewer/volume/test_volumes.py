"""From files to a grid: every position right to half a voxel, every peculiarity said or refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.viewer.volume.phantoms import Scan, sphere, write
from viewer.volume.assembling import assemble
from viewer.volume.errors import Cancelled, MixedSlices, NoSlices, ScatteredSlices, TooManyGaps, VolumeTooLarge
from viewer.volume.grid import Volume
from viewer.volume.series import largest_stack

CENTRE = (1.3, -2.1, 0.7)
RADIUS = 6.0
TILT = np.radians(12)
TURNED = (float(np.cos(0.3)), float(np.sin(0.3)), 0.0), (float(-np.sin(0.3) * 0.8), float(np.cos(0.3) * 0.8), 0.6)


def around(sides: tuple[tuple[float, float, float], ...], shape: tuple[int, int, int]) -> tuple[float, float, float]:
    """The first pixel of a grid of half-millimetre steps whose middle is the ball's, but for a fraction of a step."""
    along, down = (np.asarray(side) for side in sides)
    layers, rows, columns = ((count - 1) * 0.25 for count in shape)
    corner = np.asarray(CENTRE) + 0.17 - along * columns - down * rows - np.cross(along, down) * layers
    return float(corner[0]), float(corner[1]), float(corner[2])


SCANS = {
    "plain": Scan(),
    "anisotropic": Scan(shape=(16, 48, 56), step=1.25, spacing=(0.5, 0.45)),
    "head first down": Scan(along=(1, 0, 0), down=(0, -1, 0), first=(-14, 12, 10)),
    "coronal": Scan(shape=(48, 40, 56), along=(1, 0, 0), down=(0, 0, -1), first=(-14, -12, 10)),
    "sagittal": Scan(shape=(56, 40, 48), along=(0, 1, 0), down=(0, 0, -1), first=(14, -12, 10)),
    "oblique": Scan(shape=(48, 60, 60), along=TURNED[0], down=TURNED[1], first=around(TURNED, (48, 60, 60))),
    "gantry tilt": Scan(lean=(0, 0.5 * float(np.tan(TILT)), 0), first=(-14, -15, -10)),
}


def volume_of(folder: Path, scan: Scan, **attributes: object) -> Volume:
    write(folder, scan, sphere(CENTRE, RADIUS), **attributes)
    return assemble(largest_stack([folder]))


def centre_and_volume(volume: Volume) -> tuple[np.ndarray, float]:
    """The ball as the grid has it: centre of mass in mm, and mm³, weighted so that half-full cells count by half."""
    weight = volume.values(volume.cells) / 1000.0
    layers, rows, columns = np.nonzero(weight)
    found = volume.at_mm(np.stack([columns, rows, layers], axis=1))
    mass = weight[layers, rows, columns]
    return (found * mass[:, None]).sum(0) / mass.sum(), float(mass.sum() * volume.cell_volume_mm3)


@pytest.mark.parametrize("name", SCANS)
def test_the_ball_lies_where_it_is_and_is_as_large(tmp_path: Path, name: str) -> None:
    volume = volume_of(tmp_path, SCANS[name])
    centre, size = centre_and_volume(volume)
    assert np.abs(centre - CENTRE).max() < 0.05
    assert size == pytest.approx(4 / 3 * np.pi * RADIUS**3, rel=0.02)


@pytest.mark.parametrize("name", ["plain", "anisotropic", "head first down", "coronal", "sagittal"])
def test_a_grid_along_the_axes_is_turned_to_left_back_and_head(tmp_path: Path, name: str) -> None:
    volume = volume_of(tmp_path, SCANS[name])
    assert volume.upright
    assert np.all(np.diag(volume.affine)[:3] > 0)
    assert volume.notices == ()


def test_a_tilted_stack_is_set_upright_and_says_so(tmp_path: Path) -> None:
    volume = volume_of(tmp_path, SCANS["gantry tilt"])
    assert [str(notice) for notice in volume.notices] == ["The slices are tilted by 12.0°; the volume is set upright."]


def test_missing_slices_are_left_empty_and_named(tmp_path: Path) -> None:
    write(tmp_path, Scan(), sphere(CENTRE, RADIUS))
    for place in (19, 20):
        next(tmp_path.glob(f"*_{place:03d}.dcm")).unlink()
    volume = assemble(largest_stack([tmp_path]))
    assert volume.shape == (40, 48, 56)
    assert [str(notice) for notice in volume.notices] == [
        "Missing slices: 2, the first at place 20; what they would show is left empty."
    ]
    assert volume.cells[19:21].max() == volume.cells.min()
    assert volume.cells[18].max() > volume.cells.min()


def test_too_many_missing_slices_are_refused(tmp_path: Path) -> None:
    write(tmp_path, Scan(), sphere(CENTRE, RADIUS))
    for place in (5, 9, 13, 17, 21, 25):
        next(tmp_path.glob(f"*_{place:03d}.dcm")).unlink()
    with pytest.raises(TooManyGaps, match="6 of 40"):
        assemble(largest_stack([tmp_path]))


def test_doubles_are_dropped_and_counted(tmp_path: Path) -> None:
    paths = write(tmp_path, Scan(), sphere(CENTRE, RADIUS))
    for number in range(3):
        (tmp_path / f"again_{number}.dcm").write_bytes(paths[10 + number].read_bytes())
    volume = assemble(largest_stack([tmp_path]))
    assert volume.shape[0] == 40
    assert [str(notice) for notice in volume.notices] == ["Slices that are there twice: 3; one of each is shown."]


def test_uneven_slices_are_interpolated_where_they_lie(tmp_path: Path) -> None:
    steps = np.where(np.arange(30) % 3 == 0, 0.9, 0.5)
    scan = Scan(heights=tuple(float(h) for h in np.concatenate([[0], np.cumsum(steps)])))
    volume = volume_of(tmp_path, scan)
    centre, size = centre_and_volume(volume)
    assert np.abs(centre - CENTRE).max() < 0.25
    assert size == pytest.approx(4 / 3 * np.pi * RADIUS**3, rel=0.02)
    assert "unevenly spaced (0.50 to 0.90 mm)" in str(volume.notices[0])


@pytest.mark.parametrize(
    ("scan", "error"),
    [
        (Scan(heights=(0, 0.5, 1.0, 1.5, 2.1, 2.5, 9.0, 9.5)), TooManyGaps),
        (Scan(heights=(0.0,)), NoSlices),
    ],
)
def test_what_makes_no_volume_is_refused(tmp_path: Path, scan: Scan, error: type[Exception]) -> None:
    with pytest.raises(error):
        volume_of(tmp_path, scan)


def test_slices_off_the_line_or_of_another_form_are_refused(tmp_path: Path) -> None:
    scans = Scan(shape=(6, 48, 56)), Scan(shape=(6, 48, 56), first=(-4, -12, -7))
    for number, scan in enumerate(scans):
        write(tmp_path / "aside" / str(number), scan, sphere(CENTRE, RADIUS))
    with pytest.raises(ScatteredSlices):
        assemble(largest_stack([tmp_path / "aside"]))
    for number, scan in enumerate((Scan(shape=(6, 48, 56)), Scan(shape=(6, 40, 56), first=(-14, -12, -7)))):
        write(tmp_path / "sizes" / str(number), scan, sphere(CENTRE, RADIUS))
    with pytest.raises(MixedSlices):
        assemble(largest_stack([tmp_path / "sizes"]))


def test_hounsfield_units_only_where_they_are(tmp_path: Path) -> None:
    assert volume_of(tmp_path / "fan", Scan(), Manufacturer="SIEMENS").unit == "HU"
    assert volume_of(tmp_path / "cone", Scan(), Manufacturer="Planmeca").unit == ""
    assert volume_of(tmp_path / "said", Scan(), RescaleType="US").unit == ""


def test_each_slice_with_its_own_scale_comes_to_one(tmp_path: Path) -> None:
    for place, path in enumerate(sorted(write(tmp_path, Scan(), sphere(CENTRE, RADIUS)))):
        if place % 2:
            data = path.read_bytes().replace(b"\x53\x10DS\x02\x001 ", b"\x53\x10DS\x02\x002 ")
            path.write_bytes(data)
    volume = assemble(largest_stack([tmp_path]))
    assert "different scales" in str(volume.notices[0])
    assert volume.range[1] == 2 * (1000 + 1024) - 1024


def test_sixteen_unsigned_bits_keep_their_values(tmp_path: Path) -> None:
    write(
        tmp_path, Scan(shape=(4, 8, 8)), lambda at: np.full(at.shape[:-1], 60_000 - 1024.0), BitsStored=16, HighBit=15
    )
    volume = assemble(largest_stack([tmp_path]))
    assert volume.range == (60_000 - 1024, 60_000 - 1024)


def test_loading_can_be_stopped_and_is_bounded(tmp_path: Path) -> None:
    write(tmp_path, Scan(), sphere(CENTRE, RADIUS))
    stack, told = largest_stack([tmp_path]), []

    def stop(part: float) -> bool:
        told.append(part)
        return len(told) < 2

    with pytest.raises(Cancelled):
        assemble(stack, stop)
    assert told == [0.2, 0.4]
    with pytest.raises(VolumeTooLarge):
        assemble(stack, budget=1000)


def test_a_folder_without_slices_says_so(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("nothing here")
    with pytest.raises(NoSlices):
        largest_stack([tmp_path])

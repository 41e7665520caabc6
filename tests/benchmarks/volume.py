"""Volumes: from files to three planes, planes while dragging and at rest, panoramic, surface, rendering.

`python main.py bench volume [--shape LAYERS ROWS COLUMNS] [--repeats N] [--json]`. A synthetic head is written as one
file a slice, uncompressed and as HTJ2K. Peers in the same run: VTK's own DICOM reader for the series, and NumPy alone
for the panoramic. A study model of 1.5 million triangles is turned, too. Where no OpenGL is, what is rendered is left
out, and the report says so.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from _report import Measure, load, show

from tests.viewer.volume.phantoms import Scan, write
from viewer.mesh.mesh import Mesh
from viewer.mesh.reading import read_mesh, stl_bytes
from viewer.volume.arch import Arch
from viewer.volume.assembling import assemble
from viewer.volume.curved import panoramic
from viewer.volume.grid import Volume
from viewer.volume.planes import Blend, Plane, View, covering, cut, standard
from viewer.volume.rendering import TISSUES, Eye, Scene, can_render
from viewer.volume.series import largest_stack
from viewer.volume.surfaces import Recipe, surface

STEP: Final = 0.4
HTJ2K: Final = "1.2.840.10008.1.2.4.201"


def head(at: Any) -> Any:
    """A skull about soft tissue, an arch of teeth, and noise as a cone beam has it; in Hounsfield units."""
    x, y, z = at[..., 0], at[..., 1], at[..., 2]
    radius = np.sqrt((x / 85) ** 2 + (y / 95) ** 2 + (z / 90) ** 2)
    values = np.where(radius < 1, 40.0, -1000.0) + np.where((radius > 0.9) & (radius < 0.97), 1100.0, 0.0)
    bow = np.abs(np.hypot(x, y * 0.8 + 20) - 28)
    values = np.where((bow < 4) & (np.abs(z) < 12) & (y < 0), 1900.0, values)
    noise = np.random.default_rng(7).normal(0, 25, values.shape)
    return np.clip(values + noise, -1024, 3000)


def compressed(paths: list[Path], folder: Path) -> None:
    """The same series with each slice as a lossless HTJ2K codestream (PS3.5 §A.4.4)."""
    import imagecodecs
    from pydicom import dcmread
    from pydicom.encaps import encapsulate

    folder.mkdir()
    for path in paths:
        ds = dcmread(path)
        data = imagecodecs.htj2k_encode(ds.pixel_array, reversible=True)
        ds.PixelData = encapsulate([bytes(data)])
        ds["PixelData"].is_undefined_length = True
        ds.file_meta.TransferSyntaxUID = HTJ2K
        ds.save_as(folder / path.name, enforce_file_format=True)


def timed(work: Callable[[], Any], repeats: int) -> list[float]:
    """Milliseconds of each run, after one that does not count."""
    work()
    found = []
    for _run in range(repeats):
        start = time.perf_counter()
        work()
        found.append((time.perf_counter() - start) * 1000)
    return found


def measured(name: str, work: Callable[[], Any], target: float | None, repeats: int) -> Measure:
    """The median."""
    found = timed(work, repeats)
    return Measure(name, statistics.median(found), "ms", target, repeats=found)


def planes(volume: Volume) -> list[Any]:
    """The three planes of the patient through the middle."""
    return [cut(volume, standard(volume, view)) for view in View]


def from_files(folder: Path, name: str, target: float | None, repeats: int) -> Measure:
    """Seconds from a folder of files to three planes at full resolution."""
    found = []
    for _run in range(repeats):
        start = time.perf_counter()
        planes(assemble(largest_stack([folder])))
        found.append(time.perf_counter() - start)
    return Measure(name, statistics.median(found), "s", target, repeats=found)


def by_vtk(folder: Path, repeats: int) -> Measure:
    """VTK's own reader of a folder: no order by position, no check of the geometry."""
    from vtkmodules.vtkIOImage import vtkDICOMImageReader

    found = []
    for _run in range(repeats):
        start = time.perf_counter()
        reader = vtkDICOMImageReader()
        reader.SetDirectoryName(str(folder))
        reader.Update()
        found.append(time.perf_counter() - start)
    return Measure("files to a volume, vtkDICOMImageReader (peer)", statistics.median(found), "s", repeats=found)


def oblique(volume: Volume) -> Plane:
    """A plane that lies along no axis."""
    right = np.array([1.0, 0.15, 0.1])
    right /= np.linalg.norm(right)
    down = np.cross(np.cross(right, [0.1, 0.2, -1.0]), right)
    return covering(volume, right, down / np.linalg.norm(down), volume.centre_mm)


def coarse(plane: Plane, factor: int) -> Plane:
    """The same plane in fewer pixels, as it is drawn while it is dragged."""
    return replace(plane, rows=plane.rows // factor, columns=plane.columns // factor, pixel_mm=plane.pixel_mm * factor)


def sections(volume: Volume, repeats: int) -> list[Measure]:
    """Every kind of plane."""
    slanted = oblique(volume)
    slab = replace(slanted, thickness_mm=10.0)
    arch = Arch(tuple((35 * float(np.cos(t)), -35 * float(np.sin(t)) - 10) for t in np.linspace(np.pi, 0, 9)), 0.0)
    many = max(repeats, 15)
    found = [
        measured(f"slice, {view.value}", lambda v=view: cut(volume, standard(volume, v)), 4, many) for view in View
    ]
    for view in View:
        thick = replace(standard(volume, view), thickness_mm=10.0, blend=Blend.MAXIMUM)
        found.append(measured(f"slab of 10 mm, {view.value}", lambda p=thick: cut(volume, p), 40, many))
    found.append(measured("slice, oblique", lambda: cut(volume, slanted), 16, many))
    found.append(measured("slab of 10 mm, oblique, dragging", lambda: cut(volume, coarse(slab, 3)), 40, many))
    found.append(measured("slab of 10 mm, oblique, at rest", lambda: cut(volume, slab), 300, many))
    found.append(measured("panoramic, 12 mm", lambda: panoramic(volume, arch), 150, many))
    found.append(
        measured("panoramic, gathered by NumPy (peer)", lambda: panoramic(volume, arch, 12, Blend.MAXIMUM), None, many)
    )
    return found


def drawn(volume: Volume, repeats: int) -> list[Measure]:
    """Surface to first picture, and pictures a second of the volume while it turns."""
    found = []

    def first_picture() -> None:
        scene = Scene()
        scene.show_mesh("bone", surface(volume, Recipe(500.0, half=True, smoothed=False, thinned=True)), (1, 1, 1))
        scene.picture(800, 600, Eye(30))
        scene.close()

    found.append(measured("bone surface to the first picture", first_picture, 1500, repeats))
    scene = Scene()
    scene.show_volume(volume, TISSUES[0])
    turns = iter(range(1, 10_000))
    each = timed(lambda: scene.picture(800, 600, Eye(3.0 * next(turns)), moving=True), max(repeats, 15))
    scene.close()
    rate = [1000 / value for value in each]
    found.append(Measure("volume rendering while turning", statistics.median(rate), "1/s", 10, True, rate))
    return found


def large_model(side: int = 866) -> Mesh:
    """A bumpy globe of 1.5 million triangles, as a fine scanner gives."""
    tilt, turn = np.meshgrid(np.linspace(0, np.pi, side), np.linspace(0, 2 * np.pi, side), indexing="ij")
    radius = 30 * (1 + 0.05 * np.sin(9 * tilt) * np.cos(11 * turn))
    sides = np.sin(tilt) * np.cos(turn), np.sin(tilt) * np.sin(turn), np.cos(tilt)
    points = np.stack([radius * side for side in sides], -1).reshape(-1, 3)
    index = np.arange(side * side).reshape(side, side)
    a, b, c, d = (part.ravel() for part in (index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]))
    return Mesh(points, np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)]).astype(np.int32))


def models(repeats: int) -> list[Measure]:
    """A large study model: from its bytes to the first picture, and while a hand turns it."""
    content = stl_bytes(large_model())
    start = time.perf_counter()
    mesh, scene = read_mesh(content, "stl"), Scene()
    scene.show_mesh("model", mesh, (1, 1, 1))
    scene.picture(800, 600, Eye(20))
    first = time.perf_counter() - start
    turns = iter(range(1, 10_000))
    each = timed(lambda: scene.picture(800, 600, Eye(3.0 * next(turns)), moving=True), max(repeats, 15))
    before = time.process_time()
    timed(lambda: scene.picture(800, 600, Eye(3.0 * next(turns)), moving=True), 15)
    own = (time.process_time() - before) * 1000 / 16
    scene.close()
    rate = [1000 / value for value in each]
    return [
        Measure("model of 1.5 million triangles to the first picture", first, "s"),
        Measure("that model while turning", statistics.median(rate), "1/s", 10, True, rate),
        Measure("that model while turning, processor time", own, "ms", 100),
    ]


def in_the_window(folder: Path) -> list[Measure]:
    """The workspace in a process of its own: its event loop, its memory, and a volume that is opened again."""
    program = [sys.executable, str(Path(__file__).parent / "_volume_journey.py"), str(folder)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(program, capture_output=True, text=True, check=True, env=environment)
    found = json.loads(done.stdout)
    allowed = 1.5 * found["volume_mb"] + 200
    return [
        Measure("longest stand of the event loop on a journey", found["longest_ms"], "ms", 100, repeats=found["late"]),
        Measure("processor time of its longest turn", found["own_ms"], "ms", 100, repeats=found["own_late"]),
        Measure("memory taken on that journey", found["taken_mb"], "MB", allowed),
        Measure("memory kept after closing, the driver's included", found["left_mb"], "MB"),
        Measure("memory kept after closing twice", found["left_again_mb"], "MB"),
        Measure("opened again in the session", found["reopened_s"], "s", 0.3),
    ]


def main(arguments: list[str]) -> int:
    """Measure and print."""
    options = argparse.ArgumentParser(prog="bench volume", description=__doc__)
    options.add_argument("--shape", nargs=3, type=int, default=[400, 512, 512], metavar=("LAYERS", "ROWS", "COLUMNS"))
    options.add_argument("--repeats", type=int, default=3)
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args(arguments)
    layers, rows, columns = chosen.shape
    corner = (-columns * STEP / 2, -rows * STEP / 2, -layers * STEP / 2)
    before = load()
    with tempfile.TemporaryDirectory() as scratch:
        plain, packed = Path(scratch) / "plain", Path(scratch) / "htj2k"
        scan = Scan(shape=(layers, rows, columns), spacing=(STEP, STEP), step=STEP, first=corner)
        paths = write(plain, scan, head, StudyInstanceUID="1.2.3")
        compressed(paths, packed)
        measures = [
            from_files(plain, "files to three planes, uncompressed", 2.5, chosen.repeats),
            by_vtk(plain, chosen.repeats),
            from_files(packed, "files to three planes, HTJ2K", 2.5, chosen.repeats),
        ]
        if can_render():
            measures += in_the_window(plain)
        volume = assemble(largest_stack([plain]))
    measures += sections(volume, chosen.repeats)
    if can_render():
        measures += drawn(volume, chosen.repeats) + models(chosen.repeats)
    else:
        print("bench volume: no OpenGL here, nothing is rendered", file=sys.stderr)
    show(measures, before, as_json=chosen.json)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

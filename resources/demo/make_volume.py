"""Make the demonstration's cone-beam volume and study models: geometry alone, of nobody.

Run it from the repository: `python resources/demo/make_volume.py`. It writes `images/volume_simulated.dcm` (an Enhanced
CT image, PS3.3 §A.38, HTJ2K lossless) and `models/*.stl`. What it draws is a head of ellipsoids and tubes with an arch
of teeth, canals, joints and an airway, so that every tool of the volume screen has something to find.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from viewer.mesh.reading import stl_bytes  # noqa: E402  the path above leads there
from viewer.volume.grid import Volume  # noqa: E402  the path above leads there
from viewer.volume.surfaces import Recipe, surface  # noqa: E402  the path above leads there

Field = NDArray[np.float32]
Axes = tuple[Field, Field, Field]
STEP, SHAPE, FIRST = 0.8, (150, 200, 180), (-71.6, -92.0, -72.0)
"""Millimetres; layers, rows, columns; centre of the first cell."""
UPPER = (8.5, 6.6, 7.6, 7.0, 6.7, 10.2, 9.6)
LOWER = (5.3, 5.8, 6.8, 7.1, 7.2, 11.2, 10.4)
"""Mesiodistal widths from the midline outward (Ash and Nelson, mean values)."""
SIDE, FRONT, BACK = 29.0, 42.0, -8.0
MODEL_STEP, MODEL_SHAPE = 0.8, (31, 94, 111)


def grid(step: float, shape: tuple[int, int, int], first: tuple[float, float, float]) -> tuple[Field, Field, Field]:
    """x, y and z of every cell, ready to be broadcast."""
    layers, rows, columns = shape
    x = (first[0] + step * np.arange(columns, dtype=np.float32))[None, None, :]
    y = (first[1] + step * np.arange(rows, dtype=np.float32))[None, :, None]
    z = (first[2] + step * np.arange(layers, dtype=np.float32))[:, None, None]
    return x, y, z


def ball(at: Axes, centre: tuple[float, ...], radii: tuple[float, ...], turn: float = 0.0) -> Field:
    """About the distance in mm to the surface of an ellipsoid, negative within; turned about the vertical."""
    x, y, z = (axis - middle for axis, middle in zip(at, centre, strict=True))
    c, s = float(np.cos(turn)), float(np.sin(turn))
    along, across = c * x + s * y, -s * x + c * y
    reach = np.sqrt((along / radii[0]) ** 2 + (across / radii[1]) ** 2 + (z / radii[2]) ** 2)
    return np.asarray((reach - 1) * min(radii), np.float32)


def tube(at: tuple[Field, Field, Field], line: NDArray[np.float64], radius: float) -> Field:
    """Distance to a chain of balls along a line."""
    found = np.full(np.broadcast_shapes(*(axis.shape for axis in at)), 1e3, np.float32)
    for x, y, z in line:
        np.minimum(found, ball(at, (x, y, z), (radius, radius, radius)), out=found)
    return found


def soft(inside: Field, width: float) -> Field:
    """1 within, 0 without, an edge as wide as the blur of a scanner."""
    return np.clip(0.5 - inside / width, 0, 1)


def arch(t: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, 2) places on the arch; t in radians from the patient's right (0) to the left (pi)."""
    return np.stack([-SIDE * np.cos(t), BACK - FRONT * np.sin(t)], axis=-1)


def run(places: NDArray[np.float64], back: float, z: float) -> NDArray[np.float64]:
    """Places (n, 2) moved back, at one height: (n, 3)."""
    return np.c_[places[:, 0], places[:, 1] + back, np.full(len(places), z)]


def teeth(widths: tuple[float, ...]) -> list[tuple[float, float, float, float]]:
    """x, y, turn and width of each tooth from the midline outward, first of the right side."""
    fine = np.linspace(0, np.pi, 4000)
    places = arch(fine)
    lengths = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(places, axis=0), axis=1))])
    middle, found = lengths[-1] / 2, []
    for sign in (-1, 1):
        out = 0.0
        for width in widths:
            t = float(np.interp(middle + sign * (out + width / 2), lengths, fine))
            x, y = arch(np.array([t]))[0]
            tangent = arch(np.array([t + 1e-3]))[0] - arch(np.array([t - 1e-3]))[0]
            found.append((float(x), float(y), float(np.arctan2(tangent[1], tangent[0])), width))
            out += width
    return found


def crown(
    at: Axes,
    tooth: tuple[float, float, float, float],
    number: int,
    upper: bool,
    aside: float = 0.0,
) -> Field:
    """The crown of a tooth with its root; `aside` moves it outward in mm."""
    x, y, turn, width = tooth
    x, y = x + aside * np.sin(turn), y - aside * np.cos(turn)
    deep = (3.2, 3.2, 3.8, 4.3, 4.4, 5.2, 5.1)[number % 7]
    up = 1.0 if upper else -1.0
    x, y = (x, y) if upper else (x, y + 1.4)
    body = ball(at, (x, y, up * 4.6), (width / 2, deep, 5.2), turn)
    root = ball(at, (x, y + 0.8, up * 13.5), (width * 0.3, deep * 0.55, 9.0), turn)
    return np.minimum(body, root)


def head() -> NDArray[np.int16]:
    """The cells of the volume, grey values as a cone-beam unit writes them."""
    at = grid(STEP, SHAPE, FIRST)
    values = np.full(SHAPE, -980.0, np.float32)

    def lay(field: Field, value: float, width: float = STEP * 1.5) -> None:
        part = soft(field, width)
        values[:] = values * (1 - part) + value * part

    lay(ball(at, (0, -2, 2), (68, 84, 92)), 30)
    lay(ball(at, (0, -82, 6), (9, 14, 12)), 30)  # the nose
    t = np.linspace(-0.15, np.pi + 0.15, 90)
    ridge = arch(t)
    for up, heights in ((1, np.linspace(9, 20, 7)), (-1, np.linspace(-27, -9, 11))):
        for z in heights:
            wide = 6.2 if up > 0 else 5.6 + 1.6 * abs(z + 18) / 9
            lay(tube(at, run(ridge, 2.0 if up < 0 else 0.0, z), wide), 620 if up > 0 else 760)
    for sign in (-1, 1):
        ramus = np.array([[sign * (30 + 17 * s), -8 + 34 * s, -26 + 62 * s**1.3] for s in np.linspace(0, 1, 26)])
        lay(tube(at, ramus, 5.0), 820)
        lay(ball(at, (sign * 47.5, 27, 38), (9.5, 4.6, 5.2), -sign * 0.35), 900)  # condyle
        lay(ball(at, (sign * 47.5, 27, 47.5), (13, 9, 3.2)), 860)  # its fossa
        lay(ball(at, (sign * 22, -34, 34), (13, 16, 12)), -960)  # maxillary sinus
        lay(ball(at, (sign * 36, -44, 30), (3, 18, 14)), 720)
    shell = ball(at, (0, 6, 66), (66, 78, 40))
    lay(np.maximum(shell, -(shell + 5)), 950)
    lay(ball(at, (0, -30, 46), (26, 34, 3)), 640)
    for level in range(-70, 40, 17):
        lay(ball(at, (0, 52, level), (14, 13, 7)), 640)
        lay(ball(at, (0, 70, level), (6, 9, 4)), 560)
    for number, tooth in enumerate(teeth(UPPER)):
        lay(crown(at, tooth, number, True), 1750)
    for number, tooth in enumerate(teeth(LOWER)):
        lay(crown(at, tooth, number, False), 1800)
    for sign in (-1, 1):
        canal = np.array([[sign * (20 + 14 * s), -36 + 34 * s, -20 + 10 * s**3] for s in np.linspace(0, 1, 40)])
        lay(tube(at, canal, 1.6), 60)
    way = np.array([[0, 26 + 3 * np.sin(z / 14), z] for z in np.arange(-70.0, 34.0, 1.0)])
    for x, y, z in way:
        narrow = 1 - 0.45 * np.exp(-(((z + 6) / 8) ** 2))
        lay(ball(at, (x, y, z), (12 * narrow, 6.5 * narrow, 3)), -990)
    lay(ball(at, (0, -24, 30), (10, 44, 14)), -970)  # nose within
    return np.clip(np.rint(values), -1000, 2500).astype(np.int16)


def write_volume(path: Path) -> None:
    """One Enhanced CT image with a place for each frame."""
    import imagecodecs
    from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
    from pydicom.encaps import encapsulate
    from pydicom.uid import UID

    cells = head()
    ds = FileDataset(None, {}, file_meta=FileMetaDataset(), preamble=b"\0" * 128)
    ds.file_meta.TransferSyntaxUID = UID("1.2.840.10008.1.2.4.201")
    ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = UID("1.2.840.10008.5.1.4.1.1.2.1")
    for keyword, suffix in (
        ("SOPInstanceUID", 1),
        ("SeriesInstanceUID", 2),
        ("StudyInstanceUID", 3),
        ("FrameOfReferenceUID", 4),
    ):
        setattr(ds, keyword, f"2.25.20261122{suffix}")
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    ds.SpecificCharacterSet, ds.Modality, ds.Manufacturer = "ISO_IR 192", "CT", "Archwire, simulated cone beam"
    ds.PatientName, ds.PatientID, ds.StudyDate = "Demo^Volume", "", "20260110"
    ds.SeriesDescription, ds.SeriesNumber, ds.InstanceNumber = "CBCT simulé", 1, 1
    ds.ImageType = ["DERIVED", "PRIMARY", "VOLUME", "NONE"]
    ds.Rows, ds.Columns, ds.NumberOfFrames = cells.shape[1], cells.shape[2], cells.shape[0]
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 12, 11, 0
    ds.PositionReferenceIndicator, ds.LossyImageCompression = "", "00"
    ds.SharedFunctionalGroupsSequence = [_shared()]
    frames = []
    for layer in range(cells.shape[0]):
        frame, place = Dataset(), Dataset()
        place.ImagePositionPatient = [FIRST[0], FIRST[1], round(FIRST[2] + STEP * layer, 3)]
        frame.PlanePositionSequence = [place]
        frames.append(frame)
    ds.PerFrameFunctionalGroupsSequence = frames
    stored = (cells + 1024).astype(np.uint16)
    ds.PixelData = encapsulate([bytes(imagecodecs.htj2k_encode(layer, reversible=True)) for layer in stored])
    ds["PixelData"].is_undefined_length = True
    ds.save_as(path, enforce_file_format=True)


def _shared() -> object:
    from pydicom.dataset import Dataset

    shared, measures, lie, scale, window = (Dataset() for _part in range(5))
    measures.PixelSpacing, measures.SliceThickness = [STEP, STEP], STEP
    lie.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    scale.RescaleIntercept, scale.RescaleSlope, scale.RescaleType = -1024, 1, "US"
    window.WindowCenter, window.WindowWidth = 500, 3000
    shared.PixelMeasuresSequence, shared.PlaneOrientationSequence = [measures], [lie]
    shared.PixelValueTransformationSequence, shared.FrameVOILUTSequence = [scale], [window]
    return shared


def model(upper: bool, moved: float = 0.0) -> bytes:
    """A study model as STL: crowns on a base; `moved` shifts both canines outward."""
    low = (-44.0, -66.0, -4.0 if upper else -20.0)
    at = grid(MODEL_STEP, MODEL_SHAPE, low)
    ridge = arch(np.linspace(-0.05, np.pi + 0.05, 80))
    up = 1 if upper else -1
    base = np.full(MODEL_SHAPE, 1e3, np.float32)
    for z in np.linspace(10.0, 14.0, 4) * up:
        np.minimum(base, tube(at, run(ridge, 0.0 if upper else 1.4, float(z)), 6.0), out=base)
    for number, tooth in enumerate(teeth(UPPER if upper else LOWER)):
        aside = moved if number % 7 == 2 else 0.0
        np.minimum(base, crown(at, tooth, number, upper, aside), out=base)
    cells = np.clip(np.rint(1000 - 400 * base), -3000, 3000).astype(np.int16)
    affine = np.diag([MODEL_STEP, MODEL_STEP, MODEL_STEP, 1.0])
    affine[:3, 3] = low
    return stl_bytes(surface(Volume(np.pad(cells, 1, constant_values=-3000), affine), Recipe(1000.0, smoothed=True)))


def plan() -> str:
    """What a person would draw into the volume: arch, canals and condyles, where `head` has them."""
    from viewer.model.volume_plan import Canal, Condyle, Side, VolumePlan, plan_to_json

    points = tuple((float(x), float(y)) for x, y in arch(np.linspace(0.05, np.pi - 0.05, 9)))
    canals, condyles = {}, {}
    for side, sign in ((Side.RIGHT, -1), (Side.LEFT, 1)):
        run_of = [(sign * (20 + 14 * s), -36 + 34 * s, -20 + 10 * s**3) for s in np.linspace(0, 1, 7).tolist()]
        canals[side] = Canal(tuple(run_of), 3.2)
        condyles[side] = Condyle((sign * 47.5, 27.0, 38.0), 20.0)
    return plan_to_json(VolumePlan(arch=points, arch_z_mm=-4.0, canals=canals, condyles=condyles))


def main() -> None:
    """Write everything."""
    (HERE / "volume_plan.json").write_text(plan(), encoding="utf-8")
    write_volume(HERE / "images" / "volume_simulated.dcm")
    models = HERE / "models"
    models.mkdir(exist_ok=True)
    (models / "upper_initial.stl").write_bytes(model(True))
    (models / "lower_initial.stl").write_bytes(model(False))
    (models / "upper_progress.stl").write_bytes(model(True, 1.2))


if __name__ == "__main__":
    main()

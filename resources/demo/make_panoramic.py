"""Make a demonstration panoramic in DICOM from the published contact sheet of real panoramics.

    python resources/demo/make_panoramic.py horizontal_grid.png resources/demo/images/panoramic.dcm --row 1 --column 3

The sheet (Teeth Segmentation on Dental X-ray Images, Humans in the Loop, CC0 1.0) shows twelve real panoramics on which
tooth masks were painted with an opacity of 70 %. The painting is undone: inside a mask, shown = 0.7 colour + 0.3 grey,
and the colour of each tooth is the same on all twelve pictures, so that it can be estimated. What is left of the
outlines, two or three pixels wide, is filled in from both sides. The printed lines at the top and bottom are cut off.
The patient is invented.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, JPEGLSLossless, SecondaryCaptureImageStorage

Array = NDArray[Any]

ROWS = ((10, 355), (365, 710))
COLUMNS = ((10, 697), (711, 1398), (1411, 2099), (2112, 2799), (2813, 3500), (3513, 4180))
TOP_TEXT, BOTTOM_TEXT = 18, 20
"""Rows with the device's name and with the date and exposure."""
SIDE = 3
"""Columns with the frame of the sheet."""
OPACITY = 0.7
TOOTH_OVER_BONE = 14.0
"""How much brighter than their surroundings teeth are, in units of mask colour; within the bounds of every mask."""
SPREAD = 3
"""Tolerance of the two colour differences that identify a mask."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sheet", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--row", type=int, default=1)
    parser.add_argument("--column", type=int, default=3)
    parser.add_argument("--name", default="Démo^Panoramique")
    parser.add_argument("--date", default="20240902")
    options = parser.parse_args()
    sheet = np.asarray(Image.open(options.sheet).convert("RGB")).astype(float)
    masks = mask_colours(sheet)
    picture = unpainted(panel(sheet, options.row, options.column), masks)
    grey = np.clip(np.rint(picture[TOP_TEXT:-BOTTOM_TEXT, SIDE:-SIDE]), 0, 255).astype(np.uint8)
    write(options.output, grey, options.name, options.date)


def panel(sheet: Array, row: int, column: int) -> Array:
    (top, bottom), (left, right) = ROWS[row], COLUMNS[column]
    return np.asarray(sheet[top:bottom, left:right])


def panels(sheet: Array) -> Iterator[Array]:
    for row in range(len(ROWS)):
        for column in range(len(COLUMNS)):
            yield panel(sheet, row, column)


def differences(picture: Array) -> Array:
    """Red minus green and green minus blue: the grey beneath cancels, the colour of the mask is left."""
    return np.stack([picture[..., 0] - picture[..., 1], picture[..., 1] - picture[..., 2]], -1)


def mask_colours(sheet: Array) -> dict[tuple[int, int], float]:
    """For each mask, by its differences, the mean of its colour's three samples."""
    counts: Counter[tuple[int, int]] = Counter()
    for picture in panels(sheet):
        found = differences(picture)
        counts.update(map(tuple, found[np.abs(found).max(-1) > 4].astype(int).tolist()))
    colours = {}
    while counts and counts.most_common(1)[0][1] >= 300:
        key = counts.most_common(1)[0][0]
        for other in [o for o in counts if max(abs(o[0] - key[0]), abs(o[1] - key[1])) <= SPREAD]:
            del counts[other]
        if (level := mean_colour(sheet, key)) is not None:
            colours[key] = level
    return colours


def mean_colour(sheet: Array, key: tuple[int, int]) -> float | None:
    """Estimate a mask's colour: its inner rim continues the picture outside, but for the brightness of the tooth."""
    lowest, highest, estimates = 0.0, 255.0, []
    for picture in panels(sheet):
        shown, mask = picture.mean(-1), where(picture, key)
        core = ~grown(~mask, 2)
        if core.sum() < 80:
            continue
        dark, light = np.percentile(shown[core], [1, 99])
        lowest = max(lowest, (light - (1 - OPACITY) * 255) / OPACITY)
        highest = min(highest, dark / OPACITY)
        outside = grown(mask, 4) & ~grown(np.abs(differences(picture)).max(-1) > 4, 1)
        rim = core & grown(~mask, 4)
        if outside.sum() >= 30:
            estimates.append((shown[rim].mean() - (1 - OPACITY) * shown[outside].mean()) / OPACITY)
    if not estimates:
        return None
    return float(np.clip(np.median(estimates) - TOOTH_OVER_BONE, lowest, highest))


def where(picture: Array, key: tuple[int, int]) -> Array:
    return np.asarray(np.abs(differences(picture) - np.array(key)).max(-1) <= SPREAD)


def grown(mask: Array, times: int) -> Array:
    for _ in range(times):
        wide = mask.copy()
        wide[1:] |= mask[:-1]
        wide[:-1] |= mask[1:]
        tall = wide.copy()
        tall[:, 1:] |= wide[:, :-1]
        tall[:, :-1] |= wide[:, 1:]
        mask = tall
    return mask


def unpainted(picture: Array, colours: dict[tuple[int, int], float]) -> Array:
    """The grey picture beneath the masks, 0 to 255."""
    shown = picture.mean(-1)
    grey, known = shown.copy(), ~grown(np.abs(differences(picture)).max(-1) > 4, 1)
    for key, colour in colours.items():
        core = ~grown(~where(picture, key), 1)
        grey[core] = (shown[core] - OPACITY * colour) / (1 - OPACITY)
        known |= core
    return filled(np.clip(grey, 0, 255), known)


def filled(grey: Array, known: Array) -> Array:
    """Let the known values flow into the gaps until they are smooth (Laplace's equation)."""
    current = np.where(known, grey, grey[known].mean())
    for _ in range(400):
        around = sum(np.roll(current, step, axis) for step in (1, -1) for axis in (0, 1)) / 4
        current = np.where(known, grey, around)
    return current


def uid(*parts: str) -> UID:
    """A UID under 2.25 that depends on the picture only, so that making it again gives the same file."""
    return UID(f"2.25.{uuid5(NAMESPACE_URL, '/'.join(parts)).int}")


def write(path: Path, grey: Array, name: str, date: str) -> None:
    """A Secondary Capture image of modality PX."""
    key = f"{path.stem}/{date}"
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = JPEGLSLossless
    ds.file_meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage
    ds.file_meta.MediaStorageSOPInstanceUID = uid(key, "instance")
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.SOPClassUID, ds.SOPInstanceUID = SecondaryCaptureImageStorage, uid(key, "instance")
    ds.StudyInstanceUID, ds.SeriesInstanceUID = uid(key, "study"), uid(key, "series")
    ds.PatientName, ds.PatientID, ds.PatientBirthDate, ds.PatientSex = name, "DEMO-PX", "20100315", "O"
    ds.StudyDate = ds.SeriesDate = ds.AcquisitionDate = ds.ContentDate = date
    ds.StudyTime = ds.SeriesTime = ds.AcquisitionTime = ds.ContentTime = "093000"
    ds.ReferringPhysicianName = ds.StudyID = ds.AccessionNumber = ""
    describe(ds)
    ds.Rows, ds.Columns = grey.shape
    ds.PixelData = encapsulate([imagecodecs.jpegls_encode(grey)])
    ds["PixelData"].VR = "OB"
    path.parent.mkdir(parents=True, exist_ok=True)
    ds.save_as(path, enforce_file_format=True)


def describe(ds: Dataset) -> None:
    """The attributes of a Secondary Capture (PS3.3 §A.8.1) that do not depend on the picture.

    Not a DX object: that would have to state the detector's pixel size, which nobody published.
    """
    ds.Modality, ds.ConversionType = "PX", "WSD"
    ds.Manufacturer, ds.SeriesNumber, ds.InstanceNumber = "Archwire demonstration", 1, 1
    ds.StudyDescription = ds.SeriesDescription = "Panoramique"
    ds.ImageType = ["DERIVED", "SECONDARY"]
    ds.DerivationDescription = "Cut from a published picture; painted tooth masks removed"
    ds.BodyPartExamined, ds.Laterality, ds.ImageLaterality, ds.PatientOrientation = "JAW", "", "B", ["L", "F"]
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 8, 8, 7, 0
    ds.WindowCenter, ds.WindowWidth = 128, 256
    ds.BurnedInAnnotation, ds.LossyImageCompression = "NO", "01"


if __name__ == "__main__":
    main()

"""Make the full-mouth series of the demonstration: eighteen films cut from one simulated panoramic.

    python resources/demo/make_full_mouth.py px_mono2_12bit.dcm resources/demo/images

The panoramic (2100 × 847, 12 bit) was computed from the head CT of the Visible Human male. Each film is a part of it at
twice the size, so that it shows the right teeth in the right place of a mount; it is for looking only and carries no
pixel size. The films name their teeth by FDI numbers (ISO 3950, PS3.16 CID 4018). The patient is invented.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

import imagecodecs
import numpy as np
import pydicom
from numpy.typing import NDArray
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, DigitalIntraOralXRayImageStorageForPresentation, JPEGLSLossless

LARGER: Final = 2
UPPER, LOWER, BETWEEN = (200, 410), (375, 585), (300, 480)
"""Rows of the panoramic that a film of the arch, or a bitewing, shows."""
FILMS: Final[tuple[tuple[str, tuple[int, int], tuple[int, int]], ...]] = (
    ("18 17 16", UPPER, (862, 1048)), ("15 14", UPPER, (990, 1176)), ("13", UPPER, (1080, 1228)),
    ("12 11 21 22", UPPER, (1160, 1346)), ("23", UPPER, (1282, 1430)), ("24 25", UPPER, (1320, 1506)),
    ("26 27 28", UPPER, (1494, 1680)),
    ("48 47 46", LOWER, (884, 1070)), ("45 44", LOWER, (1010, 1196)), ("43", LOWER, (1096, 1244)),
    ("42 41 31 32", LOWER, (1164, 1350)), ("33", LOWER, (1284, 1432)), ("34 35", LOWER, (1316, 1502)),
    ("36 37 38", LOWER, (1470, 1656)),
    ("18 17 16 48 47 46", BETWEEN, (870, 1080)), ("15 14 45 44", BETWEEN, (1000, 1210)),
    ("24 25 34 35", BETWEEN, (1300, 1510)), ("26 27 28 36 37 38", BETWEEN, (1476, 1686)),
)  # fmt: skip
"""Teeth from the left of the screen, the rows, and the columns of the panoramic."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("panoramic", type=Path)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    source = pydicom.dcmread(options.panoramic)
    picture = source.pixel_array
    bottom, top = (float(one) for one in np.percentile(picture[200:600, 860:1690], [1, 99.5]))
    grey = np.clip((picture - bottom) * 255 / (top - bottom), 0, 255).astype(np.uint8)
    for number, (teeth, rows, columns) in enumerate(FILMS, start=1):
        part = Image.fromarray(grey[slice(*rows), slice(*columns)])
        size = (part.width * LARGER, part.height * LARGER)
        film = np.asarray(part.resize(size, Image.Resampling.BICUBIC))
        name = f"film_{number:02}_{teeth.replace(' ', '-')}.dcm"
        write(options.folder / name, film, teeth.split(), number, bitewing=rows == BETWEEN)


def write(path: Path, film: NDArray[Any], teeth: list[str], number: int, *, bitewing: bool) -> None:
    """One film as a digital intra-oral X-ray image."""
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = JPEGLSLossless
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID = DigitalIntraOralXRayImageStorageForPresentation
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID = uid(path.name)
    ds.SpecificCharacterSet, ds.ImageType = "ISO_IR 192", ["DERIVED", "PRIMARY"]
    ds.StudyInstanceUID, ds.SeriesInstanceUID = uid("full mouth, study"), uid("full mouth, series")
    ds.StudyDate = ds.SeriesDate = ds.ContentDate = ds.AcquisitionDate = "20250310"
    ds.StudyTime = ds.ContentTime = ds.AcquisitionTime = f"0930{number:02}"
    ds.Modality, ds.PresentationIntentType, ds.Manufacturer = "IO", "FOR PRESENTATION", "SIMULATED"
    ds.StudyDescription = "Série complète"
    ds.SeriesDescription = f"{'Interproximale' if bitewing else 'Périapicale'} {', '.join(teeth)}"
    ds.DerivationDescription = "Cut from a panoramic that was simulated from a public head CT"
    ds.PatientName, ds.PatientID, ds.PatientBirthDate, ds.PatientSex = "Démo^Série", "DEMO-FMX", "20100315", "O"
    ds.AccessionNumber = ds.StudyID = ds.ReferringPhysicianName = ""
    ds.SeriesNumber, ds.InstanceNumber, ds.PatientOrientation = 1, number, ["L", "F"]
    ds.PrimaryAnatomicStructureSequence = [tooth_code(tooth) for tooth in teeth]
    ds.ImageLaterality = "B" if {tooth[0] for tooth in teeth} & set("14") and {t[0] for t in teeth} & set("23") else (
        "R" if teeth[0][0] in "14" else "L")  # fmt: skip
    ds.SamplesPerPixel, ds.PhotometricInterpretation, ds.PresentationLUTShape = 1, "MONOCHROME2", "IDENTITY"
    ds.Rows, ds.Columns = film.shape
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 8, 8, 7, 0
    ds.BurnedInAnnotation, ds.LossyImageCompression = "NO", "00"
    ds.WindowCenter, ds.WindowWidth = "128", "256"
    ds.PixelData = encapsulate([imagecodecs.jpegls_encode(film)])
    ds["PixelData"].is_undefined_length = True
    ds.save_as(path, enforce_file_format=True)


def tooth_code(tooth: str) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = tooth, "ISO3950V2010", f"Tooth {tooth}"
    return item


def uid(name: str) -> UID:
    return UID(f"2.25.{uuid5(NAMESPACE_URL, f'archwire demonstration {name}').int}")


if __name__ == "__main__":
    main()

"""DICOM files and photographs made for one test."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian


def dicom_file(
    path: Path, uid: str, *, study: str = "1.2.3", series: str = "1.2.3.1", shade: int = 0, **more: Any
) -> Path:
    """A small grey image with this identity."""
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.1.1"
    ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = uid
    ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.Modality = study, series, "DX"
    ds.StudyDate = "20260301"
    ds.Rows, ds.Columns, ds.SamplesPerPixel, ds.PhotometricInterpretation = 16, 24, 1, "MONOCHROME2"
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 12, 11, 0
    ds.PixelData = (np.arange(16 * 24, dtype="<u2") + shade).tobytes()
    for keyword, value in more.items():
        setattr(ds, keyword, value)
    ds.save_as(path, enforce_file_format=True)
    return path


def report_without_uid(path: Path) -> Path:
    """A bare data set without a picture that does not say which object it is."""
    ds = Dataset()
    ds.SpecificCharacterSet, ds.Modality, ds.PatientName = "ISO_IR 192", "SR", "Tremblay^Zoé"
    ds.save_as(path, implicit_vr=False, little_endian=True)
    return path


def corner_picture(mode: str = "RGB") -> Image.Image:
    """40 × 24 pixels with a bright block in the upper left corner and a middling one in the upper right."""
    values = np.zeros((24, 40, 3), np.uint8)
    values[:8, :8] = 250
    values[:8, -8:] = 120
    return Image.fromarray(values).convert(mode)


def encoded(image: Image.Image, form: str, **options: Any) -> bytes:
    """The bytes of a picture file."""
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def turned_jpeg(orientation: int) -> bytes:
    """A baseline JPEG that says in EXIF how the camera was held."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F], exif[0x0110] = "Nikon", "D90"
    exif.get_ifd(0x8769)[0x9003] = "2025:06:02 14:03:09"
    return encoded(corner_picture(), "JPEG", quality=95, exif=exif)


def photographs(folder: Path, *names: str) -> list[Path]:
    """A JPEG of each name, no two alike, wider than high."""
    paths = []
    for shade, name in enumerate(names):
        picture = corner_picture()
        picture.paste((shade * 40, 90, 60), (16, 10, 24, 18))
        path = folder / f"{name}.jpg"
        path.write_bytes(encoded(picture, "JPEG", quality=95))
        paths.append(path)
    return paths


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
OBJ = b"# a triangle\nv 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n"

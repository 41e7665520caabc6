"""Where the test images lie, and how to make small ones in memory."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

DATA = Path(__file__).parent.parent / "data" / "dicom"
EXPLICIT_LE = "1.2.840.10008.1.2.1"

MakeImage = Callable[..., bytes]


@pytest.fixture(autouse=True)
def own_key(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test keeps its key where the user keeps theirs."""
    folder = tmp_path_factory.getbasetemp() / "keys"
    monkeypatch.setattr("viewer.io.exports.key_file", lambda: folder / "pseudonyms.key")


@pytest.fixture(scope="session")
def data() -> Path:
    return DATA


@pytest.fixture(scope="session")
def make_image() -> MakeImage:
    return image_bytes


def image_bytes(
    values: NDArray[Any],
    photometric: str = "MONOCHROME2",
    stream: bytes | None = None,
    syntax: str = EXPLICIT_LE,
    **tags: Any,
) -> bytes:
    """A DICOM file of one frame: native, or encapsulating `stream`. `tags` set keywords, `_extra` is merged in."""
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = syntax
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID = "2.25.1"
    ds.Modality = "OT"
    ds.Rows, ds.Columns = values.shape[:2]
    ds.SamplesPerPixel = 1 if values.ndim == 2 else values.shape[2]
    if values.ndim == 3:
        ds.PlanarConfiguration = 0
    ds.PhotometricInterpretation = photometric
    ds.BitsAllocated = ds.BitsStored = values.itemsize * 8
    ds.HighBit = ds.BitsStored - 1
    ds.PixelRepresentation = 1 if values.dtype.kind == "i" else 0
    ds.update(tags.pop("_extra", Dataset()))
    for keyword, value in tags.items():
        setattr(ds, keyword, value)
    if stream is None:
        ds.PixelData = np.ascontiguousarray(values).tobytes() + b"\0" * (values.nbytes % 2)
        ds["PixelData"].VR = "OW" if values.itemsize > 1 else "OB"
    else:
        ds.PixelData = encapsulate([stream])
        ds["PixelData"].VR = "OB"
    out = io.BytesIO()
    ds.save_as(out, enforce_file_format=True)
    return out.getvalue()

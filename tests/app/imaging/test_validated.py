"""Every DICOM file that is made around the files of others is a valid object of its kind, to the eyes of dciodvfy."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.imaging.documents import document
from app.imaging.found import Identity
from app.imaging.kinds import Kind
from app.imaging.photographs import photograph
from tests.app.imaging import samples
from tests.viewer.validator import faults

WHO = Identity("p", "Côté^Noé", "20418", date(2012, 3, 3), "F")
TODAY = date(2026, 3, 2)
CUBE = Path(__file__).parents[2] / "data" / "mesh" / "unit_cube.stl"
NOISE = Image.fromarray(np.random.default_rng(0).integers(0, 65536, (24, 40)).astype(np.uint16))
PICTURES = {
    "camera": (Kind.JPEG, samples.turned_jpeg(6)),
    "grey": (Kind.JPEG, samples.encoded(samples.corner_picture("L"), "JPEG")),
    "progressive": (Kind.JPEG, samples.encoded(samples.corner_picture(), "JPEG", progressive=True)),
    "png": (Kind.PNG, samples.encoded(samples.corner_picture(), "PNG")),
    "16 bits": (Kind.PNG, samples.encoded(NOISE, "PNG")),
    "tiff": (Kind.TIFF, samples.encoded(samples.corner_picture(), "TIFF")),
    "jpeg 2000": (Kind.JPEG2000, samples.encoded(samples.corner_picture(), "JPEG2000")),
}


def picture(name: str) -> bytes:
    kind, content = PICTURES[name]
    made = photograph(kind, content, hashlib.sha256(content).hexdigest(), WHO, "p", TODAY, 100)
    return made.converted or (made.envelope.around(content) if made.envelope else b"")


@pytest.mark.soak
@pytest.mark.parametrize("name", PICTURES)
def test_pictures(name: str, tmp_path: Path) -> None:
    path = tmp_path / "made.dcm"
    path.write_bytes(picture(name))
    assert faults(path) == []


@pytest.mark.soak
@pytest.mark.parametrize(("kind", "content"), [(Kind.PDF, samples.PDF), (Kind.STL, CUBE.read_bytes())])
def test_documents(kind: Kind, content: bytes, tmp_path: Path) -> None:
    made = document(kind, content, hashlib.sha256(content).hexdigest(), "Arcade", WHO, "p", TODAY)
    assert made.envelope is not None
    path = tmp_path / "made.dcm"
    path.write_bytes(made.envelope.around(content))
    assert faults(path) == []


def test_noise_that_grows_when_it_is_packed_is_kept() -> None:
    assert len(picture("16 bits")) > NOISE.width * NOISE.height

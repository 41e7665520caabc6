"""What is made of a volume, as DICOM: read back by the viewer itself with the sizes and values that are true."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pydicom
import pytest

from tests.viewer.volume.phantoms import Scan, sphere, write
from viewer.io.documents import Authorship, DocumentError
from viewer.io.reconstructions import CT_IMAGE, SECONDARY_CAPTURE, Lie, Made, capture, projection, reference_of, section
from viewer.model.spacing import Origin, Unit
from viewer.pixels.source import open_image

BY = Authorship("Dre Test", datetime(2026, 11, 24, 9, 0, tzinfo=UTC), "Essai")


@pytest.fixture
def slices(tmp_path: Path) -> list[Path]:
    return write(
        tmp_path / "ball", Scan(), sphere((0, 0, 0), 4), StudyInstanceUID="1.2.3", PatientName="Fortin^Rosalie"
    )


def test_a_section_is_a_ct_image_with_its_values_and_its_place(slices: list[Path]) -> None:
    cells = np.arange(-50, 70, dtype=np.int16).reshape(10, 12)
    lie = Lie((1.0, 2.0, 3.0), (1, 0, 0), (0, 0, -1), 0.4, 1.2)
    data = section(reference_of(slices[0]), cells, lie, (2.0, -10.0, ""), BY, (40, 400))
    ds = pydicom.dcmread(io.BytesIO(data))
    assert (ds.SOPClassUID, ds.StudyInstanceUID, str(ds.PatientName)) == (CT_IMAGE, "1.2.3", "Fortin^Rosalie")
    assert (ds.RescaleType, float(ds.SliceThickness)) == ("US", 1.2), "grey values are not called Hounsfield units"
    assert [float(part) for part in ds.ImagePositionPatient] == [1, 2, 3]
    assert [float(part) for part in ds.ImageOrientationPatient] == [1, 0, 0, 0, 0, -1]
    assert ds.FrameOfReferenceUID == pydicom.dcmread(slices[0]).FrameOfReferenceUID
    with open_image(data) as image:
        assert np.array_equal(image.frame(0).values, cells)
        assert (image.header.pixel_size.row, image.header.pixel_size.unit) == (0.4, Unit.MM)


def test_a_cephalogram_has_the_size_of_the_middle_plane(slices: list[Path]) -> None:
    cells = np.linspace(0, 4095, 600).reshape(20, 30).astype(np.int16)
    data = projection(reference_of(slices[0]), cells, Made.CEPHALOGRAM, 0.25, BY, (2048, 4096))
    ds = pydicom.dcmread(io.BytesIO(data))
    assert (ds.SOPClassUID, ds.BurnedInAnnotation) == (SECONDARY_CAPTURE, "NO")
    with open_image(data) as image:
        size = image.header.pixel_size
        assert (size.row, size.unit, size.origin) == (0.25, Unit.MM_ESTIMATED, Origin.GEOMETRY)
        assert size.trusted, "a cephalometric analysis may measure lengths on it"
        assert np.array_equal(image.frame(0).values, cells)


def test_a_panoramic_claims_no_size(slices: list[Path]) -> None:
    data = projection(reference_of(slices[0]), np.ones((4, 5), np.int32), Made.PANORAMIC, None, BY, (1, 2))
    with open_image(data) as image:
        assert image.header.pixel_size.unit is Unit.PX
    with pytest.raises(DocumentError):
        projection(reference_of(slices[0]), np.full((4, 5), -1), Made.PANORAMIC, None, BY, (1, 2))


def test_a_capture_says_that_words_stand_in_its_pixels(slices: list[Path]) -> None:
    rgb = np.zeros((7, 5, 3), np.uint8)
    rgb[2, 3] = (255, 128, 0)
    data = capture(reference_of(slices[0]), rgb, BY)
    ds = pydicom.dcmread(io.BytesIO(data))
    assert (ds.BurnedInAnnotation, ds.Modality, ds.OperatorsName) == ("YES", "OT", "Dre Test")
    assert np.array_equal(ds.pixel_array, rgb)

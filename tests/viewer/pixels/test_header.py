"""The summary of a header, and what importing the package costs."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from datetime import date, time
from pathlib import Path

import numpy as np
import pytest

from tests.viewer.conftest import MakeImage
from viewer.model.spacing import Unit
from viewer.pixels import Header, NoPixels, read_header

DEMO = Path(__file__).parents[3] / "resources" / "demo" / "images"


def test_summary_of_a_cephalogram() -> None:
    header = read_header(DEMO / "cephalogram_simulated.dcm")
    assert header.patient_name == "Côté-Lévesque^Noémie^Zoé"
    assert (header.patient_id, header.patient_birth_date) == ("SIM-0001", date(2011, 2, 14))
    assert (header.modality, header.body_part, header.patient_orientation) == ("DX", "SKULL", ("A", "F"))
    assert (header.rows, header.columns, header.number_of_frames) == (1290, 1275, 1)
    assert header.acquisition_date == date(2025, 3, 10)
    assert header.transfer_syntax == "1.2.840.10008.1.2.4.90"
    assert header.burned_in_annotation is False
    assert not header.lossy
    assert header.pixel_size.unit is Unit.MM
    assert header.pixel_size.row == pytest.approx(0.181818)


def test_summary_is_immutable(data: Path) -> None:
    header = read_header(data / "pydicom/CT_small.dcm")
    with pytest.raises(dataclasses.FrozenInstanceError):
        header.modality = "MR"


def test_names_in_other_alphabets_are_read(data: Path) -> None:
    assert read_header(data / "pydicom/chrFren.dcm").patient_name == "Buc^Jérôme"
    assert "山田" in read_header(data / "pydicom/chrH31.dcm").patient_name


def test_enhanced_images_have_their_spacing_and_orientation_in_groups(data: Path) -> None:
    header = read_header(data / "derived/ct_enhanced_multiframe_j2k.dcm")
    assert header.number_of_frames == 93
    assert header.pixel_size.unit is Unit.MM
    assert header.patient_orientation == ("L", "P")


def test_lossy_is_told_by_the_flag_and_by_the_syntax(data: Path) -> None:
    assert read_header(data / "derived/vl_photo_front.dcm").lossy
    assert read_header(data / "dicomparser/CT0012.fragmented_no_bot_jpeg_baseline.51.dcm").lossy
    assert not read_header(data / "pydicom/MR_small_jp2klossless.dcm").lossy


def test_impossible_values_become_none(make_image: MakeImage) -> None:
    header = read_header(
        make_image(
            np.zeros((2, 2), np.uint8),
            StudyDate="20251399",
            StudyTime="2561",
            SeriesNumber="",
            ImagerPixelSpacing=[0, 0],
            PatientOrientation=["SIDEWAYS", "F"],
        )
    )
    assert (header.study_date, header.study_time, header.series_number) == (None, None, None)
    assert header.patient_orientation is None
    assert header.pixel_size.unit is Unit.PX


def test_times_and_old_dates_are_read(make_image: MakeImage) -> None:
    header = read_header(make_image(np.zeros((2, 2), np.uint8), AcquisitionDate="1993.12.31", AcquisitionTime="0914"))
    assert (header.acquisition_date, header.acquisition_time) == (date(1993, 12, 31), time(9, 14))


def test_asking_for_the_pixels_checks_them(data: Path) -> None:
    path = data / "derived/encapsulated_pdf.dcm"
    assert isinstance(read_header(path), Header)
    assert not read_header(path).has_pixels
    with pytest.raises(NoPixels):
        read_header(path, stop_before_pixels=False)


def modules_after(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(' '.join(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(answer.stdout.split())


def test_importing_the_package_loads_nothing_heavy() -> None:
    loaded = modules_after("import viewer.pixels, viewer.model.spacing, viewer.model.view")
    assert not loaded & {"numpy", "pydicom", "imagecodecs", "PIL", "scipy", "PySide6", "vtkmodules", "pyqtgraph"}


def test_using_it_never_loads_qt_or_scipy() -> None:
    loaded = modules_after("from viewer.pixels import open_image, rendition, prepare, Voi")
    assert "pydicom" in loaded
    assert not loaded & {"imagecodecs", "scipy", "PySide6", "vtkmodules", "pyqtgraph", "matplotlib"}


def test_the_tile_needs_neither_vtk_nor_pyqtgraph() -> None:
    loaded = modules_after("import viewer.widgets.tile")
    assert not loaded & {"scipy", "vtkmodules", "pyqtgraph", "app", "ui", "sync"}

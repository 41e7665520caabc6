"""A cephalometric tracing as a TID 1500 report: what it says, and the landmarks that come back."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pydicom
import pytest

from tests.viewer.io.sheets import AUTHOR, drawn_sheet
from tests.viewer.model.cephalometry.face import FACE
from tests.viewer.validator import faults, tool
from viewer.io.documents import DocumentError, ImageReference, refer, to_bytes
from viewer.io.landmark_reports import Traced, landmark_report, read_landmark_report
from viewer.io.measurement_reports import measurement_report, read_measurement_report
from viewer.io.presentation_states import Presented
from viewer.model.cephalometry import ANALYSES, Subject, Tracing, read
from viewer.model.spacing import Origin, PixelSize, Unit

CEPH = Path(__file__).parents[2] / "data" / "dicom" / "highdicom" / "dx_image.dcm"
POINTS = {name: (x + 40.125, 100.0 - y) for name, (x, y) in FACE.items()}
SIZE = PixelSize(0.5, 0.5, Unit.MM, Origin.RULER)


@pytest.fixture
def image() -> ImageReference:
    return refer(CEPH)


def traced(image: ImageReference, analysis: str = "holdaway") -> Traced:
    return Traced(image, POINTS, read(ANALYSES[analysis], Tracing(POINTS, SIZE), Subject()))


@pytest.mark.parametrize("analysis", list(ANALYSES))
def test_every_landmark_comes_back_where_it_stood(image: ImageReference, analysis: str) -> None:
    written = to_bytes(landmark_report(traced(image, analysis), AUTHOR))
    found = read_landmark_report(written)
    assert list(found) == [image.sop_instance_uid]
    assert found[image.sop_instance_uid].keys() == POINTS.keys()
    for name, (x, y) in found[image.sop_instance_uid].items():
        assert (x, y) == pytest.approx(POINTS[name], abs=0.001)


def test_each_figure_stands_with_its_unit_and_the_points_it_comes_from(image: ImageReference) -> None:
    ds = pydicom.dcmread(io.BytesIO(to_bytes(landmark_report(traced(image, "steiner"), AUTHOR))))
    groups = ds.ContentSequence[-1].ContentSequence
    numbers = [item for group in groups for item in group.ContentSequence if item.ValueType == "NUM"]
    sna = next(item for item in numbers if item.ConceptNameCodeSequence[0].get("CodeValue") == "SNA")
    reading = next(each for each in traced(image, "steiner").readings if each.measure.measure_id == "SNA")
    measured = sna.MeasuredValueSequence[0]
    assert float(measured.NumericValue) == pytest.approx(reading.value, abs=1e-4)
    assert measured.MeasurementUnitsCodeSequence[0].CodeValue == "deg"
    assert len(sna.ContentSequence[0].GraphicData) == 6, "S, N and A"


def test_a_tracing_is_no_mark_and_marks_are_no_tracing(image: ImageReference) -> None:
    assert read_measurement_report(landmark_report(traced(image), AUTHOR)) == {}
    marks = measurement_report([Presented(image, drawn_sheet(), SIZE)], AUTHOR)
    with pytest.raises(DocumentError):
        read_landmark_report(marks)


def test_nothing_is_reported_of_an_image_without_landmarks(image: ImageReference) -> None:
    with pytest.raises(DocumentError):
        landmark_report(Traced(image, {}), AUTHOR)


@pytest.mark.soak
@pytest.mark.parametrize("analysis", list(ANALYSES))
def test_the_report_passes_the_validator_and_is_read_by_dcmtk(
    image: ImageReference, analysis: str, tmp_path: Path
) -> None:
    path = tmp_path / "landmarks.dcm"
    path.write_bytes(to_bytes(landmark_report(traced(image, analysis), AUTHOR)))
    assert faults(path) == []
    done = subprocess.run([tool("dsrdump"), str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

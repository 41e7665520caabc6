"""Marks as GSPS, KOS and SR: what we write we read back equal, and what others write becomes honest drawings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset

from tests.viewer.io.sheets import AUTHOR, drawn_sheet
from viewer.errors import ViewerError
from viewer.io.documents import DocumentError, ImageReference, refer, to_bytes
from viewer.io.key_objects import KeyImage, Purpose, key_object_selection, read_key_object_selection
from viewer.io.measurement_reports import measurement_report, read_measurement_report
from viewer.io.presentation_states import COLOUR, GRAYSCALE, Presented, presentation_state, read_presentation_state
from viewer.model.calibration import effective_size
from viewer.model.marks import Kind, Mark, Sheet, new_mark
from viewer.model.measures import figures
from viewer.model.regions import Statistics
from viewer.model.spacing import Origin, PixelSize, Unit

DATA = Path(__file__).parents[2] / "data" / "dicom"
SIZE = PixelSize(0.1, 0.1, Unit.MM_DETECTOR, Origin.DETECTOR)
IMAGE = ImageReference(
    "1.2.840.10008.5.1.4.1.1.1.1", "2.25.11", "2.25.12", "2.25.13", 3000, 4000, 1, "MONOCHROME2",
    (("PatientName", "Côté^Zoé"), ("PatientID", "7")),
)  # fmt: skip
FRAMES = replace(IMAGE, sop_instance_uid="2.25.14", number_of_frames=5)


def read_back(ds: Dataset) -> dict[str, Sheet]:
    return read_presentation_state(to_bytes(ds))


@pytest.mark.parametrize(("creator", "kind", "value"), [("Côté^Élise", "121006", "PNAME"), (" ", "121007", "UIDREF")])
def test_a_report_is_observed_by_a_person_or_else_by_the_program(creator: str, kind: str, value: str) -> None:
    """A person's name may not be empty (PS3.16 TID 1003); a program has a UID (TID 1004)."""
    by = replace(AUTHOR, creator=creator)
    report = measurement_report([Presented(IMAGE, drawn_sheet(), SIZE)], by)
    keys = key_object_selection([(IMAGE, ())], Purpose.OF_INTEREST, by)
    for ds in (report, keys):
        context = [item for item in ds.ContentSequence if item.RelationshipType == "HAS OBS CONTEXT"]
        assert [item.ValueType for item in context] == ["CODE", value]
        assert context[0].ConceptCodeSequence[0].CodeValue == kind
    assert read_key_object_selection(keys).description == by.description


def test_a_presentation_state_is_read_back_equal() -> None:
    sheet = drawn_sheet()
    ds = presentation_state([Presented(IMAGE, sheet, SIZE, (2000.0, 4000.0))], AUTHOR)
    assert read_back(ds) == {"2.25.11": sheet}
    assert (ds.SOPClassUID, ds.Modality, ds.PresentationLUTShape) == (GRAYSCALE, "PR", "IDENTITY")
    assert ds.SoftcopyVOILUTSequence[0].WindowWidth == 4000
    assert str(ds.PatientName) == "Côté^Zoé"


def test_frames_of_several_images_keep_their_marks() -> None:
    mark = new_mark(Kind.ANGLE, [(1, 2), (3, 4), (9, 1)], frame=3)
    sheets = {"2.25.11": drawn_sheet(), "2.25.14": Sheet((mark,))}
    shown = [Presented(IMAGE, sheets["2.25.11"], SIZE), Presented(FRAMES, sheets["2.25.14"], SIZE)]
    ds = presentation_state(shown, AUTHOR)
    assert read_back(ds) == sheets
    numbers = [i.ReferencedImageSequence[0].get("ReferencedFrameNumber") for i in ds.GraphicAnnotationSequence]
    assert numbers[-1] == 4
    assert set(numbers[:-1]) == {None}


def test_the_state_fits_its_images() -> None:
    colour = replace(IMAGE, photometric="RGB")
    ds = presentation_state([Presented(colour, Sheet(), SIZE)], AUTHOR)
    assert ds.SOPClassUID == COLOUR
    assert ds.ICCProfile[36:40] == b"acsp"
    inverse = presentation_state([Presented(replace(IMAGE, photometric="MONOCHROME1"), Sheet(), SIZE)], AUTHOR)
    assert inverse.PresentationLUTShape == "INVERSE"
    for other in (colour, replace(IMAGE, study_instance_uid="2.25.99")):
        with pytest.raises(DocumentError):
            presentation_state([Presented(IMAGE, Sheet(), SIZE), Presented(other, Sheet(), SIZE)], AUTHOR)


coordinate = st.integers(0, 16_383_999)


@settings(max_examples=60)
@given(st.lists(st.tuples(coordinate, coordinate), min_size=4, max_size=4), st.sampled_from(Kind))
def test_thousandths_of_a_pixel_survive_the_floats(points: list[tuple[int, int]], kind: Kind) -> None:
    from viewer.model.marks import LEAST_MOST

    count = LEAST_MOST[kind][0]
    extra = {Kind.TOOTH: {"tooth": 75}, Kind.RULER: {"known_um": 5}}.get(kind, {})
    sheet = Sheet((Mark("m", kind, tuple(points[:count]), **extra),))
    assert read_back(presentation_state([Presented(IMAGE, sheet, SIZE)], AUTHOR)) == {"2.25.11": sheet}


def test_another_program_that_moves_a_mark_is_believed() -> None:
    mark = new_mark(Kind.LENGTH, [(1, 2), (3, 4)], text="x")
    ds = presentation_state([Presented(IMAGE, Sheet((mark,)), SIZE)], AUTHOR)
    ds.GraphicAnnotationSequence[0].GraphicObjectSequence[0].GraphicData = [1, 2, 30, 40]
    assert read_back(ds)["2.25.11"].marks == (mark.moved([(1, 2), (30, 40)]),)


def test_what_others_drew_becomes_drawings_and_texts() -> None:
    ds = presentation_state([Presented(IMAGE, drawn_sheet(), SIZE)], AUTHOR)
    for item in [*ds.GraphicAnnotationSequence, *ds.DisplayedAreaSelectionSequence]:
        item.remove_private_tags()
    (sheet,) = read_back(ds).values()
    assert {mark.kind for mark in sheet.marks} == {Kind.FREEHAND, Kind.ELLIPSE, Kind.TEXT}
    assert {mark.layer for mark in sheet.marks} == {"marks", "Tracé T0"}
    assert "Été «é»" in {mark.text for mark in sheet.marks}
    assert sheet.calibration is None


def test_fractions_of_the_displayed_area_become_pixels() -> None:
    ds = presentation_state([Presented(IMAGE, Sheet((new_mark(Kind.LENGTH, [(1, 2), (3, 4)]),)), SIZE)], AUTHOR)
    item = ds.GraphicAnnotationSequence[0]
    item.remove_private_tags()
    del item.TextObjectSequence
    item.GraphicObjectSequence[0].GraphicAnnotationUnits = "DISPLAY"
    item.GraphicObjectSequence[0].GraphicData = [0, 0, 0.5, 1]
    assert read_back(ds)["2.25.11"].marks[0].points == ((0, 0), (2000, 3000))


def test_damaged_states_are_refused_with_a_sentence() -> None:
    ds = presentation_state([Presented(IMAGE, drawn_sheet(), SIZE)], AUTHOR)
    ds.GraphicAnnotationSequence[0].GraphicObjectSequence[0].GraphicData = [1, 2, 3]
    for source in (to_bytes(ds), b"nothing", DATA / "pydicom" / "CT_small.dcm", DATA / "pydicom" / "test-SR.dcm"):
        with pytest.raises(ViewerError):
            read_presentation_state(source)


def test_a_report_is_read_back_equal() -> None:
    sheet = drawn_sheet()
    size = effective_size(SIZE, sheet.calibration)
    ds = measurement_report([Presented(IMAGE, sheet, size)], AUTHOR)
    measuring = tuple(mark for mark in sheet.marks if figures(mark, size))
    assert read_measurement_report(to_bytes(ds))["2.25.11"].marks == measuring
    assert len(measuring) == 11


def test_numbers_of_a_report_carry_unit_and_trust() -> None:
    mark = new_mark(Kind.LENGTH, [(0, 0), (30, 40)])
    ds = measurement_report([Presented(IMAGE, Sheet((mark,)), SIZE)], AUTHOR)
    number = ds.ContentSequence[-1].ContentSequence[0].ContentSequence[3]
    measured = number.MeasuredValueSequence[0]
    assert float(measured.NumericValue) == 5
    assert measured.MeasurementUnitsCodeSequence[0].CodeValue == "mm"
    assert number.ContentSequence[0].ConceptCodeSequence[0].CodeMeaning == "mm @detector, pixel size: detector"
    assert number.ContentSequence[1].RelationshipType == "INFERRED FROM"


def test_statistics_of_a_region_are_reported() -> None:
    mark = new_mark(Kind.RECTANGLE, [(0, 0), (30, 40)])
    statistics = {mark.mark_id: Statistics(1200, 10.5, 2.25, 1.0, 99.0, (1200,))}
    ds = measurement_report([Presented(IMAGE, Sheet((mark,)), SIZE)], AUTHOR, statistics)
    group = ds.ContentSequence[-1].ContentSequence[0]
    numbers = {
        item.ConceptNameCodeSequence[0].CodeMeaning: float(item.MeasuredValueSequence[0].NumericValue)
        for item in group.ContentSequence
        if item.ValueType == "NUM"
    }
    assert numbers == {
        "Area": 12, "Perimeter": 14, "Mean": 10.5, "Standard Deviation": 2.25, "Minimum": 1, "Maximum": 99
    }  # fmt: skip


def test_groups_of_others_become_lengths_and_areas() -> None:
    marks = (new_mark(Kind.LENGTH, [(0, 0), (30, 40)]), new_mark(Kind.AREA, [(0, 0), (30, 0), (0, 40)]))
    ds = measurement_report([Presented(IMAGE, Sheet(marks), SIZE)], AUTHOR)
    for group in ds.ContentSequence[-1].ContentSequence:
        group.remove_private_tags()
    read = read_measurement_report(to_bytes(ds))["2.25.11"].marks
    assert [(mark.kind, mark.points) for mark in read] == [(mark.kind, mark.points) for mark in marks]


def test_reports_of_another_kind_are_refused() -> None:
    with pytest.raises(DocumentError):
        measurement_report([Presented(IMAGE, Sheet(), SIZE)], AUTHOR)
    for name in ("pydicom/test-SR.dcm", "pydicom/CT_small.dcm"):
        with pytest.raises(ViewerError):
            read_measurement_report(DATA / name)


def test_key_images_are_read_back_equal() -> None:
    ds = key_object_selection([(IMAGE, ()), (FRAMES, (0, 4))], Purpose.FOR_REFERRING_PROVIDER, AUTHOR)
    found = read_key_object_selection(to_bytes(ds))
    assert (found.purpose, found.description) == (Purpose.FOR_REFERRING_PROVIDER, "Mesures")
    kind = IMAGE.sop_class_uid
    assert found.images == (KeyImage(kind, "2.25.11"), KeyImage(kind, "2.25.14", (0, 4)))
    series = ds.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence[0]
    assert [item.ReferencedSOPInstanceUID for item in series.ReferencedSOPSequence] == ["2.25.11", "2.25.14"]
    with pytest.raises(DocumentError):
        key_object_selection([], Purpose.OF_INTEREST, AUTHOR)


def test_a_reference_copies_the_patient_in_any_character_set() -> None:
    image = refer(DATA / "derived" / "px_mono1_no_spacing_jpegll.dcm")
    written = pydicom.dcmread(DATA / "derived" / "px_mono1_no_spacing_jpegll.dcm", stop_before_pixels=True)
    assert dict(image.whose)["PatientName"] == str(written.PatientName)
    assert (image.rows, image.columns) == (written.Rows, written.Columns)
    nameless = Dataset()
    nameless.SOPClassUID = "1.2"
    with pytest.raises(DocumentError, match="identity"):
        refer(nameless)

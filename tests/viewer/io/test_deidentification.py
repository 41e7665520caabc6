"""Copies without identity: nothing of the patient is left anywhere in the bytes, and what is unsafe is refused."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import imagecodecs
import numpy as np
import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from tests.viewer.conftest import image_bytes
from viewer.command_line import main
from viewer.errors import ViewerError
from viewer.io.codestreams import strip_metadata
from viewer.io.confidentiality import ACTIONS, Option, action, table
from viewer.io.deidentification import FACE_WARNING, LOOK_WARNING, NotDeidentified, Plan, deidentify
from viewer.io.exports import ExportError, deidentify_all, plan_of
from viewer.io.masking import MaskError, Rectangle
from viewer.io.pseudonyms import Pseudonyms, UidMap, kept_key, shifted
from viewer.pixels import open_image

DATA = Path(__file__).parents[2] / "data" / "dicom"
DX = "1.2.840.10008.5.1.4.1.1.1.1"
PSEUDONYMS = Pseudonyms(b"k" * 32)
VALUES = np.arange(48, dtype=np.uint16).reshape(6, 8)
SECRETS = (b"Tremblay", b"TREM-4711", b"19990203", b"ACC-9876", b"Laval", b"20240506", b"Roy^Dentiste", b"SN-55")


def identified(values: np.ndarray = VALUES, **tags: object) -> bytes:
    """An image that names its patient in every way that it can."""
    extra = Dataset()
    for keyword, value in {
        "SOPClassUID": DX, "SOPInstanceUID": "1.2.3.1", "StudyInstanceUID": "1.2.3.2", "SeriesInstanceUID": "1.2.3.3",
        "FrameOfReferenceUID": "1.2.3.4", "PatientName": "Tremblay^Zoé", "PatientID": "TREM-4711",
        "PatientBirthDate": "19990203", "PatientSex": "F", "PatientAge": "025Y", "AccessionNumber": "ACC-9876",
        "StudyDate": "20240506", "ContentDate": "20240506", "AcquisitionDateTime": "20240506101112",
        "InstitutionName": "Clinique Laval", "ReferringPhysicianName": "Roy^Dentiste", "DeviceSerialNumber": "SN-55",
        "StudyDescription": "Tremblay panoramique", "SoftwareVersions": "for tremblay, zoé", "Modality": "DX",
        "SpecificCharacterSet": "ISO_IR 192", "ImageType": ["ORIGINAL", "PRIMARY"],
    }.items():  # fmt: skip
        setattr(extra, keyword, value)
    extra.add_new(0x00990010, "LO", "VENDOR")
    extra.add_new(0x00991001, "LO", "Tremblay")
    extra.add_new(0x00080121, "LO", "Tremblay in an attribute that no dictionary knows")
    extra.add_new(0x60004000, "LT", "Tremblay")
    deep, deeper = Dataset(), Dataset()
    deeper.PatientName, deeper.ReferencedSOPInstanceUID, deeper.ReferencedSOPClassUID = "Tremblay", "1.2.3.1", DX
    deep.PurposeOfReferenceCodeSequence = Sequence([deeper])
    deep.add_new(0x00990010, "LO", "Tremblay")
    extra.SourceImageSequence = Sequence([deep])
    return image_bytes(values, **{"_extra": extra, **tags})


def copy_of(source: bytes, plan: Plan | None = None) -> tuple[bytes, Dataset]:
    copy = deidentify(source, PSEUDONYMS, plan)
    return copy.data, pydicom.dcmread(io.BytesIO(copy.data))


def test_nothing_of_the_patient_is_left_in_the_bytes() -> None:
    source = bytearray(identified())
    source[:8] = b"Tremblay"
    data, ds = copy_of(bytes(source))
    lowered = data.lower()
    assert [secret for secret in SECRETS if secret.lower() in lowered] == []
    assert "zoé".encode() not in lowered
    assert not any(element.tag.is_private for element in ds.iterall())
    assert (ds.PatientName, ds.PatientID, ds.PatientBirthDate, ds.StudyDate) == ("", "", "", "")
    assert "PatientAge" not in ds
    assert "StudyDescription" not in ds
    assert ds.SoftwareVersions == "ANONYMIZED"


def test_the_copy_says_what_was_done() -> None:
    _, ds = copy_of(identified())
    assert ds.PatientIdentityRemoved == "YES"
    assert [item.CodeValue for item in ds.DeidentificationMethodCodeSequence] == ["113100"]
    assert ds.LongitudinalTemporalInformationModified == "REMOVED"
    options = frozenset({Option.RETAIN_UIDS, Option.RETAIN_FULL_DATES, Option.RETAIN_PATIENT_CHARACTERISTICS})
    _, kept = copy_of(identified(), Plan(options, subject="CAS 12"))
    codes = [item.CodeValue for item in kept.DeidentificationMethodCodeSequence]
    assert codes == ["113100", "113106", "113108", "113110"]
    assert (kept.SOPInstanceUID, kept.StudyDate, kept.PatientAge, kept.PatientSex) == (
        "1.2.3.1",
        "20240506",
        "025Y",
        "F",
    )
    assert (kept.PatientID, kept.LongitudinalTemporalInformationModified) == ("CAS 12", "UNMODIFIED")
    assert kept.PatientBirthDate == ""


def test_uids_agree_within_a_study_and_not_across() -> None:
    _, first = copy_of(identified())
    _, second = copy_of(identified(SOPInstanceUID="1.2.3.9"))
    _, other = copy_of(identified(StudyInstanceUID="1.2.9"))
    assert first.StudyInstanceUID == second.StudyInstanceUID
    assert first.SOPInstanceUID != second.SOPInstanceUID
    assert first.SOPInstanceUID == first.file_meta.MediaStorageSOPInstanceUID
    assert first.FrameOfReferenceUID != other.FrameOfReferenceUID
    inner = first.SourceImageSequence[0].PurposeOfReferenceCodeSequence[0]
    assert inner.ReferencedSOPInstanceUID == first.SOPInstanceUID
    assert inner.ReferencedSOPClassUID == DX
    assert first.SOPClassUID == DX


@given(st.text("0123456789.", min_size=1, max_size=64))
def test_new_uids_are_valid_and_constant(uid: str) -> None:
    new = UidMap(b"key").replace(uid)
    assert new == UidMap(b"key").replace(uid)
    if not uid.startswith("1.2.840.10008."):
        assert pydicom.uid.UID(new).is_valid
        assert new != UidMap(b"other").replace(uid)


def test_shifted_dates_keep_intervals() -> None:
    plan = Plan(frozenset({Option.RETAIN_MODIFIED_DATES}))
    _, ds = copy_of(identified(), plan)
    _, later = copy_of(identified(StudyInstanceUID="1.2.9", StudyDate="20240516"), plan)
    assert ds.StudyDate not in ("", "20240506")
    assert int((np.datetime64(_iso(later.StudyDate)) - np.datetime64(_iso(ds.StudyDate))).astype(int)) == 10
    assert ds.AcquisitionDateTime == ds.StudyDate + "101112"
    assert ds.LongitudinalTemporalInformationModified == "MODIFIED"
    assert (shifted("2024", "DA", -1), shifted("x", "DT", 1), shifted("101112", "TM", -5)) == ("", "", "101112")
    assert b"20240506" not in copy_of(identified(), plan)[0]


def _iso(day: str) -> str:
    return f"{day[:4]}-{day[4:6]}-{day[6:]}"


def test_pixels_are_not_touched() -> None:
    data, _ = copy_of(identified())
    with open_image(data) as image:
        assert (image.frame(0).values == VALUES).all()
    for name in ("pydicom/MR_small_RLE.dcm", "pydicom/MR_small_bigendian.dcm", "pydicom/image_dfl.dcm"):
        copy = deidentify(DATA / name, PSEUDONYMS, Plan(inspected=True)).data
        with open_image(copy) as after, open_image(DATA / name) as before:
            assert (after.frame(0).values == before.frame(0).values).all()


@pytest.mark.parametrize(
    "tags",
    [
        {"BurnedInAnnotation": "YES"},
        {"SOPClassUID": "1.2.840.10008.5.1.4.1.1.7"},
        {"Modality": "US"},
        {"BurnedInAnnotation": "PERHAPS", "Modality": "SC"},
    ],
)
def test_burned_in_text_is_refused_without_a_mask(tags: dict[str, str]) -> None:
    with pytest.raises(NotDeidentified, match="burned"):
        deidentify(identified(**tags), PSEUDONYMS)
    mask = Plan(masks=(Rectangle(2, 1, 3, 2),))
    data, ds = copy_of(identified(**tags), mask)
    assert ds.BurnedInAnnotation == "NO"
    assert [item.CodeValue for item in ds.DeidentificationMethodCodeSequence] == ["113100", "113101"]
    with open_image(data) as image:
        values = image.frame(0).values
    assert (values[1:3, 2:5] == 0).all()
    outside = np.ones(VALUES.shape, bool)
    outside[1:3, 2:5] = False
    assert (values[outside] == VALUES[outside]).all()
    assert copy_of(identified(**tags), Plan(inspected=True))[1].BurnedInAnnotation == "NO"


def test_masks_cover_every_frame_of_compressed_and_colour_images() -> None:
    plan = Plan(masks=(Rectangle(0, 0, 20, 10),))
    for name in ("pydicom-data/emri_small_RLE.dcm", "pydicom/SC_rgb_rle.dcm", "derived/vl_photo_front.dcm"):
        with open_image(DATA / name) as before, open_image(deidentify(DATA / name, PSEUDONYMS, plan).data) as after:
            assert after.frames == before.frames
            for index in range(after.frames):
                old, new = before.frame(index).values, after.frame(index).values
                assert (new[:10, :20] == new[0, 0]).all()
                assert (new[10:] == old[10:]).all()
    with pytest.raises(MaskError):
        deidentify(identified(), PSEUDONYMS, Plan(masks=(Rectangle(500, 500, 5, 5),)))


def test_comments_of_cameras_are_taken_out_of_the_stream() -> None:
    plain = imagecodecs.jpeg8_encode(np.full((16, 16, 3), 90, np.uint8), level=95)
    private = b"".join(
        bytes([0xFF, marker]) + (len(text) + 2).to_bytes(2, "big") + text
        for marker, text in ((0xE1, b"Exif\0\0Tremblay"), (0xFE, b"Tremblay"), (0xE2, b"MPF\0Tremblay"))
    )
    stream = plain[:2] + private + plain[2:]
    assert strip_metadata(stream) == strip_metadata(plain)
    assert (imagecodecs.jpeg8_decode(strip_metadata(stream)) == imagecodecs.jpeg8_decode(plain)).all()
    source = image_bytes(
        np.zeros((16, 16, 3), np.uint8), "YBR_FULL_422", stream, "1.2.840.10008.1.2.4.50", SOPClassUID=DX
    )
    copy = deidentify(source, PSEUDONYMS)
    assert b"Tremblay" in source
    assert b"Tremblay" not in copy.data
    with open_image(copy.data) as after, open_image(source) as before:
        assert (after.frame(0).values == before.frame(0).values).all()


def test_comments_of_jpeg_2000_are_taken_out() -> None:
    plain = imagecodecs.jpeg2k_encode(
        np.arange(256, dtype=np.uint16).reshape(16, 16), codecformat="j2k", reversible=True
    )
    comment = b"\xff\x64" + (4 + 8).to_bytes(2, "big") + b"\0\1Tremblay"
    place = plain.index(b"\xff\x90")
    stream = plain[:place] + comment + plain[place:]
    assert b"Tremblay" not in strip_metadata(stream)
    assert (imagecodecs.jpeg2k_decode(strip_metadata(stream)) == imagecodecs.jpeg2k_decode(plain)).all()
    boxed = imagecodecs.jpeg2k_encode(np.zeros((8, 8), np.uint8), codecformat="jp2")
    xml = (8 + 8).to_bytes(4, "big") + b"xml Tremblay"
    assert strip_metadata(boxed + xml) == strip_metadata(boxed)
    assert (imagecodecs.jpeg2k_decode(strip_metadata(boxed)) == 0).all()


@given(
    st.binary(max_size=80), st.sampled_from([b"\xff\xd8", b"\xff\x4f\xff\x51", b"\x00\x00\x00\x0cjP  \r\n\x87\n", b""])
)
def test_stripping_never_fails_on_any_bytes(data: bytes, start: bytes) -> None:
    assert len(strip_metadata(start + data)) <= len(start + data)


def test_overlays_go_with_the_bits_that_held_them() -> None:
    hidden = Dataset()
    hidden.add_new(0x60000100, "US", 16)
    hidden.add_new(0x60000102, "US", 15)
    values = np.array([[0x8001, 0x0FFF], [0x8ABC, 0x0000]], np.uint16)
    source = image_bytes(values, SOPClassUID=DX, BitsStored=12, HighBit=11, _extra=hidden)
    _, ds = copy_of(source)
    assert (0x6000, 0x0102) not in ds
    assert np.frombuffer(ds.PixelData, "<u2").tolist() == [0x0001, 0x0FFF, 0x0ABC, 0]
    _, planes = copy_of((DATA / "pydicom" / "examples_overlay.dcm").read_bytes(), Plan(inspected=True))
    assert not [element for element in planes if element.tag.group == 0x6000]


def test_enhanced_objects_get_the_values_that_they_need() -> None:
    _, ds = copy_of((DATA / "pydicom-data" / "emri_small.dcm").read_bytes(), Plan(inspected=True))
    assert (ds.ContentDate, ds.ContentTime) == ("19000101", "000000")


def test_photographs_keep_a_moment_and_no_sequence_stays_empty() -> None:
    """Where the standard lets an attribute be absent but not empty, it is one or the other (PS3.3 §C.8.12.1)."""
    study = Dataset()
    study.ReferencedSOPClassUID, study.ReferencedSOPInstanceUID = "1.2.840.10008.3.1.2.3.1", "2.25.77"
    photograph = identified(
        SOPClassUID="1.2.840.10008.5.1.4.1.1.77.1.4", Modality="XC", ContentDate="20260114", ContentTime="091600",
        ReferencedStudySequence=[study], ReferencedPerformedProcedureStepSequence=[study],
    )  # fmt: skip
    _data, ds = copy_of(photograph, Plan(inspected=True))
    assert (ds.ContentDate, ds.ContentTime) == ("19000101", "000000")
    assert "ReferencedStudySequence" not in ds


def test_a_report_without_its_verifier_is_no_longer_verified() -> None:
    verifier = Dataset()
    verifier.VerifyingObserverName = "Gagnon^Marie"
    report = identified(
        SOPClassUID="1.2.840.10008.5.1.4.1.1.88.33", VerificationFlag="VERIFIED", VerifyingObserverSequence=[verifier]
    )
    data, ds = copy_of(report, Plan(inspected=True))
    assert ds.VerificationFlag == "UNVERIFIED"
    assert "VerifyingObserverSequence" not in ds
    assert b"Gagnon" not in data


def test_what_cannot_be_searched_is_refused() -> None:
    with pytest.raises(NotDeidentified, match="Documents"):
        deidentify(DATA / "derived" / "encapsulated_pdf.dcm", PSEUDONYMS)


def test_warnings_tell_what_is_left_to_look_at() -> None:
    assert deidentify(identified(), PSEUDONYMS).warnings == (LOOK_WARNING,)
    assert deidentify(identified(BurnedInAnnotation="NO"), PSEUDONYMS).warnings == ()
    assert deidentify(identified(BurnedInAnnotation="NO", Modality="XC"), PSEUDONYMS).warnings == (FACE_WARNING,)


def test_the_table_of_the_standard_is_whole() -> None:
    assert len(table()) > 640
    for tag, (published, keyword) in table().items():
        assert set(published.replace("*", "").split("/")) <= {"D", "Z", "X", "U"}, keyword
        element = pydicom.DataElement(tag, "LO", None)
        assert action(element, frozenset(), False) in ACTIONS
    assert table()[0x00100010] == ("Z", "PatientName")
    assert table()[0x00080018] == ("U", "SOPInstanceUID")


@pytest.mark.parametrize("path", sorted((DATA / "malformed").iterdir()), ids=lambda path: path.stem)
def test_damaged_files_give_a_clean_copy_or_a_sentence(path: Path) -> None:
    before = hashlib.sha256(path.read_bytes()).digest()
    try:
        copy = deidentify(path, PSEUDONYMS, Plan(inspected=True))
    except ViewerError as refusal:
        said = str(refusal)
    else:
        said = pydicom.dcmread(io.BytesIO(copy.data)).PatientIdentityRemoved
        assert said == "YES"
    assert said
    assert hashlib.sha256(path.read_bytes()).digest() == before


def test_a_folder_is_copied_file_by_file(tmp_path: Path) -> None:
    source, target = tmp_path / "Tremblay", tmp_path / "out"
    source.mkdir()
    (source / "a.dcm").write_bytes(identified())
    (source / "b.dcm").write_bytes(identified(SOPInstanceUID="1.2.3.9"))
    (source / "c.dcm").write_bytes(identified(BurnedInAnnotation="YES", SOPInstanceUID="1.2.3.10"))
    (source / "notes.txt").write_bytes(b"no DICOM")
    outcome = deidentify_all(source, target, Plan())
    assert (outcome.written, outcome.refused, outcome.ignored) == (2, 1, 1)
    copies = [pydicom.dcmread(path) for path in target.iterdir()]
    assert len({ds.StudyInstanceUID for ds in copies}) == 1
    assert {path.stem for path in target.iterdir()} == {ds.SOPInstanceUID for ds in copies}
    for wrong in (source, source / "inside"):
        with pytest.raises(ExportError):
            deidentify_all(source, wrong, Plan())


def test_a_kept_key_extends_an_export(tmp_path: Path) -> None:
    (tmp_path / "a.dcm").write_bytes(identified())
    for name in ("first.dcm", "second.dcm"):
        deidentify_all(tmp_path / "a.dcm", tmp_path / name, Plan(), "ab" * 32)
    deidentify_all(tmp_path / "a.dcm", tmp_path / "third.dcm", Plan())
    uids = [pydicom.dcmread(tmp_path / f"{name}.dcm").SOPInstanceUID for name in ("first", "second", "third")]
    assert uids[0] == uids[1] != uids[2]
    for weak in ("", "00", "ab" * 15, "not hexadecimal at all, and rather long"):
        with pytest.raises(ExportError, match="32"):
            deidentify_all(tmp_path / "a.dcm", tmp_path / "fourth.dcm", Plan(), weak)


def test_options_by_name() -> None:
    assert plan_of([(1, 2, 3, 4)], ["uids", "modified-dates"], "X", True) == Plan(
        frozenset({Option.RETAIN_UIDS, Option.RETAIN_MODIFIED_DATES}), (Rectangle(1, 2, 3, 4),), "X", True
    )
    for words in (["everything"], ["full-dates", "modified-dates"]):
        with pytest.raises(ExportError):
            plan_of([], words, "", False)


def test_files_of_one_study_agree_however_many_calls_copied_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Check 4: one map for a study over several files and calls; none that anybody could join without the key."""
    monkeypatch.setattr("viewer.io.exports.key_file", lambda: tmp_path / "kept" / "pseudonyms.key")
    (tmp_path / "a.dcm").write_bytes(identified())
    (tmp_path / "b.dcm").write_bytes(identified(SOPInstanceUID="1.2.3.9"))
    (tmp_path / "c.dcm").write_bytes(identified(SOPInstanceUID="1.2.4.1", StudyInstanceUID="1.2.4"))
    calls = [("a", ()), ("b", ()), ("a", ()), ("c", ()), ("a", ("--once",))]
    copies = []
    for number, (name, words) in enumerate(calls):
        target = tmp_path / f"copy{number}.dcm"
        assert main(["deidentify", str(tmp_path / f"{name}.dcm"), str(target), *words]) == 0
        copies.append(pydicom.dcmread(target))
    first, second, again, other, once = copies
    assert first.StudyInstanceUID == second.StudyInstanceUID == again.StudyInstanceUID
    assert first.SeriesInstanceUID == second.SeriesInstanceUID
    assert first.SOPInstanceUID == again.SOPInstanceUID != second.SOPInstanceUID
    assert len({first.StudyInstanceUID, other.StudyInstanceUID, once.StudyInstanceUID}) == 3
    assert first.FrameOfReferenceUID == second.FrameOfReferenceUID != other.FrameOfReferenceUID
    assert (tmp_path / "kept" / "pseudonyms.key").stat().st_mode & 0o077 == 0
    assert "Tremblay" not in capsys.readouterr().out


def test_a_damaged_key_is_neither_used_nor_written_over(tmp_path: Path) -> None:
    path = tmp_path / "pseudonyms.key"
    path.write_text("nonsense", encoding="ascii")
    assert kept_key(path) != kept_key(path)
    assert path.read_text(encoding="ascii") == "nonsense"

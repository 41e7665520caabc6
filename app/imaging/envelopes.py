"""DICOM objects that this program writes around the files of others.

The received bytes are kept once, unchanged. What DICOM needs before and after them is sealed as an *envelope*; the
two halves and the bytes between are the file of PS3.10. Only where DICOM has no form for the bytes is a conversion
sealed beside them.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from app.imaging.found import Identity, InstanceFacts, SeriesFacts, StudyFacts, clean, uid_of

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

IMPLEMENTATION_UID: Final = "2.25.119937442104735306281406213446934716497"
IMPLEMENTATION_VERSION: Final = "ARCHWIRE"
EXPLICIT_LE: Final = "1.2.840.10008.1.2.1"
_PIXELS: Final = struct.pack("<HH2sHI", 0x7FE0, 0x0010, b"OB", 0, 0xFFFFFFFF)
_ITEM: Final = struct.Struct("<HHI")
_DOCUMENT: Final = struct.Struct("<HH2sHI")


@dataclass(frozen=True, slots=True)
class Envelope:
    """The two halves of a DICOM file around the received bytes."""

    head: bytes
    tail: bytes

    def around(self, content: bytes) -> bytes:
        """The whole DICOM file."""
        return self.head + content + self.tail


@dataclass(frozen=True, slots=True)
class Made:
    """What stands in the header of an object that is made here."""

    study: StudyFacts
    series: SeriesFacts
    instance: InstanceFacts


def facts(
    owner: str,
    identity: Identity,
    day: date,
    modality: str,
    sha256: str,
    instance: dict[str, object],
    camera: tuple[str, str] = ("", ""),
) -> Made:
    """The records of one patient of one day are a study, with a series for each modality and camera (make, model).

    Every UID follows from the patient and the bytes: the same file imported again, here or elsewhere, is the same
    instance; in the chart of another patient it is another one.
    """
    study_uid = uid_of("records", owner, day.isoformat())
    study = StudyFacts(
        study_uid, day, name=identity.name or None, number=identity.file_number or None,
        birth_on=identity.birth_on, sex=identity.sex or None,
    )  # fmt: skip
    series_uid = uid_of(study_uid, modality, *camera)
    series = SeriesFacts(series_uid, modality, 1, manufacturer=camera[0] or None, model_name=camera[1] or None)
    sop_uid = uid_of("file", sha256, identity.patient_id)
    return Made(study, series, InstanceFacts(sop_instance_uid=sop_uid, **instance))  # type: ignore[arg-type]  # fields by name


def header(made: Made, identity: Identity) -> Dataset:
    """The Patient, General Study, General Series and SOP Common modules (PS3.3 §C.7.1-§C.7.3, §C.12.1)."""
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.uid import UID

    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.MediaStorageSOPClassUID = UID(made.instance.sop_class_uid)
    ds.file_meta.MediaStorageSOPInstanceUID = UID(made.instance.sop_instance_uid)
    ds.file_meta.TransferSyntaxUID = UID(made.instance.transfer_syntax_uid)
    ds.file_meta.ImplementationClassUID = UID(IMPLEMENTATION_UID)
    ds.file_meta.ImplementationVersionName = IMPLEMENTATION_VERSION
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.SOPClassUID = made.instance.sop_class_uid
    ds.SOPInstanceUID = made.instance.sop_instance_uid
    ds.StudyDate = day_text(made.study.studied_on)
    ds.ContentDate = day_text(made.instance.acquired_on)
    ds.StudyTime = ""
    ds.ContentTime = (made.instance.acquired_at_time or "").replace(":", "")
    ds.AccessionNumber = ""
    ds.Modality = made.series.modality
    ds.Manufacturer = made.series.manufacturer or ""
    if made.series.model_name:
        ds.ManufacturerModelName = made.series.model_name
    ds.ReferringPhysicianName = ""
    ds.PatientName = identity.name[:64]
    ds.PatientID = identity.file_number[:64]
    ds.PatientBirthDate = day_text(identity.birth_on)
    ds.PatientSex = identity.sex
    ds.StudyInstanceUID = made.study.uid
    ds.SeriesInstanceUID = made.series.uid
    ds.StudyID = ""
    ds.SeriesNumber = made.series.number
    ds.InstanceNumber = made.instance.number or 1
    return ds


def day_text(day: date | None) -> str:
    """A date as VR DA, empty when unknown."""
    return f"{day:%Y%m%d}" if day else ""


def around_pixels(ds: Dataset, length: int) -> Envelope:
    """The envelope of one encapsulated frame of `length` bytes (PS3.5 §A.4): empty offset table, one fragment."""
    padding = length % 2
    table = _ITEM.pack(0xFFFE, 0xE000, 0)
    item = _ITEM.pack(0xFFFE, 0xE000, length + padding)
    tail = b"\0" * padding + _ITEM.pack(0xFFFE, 0xE0DD, 0)
    return Envelope(written(ds) + _PIXELS + table + item, tail)


def around_document(ds: Dataset, length: int) -> Envelope:
    """The envelope of an encapsulated document (PS3.3 §C.24.2); its MIME type and length stand after it."""
    from pydicom.dataset import Dataset

    after = Dataset()
    for keyword in ("MIMETypeOfEncapsulatedDocument", "EncapsulatedDocumentLength"):
        after[keyword] = ds[keyword]
        del ds[keyword]
    padding = length % 2
    value = _DOCUMENT.pack(0x0042, 0x0011, b"OB", 0, length + padding)
    return Envelope(written(ds) + value, b"\0" * padding + plain(after))


def written(ds: Dataset) -> bytes:
    """A file of PS3.10: preamble, meta information, data set."""
    import pydicom

    out = io.BytesIO()
    pydicom.dcmwrite(out, ds, enforce_file_format=True)
    return out.getvalue()


def plain(ds: Dataset) -> bytes:
    """A data set alone, Explicit VR Little Endian."""
    import pydicom
    from pydicom.filebase import DicomBytesIO

    out = DicomBytesIO()
    out.is_little_endian, out.is_implicit_VR = True, False
    pydicom.filewriter.write_dataset(out, ds)
    return out.getvalue()


def printable(value: str, limit: int = 64) -> str:
    """A text from a file as an LO value: no backslash, which would make it several."""
    return (clean(value.replace("\\", " "), limit) or "").strip()

"""PDF files and surface models into DICOM, the received bytes unchanged: the encapsulated IODs of PS3.3.

Encapsulated PDF (§A.45.1), Encapsulated STL (§A.85.1) and Encapsulated OBJ (§A.85.2). DICOM knows no PLY: the surface
is written as binary STL for others to read, and the received PLY, with its colours, stays beside it as the original.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from app.imaging import envelopes, surfaces
from app.imaging.envelopes import Envelope, Made
from app.imaging.found import Identity, RefusedFile, uid_of
from app.imaging.kinds import Kind
from app.imaging.vocabulary import Content, Reason

if TYPE_CHECKING:
    from pydicom.dataset import Dataset


@dataclass(frozen=True, slots=True)
class Encapsulation:
    """How DICOM carries one kind of file."""

    sop_class_uid: str
    media_type: str
    modality: str
    content: Content


ENCAPSULATIONS: Final = {
    Kind.PDF: Encapsulation("1.2.840.10008.5.1.4.1.1.104.1", "application/pdf", "DOC", Content.DOCUMENT),
    Kind.STL: Encapsulation("1.2.840.10008.5.1.4.1.1.104.3", "model/stl", "M3D", Content.MODEL),
    Kind.OBJ: Encapsulation("1.2.840.10008.5.1.4.1.1.104.4", "model/obj", "M3D", Content.MODEL),
    Kind.PLY: Encapsulation("1.2.840.10008.5.1.4.1.1.104.3", "model/stl", "M3D", Content.MODEL),
}


@dataclass(frozen=True, slots=True)
class Document:
    """A document or model in its DICOM form: either an envelope or a converted file."""

    made: Made
    envelope: Envelope | None
    converted: bytes | None


def document(
    kind: Kind, content: bytes, sha256: str, title: str, identity: Identity, owner: str, today: date
) -> Document:
    """A PDF or model as a DICOM object. Raises `RefusedFile`."""
    body = _checked(kind, content)
    how = ENCAPSULATIONS[kind]
    about: dict[str, object] = {
        "sop_class_uid": how.sop_class_uid,
        "transfer_syntax_uid": envelopes.EXPLICIT_LE,
        "content": how.content,
        "number": 1,
    }
    made = envelopes.facts(owner, identity, today, how.modality, sha256, about)
    envelope = envelopes.around_document(_described(made, identity, how, title, len(body)), len(body))
    if kind is Kind.PLY:
        return Document(made, None, envelope.around(body))
    return Document(made, envelope, None)


def _checked(kind: Kind, content: bytes) -> bytes:
    """The bytes that DICOM carries."""
    if kind is Kind.PDF:
        if b"%%EOF" not in content[-2048:]:
            raise RefusedFile(Reason.DAMAGED)
        return content
    if kind is Kind.PLY:
        return surfaces.binary_stl(content)
    surfaces.check(kind, content)
    return content


def _described(made: Made, identity: Identity, how: Encapsulation, title: str, length: int) -> Dataset:
    """The Encapsulated Document, SC Equipment and, for a model, Manufacturing 3D Model modules."""
    ds = envelopes.header(made, identity)
    ds.AcquisitionDateTime = ""
    ds.BurnedInAnnotation = "YES"
    ds.DocumentTitle = envelopes.printable(title)
    ds.ConceptNameCodeSequence = []
    ds.MIMETypeOfEncapsulatedDocument = how.media_type
    ds.EncapsulatedDocumentLength = length
    if how.content is Content.DOCUMENT:
        ds.ConversionType = "WSD"
        return ds
    # Enhanced General Equipment (§C.7.5.2) wants all four; the scanner is not known from the file.
    ds.Manufacturer, ds.ManufacturerModelName = "UNKNOWN", "UNKNOWN"
    ds.DeviceSerialNumber, ds.SoftwareVersions = "UNKNOWN", "UNKNOWN"
    ds.FrameOfReferenceUID = uid_of("frame of reference", made.instance.sop_instance_uid)
    ds.PositionReferenceIndicator = ""
    ds.MeasurementUnitsCodeSequence = [_millimetre()]
    return ds


def _millimetre() -> Dataset:
    from pydicom.dataset import Dataset

    unit = Dataset()
    unit.CodeValue, unit.CodingSchemeDesignator, unit.CodeMeaning = "mm", "UCUM", "mm"
    return unit

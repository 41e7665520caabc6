"""De-identified copies (PS3.15 annex E, Basic Application Level Confidentiality Profile with options).

The original is never touched. After the table of the standard, two more barriers: every text that still holds a name,
number or date of the patient is blanked, and compressed frames lose the comments that cameras put into them.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

import pydicom
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID

from viewer.errors import N_, ViewerError
from viewer.io.codestreams import clean_pixel_data
from viewer.io.confidentiality import BASIC_PROFILE, VALUED_CLASSES, Option, action
from viewer.io.documents import code, new_uid
from viewer.io.masking import Rectangle, clean_unused_bits, mask_pixels
from viewer.io.pseudonyms import Pseudonyms, UidMap, shifted
from viewer.pixels import attributes as at
from viewer.pixels.errors import DamagedFile, DamagedPixels, PixelError, UnsupportedTransferSyntax
from viewer.pixels.reading import DEFLATED, EXPLICIT_BE, EXPLICIT_LE, IMPLICIT_LE, Parsed, Source, parse

METHOD = "Archwire: PS3.15 2026c Basic Profile, texts checked against the patient's identifiers"
IMPLEMENTATION = "2.25.301934713129217018329437415266418871593"
DUMMY_TEXT = "ANONYMIZED"
DUMMIES = {"DA": "19000101", "TM": "000000", "DT": "19000101000000", "AS": "000Y", "DS": "0", "IS": "0", "UI": ""}
NUMBERS = frozenset({"US", "SS", "UL", "SL", "UV", "SV", "FL", "FD"})
BINARY = frozenset({"OB", "OW", "OF", "OD", "OL", "OV", "UN"})
TEXTS = frozenset({"LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"})
IDENTIFYING = [
    "PatientName",
    "PatientID",
    "PatientBirthDate",
    "AccessionNumber",
    "StudyID",
    "OtherPatientIDs",
    "OtherPatientNames",
]
CAPTURED_CLASSES = ("1.2.840.10008.5.1.4.1.1.7", "1.2.840.10008.5.1.4.1.1.6.", "1.2.840.10008.5.1.4.1.1.3.")
CAPTURED_MODALITIES = frozenset({"US", "SC", "ES", "IVUS"})
"""Objects whose pixels often carry text of the screen that they were captured from: secondary capture, ultrasound."""
FACES = frozenset({"CT", "MR", "XC", "PT"})


class NotDeidentified(ViewerError):
    """A copy that would not be safe is not made."""

    message_id = N_("This file cannot be de-identified.")


@dataclass(frozen=True)
class Plan:
    """How to de-identify. `inspected` states that a person looked and no text is burned into the pixels."""

    options: frozenset[Option] = frozenset()
    masks: tuple[Rectangle, ...] = ()
    subject: str = ""
    """Written as patient name and id; empty leaves both empty."""
    inspected: bool = False


@dataclass(frozen=True)
class Copy:
    """A de-identified file, its new SOP Instance UID, and what a person should still think of (message ids)."""

    data: bytes
    sop_instance_uid: str
    warnings: tuple[str, ...]


FACE_WARNING = N_("The face of the patient may be recognised in this image.")
LOOK_WARNING = N_("Nobody has said whether text is burned into this image; look before you share it.")


def deidentify(source: Source, pseudonyms: Pseudonyms, plan: Plan | None = None) -> Copy:
    """A de-identified copy of a DICOM file. Use one `Pseudonyms` for everything that leaves together.

    Raises a PixelError, MaskError or NotDeidentified: burned-in text without mask, documents, directories.
    """
    plan = plan or Plan()
    parsed = parse(source)
    try:
        ds = _whole(parsed)
        if parsed.pixel_keyword and parsed.pixel_keyword not in ds:
            raise DamagedPixels
        _refuse_documents(ds)
        _refuse_burned_in(ds, plan)
        return _copied(ds, parsed, source, pseudonyms, plan)
    except (ViewerError, PixelError):
        raise
    except (Exception, RecursionError):
        raise DamagedFile from None
    finally:
        parsed.stream.close()


def _whole(parsed: Parsed) -> Dataset:
    parsed.stream.seek(0)
    return pydicom.dcmread(parsed.stream, force=True)


def _refuse_documents(ds: Dataset) -> None:
    if "DirectoryRecordSequence" in ds:
        raise NotDeidentified(N_("A DICOM directory is not de-identified; take its files one by one."))
    if "EncapsulatedDocument" in ds or "WaveformSequence" in ds or "SpectroscopyData" in ds:
        raise NotDeidentified(N_("Documents inside DICOM files cannot be searched for names; this one is refused."))


def _refuse_burned_in(ds: Dataset, plan: Plan) -> None:
    """PS3.15 §E.3.1: text in the pixels is part of the identity; (0028,0301) says whether there is any."""
    stated = at.code(ds, "BurnedInAnnotation")
    if "PixelData" not in ds or plan.masks or plan.inspected or stated == "NO":
        return
    captured = at.text(ds, "SOPClassUID").startswith(CAPTURED_CLASSES)
    if stated == "YES" or captured or at.code(ds, "Modality") in CAPTURED_MODALITIES:
        raise NotDeidentified(N_("Text may be burned into this image; it is not de-identified without a mask."))


def _copied(ds: Dataset, parsed: Parsed, source: Source, pseudonyms: Pseudonyms, plan: Plan) -> Copy:
    study = pseudonyms.study(at.text(ds, "StudyInstanceUID"))
    days = pseudonyms.shift_days(at.text(ds, "PatientID") + "\0" + at.text(ds, "PatientName"))
    cleaning = Cleaning(
        study,
        plan.options,
        days,
        at.text(ds, "SOPClassUID").startswith(VALUED_CLASSES) or "SharedFunctionalGroupsSequence" in ds,
        identifiers(ds),
    )
    warnings = _warnings(ds, plan)
    if "PixelData" in ds:
        if plan.masks:
            mask_pixels(ds, source, plan.masks)
        else:
            clean_pixel_data(ds, max(1, at.integer(ds, "NumberOfFrames") or 1))
            clean_unused_bits(ds, parsed.little_endian)
    clean(ds, cleaning)
    if not at.text(ds, "SOPInstanceUID"):
        ds.SOPInstanceUID = new_uid()
    _mark(ds, plan)
    return Copy(_written(ds, parsed, bool(plan.masks)), at.text(ds, "SOPInstanceUID"), warnings)


def _warnings(ds: Dataset, plan: Plan) -> tuple[str, ...]:
    face = at.code(ds, "Modality") in FACES and "PixelData" in ds
    unsaid = "PixelData" in ds and at.code(ds, "BurnedInAnnotation") != "NO" and not plan.masks and not plan.inspected
    return (*([FACE_WARNING] if face else []), *([LOOK_WARNING] if unsaid else []))


@dataclass(frozen=True)
class Cleaning:
    """What cleaning a data set needs to know."""

    uids: UidMap
    options: frozenset[Option]
    days: int
    needs_values: bool
    identifiers: re.Pattern[str] | None


def identifiers(ds: Dataset) -> re.Pattern[str] | None:
    """A pattern of every name, number and date by which the patient is known in this file."""
    words: set[str] = set()
    for keyword in IDENTIFYING:
        for part in re.split(r"[\\^=\s,;]+", at.text(ds, keyword)):
            if len(part) >= 3 and not part.startswith("0" * len(part)):
                words.add(part)
    if not words:
        return None
    return re.compile("|".join(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])" for word in sorted(words)), re.IGNORECASE)


def clean(ds: Dataset, cleaning: Cleaning, depth: int = 0) -> None:
    """Apply the profile to a data set and to every item in it. Raises DamagedFile for endless nesting."""
    if depth > 64:
        raise DamagedFile
    for tag in list(ds.keys()):
        if tag.group == 0x0002:
            continue
        element = ds[tag]
        what = action(element, cleaning.options, cleaning.needs_values)
        if what == "X":
            del ds[tag]
        elif what in ("Z", "D"):
            _empty(element, dummy=what == "D")
        elif element.VR == "SQ":
            for item in element.value or ():
                clean(item, cleaning, depth + 1)
        elif what == "S":
            _shift(element, cleaning.days)
        else:
            _keep(element, cleaning, is_uid=what == "U" or element.VR == "UI")


def _empty(element: DataElement, dummy: bool) -> None:
    vr = element.VR
    if vr == "SQ":
        element.value = []
    elif not dummy:
        element.value = None
    elif vr in NUMBERS:
        element.value = 0
    elif vr in BINARY:
        element.value = b""
    else:
        element.value = DUMMIES.get(vr, DUMMY_TEXT)


def _shift(element: DataElement, days: int) -> None:
    values = element.value if isinstance(element.value, pydicom.multival.MultiValue) else [element.value]
    moved = [shifted(str(value), element.VR, days) for value in values if value]
    element.value = moved if len(moved) > 1 else (moved[0] if moved else None)


def _keep(element: DataElement, cleaning: Cleaning, is_uid: bool) -> None:
    """Keep a value, but map UIDs and blank texts in which the patient still appears."""
    if is_uid and Option.RETAIN_UIDS not in cleaning.options:
        many = isinstance(element.value, pydicom.multival.MultiValue)
        values = [cleaning.uids.replace(str(uid)) for uid in (element.value if many else [element.value or ""])]
        element.value = values if many else values[0]
    elif element.VR in TEXTS and cleaning.identifiers and cleaning.identifiers.search(str(element.value or "")):
        element.value = DUMMY_TEXT
    elif element.VR == "UN":
        element.value = b""


def _mark(ds: Dataset, plan: Plan) -> None:
    """Say what was done (PS3.15 §E.1.1): (0012,0062), (0012,0063), (0012,0064), (0028,0303)."""
    options = sorted(plan.options | ({Option.CLEAN_PIXELS} if plan.masks else set()), key=lambda option: option.value)
    ds.PatientName = ds.PatientID = plan.subject
    ds.PatientIdentityRemoved = "YES"
    ds.DeidentificationMethod = [METHOD[:64]]
    codes = [BASIC_PROFILE, *(option.value for option in options)]
    ds.DeidentificationMethodCodeSequence = [code(value, "DCM", meaning) for value, meaning in codes]
    if "VerificationFlag" in ds:
        # Who verified a report is gone with their name (PS3.3 §C.17.2 ties the two together).
        ds.VerificationFlag = "UNVERIFIED"
    temporal = "UNMODIFIED" if Option.RETAIN_FULL_DATES in options else "REMOVED"
    temporal = "MODIFIED" if Option.RETAIN_MODIFIED_DATES in options else temporal
    ds.LongitudinalTemporalInformationModified = temporal
    if (plan.masks or plan.inspected) and "PixelData" in ds:
        ds.BurnedInAnnotation = "NO"


def _written(ds: Dataset, parsed: Parsed, masked: bool) -> bytes:
    """The file with a fresh preamble and meta information; nothing of the old ones is kept."""
    implicit, little = parsed.implicit, parsed.little_endian
    syntax = parsed.transfer_syntax
    if masked or syntax == DEFLATED:
        syntax, implicit, little = EXPLICIT_LE, False, True
    elif syntax in (IMPLICIT_LE, EXPLICIT_LE, EXPLICIT_BE):
        syntax = (IMPLICIT_LE if implicit else EXPLICIT_LE) if little else EXPLICIT_BE
    elif not UID(syntax).is_transfer_syntax:
        raise UnsupportedTransferSyntax(transfer_syntax=syntax)
    else:
        implicit, little = False, True
    for tag in [element.tag for element in ds if element.tag.group < 0x0008]:
        del ds[tag]
    ds.file_meta, ds.preamble = _meta(ds, syntax), b"\0" * 128
    out = io.BytesIO()
    pydicom.dcmwrite(out, ds, implicit_vr=implicit, little_endian=little, enforce_file_format=False)
    return out.getvalue()


def _meta(ds: Dataset, syntax: str) -> FileMetaDataset:
    """Meta information as far as the file has an identity: some exports lack their SOP class."""
    meta = FileMetaDataset()
    meta.FileMetaInformationGroupLength, meta.FileMetaInformationVersion = 0, b"\0\1"
    if sop_class := at.text(ds, "SOPClassUID"):
        meta.MediaStorageSOPClassUID = UID(sop_class)
    meta.MediaStorageSOPInstanceUID = UID(at.text(ds, "SOPInstanceUID"))
    meta.TransferSyntaxUID = UID(syntax)
    meta.ImplementationClassUID = UID(IMPLEMENTATION)
    return meta

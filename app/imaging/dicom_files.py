"""DICOM files as they were received: what the index keeps of their header (PS3.3 §C.7)."""

from __future__ import annotations

import dataclasses
import hashlib
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.core.sealed import Openable, SealedBatch
from app.imaging.found import (
    InstanceFacts,
    MadeRendition,
    RefusedFile,
    SeriesFacts,
    StudyFacts,
    Upright,
    clean,
    uid_of,
    whole,
)
from app.imaging.views import PhotoView, stated_view, taken_in_mirror
from app.imaging.vocabulary import Content, Reason

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from viewer.pixels import Header
    from viewer.pixels.reading import Parsed

MEDIA_DIRECTORY: Final = "1.2.840.10008.1.3.10"
_ENCAPSULATED: Final = {
    "1.2.840.10008.5.1.4.1.1.104.1": Content.DOCUMENT,
    "1.2.840.10008.5.1.4.1.1.104.2": Content.DOCUMENT,
    "1.2.840.10008.5.1.4.1.1.104.3": Content.MODEL,
    "1.2.840.10008.5.1.4.1.1.104.4": Content.MODEL,
}


@dataclass(frozen=True, slots=True)
class Received:
    """A DICOM file that can be kept."""

    study: StudyFacts
    series: SeriesFacts
    instance: InstanceFacts
    renditions: tuple[MadeRendition, ...]
    stated_view: PhotoView | None
    upright: Upright


def read(content: Path | bytes | Openable, store: SealedBatch) -> Received | tuple[str, ...]:
    """The facts of a DICOM file and its renditions; of a DICOMDIR, the relative paths that it names (PS3.3 §F).

    Its first picture is decoded, so that damaged pixels are refused now and not met at the chair. A sound object
    whose compression or pixel format this program cannot show is kept: it is still the patient's. Raises
    `RefusedFile`.
    """
    from viewer.pixels import PixelError
    from viewer.pixels.header import summarise
    from viewer.pixels.reading import parse

    try:
        parsed = parse(content)
        try:
            paths = _directory(parsed.ds)
            if paths is not None:
                return paths
            header = summarise(parsed)
            if not clean(header.sop_instance_uid):
                header = dataclasses.replace(header, sop_instance_uid=_other_uid(parsed, content, header))
            view = stated_view(parsed.ds)
            upright = Upright(mirrored=taken_in_mirror(view))
            renditions = _renditions(parsed, upright, store)
        finally:
            parsed.stream.close()
    except PixelError as error:
        raise _refused(error) from None
    return Received(_study(header), _series(header), _instance(header, parsed.ds), renditions, view, upright)


def _renditions(parsed: Parsed, upright: Upright, store: SealedBatch) -> tuple[MadeRendition, ...]:
    """None for an object without a picture, and for one whose form this program cannot show."""
    from app.imaging.pictures import make_renditions
    from viewer.pixels import NoPixels, TooLarge, UnsupportedPixels, UnsupportedTransferSyntax
    from viewer.pixels.source import open_parsed

    try:
        with open_parsed(parsed) as source:
            return make_renditions(source, upright, store)
    except (NoPixels, TooLarge, UnsupportedPixels, UnsupportedTransferSyntax):
        return ()


def _directory(ds: Dataset) -> tuple[str, ...] | None:
    """The paths that a DICOMDIR names, `/` between their parts; None for any other file."""
    try:
        if str(ds.file_meta.get("MediaStorageSOPClassUID", "")) != MEDIA_DIRECTORY:
            return None
        paths = [item.get("ReferencedFileID") for item in ds.get("DirectoryRecordSequence") or ()]
        return tuple("/".join([path] if isinstance(path, str) else map(str, path)) for path in paths if path)
    except Exception:  # a damaged directory names nothing; the files beside it are read all the same
        return None


def _other_uid(parsed: Parsed, content: Path | bytes | Openable, header: Header) -> str:
    """The UID of an object that does not state its own: that of the file meta information (PS3.10 §7.1 wants the same),
    else, for a picture, one that follows from its bytes."""
    from viewer.pixels import attributes

    meta = getattr(parsed.ds, "file_meta", None)
    stated = clean(attributes.text(meta, "MediaStorageSOPInstanceUID")) if meta is not None else None
    if stated is None and not header.has_pixels:
        raise RefusedFile(Reason.NO_IDENTIFIER)
    return stated or uid_of("file", _digest(content))


def _digest(content: Path | bytes | Openable) -> str:
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    with content.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _refused(error: Exception) -> RefusedFile:
    from viewer.pixels import DamagedPixels, NotDicom, TooLarge
    from viewer.pixels.reading import INFLATED_BUDGET

    if isinstance(error, TooLarge):  # only what is packed in itself can grow while its header is read
        return RefusedFile(Reason.TOO_LARGE, limit=INFLATED_BUDGET >> 20)
    if isinstance(error, NotDicom):
        return RefusedFile(Reason.NOT_SUPPORTED)
    return RefusedFile(Reason.DAMAGED_PIXELS if isinstance(error, DamagedPixels) else Reason.DAMAGED)


def _study(header: Header) -> StudyFacts:
    """A file without a Study Instance UID is a study of its own."""
    return StudyFacts(
        uid=clean(header.study_instance_uid, 64) or uid_of("study of", header.sop_instance_uid),
        studied_on=header.study_date or header.acquisition_date,
        studied_at_time=_clock(header.study_time),
        description=clean(header.study_description),
        accession_number=clean(header.accession_number),
        name=clean(header.patient_name),
        number=clean(header.patient_id),
        issuer=clean(header.issuer_of_patient_id),
        birth_on=header.patient_birth_date,
        sex=clean(header.patient_sex, 16),
    )


def _series(header: Header) -> SeriesFacts:
    study = clean(header.study_instance_uid, 64) or header.sop_instance_uid
    return SeriesFacts(
        uid=clean(header.series_instance_uid, 64) or uid_of("series of", study, header.modality),
        modality=clean(header.modality, 16) or "OT",
        number=whole(header.series_number),
        description=clean(header.series_description),
        body_part=clean(header.body_part, 64),
        manufacturer=clean(header.manufacturer),
        model_name=clean(header.model_name),
    )


def _instance(header: Header, ds: Dataset) -> InstanceFacts:
    from viewer.model.teeth import teeth_of

    content = Content.IMAGE if header.has_pixels else _ENCAPSULATED.get(header.sop_class_uid, Content.OTHER)
    return InstanceFacts(
        sop_instance_uid=clean(header.sop_instance_uid, 64) or "",
        sop_class_uid=clean(header.sop_class_uid, 64) or "",
        transfer_syntax_uid=clean(header.transfer_syntax, 64) or "",
        content=content,
        lossy=header.lossy,
        number=whole(header.instance_number),
        image_rows=whole(header.rows),
        image_columns=whole(header.columns),
        frames=whole(header.number_of_frames) if header.has_pixels else None,
        bits_stored=whole(header.bits_stored),
        photometric=clean(header.photometric, 16),
        acquired_on=header.acquisition_date,
        acquired_at_time=_clock(header.acquisition_time),
        laterality=clean(header.laterality, 16),
        view_position=clean(header.view_position, 16),
        teeth=clean(" ".join(map(str, teeth_of(ds)))),
    )


def _clock(moment: time | None) -> str | None:
    return f"{moment:%H:%M:%S}" if moment else None

"""Study, Series, Instance, and what is known about them here.

Ids are UUIDv5 of the DICOM UID, so that one X-ray imported twice, on two workstations, is one row. For the same
reason an `Instance` (EVENT, immutable) holds only what follows from its bytes; when and under which name it came,
whether it is withdrawn and how it is turned stand in `ImageState` (FIELD), the row beside it with the same id.

Whose rows they are (the *subject* of the journal, which erasure goes by): an image is often received before anybody
knows the patient, and an immutable row cannot be told later. Therefore **a study is its own subject**: Study, Series,
Instance and ImageState carry the study's id from the first moment on, the values captured at import included, and the
match to a patient is the FIELD `Study.patient_id`, which may be changed and undone. Erasing a patient erases the
subjects of the patient's studies with it (`rules.studies_of`), and that removes the sealed files of their pixels.

What cannot be taken in is a LOCAL row of `Quarantined`, without the bytes unless they contradict an image that is
here. Renditions are LOCAL: each workstation makes its own.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from app.core.i18n import N_
from app.core.ids import PatientId, StaffId
from app.imaging.views import PhotoView
from app.imaging.vocabulary import (
    AnalysisId,
    Content,
    DicomForm,
    Fault,
    InstanceId,
    KeyImageId,
    Match,
    MountId,
    QuarantineId,
    ReadingAct,
    ReadingId,
    Reason,
    RenditionKind,
    SeriesId,
    SpatialPlanId,
    StudyId,
)
from app.journal.records import Merge, Record, choice, day, flag, instant, integer, json, key, link, reference, text

STREAM = "imaging"


class Study(
    Record,
    merge=Merge.FIELD,
    stream=STREAM,
    subject="id",
    sensitive=("received_name", "received_number", "received_birth_on"),
):
    """A study, and whose it is. The `received_` columns are the identity that the files carry (PS3.3 §C.7.1.1).

    `rejected_patients` are the ids that somebody has said no to; they are not proposed again. `reader_id` is the doctor
    who is to read it; `read_at`, `read_by_id` and `reading_id` repeat the signature in force (`StudyReading`).
    """

    __tablename__ = "study"
    __noun__ = N_("study")

    id: Mapped[StudyId] = key()
    study_instance_uid: Mapped[str] = text()
    patient_id: Mapped[PatientId | None] = link()
    match: Mapped[Match] = choice(Match, default=Match.UNMATCHED, index=True)
    rule: Mapped[str | None] = text()
    candidate_id: Mapped[PatientId | None] = link(index=False)
    rejected_patients: Mapped[Any | None] = json()
    studied_on: Mapped[date | None] = day()
    studied_at_time: Mapped[str | None] = text()
    description: Mapped[str | None] = text()
    accession_number: Mapped[str | None] = text()
    received_name: Mapped[str | None] = text()
    received_number: Mapped[str | None] = text()
    received_issuer: Mapped[str | None] = text()
    received_birth_on: Mapped[date | None] = day()
    received_sex: Mapped[str | None] = text()
    reader_id: Mapped[StaffId | None] = link()
    reading_id: Mapped[ReadingId | None] = link(index=False)
    read_at: Mapped[datetime | None] = instant(index=True)
    read_by_id: Mapped[StaffId | None] = link(index=False)

    # What other systems search by (PS3.4 §C.6.2.1): the newest first, and by the number of the order.
    __table_args__ = (
        Index("study_by_day", "studied_on", "id"),
        Index("study_by_accession", "accession_number"),
    )


class StudyReading(Record, merge=Merge.EVENT, stream=STREAM, subject="study_id", sensitive=("words",)):
    """A doctor signed the reading of a study, or opened it again; `words` are the conclusion or the reason.

    `images` is the number of images that the study held. Never changed: a correction is a reading more.
    """

    __tablename__ = "study_reading"
    __noun__ = N_("reading of a study")

    id: Mapped[ReadingId] = key()
    study_id: Mapped[StudyId] = reference("study")
    act: Mapped[ReadingAct] = choice(ReadingAct)
    staff_id: Mapped[StaffId] = link()
    at: Mapped[datetime] = instant()
    images: Mapped[int] = integer()
    words: Mapped[str | None] = text()


class Series(Record, merge=Merge.FIELD, stream=STREAM, subject="study_id"):
    """A series of one study."""

    __tablename__ = "series"
    __noun__ = N_("series")

    id: Mapped[SeriesId] = key()
    study_id: Mapped[StudyId] = reference("study")
    series_instance_uid: Mapped[str] = text()
    modality: Mapped[str] = text(index=True)
    number: Mapped[int | None] = integer()
    description: Mapped[str | None] = text()
    body_part: Mapped[str | None] = text()
    manufacturer: Mapped[str | None] = text()
    model_name: Mapped[str | None] = text()


class Instance(Record, merge=Merge.EVENT, stream=STREAM, subject="study_id"):
    """One SOP instance. `sha256` names the sealed bytes exactly as received.

    Where these are not DICOM, `dicom_sha256` names the sealed envelope (the received bytes belong at `dicom_split`)
    or the sealed conversion. `original_kind` is the received kind of file: dicom, jpeg, png, stl… `teeth` are the FDI
    numbers (ISO 3950) that the file states, with blanks between them.
    """

    __tablename__ = "instance"
    __noun__ = N_("image")

    id: Mapped[InstanceId] = key()
    study_id: Mapped[StudyId] = reference("study")
    series_id: Mapped[SeriesId] = reference("series")
    sop_instance_uid: Mapped[str] = text()
    sop_class_uid: Mapped[str] = text()
    transfer_syntax_uid: Mapped[str] = text()
    sha256: Mapped[str] = text(index=True)
    size_bytes: Mapped[int] = integer()
    original_kind: Mapped[str] = text()
    dicom_form: Mapped[DicomForm] = choice(DicomForm)
    dicom_sha256: Mapped[str | None] = text()
    dicom_split: Mapped[int | None] = integer()
    content: Mapped[Content] = choice(Content)
    number: Mapped[int | None] = integer()
    image_rows: Mapped[int | None] = integer()
    image_columns: Mapped[int | None] = integer()
    frames: Mapped[int | None] = integer()
    bits_stored: Mapped[int | None] = integer()
    photometric: Mapped[str | None] = text()
    lossy: Mapped[bool] = flag()
    acquired_on: Mapped[date | None] = day()
    acquired_at_time: Mapped[str | None] = text()
    laterality: Mapped[str | None] = text()
    view_position: Mapped[str | None] = text()
    teeth: Mapped[str | None] = text()


class ImageState(Record, merge=Merge.FIELD, stream=STREAM, subject="study_id", sensitive=("received_file",)):
    """What changes about an instance; its id is the instance's.

    To show it upright, mirror it left to right first if `mirrored`, then turn it clockwise `quarter_turns` × 90°.
    `withdrawn_at` means imported by mistake: no query shows it. `stated_view` is the view that the file itself states,
    `view` the one that somebody has assigned.
    """

    __tablename__ = "image_state"
    __noun__ = N_("display of an image")

    id: Mapped[InstanceId] = key()
    study_id: Mapped[StudyId] = reference("study")
    received_at: Mapped[datetime] = instant()
    received_file: Mapped[str | None] = text()
    quarter_turns: Mapped[int] = integer(default=0)
    mirrored: Mapped[bool] = flag(default=False)
    withdrawn_at: Mapped[datetime | None] = instant()
    view: Mapped[PhotoView | None] = choice(PhotoView, index=True)
    stated_view: Mapped[PhotoView | None] = choice(PhotoView)


class ImageMarks(Record, merge=Merge.FIELD, stream=STREAM, subject="study_id", sensitive=("sheet", "tracing")):
    """What was drawn on an image; its id is the instance's, so that two workstations write one row.

    `sheet` is the JSON of `viewer.model.mark_storage`, `tracing` that of `viewer.model.cephalometry.kept`; both hold
    confirmed places only. They are fields of their own: marks drawn here and landmarks placed there merge.
    """

    __tablename__ = "image_marks"
    __noun__ = N_("marks on an image")

    id: Mapped[InstanceId] = key()
    study_id: Mapped[StudyId] = reference("study")
    sheet: Mapped[str | None] = text()
    tracing: Mapped[str | None] = text()
    saved_at: Mapped[datetime] = instant()
    saved_by_id: Mapped[StaffId | None] = link(index=False)
    withdrawn_at: Mapped[datetime | None] = instant()


class KeyImage(Record, merge=Merge.FIELD, stream=STREAM, subject="study_id"):
    """A frame (from 0) that somebody chose to show first; its id follows from image and frame, so that two workstations
    write one row."""

    __tablename__ = "key_image"
    __noun__ = N_("key image")

    id: Mapped[KeyImageId] = key()
    study_id: Mapped[StudyId] = reference("study")
    instance_id: Mapped[InstanceId] = link()
    frame: Mapped[int] = integer(default=0)
    marked_at: Mapped[datetime] = instant()
    marked_by_id: Mapped[StaffId | None] = link(index=False)
    withdrawn_at: Mapped[datetime | None] = instant()


class SpatialPlan(Record, merge=Merge.FIELD, stream=STREAM, subject="study_id", sensitive=("document",)):
    """What was drawn into a volume, or placed on a model; its id is that of the series or of the model’s instance.

    `document` is the JSON of `viewer.model.volume_plan` or `viewer.model.model_plan`: positions in millimetres.
    """

    __tablename__ = "spatial_plan"
    __noun__ = N_("plan of a volume or model")

    id: Mapped[SpatialPlanId] = key()
    study_id: Mapped[StudyId] = reference("study")
    document: Mapped[str] = text()
    saved_at: Mapped[datetime] = instant()
    saved_by_id: Mapped[StaffId | None] = link(index=False)
    withdrawn_at: Mapped[datetime | None] = instant()


class ClinicAnalysis(Record, merge=Merge.FIELD, stream=STREAM):
    """A cephalometric analysis with the norms of the clinic, or measures of its own.

    Its id follows from the id of the analysis; `document` is the JSON of `viewer.model.cephalometry.storage`.
    """

    __tablename__ = "clinic_analysis"
    __noun__ = N_("norms of the clinic")

    id: Mapped[AnalysisId] = key()
    document: Mapped[str] = text()
    saved_at: Mapped[datetime] = instant()
    saved_by_id: Mapped[StaffId | None] = link(index=False)
    withdrawn_at: Mapped[datetime | None] = instant()


class Mount(Record, merge=Merge.FIELD, stream=STREAM, subject="patient_id", sensitive=("title",)):
    """Images of one patient side by side in a layout of `layouts` (a full-mouth series, bitewings, photographs)."""

    __tablename__ = "mount"
    __noun__ = N_("mount")

    id: Mapped[MountId] = key()
    patient_id: Mapped[PatientId] = link()
    layout: Mapped[str] = text()
    title: Mapped[str | None] = text()
    mounted_on: Mapped[date] = day()
    withdrawn_at: Mapped[datetime | None] = instant()


class MountedImage(Record, merge=Merge.FIELD, stream=STREAM, subject="patient_id"):
    """One place of a mount, made with it; empty while `instance_id` is. Shown mirrored first, then turned clockwise.

    Both add to how the image itself is shown upright (`ImageState`).
    """

    __tablename__ = "mounted_image"
    __noun__ = N_("image of a mount")

    id: Mapped[str] = key()
    mount_id: Mapped[MountId] = reference("mount")
    patient_id: Mapped[PatientId] = link()
    position: Mapped[str] = text()
    instance_id: Mapped[InstanceId | None] = link()
    quarter_turns: Mapped[int] = integer(default=0)
    mirrored: Mapped[bool] = flag(default=False)


class Rendition(Record, merge=Merge.LOCAL, subject="study_id"):
    """A sealed copy for lists and for looking; nobody measures on it. Made again at will.

    It is turned as the image was when it was made: one of another turn is stale.
    """

    __tablename__ = "rendition"
    __noun__ = N_("small copy of an image")

    id: Mapped[str] = key()
    instance_id: Mapped[InstanceId] = link()
    study_id: Mapped[StudyId] = link()
    kind: Mapped[RenditionKind] = choice(RenditionKind)
    sha256: Mapped[str] = text()
    quarter_turns: Mapped[int] = integer()
    mirrored: Mapped[bool] = flag()
    media_type: Mapped[str] = text()
    width: Mapped[int] = integer()
    height: Mapped[int] = integer()
    size_bytes: Mapped[int] = integer()


class Quarantined(Record, merge=Merge.LOCAL, subject="study_id"):
    """A file that was not taken in, and why. Its bytes are kept only where they contradict an image that is here."""

    __tablename__ = "quarantined_image"
    __noun__ = N_("file set aside")

    id: Mapped[QuarantineId] = key()
    study_id: Mapped[StudyId | None] = link()
    received_file: Mapped[str] = text()
    reason: Mapped[Reason] = choice(Reason)
    details: Mapped[Any | None] = json()
    sha256: Mapped[str | None] = text()
    dicom_sha256: Mapped[str | None] = text()
    size_bytes: Mapped[int | None] = integer()
    sop_instance_uid: Mapped[str | None] = text()
    received_at: Mapped[datetime] = instant()


class SealedCheck(Record, merge=Merge.LOCAL):
    """When the sealed file `id` (its SHA-256) was last read again here in full, and whether it was still what it was.

    `found_at` is since when it is known to be damaged or missing.
    """

    __tablename__ = "sealed_check"
    __noun__ = N_("check of a file")

    id: Mapped[str] = key()
    checked_at: Mapped[datetime] = instant(index=True)
    size_bytes: Mapped[int | None] = integer()
    fault: Mapped[Fault | None] = choice(Fault, index=True)
    found_at: Mapped[datetime | None] = instant()

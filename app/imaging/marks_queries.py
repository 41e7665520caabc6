"""What is kept about images: marks, landmarks, and which of them are key images."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Result, Select, select

from app.access.model import Staff
from app.core.i18n import N_
from app.core.ids import PatientId, StaffId
from app.imaging.model import ImageMarks, ImageState, KeyImage, Study
from app.imaging.permissions import VIEW_IMAGES
from app.imaging.vocabulary import InstanceId, KeyImageId, StudyId
from app.journal.commands import query
from app.journal.queries import Reading
from app.patients.charts import chart_ids


@dataclass(frozen=True, slots=True)
class MarksOfImage:
    """`sheet` and `tracing` are the JSON of the viewer; None where nothing of the kind was drawn."""

    instance_id: InstanceId
    study_id: StudyId
    sheet: str | None
    tracing: str | None
    saved_at: datetime
    saved_by_id: StaffId | None


@dataclass(frozen=True, slots=True)
class KeyImageLine:
    """A key image, and who chose it when; `frame` is from 0."""

    key_image_id: KeyImageId
    instance_id: InstanceId
    study_id: StudyId
    frame: int
    marked_at: datetime
    marked_by: str | None


@query(permission=VIEW_IMAGES, label=N_("Marks on the images of the patient"))
def marks_of_patient(read: Reading, patient_id: PatientId) -> tuple[MarksOfImage, ...]:
    """What was drawn on the images of a patient that are still shown, oldest first; of merged charts too."""
    wanted = select(
        ImageMarks.id, ImageMarks.study_id, ImageMarks.sheet, ImageMarks.tracing, ImageMarks.saved_at,
        ImageMarks.saved_by_id,
    ).order_by(ImageMarks.saved_at, ImageMarks.id)  # fmt: skip
    return tuple(
        MarksOfImage(row.id, row.study_id, row.sheet, row.tracing, row.saved_at, row.saved_by_id)
        for row in _about_shown_images(read, patient_id, wanted, ImageMarks, ImageMarks.id == ImageState.id)
    )


@query(permission=VIEW_IMAGES, label=N_("Key images of the patient"))
def key_images_of(read: Reading, patient_id: PatientId) -> tuple[KeyImageLine, ...]:
    """The key images of a patient among those that are still shown, oldest choice first; of merged charts too."""
    wanted = (
        select(
            KeyImage.id, KeyImage.instance_id, KeyImage.study_id, KeyImage.frame, KeyImage.marked_at,
            Staff.display_name,
        )
        .outerjoin(Staff, Staff.id == KeyImage.marked_by_id)
        .order_by(KeyImage.marked_at, KeyImage.id)
    )  # fmt: skip
    return tuple(
        KeyImageLine(row.id, row.instance_id, row.study_id, row.frame, row.marked_at, row.display_name)
        for row in _about_shown_images(read, patient_id, wanted, KeyImage, KeyImage.instance_id == ImageState.id)
    )


def _about_shown_images(
    read: Reading,
    patient_id: PatientId,
    wanted: Select[*tuple[Any, ...]],
    kept: type[ImageMarks] | type[KeyImage],
    its_image: ColumnElement[bool],
) -> Result[Any]:
    """Rows that stand, of images that are still shown, in any chart that is this patient's."""
    return read.execute(
        wanted.join(ImageState, its_image)
        .join(Study, Study.id == kept.study_id)
        .where(Study.patient_id.in_(chart_ids(read, patient_id)))
        .where(kept.withdrawn_at.is_(None), ImageState.withdrawn_at.is_(None))
    )


@query(permission=VIEW_IMAGES, label=N_("Marks on the image"))
def marks_of_image(read: Reading, instance_id: InstanceId) -> MarksOfImage | None:
    """What was drawn on one image; None where nothing stands."""
    wanted = select(*ImageMarks.__table__.c).where(ImageMarks.id == instance_id, ImageMarks.withdrawn_at.is_(None))
    row = read.execute(wanted).one_or_none()
    if row is None:
        return None
    return MarksOfImage(row.id, row.study_id, row.sheet, row.tracing, row.saved_at, row.saved_by_id)

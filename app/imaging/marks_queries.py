"""The marks and landmarks that are kept for images."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.core.i18n import N_
from app.core.ids import PatientId, StaffId
from app.imaging.model import ImageMarks, ImageState, Study
from app.imaging.permissions import VIEW_IMAGES
from app.imaging.vocabulary import InstanceId, StudyId
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


@query(permission=VIEW_IMAGES, label=N_("Marks on the images of the patient"))
def marks_of_patient(read: Reading, patient_id: PatientId) -> tuple[MarksOfImage, ...]:
    """What was drawn on the images of a patient that are still shown, oldest first; of merged charts too."""
    wanted = (
        select(
            ImageMarks.id, ImageMarks.study_id, ImageMarks.sheet, ImageMarks.tracing, ImageMarks.saved_at,
            ImageMarks.saved_by_id,
        )
        .join(ImageState, ImageState.id == ImageMarks.id)
        .join(Study, Study.id == ImageMarks.study_id)
        .where(Study.patient_id.in_(chart_ids(read, patient_id)))
        .where(ImageMarks.withdrawn_at.is_(None), ImageState.withdrawn_at.is_(None))
        .order_by(ImageMarks.saved_at, ImageMarks.id)
    )  # fmt: skip
    return tuple(
        MarksOfImage(row.id, row.study_id, row.sheet, row.tracing, row.saved_at, row.saved_by_id)
        for row in read.execute(wanted)
    )


@query(permission=VIEW_IMAGES, label=N_("Marks on the image"))
def marks_of_image(read: Reading, instance_id: InstanceId) -> MarksOfImage | None:
    """What was drawn on one image; None where nothing stands."""
    wanted = select(*ImageMarks.__table__.c).where(ImageMarks.id == instance_id, ImageMarks.withdrawn_at.is_(None))
    row = read.execute(wanted).one_or_none()
    if row is None:
        return None
    return MarksOfImage(row.id, row.study_id, row.sheet, row.tracing, row.saved_at, row.saved_by_id)

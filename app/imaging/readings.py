"""Reading studies: who is to read one, signing the reading, opening it again.

Each signature and each reopening is an immutable row (`StudyReading`); the study repeats the signature in force. A
study whose images have come in after the signature is to be read again.
"""

from __future__ import annotations

from sqlalchemy import func, select

from app.access.model import Staff
from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.ids import StaffId
from app.imaging.events import ReadingReopened, ReadingSigned
from app.imaging.model import ImageState, Instance, Study, StudyReading
from app.imaging.permissions import ASSIGN_IMAGES, READ_STUDIES
from app.imaging.vocabulary import Content, ReadingAct, ReadingId, StudyId
from app.journal.commands import command
from app.journal.transaction import Transaction


@command(permission=ASSIGN_IMAGES, label=N_("Give the study to a doctor to read"))
def assign_reader(tx: Transaction, study_id: StudyId, staff_id: StaffId | None = None) -> None:
    """Say which doctor is to read a study; without a doctor, it is for whoever comes first."""
    study = tx.get(Study, study_id)
    if staff_id is not None:
        tx.get(Staff, staff_id)
    study.reader_id = staff_id


@command(permission=READ_STUDIES, label=N_("Open the reading again"))
def reopen_reading(tx: Transaction, reading_id: ReadingId, reason: str = "") -> None:
    """Open a signed reading again. The signature stays in the history; the study is to be read anew."""
    signed = tx.get(StudyReading, reading_id)
    study = tx.get(Study, signed.study_id)
    if study.reading_id != reading_id:
        raise RuleViolation(N_("This signature is no longer in force."), field="reading_id")
    _keep(tx, study, ReadingAct.REOPENED, reason)
    study.reading_id, study.read_at, study.read_by_id = None, None, None
    tx.record(ReadingReopened(study.id, study.patient_id, reading_id))


@command(permission=READ_STUDIES, label=N_("Sign the reading"), undo=(reopen_reading, StudyReading))
def sign_reading(tx: Transaction, study_id: StudyId, conclusion: str = "") -> ReadingId:
    """Sign that you have read the images of a study. Images that come later are to be read anew."""
    study = tx.get(Study, study_id)
    if study.patient_id is None:
        raise RuleViolation(N_("The study is in no chart: match it to its patient before you sign."), field="study_id")
    if not _images(tx, study_id):
        raise RuleViolation(N_("This study holds no image to read."), field="study_id")
    if study.read_at is not None and not _came_since(tx, study):
        raise RuleViolation(N_("This study has been read and signed."), field="study_id")
    signed = _keep(tx, study, ReadingAct.SIGNED, conclusion)
    study.reading_id, study.read_at, study.read_by_id = signed.id, tx.now, signed.staff_id
    tx.record(ReadingSigned(study.id, study.patient_id, signed.id))
    return signed.id


def _keep(tx: Transaction, study: Study, act: ReadingAct, words: str) -> StudyReading:
    return tx.add(
        StudyReading(
            study_id=study.id,
            act=act,
            staff_id=StaffId(tx.actor.id),
            at=tx.now,
            images=_images(tx, study.id),
            words=words.strip() or None,
        )
    )


def _images(tx: Transaction, study_id: StudyId) -> int:
    wanted = (
        select(func.count())
        .select_from(Instance)
        .join(ImageState, ImageState.id == Instance.id)
        .where(Instance.study_id == study_id, Instance.content == Content.IMAGE, ImageState.withdrawn_at.is_(None))
    )
    return int(tx.first(wanted) or 0)


def _came_since(tx: Transaction, study: Study) -> bool:
    wanted = select(ImageState.id).where(
        ImageState.study_id == study.id,
        ImageState.withdrawn_at.is_(None),
        ImageState.received_at > study.read_at,
    )
    return tx.first(wanted) is not None

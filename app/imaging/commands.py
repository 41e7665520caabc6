"""What staff can do with images."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.ids import PatientId
from app.imaging.analyses import keep_analysis, withdraw_analysis
from app.imaging.control import ImportControl, ImportState
from app.imaging.importing import FileReport, ImportReport, import_paths
from app.imaging.indexing import (
    Outcome,
    bring_back_images,
    keep_reconstructions,
    match_study,
    put_studies_into_chart,
    set_files_aside,
    take_in_images,
    withdraw_image,
)
from app.imaging.key_images import mark_key_image, withdraw_key_image
from app.imaging.made import seal_made
from app.imaging.marking import restore_marks, save_marks, withdraw_marks
from app.imaging.model import ImageState, Quarantined, Study
from app.imaging.mounting import (
    create_mount,
    fill_mount,
    mirror_in_mount,
    put_in_mount,
    rename_mount,
    restore_mount,
    swap_in_mount,
    take_out_of_mount,
    turn_in_mount,
    withdraw_mount,
)
from app.imaging.naming import ViewOf, assign_view, assign_views
from app.imaging.permissions import ASSIGN_IMAGES, EMPTY_QUARANTINE, IMPORT_IMAGES
from app.imaging.readings import assign_reader, reopen_reading, sign_reading
from app.imaging.renditions import keep_renditions
from app.imaging.scrubbing import note_sealed_checks
from app.imaging.set_aside import retry_quarantined, settle_quarantined
from app.imaging.settings import AUTOMATIC_MATCHING, QUARANTINE_DAYS
from app.imaging.spatial import align_model, save_model_plan, save_volume_plan, withdraw_spatial_plan
from app.imaging.vocabulary import InstanceId, Match, QuarantineId, StudyId
from app.journal.commands import command
from app.journal.operations import MAXIMUM_CHANGES
from app.journal.transaction import Transaction
from app.patients.charts import chart_ids
from app.patients.commands.patients import living_patient

__all__ = [
    "FileReport",
    "ImportControl",
    "ImportReport",
    "ImportState",
    "Outcome",
    "ViewOf",
    "align_model",
    "assign_reader",
    "assign_study",
    "assign_view",
    "assign_views",
    "bring_back_images",
    "create_mount",
    "discard_old_quarantined",
    "discard_quarantined",
    "fill_mount",
    "import_paths",
    "keep_analysis",
    "keep_reconstructions",
    "keep_renditions",
    "mark_key_image",
    "match_waiting_studies",
    "mirror_in_mount",
    "note_sealed_checks",
    "put_in_mount",
    "put_studies_into_chart",
    "reject_match",
    "rename_mount",
    "reopen_reading",
    "restore_image",
    "restore_marks",
    "restore_mount",
    "retry_quarantined",
    "save_marks",
    "save_model_plan",
    "save_volume_plan",
    "seal_made",
    "set_files_aside",
    "settle_quarantined",
    "sign_reading",
    "swap_in_mount",
    "take_in_images",
    "take_out_of_mount",
    "turn_image",
    "turn_in_mount",
    "unassign_study",
    "withdraw_analysis",
    "withdraw_image",
    "withdraw_key_image",
    "withdraw_marks",
    "withdraw_mount",
    "withdraw_spatial_plan",
    "withdraw_study",
]
WAITING_AT_ONCE: Final = 100


@command(permission=ASSIGN_IMAGES, label=N_("Match the study to the patient"))
def assign_study(tx: Transaction, study_id: StudyId, patient_id: PatientId) -> None:
    """Put a study into a chart, or move it from another one."""
    study = _living_study(tx, study_id)
    living_patient(tx, patient_id)
    if study.patient_id == patient_id:
        raise RuleViolation(N_("The study is already in this chart."), field="patient_id")
    study.patient_id, study.match, study.candidate_id, study.rule = patient_id, Match.ASSIGNED, None, None
    rejected = [one for one in study.rejected_patients or () if one != patient_id]
    study.rejected_patients = rejected or None


@command(permission=ASSIGN_IMAGES, label=N_("Take the study out of the chart"))
def unassign_study(tx: Transaction, study_id: StudyId) -> None:
    """Take a study that is not this patient’s out of the chart. It waits for its patient again."""
    study = _living_study(tx, study_id)
    if study.patient_id is None:
        raise RuleViolation(N_("The study is in no chart."), field="study_id")
    _reject(tx, study, study.patient_id)


@command(permission=ASSIGN_IMAGES, label=N_("Reject the proposed patient"))
def reject_match(tx: Transaction, study_id: StudyId, patient_id: PatientId) -> None:
    """Say that a study is not this patient’s. The patient is not proposed for it again."""
    study = _living_study(tx, study_id)
    if study.patient_id is not None:
        raise RuleViolation(N_("The study is in a chart: take it out instead."), field="study_id")
    _reject(tx, study, patient_id)


@command(permission=ASSIGN_IMAGES, label=N_("Match the waiting studies"))
def match_waiting_studies(tx: Transaction) -> int:
    """Apply the rules of matching again to the studies without a patient. Tells how many were matched.

    A study about which somebody has said no is left to people.
    """
    if not tx.setting(AUTOMATIC_MATCHING):
        return 0
    waiting = tx.all(
        select(Study)
        .where(
            Study.patient_id.is_(None),
            Study.rejected_patients.is_(None),
            Study.received_birth_on.is_not(None),
            Study.match.in_([Match.UNMATCHED, Match.REVIEW]),
        )
        .order_by(Study.id)
    )
    matched = changed = 0
    for study in waiting:
        match_study(tx, study)
        matched += study.patient_id is not None
        changed += tx.session.is_modified(study)
        if changed == WAITING_AT_ONCE:  # the others wait for the next run
            break
    return matched


@command(permission=IMPORT_IMAGES, label=N_("Restore the image"))
def restore_image(tx: Transaction, instance_id: InstanceId) -> None:
    """Bring back an image that was withdrawn."""
    tx.get(ImageState, instance_id).withdrawn_at = None


@command(permission=IMPORT_IMAGES, label=N_("Withdraw the study"))
def withdraw_study(tx: Transaction, study_id: StudyId) -> int:
    """Take the images of a study that was imported by mistake out of the lists, at most 400. Tells how many are left.

    One operation holds no more changes; a larger study is withdrawn in a group.
    """
    tx.get(Study, study_id)
    living = (ImageState.study_id == study_id, ImageState.withdrawn_at.is_(None))
    states = tx.all(select(ImageState).where(*living).order_by(ImageState.id))
    for state in states[:MAXIMUM_CHANGES]:
        state.withdrawn_at = tx.now
    return max(0, len(states) - MAXIMUM_CHANGES)


@command(permission=IMPORT_IMAGES, label=N_("Turn the image"))
def turn_image(tx: Transaction, instance_id: InstanceId, quarter_turns: int = 1, mirror: bool = False) -> None:
    """Turn an image clockwise by quarters, or mirror it, for everybody. Its pixels stay as they were received."""
    state = tx.get(ImageState, instance_id)
    if mirror:
        # Mirroring what is shown: the turn before it runs the other way after it.
        state.mirrored, state.quarter_turns = not state.mirrored, -state.quarter_turns % 4
    state.quarter_turns = (state.quarter_turns + quarter_turns) % 4


@command(permission=EMPTY_QUARANTINE, label=N_("Discard the file set aside"))
def discard_quarantined(tx: Transaction, quarantine_id: QuarantineId) -> None:
    """Take a file off the list of those that could not be taken in. Bytes that were kept for it go with it."""
    row = tx.get(Quarantined, quarantine_id)
    tx.log_access("discarded", subject=row.study_id, detail=f"image set aside {quarantine_id}")
    tx.touch_local(Quarantined, row.id)
    tx.session.delete(row)


@command(permission=EMPTY_QUARANTINE, label=N_("Discard old files set aside"), hidden=True)
def discard_old_quarantined(tx: Transaction) -> int:
    """Take files that were set aside long ago off the list, unless their bytes were kept. Tells how many went.

    Their names may tell of a person, and no erasure of that person could find them.
    """
    limit = tx.now - timedelta(days=tx.setting(QUARANTINE_DAYS))
    old = tx.all(select(Quarantined).where(Quarantined.received_at < limit, Quarantined.sha256.is_(None)))
    for row in old:
        tx.touch_local(Quarantined, row.id)
        tx.session.delete(row)
    return len(old)


def _living_study(tx: Transaction, study_id: StudyId) -> Study:
    study = tx.get(Study, study_id)
    if study.study_instance_uid == "":
        raise RuleViolation(N_("The data of this study has been erased."), field="study_id")
    return study


def _reject(tx: Transaction, study: Study, patient_id: PatientId) -> None:
    """Never propose these charts again, and see whom the rules find instead. Nobody is matched without being asked."""
    charts = chart_ids(tx.reading(), patient_id)
    study.rejected_patients = sorted({*(study.rejected_patients or ()), *charts})
    study.patient_id = None
    match_study(tx, study)
    if study.patient_id is not None:
        study.patient_id, study.candidate_id, study.match = None, study.patient_id, Match.REVIEW

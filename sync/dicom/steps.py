"""Modality Performed Procedure Step as provider (PS3.4 §F): the board knows that images are being taken."""

from __future__ import annotations

from typing import Any, Final

from pydicom.dataset import Dataset

from app.core.errors import ClinicError, NotFound, RuleViolation
from app.gateway.commands import begin_imaging_step, change_imaging_step
from app.gateway.vocabulary import PeerRight, StepState
from app.gateway.worklist import visit_of
from app.journal.queries import SYSTEM
from app.journal.runner import Runner
from sync.dicom.door import may
from sync.dicom.logs import safe_title
from sync.dicom.peers import Peer
from sync.dicom.spooling import is_uid
from sync.dicom.storing import NOT_AUTHORISED

DUPLICATE, UNKNOWN, INVALID_VALUE, ENDED, FAILED = 0x0111, 0x0112, 0x0106, 0x0110, 0x0110
MOST_IMAGES: Final = 100_000


def answer_create(event: Any, runner: Runner) -> tuple[int, Dataset | None]:
    """N-CREATE: a unit has begun (PS3.4 §F.7.2.1)."""
    if not may(event, PeerRight.STEP):
        return NOT_AUTHORISED, None
    uid = event.request.AffectedSOPInstanceUID
    try:
        given = event.attribute_list
        state = StepState(str(given.get("PerformedProcedureStepStatus")))
        number, study = _scheduled(given)
        modality = str(given.get("Modality") or "")[:16] or None
    except Exception:  # what a hostile data set may raise while it is decoded is unbounded
        return INVALID_VALUE, None
    if state is not StepState.IN_PROGRESS or not is_uid(uid):
        return INVALID_VALUE, None
    peer: Peer = event.assoc.visit.peer
    with runner.read(SYSTEM) as read:
        visit = visit_of(read, number, study)
    try:
        runner.run(
            SYSTEM, begin_imaging_step, str(uid), safe_title(peer.ae_title), visit.appointment_id if visit else None,
            visit.patient_id if visit else None, peer.equipment_id, modality,
        )  # fmt: skip
    except RuleViolation:
        return DUPLICATE, None
    except ClinicError:
        return FAILED, None
    return 0x0000, given


def answer_set(event: Any, runner: Runner) -> tuple[int, Dataset | None]:
    """N-SET: a unit goes on, is done or has stopped (PS3.4 §F.7.2.2)."""
    if not may(event, PeerRight.STEP):
        return NOT_AUTHORISED, None
    uid = event.request.RequestedSOPInstanceUID
    try:
        changed = event.modification_list
        given = changed.get("PerformedProcedureStepStatus")
        state = StepState(str(given)) if given else None
        images = _images(changed)
    except Exception:  # as above
        return INVALID_VALUE, None
    try:
        runner.run(SYSTEM, change_imaging_step, str(uid), state, images)
    except NotFound:
        return UNKNOWN, None
    except ClinicError:
        return ENDED, None
    return 0x0000, changed


def _scheduled(given: Dataset) -> tuple[str, str]:
    """Accession number or step id, and study, of the worklist entry that was chosen on the unit."""
    for item in given.get("ScheduledStepAttributesSequence") or ():
        number = str(item.get("AccessionNumber") or item.get("ScheduledProcedureStepID") or "").strip()
        return number, str(item.get("StudyInstanceUID") or "").strip()
    return "", ""


def _images(changed: Dataset) -> int | None:
    series = changed.get("PerformedSeriesSequence")
    if series is None:
        return None
    count = sum(
        len(item.get(name) or ())
        for item in series
        for name in ("ReferencedImageSequence", "ReferencedNonImageCompositeSOPInstanceSequence")
    )
    return min(count, MOST_IMAGES)

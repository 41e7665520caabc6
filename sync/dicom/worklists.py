"""Modality Worklist as provider (PS3.4 §K): the schedule, as a unit asks for it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final

from pydicom.dataset import Dataset

from app.gateway.vocabulary import CharacterSet, PeerRight
from app.gateway.worklist import WorklistEntry, worklist
from app.journal.queries import SYSTEM
from app.journal.runner import Runner
from app.patients.nam import RamqSex
from app.practice.vocabulary import EquipmentKind
from sync.dicom.answering import Answer, Answering, Gone, asked_for
from sync.dicom.characters import characters_of, in_characters, person_name
from sync.dicom.door import may
from sync.dicom.matching import matches
from sync.dicom.peers import Peer
from sync.dicom.storing import NOT_AUTHORISED

MODALITIES: Final[dict[EquipmentKind, tuple[str, ...]]] = {
    EquipmentKind.XRAY: ("PX", "DX", "IO", "RG", "CR"),
    EquipmentKind.CBCT: ("CT", "PX", "DX"),
    EquipmentKind.CAMERA: ("XC",),
    EquipmentKind.SCANNER: ("M3D", "OSS"),
}
"""What a kind of device makes, its usual work first (PS3.3 §C.7.3.1.1.1)."""
SEXES: Final = {RamqSex.FEMALE: "F", RamqSex.MALE: "M"}
EMPTY: Final = (
    "ReferringPhysicianName", "RequestingPhysician", "AdmissionID", "MedicalAlerts", "Allergies", "PregnancyStatus",
    "PatientWeight", "PatientState", "ConfidentialityConstraintOnPatientDataDescription", "RequestedProcedurePriority",
    "PatientTransportArrangements", "SpecialNeeds", "CurrentPatientLocation",
)  # fmt: skip
EMPTY_OF_STEP: Final = (
    "ScheduledProcedureStepEndDate", "ScheduledProcedureStepEndTime", "ScheduledPerformingPhysicianName",
    "ScheduledProcedureStepLocation", "PreMedication", "RequestedContrastAgent",
)  # fmt: skip
"""Type 2 of the model: told, and not known here."""
CANCELLED, CANNOT_UNDERSTAND = 0xFE00, 0xC001


def answer_worklist(event: Any, runner: Runner) -> Iterator[tuple[int, Dataset | None]]:
    """The visits that match what the unit asks for."""
    if not may(event, PeerRight.WORKLIST):
        yield NOT_AUTHORISED, None
        return
    peer: Peer = event.assoc.visit.peer
    try:
        keys = event.identifier
        first, last = _days(keys, runner.clock.today())
        characters = characters_of(keys, peer.character_set)
        answers = Answering(event, characters, asked_for(keys, "SpecificCharacterSet"))
    except Exception:  # what a hostile identifier may raise while it is decoded is unbounded
        yield CANNOT_UNDERSTAND, None
        return
    with contextlib.suppress(Gone):
        for entry in runner.ask(SYSTEM, worklist, first, last):
            if event.is_cancelled:
                answers.flush()
                yield CANCELLED, None
                return
            found = step_of(entry, peer, characters, _modality(keys, entry, peer))
            if matches(keys, found):
                answers.put(found)
        answers.flush()


def _days(keys: Dataset, today: date) -> tuple[date, date]:
    """The days that are asked for; without any, today."""
    steps = keys.get("ScheduledProcedureStepSequence") or [Dataset()]
    asked = str(steps[0].get("ScheduledProcedureStepStartDate") or "").strip()
    if not asked or asked == "*":
        return today, today
    low, dash, high = asked.partition("-")
    first = _day(low) if low else today - timedelta(days=1)
    return first, (_day(high) if high else first + timedelta(days=31)) if dash else first


def _day(text: str) -> date:
    return datetime.strptime(text.strip()[:8], "%Y%m%d").date()


def _modality(keys: Dataset, entry: WorklistEntry, peer: Peer) -> str:
    """What the unit asks for if it can be made; else the usual work of the unit, or of what the visit planned."""
    kind = peer.equipment_kind or entry.equipment_kind or EquipmentKind.XRAY
    made = MODALITIES.get(kind, MODALITIES[EquipmentKind.XRAY])
    steps = keys.get("ScheduledProcedureStepSequence") or [Dataset()]
    asked = str(steps[0].get("Modality") or "")
    return asked if asked in made else made[0]


def step_of(entry: WorklistEntry, peer: Peer, characters: CharacterSet, modality: str) -> Answer:
    """A visit as a scheduled procedure step (PS3.4 table K.6-1)."""
    description = in_characters(entry.description, characters)[:64]
    step = {
        "ScheduledStationAETitle": peer.ae_title,
        "ScheduledStationName": in_characters(entry.clinic, characters)[:16],
        "ScheduledProcedureStepStartDate": f"{entry.starts_at:%Y%m%d}",
        "ScheduledProcedureStepStartTime": f"{entry.starts_at:%H%M%S}",
        "ScheduledProcedureStepDescription": description, "ScheduledProcedureStepID": entry.number,
        "Modality": modality, "ScheduledProcedureStepStatus": "SCHEDULED",
        **dict.fromkeys(EMPTY_OF_STEP, ""),
    }  # fmt: skip
    return {
        "SpecificCharacterSet": characters.value,
        "PatientName": person_name(entry.family_name, entry.given_name, characters),
        "PatientID": in_characters(entry.file_number, characters),
        "PatientBirthDate": f"{entry.born_on:%Y%m%d}" if entry.born_on else "",
        "PatientSex": SEXES.get(entry.sex, "O") if entry.sex else "",
        "AccessionNumber": entry.number, "RequestedProcedureID": entry.number,
        "RequestedProcedureDescription": description, "StudyInstanceUID": entry.study_instance_uid,
        "ReferencedStudySequence": [], "ReferencedPatientSequence": [], "ScheduledProcedureStepSequence": [step],
        **dict.fromkeys(EMPTY, ""),
    }  # fmt: skip

"""Modality Worklist as provider (PS3.4 §K): the schedule, as a unit asks for it."""

from __future__ import annotations

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
from sync.dicom.characters import asked_for, in_characters, person_name
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
PENDING, CANCELLED, CANNOT_UNDERSTAND = 0xFF00, 0xFE00, 0xC001


def answer_worklist(event: Any, runner: Runner) -> Iterator[tuple[int, Dataset | None]]:
    """The visits that match what the unit asks for."""
    if not may(event, PeerRight.WORKLIST):
        yield NOT_AUTHORISED, None
        return
    peer: Peer = event.assoc.visit.peer
    try:
        keys = event.identifier
        first, last = _days(keys, runner.clock.today())
    except Exception:  # what a hostile identifier may raise while it is decoded is unbounded
        yield CANNOT_UNDERSTAND, None
        return
    characters = asked_for(keys, peer.character_set)
    for entry in runner.ask(SYSTEM, worklist, first, last):
        if event.is_cancelled:
            yield CANCELLED, None
            return
        found = step_of(entry, peer, characters, _modality(keys, entry, peer))
        if matches(keys, found):
            yield PENDING, _only_asked(keys, found)


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


def step_of(entry: WorklistEntry, peer: Peer, characters: CharacterSet, modality: str) -> Dataset:
    """A visit as a scheduled procedure step (PS3.4 table K.6-1)."""
    ds, step = Dataset(), Dataset()
    ds.SpecificCharacterSet = characters.value
    ds.PatientName = person_name(entry.family_name, entry.given_name, characters)
    ds.PatientID = in_characters(entry.file_number, characters)
    ds.PatientBirthDate = f"{entry.born_on:%Y%m%d}" if entry.born_on else ""
    ds.PatientSex = SEXES.get(entry.sex, "O") if entry.sex else ""
    ds.AccessionNumber = ds.RequestedProcedureID = entry.number
    ds.RequestedProcedureDescription = in_characters(entry.description, characters)[:64]
    ds.StudyInstanceUID = entry.study_instance_uid
    for name in ("ReferringPhysicianName", "RequestingPhysician", "AdmissionID", "MedicalAlerts", "Allergies"):
        setattr(ds, name, "")
    ds.PregnancyStatus, ds.PatientWeight, ds.PatientState, ds.ConfidentialityConstraintOnPatientDataDescription = (
        None, None, "", "",
    )  # fmt: skip
    ds.RequestedProcedurePriority = ds.PatientTransportArrangements = ds.SpecialNeeds = ds.CurrentPatientLocation = ""
    ds.ReferencedStudySequence, ds.ReferencedPatientSequence = [], []
    step.ScheduledStationAETitle = peer.ae_title
    step.ScheduledStationName = in_characters(entry.clinic, characters)[:16]
    step.ScheduledProcedureStepStartDate = f"{entry.starts_at:%Y%m%d}"
    step.ScheduledProcedureStepStartTime = f"{entry.starts_at:%H%M%S}"
    step.ScheduledProcedureStepEndDate, step.ScheduledProcedureStepEndTime = "", ""
    step.Modality, step.ScheduledPerformingPhysicianName = modality, ""
    step.ScheduledProcedureStepDescription = ds.RequestedProcedureDescription
    step.ScheduledProcedureStepID, step.ScheduledProcedureStepLocation = entry.number, ""
    step.ScheduledProcedureStepStatus, step.PreMedication, step.RequestedContrastAgent = "SCHEDULED", "", ""
    ds.ScheduledProcedureStepSequence = [step]
    return ds


def _only_asked(keys: Dataset, found: Dataset) -> Dataset:
    """What was asked for, and the characters that it is in (PS3.4 §C.4.1.1.3.2)."""
    made = Dataset()
    made.SpecificCharacterSet = found.SpecificCharacterSet
    for key in keys:
        if key.keyword == "SpecificCharacterSet" or key.tag not in found:
            continue
        made.add(found[key.tag])
        if key.VR == "SQ" and key.value and list(key.value[0]):
            items = found[key.tag].value
            made[key.tag].value = [_inner(key.value[0], item) for item in items]
    return made


def _inner(keys: Dataset, found: Dataset) -> Dataset:
    made = Dataset()
    for key in keys:
        if key.tag in found:
            made.add(found[key.tag])
    return made

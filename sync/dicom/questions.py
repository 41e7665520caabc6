"""C-FIND over the clinic's images as provider (PS3.4 §C.4.1): Patient Root and Study Root."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

from pydicom.dataset import Dataset
from pydicom.multival import MultiValue

from app.gateway.searching import (
    FoundInstance,
    FoundSeries,
    FoundStudy,
    Keys,
    find_instances,
    find_series,
    find_studies,
    patient_keys,
)
from app.gateway.vocabulary import CharacterSet, PeerRight
from app.journal.queries import SYSTEM, Reading
from app.journal.runner import Runner
from sync.dicom.characters import asked_for, in_characters, person_name
from sync.dicom.door import may
from sync.dicom.matching import matches
from sync.dicom.storing import NOT_AUTHORISED

PENDING, CANCELLED, CANNOT_UNDERSTAND, WRONG_LEVEL = 0xFF00, 0xFE00, 0xC001, 0xA900
LEVELS: Final = ("PATIENT", "STUDY", "SERIES", "IMAGE")
COUNTS: Final = frozenset({"NumberOfStudyRelatedSeries", "NumberOfStudyRelatedInstances"})


def answer_find(event: Any, runner: Runner) -> Iterator[tuple[int, Dataset | None]]:
    """What the clinic has of what is asked for."""
    if not may(event, PeerRight.FIND):
        yield NOT_AUTHORISED, None
        return
    peer = event.assoc.visit.peer
    try:
        asked = event.identifier
        level, keys = str(asked.get("QueryRetrieveLevel") or "").strip(), narrow(asked)
    except Exception:  # what a hostile identifier may raise while it is decoded is unbounded
        yield CANNOT_UNDERSTAND, None
        return
    if level not in LEVELS or (level in {"SERIES", "IMAGE"} and not (keys.study_uids or keys.instance_uids)):
        yield WRONG_LEVEL, None
        return
    characters = asked_for(asked, peer.character_set)
    with runner.read(SYSTEM) as read:
        for found in _found(read, level, keys, characters):
            if event.is_cancelled:
                yield CANCELLED, None
                return
            found.QueryRetrieveLevel, found.RetrieveAETitle = level, event.assoc.acceptor.ae_title
            if matches(asked, found):
                yield PENDING, _only_asked(asked, found)


def narrow(asked: Dataset) -> Keys:
    """What of an identifier an index can answer."""
    first, last = _range(str(asked.get("StudyDate") or ""))
    number, accession = (str(asked.get(name) or "").strip() for name in ("PatientID", "AccessionNumber"))
    modality = asked.get("ModalitiesInStudy") or ""
    return Keys(
        study_uids=_uids(asked, "StudyInstanceUID"),
        series_uids=_uids(asked, "SeriesInstanceUID"),
        instance_uids=_uids(asked, "SOPInstanceUID"),
        patient_number=_exact(number),
        family_prefix=patient_keys(str(asked.get("PatientName") or "")),
        accession_number=_exact(accession),
        first_on=first,
        last_on=last,
        modality=_exact(modality.strip()) if isinstance(modality, str) else "",
        counted=any(name in asked for name in COUNTS),
    )


def _exact(value: str) -> str:
    return "" if any(mark in value for mark in "*?") else value


def _uids(asked: Dataset, name: str) -> tuple[str, ...]:
    value = asked.get(name)
    if not value:
        return ()
    many = value if isinstance(value, MultiValue | list) else [value]
    return tuple(str(one).strip() for one in many if str(one).strip() not in {"", "*"})


def _range(text: str) -> tuple[date | None, date | None]:
    text = text.strip()
    if not text or "*" in text:
        return None, None
    low, dash, high = text.partition("-")
    first, last = _day(low), _day(high)
    return (first, last) if dash else (first, first)


def _day(text: str) -> date | None:
    return datetime.strptime(text.strip()[:8], "%Y%m%d").date() if text.strip() else None


def _found(read: Reading, level: str, keys: Keys, characters: CharacterSet) -> Iterator[Dataset]:
    if level == "SERIES":
        yield from (series_of(one, characters) for one in find_series(read, keys))
    elif level == "IMAGE":
        yield from (_image(one, characters) for one in find_instances(read, keys))
    elif level == "STUDY":
        yield from (study_of(one, characters) for one in find_studies(read, keys))
    else:
        told: set[tuple[str, str]] = set()
        for one in find_studies(read, keys):
            who = (one.patient_id or "", one.number if one.patient_id is None else "")
            if who not in told:
                told.add(who)
                yield study_of(one, characters)


def study_of(one: FoundStudy, characters: CharacterSet) -> Dataset:
    """A study as an answer."""
    ds = Dataset()
    ds.SpecificCharacterSet = characters.value
    name = one.received_name or ""
    ds.PatientName = (
        person_name(one.family_name or "", one.given_name or "", characters)
        if one.family_name is not None
        else in_characters(name, characters)
    )
    ds.PatientID, ds.PatientSex = in_characters(one.number, characters), one.sex[:16]
    ds.PatientBirthDate = f"{one.born_on:%Y%m%d}" if one.born_on else ""
    ds.StudyInstanceUID, ds.StudyID = one.study_instance_uid, ""
    ds.StudyDate = f"{one.studied_on:%Y%m%d}" if one.studied_on else ""
    ds.StudyTime = (one.studied_at_time or "").replace(":", "")
    ds.StudyDescription = in_characters(one.description or "", characters)[:64]
    ds.AccessionNumber, ds.ReferringPhysicianName = (one.accession_number or "")[:16], ""
    ds.ModalitiesInStudy = list(one.modalities)
    ds.NumberOfStudyRelatedSeries, ds.NumberOfStudyRelatedInstances = one.series, one.instances
    ds.InstanceAvailability = "ONLINE"
    return ds


def series_of(one: FoundSeries, characters: CharacterSet) -> Dataset:
    """A series as an answer."""
    ds = Dataset()
    ds.SpecificCharacterSet = characters.value
    ds.StudyInstanceUID, ds.SeriesInstanceUID = one.study_instance_uid, one.series_instance_uid
    ds.Modality, ds.SeriesNumber = one.modality, one.number
    ds.SeriesDescription = in_characters(one.description or "", characters)[:64]
    ds.BodyPartExamined, ds.NumberOfSeriesRelatedInstances = (one.body_part or "")[:16], one.instances
    return ds


def _image(one: FoundInstance, characters: CharacterSet) -> Dataset:
    ds = Dataset()
    ds.SpecificCharacterSet = characters.value
    ds.StudyInstanceUID, ds.SeriesInstanceUID = one.study_instance_uid, one.series_instance_uid
    ds.SOPInstanceUID, ds.SOPClassUID, ds.InstanceNumber = one.sop_instance_uid, one.sop_class_uid, one.number
    ds.Rows, ds.Columns, ds.NumberOfFrames = one.image_rows, one.image_columns, one.frames
    ds.AvailableTransferSyntaxUID = one.transfer_syntax_uid
    return ds


def _only_asked(asked: Dataset, found: Dataset) -> Dataset:
    made = Dataset()
    for name in ("SpecificCharacterSet", "QueryRetrieveLevel", "RetrieveAETitle"):
        made.add(found[name])
    for key in asked:
        if key.tag in made:
            continue
        if key.tag in found:
            made.add(found[key.tag])
        elif key.VR != "SQ":
            made.add_new(key.tag, key.VR, None)
    return made

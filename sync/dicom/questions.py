"""C-FIND over the clinic's images as provider (PS3.4 §C.4.1): Patient Root and Study Root."""

from __future__ import annotations

import contextlib
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
from sync.dicom.answering import Answer, Answering, Gone, asked_for
from sync.dicom.characters import characters_of, in_characters, person_name
from sync.dicom.door import may
from sync.dicom.matching import matches
from sync.dicom.storing import NOT_AUTHORISED

CANCELLED, CANNOT_UNDERSTAND, WRONG_LEVEL = 0xFE00, 0xC001, 0xA900
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
    characters = characters_of(asked, peer.character_set)
    wanted = asked_for(asked, "SpecificCharacterSet", "QueryRetrieveLevel", "RetrieveAETitle", absent=True)
    answers = Answering(event, characters, wanted, absent=True)
    told = {"QueryRetrieveLevel": level, "RetrieveAETitle": event.assoc.acceptor.ae_title}
    with runner.read(SYSTEM) as read, contextlib.suppress(Gone):
        for found in _found(read, level, keys, characters):
            if event.is_cancelled:
                answers.flush()
                yield CANCELLED, None
                return
            if matches(asked, found):
                answers.put({**found, **told})
        answers.flush()


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


def _found(read: Reading, level: str, keys: Keys, characters: CharacterSet) -> Iterator[Answer]:
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


def study_of(one: FoundStudy, characters: CharacterSet) -> Answer:
    """A study as an answer."""
    name = (
        person_name(one.family_name or "", one.given_name or "", characters)
        if one.family_name is not None
        else in_characters(one.received_name or "", characters)
    )
    return {
        "SpecificCharacterSet": characters.value, "PatientName": name,
        "PatientID": in_characters(one.number, characters), "PatientSex": one.sex[:16],
        "PatientBirthDate": f"{one.born_on:%Y%m%d}" if one.born_on else "",
        "StudyInstanceUID": one.study_instance_uid, "StudyID": "",
        "StudyDate": f"{one.studied_on:%Y%m%d}" if one.studied_on else "",
        "StudyTime": (one.studied_at_time or "").replace(":", ""),
        "StudyDescription": in_characters(one.description or "", characters)[:64],
        "AccessionNumber": (one.accession_number or "")[:16], "ReferringPhysicianName": "",
        "ModalitiesInStudy": list(one.modalities), "NumberOfStudyRelatedSeries": one.series,
        "NumberOfStudyRelatedInstances": one.instances, "InstanceAvailability": "ONLINE",
    }  # fmt: skip


def series_of(one: FoundSeries, characters: CharacterSet) -> Answer:
    """A series as an answer."""
    return {
        "SpecificCharacterSet": characters.value, "StudyInstanceUID": one.study_instance_uid,
        "SeriesInstanceUID": one.series_instance_uid, "Modality": one.modality, "SeriesNumber": one.number,
        "SeriesDescription": in_characters(one.description or "", characters)[:64],
        "BodyPartExamined": (one.body_part or "")[:16], "NumberOfSeriesRelatedInstances": one.instances,
    }  # fmt: skip


def _image(one: FoundInstance, characters: CharacterSet) -> Answer:
    return {
        "SpecificCharacterSet": characters.value, "StudyInstanceUID": one.study_instance_uid,
        "SeriesInstanceUID": one.series_instance_uid, "SOPInstanceUID": one.sop_instance_uid,
        "SOPClassUID": one.sop_class_uid, "InstanceNumber": one.number, "Rows": one.image_rows,
        "Columns": one.image_columns, "NumberOfFrames": one.frames,
        "AvailableTransferSyntaxUID": one.transfer_syntax_uid,
    }  # fmt: skip

"""Looking for studies in all archives at once: answers as they come, slow and dead archives named, copies side by side.

“Nothing found” is said only of archives that answered. A study that several archives have is one study with copies; the
same identifier under two patients is a conflict, which is shown and never merged.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from pydicom.dataset import Dataset

from app.archives.across import Came, Copy, Ended, Question
from app.archives.queries import ArchiveLine
from app.archives.vocabulary import ArchiveId, ArchiveKind, Failure
from app.core.text import fold
from app.journal.runner import Runner
from sync.dicom.asking import Unanswered, find
from sync.dicom.matching import matches
from sync.dicom.sending import target_of
from sync.dicom.web import web_archive

ANSWER_SECONDS: Final = 10.0
MOST_ANSWERS: Final = 500
ASKED: Final = (
    "PatientName", "PatientID", "PatientBirthDate", "IssuerOfPatientID", "StudyInstanceUID", "StudyDate",
    "StudyDescription", "AccessionNumber", "ModalitiesInStudy", "NumberOfStudyRelatedInstances",
)  # fmt: skip


def find_across(
    runner: Runner, folder: Path, archives: Sequence[ArchiveLine], asked: Question, seconds: float = ANSWER_SECONDS
) -> Iterator[Copy | Ended]:
    """Copies as they come and, for each archive, its end; no archive is waited for longer than `seconds`."""
    said: queue.SimpleQueue[Copy | Ended] = queue.SimpleQueue()
    waited = {line.archive_id: 0 for line in archives}
    for line in archives:
        if line.archive_id in waited:
            work = (runner, folder, line, asked, said)
            threading.Thread(target=_ask, args=work, name="dicom-across", daemon=True).start()
    end = time.monotonic() + seconds
    while waited:
        try:
            one = said.get(timeout=max(0.0, end - time.monotonic()))
        except queue.Empty:
            yield from (Ended(key, Came.PARTIAL if count else Came.TIMEOUT, count) for key, count in waited.items())
            return
        if one.archive_id not in waited:
            continue
        if isinstance(one, Ended):
            del waited[one.archive_id]
        else:
            waited[one.archive_id] += 1
        yield one


def _ask(
    runner: Runner, folder: Path, line: ArchiveLine, asked: Question, said: queue.SimpleQueue[Copy | Ended]
) -> None:
    count = 0
    keys, wanted = _keys(asked), _wanted(asked)
    try:
        for answer in _answers(runner, folder, line, keys):
            if not matches(wanted, answer):  # some archives return more than was asked for
                continue
            said.put(_copy(line.archive_id, answer))
            count += 1
            if count == MOST_ANSWERS:
                break
        came = Came.OK if count < MOST_ANSWERS else Came.PARTIAL
    except Unanswered as error:
        came = Came.PARTIAL if count else Came.REJECTED if error.failure is Failure.REJECTED else Came.UNREACHABLE
    except Exception:  # what a foreign answer may raise while it is decoded is unbounded
        came = Came.PARTIAL
    said.put(Ended(line.archive_id, came, count))


def _answers(runner: Runner, folder: Path, line: ArchiveLine, keys: Dataset) -> Iterator[Dataset]:
    if line.kind is not ArchiveKind.DICOMWEB:
        yield from find(target_of(runner, folder, line), keys)
        return
    with web_archive(folder, line) as archive:
        yield from archive.find(keys)


def _keys(asked: Question) -> Dataset:
    keys = _wanted(asked)
    keys.QueryRetrieveLevel, keys.SpecificCharacterSet = "STUDY", "ISO_IR 192"
    for name in ASKED:
        if name not in keys:
            setattr(keys, name, "")
    if asked.patient_name:  # most archives mind accents; ours are judged here
        keys.PatientName = f"{fold(asked.patient_name.split('^')[0].rstrip('*'))[:1]}*"
    return keys


def _wanted(asked: Question) -> Dataset:
    keys = Dataset()
    given = {
        "PatientName": asked.patient_name, "PatientID": asked.patient_number, "StudyDate": asked.days,
        "AccessionNumber": asked.accession_number, "StudyInstanceUID": asked.study_instance_uid,
    }  # fmt: skip
    for name, value in given.items():
        if value:
            setattr(keys, name, value)
    return keys


def _copy(archive_id: ArchiveId, answer: Dataset) -> Copy:
    def text(name: str) -> str:
        value = answer.get(name)
        return "" if value is None else str(value).strip()

    modalities = answer.get("ModalitiesInStudy") or ()
    count = text("NumberOfStudyRelatedInstances")
    return Copy(
        archive_id, text("StudyInstanceUID"), text("PatientName"), text("PatientID"), text("IssuerOfPatientID"),
        text("PatientBirthDate"), text("StudyDate"), text("StudyDescription"),
        (modalities,) if isinstance(modalities, str) else tuple(map(str, modalities)),
        int(count) if count.isdigit() else None,
    )  # fmt: skip

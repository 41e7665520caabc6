"""Importing files: read and sealed by worker processes, indexed in batches, one undo step in all.

A file that cannot be taken in is reported with its reason and stops nothing. When the import is cancelled or the
program is killed, what was committed stays (and can be undone as a whole); what was sealed without a row is swept.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeAlias

from sqlalchemy import select

from app.core.errors import NoRoom, NotFound, PermissionDenied
from app.core.i18n import N_, translate
from app.core.ids import PatientId
from app.imaging import sources, workers
from app.imaging.control import ImportControl, ImportState
from app.imaging.found import Found, Identity, Index, Limits, Refused, Source, Task
from app.imaging.indexing import (
    BATCH,
    Outcome,
    Taken,
    bring_back_images,
    put_studies_into_chart,
    set_files_aside,
    take_in_images,
)
from app.imaging.permissions import IMPORT_IMAGES
from app.imaging.reading import Read, read_source
from app.imaging.settings import (
    ARCHIVE_LIMIT_GB,
    ARCHIVE_MEMBERS,
    ARCHIVE_RATIO,
    FILE_LIMIT_MB,
    FILE_SECONDS,
    PIXEL_LIMIT_MILLIONS,
)
from app.imaging.sweeping import drop_unnamed
from app.imaging.vocabulary import REASON_SENTENCES, InstanceId, Reason, StudyId
from app.journal.queries import Actor, Reading
from app.journal.runner import Group, Runner
from app.journal.settings_store import value_of
from app.patients.model import Patient

Progress: TypeAlias = Callable[[int, int, str], bool | None]
GROUP_LABEL: Final = N_("Import images")
AHEAD: Final = 8
"""Files given to each worker beforehand: it goes on while what was read before waits for the disk and gets its rows."""
COMMIT_SECONDS: Final = 2.0
"""The longest that a file waits for its row while others are being read."""
_log = logging.getLogger("archwire.imaging")


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file. `sentence` says why it was refused, in the language of the person."""

    name: str
    outcome: Outcome
    reason: Reason | None = None
    sentence: str = ""
    sop_instance_uid: str = ""
    instance_id: InstanceId | None = None
    study_id: StudyId | None = None
    shown: bool = False
    """Whether there is a picture of it; an image may be kept although this program cannot show it."""
    details: Mapping[str, Any] = field(default_factory=dict)
    """What fills the places of the reason’s sentence."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of an import; `group_id` undoes all of it.

    `total` is the number of files that were found, and unless it was cancelled the sum of imported, already here,
    restored, refused and directories. `missing` counts what a DICOMDIR names and nobody gave us.
    """

    total: int
    imported: int
    already: int
    restored: int
    refused: int
    directories: int
    missing: int
    cancelled: bool
    group_id: str
    studies: tuple[StudyId, ...]
    files: tuple[FileReport, ...]


def import_paths(
    runner: Runner,
    actor: Actor,
    paths: Sequence[Path],
    progress: Progress | None = None,
    patient_id: PatientId | None = None,
    control: ImportControl | None = None,
    *,
    group: Group | None = None,
    taken_on: Mapping[Path, date] | None = None,
    received: Mapping[Path, str] | None = None,
) -> ImportReport:
    """Import files, folders, ZIP files and DICOMDIRs, into the chart of `patient_id` where one is given.

    With a `group`, the import is part of its undo step. `taken_on` are the days of photographs that carry none.
    `received` are objects that devices have sent (`receiving`), with what each is called; they are read beside `paths`.

    `progress(done, total, name)` is called after each file in this thread; when it returns False, the import stops
    after the files that are being read. `control` pauses and cancels it. Call it from a thread that may wait.
    Raises `PermissionDenied`, `NotFound` for a patient who is not there, `RuleViolation` for a chart that is closed.
    """
    if not actor.may(IMPORT_IMAGES):
        runner.access(actor, "refused", detail="import_images")
        raise PermissionDenied(IMPORT_IMAGES.name, IMPORT_IMAGES.label)
    with runner.read(actor) as read:
        limits = _limits(read)
        identity = _identity(read, patient_id) if patient_id else Identity()
    with runner.group(actor, GROUP_LABEL) as own:
        group = group or own
        group.run(take_in_images, [], patient_id)  # refuses a chart that may not be worked in before anything is read
        control = control or ImportControl()
        work = _Import(runner, group, limits, identity, patient_id, progress, control, taken_on or {})
        return work.run(paths, received or {})


def _limits(read: Reading) -> Limits:
    return Limits(
        file_mb=value_of(read, FILE_LIMIT_MB),
        pixel_millions=value_of(read, PIXEL_LIMIT_MILLIONS),
        archive_ratio=value_of(read, ARCHIVE_RATIO),
        archive_members=value_of(read, ARCHIVE_MEMBERS),
        archive_gb=value_of(read, ARCHIVE_LIMIT_GB),
        seconds=value_of(read, FILE_SECONDS),
    )


def _identity(read: Reading, patient_id: PatientId) -> Identity:
    wanted = select(
        Patient.family_name, Patient.given_name, Patient.file_number, Patient.born_on, Patient.sex_at_ramq
    ).where(Patient.id == patient_id)
    row = read.execute(wanted).first()
    if row is None:
        raise NotFound(N_("patient"), patient_id)
    name = "^".join(part.replace("^", " ").replace("=", " ").replace("\\", " ") for part in row[:2])
    sex = row.sex_at_ramq.value if row.sex_at_ramq else "O"
    return Identity(patient_id, name, row.file_number, row.born_on, sex)


@dataclass(slots=True)
class _Import:
    """One import while it runs."""

    runner: Runner
    group: Group
    limits: Limits
    identity: Identity
    patient_id: PatientId | None
    progress: Progress | None
    control: ImportControl
    taken_on: Mapping[Path, date]
    total: int = 0
    cancelled: bool = False
    reports: dict[int, FileReport] = field(default_factory=dict)
    waiting: list[Found] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    missing: list[FileReport] = field(default_factory=list)
    erased: set[str] = field(default_factory=set)
    queue: deque[Source] = field(default_factory=deque)
    listed: set[Path] = field(default_factory=set)
    committed_at: float = 0.0

    def run(self, paths: Sequence[Path], received: Mapping[Path, str]) -> ImportReport:
        found, unlisted = sources.listed(paths, self.limits)
        first = len(found) + len(unlisted)
        found += [Source(first + place, path, received=name) for place, (path, name) in enumerate(received.items())]
        self.queue = deque(found)
        self.listed = {source.path.resolve() for source in found}
        self.total = len(found) + len(unlisted)
        self.committed_at = time.monotonic()
        for item in unlisted:
            self._note(item)
        for result in self._results():
            self._note(result)
            if len(self.waiting) >= BATCH or time.monotonic() - self.committed_at > COMMIT_SECONDS:
                self._commit()
        self._commit()
        drop_unnamed(self.runner, self.erased)
        return self._report()

    def _task(self, source: Source) -> Task:
        owner = self.patient_id or self.group.id
        today = self.taken_on.get(source.path) or self.runner.clock.today()
        return Task(source, self.runner.files, self.limits, today, self.identity, owner)

    def _results(self) -> Iterator[Read]:
        """What the workers read, in the order of the files."""
        running: deque[tuple[Source, Future[Read]]] = deque()
        while self.queue or running:
            while self.queue and len(running) < AHEAD * workers.worker_count() and self._may_read(bool(running)):
                source = self.queue.popleft()
                running.append((source, workers.submit(read_source, self._task(source))))
            if not running:  # paused and resumed at once, or cancelled while nothing was being read
                continue
            source, future = running.popleft()
            yield self._result(source, future)
            if self.cancelled:
                self.queue.clear()
                running = deque(item for item in running if not item[1].cancel())

    def _may_read(self, others_running: bool) -> bool:
        """Whether a further file may be read; when paused and nothing is being read, commit and wait until it may."""
        if self.control.state is ImportState.PAUSED and not others_running:
            self._commit()
            self.control.wait()
        if self.control.state is ImportState.CANCELLED:
            self.cancelled = True
            self.queue.clear()
        return self.control.state is ImportState.RUNNING

    def _result(self, source: Source, future: Future[Read]) -> Read:
        """Wait for one file. When a worker dies, nobody knows over which file: each is then read alone, once more."""
        for attempt in (future, None):
            waited = attempt or workers.submit(read_source, self._task(source))
            try:
                return waited.result(self.limits.seconds)
            except (BrokenProcessPool, CancelledError):
                continue
            except TimeoutError:
                workers.restart()
                return Refused(source.number, source.name, Reason.TOO_LONG, {"limit": self.limits.seconds})
            except Exception as error:  # a bug of ours over one file; its text may name a patient, its type does not
                _log.warning("reading a file failed: %s", type(error).__name__)
                break
        return Refused(source.number, source.name, Reason.DECODER_FAILED)

    def _note(self, result: Read) -> None:
        if isinstance(result, Found):
            self.waiting.append(result)
        elif isinstance(result, Refused):
            self._refuse(result)
        else:
            self.reports[result.source_number] = FileReport(result.name, Outcome.DIRECTORY)
            self._follow(result)
        if self.progress is not None:
            done = len(self.reports) + len(self.waiting)
            self.cancelled = self.progress(done, self.total, result.name) is False or self.cancelled

    def _refuse(self, item: Refused) -> None:
        self.refused.append(item)
        sentence = translate(REASON_SENTENCES[item.reason], **item.details)
        self.reports[item.source_number] = FileReport(
            item.name, Outcome.REFUSED, item.reason, sentence, details=dict(item.details)
        )

    def _follow(self, index: Index) -> None:
        """Add the files that a DICOMDIR on disk names and that were not given; report those that are missing."""
        folder = index.folder
        if folder is None:
            return
        for relative in index.files:
            path = sources.below(folder, relative.split("/"))
            if path is None:
                sentence = translate(REASON_SENTENCES[Reason.MEDIA_MISSING])
                self.missing.append(FileReport(relative, Outcome.MISSING, Reason.MEDIA_MISSING, sentence))
            elif path.resolve() not in self.listed:
                self.listed.add(path.resolve())
                self.queue.append(Source(self.total, path))
                self.total += 1

    def _commit(self) -> None:
        """Give the sealed files their rows."""
        self.committed_at = time.monotonic()
        found, self.waiting = self.waiting, []
        refused, self.refused = self.refused, []
        try:
            if found:
                self.runner.files.finish([one for item in found for one in item.unfinished])
                taken = self.group.run(take_in_images, found, self.patient_id)
                for item, one in zip(found, taken, strict=True):
                    self.reports[item.source_number] = self._file_report(item, one)
                self._meet_again(taken)
            if refused:
                self.group.run(set_files_aside, refused)
        except NoRoom:
            self._stop_at_full_disk(found)
        except OSError as error:
            if sources.refused_by_system(error).reason is not Reason.DISK_FULL:
                raise
            self._stop_at_full_disk(found)

    def _meet_again(self, taken: Sequence[Taken]) -> None:
        """Bring back what had been withdrawn, and put into the chart the studies that had no patient."""
        back = [one.instance_id for one in taken if one.outcome is Outcome.RESTORED and one.instance_id]
        if back:
            self.group.run(bring_back_images, list(dict.fromkeys(back)))
        studies = [one.study_id for one in taken if one.outcome is not Outcome.REFUSED and one.study_id]
        if studies and self.patient_id is not None:
            self.group.run(put_studies_into_chart, list(dict.fromkeys(studies)), self.patient_id)

    def _stop_at_full_disk(self, found: Sequence[Found]) -> None:
        """Report what has no row; where no row can be written, reading on would only seal orphans."""
        self.cancelled = True
        sentence = translate(REASON_SENTENCES[Reason.DISK_FULL])
        for item in found:
            for one in item.unfinished:
                one.temporary.unlink(missing_ok=True)
            full = FileReport(item.name, Outcome.REFUSED, Reason.DISK_FULL, sentence)
            self.reports.setdefault(item.source_number, full)

    def _file_report(self, item: Found, taken: Taken) -> FileReport:
        if taken.reason is Reason.ERASED:
            self.erased |= {item.sha256, *(made.sha256 for made in item.renditions), *filter(None, [item.dicom_sha256])}
        return FileReport(
            item.name,
            taken.outcome,
            taken.reason,
            translate(REASON_SENTENCES[taken.reason]) if taken.reason else "",
            item.instance.sop_instance_uid,
            taken.instance_id,
            taken.study_id,
            shown=bool(item.renditions),
        )

    def _report(self) -> ImportReport:
        files = (*(self.reports[number] for number in sorted(self.reports)), *self.missing)
        counts: dict[Any, int] = {outcome: sum(item.outcome is outcome for item in files) for outcome in Outcome}
        studies = dict.fromkeys(
            item.study_id for item in files if item.study_id is not None and item.outcome is not Outcome.REFUSED
        )
        return ImportReport(
            total=self.total,
            imported=counts[Outcome.IMPORTED],
            already=counts[Outcome.ALREADY],
            restored=counts[Outcome.RESTORED],
            refused=counts[Outcome.REFUSED],
            directories=counts[Outcome.DIRECTORY],
            missing=counts[Outcome.MISSING],
            cancelled=self.cancelled,
            group_id=self.group.id,
            studies=tuple(studies),
            files=files,
        )

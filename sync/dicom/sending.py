"""Sending to archives: a queue for each, on the disk; what fails is tried again, given up, or waits for the archive.

One thread looks for what is due; each archive has up to so many associations of its own, so that a slow or dead one
holds up nobody. An image may be sent twice (a crash between the answer and its row): archives take it for the same.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from pydicom.dataset import Dataset

from app.archives.commands import note_answer, note_sent
from app.archives.queries import ArchiveLine, DueTransfer, archives, due_transfers
from app.archives.sending import Answered, Sent, route_images
from app.archives.settings import CALLING_AE_TITLE
from app.archives.vocabulary import OF_THE_ARCHIVE, ArchiveKind, Failure, TransferState, Verification
from app.core.errors import ClinicError
from app.gateway.searching import FoundInstance, instances_of
from app.gateway.settings import GATEWAY_AE_TITLE
from app.imaging.vocabulary import InstanceId
from app.journal.queries import SYSTEM
from app.journal.runner import Runner
from sync.dicom import certificates
from sync.dicom.asking import Unanswered, instances_there, opened
from sync.dicom.calling import Parcel, Target
from sync.dicom.commitment import Commitments
from sync.dicom.late_routes import LateRoutes
from sync.dicom.logs import LOGGER
from sync.dicom.retrieving import contexts_for, dicom_of, parcel_of
from sync.dicom.web import web_archive

LOOK_SECONDS: Final = 0.5
BATCH: Final = 60
NOTE_EVERY: Final = 20
VERIFY_AGAIN: Final = timedelta(seconds=10)
_log = logging.getLogger(LOGGER)


def target_of(runner: Runner, folder: Path, archive: ArchiveLine) -> Target:
    """Where and as whom an archive is called."""
    calling = runner.setting(SYSTEM, CALLING_AE_TITLE) or runner.setting(SYSTEM, GATEWAY_AE_TITLE)
    tls = certificates.calling(folder) if archive.tls else None
    if archive.tls and tls is None:
        raise Unanswered(Failure.REJECTED)
    return Target(archive.host or "", archive.port or 0, archive.ae_title or "", calling, tls)


def failure_of(status: Dataset) -> tuple[Failure | None, int | None]:
    """What the answer to a C-STORE means (PS3.4 table B.2-1): None is success, warnings included."""
    code = status.get("Status")
    if code is None:
        return Failure.TRANSPORT, None
    if code == 0x0000 or 0xB000 <= code <= 0xBFFF:
        return None, code
    if 0xA700 <= code <= 0xA7FF:
        return Failure.RESOURCES, code
    if code == 0x0122:
        return Failure.NOT_SUPPORTED, code
    return (Failure.REJECTED if code == 0x0124 else Failure.NOT_UNDERSTOOD), code


@dataclass(slots=True)
class _Batch:
    """Images for one association."""

    archive: ArchiveLine
    due: list[DueTransfer]
    found: dict[str, FoundInstance]


class Senders:
    """The threads that empty the queues of archives."""

    def __init__(self, runner: Runner, folder: Path, may_sweep: Callable[[], bool] = lambda: True) -> None:
        self._runner, self._folder, self._may_sweep = runner, folder, may_sweep
        self._late = LateRoutes(runner, self.route)
        self.commitments = Commitments(self._note)
        self._stop, self._wake = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._look, name="dicom-queues", daemon=True)
        self._pool = ThreadPoolExecutor(16, "dicom-send")
        self._running: dict[str, list[Future[None]]] = {}
        self._under_way: set[str] = set()
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begin, with what an earlier run left."""
        self._thread.start()

    def stop(self) -> None:
        """Let what is being sent be answered, then end."""
        self._stop.set()
        self._wake.set()
        self._thread.join(30)
        self._late.close()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def route(self, instance_ids: Sequence[InstanceId]) -> None:
        """Decide where new images go, and look at the queues at once."""
        for start in range(0, len(instance_ids), 60):
            self._runner.run(SYSTEM, route_images, list(instance_ids[start : start + 60]))
        self._wake.set()

    def _look(self) -> None:
        while not self._stop.is_set():
            try:
                if self._may_sweep():
                    self._late.sweep()
                for archive in self._runner.ask(SYSTEM, archives):
                    self._serve(archive)
            except (ClinicError, OSError) as error:
                _log.warning("queues not read", extra={"kind": type(error).__name__})
            self._wake.wait(LOOK_SECONDS)
            self._wake.clear()

    def _serve(self, archive: ArchiveLine) -> None:
        """Start as many associations as there is work and room for."""
        running = [item for item in self._running.get(archive.archive_id, ()) if not item.done()]
        self._running[archive.archive_id] = running
        resting = archive.resting_until is not None and archive.resting_until > self._runner.clock.now()
        idle = not (archive.waiting or archive.sent)
        if not archive.enabled or resting or idle:
            return
        room = 1 if archive.failure is not None else archive.associations  # after a failure, one feels its way
        while len(running) < room and not self._stop.is_set():
            batch = self._batch(archive, room)
            if batch is None:
                return
            running.append(self._pool.submit(self._work, batch))

    def _batch(self, archive: ArchiveLine, room: int) -> _Batch | None:
        with self._lock:
            known = set(self._under_way)
        for state in (TransferState.WAITING, TransferState.SENT):
            due = self._runner.ask(SYSTEM, due_transfers, archive.archive_id, state, BATCH * (room + 1))
            fresh = [item for item in due if item.transfer_id not in known]
            if state is TransferState.SENT:
                fresh = [item for item in fresh if self._may_be_asked(item)]
            if fresh:
                share = max(1, min(BATCH, -(-len(fresh) // room)))
                return self._taken(archive, fresh[:share])
        return None

    def _may_be_asked(self, item: DueTransfer) -> bool:
        return item.verification is not Verification.NONE and not self.commitments.is_asked(item.transfer_id)

    def _taken(self, archive: ArchiveLine, due: list[DueTransfer]) -> _Batch:
        with self._lock:
            self._under_way |= {item.transfer_id for item in due}
        with self._runner.read(SYSTEM) as read:
            found = instances_of(read, [item.instance_id for item in due])
        return _Batch(archive, due, {one.instance_id: one for one in found})

    def _work(self, batch: _Batch) -> None:
        try:
            self._send(batch) if batch.due[0].state is TransferState.WAITING else self._verify(batch, batch.due)
        except Unanswered as error:
            self._answer(batch.archive, error.failure)
            if error.failure not in OF_THE_ARCHIVE:
                self._note([Sent(one.transfer_id, one.state, error.failure, error.status) for one in batch.due])
        except Exception as error:  # of the one batch: the others go on, and it is taken up again
            _log.warning("sending stopped", extra={"kind": type(error).__name__})
        finally:
            with self._lock:
                self._under_way -= {item.transfer_id for item in batch.due}

    def _send(self, batch: _Batch) -> None:
        present = [item for item in batch.due if item.instance_id in batch.found]
        gone = [item for item in batch.due if item.instance_id not in batch.found]
        self._note([Sent(item.transfer_id, TransferState.DEAD, Failure.UNREADABLE) for item in gone])
        if not present:
            return
        if batch.archive.kind is ArchiveKind.DICOMWEB:
            self._send_by_web(batch, present)
            return
        target = target_of(self._runner, self._folder, batch.archive)
        assoc = opened(target, contexts_for([batch.found[item.instance_id] for item in present]))
        sent: list[Sent] = []
        try:
            for item in present:
                if self._stop.is_set():
                    break
                one = self._one(assoc, item, batch.archive.ae_title or "")
                if one.failure is Failure.TRANSPORT:
                    raise Unanswered(Failure.TRANSPORT)
                sent.append(one)
                if len(sent) % NOTE_EVERY == 0:
                    self._note(sent[-NOTE_EVERY:])
        finally:
            if assoc.is_established:
                assoc.release()
            left = len(sent) % NOTE_EVERY
            self._note(sent[-left:] if left else [])
        self._answer(batch.archive, None)
        done = {item.transfer_id for item in sent if item.failure is None}
        asked = [item for item in present if item.transfer_id in done and item.verification is not Verification.NONE]
        if asked:
            self._verify(batch, asked)

    def _one(self, assoc: Any, item: DueTransfer, destination: str) -> Sent:
        try:
            parcel: Parcel = parcel_of(self._runner, item.instance_id, destination)
        except (ClinicError, ValueError, OSError):
            return Sent(item.transfer_id, TransferState.WAITING, Failure.UNREADABLE)
        try:
            failure, status = failure_of(assoc.send_c_store(parcel))
        except ValueError:  # no context for its class or its transfer syntax
            return Sent(item.transfer_id, TransferState.WAITING, Failure.NOT_SUPPORTED)
        except RuntimeError:
            return Sent(item.transfer_id, TransferState.WAITING, Failure.TRANSPORT)
        return _sent(item, failure, status)

    def _send_by_web(self, batch: _Batch, present: Sequence[DueTransfer]) -> None:
        """STOW-RS, one object a message: what came of each is told apart."""
        with web_archive(self._folder, batch.archive) as archive:
            for item in present:
                if self._stop.is_set():
                    break
                try:
                    dicom = dicom_of(self._runner, item.instance_id, batch.archive.name)
                except (ClinicError, ValueError, OSError):
                    self._note([Sent(item.transfer_id, TransferState.DEAD, Failure.UNREADABLE)])
                    continue
                failure, status = archive.store(batch.found[item.instance_id].sop_instance_uid, dicom)
                if failure in OF_THE_ARCHIVE:
                    raise Unanswered(failure, status)
                self._note([_sent(item, failure, status)])
        self._answer(batch.archive, None)

    def _verify(self, batch: _Batch, due: Sequence[DueTransfer]) -> None:
        """Ask for what was sent. What is not there is sent again: “success” alone proves little."""
        wanted = [item for item in due if item.instance_id in batch.found]
        if batch.archive.kind is not ArchiveKind.DICOMWEB:
            wanted = self._commit(batch, wanted)
        if not wanted:
            return
        there = self._there(batch.archive, [batch.found[item.instance_id].study_instance_uid for item in wanted])
        made = []
        for item in wanted:
            is_there = batch.found[item.instance_id].sop_instance_uid in there
            state = TransferState.VERIFIED if is_there else TransferState.WAITING
            made.append(Sent(item.transfer_id, state, None if is_there else Failure.UNVERIFIED, 0))
        self._note(made)
        self._answer(batch.archive, None)

    def _commit(self, batch: _Batch, due: Sequence[DueTransfer]) -> list[DueTransfer]:
        """Ask the archive to answer for what was sent to it so; returns what is verified otherwise."""
        asked = {
            item.transfer_id: batch.found[item.instance_id]
            for item in due
            if item.verification is Verification.COMMITMENT
        }
        if asked:
            self.commitments.ask(target_of(self._runner, self._folder, batch.archive), asked)
            self._answer(batch.archive, None)
        return [item for item in due if item.transfer_id not in asked]

    def _there(self, archive: ArchiveLine, studies: Sequence[str]) -> set[str]:
        if archive.kind is not ArchiveKind.DICOMWEB:
            return instances_there(target_of(self._runner, self._folder, archive), studies)
        with web_archive(self._folder, archive) as there:
            return there.instances_there(studies)

    def _note(self, sent: list[Sent]) -> None:
        if sent:
            self._runner.run(SYSTEM, note_sent, [replace(item) for item in sent])

    def _answer(self, archive: ArchiveLine, failure: Failure | None) -> None:
        if failure is not None or archive.failure is not None or archive.answered_at is None:
            self._runner.run(SYSTEM, note_answer, Answered(archive.archive_id, failure))
        if failure is not None:
            _log.warning("archive does not take", extra={"kind": failure.value})


def _sent(item: DueTransfer, failure: Failure | None, status: int | None) -> Sent:
    """What came of one object: believed at once, or to be asked for."""
    believed = item.verification is Verification.NONE
    state = TransferState.VERIFIED if believed else TransferState.SENT
    return Sent(item.transfer_id, state if failure is None else TransferState.WAITING, failure, status)

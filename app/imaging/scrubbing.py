"""Bit rot: sealed files are read again in full, in turn, and what is no longer what was written is reported.

A run has a budget of time and of bytes. It begins with the files that were never read again, then goes by the oldest
reading, so that the next run goes on where this one stopped, whatever stopped it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from app.core.errors import IntegrityFailure, NotFound
from app.core.i18n import N_
from app.core.ids import PatientId
from app.imaging.events import SealedFileFailed
from app.imaging.model import Instance, Rendition, SealedCheck, Study
from app.imaging.permissions import EMPTY_QUARANTINE, VIEW_IMAGES
from app.imaging.sweeping import named_files
from app.imaging.vocabulary import Fault, InstanceId, StudyId
from app.journal.commands import command, query
from app.journal.copies import must_be_here
from app.journal.queries import SYSTEM, Actor, Reading
from app.journal.transaction import Transaction

if TYPE_CHECKING:
    from app.core.sealed import SealedStore
    from app.journal.runner import Runner

NOTED: Final = 50
"""Files whose checks are written in one go."""
_PIECE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Checked:
    """One sealed file that was read again."""

    sha256: str
    size_bytes: int | None
    fault: Fault | None


@dataclass(frozen=True, slots=True)
class ScrubReport:
    """What a run did; `left` files wait for the next ones. `faults` are those that were found in this run."""

    checked: int
    size_bytes: int
    seconds: float
    left: int
    faults: tuple[Checked, ...]


@dataclass(frozen=True, slots=True)
class FaultLine:
    """A sealed file that is damaged or gone, and the image whose it is; it is listed until it is sound again."""

    sha256: str
    fault: Fault
    found_at: datetime
    instance_id: InstanceId | None
    study_id: StudyId | None
    patient_id: PatientId | None


@dataclass(frozen=True, slots=True)
class ScrubState:
    """How far the scrub of this workstation is. `oldest` is when the file that waits longest was read last."""

    files: int
    never: int
    oldest: datetime | None
    damaged: int


@command(permission=EMPTY_QUARANTINE, label=N_("Note the sealed files that were read again"), hidden=True)
def note_sealed_checks(tx: Transaction, checks: list[Checked]) -> None:
    """Note on this workstation when sealed files were read again, and announce those that are newly damaged."""
    for one in checks:
        row = tx.find(SealedCheck, one.sha256) or tx.add(SealedCheck(id=one.sha256, checked_at=tx.now))
        fresh = one.fault is not None and row.fault is None
        row.checked_at, row.size_bytes = tx.now, one.size_bytes
        row.fault = one.fault
        row.found_at = None if one.fault is None else row.found_at or tx.now
        tx.touch_local(SealedCheck, one.sha256)
        if fresh and one.fault is not None:
            _announce(tx, one.sha256, one.fault)


def _announce(tx: Transaction, sha256: str, fault: Fault) -> None:
    wanted = select(Instance.study_id, Study.patient_id).join(Study, Study.id == Instance.study_id)
    for row in tx.session.execute(wanted.where((Instance.sha256 == sha256) | (Instance.dicom_sha256 == sha256))):
        tx.record(SealedFileFailed(sha256, fault, row.study_id, row.patient_id))


@query(permission=VIEW_IMAGES, label=N_("Damaged files"))
def damaged_files(read: Reading) -> tuple[FaultLine, ...]:
    """Sealed files of images that are damaged or gone on this workstation, newest finding first."""
    wanted = (
        select(
            SealedCheck.id, SealedCheck.fault, SealedCheck.found_at, Instance.id.label("instance_id"),
            Instance.study_id, Study.patient_id,
        )
        .outerjoin(Instance, (Instance.sha256 == SealedCheck.id) | (Instance.dicom_sha256 == SealedCheck.id))
        .outerjoin(Study, Study.id == Instance.study_id)
        .where(SealedCheck.fault.is_not(None))
        .order_by(SealedCheck.found_at.desc(), SealedCheck.id)
    )  # fmt: skip
    return tuple(FaultLine(*tuple(row)) for row in read.execute(wanted))


@query(permission=VIEW_IMAGES, label=N_("State of the check of sealed files"))
def scrub_state(read: Reading) -> ScrubState:
    """How many sealed files there are, and how far reading them again has come."""
    named = named_files(read)
    rows = read.execute(select(SealedCheck.id, SealedCheck.checked_at)).all()
    known = {row.id: row.checked_at for row in rows if row.id in named}
    damaged = read.execute(select(func.count()).where(SealedCheck.fault.is_not(None))).scalar_one()
    return ScrubState(len(named), len(named) - len(known), min(known.values(), default=None), int(damaged))


def scrub(runner: Runner, actor: Actor = SYSTEM, *, seconds: float, size_bytes: int) -> ScrubReport:
    """Read sealed files again until the budget is used up; at least one file is read.

    A damaged or missing rendition is dropped, to be made again, and is no fault. Raises `PermissionDenied`.
    """
    begun, total, done = time.monotonic(), 0, 0
    waiting = _in_turn(runner)
    faults: list[Checked] = []
    noted: list[Checked] = []
    for sha256 in waiting:
        if done and (time.monotonic() - begun >= seconds or total >= size_bytes):
            break
        one = check(runner.files, sha256)
        if one.fault is not None and _drop_rendition(runner, sha256):
            one = Checked(sha256, None, None)
        done, total = done + 1, total + (one.size_bytes or 0)
        noted.append(one)
        if one.fault is not None:
            faults.append(one)
        if len(noted) >= NOTED:
            runner.run(actor, note_sealed_checks, noted)
            noted = []
    if noted:
        runner.run(actor, note_sealed_checks, noted)
    return ScrubReport(done, total, time.monotonic() - begun, len(waiting) - done, tuple(faults))


def _in_turn(runner: Runner) -> Sequence[str]:
    """Every sealed file that a row names: those never read again first, then by the oldest reading.

    What is rightly on another machine is not missing here.
    """
    with runner.read(SYSTEM) as read:
        checked = {row[0]: row[1] for row in read.sql("SELECT id, checked_at FROM sealed_check")}
        needed = must_be_here(read.connection.connection.driver_connection)
        found = (name for name in named_files(read) if needed(name) or runner.files.exists(name))
        return sorted(found, key=lambda name: (checked.get(name, 0), name))


def check(store: SealedStore, sha256: str) -> Checked:
    """Read a sealed file in full and compare it with its name."""
    import hashlib

    digest, size = hashlib.sha256(), 0
    try:
        for piece in _pieces(store, sha256):
            digest.update(piece)
            size += len(piece)
    except NotFound:
        return Checked(sha256, None, Fault.MISSING)
    except IntegrityFailure:
        return Checked(sha256, size, Fault.DAMAGED)
    except OSError:
        return Checked(sha256, size, Fault.UNREADABLE)
    return Checked(sha256, size, None if digest.hexdigest() == sha256 else Fault.DAMAGED)


def _pieces(store: SealedStore, sha256: str) -> Iterator[bytes]:
    with store.open(sha256) as opened:
        while piece := opened.read(_PIECE):
            yield piece


def _drop_rendition(runner: Runner, sha256: str) -> bool:
    """Whether only renditions use this file; it is then removed, and made again when somebody looks."""
    with runner.read(SYSTEM) as read:
        used = read.execute(select(Rendition.id).where(Rendition.sha256 == sha256)).first()
        kept = read.execute(
            select(Instance.id).where((Instance.sha256 == sha256) | (Instance.dicom_sha256 == sha256))
        ).first()
    if used is None or kept is not None:
        return False
    runner.run(SYSTEM, forget_renditions, sha256)
    runner.files.remove(sha256)
    return True


@command(permission=EMPTY_QUARANTINE, label=N_("Forget a rendition"), hidden=True)
def forget_renditions(tx: Transaction, sha256: str) -> None:
    """Forget renditions whose file is damaged. They are made again when somebody looks."""
    for row in tx.all(select(Rendition).where(Rendition.sha256 == sha256)):
        tx.touch_local(Rendition, row.id)
        tx.session.delete(row)

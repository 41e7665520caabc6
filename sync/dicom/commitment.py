"""Storage commitment as user (PS3.4 §J): an archive is asked to answer for what it was given, and says so later.

The answer comes over the same connection or over one of the archive’s own, seconds or hours afterwards. What was asked
is kept in memory: after a restart it is asked again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pydicom.dataset import Dataset
from pydicom.uid import generate_uid
from pynetdicom import build_context, evt

from app.archives.sending import Sent
from app.archives.vocabulary import Failure, TransferId, TransferState
from app.gateway.searching import FoundInstance
from app.gateway.vocabulary import PeerRight
from sync.dicom.asking import SYNTAXES, Unanswered, opened
from sync.dicom.calling import Target
from sync.dicom.contexts import COMMITMENT
from sync.dicom.storing import NOT_AUTHORISED

WELL_KNOWN: Final = "1.2.840.10008.1.20.1.1"
"""The one SOP instance of the push model (PS3.4 §J.3.5)."""
SAME_LINE_SECONDS: Final = 5.0
"""How long the connection stays open for an answer over it."""
ASK_AGAIN_SECONDS: Final = 600.0
INVALID_VALUE, UNKNOWN = 0x0106, 0x0112


@dataclass(slots=True)
class _Asked:
    """One transaction: the objects by their SOP Instance UIDs."""

    transfers: Mapping[str, TransferId]
    at: float = field(default_factory=time.monotonic)
    done: threading.Event = field(default_factory=threading.Event)


class Commitments:
    """What was asked and is not answered yet. `note` is told what an archive answers for, and what it does not."""

    def __init__(self, note: Callable[[list[Sent]], None]) -> None:
        self._note = note
        self._lock = threading.Lock()
        self._asked: dict[str, _Asked] = {}

    def is_asked(self, transfer_id: TransferId) -> bool:
        """Whether an answer for it may still come."""
        with self._lock:
            return any(transfer_id in asked.transfers.values() for asked in self._asked.values() if _is_young(asked))

    def ask(self, target: Target, found: Mapping[TransferId, FoundInstance]) -> None:
        """Ask an archive to answer for these objects. Raises `Unanswered`."""
        transaction = str(generate_uid(prefix=None))
        asked = _Asked({item.sop_instance_uid: key for key, item in found.items()})
        with self._lock:
            self._asked = {uid: one for uid, one in self._asked.items() if _is_young(one)} | {transaction: asked}
        assoc = opened(
            target, [build_context(COMMITMENT, list(SYNTAXES))], handlers=[(evt.EVT_N_EVENT_REPORT, self._reported)]
        )
        try:
            status, _reply = assoc.send_n_action(_request(transaction, list(found.values())), 1, COMMITMENT, WELL_KNOWN)
            if status.get("Status") != 0x0000:
                self._forget(transaction)
                raise Unanswered(Failure.NOT_SUPPORTED, status.get("Status"))
            asked.done.wait(SAME_LINE_SECONDS)
        except (ValueError, RuntimeError) as error:
            self._forget(transaction)
            raise Unanswered(Failure.NOT_SUPPORTED) from error
        finally:
            if assoc.is_established:
                assoc.release()

    def _forget(self, transaction: str) -> None:
        with self._lock:
            self._asked.pop(transaction, None)

    def answer(self, event: Any) -> tuple[int, Dataset | None]:
        """N-EVENT-REPORT over a connection of the archive’s own; only who may answer is listened to."""
        peer = event.assoc.visit.peer
        if peer is None or PeerRight.COMMIT not in peer.rights:
            return NOT_AUTHORISED, None
        return self._reported(event)

    def _reported(self, event: Any) -> tuple[int, Dataset | None]:
        try:
            said = event.event_information
            transaction = str(said.TransactionUID)
            kept = {str(item.ReferencedSOPInstanceUID) for item in said.get("ReferencedSOPSequence") or ()}
            lost = {str(item.ReferencedSOPInstanceUID) for item in said.get("FailedSOPSequence") or ()}
        except Exception:  # what a hostile data set may raise while it is decoded is unbounded
            return INVALID_VALUE, None
        with self._lock:
            asked = self._asked.pop(transaction, None)
        if asked is None:
            return UNKNOWN, None
        self._note(_outcomes(asked.transfers, kept - lost, lost))
        asked.done.set()
        return 0x0000, None


def _is_young(asked: _Asked) -> bool:
    return time.monotonic() - asked.at < ASK_AGAIN_SECONDS


def _outcomes(transfers: Mapping[str, TransferId], kept: set[str], lost: set[str]) -> list[Sent]:
    """What it answers for is there; what it lost is sent again; what it does not speak of is asked for again."""
    there = [Sent(transfers[uid], TransferState.VERIFIED, None, 0) for uid in sorted(kept) if uid in transfers]
    gone = [
        Sent(transfers[uid], TransferState.WAITING, Failure.UNVERIFIED, 0) for uid in sorted(lost) if uid in transfers
    ]
    return [*there, *gone]


def _request(transaction: str, found: Sequence[FoundInstance]) -> Dataset:
    ds, items = Dataset(), []
    for one in found:
        item = Dataset()
        item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = one.sop_class_uid, one.sop_instance_uid
        items.append(item)
    ds.TransactionUID, ds.ReferencedSOPSequence = transaction, items
    return ds

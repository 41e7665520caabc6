"""C-MOVE and C-GET as provider (PS3.4 §C.4.2, §C.4.3): the objects as they are kept."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Any, Final

from pydicom.dataset import Dataset
from pydicom.uid import UID
from pynetdicom import build_context
from pynetdicom.presentation import PresentationContext

from app.core.errors import ClinicError
from app.gateway.searching import FoundInstance, find_instances
from app.gateway.vocabulary import PeerRight
from app.imaging.originals import dicom_bytes, fetch_files, stored_instance
from app.journal.queries import SYSTEM
from app.journal.runner import Runner
from sync.dicom.calling import Parcel
from sync.dicom.contexts import PLAIN
from sync.dicom.door import may
from sync.dicom.peers import Peer, peer_of
from sync.dicom.questions import narrow
from sync.dicom.storing import NOT_AUTHORISED

PENDING, CANCELLED, CANNOT_UNDERSTAND, FAILED = 0xFF00, 0xFE00, 0xC001, 0xC000
MOST_CONTEXTS: Final = 128


def answer_move(event: Any, runner: Runner) -> Iterator[Any]:
    """Send what is asked for to a device that we know by the destination's AE title; else 0xA801."""
    destination = str(event.move_destination or "").strip()
    target = peer_of(runner, destination)
    if not may(event, PeerRight.RETRIEVE) or target is None or not _is_one(target) or not target.port:
        yield None, None  # PS3.4 §C.4.2.1.5: move destination unknown
        return
    found = _wanted(event, runner)
    if found is None:
        yield (target.address, target.port)
        yield 1
        yield CANNOT_UNDERSTAND, None
        return
    yield (target.address, target.port, {"contexts": contexts_for(found)}) if found else (target.address, target.port)
    yield len(found)
    yield from _parcels(event, runner, found, destination)


def answer_get(event: Any, runner: Runner) -> Iterator[Any]:
    """Send what is asked for back over the same association."""
    found = _wanted(event, runner) if may(event, PeerRight.RETRIEVE) else None
    if found is None:
        yield 1
        yield (CANNOT_UNDERSTAND if may(event, PeerRight.RETRIEVE) else NOT_AUTHORISED), None
        return
    yield len(found)
    yield from _parcels(event, runner, found, event.assoc.visit.peer.ae_title)


def _is_one(peer: Peer) -> bool:
    """Whether the device has one address, not a network of them."""
    return peer.address is not None and ipaddress.ip_network(peer.address, strict=False).num_addresses == 1


def _wanted(event: Any, runner: Runner) -> list[FoundInstance] | None:
    """The objects of the unique keys of the identifier; None for one that cannot be read."""
    try:
        keys = narrow(event.identifier)
    except Exception:  # what a hostile identifier may raise while it is decoded is unbounded
        return None
    with runner.read(SYSTEM) as read:
        return find_instances(read, keys)


def contexts_for(found: list[FoundInstance]) -> list[PresentationContext]:
    """A context for each pair of class and transfer syntax, and the plain ones for whoever takes no other."""
    pairs: dict[tuple[str, str], None] = {}
    for one in found:
        pairs[(one.sop_class_uid, one.transfer_syntax_uid)] = None
    made = [build_context(sop_class, [syntax]) for sop_class, syntax in pairs]
    for sop_class in dict.fromkeys(pair[0] for pair in pairs):
        if not any(pair[0] == sop_class and pair[1] == PLAIN[0] for pair in pairs):
            made.append(build_context(sop_class, [UID(PLAIN[0])]))
    return made[:MOST_CONTEXTS]


def _parcels(event: Any, runner: Runner, found: list[FoundInstance], destination: str) -> Iterator[Any]:
    for one in found:
        if event.is_cancelled:
            yield CANCELLED, None
            return
        try:
            yield PENDING, parcel_of(runner, one.instance_id, destination)
        except (ClinicError, ValueError, OSError):
            missing = Dataset()
            missing.SOPInstanceUID = one.sop_instance_uid
            missing.SOPClassUID = one.sop_class_uid
            yield PENDING, missing  # counted as failed, and named in the list of those


def parcel_of(runner: Runner, instance_id: Any, destination: str) -> Parcel:
    """An object as it is kept, its leaving noted in the access log. Raises `ClinicError`, ValueError."""
    return Parcel.of(dicom_of(runner, instance_id, destination))


def dicom_of(runner: Runner, instance_id: Any, destination: str) -> bytes:
    """As `parcel_of`: the DICOM file itself."""
    with runner.read(SYSTEM) as read:
        stored = stored_instance(read, instance_id)
    fetch_files(runner.files, stored)
    content = dicom_bytes(runner.files, stored)
    runner.access(
        SYSTEM, "export", subject=stored.patient_id or stored.study_id, detail=f"image {instance_id} {destination}"
    )
    return content

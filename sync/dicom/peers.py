"""The devices as the gateway asks for them, once for each association."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.gateway.model import DicomPeer
from app.gateway.vocabulary import CharacterSet, PeerId, PeerRight
from app.journal.queries import SYSTEM
from app.journal.runner import Runner
from app.practice.model import Equipment
from app.practice.vocabulary import EquipmentId, EquipmentKind


@dataclass(frozen=True, slots=True)
class Peer:
    """One device that may call."""

    peer_id: PeerId
    ae_title: str
    address: str | None
    port: int | None
    rights: frozenset[PeerRight]
    tls_only: bool
    character_set: CharacterSet
    equipment_id: EquipmentId | None
    equipment_kind: EquipmentKind | None


def peer_of(runner: Runner, ae_title: str) -> Peer | None:
    """The device of an AE title; None when none is known."""
    columns = (
        DicomPeer.id, DicomPeer.ae_title, DicomPeer.address, DicomPeer.port, DicomPeer.rights, DicomPeer.tls_only,
        DicomPeer.character_set, DicomPeer.equipment_id, Equipment.kind,
    )  # fmt: skip
    wanted = (
        select(*columns)
        .outerjoin(Equipment, Equipment.id == DicomPeer.equipment_id)
        .where(DicomPeer.ae_title == ae_title, DicomPeer.withdrawn_at.is_(None))
        .order_by(DicomPeer.id)
        .limit(1)
    )
    with runner.read(SYSTEM) as read:
        row = read.execute(wanted).first()
    if row is None:
        return None
    key, title, address, port, rights, tls_only, characters, equipment_id, kind = tuple(row)
    return Peer(
        key, title, address, port, frozenset(map(PeerRight, rights or ())), tls_only, characters, equipment_id, kind
    )

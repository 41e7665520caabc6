"""The devices as the gateway asks for them, once for each association."""

from __future__ import annotations

import ipaddress
import threading
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from sqlalchemy import Select, select

from app.archives.model import VnaConfiguration
from app.gateway.model import DicomPeer
from app.gateway.vocabulary import CharacterSet, PeerId, PeerRight
from app.journal.changes import ChangeSet
from app.journal.queries import SYSTEM
from app.journal.runner import Runner
from app.practice.model import Equipment
from app.practice.vocabulary import EquipmentId, EquipmentKind

WATCHED: Final = frozenset({"dicom_peer", "equipment", "vna_configuration"})
OF_AN_ARCHIVE: Final = frozenset({PeerRight.ECHO, PeerRight.COMMIT})
"""What an archive may do that is no device too: answer for what it was given."""


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
    return _peers(runner).get(ae_title)


def _peers(runner: Runner) -> dict[str, Peer]:
    """All devices that may call, by their titles."""
    columns = (
        DicomPeer.id, DicomPeer.ae_title, DicomPeer.address, DicomPeer.port, DicomPeer.rights, DicomPeer.tls_only,
        DicomPeer.character_set, DicomPeer.equipment_id, Equipment.kind,
    )  # fmt: skip
    wanted = (
        select(*columns)
        .outerjoin(Equipment, Equipment.id == DicomPeer.equipment_id)
        .where(DicomPeer.withdrawn_at.is_(None))
        .order_by(DicomPeer.id.desc())  # of two with one title, which a merge may bring, the older counts
    )
    with runner.read(SYSTEM) as read:
        rows: list[Any] = list(read.execute(wanted))
        archives: list[Any] = list(read.execute(_archives()))
    found = {str(row[1]): _peer(*tuple(row)) for row in rows}
    for key, title, host in (tuple(row) for row in archives):
        known = found.get(title)
        found[title] = (
            replace(known, rights=known.rights | OF_AN_ARCHIVE)
            if known is not None
            else Peer(key, title, _address(host), None, OF_AN_ARCHIVE, False, CharacterSet.UTF_8, None, None)
        )
    return found


def _archives() -> Select[Any]:
    columns = (VnaConfiguration.id, VnaConfiguration.ae_title, VnaConfiguration.host)
    living = (VnaConfiguration.withdrawn_at.is_(None), VnaConfiguration.ae_title.is_not(None))
    return cast(Select[Any], select(*columns).where(*living))


def _address(host: str | None) -> str | None:
    """Where an archive calls from, when that is an address and no name."""
    try:
        return str(ipaddress.ip_address(host or ""))
    except ValueError:
        return None


def _peer(key: PeerId, title: str, address: str | None, port: int | None, rights: Any, *more: Any) -> Peer:
    return Peer(key, title, address, port, frozenset(map(PeerRight, rights or ())), *more)


class PeerBook:
    """The devices as they are now, read again when one changes: a caller is known without a look into the database.

    To open the database costs a tenth of a second in each new thread, and each association has its own.
    """

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._lock = threading.Lock()
        self._known: dict[str, Peer] | None = None
        self._stop = runner.subscribe(self._committed)

    def close(self) -> None:
        """Follow no more."""
        self._stop()

    def find(self, ae_title: str) -> Peer | None:
        """The device of an AE title; None when none is known."""
        with self._lock:
            if self._known is None:
                self._known = _peers(self._runner)
            return self._known.get(ae_title)

    def _committed(self, changes: ChangeSet) -> None:
        if changes.touches(WATCHED):
            with self._lock:
                self._known = None

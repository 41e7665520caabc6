"""Associations that we ask for, and objects that are sent as they are kept: encoded, never decoded on the way out.

pynetdicom takes an object apart and encodes it again to send it. A `Parcel` is sent byte for byte where the other side
takes its transfer syntax.
"""

from __future__ import annotations

import io
import itertools
import ssl
import struct
import time
from dataclasses import dataclass
from typing import Any, Final, cast

from pydicom.dataset import Dataset
from pydicom.filereader import read_partial
from pynetdicom import AE
from pynetdicom._globals import MODE_REQUESTOR
from pynetdicom.association import Association
from pynetdicom.presentation import PresentationContext
from pynetdicom.transport import AddressInformation

from sync.dicom.spooling import IMPLEMENTATION_NAME, IMPLEMENTATION_UID
from sync.dicom.waking import WakingLayer, make_waking, tell_of_messages
from sync.dicom.wire import MAXIMUM_PDU, CallingWire

_numbers = itertools.count(1)
CONNECT_SECONDS: Final = 5.0
ESTABLISHED: Final = "Sta6"
TOGETHER_BYTES: Final = 1 << 20
COMMAND, LAST = 0x01, 0x02


class Parcel(Dataset):
    """An object ready to be sent: its identifiers, and the data set as it is encoded."""

    encoded: bytes

    @classmethod
    def of(cls, dicom: bytes) -> Parcel:
        """Of a DICOM file (PS3.10). Raises ValueError for what is none."""
        source = io.BytesIO(dicom)
        try:
            head = read_partial(source, stop_when=lambda tag, vr, length: tag.group != 2, force=False)
            meta = head.file_meta
            made = cls()
            made.SOPClassUID, made.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
            made.file_meta = meta
            start = 144 + int(meta.FileMetaInformationGroupLength)
        except Exception as error:
            raise ValueError("not a DICOM file") from error
        object.__setattr__(made, "encoded", dicom[start:])
        return made

    @property
    def transfer_syntax(self) -> str:
        """How it is encoded."""
        return str(self.file_meta.TransferSyntaxUID)


class Sending(Association):
    """An association that sends parcels as they are."""

    layer = WakingLayer

    def __init__(self, entity: AE, mode: str) -> None:
        super().__init__(entity, mode)
        make_waking(self, self.layer(self))
        tell_of_messages(self)

    def send_c_store(
        self,
        dataset: Any,
        msg_id: int = 1,
        priority: int = 2,
        originator_aet: str | None = None,
        originator_id: int | None = None,
    ) -> Dataset:
        """Send an object; the answer's status, an empty data set when none came.

        Raises ValueError when the other side does not take the class or the transfer syntax, RuntimeError when the
        association is over.
        """
        if not isinstance(dataset, Parcel):
            return super().send_c_store(dataset, msg_id, priority, originator_aet, originator_id)
        if not self.is_established:
            raise RuntimeError("the association is over")
        context = self._get_valid_context(
            dataset.SOPClassUID, dataset.file_meta.TransferSyntaxUID, "scu", allow_conversion=False
        )
        command = _store_command(dataset, msg_id, priority, originator_aet, originator_id)
        self._reactor_checkpoint.clear()
        while not self._is_paused:
            time.sleep(0.0001)
        try:
            self._send_straight(int(cast(int, context.context_id)), command, dataset.encoded)
            _context, answer = self.dimse.get_msg(block=True)
        finally:
            self._reactor_checkpoint.set()
        return self._check_received_status(cast(Any, answer))

    def _send_straight(self, context_id: int, command: bytes, encoded: bytes) -> None:
        """A message as PDUs of one value each, past the queues of the library, which would copy it four times over."""
        room = (int(self.dimse.maximum_pdu_size) or MAXIMUM_PDU) - 6
        wire = self.dul.socket
        if wire is None or self.dul.state_machine.current_state != ESTABLISHED:
            raise RuntimeError("the association is over")
        held: list[bytes | memoryview] = [_pdus(command, context_id, room, COMMAND)]
        size = 0
        with memoryview(encoded) as view:
            for start in range(0, len(encoded), room):
                last = LAST if start + room >= len(encoded) else 0
                piece = view[start : start + room]
                held += [_head(len(piece), context_id, last), piece]
                size += len(piece)
                if size >= TOGETHER_BYTES:
                    wire.send(b"".join(held))
                    held, size = [], 0
            wire.send(b"".join(held))


def _head(length: int, context_id: int, flags: int) -> bytes:
    """Of a P-DATA-TF PDU with one value of so many bytes (PS3.8 §9.3.5)."""
    return struct.pack(">BBIIBB", 0x04, 0, length + 6, length + 2, context_id, flags)


def _pdus(content: bytes, context_id: int, room: int, kind: int) -> bytes:
    made = b""
    for start in range(0, len(content), room):
        piece = content[start : start + room]
        made += _head(len(piece), context_id, kind | (LAST if start + room >= len(content) else 0)) + piece
    return made


def _store_command(
    parcel: Parcel, msg_id: int, priority: int, originator_aet: str | None, originator_id: int | None
) -> bytes:
    """The command set of a C-STORE-RQ (PS3.7 table 9.3-1), always implicit and little."""

    def element(number: int, value: bytes) -> bytes:
        return struct.pack("<HHI", 0, number, len(value)) + value

    def uid(value: str) -> bytes:
        return value.encode() + b"\0" * (len(value) % 2)

    parts = element(0x0002, uid(str(parcel.SOPClassUID))) + element(0x0100, struct.pack("<H", 0x0001))
    parts += element(0x0110, struct.pack("<H", msg_id)) + element(0x0700, struct.pack("<H", priority))
    parts += element(0x0800, struct.pack("<H", 0x0001)) + element(0x1000, uid(str(parcel.SOPInstanceUID)))
    if originator_aet is not None and originator_id is not None:
        parts += element(0x1030, originator_aet.encode("ascii", "replace")[:16].ljust(16))
        parts += element(0x1031, struct.pack("<H", originator_id))
    return element(0x0000, struct.pack("<I", len(parts))) + parts


@dataclass(frozen=True, slots=True)
class Target:
    """Where and as whom to call. `patience` is the longest silence, in seconds."""

    host: str
    port: int
    called: str
    calling: str
    tls: ssl.SSLContext | None = None
    patience: float = 30.0


class Entity(AE):
    """An application entity whose own calls are without delay and send parcels."""

    def associate(self, *where: Any, **more: Any) -> Any:
        """Ask for an association, as the library does for a C-MOVE. `is_established` says whether it was granted."""
        target = Target(where[0], where[1], more["ae_title"], self.ae_title, more.get("tls"))
        return associate(target, more["contexts"], entity=self)


def associate(
    target: Target,
    contexts: list[PresentationContext],
    *,
    entity: AE | None = None,
    handlers: list[Any] | None = None,
    roles: list[Any] | None = None,
) -> Association:
    """Ask for an association. `is_established` says whether it was granted, `is_rejected` that we were turned away."""
    entity = entity or Entity(target.calling)
    assoc: Any = Sending(entity, MODE_REQUESTOR)
    assoc.name = f"RequestorThread@{next(_numbers)}"
    entity_patience = (target.patience, target.patience, target.patience)
    assoc.acse_timeout, assoc.dimse_timeout, assoc.network_timeout = entity_patience
    assoc.connection_timeout = CONNECT_SECONDS
    local, remote = AddressInformation("", 0), AddressInformation.from_addr_port(target.host, target.port)
    wire = CallingWire(assoc, address=local)
    wire.patience = target.patience
    if target.tls is not None:
        wire._tls_args = (target.tls, target.host)
    assoc.set_socket(wire)
    assoc.acceptor.ae_title, assoc.acceptor.address_info = target.called, remote
    assoc.requestor.address_info, assoc.requestor.ae_title = local, target.calling
    assoc.requestor.maximum_length = MAXIMUM_PDU
    assoc.requestor.implementation_class_uid = IMPLEMENTATION_UID
    assoc.requestor.implementation_version_name = IMPLEMENTATION_NAME
    for item in roles or ():
        assoc.requestor.add_negotiation_item(item)
    for number, context in enumerate(contexts):
        context.context_id = 2 * number + 1
    assoc.requestor.requested_contexts = contexts
    for handler in handlers or ():
        assoc.bind(*handler)
    assoc.request()
    if assoc.is_established:
        assoc.start()
    return cast(Association, assoc)

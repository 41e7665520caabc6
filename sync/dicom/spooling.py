"""Objects on their way in: written sealed while they arrive, never decoded, whole on the disk before they are answered.

pynetdicom collects a data set in memory, or in a plain file. Its DIMSE provider is replaced for each association by one
that gives a C-STORE request a sealed stream to write to; everything else that it collects is bounded.
"""

from __future__ import annotations

import errno
import re
import threading
import time
from collections.abc import Callable
from typing import Any, Final

from pydicom.dataset import FileMetaDataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_file_meta_info
from pydicom.uid import UID
from pynetdicom.dimse import DIMSEServiceProvider
from pynetdicom.dimse_messages import C_STORE_RQ
from pynetdicom.pdu_primitives import P_DATA

from app.core.sealed_stream import SealedStreamWriter
from app.imaging.found import uid_of
from app.imaging.receiving import ReceivedNote, Spool

IMPLEMENTATION_UID: Final = uid_of("Archwire", "gateway", "1")
IMPLEMENTATION_NAME: Final = "ARCHWIRE_1"
LONGEST_MESSAGE: Final = 1 << 20
"""Bytes of any message but a C-STORE request: a search or a step is a few kilobytes."""
OUT_OF_RESOURCES: Final = 0xA700
NOT_UNDERSTOOD: Final = 0xC000
INVALID_INSTANCE: Final = 0x0117
_UID: Final = re.compile(r"[0-9.]{1,64}")


def is_uid(value: object) -> bool:
    """Whether it can be an identifier at all (PS3.5 §9.1); real devices break its finer rules."""
    return isinstance(value, str) and _UID.fullmatch(value) is not None


def file_head(sop_class_uid: str, sop_instance_uid: str, transfer_syntax_uid: str) -> bytes:
    """Preamble and file meta information (PS3.10 §7.1): of the object alone, so that it is the same each time."""
    meta = FileMetaDataset()
    meta.FileMetaInformationVersion = b"\x00\x01"
    meta.MediaStorageSOPClassUID = UID(sop_class_uid)
    meta.MediaStorageSOPInstanceUID = UID(sop_instance_uid)
    meta.TransferSyntaxUID = UID(transfer_syntax_uid)
    meta.ImplementationClassUID = UID(IMPLEMENTATION_UID)
    meta.ImplementationVersionName = IMPLEMENTATION_NAME
    out = DicomBytesIO()
    out.write(b"\x00" * 128 + b"DICM")
    write_file_meta_info(out, meta, enforce_standard=True)
    return out.getvalue()


class Arriving:
    """One object on its way in. pynetdicom takes it for the file of the data set; `status` is what the sender is told.

    A fault while it arrives is kept until its end: the sender is answered, not cut off.
    """

    name = ""  # pynetdicom removes the file of this name when the object is answered

    def __init__(self, spool: Spool, longest: int) -> None:
        self.file = self
        self.status = 0x0000
        self.size = 0
        self._spool = spool
        self._longest = longest
        self._writer: SealedStreamWriter | None = None
        self._lock = threading.Lock()

    def begin(self, head: bytes) -> None:
        """Open the stream; a full disk is remembered."""
        try:
            self._writer = self._spool.begin()
        except OSError:
            self.status = OUT_OF_RESOURCES
        self.write(head)

    def refuse(self, status: int) -> None:
        """Take the bytes off the wire and keep none of them."""
        self.status = self.status or status
        self.discard()

    def write(self, piece: bytes) -> None:
        """What arrived next."""
        self.size += len(piece)
        if self.size > self._longest:
            self.refuse(OUT_OF_RESOURCES)
        with self._lock:
            if self._writer is None:
                return
            try:
                self._writer.write(piece)
                return
            except OSError:
                self.status = OUT_OF_RESOURCES
        self.discard()

    def flush(self) -> None:
        """Asked for after each piece; what counts is `finish`."""

    def close(self) -> None:
        """Asked for when it was answered."""

    def finish(self, note: ReceivedNote) -> int:
        """Make it whole and durable; returns the status of PS3.4 §B.2.3. Not 0: nothing of it is left."""
        with self._lock:
            writer, self._writer = self._writer, None
            if writer is None:
                return self.status or OUT_OF_RESOURCES
            try:
                self._spool.finish(writer, note)
                return 0x0000
            except OSError as error:
                writer.discard()
                return OUT_OF_RESOURCES if error.errno in {errno.ENOSPC, errno.EDQUOT} else NOT_UNDERSTOOD

    def discard(self) -> None:
        """Leave nothing behind of what is not whole."""
        with self._lock:
            writer, self._writer = self._writer, None
            if writer is not None:
                writer.discard()


class SpoolingProvider(DIMSEServiceProvider):
    """The DIMSE provider of one association that devices have asked for."""

    def __init__(self, assoc: Any, arrival: Callable[[], Arriving]) -> None:
        super().__init__(assoc)
        self._arrival = arrival
        self._arriving: Arriving | None = None
        self._ended = False
        self._held = 0

    def receive_primitive(self, primitive: P_DATA) -> None:
        """Take in a P-DATA PDU, one presentation data value after the other (PS3.8 §9.3.5.1)."""
        for context_id, value in primitive.presentation_data_value_list:
            if not value:
                continue
            message = self.message
            is_command = bool(value[0] & 1)
            if not is_command and isinstance(message, C_STORE_RQ):
                if message._data_set_file is None and not self._ended:
                    message._data_set_file = self._begin(message)
            else:
                self._held = len(value) + (self._held if message is not None else 0)
                if self._held > LONGEST_MESSAGE:
                    self.dul.event_queue.put("Evt19")
                    return
            one = P_DATA()
            one.presentation_data_value_list.append((context_id, value))
            try:
                super().receive_primitive(one)
            except Exception:  # what a hostile command may raise is unbounded; the peer is told that we abort
                self.dul.event_queue.put("Evt19")
                return

    def _begin(self, message: C_STORE_RQ) -> Any:
        self._arriving = arriving = self._arrival()
        command = message.command_set
        sop_class, instance = command.get("AffectedSOPClassUID"), command.get("AffectedSOPInstanceUID")
        context = self.assoc._accepted_cx.get(message.context_id or 0)
        if context is None or not is_uid(sop_class) or not is_uid(instance):
            arriving.refuse(INVALID_INSTANCE)
        elif context.abstract_syntax != sop_class:
            arriving.refuse(NOT_UNDERSTOOD)
        else:
            arriving.begin(file_head(str(sop_class), str(instance), str(context.transfer_syntax[0])))
        return arriving

    def end(self) -> None:
        """The association is over: what has not arrived whole goes."""
        self._ended = True
        if self._arriving is not None:
            self._arriving.discard()


def received_note(event: Any) -> ReceivedNote:
    """Who sent the object of a C-STORE event."""
    assoc, request = event.assoc, event.request
    return ReceivedNote(
        calling_ae=assoc.requestor.ae_title.strip(),
        called_ae=assoc.acceptor.ae_title.strip(),
        address=assoc.requestor.address_info.address,
        sop_class_uid=str(request.AffectedSOPClassUID),
        sop_instance_uid=str(request.AffectedSOPInstanceUID),
        transfer_syntax_uid=str(event.context.transfer_syntax),
        received_ms=time.time_ns() // 1_000_000,
    )

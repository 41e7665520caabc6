"""C-STORE and C-ECHO as provider (PS3.4 §A, §B)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Final

from app.gateway.vocabulary import PeerRight
from sync.dicom.door import may
from sync.dicom.logs import LOGGER, safe_title
from sync.dicom.spooling import NOT_UNDERSTOOD, OUT_OF_RESOURCES, Arriving, received_note

NOT_AUTHORISED: Final = 0x0124
_log = logging.getLogger(LOGGER)


def answer_echo(event: Any) -> int:
    """Say that we are here."""
    return 0x0000 if may(event, PeerRight.ECHO) else NOT_AUTHORISED


def answer_store(event: Any, arrived: Callable[[], None], full: Callable[[str, str], None]) -> int:
    """Success only when the object stands sealed on the disk; then it will be taken in, whatever happens."""
    arriving = event.request._dataset_file
    if not isinstance(arriving, Arriving):
        return NOT_UNDERSTOOD  # a request without a data set
    if not may(event, PeerRight.STORE):
        arriving.discard()
        return NOT_AUTHORISED
    note = received_note(event)
    status = arriving.finish(note)
    if status == 0x0000:
        event.assoc.visit.count += 1
        event.assoc.visit.size += arriving.size
        arrived()
    else:
        _log.warning("not stored", extra={"calling_ae": safe_title(note.calling_ae), "status": f"{status:04X}"})
        if status == OUT_OF_RESOURCES:
            full(safe_title(note.calling_ae), note.address)
    return status

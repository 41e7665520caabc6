"""Two images that say they are one: other pixels under one SOP Instance UID (PS3.3 C.12.1)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from app.imaging.model import Instance
from app.journal.detectors import Arrived, Finding, detector
from app.journal.queries import Reading

OTHER_PIXELS: Final = "other_pixels"


@detector(OTHER_PIXELS, of=(Instance,))
def other_pixels(read: Reading, arrived: Arrived) -> Iterable[Finding]:
    """The image that came first stands; the other stays sealed where it was taken in, named by the refused work."""
    here, sent = arrived.here.get("sha256"), arrived.after.get("sha256")
    if here and sent and here != sent:
        details = {
            "sop_instance_uid": arrived.here.get("sop_instance_uid"), "here": here, "sent": sent,
            "devices": [arrived.device], "actor": arrived.actor,
        }  # fmt: skip
        yield Finding(OTHER_PIXELS, "instance", arrived.key, arrived.subject, (arrived.key, here, sent), details)

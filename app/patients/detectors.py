"""Charts that two workstations merged apart: into different charts, or crosswise. Both merges stand, people decide."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from app.journal.detectors import Arrived, Finding, detector
from app.journal.queries import Reading
from app.patients.model import Patient

MERGED_TWICE: Final = "merged_twice"


@detector(MERGED_TWICE, of=(Patient,))
def merged_twice(read: Reading, arrived: Arrived) -> Iterable[Finding]:
    """A chart that somebody else has merged into another one, or whose kept chart was merged into it."""
    into = arrived.after.get("merged_into_id")
    if into is None or arrived.kind != "upd":
        return
    others = set()
    here = arrived.here.get("merged_into_id")
    if here not in (None, into, arrived.before.get("merged_into_id")):
        others.add(str(here))
    if read.sql("SELECT 1 FROM patient WHERE id = :it AND merged_into_id = :key", it=into, key=arrived.key):
        others.add(str(into))
    for other in sorted(others):
        details = {"into": into, "other": other, "devices": [arrived.device], "actor": arrived.actor}
        yield Finding(MERGED_TWICE, "patient", arrived.key, arrived.key, (arrived.key, str(into), other), details)

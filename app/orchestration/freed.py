"""When a patient left the chair, out of the events of the visit."""

from __future__ import annotations

from collections.abc import Iterable

from app.scheduling.fold import Happened
from app.scheduling.vocabulary import EventKind

LEAVES_CHAIR = frozenset({EventKind.OUT_DECK, EventKind.COMPLETED})


def freed_at(standing: Iterable[Happened]) -> int | None:
    """The minute of the first leaving after the last seating, since 1970; None while the patient sits or waits."""
    found: int | None = None
    for event in standing:
        if event.kind is EventKind.SEATED:
            found = None
        elif event.kind in LEAVES_CHAIR and found is None:
            found = int(event.at.timestamp()) // 60
    return found
